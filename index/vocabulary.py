"""The words of an index, as the repair of questions looks them up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from index.analyser import stem
from index.function_words import FUNCTION_WORDS
from index.spelling import in_case_of
from index.text import ascii_fold, bare, fold, words

__all__ = ["Spelling", "Vocabulary", "spellings", "vocabulary_entries"]

_SHORTEST_STEM = 3
_STEM_MARK = "-"
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\n\"“”«»'’)\]])\W*$")
_CONTEXT = 4
_MOSTLY = 3


class Vocabulary(Protocol):
    """The words of an index, found by how they look without Turkish letters."""

    def lookup(self, keys: Iterable[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        """For each known ASCII form, the words of that form and in how many passages they stand.

        Words stand as `vocabulary_entries` gave them, in the case that they have in the sources.
        """


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write a word: folded, as the sources mostly write it, and in how many passages.

    A name mostly has a capital, where it does not begin a sentence. A stem that stands nowhere by
    itself is in no passage.
    """

    folded: str
    written: str
    passages: int
    is_name: bool


def vocabulary_entries(text: str) -> set[tuple[str, str]]:
    """The (ASCII form, word) pairs by which the words of a passage can be looked up later.

    A word stands in its own case, but for the first of a sentence, and without its apostrophe
    suffix. Its stem stands beside it with a hyphen (şehr-i gives "şehir-"), so that a form which
    the sources never use is known too.
    """
    entries: set[tuple[str, str]] = set()
    openers: set[tuple[str, str]] = set()
    written = list(words(text))
    for word, shouted in zip(written, _shouted([word.text for word in written]), strict=True):
        if word.text[0].isdigit():
            continue
        entry, root = _entries_of(fold(word.text) if shouted else word.text)
        opens = (
            word.text[0].isupper()
            and entry[1] == word.text
            and _SENTENCE_START.search(text[max(0, word.start - _CONTEXT) : word.start])
        )
        (openers if opens else entries).add(entry)
        if root:
            (openers if opens else entries).add(root)
    return entries | {(key, fold(word)) for key, word in openers - entries}


def _shouted(texts: list[str]) -> list[bool]:
    """Which words stand in capitals beside another one that does: they tell nothing of names."""
    capital = [len(text) > 1 and text.isupper() for text in texts]
    beside = zip([False, *capital], capital, [*capital[1:], False], strict=False)
    return [here and (before or after) for before, here, after in beside]


@lru_cache(maxsize=1 << 16)
def _entries_of(word: str) -> tuple[tuple[str, str], tuple[str, str] | None]:
    """The entries of a word by itself and of its stem, where that is another."""
    written = bare(word)
    folded = fold(written)
    root = stem(folded)
    entry = (ascii_fold(folded), written)
    if root == folded or len(root) < _SHORTEST_STEM:
        return entry, None
    return entry, (ascii_fold(root), in_case_of(root, written) + _STEM_MARK)


def spellings(vocabulary: Vocabulary, keys: Set[str]) -> dict[str, list[Spelling]]:
    """The ways to write each ASCII form, most frequent first; function words are always known."""
    found: dict[str, list[Spelling]] = {}
    known = vocabulary.lookup(keys)
    for key in keys:
        cases: dict[str, Counter[str]] = defaultdict(Counter)
        for entry, passages in known.get(key, ()):
            written = entry.removesuffix(_STEM_MARK)
            cases[fold(written)][written] += passages if written == entry else 0
        for word in _FUNCTION_WORDS.get(key, ()):
            cases[word][word] += 1
        if cases:
            ways = (_spelling(folded, forms) for folded, forms in cases.items())
            found[key] = sorted(ways, key=lambda way: -way.passages)
    return found


def _spelling(folded: str, forms: Counter[str]) -> Spelling:
    written = forms.most_common(1)[0][0]
    small = sum(passages for form, passages in forms.items() if form[:1].islower())
    is_name = not written[:1].islower() and forms.total() - small >= _MOSTLY * small
    return Spelling(folded, written, forms.total(), is_name)


def _function_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(FUNCTION_WORDS["tr"]):
        found[ascii_fold(word)].append(word)
    return dict(found)


_FUNCTION_WORDS = _function_words()
