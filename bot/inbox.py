"""Updates on their way from Telegram to an answer, kept until they are answered.

An update is written here before it is confirmed to Telegram, and loses its text once it is
answered. Whoever writes it first owns it, so that however often and to however many processes it is
delivered, one answers it. What a dead owner leaves, or one that stops, is adopted by the others or
at the next start. Together with the numbers that stay behind this gives: no update lost, and none
answered twice, but for a crash in the instant between Telegram taking a message and the bot noting
so, which repeats that message.

Order: within a process the updates of one chat are answered as they arrived. Where several
processes share the database, an update that is taken up also waits for the smaller numbers of its
chat that anybody has received by then.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from bot import replica, schema
from bot.state import State

Update = Mapping[str, Any]


class NotOurs(Exception):
    """Another process has taken an update over; nothing more may be said to it from here."""


class Inbox:
    """The updates that this process has received or adopted and not yet answered."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._owner = replica.new_owner()
        self._beaten = -replica.LEASE_SECONDS
        self._alone = True  # no other process shares the database
        self._held: dict[int, int] = {}  # update_id -> messages of its answer that were sent
        self._behind: set[int] = set()
        self._returned: set[int] = set()

    # -- taking in ---------------------------------------------------------------------------

    def receive(self, updates: Iterable[Update]) -> list[Update]:
        """Keeps updates as Telegram sent them; returns those never received before, in order."""
        fresh: list[Update] = []
        try:
            self._insert(updates, fresh)
        except BaseException:
            for update in fresh:
                self._drop(update["update_id"])
            raise
        return fresh

    def _insert(self, updates: Iterable[Update], fresh: list[Update]) -> None:
        table = schema.updates
        with self._state.begin(durable=True) as db:
            for update in updates:
                row = {
                    "update_id": update["update_id"],
                    "who": self._sender(update),
                    "payload": json.dumps(update),
                    "received": self._state.clock(),
                    "sent": 0,
                    "chat": chat_of(update),
                    "owner": self._owner,
                }
                insert = self._state.insert(table).values(row).on_conflict_do_nothing()
                if db.execute(insert.returning(table.c.update_id)).first():
                    fresh.append(update)
                    self._held[row["update_id"]] = 0
                    if not self._alone:
                        self._behind.add(row["update_id"])

    def adopt(self) -> list[Update]:
        """Says that this process lives, and takes over what is free; oldest first."""
        self._give_back()
        if time.monotonic() - self._beaten > replica.LEASE_SECONDS / 3:
            self.beat()
        table, replicas = schema.updates, schema.replicas
        waiting = table.c.payload.is_not(None)
        free = sa.or_(table.c.owner.is_(None), table.c.owner.not_in(sa.select(replicas.c.owner)))
        with self._state.begin() as db:
            self._alone = not db.execute(
                replicas.select().where(replicas.c.owner != self._owner).limit(1)
            ).first()
            others = waiting, table.c.owner.is_distinct_from(self._owner)
            if not db.execute(sa.select(table.c.update_id).where(*others).limit(1)).first():
                return []
            replica.take_turn(db)
            replica.bury_dead(self._state, db)
            rows = db.execute(
                table.update()
                .where(waiting, free)
                .values(owner=self._owner)
                .returning(table.c.update_id, table.c.sent, table.c.payload)
            ).all()
        rows = sorted(rows, key=lambda row: row.update_id)
        self._held |= {row.update_id: row.sent for row in rows}
        self._behind |= {row.update_id for row in rows}
        return [json.loads(row.payload) for row in rows]

    def beat(self) -> None:
        """Says that this process lives; where it was thought dead, learns what it lost."""
        began, held, table = time.monotonic(), set(self._held), schema.updates
        with self._state.begin() as db:
            if not replica.beat(self._state, db, self._owner):
                ours = table.c.owner == self._owner, table.c.payload.is_not(None)
                kept = set(db.scalars(sa.select(table.c.update_id).where(*ours)))
                for lost in held - kept:
                    self._drop(lost)
        self._beaten = began

    def release(self) -> None:
        """Frees what is not answered, for the others or the next start."""
        table = schema.updates
        with self._state.begin() as db:
            ours = table.c.owner == self._owner
            db.execute(table.update().where(ours, table.c.payload.is_not(None)).values(owner=None))
            db.execute(schema.replicas.delete().where(schema.replicas.c.owner == self._owner))
        self._held.clear()

    # -- answering ---------------------------------------------------------------------------

    @property
    def sure(self) -> bool:
        """Whether the others still count this process as alive."""
        return time.monotonic() - self._beaten < replica.LEASE_SECONDS

    def holds(self, update_id: int) -> bool:
        """Whether this update is this process's to answer."""
        return update_id in self._held

    def is_behind(self, update_id: int) -> bool:
        """Whether earlier updates of the same chat may be waiting elsewhere; asks no database."""
        return update_id in self._behind

    def must_wait(self, update_id: int) -> bool:
        """Whether earlier updates of the same chat still wait for an answer, anywhere."""
        table, other = schema.updates, schema.updates.alias()
        earlier = (
            sa.select(other.c.update_id)
            .join(table, table.c.chat == other.c.chat)
            .where(
                table.c.update_id == update_id,
                other.c.update_id < update_id,
                other.c.payload.is_not(None),
            )
            .limit(1)
        )
        with self._state.begin() as db:
            waits = db.execute(earlier).first() is not None
        if not waits:
            self._behind.discard(update_id)
        return waits

    def sent(self, update_id: int) -> int:
        """How many messages of its answer Telegram took before this process got it."""
        return self._held.get(update_id, 0)

    def note_sent(self, update_id: int, messages: int) -> None:
        """Notes that Telegram has taken so many messages of the answer."""
        self._change(update_id, sent=messages)

    def out_of_order(self, update_id: int) -> None:
        """What is left to do takes long (a new index): later updates of the chat need not wait."""
        self._change(update_id, chat=None)

    def done(self, update_id: int) -> None:
        """The update is answered: its text goes, its number stays for a while."""
        self._change(update_id, payload=None, who=None)
        self._drop(update_id)

    def give_back(self, update_id: int) -> None:
        """The database failed meanwhile: to be answered anew, here or elsewhere, once it works."""
        self._returned.add(update_id)
        self._drop(update_id)

    # -- looking -----------------------------------------------------------------------------

    def pending(self) -> list[Update]:
        """What waits for an answer, anywhere; oldest first."""
        table = schema.updates
        waiting = table.select().where(table.c.payload.is_not(None)).order_by(table.c.update_id)
        with self._state.begin() as db:
            return [json.loads(row.payload) for row in db.execute(waiting)]

    def received(self, update_id: int) -> bool:
        """Whether this update was ever received (lately)."""
        table = schema.updates
        with self._state.begin() as db:
            query = table.select().where(table.c.update_id == update_id)
            return db.execute(query).first() is not None

    def _change(self, update_id: int, **values: Any) -> None:
        table = schema.updates
        ours = table.c.update_id == update_id, table.c.owner == self._owner
        with self._state.begin() as db:
            db.execute(table.update().where(*ours).values(**values))

    def _drop(self, update_id: int) -> None:
        self._held.pop(update_id, None)
        self._behind.discard(update_id)

    def _give_back(self) -> None:
        table = schema.updates
        returned = list(self._returned)
        if not returned:
            return
        with self._state.begin() as db:
            ours = table.c.update_id.in_(returned), table.c.owner == self._owner
            db.execute(table.update().where(*ours).values(owner=None))
        self._returned.difference_update(returned)

    def _sender(self, update: Update) -> str | None:
        sender = _part(update, "from")
        return self._state.who(sender.get("id", 0)) if sender else None


def chat_of(update: Update) -> int | None:
    """The chat whose order an update keeps; inline queries have none but their sender."""
    for part in (update, *update.values()):
        chat = _part(part, "chat") if isinstance(part, dict) else None
        if chat:
            return _number(chat.get("id"))
    return _number((_part(update, "from") or {}).get("id"))


def _number(given: object) -> int | None:
    """An id, None where it is none that a database could hold."""
    return given if type(given) is int and abs(given) < 2**63 else None


def _part(update: Update, name: str) -> Mapping[str, Any] | None:
    """The first object called `name` inside the parts of an update."""
    for part in update.values():
        if isinstance(part, dict) and isinstance(part.get(name), dict):
            found: Mapping[str, Any] = part[name]
            return found
    return None
