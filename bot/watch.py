"""Rebuilds when the seeds folder changes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from index.errors import DanisError

# Changes that come together, as when a folder is copied in, lead to one rebuild.
QUIET_MS = 600


FEEDS_LOOK_SECONDS = 5.0


def watch(
    folder: Path,
    rebuild: Callable[[], object],
    language: str,
    refresh: Callable[[Callable[[float], bool]], object],
) -> None:
    """Calls `rebuild` after each change until Ctrl-C or SIGTERM; an error is told, not fatal.

    Meanwhile a thread calls `refresh` every few seconds, which fetches the feeds that are due; it
    is given what to wait with, which tells whether to stop.
    """
    from watchfiles import watch as changes

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also where a shell started this in the background and so told it to ignore Ctrl-C.
        signal.signal(number, lambda *_: stop.set())
    Thread(target=_follow, args=(refresh, stop, language), name="feeds", daemon=True).start()
    for _ in changes(folder, debounce=QUIET_MS, step=QUIET_MS // 4, stop_event=stop):
        try:
            rebuild()
        except DanisError as error:
            print(error.text(language), file=sys.stderr)


def _follow(
    refresh: Callable[[Callable[[float], bool]], object], stop: Event, language: str
) -> None:
    told = ""
    while not stop.wait(FEEDS_LOOK_SECONDS):
        try:
            refresh(stop.wait)
        except DanisError as error:
            if error.english != told:  # not again every few seconds
                print(error.text(language), file=sys.stderr)
            told = error.english
