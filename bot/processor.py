"""Order within a chat, freedom between chats, and the mark that an update is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import OperationalError
from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.desk import Desk

MOST_AT_ONCE = 10_000  # waiting for their turn in a chat counts; the threads set the real limit
SHORTEST_LOOK, LONGEST_LOOK = 0.03, 0.25  # seconds between looks at what others are answering


class ChatOrder(BaseUpdateProcessor):
    """Handles the updates of one chat one after the other, those of different chats at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(MOST_AT_ONCE)
        self._desk = desk
        self._locks: dict[object, asyncio.Lock] = {}
        self._users: dict[object, int] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Awaits the turn of the update's chat, handles it, and notes it as answered.

        Where the handling is cancelled (the process ends), the update stays to be answered at
        the next start, or by another process.
        """
        if isinstance(update, Update):
            await self._after_others(update.update_id)
        key = _chat(update)
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] = self._users.get(key, 0) + 1
        try:
            async with lock:
                if isinstance(update, Update) and not self._desk.inbox.holds(update.update_id):
                    coroutine.close()  # type: ignore[attr-defined]  # another process has it now
                    return
                with self._desk.metrics.waiting.track_inprogress():
                    await coroutine
            if isinstance(update, Update):
                await self._desk.finish(update.update_id)
        finally:
            if isinstance(update, Update):
                self._desk.deliveries.end(update.update_id)
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key], self._locks[key]

    async def _after_others(self, update_id: int) -> None:
        """Waits while other processes answer earlier updates of the same chat.

        No lock is held meanwhile, and only smaller numbers are waited for: nothing can block
        each other.
        """
        inbox, pause = self._desk.inbox, SHORTEST_LOOK
        while inbox.is_behind(update_id) and inbox.holds(update_id):
            await asyncio.sleep(pause)  # also at first: what was sent together arrives together
            pause = min(LONGEST_LOOK, pause * 1.5)
            with suppress(OperationalError):
                if not await self._desk.keep(inbox.must_wait, update_id):
                    return

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""


def _chat(update: object) -> object:
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else None
