"""The Turkish analyser against word pairs that were decided before it was written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analyser import is_root, stem
from index.text import fold

with (Path(__file__).parent / "data" / "word_pairs.tsv").open(encoding="utf-8", newline="") as file:
    PAIRS = [
        (row["word1"], row["word2"], row["verdict"]) for row in csv.DictReader(file, delimiter="\t")
    ]
TURKISH = st.text("abcçdefgğhıijklmnoöprsştuüvyz", min_size=1, max_size=24)


def key(word: str) -> str:
    return stem(fold(word))


def test_the_table_is_large_and_has_no_doubles() -> None:
    verdicts = [verdict for *_, verdict in PAIRS]
    assert verdicts.count("same") >= 300
    assert verdicts.count("different") >= 150
    assert len({frozenset(pair[:2]) for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize(("one", "other", "verdict"), PAIRS, ids=lambda value: str(value))
def test_word_pair(one: str, other: str, verdict: str) -> None:
    assert ("same" if key(one) == key(other) else "different") == verdict


@pytest.mark.parametrize(
    ("inflected", "root"),
    [
        ("şehri", "şehir"),
        ("kitabı", "kitap"),
        ("rengi", "renk"),
        ("hakkı", "hak"),
        ("kayboldu", "kaybol"),
        ("kütüphanelerimizdekilerin", "kütüphane"),
        ("vakti", "vakit"),
        ("başlıyor", "başla"),
        ("üniversitesindeki", "üniversite"),
    ],
)
def test_suffixes_come_off_and_the_root_is_mended(inflected: str, root: str) -> None:
    assert stem(inflected) == stem(root)


@pytest.mark.parametrize(
    "word", ["kadın", "olay", "adres", "kale", "gelir", "başka", "İzmir", "su"]
)
def test_a_word_that_only_looks_inflected_is_left_alone(word: str) -> None:
    assert key(word) == fold(word)


def test_suffixes_against_vowel_harmony_stay() -> None:
    assert stem("kazakistan") == "kazakistan"
    assert stem("petrol") == "petrol"


def test_roots_are_known_by_name() -> None:
    assert is_root("ev")
    assert not is_root("evler")


@given(TURKISH)
def test_every_word_has_a_key_and_the_key_is_its_own(word: str) -> None:
    assert stem(word)


@given(st.text(max_size=30))
def test_no_string_breaks_the_analyser(word: str) -> None:
    stem(word)
