"""Several processes share the work: who answers an update, and files that wait for a decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the table of replicas and three columns."""
    op.create_table(
        "replicas",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("seen", sa.Float, nullable=False),
    )
    op.add_column("updates", sa.Column("chat", sa.BigInteger))
    op.add_column("updates", sa.Column("owner", sa.Text))
    op.create_index(
        "updates_in_chat",
        "updates",
        ["chat", "update_id"],
        sqlite_where=sa.text("payload IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL"),
    )
    op.add_column("uploads", sa.Column("content", sa.LargeBinary))
