"""Which sentences of a passage answer: meaning and shared words, as for whole passages."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.records import PassageRecord
from index.retriever import Hit, Ranking
from index.sentences import Span
from index.text import terms

# Within one passage words tell more than between passages.
COVERAGE_WEIGHT = 1.0
# A second sentence is shown where it scores nearly as well.
SECOND_WITHIN = 0.02


def highlight(ranking: Ranking, hit: Hit, record: PassageRecord) -> tuple[Span, ...]:
    """The best sentence of a passage, or the best two in order where both fit about as well."""
    if not record.sentences:
        return ()
    coverage = sentence_coverage(ranking, record)
    scores = hit.sentence_cosines + COVERAGE_WEIGHT * coverage
    order = np.argsort(-scores, kind="stable")
    chosen = [
        int(place) for place in order[:2] if scores[place] >= scores[order[0]] - SECOND_WITHIN
    ]
    return tuple(record.sentences[place] for place in sorted(chosen))


def sentence_coverage(ranking: Ranking, record: PassageRecord) -> npt.NDArray[np.float64]:
    """(sentences,) share of the question's term weight that stands in each sentence, 0 to 1."""
    total = ranking.idf.sum()
    if total <= 0:
        return np.zeros(len(record.sentences))
    shares = []
    for span in record.sentences:
        text = record.text[span.start - record.start : span.end - record.start]
        present = set(terms(text, record.document.language))
        shares.append(
            sum(w for t, w in zip(ranking.terms, ranking.idf, strict=True) if t in present) / total
        )
    return np.array(shares)
