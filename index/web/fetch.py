"""Fetches a page: robots.txt honoured, size, time and redirects limited, each hop checked."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from index.errors import WebError
from index.web.addresses import Allowed, Resolve, is_public, resolve, web_address
from index.web.connection import CheckedBackend
from index.web.reading import missing_packages

AGENT = "Danis"
USER_AGENT = f"{AGENT}/0.1 (documents for questions; honours robots.txt)"
MOST_REDIRECTS = 5
MOST_ROBOTS_BYTES = 500_000
STEP_SECONDS = 10.0
PAGE_KINDS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave: `url` is where the last redirect led, `charset` "" if unknown.

    `content` is empty where the server said that nothing changed.
    """

    url: str
    kind: str
    charset: str
    content: bytes
    headers: Mapping[str, str]
    unchanged: bool = False


@dataclass(slots=True)
class Fetcher:
    """Fetches with the same limits and remembers robots.txt of each host as long as it lives."""

    max_bytes: int = 5_000_000
    max_seconds: float = 30.0
    allowed: Allowed = is_public
    resolve: Resolve = resolve
    _robots: dict[str, str] = field(default_factory=dict)

    def page(
        self,
        url: str,
        kinds: tuple[str, ...] = PAGE_KINDS,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """The page at an address, redirects followed.

        Raises:
            WebError: it cannot be fetched, may not be, or is too large, too slow or of another
                kind than `kinds`.
        """
        deadline = time.monotonic() + self.max_seconds
        url = web_address(url)
        for _ in range(MOST_REDIRECTS + 1):
            self._ask_robots(url)
            page = self._get(url, deadline, self.max_bytes, headers or {})
            target = page.headers.get("location", "")
            if not target or page.unchanged:
                break
            url = web_address(urljoin(url, target))
        else:
            raise WebError(
                f"{url}: {MOST_REDIRECTS} yönlendirmeden fazlası izlenmez.",
                f"{url}: no more than {MOST_REDIRECTS} redirects are followed.",
            )
        if not page.unchanged and page.kind not in kinds:
            raise WebError(
                f"{url}: türü {page.kind or 'belirsiz'}, okunanlar: {', '.join(kinds)}; dosyaysa "
                "indirip seeds klasörüne koyun.",
                f"{url}: its type is {page.kind or 'not told'}, read are {', '.join(kinds)}; if it "
                "is a file, download it into the seeds folder.",
            )
        return page

    def _get(self, url: str, deadline: float, most: int, headers: Mapping[str, str]) -> Page:
        """One answer, of which a redirect's content is not read."""
        backend = CheckedBackend(self.resolve, self.allowed, deadline)
        sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, identity"} | dict(headers)
        waits = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=httpx.create_ssl_context(), network_backend=backend
                ) as pool,
                pool.stream(
                    "GET", url, headers=list(sent.items()), extensions={"timeout": waits}
                ) as response,
            ):
                told = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                if response.status in (301, 302, 303, 307, 308) and "location" in told:
                    return Page(url, "", "", b"", told)
                told.pop("location", None)
                if response.status == 304:
                    return Page(url, "", "", b"", told, unchanged=True)
                if response.status != 200:
                    raise _status(url, response.status)
                content = _content(url, response, told, most)
        except httpcore.TimeoutException:
            raise WebError(
                f"{url} {self.max_seconds:.0f} saniyede alınamadı; daha sonra yeniden deneyin.",
                f"{url} could not be fetched in {self.max_seconds:.0f} seconds; try again later.",
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, zlib.error) as error:
            reason = " ".join(str(error).split())[:120] or type(error).__name__
            raise WebError(
                f"{url} alınamadı ({reason}); adresi ve bağlantıyı denetleyin.",
                f"{url} could not be fetched ({reason}); check the address and the connection.",
            ) from None
        kind, _, parameters = told.get("content-type", "").partition(";")
        charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
        return Page(url, kind.strip().lower(), charset, content, told)

    def _ask_robots(self, url: str) -> None:
        """Raises WebError where the site asks programs to stay away from this address."""
        try:
            from protego import Protego
        except ModuleNotFoundError:
            raise missing_packages() from None
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            self._robots[site] = self._robots_of(site)
        if not Protego.parse(self._robots[site]).can_fetch(url, AGENT):
            raise WebError(
                f"{url}: site robots.txt dosyasında programların bu sayfayı almamasını istiyor; "
                "metnini kendiniz kopyalayın.",
                f"{url}: the site's robots.txt asks programs to leave this page alone; copy its "
                "text by hand.",
            )

    def _robots_of(self, site: str) -> str:
        """By RFC 9309: without robots.txt all is allowed, while it cannot be had nothing is."""
        url = site + "/robots.txt"
        deadline = time.monotonic() + self.max_seconds
        try:
            for _ in range(MOST_REDIRECTS + 1):
                page = self._get(url, deadline, MOST_ROBOTS_BYTES, {})
                if "location" not in page.headers:
                    return page.content.decode("utf-8", "replace")
                url = web_address(urljoin(url, page.headers["location"]))
        except StatusError as error:
            return "" if 400 <= error.status < 500 else "User-agent: *\nDisallow: /"
        return ""


class StatusError(WebError):
    """The server answered with something else than the page."""

    def __init__(self, turkish: str, english: str, status: int) -> None:
        super().__init__(turkish, english)
        self.status = status


def _status(url: str, status: int) -> StatusError:
    return StatusError(
        f"{url}: sunucu {status} yanıtını verdi; adresi tarayıcıda açıp denetleyin.",
        f"{url}: the server answered {status}; open the address in a browser to check it.",
        status,
    )


def _content(url: str, response: httpcore.Response, told: Mapping[str, str], most: int) -> bytes:
    """The content, unpacked; never more than `most` bytes and one piece of it are in memory.

    Raises:
        WebError: it is larger, or packed in a way that was not asked for.
    """
    coding = told.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", ""):
        raise WebError(
            f"{url}: sunucu {coding} ile sıkıştırıyor, bu okunamıyor.",
            f"{url}: the server packs with {coding}, which cannot be read.",
        )
    unpacker = zlib.decompressobj(31) if "gzip" in coding else None
    found = bytearray()
    for piece in response.iter_stream():
        while piece:
            found += unpacker.decompress(piece, most + 1) if unpacker else piece
            piece = unpacker.unconsumed_tail if unpacker else b""
            if len(found) > most:
                raise WebError(
                    f"{url}: çok büyük (sınır {most} bayt); WEB_MAX_BYTES ayarını büyütün.",
                    f"{url}: too large (limit {most} bytes); raise WEB_MAX_BYTES.",
                )
    return bytes(found)
