"""Two ways of answering the same questions: what differs, and by how much it may be chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.answer import Verdict
from index.evaluate import DEPTH, Outcome

RESAMPLES = 2_000
_SEED = 20260129

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of both ways, 0 to 1 and higher for better.

    `low` and `high` bound the 95 % interval of after minus before, by a paired bootstrap over the
    questions. `better` and `worse` count the questions that changed.
    """

    figure: str
    before: float
    after: float
    low: float
    high: float
    better: int
    worse: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def differences(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Difference]:
    """The figures that every question has by itself; outcomes of the same cases in one order."""
    if [outcome.case for outcome in before] != [outcome.case for outcome in after]:
        raise ValueError("outcomes of different questions")
    places = [_places(before), _places(after)]
    ranks = np.arange(1, DEPTH + 1)
    found = []
    if len(places[0]):
        found += [
            _difference("R@1", *(each[:, 0] for each in places)),
            _difference("R@5", *(each[:, :5].sum(axis=1) for each in places)),
            _difference("nDCG@10", *(each @ (1 / np.log2(ranks + 1)) for each in places)),
        ]
    right = [_right_verdicts(before), _right_verdicts(after)]
    return [*found, _difference("verdict", *right)]


def _places(outcomes: Sequence[Outcome]) -> Numbers:
    listed = [outcome.places for outcome in outcomes if outcome.case.source is not None]
    return np.array(listed, float).reshape(-1, DEPTH)


def _right_verdicts(outcomes: Sequence[Outcome]) -> Numbers:
    """1 where a question was answered with the right seed first, or refused for want of one.

    Of a complaint: where its passage does not come again.
    """
    return np.array(
        [
            float(not outcome.repeated)
            if outcome.case.wrong_passages
            else float(outcome.verdict is Verdict.REFUSED)
            if outcome.case.source is None
            else outcome.places[0] * (outcome.verdict is not Verdict.REFUSED)
            for outcome in outcomes
        ]
    )


def _difference(figure: str, before: Numbers, after: Numbers) -> Difference:
    change = after - before
    chosen = np.random.default_rng(_SEED).integers(0, len(change), (RESAMPLES, len(change)))
    low, high = np.percentile(change[chosen].mean(axis=1), [2.5, 97.5])
    return Difference(
        figure,
        float(before.mean()),
        float(after.mean()),
        float(low),
        float(high),
        int((change > 1e-9).sum()),
        int((change < -1e-9).sum()),
    )
