"""Reads passages once more, token by token: those that nearly tie, and before a refusal.

One vector for a sentence tells its topic, and across languages no shared words tell the rest. So
passages that come close to the best one are compared piece by piece (late interaction, as in
ColBERT):

    M(q, S) = sum_i w_i max_{j in S} q_i . s_j

with q_i the states of the question's pieces, s_j those of a passage's best sentences, each read
alone; w_i the share of what all words tell, rare ones telling more. A passage's score moves by its
lead over the first one's M, times a weight. Across languages three passages are read, and M chooses
the sentence too. Within a language shared words tell more: there two are read, and only where they
tie almost exactly, and M also tells how sure to be of what would be refused. A sentence costs some
six milliseconds (docs/retrieval.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder, TokenEmbedder
from index.opened import OpenedIndex
from index.retriever import Hit, Match, Ranking
from index.vectors import Floats

Numbers = npt.NDArray[np.floating]

SENTENCES = 2  # of a passage, those nearest to the question


@dataclass(frozen=True, slots=True)
class Ties:
    """Which passages are read to break ties, and what their lead in M counts.

    `reach` is how far under the first passage's score they may lie; further down hardly one wins.
    """

    weight: float
    reach: float
    passages: int


ACROSS = Ties(weight=0.15, reach=0.02, passages=3)
WITHIN = Ties(weight=0.08, reach=0.005, passages=2)


class LateInteraction:
    """Reorders rankings by the tokens of questions and sentences; safe for threads."""

    def __init__(self, embedder: TokenEmbedder) -> None:
        self._embedder = embedder

    def __call__(self, ranking: Ranking, question: str, index: OpenedIndex) -> Ranking:
        """The ranking with its near ties rescored; `question` is the one that was searched."""
        places = near_ties(ranking)
        if not places:
            return ranking
        hits = list(ranking.hits)
        ties = ties_of(hits[0])
        matches = self._matches([hits[place] for place in places], question, index)
        for place, match in zip(places, matches, strict=True):
            gain = ties.weight * (match.value - matches[0].value)
            if ties is WITHIN:
                match = _without_sentences(match)
            hits[place] = replace(
                hits[place], match=replace(match, gain=gain), score=hits[place].score + gain
            )
        return ranking.rescored(hits)

    def first_match(self, ranking: Ranking, question: str, index: OpenedIndex) -> Match:
        """How well the first passage matches; which sentence answers is left to the words."""
        (match,) = self._matches(ranking.hits[:1], question, index)
        return _without_sentences(match)

    def _matches(self, hits: Sequence[Hit], question: str, index: OpenedIndex) -> list[Match]:
        """How well each passage matches, by the sentences nearest to the question."""
        records = index.passages(np.array([hit.row for hit in hits], np.int64))
        nearest = [np.argsort(-hit.sentence_nearness)[:SENTENCES] for hit in hits]
        texts = [
            record.sentence_texts[sentence]
            for record, some in zip(records, nearest, strict=True)
            for sentence in some
        ]
        tokens, read = self._embedder.tokens(question, texts)
        matches = []
        for hit, some in zip(hits, nearest, strict=True):
            own, read = read[: len(some)], read[len(some) :]
            value, each = matched(tokens.states, tokens.weights, own)
            # the sentences that were not read count as the least of those that were
            sentences = np.full(len(hit.sentence_nearness), min(each, default=0.0))
            sentences[some] = each
            matches.append(Match(value, sentences))
        return matches


def reader_of(embedder: Embedder) -> LateInteraction | None:
    """What reads with this embedder, None where it does not tell how it reads tokens."""
    return LateInteraction(embedder) if isinstance(embedder, TokenEmbedder) else None


def ties_of(first: Hit) -> Ties:
    """How ties with a first passage are broken."""
    return ACROSS if first.other_language else WITHIN


def near_ties(ranking: Ranking) -> list[int]:
    """The places of the first passage and of those that nearly tie with it, in languages as its.

    Across languages the first is read even if nothing ties: its sentences are chosen, and trusted,
    by that. Within a language there is none then.
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


def _without_sentences(match: Match) -> Match:
    """Within a language which sentence answers is left to the words."""
    return replace(match, sentences=np.zeros_like(match.sentences))


def matched(asked: Floats, weights: Floats, read: Sequence[Floats]) -> tuple[float, Numbers]:
    """How well sentences match a question: all of them together, and each alone (sentences,).

    Args:
        asked: (n, dim) the states of the question's pieces, of length 1.
        weights: (n,) what each of them tells, of sum 1.
        read: (m, dim) those of each sentence's pieces.
    """
    if not read or not len(asked):
        return 0.0, np.zeros(len(read))
    best = np.stack([(asked @ states.T).max(axis=1, initial=-1.0) for states in read])
    return float(best.max(axis=0) @ weights), best @ weights
