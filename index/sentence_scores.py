"""How well each sentence of a passage answers, by what it and those before it say.

The score of a sentence s is

    q's + 1.2 C(s) + .1 tell + .05 carry + .08 [s has the amount, time, year … that is asked for]

with q' the centred question, C the question's soft coverage by s and what was said before it (see
`index.soft_coverage`), tell the share of the question's term weight that stands in s, each term
weighted once more by how few of the passage's sentences have it, and carry the share that stands
in s or in the sentence before; any number, name or place that is asked for counts .02.
docs/retrieval.md compares.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.embedder import Tokens
from index.expected import Kind
from index.query_terms import idf_of
from index.records import PassageRecord
from index.retriever import Hit, Ranking
from index.soft_coverage import carried, soft_coverage
from index.text import terms
from index.token_reader import TokenReader

TELLING_WEIGHT = 0.1
CARRIED_WEIGHT = 0.05
SOFT_WEIGHT = 1.2
HARD_WEIGHT = 0.2  # of the same by words alone, where it is not kept how the model reads
# Any number or name tells less than a time of day or an amount of money where that is asked for.
EXPECTED_WEIGHT = dict.fromkeys(Kind, 0.08) | {
    Kind.NUMBER: 0.02,
    Kind.NAME: 0.02,
    Kind.PLACE: 0.02,
    Kind.ANYTHING: 0.0,
}


def sentence_scores(
    ranking: Ranking,
    hit: Hit,
    record: PassageRecord,
    tokens: Tokens | None,
    reader: TokenReader | None,
) -> npt.NDArray[np.float64]:
    """(sentences,) how well those of a hit answer, higher for better; `tokens` are the question's.

    Both last are None where the model does not tell how it reads tokens.
    """
    texts, language, wanted = record.sentence_texts, record.language, ranking.wanted
    bags = [set(terms(text, language)) for text in texts]
    present = np.stack([wanted.said_in(bag) for bag in bags])
    weights = wanted.shares
    telling = weights * idf_of(present.sum(axis=0), len(texts))
    before = np.vstack([np.zeros_like(present[:1]), present[:-1]])
    # To embed its sentences now would take longer than all the rest.
    states = reader.kept(hit.row) if reader else []
    if tokens and states:
        covered = SOFT_WEIGHT * soft_coverage(tokens, states)
    else:
        covered = HARD_WEIGHT * (carried(present) @ weights)
    return np.asarray(
        hit.sentence_nearness
        + covered
        + TELLING_WEIGHT * (present @ telling)
        + CARRIED_WEIGHT * ((present | before) @ weights)
        + EXPECTED_WEIGHT[ranking.expected.kind] * has_expected(ranking, record)
    )


def has_expected(ranking: Ranking, record: PassageRecord) -> npt.NDArray[np.bool_]:
    """(sentences,) which of them have an amount, a time, a name … if one is asked for."""
    return np.array([ranking.expected.stands_in(text) for text in record.sentence_texts], bool)
