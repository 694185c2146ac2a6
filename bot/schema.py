"""The tables behind the bot's memory.

A column `who` holds the salted hash of a user id, a column `user_id` the id itself where it is
needed. `State.forget` clears every table that has one of the two: a new table is covered by
naming its column so. Times are seconds since 1970, UTC.

A change here is a new step in `bot/migrations/versions`, and its number in REVISION.
"""

from __future__ import annotations

import sqlalchemy as sa

REVISION = "0002"

metadata = sa.MetaData()

# Updates as received, kept until they are answered; then only the number stays for a while, so
# that the same update is not answered twice. `owner` is the replica that answers it, none where it
# is free to take; `chat` is whose order it keeps.
updates = sa.Table(
    "updates",
    metadata,
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("who", sa.Text),
    sa.Column("payload", sa.Text),
    sa.Column("sent", sa.Integer, nullable=False, default=0),
    sa.Column("received", sa.Float, nullable=False),
    sa.Column("chat", sa.BigInteger),
    sa.Column("owner", sa.Text),
)
for _name, _columns in (
    ("updates_pending", (updates.c.update_id,)),
    ("updates_in_chat", (updates.c.chat, updates.c.update_id)),
):
    _pending = updates.c.payload.is_not(None)
    sa.Index(_name, *_columns, sqlite_where=_pending, postgresql_where=_pending)

# Processes that share this database, and when each was last heard of.
replicas = sa.Table(
    "replicas",
    metadata,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("seen", sa.Float, nullable=False),
)

languages = sa.Table(
    "languages",
    metadata,
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("language", sa.Text, nullable=False),
)

approved = sa.Table(
    "approved",
    metadata,
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Float, nullable=False),
)

pairings = sa.Table(
    "pairings",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("user_id", sa.BigInteger, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("who", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),  # chat and topic
    sa.Column("turns", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

# Answers that have buttons, as JSON, so that buttons work after a restart and a rebuild.
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("who", sa.Text, nullable=False, index=True),
    sa.Column("chat_id", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("further", sa.Text, nullable=False, default="[]"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("answer_id", sa.Text, primary_key=True),
    sa.Column("who", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("content", sa.LargeBinary),
)

rates = sa.Table(
    "rates",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("window", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("ends", sa.Float, nullable=False),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
