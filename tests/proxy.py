"""A plain round-robin proxy on loopback, as it stands before replicas.

    with Proxy(ports) as proxy:
        set_webhook(proxy.url)

Each request goes to the next port. Where nobody listens, or the answer breaks off, it goes on to
the one after it, as nginx does with `proxy_next_upstream error timeout non_idempotent`. Every
`twice`th request goes to two at once, as if Telegram had delivered it twice.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import Counter
from collections.abc import Sequence

import tornado.httpclient
import tornado.httpserver
import tornado.netutil
import tornado.web

PASSED = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")


class Proxy:
    """The proxy, on a thread of its own; `passed` counts the requests that each port answered."""

    def __init__(self, ports: Sequence[int], *, twice: int = 0) -> None:
        self.ports = list(ports)
        self.passed: Counter[int] = Counter()
        self._twice = twice
        self._turn = itertools.count()

    def __enter__(self) -> Proxy:
        started = threading.Event()

        def run() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            self._loop.call_soon(self._listen)
            self._loop.call_soon(started.set)
            self._loop.run_forever()
            self._loop.run_until_complete(self._close())
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/danis"

    def _listen(self) -> None:
        self._client = tornado.httpclient.AsyncHTTPClient(
            force_instance=True, defaults={"request_timeout": 10.0}, max_clients=100
        )
        application = tornado.web.Application(
            [(r".*", _Handler, {"proxy": self})], log_function=lambda _: None
        )
        self._server = tornado.httpserver.HTTPServer(application)
        sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
        self._server.add_sockets(sockets)
        self.port = sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.stop()
        self._client.close()
        await self._server.close_all_connections()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def forward(self, body: bytes, headers: dict[str, str]) -> int:
        """Passes a request on and returns the status of the answer, 502 where there is none."""
        turn = next(self._turn)
        if self._twice and turn % self._twice == 0:
            return max(await asyncio.gather(*(self._to(turn + n, body, headers) for n in (0, 1))))
        return await self._to(turn, body, headers)

    async def _to(self, first: int, body: bytes, headers: dict[str, str]) -> int:
        for turn in range(first, first + len(self.ports)):
            port = self.ports[turn % len(self.ports)]
            try:
                answer = await self._client.fetch(
                    f"http://127.0.0.1:{port}/danis",
                    method="POST",
                    body=body,
                    headers=headers,
                    raise_error=False,
                )
            except (OSError, tornado.httpclient.HTTPError):
                continue
            self.passed[port] += 1
            return int(answer.code)
        return 502


class _Handler(tornado.web.RequestHandler):
    def initialize(self, proxy: Proxy) -> None:
        self.proxy = proxy

    async def post(self) -> None:
        sent = self.request.headers
        headers = {name: sent[name] for name in PASSED if name in sent}
        self.set_status(await self.proxy.forward(self.request.body, headers))
