"""Greetings, politeness, and several questions in one message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.message import questions


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("merhaba, İzmir hangi şehirle kardeş lütfen söyler misin?", "İzmir hangi şehirle kardeş?"),
        ("MERHABA! İZMİR NEREDE?", "İZMİR NEREDE?"),
        ("selam hocam bişkek nerede acaba", "bişkek nerede"),
        ("İyi günler, bir şey soracağım. Başkan kim?", "Başkan kim?"),
        ("Başkan kim? Şimdiden teşekkürler!", "Başkan kim?"),
        (
            "Hello, can you tell me which city is twinned with Izmir?",
            "which city is twinned with Izmir?",
        ),
        ("Guten Tag, können Sie mir bitte sagen, wer Aytmatow war?", "wer Aytmatow war?"),
        ("Здравствуйте, кто такой Айтматов?", "кто такой Айтматов?"),
    ],
)
def test_courtesy_around_a_question_goes(message: str, expected: str) -> None:
    assert questions(message) == [expected]


def test_several_questions_stand_alone() -> None:
    assert questions("Selam! Bişkek nerede? Ne zaman kuruldu?\nBaşkanı kim") == [
        "Bişkek nerede?",
        "Ne zaman kuruldu?",
        "Başkanı kim",
    ]


@pytest.mark.parametrize(
    "message",
    [
        "Dr. Cemil Tugay kimdir?",
        "21. yüzyılda ne oldu?",
        "Selami Şahin kimdir?",
        "Hindistan nerede?",
        "Aytmatov kim? Yani yazar olan.",
        "Peki ne zaman?",
        "2026 ocak",
        "merhaba",
        "Teşekkürler!",
    ],
)
def test_what_is_one_question_or_none_stays_whole(message: str) -> None:
    assert questions(message) == [message]


def test_a_statement_stays_with_the_question_it_leads_to() -> None:
    assert questions("Bişkek'e gidiyorum. Orada ne var?") == ["Bişkek'e gidiyorum. Orada ne var?"]


def test_a_wrapped_line_is_no_new_question() -> None:
    assert questions("Kırgızistan'ın\nbaşkenti neresi?") == ["Kırgızistan'ın başkenti neresi?"]


def test_a_blank_message_holds_no_question() -> None:
    assert questions(" \n\t") == []


@given(st.text(st.one_of(st.characters(), st.sampled_from("?.!\n İIşselam\0\ud800")), max_size=80))
def test_no_message_breaks_it_and_every_letter_was_typed(message: str) -> None:
    found = questions(message)
    assert bool(found) == bool(message.strip())
    assert all(set(question) <= set(message) | {" ", "?"} for question in found)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "Kuleyi kim yaptı ve ne zaman açıldı?",
            ["Kuleyi kim yaptı?", "ne zaman açıldı?"],
        ),
        ("Efes nerede, ne zaman açıldı?", ["Efes nerede?", "ne zaman açıldı?"]),
        (
            "Who built the tower and when was it opened?",
            ["Who built the tower?", "when was it opened?"],
        ),
        ("Kimler ve hangi ülkeler katıldı?", ["Kimler ve hangi ülkeler katıldı?"]),
        ("Hangi kent ve hangi ülke kardeş?", ["Hangi kent ve hangi ülke kardeş?"]),
        ("When and where was it opened?", ["When and where was it opened?"]),
        ("Ali ve Veli ne zaman geldi?", ["Ali ve Veli ne zaman geldi?"]),
    ],
)
def test_joined_questions_part_where_the_first_is_whole(message: str, expected: list[str]) -> None:
    assert questions(message) == expected


@pytest.mark.parametrize("message", ["slm nbr efes nerede", "pls efes nerede", "efes nerede tşk"])
def test_the_shorthand_of_chats_goes(message: str) -> None:
    assert questions(message) == ["efes nerede"]
