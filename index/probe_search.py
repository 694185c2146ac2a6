"""Searches made questions, once as they are and once without what answers them.

Without its passage, or without the whole document, nothing answers a probe, though people and
places stay right: a near miss, as `index.calibrate` learns from and `bench.near_misses` counts.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from index.able import able_first
from index.copies import SEARCHED, without_copies
from index.embedder import Tokens
from index.judge import SIGNAL_HITS
from index.late_interaction import LateInteraction
from index.probes import Probe, Sample
from index.query_terms import idf_of
from index.reader import Index
from index.records import PassageRecord
from index.retriever import COVERAGE_WEIGHT, Ranking, Retriever
from index.text import terms
from index.token_reader import TokenReader

CANDIDATES = 200  # so many that something is left where a document is left out


@dataclass(frozen=True, slots=True)
class Searched:
    """A probe as it was searched without the rows `left_out`, none where it can be answered.

    `asked` are its tokens, None where the model does not tell how it reads them.
    """

    probe: Probe
    asked: Tokens | None
    left_out: Collection[int]
    ranking: Ranking
    first: PassageRecord


def search_probes(
    index: Index, retriever: Retriever, reader: TokenReader | None, probes: Iterable[Probe]
) -> Iterator[Searched]:
    """Each probe in the whole index, without its passage, and without its document.

    Left out is what finds a copy of the passage, which answers just as well, or nothing at all.
    """
    compare = LateInteraction(reader) if reader else None
    for probe in probes:
        asked = reader.asked(probe.question) if reader else None
        sample = probe.sample
        whole = said_otherwise(
            retriever.search(probe.question, sample.language, CANDIDATES),
            terms(" ".join(probe.other_words), sample.language),
        )
        for left_out in ((), (sample.row,), sample.document):
            ranking = _without(whole, left_out)
            ranking = ranking.reordered(ranking.hits[: SEARCHED * SIGNAL_HITS])
            ranking = able_first(without_copies(ranking, index, SIGNAL_HITS), index)
            if compare and asked:
                ranking = compare(ranking, asked)
            if not ranking.hits:
                continue
            (first,) = index.passages(np.array([ranking.hits[0].row]))
            if not left_out or sample.text not in first.text:
                yield Searched(probe, asked, left_out, ranking, first)


def samples_of(index: Index, most: int, seed: int = 0) -> Iterator[Sample]:
    """Sentences of at most so many randomly chosen passages; the same seed gives the same."""
    documents = [rows for _, rows in index.placed()]
    ends = np.cumsum([len(rows) for rows in documents])
    chance = random.Random(seed)  # noqa: S311
    live = int(ends[-1]) if len(ends) else 0
    for place in chance.sample(range(live), min(most, live)):
        number = int(np.searchsorted(ends, place, side="right"))
        rows = documents[number]
        row = rows[place - int(ends[number])]
        (passage,) = index.passages(np.array([row]))
        if passage.sentences:
            text = chance.choice(passage.sentence_texts)
            yield Sample(text, passage.language, row, rows)


def said_otherwise(ranking: Ranking, lost: Collection[str]) -> Ranking:
    """The ranking as it were if the terms in `lost` stood nowhere in the index."""
    gone = np.array([term in lost for term in ranking.wanted.terms], bool)
    unseen = idf_of(np.zeros(1, np.int64), passages=len(ranking.hits))[0]
    wanted = replace(
        ranking.wanted,
        idf=np.where(gone, np.maximum(ranking.wanted.idf, unseen), ranking.wanted.idf),
        known=ranking.wanted.known & ~gone,
    )
    matches = ranking.matches & ~gone
    coverages = matches @ wanted.shares
    hits = [
        replace(
            hit,
            coverage=float(coverage),
            score=hit.score + COVERAGE_WEIGHT * (float(coverage) - hit.coverage),
        )
        for hit, coverage in zip(ranking.hits, coverages, strict=True)
    ]
    return replace(ranking, wanted=wanted, matches=matches).rescored(hits)


def _without(ranking: Ranking, rows: Collection[int]) -> Ranking:
    kept = [place for place, hit in enumerate(ranking.hits) if hit.row not in rows]
    hits = tuple(ranking.hits[place] for place in kept)
    return replace(ranking, hits=hits, matches=ranking.matches[kept])
