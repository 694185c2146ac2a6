"""The tables of the first version; where a bot made them before Alembic did, they stay."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _id(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def _text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=null)


def _time(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=False)


def upgrade() -> None:
    """Makes what is not there."""

    def table(name: str, *columns: sa.Column[Any]) -> None:
        op.create_table(name, *columns, if_not_exists=True)

    number = sa.BigInteger
    table(
        "updates",
        _id("update_id"),
        _text("who", null=True),
        _text("payload", null=True),
        sa.Column("sent", sa.Integer, nullable=False),
        _time("received"),
    )
    op.create_index(
        "updates_pending",
        "updates",
        ["update_id"],
        if_not_exists=True,
        sqlite_where=sa.text("payload IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL"),
    )
    table("languages", _id("user_id"), _text("language"))
    table("approved", _id("user_id"), _time("at"))
    table(
        "pairings",
        _text("code", key=True),
        sa.Column("user_id", number, nullable=False, unique=True),
        _text("name"),
        _time("expires"),
    )
    table(
        "conversations",
        _text("who", key=True),
        _text("place", key=True),
        _text("turns"),
        _time("at"),
    )
    table(
        "answers",
        _text("id", key=True),
        _text("who"),
        sa.Column("chat_id", number, nullable=False),
        _time("at"),
        _text("answer"),
        _text("further"),
    )
    op.create_index("ix_answers_who", "answers", ["who"], if_not_exists=True)
    table(
        "feedback",
        _text("answer_id", key=True),
        _text("who", key=True),
        _text("kind"),
        _text("answer"),
        _time("at"),
    )
    table(
        "uploads",
        _text("id", key=True),
        sa.Column("user_id", number, nullable=False),
        _text("name"),
        _time("at"),
    )
    table(
        "rates",
        _text("key", key=True),
        sa.Column("window", number, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        _time("ends"),
    )
    table("counters", _text("name", key=True), sa.Column("value", number, nullable=False))
    table("facts", _text("name", key=True), _text("value"))
