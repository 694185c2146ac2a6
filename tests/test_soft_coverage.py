"""How much of a question each sentence covers, by near words and by what was said before it."""

from __future__ import annotations

import numpy as np
import pytest

from index.onnx_e5 import OnnxE5
from index.soft_coverage import CARRIED, carried, soft_coverage
from index.token_codes import unpack


@pytest.fixture(scope="module")
def engine() -> OnnxE5:
    return OnnxE5(threads=2)


def covered(engine: OnnxE5, question: str, texts: list[str]) -> list[float]:
    return [*soft_coverage(engine.asked(question), [*map(unpack, engine.tokens(texts))])]


def test_what_was_met_before_counts_a_little_less() -> None:
    met = np.array([[1.0, 0.1], [0.2, 0.5], [0.0, 0.9]])
    expected = [[1.0, 0.1], [CARRIED, 0.5], [CARRIED, 0.9]]
    assert carried(met).tolist() == pytest.approx(np.array(expected))
    assert met[1, 0] == 0.2  # as it was handed in
    assert carried(np.zeros((1, 0))).shape == (1, 0)


def test_the_same_words_cover_nearly_the_whole_question(engine: OnnxE5) -> None:
    texts = ["Köprüyü kentin belediyesi açtı.", "Göl donmaz."]
    whole, other = covered(engine, "köprüyü belediye açtı", texts)
    assert 0.7 < whole < 1
    assert other == pytest.approx(CARRIED * whole, abs=0.02)


def test_a_near_word_covers_more_than_any_other(engine: OnnxE5) -> None:
    near, far = (covered(engine, "doktor", [text])[0] for text in ("Hekim geldi.", "Peynir geldi."))
    assert far < near < 1


def test_the_sentence_that_goes_on_about_the_subject_covers_more(engine: OnnxE5) -> None:
    question = "Boz geyiğin sesi ne kadar uzaktan işitilir?"
    texts = [
        "Boz geyik vadideki ormanlarda yaşar ve gündüzleri görünmez.",
        "Böğürtüsü üç kilometre uzaktan duyulur.",
    ]
    first, second = covered(engine, question, texts)
    assert second > first
    assert covered(engine, question, texts[::-1])[0] < second


def test_a_script_without_spaces_is_met_piece_by_piece(engine: OnnxE5) -> None:
    question = "大桥是哪一年开放的"
    (some,), (none,) = (
        covered(engine, question, [t]) for t in ("大桥于1994年开放。", "奶酪很好吃。")
    )
    assert none < some < 1


@pytest.mark.parametrize("question", ["", " ", "\0", "?", "a" * 3_000, "\ud800 köprü", "🦊" * 600])
@pytest.mark.parametrize("texts", [["Köprü açıldı.", "?"], ["\ud800"], ["b" * 3_000]])
def test_any_question_and_any_sentence(engine: OnnxE5, question: str, texts: list[str]) -> None:
    shares = covered(engine, question, texts)
    assert len(shares) == len(texts)
    assert np.isfinite(shares).all()
