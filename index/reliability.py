"""Whether a confidence says what it promises: of answers given at 80 %, are 80 % right?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.evaluate import Outcome

BINS = 10
_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases whose confidence lies in [low, high); shares are 0 to 1.

    `answerable` and `absent` count its cases of each kind, `right` those whose first passage
    answers them (ties count their share), `confidence` is the mean.
    """

    low: float
    high: float
    answerable: int
    absent: int
    right: float
    confidence: float

    @property
    def count(self) -> int:
        return self.answerable + self.absent

    @property
    def share(self) -> float:
        return self.right / self.count if self.count else math.nan


def rightness(outcome: Outcome) -> float:
    """1 where the first passage answers the case, its share in a tie, 0 for an absent case."""
    return outcome.places[0] if outcome.places else 0.0


def bins_of(outcomes: Sequence[Outcome], count: int = BINS) -> list[Bin]:
    """Bins of equal width over the confidence, empty ones too."""
    kept: list[list[Outcome]] = [[] for _ in range(count)]
    for outcome in outcomes:
        kept[min(int(outcome.confidence * count), count - 1)].append(outcome)
    return [
        Bin(
            low=number / count,
            high=(number + 1) / count,
            answerable=sum(o.case.source is not None for o in inside),
            absent=sum(o.case.source is None for o in inside),
            right=sum(map(rightness, inside)),
            confidence=sum(o.confidence for o in inside) / len(inside) if inside else math.nan,
        )
        for number, inside in enumerate(kept)
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean gap of confidence and share right, by bin sizes.

    C. Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    total = sum(each.count for each in bins)
    gaps = sum(each.count * abs(each.share - each.confidence) for each in bins if each.count)
    return gaps / total if total else math.nan


def brier(outcomes: Sequence[Outcome]) -> float:
    """Mean squared gap between each confidence and whether its first passage is right."""
    gaps = [(outcome.confidence - rightness(outcome)) ** 2 for outcome in outcomes]
    return sum(gaps) / len(gaps) if gaps else math.nan


def interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of `count` cases: E. B. Wilson, 1927."""
    if not count or math.isnan(share):
        return math.nan, math.nan
    centre = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = math.sqrt(share * (1 - share) / count + (_Z / (2 * count)) ** 2)
    half *= _Z / (1 + _Z**2 / count)
    return max(0.0, centre - half), min(1.0, centre + half)
