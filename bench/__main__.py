"""`python -m bench` lists the benchmarks; `python -m bench NAME …` runs one."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def benchmarks() -> dict[str, str]:
    """Each benchmark's name and what it measures."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.stem not in ("__init__", "__main__") and "__main__" in text:
            found[path.stem] = text.split('"""')[1].strip().splitlines()[0]
    return found


def main(arguments: list[str]) -> None:
    """Runs what the first argument names."""
    known = benchmarks()
    if not arguments or arguments[0] not in known:
        for name, what in known.items():
            print(f"python -m bench {name:15} {what}")
        return
    sys.argv = [f"bench.{arguments[0]}", *arguments[1:]]
    runpy.run_module(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
