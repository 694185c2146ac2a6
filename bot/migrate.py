"""Brings the database's tables up to date when it is opened.

The steps are Alembic's, in `bot/migrations/versions`, and only ever add: an older process that
still runs beside goes on working. Whoever comes first does them, in one transaction; others that
start at the same time wait for it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.database import is_sqlite, place, unreachable
from bot.schema import REVISION
from index.errors import StateError

STEPS = Path(__file__).with_name("migrations")
_LOCK = 0x64616E6973  # "danis", PostgreSQL's name for our turn


def bring_up_to_date(engine: sa.Engine) -> None:
    """Makes or changes the tables where they are not those of this version.

    Raises:
        StateError: the database was written by a newer version, or cannot be read or changed.
    """
    try:
        with engine.connect() as connection:
            found = _revision(connection)
        if found == REVISION:
            return
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Both engines change tables inside transactions; SQLite's driver has to be told so.
            connection.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite(engine) else "BEGIN")
            try:
                if not is_sqlite(engine):
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                found = _revision(connection)
                if found is not None and found > REVISION:
                    raise _newer(engine, found)
                if found != REVISION:
                    _upgrade(connection)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
    except sa.exc.DBAPIError as error:
        raise unreachable(engine, error) from None


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    command.upgrade(config, "head")


def _newer(engine: sa.Engine, found: str) -> StateError:
    return StateError(
        f"Veritabanı ({place(engine)}) daha yeni bir Danış'ın ({found} > {REVISION}): Danış'ı "
        "güncelleyin ya da eski yedeği yükleyin.",
        f"The database ({place(engine)}) is that of a newer Danış ({found} > {REVISION}): upgrade "
        "Danış, or restore an older backup.",
    )
