"""Finds and ranks passages: candidates from both legs, one score for all of them.

The score of a passage p for a question q is

    score = .5 q'p + .5 max_s q's + .1 cov(q, p) - .03 [p is in the question's language]

with q' the centred question (see `index.centring`), s the sentences of p, and cov the share of
the question's term weight (idf, terms that stand nowhere included) that stands in p, its title and
its headings. The lexical part is divided by what the question itself could reach at best, so it
fades out by itself where question and passages share no words, as across languages. The last term
evens out how much nearer a question lies to its own language: without it, a few English seeds
would hide all Turkish ones from English questions. docs/retrieval.md has the table that led here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.centring import Centring
from index.embedder import Embedder
from index.idioms import terms_asked
from index.opened import OpenedIndex
from index.vectors import Floats

TURKISH = "tr"
CANDIDATES = 100  # from each leg
SCORED_AT_MOST = 2_000  # so few rows to search among are all scored
# A word that stands nowhere weighs at most so much more than one that stands once. In an index of
# some hundred passages it does by itself; in one of three it would weigh twice as much.
UNKNOWN_TO_RARE = 1.25
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

    hits: tuple[Hit, ...]
    query: Floats  # (dim,) the embedded question
    terms: tuple[str, ...]
    idf: npt.NDArray[np.float64]  # (terms,)
    matches: npt.NDArray[np.bool_]  # (hits, terms): which terms stand in which hit
    known: npt.NDArray[np.bool_]  # (terms,): which stand anywhere in the index
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
        wanted = terms_asked(question, language or TURKISH)
        frequencies = self.index.document_frequencies(wanted)
        idf = term_weights(frequencies, len(self.index))
        ranked_by = self.centring(query, language)
        near = self._near(ranked_by, language)
        weights = {
            term: float(weight)
            for term, weight, found in zip(wanted, idf, frequencies, strict=True)
            if found
        }
        alike = self.index.search_words(weights, CANDIDATES)
        rows = np.unique(np.concatenate([*near, alike]))
        if among is not None:
            few = len(among) <= SCORED_AT_MOST
            rows = among if few else np.intersect1d(rows, among, assume_unique=True)
        return self._ranked(rows, query, ranked_by, language, wanted, idf, frequencies > 0, k)

    def _near(self, query: Floats, language: str) -> list[Rows]:
        """The nearest passages, and where there are other languages, the nearest in those too."""
        near = [self.index.search_vectors(query, CANDIDATES)[0]]
        if language in self.index.languages and len(self.index.languages) > 1:
            near.append(self.index.search_vectors(query, CANDIDATES, without_language=language)[0])
        return near

    def _ranked(
        self,
        rows: Rows,
        query: Floats,
        ranked_by: Floats,
        language: str,
        wanted: tuple[str, ...],
        idf: npt.NDArray[np.float64],
        known: npt.NDArray[np.bool_],
        k: int,
    ) -> Ranking:
        vectors = np.stack([query, ranked_by])
        products = self.index.products(vectors, rows)
        cosines, nearness = products.T
        sentences = self.index.sentence_products(vectors, rows, products)
        matches = self.index.matches(wanted, rows)
        total = idf.sum()
        coverage = matches @ idf / total if total > 0 else np.zeros(len(rows))
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
        return Ranking(hits, query, wanted, idf, matches[order], known)


def term_weights(frequencies: npt.NDArray[np.int64], passages: int) -> npt.NDArray[np.float64]:
    """`idf_of` terms; in a small index, words that stand nowhere are held down."""
    rarest = idf_of(np.ones(1, np.int64), passages)[0]
    return np.minimum(idf_of(frequencies, passages), UNKNOWN_TO_RARE * rarest)


def idf_of(frequencies: npt.NDArray[np.int64], passages: int) -> npt.NDArray[np.float64]:
    """Inverse document frequency as in Lucene's BM25: ln(1 + (N - df + .5) / (df + .5))."""
    rest = np.maximum(passages - frequencies, 0)
    return np.log1p((rest + 0.5) / (frequencies + 0.5))
