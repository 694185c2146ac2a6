"""Updates on their way from Telegram to an answer, kept until they are answered.

An update is written here before it is confirmed to Telegram, and loses its text once it is
answered. After a crash the unanswered ones are answered at the next start. Together with the
numbers that stay behind this gives: no update lost, and none answered twice, but for a crash in
the instant between Telegram taking a message and the bot noting so, which repeats that message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot import schema
from bot.state import State

Update = Mapping[str, Any]


class Inbox:
    """The updates that were received and not yet answered."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._sent: dict[int, int] = {}

    def sent(self, update_id: int) -> int:
        """How many messages of its answer Telegram took before this process started."""
        return self._sent.get(update_id, 0)

    def receive(self, updates: Iterable[Update]) -> list[Update]:
        """Keeps updates as Telegram sent them; returns those never received before, in order."""
        fresh = []
        table = schema.updates
        with self._state.begin() as db:
            for update in updates:
                row = {
                    "update_id": update["update_id"],
                    "who": self._sender(update),
                    "payload": json.dumps(update),
                    "received": self._state.clock(),
                    "sent": 0,
                }
                insert = self._state.insert(table).values(row).on_conflict_do_nothing()
                if db.execute(insert.returning(table.c.update_id)).first():
                    fresh.append(update)
        return fresh

    def pending(self) -> list[Update]:
        """What waits for an answer since before this process started, oldest first."""
        table = schema.updates
        with self._state.begin() as db:
            rows = db.execute(
                table.select().where(table.c.payload.is_not(None)).order_by(table.c.update_id)
            ).all()
        self._sent = {row.update_id: row.sent for row in rows if row.sent}
        return [json.loads(row.payload) for row in rows]

    def received(self, update_id: int) -> bool:
        """Whether this update was ever received (lately)."""
        table = schema.updates
        with self._state.begin() as db:
            query = table.select().where(table.c.update_id == update_id)
            return db.execute(query).first() is not None

    def note_sent(self, update_id: int, messages: int) -> None:
        """Notes that Telegram has taken so many messages of the answer."""
        table = schema.updates
        with self._state.begin() as db:
            db.execute(table.update().where(table.c.update_id == update_id).values(sent=messages))

    def done(self, update_id: int) -> None:
        """The update is answered: its text goes, its number stays for a while."""
        table = schema.updates
        with self._state.begin() as db:
            db.execute(
                table.update().where(table.c.update_id == update_id).values(payload=None, who=None)
            )

    def _sender(self, update: Update) -> str | None:
        for part in update.values():
            if isinstance(part, dict) and isinstance(part.get("from"), dict):
                return self._state.who(part["from"].get("id", 0))
        return None
