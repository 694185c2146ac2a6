"""Finds sources that give different dates or numbers for the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from index.answer import Citation
from index.finder import Found
from index.opened import OpenedIndex
from index.text import ascii_fold, words
from index.vectors import Floats

# Two sentences that say the same of the same thing but for a date or a number are this close.
SAME_THING = 0.93
# And both passages fit the question about equally well.
AS_GOOD_WITHIN = 0.08

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# Words of questions that a date or a number may answer, as typed without Turkish letters. More than
# `index.expected` takes for such a question: here both sentences were found to say the same.
_ASKS_NUMBER = frozenset(
    """
    kac kaca kacta kacinci zaman tarih tarihte tarihi yil yili yilda gun gunu saat saatte saatleri
    ucret ucreti fiyat fiyati when many much date year day time hours price cost old long wann viele
    viel datum jahr uhr preis когда сколько дата год время цена
    """.split()
)


def disagreeing(found: Found, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations with those that contradict the first one beside it, the newest first.

    Returns:
        The reordered and renumbered citations; () where nothing contradicts the first one.
    """
    if len(citations) < 2 or not _asks_number(found.standalone):
        return ()
    first = citations[0]
    others = [other for other in citations[1:] if _contradicts(found, first, other)]
    if not others:
        return ()
    apart = sorted([first, *others], key=lambda c: c.date or date.min, reverse=True)
    rest = [citation for citation in citations if citation not in apart]
    return tuple(replace(c, number=n) for n, c in enumerate([*apart, *rest], 1))


def _asks_number(question: str) -> bool:
    return any(ascii_fold(word.text) in _ASKS_NUMBER for word in words(question))


def _contradicts(found: Found, first: Citation, other: Citation) -> bool:
    if first.path == other.path or other.score < first.score - AS_GOOD_WITHIN:
        return False
    here, there = _numbers(first), _numbers(other)
    if not here - there or not there - here:
        return False
    return _cosine(found.index, first, other) >= SAME_THING


def _numbers(citation: Citation) -> set[str]:
    return set(_NUMBER.findall(" ".join(citation.highlighted)))


def _cosine(index: OpenedIndex, one: Citation, other: Citation) -> float:
    """Of the first answering sentences of two citations; 0 where one has left the index."""
    first, second = _first_sentence(index, one), _first_sentence(index, other)
    return 0.0 if first is None or second is None else float(first @ second)


def _first_sentence(index: OpenedIndex, citation: Citation) -> Floats | None:
    row = index.row_of(citation.key)
    if row is None:
        return None
    (record,) = index.passages(np.array([row]))
    begins = citation.highlights[0].start if citation.highlights else citation.start
    starts = [span.start for span in record.sentences]
    if begins not in starts:
        return None
    vector: Floats = index.sentence_vectors(row)[starts.index(begins)]
    return vector
