"""Which index terms may stand for a question's: asked kaç para, a passage says ücret."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from index.analyser import stem

__all__ = ["synonyms"]

_LISTED = Path(__file__).with_name("synonyms.txt")


def synonyms(term: str, language: str) -> tuple[str, ...]:
    """The terms of words that documents may use where a question in `language` has `term`."""
    return _turkish().get(term, ()) if language == "tr" else ()


@cache
def _turkish() -> Mapping[str, tuple[str, ...]]:
    """By the key of each word, the keys of its synonyms, in the order of the list."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for line in _LISTED.read_text("utf-8").splitlines():
        asked, _, written = line.partition("#")[0].partition(">")
        keys = [*map(stem, asked.split())]
        others = [*map(stem, written.split())] or keys
        for key in keys:
            found[key].update(dict.fromkeys(others))
    return {key: tuple(other for other in others if other != key) for key, others in found.items()}
