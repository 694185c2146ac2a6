"""What Alembic runs: the steps, on the connection whose transaction `bot.migrate` holds."""

from __future__ import annotations

from alembic import context

from bot.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # there is a transaction already
)
context.run_migrations()
