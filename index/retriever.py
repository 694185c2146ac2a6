"""Finds and ranks passages: candidates from both legs, one score for all of them.

The score of a passage p for a question q is

    score = .5 q'p + .5 max_s q's + .1 cov(q, p) - .03 [p is in the question's language]

with q' the centred question (see `index.centring`), s the sentences of p, and cov the share of the
question's term weight (idf, terms that stand nowhere included) that p, its title and its headings
hold (see `index.query_terms`). The lexical part is divided by what the question itself could reach
at best, so it fades out by itself where question and passages share no words, as across languages.
The last term evens out how much nearer a question lies to its own language: without it, a few
English seeds would hide all Turkish ones from English questions. docs/retrieval.md has the table
that led here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.centring import Centring
from index.embedder import Embedder, Reading
from index.expected import Expected
from index.opened import OpenedIndex
from index.query_terms import QueryTerms, query_terms
from index.vectors import Floats

TURKISH = "tr"
CANDIDATES = 100  # from each leg
SCORED_AT_MOST = 2_000  # so few rows to search among are all scored
PASSAGE_WEIGHT = 0.5
SENTENCE_WEIGHT = 0.5
COVERAGE_WEIGHT = 0.1
LANGUAGE_GAP = 0.03

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal of a passage counts in its score; `index.tune` may fit other ones."""

    passage: float = PASSAGE_WEIGHT
    sentence: float = SENTENCE_WEIGHT
    coverage: float = COVERAGE_WEIGHT
    language_gap: float = LANGUAGE_GAP

    @property
    def factors(self) -> tuple[float, float, float, float, float]:
        """What `Hit.signals` are multiplied with, in their order."""
        return self.passage, self.sentence, self.coverage, -self.language_gap, 1.0

    def score(self, *signals: Any) -> Any:
        """The score of one passage by its signals, or of many: arrays (n,) each."""
        return sum(f * signal for f, signal in zip(self.factors, signals, strict=True))


SHIPPED = Weights()


@dataclass(frozen=True, slots=True)
class Match:
    """What `index.late_interaction` found of a passage: how well its best sentences match the
    question's tokens, and how far that moved the passage's score."""

    value: float
    gain: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """A ranked passage. `row` is its place in the index; scores are higher for better."""

    row: int
    score: float
    passage_cosine: float
    sentence_cosines: Floats
    sentence_nearness: Floats  # to the centred question, which the ranking goes by
    coverage: float
    other_language: bool  # than the question's
    nearness: float  # q'p
    own_language: bool  # the question's
    match: Match | None = None  # where tokens were compared
    reading: Reading | None = None  # where it was read together with the question

    @property
    def signals(self) -> tuple[float, float, float, bool, float]:
        """What `Weights.score` weighs."""
        best_sentence = float(self.sentence_nearness.max(initial=0.0))
        gain = self.match.gain if self.match else 0.0
        return self.nearness, best_sentence, self.coverage, self.own_language, gain

    def weighed(self, weights: Weights) -> Hit:
        """The same passage, scored by other weights."""
        return replace(self, score=weights.score(*self.signals))

    @property
    def evidence(self) -> float:
        """The mean of the passage's and its best sentence's cosine."""
        return (self.passage_cosine + float(self.sentence_cosines.max(initial=0.0))) / 2


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a search found, best first, and what the confidence is judged by."""

    expected: Expected  # of the answer
    hits: tuple[Hit, ...]
    query: Floats  # (dim,) the question, embedded
    wanted: QueryTerms
    matches: npt.NDArray[np.bool_]  # (hits, terms): which terms are present in which hit
    # by the row of a hit: the other seeds that hold its passage, word for word
    copies: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def best(self) -> float:
        """The first hit's score, minus infinity where nothing was found."""
        return self.hits[0].score if self.hits else -np.inf

    def rescored(self, hits: Sequence[Hit]) -> Ranking:
        """The same passages by other scores; `hits` in this ranking's order."""
        order = sorted(range(len(hits)), key=lambda place: -hits[place].score)
        return replace(self, hits=tuple(hits[p] for p in order), matches=self.matches[order])

    def reordered(self, hits: Sequence[Hit]) -> Ranking:
        """The same ranking with some of its hits, in this order."""
        places = [self.hits.index(hit) for hit in hits]
        return replace(self, hits=tuple(hits), matches=self.matches[places])


class Retriever:
    """Searches one opened state of the index; safe for threads."""

    def __init__(self, index: OpenedIndex, embedder: Embedder, weights: Weights = SHIPPED) -> None:
        self.index = index
        self.embedder = embedder
        self.weights = weights
        means = index.manifest.question_means
        self.centring = Centring(
            {name: np.array(mean, np.float32) for name, mean in means.items()}, index.centre
        )

    def search(self, question: str, language: str, k: int, among: Rows | None = None) -> Ranking:
        """The k best passages for a question that was already repaired, of the rows `among`.

        `language` is the question's, "" where nothing tells it; `among` is sorted, None for all.
        """
        query = self.embedder.query(question)
        wanted = query_terms(
            question, language or TURKISH, self.index.document_frequencies, len(self.index)
        )
        ranked_by = self.centring(query, language)
        near = self._near(ranked_by, language)
        alike = self.index.search_words(wanted.weights, CANDIDATES)
        rows = np.unique(np.concatenate([*near, alike]))
        if among is not None:
            few = len(among) <= SCORED_AT_MOST
            rows = among if few else np.intersect1d(rows, among, assume_unique=True)
        return self._ranked(question, rows, query, ranked_by, language, wanted, k)

    def _near(self, query: Floats, language: str) -> list[Rows]:
        """The nearest passages, and where there are other languages, the nearest in those too."""
        near = [self.index.search_vectors(query, CANDIDATES)[0]]
        if language in self.index.languages and len(self.index.languages) > 1:
            near.append(self.index.search_vectors(query, CANDIDATES, without_language=language)[0])
        return near

    def _ranked(
        self,
        question: str,
        rows: Rows,
        query: Floats,
        ranked_by: Floats,
        language: str,
        wanted: QueryTerms,
        k: int,
    ) -> Ranking:
        vectors = np.stack([query, ranked_by])
        products = self.index.products(vectors, rows)
        cosines, nearness = products.T
        sentences = self.index.sentence_products(vectors, rows, products)
        matches = wanted.present_in(self.index.matches, rows)
        coverage = matches @ wanted.shares
        best_sentence = np.array([part[:, 1].max(initial=0.0) for part in sentences])
        own = self.index.in_language(language, rows)
        scores = self.weights.score(nearness, best_sentence, coverage, own, 0.0)
        order = np.argsort(-scores, kind="stable")[:k]
        hits = tuple(
            Hit(
                int(rows[i]),
                float(scores[i]),
                float(cosines[i]),
                # copies: or each hit would keep the sentences of all
                sentences[i][:, 0].copy(),
                sentences[i][:, 1].copy(),
                float(coverage[i]),
                bool(language and not own[i]),
                float(nearness[i]),
                bool(own[i]),
            )
            for i in order
        )
        return Ranking(Expected(question), hits, query, wanted, matches[order])
