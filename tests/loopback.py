"""What the servers of the tests have in common: a port on loopback, and a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import Any, Self

import tornado.httpclient
import tornado.httpserver
import tornado.netutil
import tornado.web


class LoopbackServer:
    """Serves its `handlers` over HTTP from entering to leaving; `port` 0 takes a free one."""

    port: int = 0
    most_connections = 40  # that `_client` opens at once

    def handlers(self) -> list[tuple[Any, ...]]:
        """The rules of the tornado application."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        started = threading.Event()

        def run() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            self._client = tornado.httpclient.AsyncHTTPClient(
                force_instance=True,
                defaults={"request_timeout": 10.0},
                max_clients=self.most_connections,
            )
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

    def _listen(self) -> None:
        application = tornado.web.Application(self.handlers(), log_function=lambda _: None)
        self._server = tornado.httpserver.HTTPServer(application)
        sockets = tornado.netutil.bind_sockets(self.port, "127.0.0.1")
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


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
