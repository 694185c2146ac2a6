"""Gives memory that is free inside this process back to the system."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """What glibc keeps for later goes back at once; with another C library nothing happens.

    Freed memory lies between what is in use, so it would stay with the process, and grow a little
    with each index that is replaced.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
