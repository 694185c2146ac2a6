"""Real Milvus servers of one process, on loopback, each test in a database of its own."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from index.milvus.connection import Address
from index.milvus.states import MilvusStates
from tests.loopback import free_port

_numbers = itertools.count(1)


class MilvusServer:
    """A server process; `stop` and `start` keep port and data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def database(self) -> str:
        """The address of a database that nobody has used."""
        from pymilvus import MilvusClient

        name = f"test{next(_numbers)}"
        client = MilvusClient(uri=self.uri, timeout=20)
        client.create_database(name)
        client.close()
        return f"{self.uri}/{name}"

    def states(self) -> MilvusStates:
        """The states of such a database."""
        return MilvusStates(Address(self.database()))

    def start(self) -> None:
        """Starts the process and waits until it listens."""
        command = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--data-dir", str(self._folder)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the Milvus server did not start")

    def kill(self) -> None:
        """Ends the process as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> MilvusServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
