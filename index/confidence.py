"""How sure an answer is: from what a search found to a probability, and to a verdict.

Two logistic models: one for questions in the seeds' language, one across languages, where words
say nothing and cosines lie lower; the share of the question's terms that the index knows blends
them. The shipped coefficients are the mean of two fits to questions made from Wikipedia paragraphs
(index/probes.py), with and without the sentence signals. That mean, the biases and the bands were
chosen by looking at questions that people asked, the model across languages likewise;
index/calibrate.py moves the bias to the user's seeds.
docs/retrieval.md has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from index.answer import Verdict

Numbers = npt.NDArray[np.float64]

FORMAT = 2
ACROSS_BELOW = 0.5  # share of terms known under which a question counts as another language
SAME_FROM = 0.7  # and from which as the seeds' own
NEXT_BEST = slice(5, 10)  # places whose mean score stands for "what any question would find"
USUAL_LEAD = 0.1  # where there are too few passages to compare with

# The usual match of tokens where they were read, and what a better one adds to the logit.
ACROSS_MATCH, ACROSS_MATCH_TRUST = 0.51, 10.0
SAME_MATCH, SAME_MATCH_TRUST = 0.51, 3.5
# Logits between which the passage is read before it is refused: what lies lower stays refused.
DOUBTFUL = (-3.0, 0.0)
# The usual reading of question and passage as one text; what a better one adds to the logit, more
# where the search is surer, for a near miss looks sure; and where not even that saves an answer or
# spoils it.
USUAL_READING = -1.8
READING_TRUST, READING_TRUST_GROWS = 0.46, 0.18
READING_TRUST_BOUNDS = 0.22, 0.9
HOPELESS, CERTAIN = -3.0, 4.0

UNABLE_AT_MOST = 0.3  # of a passage that cannot answer, however well it fits: 2 of 147 did

# caution: (answered from, unsure from), as probabilities
BANDS: dict[str, tuple[float, float]] = {
    "low": (0.6, 0.3),
    "normal": (0.9, 0.5),
    "high": (0.95, 0.75),
}


@dataclass(frozen=True, slots=True)
class RankedSignals:
    """What a ranked list says about its first passage.

    scores: (n,) the best passages' scores, best first, ten of them where there are as many.
    evidence: the best mean of passage cosine and sentence cosine among the candidates.
    coverage: share of the question's term weight that the first passage has, 0 to 1.
    sentence_cosine: the best cosine among the first passage's sentences.
    sentence_coverage: share of the term weight that its best sentence alone has, 0 to 1.
    known: share of the question's terms that stand anywhere in the index, 0 to 1.
    match: how well the first passage's tokens match, None where they were not read.
    unable: whether the first passage has nothing of the kind that is asked for.
    answers: how surely the first passage answers, as it is read together with the question, a
        logit; None where it was not read.
    """

    scores: Numbers
    evidence: float
    coverage: float
    sentence_cosine: float
    sentence_coverage: float
    known: float
    match: float | None = None
    unable: bool = False
    answers: float | None = None

    @property
    def lead(self) -> float:
        """How far the first score stands above those that any question would find."""
        others = self.scores[NEXT_BEST] if len(self.scores) > NEXT_BEST.start else self.scores[-1:]
        return float(self.scores[0] - others.mean()) if len(self.scores) > 1 else USUAL_LEAD


def features(signals: RankedSignals) -> Numbers:
    """(5,) float64: evidence, coverage, lead, sentence cosine, sentence coverage."""
    return np.array(
        [
            signals.evidence,
            signals.coverage,
            signals.lead,
            signals.sentence_cosine,
            signals.sentence_coverage,
        ]
    )


ACROSS_FEATURES = [0, 2]  # evidence and lead: the others say nothing across languages


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: sigmoid(bias + weights @ features)."""

    bias: float
    weights: tuple[float, ...]

    def logit(self, features: Numbers) -> npt.NDArray[np.float64]:
        """Logits of features (..., n)."""
        return np.asarray(features @ np.array(self.weights) + self.bias)


SAME = Model(-49.9, (37.0, 2.4, 17.0, 17.8, 1.3))
ACROSS = Model(-50.75, (60.0, 80.0))


@dataclass(frozen=True, slots=True)
class Rates:
    """What to expect of a caution, by cross-validation on questions made from the seeds.

    Shares, 0 to 1, of questions without an answer that get one all the same (with and without the
    caveat), and of answerable questions that are refused or get the caveat.
    """

    wrong_given: float
    wrong_unsure: float
    right_withheld: float
    right_unsure: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The models of an index, kept in its manifest, and what was measured with them.

    `passages` and `probes` tell how many passages the index had and how many made questions the
    models were fitted to: 0 for the shipped ones.
    """

    same: Model = SAME
    across: Model = ACROSS
    passages: int = 0
    probes: int = 0
    rates: Mapping[str, Rates] = field(default_factory=dict)

    def confidence(self, signals: RankedSignals) -> float:
        """The probability, 0 to 1, that the first passage answers the question."""
        row = features(signals)
        share = (signals.known - ACROSS_BELOW) / (SAME_FROM - ACROSS_BELOW)
        blend = float(np.clip(share, 0, 1))
        same, across = self.same.logit(row), self.across.logit(row[ACROSS_FEATURES])
        if signals.match is not None:
            if is_doubtful(same):
                same = same + logit_by_match(signals.match)
            across = across + ACROSS_MATCH_TRUST * (signals.match - ACROSS_MATCH)
        logit = blend * same + (1 - blend) * across
        if signals.answers is not None:
            logit = with_reading(logit, signals.answers)
        return min(float(sigmoid(np.asarray(logit))), UNABLE_AT_MOST if signals.unable else 1.0)

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads back."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Calibration:
        """A kept calibration; the shipped one where nothing, or another format, was kept."""
        if kept.get("format") != FORMAT:
            return cls()
        return cls(
            same=Model(kept["same"]["bias"], tuple(kept["same"]["weights"])),
            across=Model(kept["across"]["bias"], tuple(kept["across"]["weights"])),
            passages=kept["passages"],
            probes=kept["probes"],
            rates={caution: Rates(**rates) for caution, rates in kept["rates"].items()},
        )


def logit_by_match(match: float) -> float:
    """What a match of tokens within a language adds to the logit."""
    return SAME_MATCH_TRUST * (match - SAME_MATCH)


def with_reading(logits: Any, answers: Any) -> Any:
    """Logits once the passages were read together with the questions, one or many; `answers` are
    what the reading says."""
    trust = np.clip(READING_TRUST + READING_TRUST_GROWS * logits, *READING_TRUST_BOUNDS)
    return logits + trust * (answers - USUAL_READING)


def is_doubtful(logits: Any) -> Any:
    """Whether reading a passage may yet save it from being refused; for one logit or many."""
    return (logits > DOUBTFUL[0]) & (logits < DOUBTFUL[1])


def logit_of(confidence: float) -> float:
    """The logit of a confidence, infinite at 0 and 1."""
    if not 0 < confidence < 1:
        return math.copysign(math.inf, confidence - 0.5)
    return math.log(confidence / (1 - confidence))


def sigmoid(logits: Numbers) -> Numbers:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(np.asarray(logits) / 2)))


def verdict_of(confidence: float, caution: str) -> Verdict:
    """ANSWERED, UNSURE or REFUSED under a caution, which is "low", "normal" or "high"."""
    answered, unsure = BANDS[caution]
    if confidence >= answered:
        return Verdict.ANSWERED
    return Verdict.UNSURE if confidence >= unsure else Verdict.REFUSED
