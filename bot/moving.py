"""`danis export` and `danis import`: index and memory as one file, to keep or to move."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from bot import backup, live
from bot.settings import load_settings
from bot.words import say


def export(options: argparse.Namespace) -> int:
    """Writes index and memory to the archive `options.file`."""
    settings = load_settings()
    with closing(live.open_state(settings)) as state:
        moved = backup.export(Path(options.file), live.open_store(settings), state)
    _tell("exported", options.file, moved, settings.language)
    return 0


def import_(options: argparse.Namespace) -> int:
    """Puts the archive `options.file` in the place of index and memory."""
    settings = load_settings()
    with closing(live.open_state(settings)) as state:
        store = live.open_store(settings)
        moved = backup.restore(Path(options.file), store, state, over=options.replace)
    _tell("imported", options.file, moved, settings.language)
    return 0


def _tell(what: str, file: str, moved: backup.Moved, language: str) -> None:
    key = what if moved.documents else f"{what}_without_index"
    size = Path(file).stat().st_size / 1e6
    print(
        say(
            key,
            language,
            file=file,
            documents=moved.documents,
            passages=moved.passages,
            rows=moved.rows,
            size=f"{size:.1f}",
        ),
        file=sys.stderr,
    )
