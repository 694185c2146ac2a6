"""Keeps the memory of a process that runs for months small and level, where glibc is in use."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def share_one_heap() -> None:
    """All threads take memory from one heap, if called before there are threads.

    Each would else have its own, where what others freed is not used again: a bot with its ten
    threads grew twice as much while indexes were replaced (docs/performance.md).
    """
    options = getattr(ctypes.CDLL(None), "mallopt", None)
    if options is not None:
        options(_ARENA_MAX, 1)


def give_back() -> None:
    """What glibc keeps for later goes back at once; with another C library nothing happens.

    Freed memory lies between what is in use, so it would stay with the process, and grow a little
    with each index that is replaced.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
