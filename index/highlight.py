"""Which sentences of a passage answer: those nearest to the question that say what tells.

The score of a sentence s is

    q's + 1.2 C(s) + .1 tell + .05 carry + .02 r(s) + .08 [s has an amount, time, … if asked for]

with q' the centred question, C the question's soft coverage by s and what was said before it (see
`index.soft_coverage`), tell the share of the question's term weight that stands in s, each term
weighted once more by how few of the passage's sentences have it, and carry the share that stands
in s or in the sentence before; r is how surely s holds the answer as the passage is read with the
question, where it is; any number, name or place that is asked for counts .02.
docs/retrieval.md compares.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.expected import Kind
from index.finder import Found
from index.query_terms import idf_of
from index.records import PassageRecord
from index.retriever import Hit
from index.sentences import Span
from index.soft_coverage import carried, soft_coverage
from index.text import terms

TELLING_WEIGHT = 0.1
CARRIED_WEIGHT = 0.05
READ_WEIGHT = 0.02
SOFT_WEIGHT = 1.2
HARD_WEIGHT = 0.2  # of the same by words alone, where it is not kept how the model reads
# Any number or name tells less than a time of day or an amount of money where that is asked for.
EXPECTED_WEIGHT = dict.fromkeys(Kind, 0.08) | {
    Kind.NUMBER: 0.02,
    Kind.NAME: 0.02,
    Kind.PLACE: 0.02,
    Kind.ANYTHING: 0.0,
}
# A second sentence is shown where it scores nearly as well, sooner where it stands beside it.
SECOND_WITHIN = 0.08
SECOND_WITHIN_AS_READ = 0.1  # the scores of what was read lie further apart
NEIGHBOUR_BONUS = 0.03
IDLE_LOSS = 0.1  # of one without the number or name asked for, beside one that has it


def highlight(found: Found, hit: Hit, record: PassageRecord) -> tuple[Span, ...]:
    """The best sentence of a passage, or the best two in order where both fit about as well."""
    if len(record.sentences) < 2:
        return record.sentences
    expected = found.ranking.expected
    stands = np.array([expected.stands_in(text) for text in record.sentence_texts], bool)
    scores = sentence_scores(found, hit, record) + EXPECTED_WEIGHT[expected.kind] * stands
    best = int(scores.argmax())
    rest = scores - IDLE_LOSS * (stands[best] & ~stands)
    rest[best] = -np.inf
    rest[max(best - 1, 0) : best + 2] += NEIGHBOUR_BONUS
    second = int(rest.argmax())
    within = SECOND_WITHIN_AS_READ if hit.reading else SECOND_WITHIN
    chosen = [best] if rest[second] < scores[best] - within else sorted((best, second))
    return tuple(record.sentences[place] for place in chosen)


def sentence_scores(found: Found, hit: Hit, record: PassageRecord) -> npt.NDArray[np.float64]:
    """(sentences,) how well each answers, by what it says; higher is better."""
    texts, language, wanted = record.sentence_texts, record.language, found.ranking.wanted
    bags = [set(terms(text, language)) for text in texts]
    present = np.stack([wanted.present(bag) for bag in bags])
    weights = wanted.shares
    telling = weights * idf_of(present.sum(axis=0), len(texts))
    before = np.vstack([np.zeros_like(present[:1]), present[:-1]])
    # To embed its sentences now would take longer than all the rest.
    states = found.reader.kept(hit.row) if found.reader else []
    if found.tokens and states:
        covered = SOFT_WEIGHT * soft_coverage(found.tokens, states)
    else:
        covered = HARD_WEIGHT * (carried(present) @ weights)
    return np.asarray(
        hit.sentence_nearness
        + covered
        + READ_WEIGHT * _as_read(hit, len(texts))
        + TELLING_WEIGHT * (present @ telling)
        + CARRIED_WEIGHT * ((present | before) @ weights)
    )


def _as_read(hit: Hit, sentences: int) -> npt.NDArray[np.float32]:
    """(sentences,) how surely each holds the answer where the passage was read with the question,
    0 for the surest of them and for all where it was not."""
    if hit.reading is None or not np.isfinite(hit.reading.sentences).any():
        return np.zeros(sentences, np.float32)
    logits = hit.reading.sentences
    least = logits[np.isfinite(logits)].min()
    return np.maximum(logits, least) - logits.max()
