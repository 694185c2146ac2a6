"""The database behind the bot's memory: SQLite in a folder, or PostgreSQL by its address."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from index.errors import SettingsError, StateError, reasons
from index.formats.missing import python

CONNECT_SECONDS = 5
BUSY_SECONDS = 10  # so long a process waits for others that write to the same file
POSTGRES_THREADS = 6  # waiting for a server is no work: several may wait at once
# A server that vanished is noticed; what the address itself says wins.
_POSTGRES_DEFAULTS = {
    "connect_timeout": str(CONNECT_SECONDS),
    "application_name": "danis",
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_POSTGRES_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def open_engine(folder: Path, url: str = "") -> sa.Engine:
    """Connections to the database at `url`, or to `folder`/state.sqlite where that is empty.

    Raises:
        SettingsError: the address cannot be used; neither it nor a password is ever told.
        StateError: the database cannot be opened or reached.
    """
    engine = _postgres(url) if url else _sqlite(folder)
    try:
        with engine.connect():
            return engine
    except (sa.exc.DBAPIError, UnicodeError) as error:
        engine.dispose()
        raise unreachable(engine, error) from None


def is_sqlite(engine: sa.Engine) -> bool:
    """Whether the database is a file of this machine, and not a server."""
    return engine.dialect.name == "sqlite"


def place(engine: sa.Engine) -> str:
    """Where the database is, for people: a file, or host, port and name; never a secret."""
    url = engine.url
    if is_sqlite(engine):
        return str(url.database)
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


def secrets_in(url: str) -> Iterator[str]:
    """What must be masked wherever the address or a part of it could be shown."""
    if not url:
        return
    yield url
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return
    yield parsed.render_as_string(hide_password=False)
    for secret in (parsed.password, *parsed.normalized_query.get("password", ())):
        if secret:
            yield str(secret)


def unreachable(engine: sa.Engine, error: Exception) -> StateError:
    """The error for a database that cannot be used now: where it is, why, what to do."""
    cause = getattr(error, "orig", None) or error
    reason = next((line.strip() for line in str(cause).splitlines() if line.strip()), "?")
    for secret in secrets_in(engine.url.render_as_string(hide_password=False)):
        reason = reason.replace(secret, "***")
    if is_sqlite(engine):
        return StateError(
            f"Botun belleği {place(engine)} açılamıyor ({reason}): izinleri ve diski denetleyin; "
            "bozuksa yedeği `danis import` ile geri yükleyin ya da dosyayı kenara alın.",
            f"The bot's memory {place(engine)} cannot be opened ({reason}): check permissions and "
            "the disk; if it is damaged, restore a backup with `danis import` or move the file "
            "away.",
        )
    return StateError(
        f"Veritabanına ulaşılamıyor: {place(engine)} ({reason}). Sunucunun çalıştığını ve "
        "DATABASE_URL ayarını denetleyin.",
        f"The database cannot be reached: {place(engine)} ({reason}). Check that the server runs, "
        "and DATABASE_URL.",
    )


def _sqlite(folder: Path) -> sa.Engine:
    path = folder / "state.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        turkish, english = reasons(error)
        raise StateError(
            f"{path} yazılamıyor ({turkish}): izinleri ve boş yeri denetleyin ya da "
            "STATE_DIR ayarını değiştirin.",
            f"{path} cannot be written ({english}): check permissions and free space, or "
            "change STATE_DIR.",
        ) from None
    # hide_parameters: errors must not quote messages
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=4, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Has a log written ahead, so that readers and the writer don't wait for each other.

    A new file changes to it once, and SQLite waits for nobody there, whatever the timeout: of two
    processes that open it at once, one is refused, and asks again.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _postgres(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in _POSTGRES_SCHEMES:
        raise SettingsError(
            "DATABASE_URL kullanılamıyor: postgresql://kullanıcı:parola@sunucu:5432/ad gibi olmalı "
            "(paroladaki özel karakterler %40 gibi yazılır); boş bırakılırsa SQLite kullanılır.",
            "DATABASE_URL cannot be used: it must look like postgresql://user:password@host:5432/"
            "name (special characters of a password as in %40); left empty, SQLite is used.",
        )
    try:
        import psycopg  # noqa: F401
    except ImportError:
        command = f"{python()} -m pip install -c constraints.txt 'psycopg[binary]'"
        raise SettingsError(
            f"DATABASE_URL için PostgreSQL sürücüsü gerekli: `{command}` çalıştırın ya da "
            "DATABASE_URL'yi boş bırakın.",
            f"DATABASE_URL needs the PostgreSQL driver: run `{command}`, or leave DATABASE_URL "
            "empty.",
        ) from None
    parsed = parsed.set(
        drivername="postgresql+psycopg", query={**_POSTGRES_DEFAULTS, **parsed.query}
    )
    engine = sa.create_engine(
        parsed, pool_size=POSTGRES_THREADS + 2, pool_pre_ping=True, hide_parameters=True
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        # As in SQLite's WAL: a crash of the server may take the last instants, but breaks nothing.
        # What must not be lost asks for more; see `State.begin`.
        connection.execute("SET synchronous_commit = off")
        connection.commit()

    return engine
