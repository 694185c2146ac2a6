"""Measures answers on a questions file: ranking, the answering sentence, refusals, latency."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from index.answer import Verdict
from index.answerer import Answerer
from index.finder import Found
from index.questions_file import Case
from index.records import PassageRecord

DEPTH = 10
SHOWN = 3  # passages that an outcome keeps


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was found for a case, and whether it answers it as far as the case tells."""

    path: str
    text: str
    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; `retrieved` are the first passages found."""

    case: Case
    confidence: float
    verdict: Verdict
    places: tuple[float, ...]  # probability that the right seed stands at place i
    sentence_hit: bool | None  # None where the right passage was not first or no answer is known
    seconds: float
    repeated: bool = False  # it was answered with a passage that somebody complained of
    retrieved: tuple[Retrieved, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures over a questions file; shares are 0 to 1, times in milliseconds.

    Ties are counted fairly: a right passage that ties with m - 1 others at the top counts 1/m.
    """

    questions: int
    answerable: int
    recall_at_1: float
    recall_at_5: float
    ndcg_at_10: float
    mrr: float
    sentence_hit: float
    refusal_auroc: float
    answered_at_95_precision: float
    wrong_answers_given: float  # with or without the caveat
    wrong_answers_plain: float  # without it
    right_answers_withheld: float
    complaints_repeated: float
    p50_ms: float
    p95_ms: float


def evaluate(
    answerer: Answerer,
    cases: Sequence[Case],
    *,
    removed: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """Asks every case; with `removed`, answerable ones once more with their group left out."""
    outcomes = []
    for number, case in enumerate(cases):
        outcomes.append(_outcome(answerer, case, without=()))
        if progress:
            progress(number + 1, len(cases))
    if removed:
        groups: dict[str, set[str]] = {}
        for case in cases:
            if case.group and case.source:
                groups.setdefault(case.group, set()).add(case.source)
        for case in cases:
            if case.group and case.source:
                absent = Case(case.question, None, "", kind="removed")
                outcomes.append(_outcome(answerer, absent, without=groups[case.group]))
    return outcomes


def _outcome(answerer: Answerer, case: Case, without: Iterable[str]) -> Outcome:
    started = time.perf_counter()
    left_out = frozenset(without)
    found = answerer.find(
        case.question,
        k=DEPTH * 3,
        wanted=(lambda record: record.path not in left_out) if left_out else None,
    )
    answer = answerer.quote(found, k=1)
    seconds = time.perf_counter() - started
    original = squeezed((case.source and answerer.text_of(case.source)) or "")
    places = tuple(_places(found, case, original))
    hit = None
    if places and places[0] and case.answer and answer.citations:
        sentences = " ".join(answer.citations[0].highlighted)
        hit = squeezed(case.answer) in squeezed(sentences)
    cited = answer.citations[0].key if answer.citations else ""
    repeated = cited in case.wrong_passages
    retrieved = tuple(
        Retrieved(
            record.document.path,
            record.text,
            hit.score,
            case.source is not None and is_right(case, record, original),
        )
        for hit, record in islice(found.passages(), SHOWN)
    )
    return Outcome(
        case, found.confidence, answer.verdict, places, hit, seconds, repeated, retrieved
    )


def _places(found: Found, case: Case, original: str) -> list[float]:
    """The probability of each place, 0 to DEPTH - 1, to hold the right seed; ties share theirs.

    `original` is the squeezed text of that seed.
    """
    if case.source is None:
        return []
    scores: list[float] = []
    right: float | None = None
    seen: set[str] = set()
    for hit, record in found.passages():
        if case.group:  # a SQuAD paragraph is one seed, however many passages it was split into
            if record.document.path in seen:
                continue
            seen.add(record.document.path)
        scores.append(hit.score)
        if right is None and is_right(case, record, original):
            right = hit.score
    places = [0.0] * DEPTH
    if right is not None:
        tied = [place for place, score in enumerate(scores) if score == right]
        for place in tied:
            if place < DEPTH:
                places[place] = 1 / len(tied)
    return places


def is_right(case: Case, record: PassageRecord, original: str = "") -> bool:
    """Whether a passage answers a case, as far as the case tells.

    A copy of a passage of the seed that answers is as right, where that seed's squeezed text is
    given as the `original`.
    """
    elsewhere = case.source and record.document.path != case.source
    if elsewhere and squeezed(record.text) not in original:
        return False
    return bool(case.group) or squeezed(case.answer) in squeezed(record.text)


def squeezed(text: str) -> str:
    """Text with every run of white space as one space."""
    return " ".join(text.split())


def scores_of(outcomes: Sequence[Outcome]) -> Scores:
    """The figures; NaN where a file has no case of the kind."""
    answerable = [o for o in outcomes if o.case.answerable]
    absent = [o for o in outcomes if o.case.absent]
    complaints = [o.repeated for o in outcomes if o.case.wrong_passages]
    places = np.array([o.places for o in answerable]).reshape(-1, DEPTH)
    ranks = np.arange(1, DEPTH + 1)
    hits = [o.sentence_hit for o in answerable if o.sentence_hit is not None]
    seconds = np.array([o.seconds for o in outcomes])
    right = np.array([o.places[0] for o in answerable])
    given = np.array([o.verdict is not Verdict.REFUSED for o in answerable], dtype=bool)
    return Scores(
        questions=len(outcomes),
        answerable=len(answerable),
        recall_at_1=_mean(places[:, 0]),
        recall_at_5=_mean(places[:, :5].sum(axis=1)),
        ndcg_at_10=_mean(places @ (1 / np.log2(ranks + 1))),
        mrr=_mean(places @ (1 / ranks)),
        sentence_hit=_mean(np.array(hits, dtype=float)),
        refusal_auroc=auroc(
            np.array([o.confidence for o in answerable]), np.array([o.confidence for o in absent])
        ),
        answered_at_95_precision=answered_at_precision(answerable, absent, 0.95),
        wrong_answers_plain=_mean(np.array([o.verdict is Verdict.ANSWERED for o in absent])),
        wrong_answers_given=_mean(np.array([o.verdict is not Verdict.REFUSED for o in absent])),
        right_answers_withheld=_mean(~given[right > 0.5]) if len(right) else math.nan,
        complaints_repeated=_mean(np.array(complaints)),
        p50_ms=float(np.percentile(seconds, 50) * 1000) if len(seconds) else math.nan,
        p95_ms=float(np.percentile(seconds, 95) * 1000) if len(seconds) else math.nan,
    )


def auroc(positive: npt.NDArray[np.float64], negative: npt.NDArray[np.float64]) -> float:
    """The chance that an answerable question is trusted more than an absent one; a tie is half."""
    if not len(positive) or not len(negative):
        return math.nan
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float(np.mean((below + not_above) / 2) / len(negative))


def answered_at_precision(
    answerable: Sequence[Outcome], absent: Sequence[Outcome], precision: float
) -> float:
    """The largest share of answerable questions given an answer at this precision.

    An answer to an answerable question counts as right, whichever passage it is (R@1 tells that),
    one to an absent question as wrong. The threshold is chosen on the same cases.
    """
    if not answerable or not absent:
        return math.nan
    trust = np.array([o.confidence for o in (*answerable, *absent)])
    is_answerable = np.arange(len(trust)) < len(answerable)
    order = np.argsort(-trust, kind="stable")
    so_far = np.arange(1, len(trust) + 1)
    answered = np.cumsum(is_answerable[order])
    good = answered / so_far >= precision
    return float(answered[good].max(initial=0) / len(answerable))


def _mean(values: npt.NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else math.nan
