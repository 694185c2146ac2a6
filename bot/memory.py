"""Keeps the memory of a process that runs for months small and level, where glibc is in use."""

from __future__ import annotations

import ctypes
import os
from typing import Any

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def share_one_heap() -> None:
    """All threads take memory from one heap, if called before there are threads.

    Each would else have its own, where what others freed is not used again: a bot with its ten
    threads grew twice as much while indexes were replaced (docs/performance.md).
    """
    set_option = _of_libc("mallopt")
    if set_option is not None:
        set_option(_ARENA_MAX, 1)


def give_back() -> None:
    """What glibc keeps for later goes back at once; with another C library nothing happens.

    Freed memory lies between what is in use, so it would stay with the process, and grow a little
    with each index that is replaced.
    """
    trim = _of_libc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_libc(name: str) -> Any:
    """A function of the C library, None where it has none of that name."""
    return getattr(ctypes.CDLL(None), name, None) if os.name == "posix" else None
