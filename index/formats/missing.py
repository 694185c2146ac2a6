"""What to say where the package that reads a kind of file is not installed."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from index.errors import SeedError
from index.formats import Kind


def missing_package(kind: Kind, module: str) -> SeedError:
    """The error that names the extra and the command that installs what `kind` needs."""
    return SeedError(*needed(kind.extra or module, kind.packages or (module,)))


def needed(extra: str, packages: tuple[str, ...]) -> tuple[str, str]:
    """The sentence in Turkish and English: which extra is missing, and the command for it."""
    command = f"{python()} -m pip install {' '.join(packages)}"
    return (
        f"bunun için danis[{extra}] eki gerekli; `{command}` çalıştırın.",
        f"this needs the extra danis[{extra}]; run `{command}`.",
    )


def python() -> str:
    """This Python as one would type it here."""
    path = Path(sys.executable)
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
