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
from collections import Counter
from collections.abc import Sequence
from typing import Any

import tornado.httpclient
import tornado.web

from tests.loopback import LoopbackServer

PASSED = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")


class Proxy(LoopbackServer):
    """The proxy, on a thread of its own; `passed` counts the requests that each port answered."""

    most_connections = 100

    def __init__(self, ports: Sequence[int], *, twice: int = 0) -> None:
        self.ports = list(ports)
        self.passed: Counter[int] = Counter()
        self._twice = twice
        self._turn = itertools.count()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/danis"

    def handlers(self) -> list[tuple[Any, ...]]:
        return [(r".*", _Handler, {"proxy": self})]

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
