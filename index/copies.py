"""Passages that say the same, word for word: only the best of them counts as found.

An address that stands below every press release would else fill all places, and none of them would
stand out from the others, so that the surest of answers would be refused.
"""

from __future__ import annotations

import numpy as np

from index.opened import OpenedIndex
from index.retriever import Ranking

SEARCHED = 2  # times as many passages as are wanted, so that copies leave enough


def without_copies(ranking: Ranking, index: OpenedIndex, k: int) -> Ranking:
    """The k best passages of a ranking that say different things."""
    rows = np.array([hit.row for hit in ranking.hits], dtype=np.int64)
    places: dict[str, int] = {}
    for place, record in enumerate(index.passages(rows)):
        places.setdefault(" ".join(record.text.casefold().split()), place)
    return ranking.reordered([ranking.hits[place] for place in list(places.values())[:k]])
