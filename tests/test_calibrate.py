"""Confidence: signals, features, the fit, and questions made from seeds."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from index.answer import Verdict
from index.build import build
from index.calibrate import Examples, calibrate
from index.calibrate import fit as fitted_to
from index.confidence import (
    ACROSS,
    BANDS,
    SAME,
    Calibration,
    Numbers,
    RankedSignals,
    features,
    logit_of,
    sigmoid,
    verdict_of,
)
from index.judge import signals_of
from index.probe_search import said_otherwise
from index.probes import Sample, generate_questions
from index.retriever import Retriever
from index.store import Store
from index.text import terms
from tests.fakes import WORDS_MODEL, WordEmbedder

SENTENCE = "İzmir Saat Kulesi 1901 yılında Konak Meydanı'nda Sultan Abdülhamid için yaptırıldı."


def signals(
    *,
    first: float = 1.02,
    rest: float = 0.84,
    evidence: float = 0.88,
    coverage: float = 0.75,
    sentence: float = 0.885,
    sentence_coverage: float = 0.65,
    known: float = 0.95,
) -> RankedSignals:
    """Those of a well answered question, unless told otherwise."""
    scores = np.array([first, *[rest] * 9])
    return RankedSignals(scores, evidence, coverage, sentence, sentence_coverage, known)


# -- signals, features, verdicts ------------------------------------------------------------------


def test_a_well_covered_question_is_trusted_and_a_foreign_subject_is_not() -> None:
    shipped = Calibration()
    strange = signals(
        first=0.87, rest=0.83, evidence=0.82, coverage=0.25, sentence=0.815, sentence_coverage=0.2
    )
    assert shipped.confidence(signals()) > 0.9
    assert shipped.confidence(strange) < 0.1


@pytest.mark.parametrize(
    "weaker",
    [
        {"first": 0.9},
        {"evidence": 0.82},
        {"coverage": 0.2},
        {"sentence": 0.81},
        {"sentence_coverage": 0.1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_weaker_signal_lowers_the_confidence(weaker: dict[str, float]) -> None:
    assert Calibration().confidence(signals(**weaker)) < Calibration().confidence(signals())


def test_words_say_nothing_about_a_question_in_another_language() -> None:
    """An English question over Turkish seeds: lower cosines, hardly a shared word."""
    asked = {"first": 0.85, "rest": 0.76, "evidence": 0.82, "sentence": 0.82}
    across = signals(**asked, coverage=0.1, sentence_coverage=0.1, known=0.2)
    same = signals(**asked, coverage=0.1, sentence_coverage=0.1, known=0.95)
    assert Calibration().confidence(across) > 0.6 > 0.4 > Calibration().confidence(same)


def test_confidence_moves_smoothly_between_the_two_models() -> None:
    shares = np.linspace(0, 1, 101)
    found = [Calibration().confidence(signals(first=0.9, known=share)) for share in shares]
    assert np.abs(np.diff(found)).max() < 0.1


@pytest.mark.parametrize("count", [1, 2, 5, 6, 9, 10])
def test_a_small_index_gives_a_finite_lead(count: int) -> None:
    few = RankedSignals(np.linspace(1.0, 0.8, count), 0.9, 1.0, 0.9, 1.0, 1.0)
    assert 0 < few.lead <= 0.2
    assert np.isfinite(features(few)).all()


@pytest.mark.parametrize("caution", BANDS)
def test_bands_follow_each_other(caution: str) -> None:
    answered, unsure = BANDS[caution]
    assert 0 < unsure < answered < 1
    assert verdict_of(answered, caution) is Verdict.ANSWERED
    assert verdict_of((answered + unsure) / 2, caution) is Verdict.UNSURE
    assert verdict_of(unsure - 0.01, caution) is Verdict.REFUSED


def test_more_caution_never_answers_more() -> None:
    rank = [Verdict.REFUSED, Verdict.UNSURE, Verdict.ANSWERED].index
    for confidence in np.linspace(0, 1, 51):
        low, normal, high = (
            rank(verdict_of(float(confidence), caution)) for caution in ("low", "normal", "high")
        )
        assert low >= normal >= high


@pytest.mark.parametrize("logit", [-700.0, -3.0, 0.0, 0.5, 700.0])
def test_a_confidence_has_the_logit_it_came_from(logit: float) -> None:
    with np.errstate(all="raise"):
        again = logit_of(float(sigmoid(np.array(logit))))
    assert again == pytest.approx(logit) or (abs(logit) > 30 and math.isinf(again))


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e6, 0.0, 1e6])).tolist() == [0.0, 0.5, 1.0]


# -- the fit --------------------------------------------------------------------------------------


def made(count: int, shift: float = 0.0, seed: int = 1) -> Examples:
    """Features as they are usual, `shift` being how much closer all texts of an index lie."""
    chance = np.random.default_rng(seed)
    right = chance.normal(
        [0.88, 0.72, 0.18, 0.885, 0.65], [0.02, 0.19, 0.05, 0.025, 0.2], (count, 5)
    )
    wrong = chance.normal(
        [0.83, 0.29, 0.05, 0.825, 0.22], [0.015, 0.14, 0.03, 0.02, 0.12], (count, 5)
    )
    rows = np.concatenate([right, wrong])
    rows[:, [0, 3]] += shift
    answerable = np.repeat([True, False], count)
    return Examples(rows, answerable, np.tile(np.arange(count), 2), within(2 * count))


def within(count: int) -> Numbers:
    """So many examples of which none is across languages."""
    return np.full(count, np.nan)


def fit(examples: Examples, move: float = 0.0, reads: float = np.nan) -> Calibration:
    """Fitted where comparing a doubtful passage moves its logit by `move`, and reading it together
    with the question says `reads`; nothing where that is NaN."""
    return fitted_to(
        examples,
        lambda doubtful: np.where(doubtful, move, 0.0),
        lambda worth: np.where(worth, reads, np.nan),
    )


def test_the_fit_follows_an_index_whose_texts_lie_closer_together() -> None:
    """All cosines .04 higher: the shipped model would believe every wrong answer."""
    shifted, unseen = made(120, shift=0.04), made(400, shift=0.04, seed=2)
    fitted = fit(shifted)
    wrong = unseen.features[~unseen.answerable]
    right = unseen.features[unseen.answerable]
    assert np.mean(sigmoid(SAME.logit(wrong)) > 0.5) > 0.15
    assert np.mean(sigmoid(fitted.same.logit(wrong)) > 0.5) < 0.05
    assert np.mean(sigmoid(fitted.same.logit(right)) < 0.5) < 0.1


def test_rates_tell_what_happens_on_unseen_questions() -> None:
    fitted, unseen = fit(made(150)), made(2000, seed=3)
    confidences = sigmoid(fitted.same.logit(unseen.features))
    answered, unsure = BANDS["normal"]
    rates = fitted.rates["normal"]
    assert np.mean(confidences[~unseen.answerable] >= answered) == pytest.approx(
        rates.wrong_given, abs=0.05
    )
    assert np.mean(confidences[unseen.answerable] < unsure) == pytest.approx(
        rates.right_withheld, abs=0.05
    )


def test_more_caution_withholds_more_and_errs_less() -> None:
    rates = fit(made(150)).rates
    low, normal, high = rates["low"], rates["normal"], rates["high"]
    assert low.wrong_given >= normal.wrong_given >= high.wrong_given
    assert low.right_withheld <= normal.right_withheld <= high.right_withheld


def test_rates_tell_what_reading_before_a_refusal_does() -> None:
    plain, read = fit(made(150)).rates["normal"], fit(made(150), move=2.9).rates["normal"]
    assert read.right_withheld < plain.right_withheld
    assert read.wrong_given + read.wrong_unsure >= plain.wrong_given + plain.wrong_unsure
    assert fit(made(150), move=-5).rates["normal"] == plain  # what is refused stays refused


def test_probes_across_languages_count_but_teach_nothing() -> None:
    only, more = made(150), made(30, shift=0.3)
    across = np.concatenate([only.across, np.where(more.answerable, -9.0, 9.0)])
    both = Examples(
        np.concatenate([only.features, more.features]),
        np.concatenate([only.answerable, more.answerable]),
        np.concatenate([only.documents, 150 + more.documents]),
        across,
    )
    fitted, alone = fit(both), fit(only)
    assert fitted.same == alone.same
    share = 30 / 180  # all of these are judged wrongly
    expected = alone.rates["normal"].wrong_given * (1 - share) + share
    assert fitted.rates["normal"].wrong_given == pytest.approx(expected, abs=0.02)


def test_too_few_probes_leave_the_shipped_model() -> None:
    fitted = fit(made(5, shift=0.04))
    assert fitted == Calibration()
    assert (fitted.same, fitted.across) == (SAME, ACROSS)


def test_what_reading_says_counts_in_the_rates_but_not_in_the_model() -> None:
    examples = made(150)
    plain, poor, good = (fit(examples, reads=reads) for reads in (np.nan, -4.0, 1.0))
    assert plain.same == poor.same == good.same
    before, worse, better = (one.rates["normal"] for one in (plain, poor, good))
    assert worse.right_withheld > before.right_withheld >= better.right_withheld
    assert worse.wrong_given <= before.wrong_given <= better.wrong_given


def test_probes_that_cannot_be_told_apart_do_not_break_the_fit() -> None:
    rows = np.tile([0.85, 0.5, 0.1, 0.85, 0.5], (40, 1))
    fitted = fit(Examples(rows, np.arange(40) % 2 == 0, np.zeros(40, np.int64), within(40)))
    assert np.isfinite([fitted.same.bias, *fitted.same.weights]).all()


def test_a_calibration_survives_json() -> None:
    fitted = fit(made(50))
    assert Calibration.from_json(json.loads(json.dumps(fitted.to_json()))) == fitted


@pytest.mark.parametrize("kept", [{}, {"format": 0, "same": "?"}])
def test_an_index_without_a_calibration_gets_the_shipped_one(kept: dict[str, object]) -> None:
    assert Calibration.from_json(kept) == Calibration()


# -- made questions -------------------------------------------------------------------------------


def probes_of(text: str, language: str, count: int = 40) -> list[str]:
    sample = Sample(text, language, 0, range(1))
    return [next(generate_questions([sample], seed)).question for seed in range(count)]


def test_made_questions_use_words_of_the_sentence_and_leave_one_out() -> None:
    held = set(terms(SENTENCE))
    for question in probes_of(SENTENCE, "tr"):
        assert question.endswith("?")
        asked = set(terms(question))
        assert len(asked & held) >= 2
        assert held - asked


def test_a_year_is_asked_for_with_when() -> None:
    asked = [q for q in probes_of(SENTENCE, "tr") if "1901" not in q]
    assert any("ne zaman" in q.lower() or "hangi yıl" in q.lower() for q in asked)


def test_a_language_without_question_words_still_gives_probes() -> None:
    greek = "Η παλιά γέφυρα στην Άρτα χτίστηκε πάνω στον ποταμό Άραχθο"
    assert all(question.endswith("?") for question in probes_of(greek, "el"))


@pytest.mark.parametrize("text", ["", "Evet.", "Bu da ne?", "1901", "Saat Kulesi."])
def test_a_sentence_with_little_in_it_is_not_asked_about(text: str) -> None:
    assert list(generate_questions([Sample(text, "tr", 0, range(1))])) == []


def test_the_same_seed_makes_the_same_questions() -> None:
    samples = [Sample(SENTENCE, "tr", row, range(9)) for row in range(9)]
    first, again = (list(generate_questions(samples, seed=7)) for _ in range(2))
    assert first == again
    assert list(generate_questions(samples, seed=8)) != first


# -- over an index --------------------------------------------------------------------------------

SEEDS = {
    "kule.txt": "Saat Kulesi 1901 yılında Konak Meydanı'nda Sultan Abdülhamid için yaptırıldı.",
    "gol.txt": "Issık Göl Kırgızistan'ın doğusunda yer alır ve kışın hiçbir zaman donmaz.",
    "park.txt": "Kültürpark 1936 yılında İzmir Fuarı için yangın yerinde kurulmuş parktır.",
    "efes.txt": "Efes antik kenti 2015 yılında Dünya Mirası Listesi'ne oy birliğiyle alındı.",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, text in SEEDS.items():
        for copy in range(4):
            words = " ".join(f"{name[:3]}{copy}{letter}" for letter in "abcdefgh")
            (seeds / f"{copy}-{name}").write_text(f"{words} {text}", encoding="utf-8")
    store = Store(tmp_path / "index")
    build(seeds, store, WORDS_MODEL, WordEmbedder, max_seed_bytes=10_000)
    return store


def test_an_index_is_calibrated_on_its_own_seeds(store: Store) -> None:
    index = store.open()
    kept = calibrate(index, WordEmbedder())
    assert kept["probes"] >= 10
    assert kept["passages"] == len(SEEDS) * 4
    assert Calibration.from_json(kept).same != SAME
    index.close()


def test_a_calibration_is_kept_until_the_index_has_changed_by_a_fifth(store: Store) -> None:
    index = store.open()
    for passages, fitted_anew in ((16, False), (14, False), (12, True), (30, True)):
        known = Calibration(passages=passages, probes=77).to_json()
        object.__setattr__(index.manifest, "calibration", known)
        again = calibrate(index, WordEmbedder())
        assert (again["probes"] != 77) is fitted_anew, passages
    index.close()


def test_words_said_otherwise_count_as_found_nowhere(store: Store) -> None:
    index = store.open()
    asked = Retriever(index, WordEmbedder()).search("Saat Kulesi Konak", "tr", 10)
    unchanged = said_otherwise(asked, ())
    assert [hit.row for hit in unchanged.hits] == [hit.row for hit in asked.hits]
    assert [hit.score for hit in unchanged.hits] == pytest.approx([hit.score for hit in asked.hits])
    otherwise = said_otherwise(asked, terms("Konak"))
    assert otherwise.hits[0].coverage < asked.hits[0].coverage
    assert otherwise.hits[0].score < asked.hits[0].score
    assert otherwise.wanted.known.sum() < asked.wanted.known.sum()
    index.close()


def test_signals_of_a_question_in_the_words_of_a_seed(store: Store) -> None:
    index = store.open()
    found = Retriever(index, WordEmbedder()).search("Issık Göl kışın donmaz mı?", "tr", 10)
    (first,) = index.passages(np.array([found.hits[0].row]))
    seen = signals_of(found, first, "tr")
    assert "Issık Göl" in first.text
    assert seen.coverage == seen.sentence_coverage == pytest.approx(1.0)
    assert seen.known == 1.0
    assert len(seen.scores) == 10
    index.close()
