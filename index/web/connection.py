"""Connections that go to checked addresses only, and end by a deadline.

The name is resolved here, every address is checked, and the connection goes to the very address
that was checked: what the name resolves to a moment later does not matter. httpcore then does TLS
for the name.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from index.errors import WebError
from index.web.addresses import Allowed, Resolve


class CheckedBackend(httpcore.NetworkBackend):
    """Opens TCP connections to IP addresses that are `allowed`, none later than `deadline`."""

    def __init__(self, resolve: Resolve, allowed: Allowed, deadline: float) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline  # by time.monotonic()
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of `host` that answers.

        Raises:
            WebError: one of its addresses is not allowed.
        """
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not known") from error
        for address in addresses:
            if not self._allowed(address):
                raise private(host)
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    address, port, left(self._deadline, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
                continue
            peer = stream.get_extra_info("server_addr")
            if not self._allowed(str(peer[0])):
                stream.close()
                raise private(host)
            return _Stream(stream, self._deadline)
        raise problem

    def connect_unix_socket(self, *arguments: Any, **more: Any) -> httpcore.NetworkStream:
        """Never asked for."""
        raise httpcore.UnsupportedProtocol("no sockets of this machine")


class _Stream(httpcore.NetworkStream):
    """A connection on which no reading or writing goes on past the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(
            ssl_context, server_hostname, left(self._deadline, timeout)
        )
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def left(deadline: float, timeout: float | None) -> float:
    """Seconds that one step may take.

    Raises:
        httpcore.ReadTimeout: there are none left.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("out of time")
    return min(seconds, timeout) if timeout is not None else seconds


def private(host: str) -> WebError:
    """The error for a host on this machine or in its network."""
    return WebError(
        f"{host} bu makinede ya da özel bir ağda; iç ağınızdan almak istiyorsanız "
        "WEB_ALLOW_PRIVATE=true yapın.",
        f"{host} is on this machine or in a private network; to fetch from your intranet, set "
        "WEB_ALLOW_PRIVATE=true.",
    )
