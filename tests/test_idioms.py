"""What only phrases a question is not looked for."""

from __future__ import annotations

import pytest

from index.idioms import without_idioms
from index.text import terms


@pytest.mark.parametrize(
    ("question", "language", "looked_for"),
    [
        ("Gezici kütüphane ne işe yarar?", "tr", "Gezici kütüphane"),
        ("gezici kutuphane ne ise yarar", "tr", "gezici kutuphane"),
        ("Manasçı ne demek?", "tr", "Manasçı"),
        ("Ardıç ne anlama geliyor?", "tr", "Ardıç"),
        ("Kart başvurusu nasıl yapılır?", "tr", "Kart başvurusu"),
        ("Kart almak istiyorum, ne yapmalıyım?", "tr", "Kart almak"),
        ("Saygun ne zaman öldü?", "tr", "Saygun öldü"),
        ("Köprü hangi yılda açıldı?", "tr", "Köprü açıldı"),
        ("Atının adı neydi?", "tr", "Atının"),
        ("What is the bridge used for?", "en", "What is the bridge"),
        ("How many books can I borrow?", "en", "books can I borrow"),
        ("Was bedeutet Manas?", "de", "Was bedeutet Manas"),
        ("Was Manas bedeutet", "de", "Was Manas"),
        ("Que veut dire Manas ?", "fr", "Que veut dire Manas"),
    ],
)
def test_idioms_are_left_out(question: str, language: str, looked_for: str) -> None:
    assert terms(without_idioms(question, language), language) == terms(looked_for, language)


@pytest.mark.parametrize(
    "question",
    [
        "Yapım işi kimde?",
        "Zaman Müzesi nerede?",
        "Kurul hangi kararı aldı?",
        "Bu tür kuşlar nerede yaşar?",
        "İstiridye var mı?",
    ],
)
def test_words_of_the_subject_stay(question: str) -> None:
    assert without_idioms(question, "tr") == question
