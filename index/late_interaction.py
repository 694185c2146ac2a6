"""Reads passages once more, token by token: those in another language, and before a refusal.

One vector for a sentence tells its topic, and across languages no shared words tell the rest. So
where the best passage is in another language than the question, those that come close to it are
compared piece by piece (late interaction, as in ColBERT):

    M(q, S) = sum_i w_i max_{j in S} q_i . s_j

with q_i the states of the question's pieces, s_j those of a passage's best sentences, each read
alone; w_i the share of what all words tell, rare ones telling more. A passage's score moves by
MATCH_WEIGHT times its lead over the first one's M. Within a language the words know better which
passage it is; there M only tells how sure to be of the first one. A sentence costs some six
milliseconds (docs/retrieval.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder, TokenEmbedder
from index.opened import OpenedIndex
from index.retriever import Hit, Match, Ranking
from index.vectors import Floats

Numbers = npt.NDArray[np.floating]

MATCH_WEIGHT = 0.15
REACH = 0.02  # under the first passage's score; what lies further down hardly wins
PASSAGES = 3
SENTENCES = 2  # of a passage, those nearest to the question


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
        matches = self._matches([hits[place] for place in places], question, index)
        for place, match in zip(places, matches, strict=True):
            gain = MATCH_WEIGHT * (match.value - matches[0].value)
            hits[place] = replace(
                hits[place], match=replace(match, gain=gain), score=hits[place].score + gain
            )
        return ranking.rescored(hits)

    def first_match(self, ranking: Ranking, question: str, index: OpenedIndex) -> Match:
        """How well the first passage matches; which sentence answers is left to the words."""
        (match,) = self._matches(ranking.hits[:1], question, index)
        return replace(match, sentences=np.zeros_like(match.sentences))

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


def near_ties(ranking: Ranking) -> list[int]:
    """The places of the first passage and of those that nearly tie with it, where it is in another
    language than the question, and they too; none where it is in the question's own.

    The first is read even if nothing ties: its sentences are chosen, and trusted, by that.
    """
    if not ranking.hits or not ranking.hits[0].other_language:
        return []
    return [
        place
        for place, hit in enumerate(ranking.hits[:PASSAGES])
        if hit.other_language and hit.score >= ranking.hits[0].score - REACH
    ]


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
