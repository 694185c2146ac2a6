"""Passages that cannot answer stand behind those that can: asked kaç lira, they hold no amount."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.expected import Expected
from index.opened import OpenedIndex
from index.records import PassageRecord
from index.retriever import Ranking

READ = frozenset({"tr", "en", "de"})  # languages in which it is known how an answer looks
UNABLE_LOSS = 0.02  # of the score of a passage that cannot answer: it decides where others are near


def able_first(ranking: Ranking, index: OpenedIndex) -> Ranking:
    """The ranking with what cannot answer moved down."""
    expected = ranking.expected
    if not expected.is_indispensable or not ranking.hits:
        return ranking
    rows = np.array([hit.row for hit in ranking.hits], np.int64)
    return ranking.rescored(
        [
            replace(hit, score=hit.score - UNABLE_LOSS * is_unable(expected, record))
            for hit, record in zip(ranking.hits, index.passages(rows), strict=True)
        ]
    )


def is_unable(expected: Expected, record: PassageRecord) -> bool:
    """Whether a passage, its title and its headings lack what the answer must have."""
    whole = " ".join((record.document.title, *record.headings, record.text))
    return record.language in READ and expected.is_missing_in(whole)
