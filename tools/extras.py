"""Prints what the named extras of pyproject.toml install, a requirement a line.

python tools/extras.py postgres pdf
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def requirements(names: list[str]) -> list[str]:
    """The requirements of these extras.

    Raises:
        KeyError: there is no such extra.
    """
    extras = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return [requirement for name in names for requirement in extras[name]]


if __name__ == "__main__":
    print(*requirements(sys.argv[1:]), sep="\n")
