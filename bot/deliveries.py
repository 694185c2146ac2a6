"""How many answers are on their way to Telegram at once, and so may come twice after a crash."""

from __future__ import annotations

import asyncio

AT_ONCE = 4
COUNTED_FOR = 0.5  # seconds; a slow delivery holds up the others no longer


class Deliveries:
    """The updates whose answers were sent and are not yet noted as answered."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._under_way: dict[int, asyncio.TimerHandle] = {}

    async def begin(self, update_id: int) -> None:
        """Waits for a place; at once where the update has one."""
        if update_id in self._under_way:
            return
        await self._places.acquire()
        loop = asyncio.get_running_loop()
        self._under_way[update_id] = loop.call_later(COUNTED_FOR, self.end, update_id)

    def end(self, update_id: int) -> None:
        """Gives the place back, where the update still has one."""
        timer = self._under_way.pop(update_id, None)
        if timer is not None:
            timer.cancel()
            self._places.release()
