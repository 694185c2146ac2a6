"""Rebuilds when the seeds folder changes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bot.settings import locale_language
from index.errors import DanisError

# Changes that come together, as when a folder is copied in, lead to one rebuild.
QUIET_MS = 600


def watch(folder: Path, rebuild: Callable[[], object]) -> None:
    """Calls `rebuild` after each change until Ctrl-C; an error is told and the watch goes on."""
    from watchfiles import watch as changes

    for _ in changes(folder, debounce=QUIET_MS, step=QUIET_MS // 4, raise_interrupt=False):
        try:
            rebuild()
        except DanisError as error:
            print(error.text(locale_language()), file=sys.stderr)
