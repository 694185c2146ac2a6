"""Rebuilds when the seeds folder changes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

from index.errors import DanisError

# Changes that come together, as when a folder is copied in, lead to one rebuild.
QUIET_MS = 600


def watch(folder: Path, rebuild: Callable[[], object], language: str) -> None:
    """Calls `rebuild` after each change until Ctrl-C or SIGTERM; an error is told, not fatal."""
    from watchfiles import watch as changes

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also where a shell started this in the background and so told it to ignore Ctrl-C.
        signal.signal(number, lambda *_: stop.set())
    for _ in changes(folder, debounce=QUIET_MS, step=QUIET_MS // 4, stop_event=stop):
        try:
            rebuild()
        except DanisError as error:
            print(error.text(language), file=sys.stderr)
