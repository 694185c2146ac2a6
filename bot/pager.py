"""Shows text on a terminal, through the user's pager where it is longer than the screen."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from contextlib import suppress

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\].*?(?:\x1b\\|\x07)")


def show(text: str) -> None:
    """Prints `text`; what does not fit on the screen goes through $PAGER (less; "" for none).

    Where there is no such program or it fails, and on a dumb terminal, it is printed all the same.
    """
    screen = shutil.get_terminal_size()
    command = _pager()
    if not command or rows(text, screen.columns) < screen.lines or not _paged(command, text):
        print(text, flush=True)


def _pager() -> list[str]:
    if os.environ.get("TERM") == "dumb":
        return []
    try:
        return shlex.split(os.environ.get("PAGER", "less"))
    except ValueError:  # a quotation mark that is not closed
        return []


def rows(text: str, columns: int) -> int:
    """The screen rows that `text` takes, escape codes not counted."""
    lines = _ESCAPES.sub("", text).split("\n")
    return sum(max(1, -(-len(line) // max(columns, 1))) for line in lines)


def _paged(command: list[str], text: str) -> bool:
    # -R shows bold and links, -F and -X leave a short text on the screen.
    options = f"{os.environ.get('LESS', '-FX')} -R"
    environment = os.environ | {"LESS": options, "LESSCHARSET": "utf-8"}
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
    except OSError:
        return False
    assert pager.stdin is not None  # noqa: S101
    with suppress(BrokenPipeError, KeyboardInterrupt), pager.stdin:
        pager.stdin.write(text.encode("utf-8", "replace") + b"\n")
    while True:
        try:
            return pager.wait() == 0
        except KeyboardInterrupt:
            continue  # it is the pager's: less takes it as "stop searching"
