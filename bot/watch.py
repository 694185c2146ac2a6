"""Rebuilds when the seeds folder changes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from index.errors import BusyIndexError, DanisError

# Changes that come together, as when a folder is copied in, lead to one rebuild.
QUIET_MS = 600
BUSY_MS = 1_000  # how soon a build elsewhere is looked at again

FEEDS_LOOK_SECONDS = 5.0


def watch(
    folder: Path,
    rebuild: Callable[[], object],
    language: str,
    refresh: Callable[[Callable[[float], bool]], object],
) -> None:
    """Calls `rebuild` at once and after each change until Ctrl-C or SIGTERM.

    An error is told, not fatal; while another build is under way, `rebuild` is called again.

    Meanwhile a thread calls `refresh` every few seconds, which fetches the feeds that are due; it
    is given what to wait with, which tells whether to stop.
    """
    from watchfiles import watch as changes

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also where a shell started this in the background and so told it to ignore Ctrl-C.
        signal.signal(number, lambda *_: stop.set())
    Thread(target=_follow, args=(refresh, stop, language), name="feeds", daemon=True).start()
    due = True  # for what changed before the folder was watched
    busy = False
    for changed in changes(
        folder,
        debounce=QUIET_MS,
        step=QUIET_MS // 4,
        stop_event=stop,
        rust_timeout=BUSY_MS,
        yield_on_timeout=True,
    ):
        if not changed and not due:
            continue
        due = False
        try:
            rebuild()
            busy = False
        except BusyIndexError as error:
            if not busy:  # not again every second
                print(error.text(language), file=sys.stderr)
            due = busy = True
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
