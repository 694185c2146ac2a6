"""Who may ask: closed by default, opened by lists or by pairing.

The sender is what counts, everywhere. A listed chat opens that chat alone, for identified people
who write there; it never opens private chats, inline mode or admin commands. Where either list is
set, the lists decide alone; where both are empty, strangers get a one-time code that the owner
approves with `danis approve CODE`.
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Set
from dataclasses import dataclass

from bot import schema
from bot.render import printable
from bot.state import State

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # pragma: allowlist secret
CODE_LENGTH = 8
CODE_SECONDS = 3600.0
CODES_PER_HOUR = 3  # for one stranger
MOST_PAIRINGS = 200  # waiting at once, all strangers together
WRONG_CODES_PER_HOUR = 10


class Entry(enum.Enum):
    """What is to become of a sender."""

    OPEN = enum.auto()
    PAIRING = enum.auto()  # a stranger, who may be approved
    CLOSED = enum.auto()
    ANONYMOUS = enum.auto()  # nobody that could be checked


@dataclass(frozen=True, slots=True)
class Access:
    """The lists of the settings (ids as text, or "*") and the approvals in the state."""

    state: State
    users: Set[str]
    chats: Set[str]
    admins: Set[str]

    def entry(self, user_id: int | None, chat_id: int | None) -> Entry:
        """Whether this sender may ask in this chat (None: inline, which has no chat)."""
        if user_id is None:
            return Entry.ANONYMOUS
        if self.is_admin(user_id) or _listed(user_id, self.users):
            return Entry.OPEN
        if chat_id is not None and chat_id < 0 and _listed(chat_id, self.chats):
            return Entry.OPEN
        if self.users or self.chats:
            return Entry.CLOSED
        return Entry.OPEN if is_approved(self.state, user_id) else Entry.PAIRING

    def is_admin(self, user_id: int | None) -> bool:
        """Whether this user may change sources and see the status; "*" makes nobody an admin."""
        return user_id is not None and str(user_id) in self.admins


def _listed(number: int, ids: Set[str]) -> bool:
    return "*" in ids or str(number) in ids


def is_approved(state: State, user_id: int) -> bool:
    """Whether the owner approved this user."""
    table = schema.approved
    with state.begin() as db:
        return db.execute(table.select().where(table.c.user_id == user_id)).first() is not None


def pairing_code(state: State, user_id: int, name: str) -> str | None:
    """The stranger's code, the same one while it is valid; None after too many."""
    table, now = schema.pairings, state.clock()
    with state.begin() as db:
        row = db.execute(
            table.select().where(table.c.user_id == user_id, table.c.expires > now)
        ).first()
        if row:
            return _spaced(row.code)
        db.execute(table.delete().where(table.c.expires <= now))
        waiting = len(db.execute(table.select()).all())
    if waiting >= MOST_PAIRINGS:
        return None
    if state.count(f"codes:{state.who(user_id)}", 3600) > CODES_PER_HOUR:
        return None
    shown = printable(name)[:80]
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    with state.begin() as db:
        db.execute(
            state.insert(table)
            .values(code=code, user_id=user_id, name=shown, expires=now + CODE_SECONDS)
            .on_conflict_do_nothing()
        )
        row = db.execute(table.select().where(table.c.user_id == user_id)).first()
    return _spaced(row.code) if row else None


def _spaced(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who was let in: the Telegram id, and the name that the stranger bears there."""

    user_id: int
    name: str


def approve(state: State, code: str) -> Approval | None:
    """Lets in whoever holds this code and uses it up; None where it is wrong or has expired.

    After too many wrong codes in an hour every code is wrong, until the hour has passed.
    """
    table, now = schema.pairings, state.clock()
    wanted = "".join(letter for letter in code.upper() if letter in CODE_LETTERS)
    if state.count("wrong-codes", 3600, by=0) >= WRONG_CODES_PER_HOUR:
        return None
    with state.begin(durable=True) as db:
        row = db.execute(
            table.delete()
            .where(table.c.code == wanted, table.c.expires > now)
            .returning(table.c.user_id, table.c.name)
        ).first()
        if row is not None:
            db.execute(
                state.insert(schema.approved)
                .values(user_id=row.user_id, at=now)
                .on_conflict_do_nothing()
            )
            return Approval(row.user_id, row.name)
    state.count("wrong-codes", 3600)
    return None
