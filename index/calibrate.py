"""Fits the confidence to the user's own seeds, on questions made from them.

A probe searched in the whole index is answerable; searched without its passage, or without its
document, it is not: right people and places, missing fact. What few probes can teach is bounded
by a prior around the shipped coefficients: the bias moves freely, the slopes hardly.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.confidence import (
    BANDS,
    SAME,
    Calibration,
    Model,
    Numbers,
    RankedSignals,
    Rates,
    features,
    sigmoid,
    verdict_of,
)
from index.embedder import Embedder
from index.probes import Sample, generate_questions
from index.reader import Index
from index.records import PassageRecord
from index.retriever import COVERAGE_WEIGHT, Ranking, Retriever, idf_of
from index.text import terms

__all__ = ["Calibration", "calibrate", "fit", "signals_of", "verdict_of"]

PROBES = 160  # about three seconds of embedding
MOST_SECONDS = 6.0  # on a busy or slow machine fewer probes must do
FEWEST_PROBES = 10  # with fewer the shipped coefficients stay
DRIFT = 0.2  # share by which an index must have grown or shrunk to be fitted again
CANDIDATES = 200  # so many that something is left where a document is left out
FOLDS = 5

# The spread of each feature, so that all slopes are held alike, and how far they may move.
_SPREAD = np.array([0.03, 0.25, 0.07, 0.035, 0.25])
_BIAS_FREEDOM = 5.0
_SLOPE_FREEDOM = 0.05


@dataclass(frozen=True, slots=True)
class Examples:
    """Features (n, 5) of probes as searched, whether each had an answer, and its document."""

    features: Numbers
    answerable: npt.NDArray[np.bool_]
    documents: npt.NDArray[np.int64]


def calibrate(index: Index, embedder: Embedder) -> dict[str, Any]:
    """The calibration for the manifest of `index`: fitted anew, or kept where little changed."""
    kept = Calibration.from_json(index.manifest.calibration)
    if kept.probes and abs(len(index) - kept.passages) <= DRIFT * kept.passages:
        return kept.to_json()
    fitted = fit(_examples(index, Retriever(index, embedder)))
    return replace(fitted, passages=len(index)).to_json()


def signals_of(ranking: Ranking, first: PassageRecord) -> RankedSignals:
    """The signals of a ranking with at least one hit; `first` is the passage of its first hit."""
    hit = ranking.hits[0]
    # A term that does not match the passage, or is said in other words, matches no sentence.
    weights = ranking.idf * ranking.matches[0] / (float(ranking.idf.sum()) or 1.0)
    coverages = np.zeros(len(first.sentences))
    for place, sentence in enumerate(first.sentence_texts):
        held = set(terms(sentence, first.document.language))
        coverages[place] = weights[[term in held for term in ranking.terms]].sum()
    best = int((hit.sentence_cosines + coverages).argmax())
    return RankedSignals(
        scores=np.array([found.score for found in ranking.hits[:10]]),
        evidence=max(
            (found.passage_cosine + float(found.sentence_cosines.max())) / 2
            for found in ranking.hits
        ),
        coverage=hit.coverage,
        sentence_cosine=float(hit.sentence_cosines.max()),
        sentence_coverage=float(coverages[best]),
        known=float(ranking.known.mean()) if len(ranking.known) else 0.0,
        match=hit.match.value if hit.match else None,
    )


def _samples(index: Index) -> Iterator[Sample]:
    """Sentences of randomly chosen passages, one each; the same index gives the same ones."""
    documents: list[range] = []
    offset = 0
    for segment in index.segments:
        for document in segment.documents():
            start = offset + document.first_row
            documents.append(range(start, start + document.passages))
        offset += len(segment)
    ends = np.cumsum([len(rows) for rows in documents])
    chance = random.Random(0)  # noqa: S311
    live = int(ends[-1]) if len(ends) else 0
    for place in chance.sample(range(live), min(PROBES, live)):
        number = int(np.searchsorted(ends, place, side="right"))
        rows = documents[number]
        row = rows[place - int(ends[number])]
        (passage,) = index.passages(np.array([row]))
        if passage.sentences:
            text = chance.choice(passage.sentence_texts)
            yield Sample(text, passage.document.language, row, rows)


def _examples(index: Index, retriever: Retriever) -> Examples:
    rows: list[Numbers] = []
    answerable: list[bool] = []
    documents: list[int] = []
    deadline = time.monotonic() + MOST_SECONDS
    for probe in generate_questions(_samples(index)):
        if time.monotonic() > deadline:
            break
        sample = probe.sample
        whole = said_otherwise(
            retriever.search(probe.question, sample.language, CANDIDATES),
            terms(" ".join(probe.other_words), sample.language),
        )
        for left_out in ((), (sample.row,), sample.document):
            ranking = _without(whole, left_out)
            if not ranking.hits:
                continue
            (first,) = index.passages(np.array([ranking.hits[0].row]))
            if left_out and sample.text in first.text:
                continue  # a copy of the passage answers just as well
            rows.append(features(signals_of(ranking, first)))
            answerable.append(not left_out)
            documents.append(sample.document.start)
    return Examples(
        np.array(rows).reshape(-1, len(_SPREAD)), np.array(answerable, bool), np.array(documents)
    )


def said_otherwise(ranking: Ranking, lost: Collection[str]) -> Ranking:
    """The ranking as it were if the terms in `lost` stood nowhere in the index."""
    gone = np.array([term in lost for term in ranking.terms], bool)
    unseen = idf_of(np.zeros(1, np.int64), passages=len(ranking.hits))[0]
    idf = np.where(gone, np.maximum(ranking.idf, unseen), ranking.idf)
    matches = ranking.matches & ~gone
    coverages = matches @ idf / (idf.sum() or 1.0)
    hits = [
        replace(
            hit,
            coverage=float(coverage),
            score=hit.score + COVERAGE_WEIGHT * (float(coverage) - hit.coverage),
        )
        for hit, coverage in zip(ranking.hits, coverages, strict=True)
    ]
    order = sorted(range(len(hits)), key=lambda place: -hits[place].score)
    return replace(
        ranking,
        hits=tuple(hits[place] for place in order),
        idf=idf,
        matches=matches[order],
        known=ranking.known & ~gone,
    )


def _without(ranking: Ranking, rows: Collection[int]) -> Ranking:
    kept = [place for place, hit in enumerate(ranking.hits) if hit.row not in rows]
    hits = tuple(ranking.hits[place] for place in kept)
    return replace(ranking, hits=hits, matches=ranking.matches[kept])


def fit(examples: Examples) -> Calibration:
    """A calibration fitted to `examples`; the shipped one where they are too few to learn from."""
    answerable = examples.answerable
    if answerable.sum() < FEWEST_PROBES or (~answerable).sum() < FEWEST_PROBES:
        return Calibration()
    same = _posterior(examples.features, answerable)
    confidences = np.empty(len(answerable))
    _, documents = np.unique(examples.documents, return_inverse=True)
    for fold in range(FOLDS):
        held = documents % FOLDS == fold
        model = SAME if held.all() else _posterior(examples.features[~held], answerable[~held])
        confidences[held] = sigmoid(model.logit(examples.features[held]))
    rates = {caution: _rates(confidences, answerable, caution) for caution in BANDS}
    return Calibration(same=same, probes=int(answerable.sum()), rates=rates)


def _posterior(rows: Numbers, answerable: npt.NDArray[np.bool_]) -> Model:
    """The most probable logistic model under a normal prior around the shipped one (Newton)."""
    centre = rows.mean(axis=0)
    scaled = np.column_stack([np.ones(len(rows)), (rows - centre) / _SPREAD])
    shipped = np.array(SAME.weights)
    prior = np.concatenate([[SAME.bias + shipped @ centre], shipped * _SPREAD])
    precision = np.array([_BIAS_FREEDOM, *[_SLOPE_FREEDOM] * len(_SPREAD)]) ** -2.0
    # Both kinds weigh the same in all, whatever their numbers.
    weight = 0.5 / np.where(answerable, max(answerable.mean(), 1e-9), (~answerable).mean() or 1)
    beta = prior.copy()
    for _ in range(30):
        probability = sigmoid(scaled @ beta)
        gradient = scaled.T @ (weight * (answerable - probability)) - precision * (beta - prior)
        curvature = (scaled.T * (weight * probability * (1 - probability))) @ scaled
        step = np.linalg.solve(curvature + np.diag(precision), gradient)
        beta = beta + step
        if np.abs(step).max() < 1e-6:
            break
    slopes = beta[1:] / _SPREAD
    return Model(float(beta[0] - slopes @ centre), tuple(float(slope) for slope in slopes))


def _rates(confidences: Numbers, answerable: npt.NDArray[np.bool_], caution: str) -> Rates:
    answered, unsure = BANDS[caution]
    doubtful = (confidences >= unsure) & (confidences < answered)
    return Rates(
        wrong_given=float(np.mean(confidences[~answerable] >= answered)),
        wrong_unsure=float(np.mean(doubtful[~answerable])),
        right_withheld=float(np.mean(confidences[answerable] < unsure)),
        right_unsure=float(np.mean(doubtful[answerable])),
    )
