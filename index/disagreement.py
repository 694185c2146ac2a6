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

# Two sentences that say the same of the same thing but for a day or a number are this close.
SAME_THING = 0.93
# And both passages fit the question about equally well.
AS_GOOD_WITHIN = 0.08

_STATED = re.compile(
    r"\d+(?:[.,:]\d+)*"
    r"|\b(?:pazartesi|salı|çarşamba|perşembe|cumartesi|cuma|pazar"
    r"|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august"
    r"|september|october|november|december)(?=\b|[dt][ae]|l[ae]r|['’])",
    re.IGNORECASE,
)
_Stated = tuple[set[str], Floats]  # the days and numbers of a sentence, and its vector
# Words of questions that a date or a number may answer, as typed without Turkish letters. More than
# `index.expected` takes for such a question: here both sentences were found to say the same.
_ASKS_NUMBER = frozenset(
    """
    kac kaca kacta kacinci kadar zaman tarih tarihte tarihi yil yili yilda gun gunu gunler
    gunleri saat saatte saati saatleri ucret ucreti fiyat fiyati aidat aidati bedel bedeli kira
    kirasi when many much date year day time hours price cost old long wann viele viel datum
    jahr uhr preis когда сколько дата год время цена
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
    here = _stating(found.index, first)
    others = [other for other in citations[1:] if _contradicts(found, first, here, other)]
    if not others:
        return ()
    apart = sorted([first, *others], key=lambda c: c.date or date.min, reverse=True)
    rest = [citation for citation in citations if citation not in apart]
    return tuple(replace(c, number=n) for n, c in enumerate([*apart, *rest], 1))


def _asks_number(question: str) -> bool:
    return any(ascii_fold(word.text) in _ASKS_NUMBER for word in words(question))


def _contradicts(found: Found, first: Citation, here: list[_Stated], other: Citation) -> bool:
    """Whether another citation says something else than the first, which states what is `here`."""
    if first.path == other.path or other.score < first.score - AS_GOOD_WITHIN:
        return False
    there = _stating(found.index, other)
    return any(
        said - heard and heard - said and float(one @ another) >= SAME_THING
        for said, one in here
        for heard, another in there
    )


def _stating(index: OpenedIndex, citation: Citation) -> list[_Stated]:
    """What each answering sentence states, and its vector; none where it has left the index."""
    row = index.row_of(citation.key)
    if row is None:
        return []
    (record,) = index.passages(np.array([row]))
    vectors = index.sentence_vectors(row)
    starts = {span.start for span in citation.highlights}
    return [
        ({found.group().lower() for found in _STATED.finditer(text)}, vector)
        for span, text, vector in zip(record.sentences, record.sentence_texts, vectors, strict=True)
        if span.start in starts
    ]
