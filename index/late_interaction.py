"""Compares passages once more, token by token: those that nearly tie, and before a refusal.

One vector for a sentence tells its topic, and across languages no shared words tell the rest. So
passages that come close to the best one are compared piece by piece (late interaction, as in
ColBERT):

    M(q, S) = sum_i w_i max_{j in S} q_i . s_j

with q_i the states of the question's pieces, s_j those of a passage's best sentences, each read
alone; w_i the share of what all words tell, rare ones telling more. A passage's score moves by its
lead over the first one's M, times a weight. Across languages three passages are compared, and M
tells how sure to be of the first. Within a language shared words tell more: there it is two, and
only where they tie almost exactly, and M tells how sure to be of what would be refused
(docs/retrieval.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.embedder import Tokens
from index.retriever import Hit, Match, Ranking
from index.token_reader import TokenReader
from index.vectors import Floats

SENTENCES = 3  # of a passage, those nearest to the question


@dataclass(frozen=True, slots=True)
class Ties:
    """Which passages are compared to break ties, and what their lead in M counts.

    `reach` is how far under the first passage's score they may lie; further down hardly one wins.
    """

    weight: float
    reach: float
    passages: int


ACROSS = Ties(weight=0.15, reach=0.02, passages=3)
WITHIN = Ties(weight=0.06, reach=0.005, passages=2)


class LateInteraction:
    """Reorders rankings by the tokens of questions and sentences; safe for threads."""

    def __init__(self, reader: TokenReader) -> None:
        self._reader = reader

    def __call__(self, ranking: Ranking, asked: Tokens) -> Ranking:
        """The ranking with its near ties rescored; `asked` is the question that was searched."""
        places = near_ties(ranking)
        if not places:
            return ranking
        hits = list(ranking.hits)
        weight = ties_of(hits[0]).weight
        values = self._values([hits[place] for place in places], asked)
        for place, value in zip(places, values, strict=True):
            gain = weight * (value - values[0])
            hits[place] = replace(
                hits[place], match=Match(value, gain), score=hits[place].score + gain
            )
        return ranking.rescored(hits)

    def first_match(self, ranking: Ranking, asked: Tokens) -> Match:
        """How well the first passage matches."""
        return Match(*self._values(ranking.hits[:1], asked))

    def _values(self, hits: Sequence[Hit], asked: Tokens) -> list[float]:
        """M of each passage, by the sentences nearest to the question."""
        nearest = {hit.row: np.argsort(-hit.sentence_nearness)[:SENTENCES].tolist() for hit in hits}
        return [matched(asked, sentences) for sentences in self._reader.read(nearest)]


def ties_of(first: Hit) -> Ties:
    """How ties with a first passage are broken."""
    return ACROSS if first.other_language else WITHIN


def near_ties(ranking: Ranking) -> list[int]:
    """The places of the first passage and of those that nearly tie with it, in languages as its.

    Across languages the first is compared even if nothing ties: it is trusted by that. Within a
    language there is none then.
    """
    if not ranking.hits:
        return []
    first = ranking.hits[0]
    ties = ties_of(first)
    places = [
        place
        for place, hit in enumerate(ranking.hits[: ties.passages])
        if hit.other_language == first.other_language and hit.score >= first.score - ties.reach
    ]
    return places if len(places) > 1 or ties is ACROSS else []


def matched(asked: Tokens, sentences: Sequence[Floats]) -> float:
    """How well sentences, (m, dim) the states of each one's pieces, together match a question."""
    return float(asked.met_by(sentences).max(axis=0, initial=0.0) @ asked.weights)
