"""How well the check of written sentences tells what a passage says from what it does not.

    python -m bench.written

asks it of every sentence in questions/written.jsonl, over the shipped seeds. The part `seen` was
looked at while index/support.py was written; `fresh` was written afterwards, by the same hand, and
changed nothing.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot import live
from bot.render import table
from bot.settings import Settings
from index.embedder import Embedder
from index.opened import OpenedIndex
from index.support import Signals, signals_of

ROOT = Path(__file__).parent.parent
FILE = ROOT / "questions" / "written.jsonl"


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, what is right about it, and what the check says."""

    part: str
    sentence: str
    supported: bool
    kind: str  # what is wrong with it; "across" for one in another language than its passage
    signals: Signals

    @property
    def right(self) -> bool:
        """Whether the check agrees."""
        return (self.signals.fault is None) == self.supported


def judged(index: OpenedIndex, embedder: Embedder) -> Iterator[Judged]:
    """Every sentence of the file, judged by the check."""
    rows = {}
    for document in index.documents():
        first = index.first_row_of(document)
        places = np.arange(first, first + document.passages)
        rows[document.path] = list(zip(places, index.passages(places), strict=True))
    for line in FILE.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        (row,) = (
            int(row)
            for row, record in rows[case["path"]]
            if case["passage"] in " ".join(record.text.split())
        )
        yield Judged(
            case["part"],
            case["sentence"],
            case["supported"],
            "across" if case.get("across") else case.get("what", ""),
            signals_of(case["sentence"], [row], index, embedder),
        )


def figures(found: list[Judged]) -> str:
    """A table: for each kind, how many the check judges rightly."""
    rows = [("part", "sentences that are", "judged rightly", "of")]
    kinds = dict.fromkeys((each.part, each.supported, each.kind) for each in found)
    for part, supported, kind in kinds:
        some = [e for e in found if (e.part, e.supported, e.kind) == (part, supported, kind)]
        what = f"{'supported' if supported else 'not supported'}{': ' if kind else ''}{kind}"
        rows.append((part, what, str(sum(each.right for each in some)), str(len(some))))
    return table(rows)


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, seeds_dir=ROOT / "seeds", index_dir=Path(folder))
        live.build_index(settings)
        index = live.open_store(settings).open()
        print(figures(list(judged(index, live.open_embedder(settings)))))
        index.close()


if __name__ == "__main__":
    main()
