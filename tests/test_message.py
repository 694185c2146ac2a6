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


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Sayın yetkili, kulübe nasıl üye olurum?", "kulübe nasıl üye olurum?"),
        ("iyi günler, ben Ayşe. Başkan kim?", "Başkan kim?"),
        ("Bana başkanın kim olduğunu söyler misin?", "başkanın kim olduğunu?"),
        ("başkan kim bi bakar mısınız rica etsem", "başkan kim"),
        ("Bana kim bakar?", "Bana kim bakar?"),
        ("Ben Hur. Filmi kim yönetti?", "Ben Hur. Filmi kim yönetti?"),
    ],
)
def test_whom_and_who_is_asking_goes(message: str, expected: str) -> None:
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
        "Merhaba şarkısını kim yazdı?",
        "“Selam” sözü nereden gelir?",
        "Hi-Fi nedir?",
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
        (
            "Kurumun adı nedir, adresi nerede, telefonu kaç?",
            ["Kurumun adı nedir?", "adresi nerede?", "telefonu kaç?"],
        ),
        (
            "nikah için ne lazım bir de ücreti ne kadar",
            ["nikah için ne lazım?", "ücreti ne kadar"],
        ),
        ("su kaç lira ve nikah kaç lira", ["su kaç lira?", "nikah kaç lira"]),
        (
            "nikah kaç para, cüzdan kaç para, salon kaç kişilik",
            ["nikah kaç para?", "cüzdan kaç para?", "salon kaç kişilik"],
        ),
        ("Kale ne zaman açılıyor peki giriş kaç tl", ["Kale ne zaman açılıyor?", "giriş kaç tl"]),
        ("Kale kaçta açılıyor? Ayrıca otopark var mı", ["Kale kaçta açılıyor?", "otopark var mı"]),
        ("İzmir'de kaç ilçe ve kaç köy var?", ["İzmir'de kaç ilçe ve kaç köy var?"]),
        ("Yemek gelir mi, ayrıca ödenir mi?", ["Yemek gelir mi?", "ayrıca ödenir mi?"]),
        ("Tabletim bozuldu, bakar mısınız?", ["Tabletim bozuldu, bakar mısınız?"]),
        ("İşçi kaç lira ve kaç gün izin aldı?", ["İşçi kaç lira ve kaç gün izin aldı?"]),
        ("Atatürk nerede ve ne zaman doğdu?", ["Atatürk nerede ve ne zaman doğdu?"]),
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
