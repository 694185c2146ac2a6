"""Turkish letters put back into words that stand in no source."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.bundled import model_file
from index.text import ascii_fold, words
from index.turkish_letters import PIECES, with_turkish_letters
from tools.make_turkish_pieces import turkish_pieces

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "word",
    """
    kütüphane kaçta nasıl ücretsiz düğün nişanlımın hazırlattığımız bırakmalıyız
    evleneceğiz açık öğrenciler yağmurluk çalıştıracak sıkıntısını tanımlanabilir alışılagelmiş
    """.split(),
)
def test_the_likeliest_spelling_is_the_turkish_one(word: str) -> None:
    assert with_turkish_letters(ascii_fold(word)) == word


@pytest.mark.parametrize("word", ["google", "ispanya", "telefon", "doktor", "bilgisayar", "proje"])
def test_what_has_no_turkish_letters_stays(word: str) -> None:
    assert with_turkish_letters(word) == word


@pytest.mark.parametrize("word", ["geliyor", "yapabiliyoruz", "evdeyken", "sokaktaki"])
def test_some_suffixes_break_the_harmony(word: str) -> None:
    assert with_turkish_letters(word) == word


@pytest.mark.parametrize("word", ["", "x", "qwx", "a" * 41, "c" * 40, "i" * 40])
def test_any_word_has_a_spelling(word: str) -> None:
    assert ascii_fold(with_turkish_letters(word)) == word


def test_most_words_of_questions_become_what_they_were() -> None:
    """Different words in small letters, of all questions to institutions."""
    asked = json.loads((ROOT / "questions/institutions.json").read_text(encoding="utf-8"))["data"]
    typed = {
        word.text
        for article in asked
        for paragraph in article["paragraphs"]
        for case in paragraph["qas"]
        for word in words(case["question"])
        if word.text.islower() and word.text.isalpha() and not set(word.text) & set("âîûqwx")
    }
    doubtful = [word for word in typed if set(ascii_fold(word)) & set("cgiosu")]
    right = sum(with_turkish_letters(ascii_fold(word)) == word for word in doubtful)
    as_typed = sum(ascii_fold(word) == word for word in doubtful)
    assert len(doubtful) > 600
    assert as_typed / len(doubtful) < 0.45
    assert right / len(doubtful) > 0.87


def test_committed_pieces_are_those_of_the_model() -> None:
    made = turkish_pieces(model_file().vocabulary)
    with np.load(PIECES) as kept:
        for name, array in made.items():
            assert np.array_equal(kept[name], array)
    assert (made["keys"][1:] >= made["keys"][:-1]).all()  # type: ignore[operator]
    assert PIECES.stat().st_size < 300_000
