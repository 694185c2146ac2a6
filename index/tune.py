"""Fits the fusion weights and the refusal to somebody's own questions, by cross-validation.

Each question is searched once; what its candidates are scored from is kept, so that hundreds of
settings can be tried in seconds. A setting wins only where it is better on questions that it was
not chosen on, by a paired bootstrap over the documents asked about (Efron and Tibshirani, 1993).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt

from index.confidence import BANDS
from index.finder import Finder, Found
from index.questions_file import Case
from index.records import PassageRecord
from index.retriever import Weights
from index.tuning import Tuning, moved

CANDIDATES = 60  # of each question; the right passage is hardly ever further down
DEPTH = 10
FOLDS = 5
FEWEST = 20  # questions with a known passage, below which the weights are not touched
FEWEST_OF_A_KIND = 10  # answerable and absent ones, for the refusal
RESAMPLES = 4_000
SURE = 0.95  # share of the resamples in which the new setting must be the better one
FARNESS = 0.002  # what a step away from the setting in use must gain to be taken

_PASSAGE = (0.2, 0.35, 0.5, 0.65, 0.8)
_COVERAGE = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5)
_GAP = (0.0, 0.015, 0.03, 0.045, 0.06, 0.09)
_TRUST = np.arange(-40, 41) / 10

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
IsRight = Callable[[Case, PassageRecord], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """A case as it was searched.

    signals: (n, 5) of its candidates, as `Weights.score` takes them. right: (n,) which answer.
    wrong: (n,) which were complained of; only for a case of which nothing else is known.
    """

    case: Case
    found: Found
    signals: Numbers
    right: Flags
    wrong: Flags

    @property
    def ranks(self) -> bool:
        """Whether it says anything of the ranking."""
        return bool(self.right.any() or self.wrong.any())


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure before and after, on questions that the new setting was not chosen on.

    `surely_better` is the share of bootstrap resamples in which it is better, None where unasked.
    """

    before: float
    after: float
    surely_better: float | None = None

    @property
    def clear(self) -> bool:
        """Whether the new setting is the better one beyond chance."""
        return self.surely_better is not None and self.surely_better >= SURE


@dataclass(frozen=True, slots=True)
class Report:
    """What tuning found. `tuning` is the one in use where nothing won."""

    tuning: Tuning
    ranking: dict[str, Comparison] = field(default_factory=dict)
    refusal: dict[str, Comparison] = field(default_factory=dict)
    ranked: int = 0
    answerable: int = 0
    absent: int = 0
    weights_won: bool = False
    trust_won: bool = False


def search(
    finder: Finder,
    cases: Sequence[Case],
    is_right: IsRight,
    progress: Callable[[int, int], None] | None = None,
) -> list[Asked]:
    """Searches every case once. `finder` must be an untuned one."""
    asked = []
    for number, case in enumerate(cases, 1):
        found = finder.find(case.question, k=CANDIDATES)
        records = [record for _, record in found.passages()]
        asked.append(
            Asked(
                case,
                found,
                np.array([hit.signals for hit in found.ranking.hits], float).reshape(-1, 5),
                np.array([case.answerable and is_right(case, r) for r in records], bool),
                np.array([r.key in case.wrong_passages for r in records], bool),
            )
        )
        if progress:
            progress(number, len(cases))
    return asked


def tune(finder: Finder, asked: Sequence[Asked], current: Tuning, caution: str) -> Report:
    """The best setting for these cases, or the `current` one where none is clearly better."""
    ranked = [one for one in asked if one.ranks]
    weights, weights_won = current.weights, False
    ranking: dict[str, Comparison] = {}
    if len(ranked) >= FEWEST:
        weights, ranking, weights_won = _fit_weights(ranked, current.weights)
    trust, trust_won = current.trust, False
    refusal: dict[str, Comparison] = {}
    answerable = [one for one in asked if one.right.any()]
    absent = [one for one in asked if one.case.absent]
    if min(len(answerable), len(absent)) >= FEWEST_OF_A_KIND:
        judged = [finder.reweighed(one.found, weights).confidence for one in (*answerable, *absent)]
        is_absent = np.arange(len(judged)) >= len(answerable)
        trust, refusal, trust_won = _fit_trust(np.array(judged), is_absent, current.trust, caution)
    return Report(
        Tuning(weights, trust, cases=len(asked)) if weights_won or trust_won else current,
        ranking,
        refusal,
        len(ranked),
        len(answerable),
        len(absent),
        weights_won,
        trust_won,
    )


# -- the ranking ----------------------------------------------------------------------------------


def settings(current: Weights) -> list[Weights]:
    """Every setting that is tried, the current one first."""
    grid = (Weights(p, 1 - p, c, g) for p, c, g in product(_PASSAGE, _COVERAGE, _GAP))
    return [current, *(weights for weights in grid if weights != current)]


def measured(one: Asked, tried: Sequence[Weights]) -> tuple[Numbers, Numbers]:
    """R@1 and nDCG@10 of one case under each setting, ties at their expected place: both (m,)."""
    rows = np.array([weights.factors for weights in tried])
    scores = one.signals @ rows.T
    if not one.right.any():
        avoided = scores[~one.wrong].max(axis=0, initial=-np.inf) > scores[one.wrong].max(axis=0)
        return avoided.astype(float), avoided.astype(float)
    best = scores[one.right].max(axis=0)
    above = (scores > best).sum(axis=0)
    tied = 1 + (scores[~one.right] == best).sum(axis=0)
    place = above + (tied - 1) / 2
    first = (above == 0) / tied
    return first, np.where(place < DEPTH, 1 / np.log2(place + 2), 0.0)


def _fit_weights(
    ranked: Sequence[Asked], current: Weights
) -> tuple[Weights, dict[str, Comparison], bool]:
    tried = settings(current)
    both = [measured(one, tried) for one in ranked]
    first, gains = np.stack([a for a, _ in both]), np.stack([b for _, b in both])
    steps = np.array([_distance(weights, current) for weights in tried])
    groups = _groups(ranked)
    held_first, held_gain = np.empty(len(ranked)), np.empty(len(ranked))
    for held in _folds(groups):
        chosen = _best(first[~held], gains[~held], steps)
        held_first[held], held_gain[held] = first[held, chosen], gains[held, chosen]
    compared = {
        "recall_at_1": _compared(first[:, 0], held_first, groups),
        "ndcg_at_10": _compared(gains[:, 0], held_gain, groups),
    }
    chosen = _best(first, gains, steps)
    gain, recall = compared["ndcg_at_10"], compared["recall_at_1"]
    won = chosen != 0 and gain.clear and recall.after >= recall.before
    return (tried[chosen] if won else current), compared, won


def _best(first: Numbers, gains: Numbers, steps: Numbers) -> int:
    value = (first.mean(axis=0) + gains.mean(axis=0)) / 2 - FARNESS * steps
    return int(value.argmax())


def _distance(weights: Weights, current: Weights) -> float:
    """Steps of the grid between two settings, about."""
    return (
        abs(weights.passage - current.passage) / 0.15
        + abs(weights.coverage - current.coverage) / 0.05
        + abs(weights.language_gap - current.language_gap) / 0.015
    )


# -- the refusal ----------------------------------------------------------------------------------


def _fit_trust(
    confidences: Numbers, is_absent: Flags, current: float, caution: str
) -> tuple[float, dict[str, Comparison], bool]:
    tried = np.array([current, *(each for each in _TRUST if each != current)])
    unsure = BANDS[caution][1]
    given = np.array([[moved(c, trust) >= unsure for trust in tried] for c in confidences])
    errors = np.where(is_absent[:, None], given, ~given).astype(float)
    # Both kinds weigh the same in all, whatever their numbers.
    weight = np.where(is_absent, 0.5 / is_absent.mean(), 0.5 / (~is_absent).mean())
    weighed = errors * weight[:, None]
    steps = np.abs(tried - current)
    order = np.arange(len(confidences))
    held_error = np.empty(len(confidences))
    for held in _folds(order):
        chosen = int((weighed[~held].mean(axis=0) + FARNESS * steps).argmin())
        held_error[held] = errors[held, chosen]
    both = _compared(-weighed[:, 0], -held_error * weight, order)
    compared = {
        "wrong_answers_given": Comparison(
            float(errors[is_absent, 0].mean()), float(held_error[is_absent].mean())
        ),
        "right_answers_withheld": Comparison(
            float(errors[~is_absent, 0].mean()), float(held_error[~is_absent].mean())
        ),
        "refusal_errors": Comparison(-both.before, -both.after, both.surely_better),
    }
    chosen = int((weighed.mean(axis=0) + FARNESS * steps).argmin())
    won = chosen != 0 and both.clear
    return (float(tried[chosen]) if won else current), compared, won


# -- held-out figures -----------------------------------------------------------------------------


def _groups(ranked: Sequence[Asked]) -> npt.NDArray[np.int64]:
    """Which cases belong together: those about one document."""
    names = [one.case.source or one.case.question for one in ranked]
    distinct, groups = np.unique(names, return_inverse=True)
    return groups.astype(np.int64) if len(distinct) >= FOLDS else np.arange(len(names))


def _folds(groups: npt.NDArray[np.int64]) -> list[Flags]:
    """Which cases are held out, fold by fold; those of one group always together."""
    members = np.unique(groups)
    shuffled = np.random.default_rng(0).permutation(members)
    fold_of = np.empty(members.max() + 1, np.int64)
    fold_of[shuffled] = np.arange(len(members)) % FOLDS
    folds = [fold_of[groups] == fold for fold in range(FOLDS)]
    return [held for held in folds if held.any()]


def _compared(before: Numbers, after: Numbers, groups: npt.NDArray[np.int64]) -> Comparison:
    """Means, and how often the second is the larger one when whole groups are drawn again."""
    difference = after - before
    members, place = np.unique(groups, return_inverse=True)
    sums = np.bincount(place, difference)
    chance = np.random.default_rng(0)
    drawn = chance.integers(0, len(members), (RESAMPLES, len(members)))
    better = float((sums[drawn].sum(axis=1) > 1e-9).mean())
    return Comparison(float(before.mean()), float(after.mean()), better)
