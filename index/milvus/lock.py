"""One build at a time: a row that says who builds and until when.

A server cannot compare and set, so everybody writes a row and then looks: who sees another one
takes the own row back. Two who begin together both give way, and never both build.
"""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from index.errors import BusyIndexError, ServerError
from index.milvus.connection import Server
from index.milvus.layout import LOCK, create_lock, without_vector

SECONDS = 120  # so long the row of a build that was killed holds up the others


class Lease:
    """The right to build, for a while."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.id = random.getrandbits(62)
        self._renewed = float(-SECONDS)

    def renew(self) -> None:
        """Prolongs it, where that is due."""
        if time.monotonic() - self._renewed > SECONDS / 4:
            row = {"id": self.id, "until": int(time.time()) + SECONDS, "holder": _holder()}
            self._server.call("upsert", LOCK, [without_vector(row)])
            self._renewed = time.monotonic()

    def end(self) -> None:
        """Gives it back; what cannot be given back ends by itself."""
        with suppress(ServerError):
            self._server.call("delete", LOCK, filter=f"id == {self.id}")


@contextmanager
def building(server: Server) -> Iterator[Lease]:
    """Holds the lease of the one build that may write to this server.

    Raises:
        BusyIndexError: another build holds it.
    """
    create_lock(server)
    lease = Lease(server)
    lease.renew()
    try:
        others = [
            row["holder"]
            for row in server.rows(
                LOCK, f"until > {int(time.time())}", ["id", "holder"], consistency_level="Strong"
            )
            if row["id"] != lease.id
        ]
        if others:
            where = server.address.shown
            raise BusyIndexError(
                f"{where} sunucusuna başka bir dizinleme yazıyor ({others[0]}): bitmesini "
                f"bekleyin; yarıda kaldıysa en çok {SECONDS} saniye.",
                f"Another build writes to the server {where} ({others[0]}): wait for it to end, "
                f"at most {SECONDS} seconds if it was killed.",
            )
        yield lease
    finally:
        lease.end()


def _holder() -> str:
    return f"{socket.gethostname()} {os.getpid()}"
