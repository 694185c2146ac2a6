"""What a question is looked for by: its terms, their weights, and the synonyms that count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import index.synonyms
from index.query_terms import QueryTerms, query_terms
from index.synonyms import synonyms
from index.text import terms

GROUPS = [
    line
    for line in Path(index.synonyms.__file__).with_suffix(".txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def asked_of(question: str, *passages: str, language: str = "tr") -> QueryTerms:
    """The question's terms where these passages are all that is indexed."""
    bags = [set(terms(passage, language)) for passage in passages]

    def frequencies(looked_up: Sequence[str]) -> npt.NDArray[np.int64]:
        return np.array([sum(term in bag for bag in bags) for term in looked_up], np.int64)

    return query_terms(question, language, frequencies, len(bags))


def covered(wanted: QueryTerms, passage: str) -> float:
    return float(wanted.present(set(terms(passage, "tr"))) @ wanted.shares)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Taksi kaç para?", "Taksi ücreti 90 liradır."),
        ("Müracaat nereye?", "Başvurular danışmaya yapılır."),
        ("Arabamı nereye bırakırım?", "Araçlar otoparka bırakılır."),
        ("Nerede evlenebilirim?", "Nikâhlar kültür merkezinde kıyılır."),
        ("Hangi asırda yapıldı?", "On altıncı yüzyılda yapıldı."),
        ("Doktor kaçta geliyor?", "Hekim salı günleri gelir."),
    ],
)
def test_a_word_of_the_seeds_stands_in_for_that_of_the_question(asked: str, said: str) -> None:
    wanted = asked_of(asked, said, "Kedi uyudu.")
    assert covered(wanted, said) > sum(t in terms(said) for t in wanted.terms) / len(wanted.terms)
    assert covered(wanted, "Kedi uyudu.") == 0
    assert set(wanted.stand_ins) < set(wanted.weights)
    assert wanted.known[[term in wanted.stand_ins for term in wanted.terms]].all()


def test_a_synonym_counts_only_where_the_seeds_use_it_more() -> None:
    fees, money = ["Ücret alınmaz."] * 3, ["Para toplanır."] * 2
    assert asked_of("Para verilir mi?", *fees, money[0]).stand_ins == {"para": ("ücret",)}
    assert asked_of("Para verilir mi?", *fees, *money).stand_ins == {}
    assert asked_of("Para verilir mi?", *money).stand_ins == {}


def test_some_words_stand_for_others_and_not_the_reverse() -> None:
    assert "ücret" in synonyms("para", "tr")
    assert "para" not in synonyms("ücret", "tr")
    assert synonyms("konut", "tr") == ("mesken",)
    assert synonyms("para", "es") == ()


def test_the_passages_of_an_index_are_matched_as_texts_are() -> None:
    passages = ("Ücret 40 liradır.", "Para geçmez.", "Kart kaybolursa bedel ödenir.", "Kedi.")
    wanted = asked_of("Kart için ne kadar para?", *passages, *["Ücret yok, bedel yok."] * 2)
    bags = [set(terms(passage)) for passage in passages]

    def matches(spelled: Sequence[str], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        return np.array([[term in bags[row] for term in spelled] for row in rows], bool)

    rows = np.array([3, 0, 2, 1])
    expected = [wanted.present(bags[row]) for row in rows]
    assert wanted.present_in(matches, rows).tolist() == np.array(expected).tolist()
    assert np.array(expected).any(axis=1).tolist() == [False, True, True, True]


def test_every_listed_word_has_one_key_of_its_own() -> None:
    for group in GROUPS:
        words = group.replace(">", " ").split()
        keys = [[term for term in terms(word) if not term.startswith("#")] for word in words]
        assert all(len(key) == 1 for key in keys), f"a stop word, or two words: {group}"
        assert len({key for (key,) in keys}) == len(words) > 1, f"forms of one word: {group}"


def test_no_group_is_listed_twice() -> None:
    assert len({frozenset(group.split()) for group in GROUPS}) == len(GROUPS)


def test_a_sentence_has_the_first_letters_of_a_word_that_it_has_in_another_form() -> None:
    wanted = asked_of("Aidat ne kadar?", "Aidatı öder.")
    held = set(terms("Kulübün aidatı 400 liradır.", "tr"))
    assert wanted.terms == ("aidat", "#aidat")
    assert wanted.present(held).tolist() == [True, False]
    assert wanted.said_in(held).tolist() == [True, True]
    assert not wanted.said_in(set(terms("Giriş ücretsizdir.", "tr"))).any()
