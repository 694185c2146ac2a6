"""Fits the confidence to the user's own seeds, on questions made from them.

A probe searched in the whole index is answerable; searched without its passage, or without its
document, it is not: right people and places, missing fact. What few probes can teach is bounded
by a prior around the shipped coefficients: the bias moves freely, the slopes hardly.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.confidence import (
    BANDS,
    CERTAIN,
    HOPELESS,
    SAME,
    Calibration,
    Model,
    Numbers,
    Rates,
    features,
    is_doubtful,
    logit_by_match,
    logit_of,
    sigmoid,
    with_reading,
)
from index.embedder import Embedder
from index.judge import read_together, signals_of
from index.late_interaction import LateInteraction
from index.probe_search import Searched, samples_of, search_probes
from index.probes import generate_questions
from index.reader import Index
from index.retriever import Retriever
from index.token_reader import TokenReader, reader_of

PROBES = 160  # about three seconds of embedding
MOST_SECONDS = 6.0  # on a busy or slow machine fewer probes must do
FEWEST_PROBES = 10  # with fewer the shipped coefficients stay
DRIFT = 0.2  # share by which an index must have grown or shrunk to be fitted again
FOLDS = 5

# The spread of each feature, so that all slopes are held alike, and how far they may move.
_SPREAD = np.array([0.03, 0.25, 0.07, 0.035, 0.25])
_BIAS_FREEDOM = 5.0
_SLOPE_FREEDOM = 0.05


@dataclass(frozen=True, slots=True)
class Examples:
    """Probes as searched, n of them.

    features: (n, 5), of those whose first passage is in their own language.
    answerable: (n,) whether there was an answer.
    documents: (n,) where each comes from.
    across: (n,) the logit where the first passage is in another language, NaN where it is not.
    """

    features: Numbers
    answerable: npt.NDArray[np.bool_]
    documents: npt.NDArray[np.int64]
    across: Numbers


def calibrate(index: Index, embedder: Embedder) -> dict[str, Any]:
    """The calibration for the manifest of `index`: fitted anew, or kept where little changed."""
    kept = Calibration.from_json(index.manifest.calibration)
    if kept.probes and abs(len(index) - kept.passages) <= DRIFT * kept.passages:
        return kept.to_json()
    retriever = Retriever(index, embedder)
    reader = reader_of(embedder, index)
    compare = LateInteraction(reader) if reader else None
    searched: list[Searched] = []
    deadline = time.monotonic() + MOST_SECONDS
    probes = generate_questions(samples_of(index, PROBES))
    for one in search_probes(index, retriever, reader, probes):
        searched.append(one)
        if time.monotonic() > deadline:
            break

    def compared(doubtful: npt.NDArray[np.bool_]) -> Numbers:
        moves = np.zeros(len(searched))
        for place in np.flatnonzero(doubtful):
            one = searched[place]
            match = one.ranking.hits[0].match  # where a tie was compared already
            if compare and one.asked:
                match = match or compare.first_match(one.ranking, one.asked)
            if match:
                moves[place] = logit_by_match(match.value)
        return moves

    def read(worth: npt.NDArray[np.bool_]) -> Numbers:
        return _read(searched, worth, reader) if reader else np.full(len(searched), np.nan)

    return replace(fit(_examples(searched), compared, read), passages=len(index)).to_json()


def _read(
    searched: Sequence[Searched], worth: npt.NDArray[np.bool_], reader: TokenReader
) -> Numbers:
    """(n,) what reading those that are worth it says, NaN for the others and beyond the time."""
    deadline = time.monotonic() + MOST_SECONDS

    def answers(one: Searched) -> float:
        late = time.monotonic() > deadline
        if late:
            return np.nan
        question, first = one.probe.question, one.ranking.hits[0]
        reading = read_together(reader, question, one.ranking, first, one.first, one.asked)
        return reading.answers if reading else np.nan

    found = np.full(len(searched), np.nan)
    chosen = [one for one, is_worth in zip(searched, worth, strict=True) if is_worth]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found[worth] = [*pool.map(answers, chosen)]
    return found


def _examples(searched: Sequence[Searched]) -> Examples:
    rows, across, shipped = [], [], Calibration()
    for one in searched:
        signals = signals_of(one.ranking, one.first, one.probe.sample.language)
        rows.append(features(signals))
        other = one.ranking.hits[0].other_language
        across.append(logit_of(shipped.confidence(signals)) if other else np.nan)
    return Examples(
        np.array(rows).reshape(-1, len(_SPREAD)),
        np.array([not one.left_out for one in searched], bool),
        np.array([one.probe.sample.document.start for one in searched], np.int64),
        np.array(across),
    )


def fit(
    examples: Examples,
    compared: Callable[[npt.NDArray[np.bool_]], Numbers],
    read: Callable[[npt.NDArray[np.bool_]], Numbers],
) -> Calibration:
    """A calibration fitted to `examples`; the shipped one where they are too few to learn from.

    `compared` compares the tokens of the first passages of those it is told (n,), and tells what
    that adds to the logit of each (n,). `read` reads them together with their questions, and tells
    what that says of each (n,), NaN where it was not read.
    """
    answerable, same = examples.answerable, np.isnan(examples.across)
    if min(answerable[same].sum(), (~answerable[same]).sum()) < FEWEST_PROBES:
        return Calibration()
    model = _posterior(examples.features[same], answerable[same])
    moves = compared(same & is_doubtful(model.logit(examples.features)))
    logits = np.where(same, 0, examples.across)
    _, documents = np.unique(examples.documents, return_inverse=True)
    for fold in range(FOLDS):
        held = same & (documents % FOLDS == fold)
        rest = same & ~held
        unseen = _posterior(examples.features[rest], answerable[rest]) if rest.any() else SAME
        logits[held] = unseen.logit(examples.features[held])
    logits += np.where(same & is_doubtful(logits), moves, 0)
    worth = (logits > HOPELESS) & (logits < CERTAIN)
    answers = read(worth)
    known = ~np.isnan(answers)
    # Of those that there was no time to read nothing is known; of no model that never reads.
    kept = ~worth | known if known.any() else np.ones(len(logits), bool)
    confidences = sigmoid(np.where(known, with_reading(logits, answers), logits)[kept])
    rates = {caution: _rates(confidences, answerable[kept], caution) for caution in BANDS}
    return Calibration(same=model, probes=int(answerable.sum()), rates=rates)


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
