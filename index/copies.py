"""Passages that say the same, word for word: only the best of them counts as found.

An address that stands below every press release would else fill all places, and none of them would
stand out from the others, so that the surest of answers would be refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index.opened import OpenedIndex
from index.records import PassageRecord
from index.retriever import Hit, Ranking

SEARCHED = 2  # times as many passages as are wanted, so that copies leave enough
ALIKE = 0.01  # the same sentences below different titles, kept in 4 bits, differ by less


def without_copies(ranking: Ranking, index: OpenedIndex, k: int) -> Ranking:
    """The k best passages of a ranking that say different things, and which ones say the same."""
    suspects = _alike(ranking.hits)
    rows = np.array([ranking.hits[place].row for place in suspects], dtype=np.int64)
    alike: dict[str, list[PassageRecord]] = {}
    for record in index.passages(rows):  # the best first
        alike.setdefault(" ".join(record.text.casefold().split()), []).append(record)
    copies: dict[int, tuple[str, ...]] = {}
    left_out: set[int] = set()
    for first, *others in alike.values():
        if others:
            copies[first.row] = tuple(other.document.path for other in others)
            left_out.update(other.row for other in others)
    kept = [hit for hit in ranking.hits if hit.row not in left_out]
    return replace(ranking.reordered(kept[:k]), copies=copies)


def _alike(hits: Sequence[Hit]) -> npt.NDArray[np.intp]:
    """The places of those that may be copies of another one, by how their sentences fit."""
    fits = [hit.sentence_cosines for hit in hits]
    counts = np.array([len(fit) for fit in fits])
    best = np.array([fit.max(initial=0.0) for fit in fits])
    sums = np.array([fit.sum() for fit in fits])
    near = (
        (counts[:, None] == counts)
        & (np.abs(best[:, None] - best) < ALIKE)
        & (np.abs(sums[:, None] - sums) < ALIKE * counts)
    )
    np.fill_diagonal(near, val=False)
    return np.flatnonzero(near.any(axis=1))
