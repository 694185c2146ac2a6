"""Small talk, and which questions lean on the turn before them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from index.answer import Turn
from index.conversation import (
    Kind,
    classify,
    leans,
    new_names,
    points_to_answer,
    standalone,
    with_topic,
)
from index.text import ascii_fold


def after(question: str, asked: str, language: str = "tr") -> str:
    return standalone(question, Turn(asked, asked), language)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("merhaba", Kind.GREETING),
        ("Selam!", Kind.GREETING),
        ("GÜNAYDIN", Kind.GREETING),
        ("iyi aksamlar", Kind.GREETING),
        ("Hello 👋", Kind.GREETING),
        ("Guten Tag", Kind.GREETING),
        ("Здравствуйте!", Kind.GREETING),
        ("teşekkürler", Kind.THANKS),
        ("Çok teşekkür ederim!", Kind.THANKS),
        ("sağ ol", Kind.THANKS),
        ("sagol hocam", Kind.THANKS),
        ("Thanks!", Kind.THANKS),
        ("THANK YOU", Kind.THANKS),
        ("danke schön", Kind.THANKS),
        ("спасибо", Kind.THANKS),
        ("tşk", Kind.THANKS),
        ("tamam anladım teşekkürler", Kind.THANKS),
        ("thank you so much", Kind.THANKS),
        ("hayır, teşekkürler", Kind.THANKS),
        ("mrb", Kind.GREETING),
        ("selam nasılsınız", Kind.GREETING),
        ("Merhaba, iyi günler", Kind.GREETING),
        ("merhaba, bir sorum var", Kind.GREETING),
        ("tesekkurler iyi gunler", Kind.GOODBYE),
        ("iyi çalışmalar", Kind.GOODBYE),
        ("yardım", Kind.HELP),
        ("sen kimsin", Kind.HELP),
        ("Hi, who are you?", Kind.HELP),
        ("wer bist du?", Kind.HELP),
        ("evet", Kind.NOTHING),
        ("Нет", Kind.NOTHING),
        ("saat kaç", Kind.NOTHING),
        ("bugün günlerden ne?", Kind.NOTHING),
        ("hoşça kal", Kind.GOODBYE),
        ("Görüşürüz.", Kind.GOODBYE),
        ("bye bye", Kind.GOODBYE),
        ("daha kısa", Kind.SHORTER),
        ("Daha kısa lütfen", Kind.SHORTER),
        ("kisaca anlat", Kind.SHORTER),
        ("tamam, daha kısa", Kind.SHORTER),
        ("anlamadım", Kind.SHORTER),
        ("emin misin", Kind.SHOW_SOURCE),
        ("shorter please", Kind.SHORTER),
        ("kaynağı göster", Kind.SHOW_SOURCE),
        ("Kaynak ne?", Kind.SHOW_SOURCE),
        ("bunu nereden biliyorsun?", Kind.SHOW_SOURCE),
        ("show me the source", Kind.SHOW_SOURCE),
        ("daha fazla", Kind.MORE),
        ("başka var mı?", Kind.MORE),
        ("more", Kind.MORE),
    ],
)
def test_small_talk_and_commands_are_told_from_questions(message: str, kind: Kind) -> None:
    assert classify(message, "tr") is kind


@pytest.mark.parametrize(
    "message",
    [
        "Merhaba Derneği'nin başkanı kim?",
        "Teşekkür Anıtı'nı kim yaptırdı?",
        "Yardım nereye yapılır?",
        "Selam gazetesi ne zaman kapandı?",
        "Kaynak suyu nereden çıkıyor?",
        "Görüşürüz filmini kim yönetti?",
        "Daha fazla ücreti kim ödüyor?",
    ],
)
def test_a_question_that_holds_such_words_is_still_a_question(message: str) -> None:
    assert classify(message, "tr") in (Kind.QUESTION, Kind.UNCLEAR)


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Peki ne zaman?", "tr"),
        ("O kim?", "tr"),
        ("Bişkek'te?", "tr"),
        ("Peki ya Bergama?", "tr"),
        ("Nerede?", "tr"),
        ("Nerede yapılacak?", "tr"),
        ("Onu kim yaptırdı?", "tr"),
        ("Orada ne var?", "tr"),
        ("Bunun anlamı ne?", "tr"),
        ("Hangi yıl?", "tr"),
        ("Saat kaçta?", "tr"),
        ("Yüksekliği ne kadar?", "tr"),
        ("Torunu?", "tr"),
        ("Ücretli mi?", "tr"),
        ("And when?", "en"),
        ("Who is he?", "en"),
        ("What about Bergama?", "en"),
        ("Where was it built?", "en"),
        ("Und wann?", "de"),
        ("Wo ist er begraben?", "de"),
        ("А когда?", "ru"),
        ("Где он родился?", "ru"),
    ],
)
def test_these_cannot_stand_alone(message: str, language: str) -> None:
    assert classify(message, language) is Kind.FOLLOW_UP


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Saat Kulesi'nin mimarı kim?", "tr"),
        ("Kırgızistan'ın para birimi nedir?", "tr"),
        ("Issık Göl kaç metre yükseklikte?", "tr"),
        ("Aytmatov'un mezarı nerede?", "tr"),
        ("Sister Cities International ne zaman başladı?", "tr"),
        ("Who designed the Izmir Clock Tower?", "en"),
        ("How deep is Lake Issyk-Kul?", "en"),
        ("Is there a metro in Bishkek?", "en"),
        ("Wer hat den Uhrturm entworfen?", "de"),
    ],
)
def test_a_question_that_names_its_subject_stands_alone(message: str, language: str) -> None:
    assert classify(message, language) is Kind.QUESTION


@pytest.mark.parametrize(
    "message",
    [
        "Efes hangi ilçede?",
        "Kütüphane kartı ücretli mi?",
        "BM'ye ne zaman girdi?",
        "UNESCO listesine ne zaman alındı?",
        "saat kulesi mimarı",
        "Bu yıl fuar ne zaman açılıyor?",
    ],
)
def test_where_words_do_not_tell_both_readings_are_left_open(message: str) -> None:
    assert classify(message, "tr") is Kind.UNCLEAR


@pytest.mark.parametrize("message", ["", "   ", "?", "…", "👍", "12", "'", "a", "İ" * 5000])
def test_any_message_is_classified(message: str) -> None:
    for language in ("tr", "en", "ja"):
        assert classify(message, language) in Kind
        assert isinstance(after(message, "Efes nerede?", language), str)
        assert isinstance(after("Peki ya Efes?", message, language), str)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("Cengiz Aytmatov nerede doğdu?", "Peki ne zaman öldü?", "Cengiz Aytmatov ne zaman öldü?"),
        ("Efes ne zaman kuruldu?", "Peki ya Bergama?", "Bergama ne zaman kuruldu?"),
        ("Kırgızistan'da ne pişirilir?", "Azerbaycan'da?", "Azerbaycan'da ne pişirilir?"),
        ("Coventry'de Nevruz'u kim kutlar?", "Bişkek'te?", "Bişkek'te Nevruz'u kim kutlar?"),
        ("Saat Kulesi ne zaman dikildi?", "Onu kim yaptırdı?", "Saat Kulesi kim yaptırdı?"),
        ("TÜRKSOY ne zaman kuruldu?", "Nerede?", "TÜRKSOY kuruldu Nerede?"),
        ("Manas'ın oğlu kim?", "Torunu?", "Manas'ın Torunu?"),
        ("Fuar 2019'da kaç kişi ağırladı?", "Peki 2022'de?", "Fuar 2022'de kaç kişi ağırladı?"),
        ("İri atıklar hangi gün toplanıyor?", "Ücretli mi?", "İri atıklar Ücretli mi?"),
        ("Saat Kulesi ne zaman yapıldı?", "Peki kaç metre?", "Saat Kulesi kaç metre?"),
        ("Kurs ücreti ne kadar?", "Hangi kurslar var?", "Hangi kurslar var?"),
        ("Kale neden kapandı yazın?", "Peki kaç metre?", "Kale yazın kaç metre?"),
        ("Kurs ne zaman bitecek?", "Peki kaç lira?", "Kurs kaç lira?"),
        ("Müzeye nasıl gidiyorum?", "Ücretli mi?", "Müzeye Ücretli mi?"),
        ("Hat nerelerden geçiyo?", "Ücretli mi?", "Hat Ücretli mi?"),
        ("Bayramda kaç sefer?", "Ücretli mi?", "Bayramda sefer Ücretli mi?"),
        ("Aytmatov ne zaman öldü?", "Kaç yaşında?", "Aytmatov Kaç yaşında?"),
        ("Kulede ne zaman kutlandı?", "Kaç kişi?", "Kulede kutlandı Kaç kişi?"),
    ],
)
def test_a_follow_up_takes_what_it_lacks(before: str, question: str, expected: str) -> None:
    assert after(question, before) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("Nikah ücreti ne kadar?", "hafta sonu?", "Nikah ücreti hafta sonu?"),
        ("Nikah ücreti ne kadar?", "Hükümet Konağı?", ""),
        ("Nikah ücreti ne kadar?", "Peki ya hafta sonu?", ""),
        ("Nikah ücreti Bişkek'te ne kadar?", "hafta sonu?", ""),
        ("Nikah ücreti ne kadar?", "Salon kaç kişilik?", ""),
    ],
)
def test_common_nouns_alone_may_add_to_the_subject(
    before: str, question: str, expected: str
) -> None:
    assert with_topic(question, Turn(before, before)) == expected


def test_what_follows_a_changed_subject_is_about_that() -> None:
    changed = Turn("Peki ya plaj?", "Plaj ne zaman kum doldu?")
    assert standalone("Oraya nasıl gidilir?", changed) == "Plaj nasıl gidilir?"


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("Where did Chingiz Aitmatov die?", "And who is he?", "who is Chingiz Aitmatov?"),
        ("When was Ephesus inscribed?", "And Bergama?", "When was Bergama inscribed?"),
    ],
)
def test_follow_ups_in_english(before: str, question: str, expected: str) -> None:
    assert after(question, before, "en") == expected


def test_a_third_turn_reads_the_completed_second_one() -> None:
    second = after("Peki ya Bergama?", "Efes ne zaman Dünya Mirası oldu?")
    third = standalone("Nevruz?", Turn("Peki ya Bergama?", second))
    assert third == "Nevruz ne zaman Dünya Mirası oldu?"


@pytest.mark.parametrize(
    ("first", "second", "third", "expected"),
    [
        (
            "Gül bahçesi ne zaman açılacak?",
            "Giriş paralı mı?",
            "Fidanlar nereden geldi?",
            "Gül bahçesi Fidanlar nereden geldi?",
        ),
        (
            "Saat Kulesi ne zaman dikildi?",
            "Yüksekliği ne kadar?",
            "Kim yaptırdı?",
            "Saat Kulesi Kim yaptırdı?",
        ),
    ],
)
def test_the_subject_stays_what_it_was_whatever_was_asked_of_it(
    first: str, second: str, third: str, expected: str
) -> None:
    before = Turn(second, after(second, first))
    assert before.standalone != second
    assert standalone(third, before) == expected


@pytest.mark.parametrize(
    ("question", "language", "previous", "may"),
    [
        ("O kim?", "tr", "Bişkek'in eski adı neydi?", True),
        ("Ona ne oldu?", "tr", "Aytmatov'un babası kimdi?", True),
        ("Orası kaç metre yüksekte?", "tr", "İzmir hangi kentle kardeş?", True),
        ("What was it called before?", "en", "Which city is twinned with Izmir?", True),
        ("Wie hieß sie früher?", "de", "Welche Stadt ist die Partnerstadt?", True),
        ("Orada ne dedi?", "tr", "Heyeti kim ağırladı?", False),  # who is not where
        ("O ne zaman öldü?", "tr", "Aytmatov nerede doğdu?", False),
        ("Onu kim yaptırdı?", "tr", "Saat Kulesi ne zaman dikildi?", False),
        ("Torunu kim?", "tr", "Manas'ın oğlu kim?", False),  # points nowhere
    ],
)
def test_where_a_name_was_asked_for_it_may_be_the_answer(
    question: str, language: str, previous: str, may: bool
) -> None:
    assert points_to_answer(question, language, previous) is may


@pytest.mark.parametrize(
    ("sentence", "question", "names"),
    [
        ("İzmir, Kırgızistan'ın başkenti Bişkek ile kardeş.", "İzmir kiminle?", 2),
        ("Babası Törekul Aytmatov 1937'de tutuklandı.", "Aytmatov'un babası kimdi?", 1),
        ("Kent 1878'de kuruldu.", "Kent ne zaman kuruldu?", 0),
    ],
)
def test_names_that_the_question_does_not_say(sentence: str, question: str, names: int) -> None:
    assert len(new_names(sentence, "tr", question)) == names


def test_a_long_title_before_a_name_is_left_out() -> None:
    (name,) = new_names("Kırgız Cumhuriyeti İstanbul Başkonsolosu Chyngyz Toktobekoviç", "tr", "")
    assert name == "Başkonsolosu Chyngyz Toktobekoviç"


def test_without_an_earlier_turn_a_question_stays_as_it_is() -> None:
    assert standalone("Peki ne zaman?", None) == "Peki ne zaman?"


def test_a_long_earlier_question_lends_only_a_few_words() -> None:
    before = " ".join(f"konu{number}" for number in range(200)) + " nerede?"
    assert len(after("Kim yaptırdı?", before).split()) < 12


@pytest.mark.parametrize(
    ("alone", "completed", "leaning"),
    [(0.95, 0.2, False), (0.3, 0.9, True), (0.9, 0.9, True), (0.9, 0.8, False)],
)
def test_the_surer_reading_wins_and_a_tie_goes_to_the_conversation(
    alone: float, completed: float, leaning: bool
) -> None:
    assert leans(Kind.UNCLEAR, alone, completed) is leaning


def test_a_name_alone_is_rather_the_same_question_about_something_else() -> None:
    assert classify("Nevruz?", "tr") is Kind.OTHER_NAME
    assert leans(Kind.OTHER_NAME, 0.95, 0.6)
    assert not leans(Kind.OTHER_NAME, 0.95, 0.4)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("Kütüphane kartı için ne lazım?", "Kaybedersem?", "Kütüphane kartı Kaybedersem?"),
        (
            "Osman bağımsızlığını ne zaman ilan etti?",
            "Kim tanıdı?",
            "Osman bağımsızlığını Kim tanıdı?",
        ),
    ],
)
def test_only_what_ends_a_question_is_its_verb(before: str, question: str, expected: str) -> None:
    assert after(question, before) == expected


@pytest.mark.parametrize(
    ("language", "before", "question", "expected"),
    [
        (
            "en",
            "Where did Chingiz Aitmatov die?",
            "Where is he buried?",
            "Where is Chingiz Aitmatov buried?",
        ),
        (
            "de",
            "Wann starb Cengiz Aytmatov?",
            "Wo ist er begraben?",
            "Wo ist Cengiz Aytmatov begraben?",
        ),
    ],
)
def test_a_pronoun_makes_room_for_what_it_stands_for(
    language: str, before: str, question: str, expected: str
) -> None:
    assert after(question, before, language) == expected


class Names:
    """An index that knows these words, each as it stands in one passage."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def lookup(self, keys: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        wanted = set(keys)
        held = {ascii_fold(word): [(word, 1)] for word in self.words}
        return {key: entry for key, entry in held.items() if key in wanted}


def test_a_name_that_opens_the_question_is_what_it_is_about() -> None:
    before = Turn("Bergama ne zaman Dünya Mirası oldu?", "Bergama ne zaman Dünya Mirası oldu?")
    question = "Karar nerede alındı?"
    assert "Bergama" not in standalone(question, before)
    assert "Bergama" in standalone(question, before, "tr", Names("Bergama"))
    assert "Bergama" not in standalone(question, before, "tr", Names("bergama"))


@pytest.mark.parametrize(
    ("language", "before", "question", "expected"),
    [
        ("en", "When is Kavun Cup registration?", "and the fee?", "Kavun Cup"),
        ("tr", "Kavun Kupası'na kayıt ne zaman?", "peki ücret?", "Kavun Kupası'na"),
        ("tr", "Kavun Kupası'na kayıt ne zaman?", "peki bursa?", "kayıt"),
    ],
)
def test_a_common_noun_takes_no_names_place(
    language: str, before: str, question: str, expected: str
) -> None:
    known = Names("fee", "ücret", "Bursa")
    whole = standalone(question, Turn(before, before), language, known)
    assert expected in whole
    assert ("Kavun" in whole) == ("bursa" not in question)
