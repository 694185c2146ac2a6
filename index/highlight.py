"""Which sentences of a passage are shown as the answer: the best one, or two that fit as well.

They go by `index.sentence_scores`, and where the passage was read together with the question, by
.04 of how surely each holds the answer then (`index.pair_reader`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.embedder import Reading
from index.finder import Found
from index.records import PassageRecord
from index.retriever import Hit
from index.sentence_scores import has_expected, sentence_scores
from index.sentences import Span

READ_WEIGHT = 0.04
# A second sentence is shown where it scores nearly as well, sooner where it stands beside it.
SECOND_WITHIN = 0.08
SECOND_WITHIN_AS_READ = 0.16  # the scores of what was read lie further apart
NEIGHBOUR_BONUS = 0.03
IDLE_LOSS = 0.1  # of one without the number or name asked for, beside one that has it


def highlight(found: Found, hit: Hit, record: PassageRecord) -> tuple[Span, ...]:
    """The best sentence of a passage, or the best two in order where both fit about as well."""
    if len(record.sentences) < 2:
        return record.sentences
    stands = has_expected(found.ranking, record)
    scores = sentence_scores(found.ranking, hit, record, found.tokens, found.reader)
    scores = scores + READ_WEIGHT * as_read(hit.reading, len(scores))
    best = int(scores.argmax())
    rest = scores - IDLE_LOSS * (stands[best] & ~stands)
    rest[best] = -np.inf
    rest[max(best - 1, 0) : best + 2] += NEIGHBOUR_BONUS
    second = int(rest.argmax())
    within = SECOND_WITHIN_AS_READ if hit.reading else SECOND_WITHIN
    chosen = [best] if rest[second] < scores[best] - within else sorted((best, second))
    return tuple(record.sentences[place] for place in chosen)


def as_read(reading: Reading | None, sentences: int) -> npt.NDArray[np.float32]:
    """(sentences,) how surely each holds the answer where the passage was read with the question,
    0 for the surest of them and for all where it was not."""
    if reading is None or not np.isfinite(reading.sentences).any():
        return np.zeros(sentences, np.float32)
    logits = reading.sentences
    least = logits[np.isfinite(logits)].min()
    return np.maximum(logits, least) - logits.max()
