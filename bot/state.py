"""What the bot remembers across restarts, and what its replicas share.

`State.begin` and `State.insert` are all that anything else uses of the database (`bot.database`):
SQLite, or PostgreSQL for several processes. Everything is synchronous and safe for threads; each
method is one transaction. The nouns with rules of their own live beside it: `bot.inbox`,
`bot.replica`, `bot.access`, `bot.shelf` and `bot.feedback`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot import schema
from bot.database import POSTGRES_THREADS, is_sqlite, open_engine
from bot.migrate import bring_up_to_date
from index.answer import Turn

DAY = 86_400.0
UPDATE_DAYS = 2  # Telegram keeps updates for a day: a repeated one is not older
ANSWER_DAYS = 30
FEEDBACK_DAYS = 365
TURNS_KEPT = 3


def is_key(text: str) -> bool:
    """Whether a text from outside (a button's data) can be an id that was made here."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text) is not None


class State:
    """The bot's memory; `clock` gives seconds since 1970."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.time) -> None:
        self.engine = engine
        self.clock = clock
        self._local = is_sqlite(engine)
        self.threads = 1 if self._local else POSTGRES_THREADS  # so many calls at once help
        self._salt = self.fact("salt", lambda: secrets.token_hex(32)).encode()

    @contextmanager
    def begin(self, *, durable: bool = False) -> Iterator[sa.Connection]:
        """A transaction: committed at the end, rolled back on an exception.

        `durable`: a database server has it on disk before it goes on.
        """
        with self.engine.begin() as db:
            if durable and not self._local:
                db.exec_driver_sql("SET LOCAL synchronous_commit = on")
            yield db

    def insert(self, table: sa.Table) -> Any:
        """An insert that knows ON CONFLICT; SQLite and PostgreSQL spell it alike."""
        return (sqlite if self._local else postgresql).insert(table)

    def now(self, db: sa.Connection) -> float:
        """The time for all who share the database: a server's own, as machines' clocks differ."""
        if self._local or self.clock is not time.time:
            return self.clock()
        return float(db.scalar(sa.select(sa.extract("epoch", sa.func.clock_timestamp()))) or 0)

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    def who(self, user_id: int) -> str:
        """The salted hash that stands for a user where the id itself is not needed."""
        return hmac.new(self._salt, str(user_id).encode(), hashlib.sha256).hexdigest()[:24]

    def fact(self, name: str, make: Callable[[], str]) -> str:
        """A value made once and kept for good, the same for every process."""
        with self.begin(durable=True) as db:
            db.execute(
                self.insert(schema.facts).values(name=name, value=make()).on_conflict_do_nothing()
            )
            return str(
                db.scalar(sa.select(schema.facts.c.value).where(schema.facts.c.name == name))
            )

    def language(self, user_id: int) -> str | None:
        """The language that this user chose, None where none was chosen."""
        table = schema.languages
        with self.begin() as db:
            return db.scalar(sa.select(table.c.language).where(table.c.user_id == user_id))

    def set_language(self, user_id: int, language: str) -> None:
        """Remembers the language that this user chose."""
        insert = self.insert(schema.languages).values(user_id=user_id, language=language)
        with self.begin() as db:
            db.execute(
                insert.on_conflict_do_update(
                    index_elements=["user_id"], set_={"language": language}
                )
            )

    def count(self, key: str, seconds: float, by: int = 1) -> int:
        """Adds to the count of `key` in the current window of `seconds`, and returns it."""
        return self.counts((key,), seconds, by)[0]

    def counts(self, keys: Sequence[str], seconds: float, by: int = 1) -> list[int]:
        """`count` for several keys in one transaction."""
        table, now = schema.rates, self.clock()
        window = int(now // seconds)
        with self.begin() as db:
            return [
                int(
                    db.scalar(
                        self.insert(table)
                        .values(key=key, window=window, count=by, ends=(window + 1) * seconds)
                        .on_conflict_do_update(
                            index_elements=["key", "window"], set_={"count": table.c.count + by}
                        )
                        .returning(table.c.count)
                    )
                    or 0
                )
                for key in keys
            ]

    def add(self, name: str, by: int = 1) -> int:
        """Adds to a counter that is never reset, and returns it; by = 0 reads it."""
        table = schema.counters
        insert = self.insert(table).values(name=name, value=by)
        with self.begin() as db:
            return int(
                db.scalar(
                    insert.on_conflict_do_update(
                        index_elements=["name"], set_={"value": table.c.value + by}
                    ).returning(table.c.value)
                )
                or 0
            )

    def turns(self, user_id: int, place: str, newer_than: float) -> tuple[Turn, ...]:
        """The last turns of this user's conversation in this place, oldest first."""
        table = schema.conversations
        with self.begin() as db:
            kept = db.scalar(
                sa.select(table.c.turns).where(
                    table.c.who == self.who(user_id),
                    table.c.place == place,
                    table.c.at > newer_than,
                )
            )
        return tuple(
            Turn(question, standalone, tuple(keys), shown)
            for question, standalone, keys, shown in json.loads(kept or "[]")
        )

    def keep_turns(self, user_id: int, place: str, turns: tuple[Turn, ...]) -> None:
        """Replaces the conversation of this user in this place; no turns: forgets it."""
        table, who = schema.conversations, self.who(user_id)
        with self.begin() as db:
            if not turns:
                db.execute(table.delete().where(table.c.who == who, table.c.place == place))
                return
            text = json.dumps(
                [
                    (turn.question, turn.standalone, turn.keys, turn.shown)
                    for turn in turns[-TURNS_KEPT:]
                ]
            )
            changed = {"turns": text, "at": self.clock()}
            db.execute(
                self.insert(table)
                .values(who=who, place=place, **changed)
                .on_conflict_do_update(index_elements=["who", "place"], set_=changed)
            )

    def forget(self, user_id: int) -> int:
        """Removes every trace of a user and returns how many rows went."""
        removed = 0
        with self.begin() as db:
            for table in schema.metadata.tables.values():
                if "who" in table.c:
                    removed += db.execute(
                        table.delete().where(table.c.who == self.who(user_id))
                    ).rowcount
                if "user_id" in table.c:
                    removed += db.execute(table.delete().where(table.c.user_id == user_id)).rowcount
            rates = schema.rates
            removed += db.execute(
                rates.delete().where(rates.c.key.endswith(f":{self.who(user_id)}"))
            ).rowcount
        if self._local:
            with self.engine.connect() as raw:  # the write-ahead log may still hold the rows
                raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return removed

    def prune(self, conversation_seconds: float) -> None:
        """Removes what is older than it may be."""
        now = self.clock()
        ages = (
            (schema.updates.c.received, UPDATE_DAYS * DAY),
            (schema.answers.c.at, ANSWER_DAYS * DAY),
            (schema.feedback.c.at, FEEDBACK_DAYS * DAY),
            (schema.conversations.c.at, conversation_seconds),
            (schema.uploads.c.at, DAY),
            (schema.pairings.c.expires, 0.0),
            (schema.rates.c.ends, 0.0),
        )
        with self.begin() as db:
            for column, age in ages:
                db.execute(column.table.delete().where(column < now - age))


def open_state(folder: Path, clock: Callable[[], float] = time.time, *, url: str = "") -> State:
    """Opens (or makes) the memory: the database at `url`, or a file in `folder` that its owner
    alone can read.

    Raises:
        SettingsError: `url` cannot be used.
        StateError: the database cannot be opened, or is that of a newer version.
    """
    engine = open_engine(folder, url)
    try:
        bring_up_to_date(engine)
        return State(engine, clock)
    except BaseException:
        engine.dispose()
        raise
