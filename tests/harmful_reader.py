"""A reader that does what a hostile file may make a reader do."""

from __future__ import annotations

import ctypes
import os
import time


def extract(raw: bytes) -> str:
    """Crashes, hangs, floods or ends as told; else tells its process."""
    match raw:
        case b"crash":
            ctypes.string_at(0)
        case b"hang":
            time.sleep(600)
        case b"flood":
            return str(len(bytearray(3 << 30)))
        case b"end":
            os._exit(0)
        case b"stack":
            return extract(raw)
    return str(os.getpid())
