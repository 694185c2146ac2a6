"""A reader that does what a hostile file may make a reader do."""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path

from index.formats.extract import Extract


def extract(raw: bytes) -> str | Extract:
    """Does the harm that it is told, maybe only once; else tells its process."""
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
        case b"moved":
            raise ImportError("lxml.html.clean module is now a separate project lxml_html_clean.")
    if raw.startswith(b"once "):
        before = Path(raw.removeprefix(b"once ").decode())
        if not before.exists():
            before.touch()
            os._exit(0)
        return Extract("Göl")
    return str(os.getpid())
