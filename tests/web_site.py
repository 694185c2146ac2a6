"""A web site on loopback that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `pieces` are sent one by one, `pause` seconds apart."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: int = 1
    pause: float = 0.0


class Site:
    """Serves `pages` by path; what is not there is 404."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, Reply | bytes] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.headers.append({name.lower(): value for name, value in self.headers.items()})
                found = site.pages.get(self.path, Reply(b"yok", status=404))
                reply = Reply(found) if isinstance(found, bytes) else found
                self.send_response(reply.status)
                if reply.kind:
                    self.send_header("Content-Type", reply.kind)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                size = max(len(reply.body) // reply.pieces, 1)
                try:
                    for at in range(0, len(reply.body), size):
                        self.wfile.write(reply.body[at : at + size])
                        self.wfile.flush()
                        time.sleep(reply.pause)
                except OSError:
                    pass  # the other side has had enough

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False  # a slow answer that nobody waits for any more

        self._server = Server((address, 0), Handler)
        self.url = f"http://{address}:{self._server.server_port}"
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def site_at(address: str = "127.0.0.1") -> Iterator[Site]:
    """For fixtures."""
    site = Site(address)
    yield site
    site.close()
