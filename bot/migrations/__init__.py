"""Alembic's steps between versions of the tables; see `bot.migrate`."""
