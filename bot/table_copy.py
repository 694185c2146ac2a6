"""The tables of the bot's memory as lines of JSON, the same from SQLite and from PostgreSQL."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from bot import schema
from bot.database import is_sqlite
from bot.state import State

BATCH = 500
# Who is alive now is nothing to keep.
TABLES = tuple(table for table in schema.metadata.sorted_tables if table.name != "replicas")
# These are there as soon as the bot has started once; all others hold what people did.
_OWN = ("facts", "rates", "counters")


@contextmanager
def snapshot(state: State) -> Iterator[sa.Connection]:
    """A connection that sees one moment, whatever others write meanwhile."""
    if is_sqlite(state.engine):
        with state.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.exec_driver_sql("BEGIN")
            try:
                yield db
            finally:
                db.exec_driver_sql("ROLLBACK")
    else:
        with state.engine.connect().execution_options(isolation_level="REPEATABLE READ") as db:
            yield db


def lines(db: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """All rows of a table, each a line; which process owned an update is left out."""
    names = [column.name for column in table.columns]
    with db.execute(table.select().execution_options(yield_per=BATCH)) as rows:
        for row in rows:
            values = dict(zip(names, map(_plain, row), strict=True))
            if "owner" in values:
                values["owner"] = None
            yield json.dumps(values).encode() + b"\n"


def is_empty(db: sa.Connection) -> bool:
    """Whether the bot remembers nobody yet."""
    kept = (table for table in TABLES if table.name not in _OWN)
    return not any(
        db.execute(sa.select(sa.literal(1)).select_from(t).limit(1)).first() for t in kept
    )


def replace(db: sa.Connection, rows_of: Callable[[str], Iterable[bytes]]) -> int:
    """Replaces all rows of all tables by those lines, and returns how many there are.

    Raises:
        ValueError, TypeError, KeyError: a line is no row of its table.
    """
    count = 0
    for table in TABLES:
        db.execute(table.delete())
        batch: list[dict[str, Any]] = []
        for line in rows_of(table.name):
            batch.append(_row(table, json.loads(line)))
            count += 1
            if len(batch) == BATCH:
                db.execute(table.insert(), batch)
                batch = []
        if batch:
            db.execute(table.insert(), batch)
    return count


def _plain(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _row(table: sa.Table, values: dict[str, Any]) -> dict[str, Any]:
    """A row with all columns: one that an older version did not know is empty."""
    row = {}
    for column in table.columns:
        value = values.get(column.name)
        if value is None:
            if not column.nullable:
                raise ValueError(f"{table.name}.{column.name} is missing")
        elif isinstance(column.type, sa.LargeBinary):
            value = base64.b64decode(value, validate=True)
        elif not isinstance(value, _kinds(column.type)) or isinstance(value, bool):
            raise ValueError(f"{table.name}.{column.name} is no {column.type}")
        row[column.name] = value
    return row


def _kinds(kind: sa.types.TypeEngine[Any]) -> tuple[type, ...]:
    if isinstance(kind, sa.Text):
        return (str,)
    return (int, float) if isinstance(kind, sa.Float) else (int,)
