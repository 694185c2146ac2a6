"""Which addresses may be fetched: public ones, on every hop, whatever a name resolves to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from index.errors import WebError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[str], bool]
# From a host and port to the IP addresses to connect to.
Resolve = Callable[[str, int], list[str]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
LONGEST_URL = 2_000


def web_address(url: str) -> str:
    """An http(s) address in ASCII, without user, password and fragment.

    Raises:
        WebError: it is no such address.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        port = parts.port
    except (ValueError, UnicodeError):
        raise _no_address(url) from None
    if parts.scheme not in ("http", "https") or not host or len(url) > LONGEST_URL:
        raise _no_address(url)
    if parts.username or parts.password:
        raise _no_address(f"{parts.scheme}://…@{host}")
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        place += f":{port}"
    return urlunsplit((parts.scheme, place, _ascii(parts.path or "/"), _ascii(parts.query), ""))


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, by the system.

    Raises:
        OSError: the name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public_or_private(address: str) -> bool:
    """Also this machine and private networks, but no link-local or multicast address.

    Link-local is where clouds keep the secrets of their machines (169.254.169.254).
    """
    try:
        ip: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    ip = (ip.ipv4_mapped or ip) if isinstance(ip, ipaddress.IPv6Address) else ip
    return not (ip.is_link_local or ip.is_multicast or ip.is_unspecified)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also one that is wrapped in IPv6."""
    try:
        ip: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and (ip in _NAT64 or ip in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _ascii(text: str) -> str:
    """Percent-encodes what is not printable ASCII, and leaves what is encoded already."""
    return "".join(
        letter if "!" <= letter <= "~" else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in text
    )


def _no_address(url: str) -> WebError:
    shown = "".join(letter if letter.isprintable() else "?" for letter in url)[:100]
    return WebError(
        f"{shown} bir web adresi değil; http:// ya da https:// ile başlayan adresi verin.",
        f"{shown} is not a web address; give one that begins with http:// or https://.",
    )
