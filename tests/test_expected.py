"""What a question expects of its answer, and passages that cannot give it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import live
from bot.settings import Settings
from index.answer import Verdict
from index.answerer import Answerer
from index.doubt import reasons_of
from index.expected import Expected, Kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Köprü ne zaman açıldı?", Kind.WHEN),
        ("Kaç kişi katıldı?", Kind.NUMBER),
        ("Hangi yılda kuruldu?", Kind.YEAR),
        ("Pazar hangi gün kuruluyor?", Kind.DAY),
        ("Nüfusun yüzde kaçı?", Kind.PERCENTAGE),
        ("Kütüphane saat kaçta açılıyor?", Kind.CLOCK),
        ("Nikâh dairesi kaça kadar açık?", Kind.CLOCK),
        ("Yolculuk kaç saat?", Kind.DURATION),
        ("Kaç saatte varılır?", Kind.DURATION),
        ("Kaç yılında doğdu?", Kind.YEAR),
        ("Onarım ne kadar sürer?", Kind.HOW_LONG),
        ("Kart kaç lira?", Kind.MONEY),
        ("Giriş ücreti ne kadar?", Kind.MONEY),
        ("Kule kaç metre?", Kind.LENGTH),
        ("Meydan kaç metrekare?", Kind.AREA),
        ("Haznesi kaç mililitre?", Kind.VOLUME),
        ("Keçi kaç kilo gelir?", Kind.WEIGHT),
        ("Lady Gaga kaç Grammy aldı?", Kind.NUMBER),
        ("Bez kaç derecede yıkanır?", Kind.TEMPERATURE),
        ("Danışmanın telefon numarası kaç?", Kind.PHONE),
        ("Kulübün e-posta adresi nedir?", Kind.ONLINE),
        ("Ne kadar su içmeli?", Kind.NUMBER),
        ("How many people came?", Kind.NUMBER),
        ("In what year was it built?", Kind.YEAR),
        ("How much does the card cost?", Kind.MONEY),
        ("How tall is the tower?", Kind.LENGTH),
        ("At what time does it open?", Kind.CLOCK),
        ("Wie viele Menschen kamen?", Kind.NUMBER),
        ("Wie viel Prozent stimmten zu?", Kind.PERCENTAGE),
        ("Was kostet der Eintritt?", Kind.MONEY),
        ("В каком году построен мост?", Kind.YEAR),
        ("Belediye başkanı kim?", Kind.NAME),
        ("Bunu kimler imzaladı?", Kind.NAME),
        ("Who signed it?", Kind.NAME),
        ("Wer hat unterschrieben?", Kind.NAME),
        ("Кто мэр города?", Kind.NAME),
        ("Heykel nerede?", Kind.PLACE),
        ("Kimya nedir?", Kind.ANYTHING),
        ("Whose idea was the whole thing?", Kind.NAME),
        ("Neden kapatıldı?", Kind.ANYTHING),
        ("Ne kadarlık bir alan?", Kind.ANYTHING),
    ],
)
def test_the_kind_of_answer_that_a_question_expects(question: str, kind: Kind) -> None:
    assert Expected(question).kind is kind


@pytest.mark.parametrize(
    ("question", "answering", "other"),
    [
        ("1994 anlaşması kaç yıl sürdü?", "12 yıl yürürlükte kaldı.", "1994 yılında imzalandı."),
        ("Kaç kişi katıldı?", "Törene on iki kişi geldi.", "Tören kalabalıktı."),
        ("Kart kaç lira?", "Karttan 40 lira alınır.", "Kart 40 yaşından sonra verilir."),
        ("Kütüphane kaçta açılır?", "Kapılar 08.30'da açılır.", "Kütüphane 1908'de kuruldu."),
        ("Kütüphane kaçta açılır?", "Kapılar saat dokuzda açılır.", "Kütüphanede 9 salon var."),
        ("1974'ten sonra ne zaman onarıldı?", "Kule 1977'de onarıldı.", "Kule 1974'te yıkıldı."),
        ("Nüfusun yüzde kaçı?", "Halkın %40'ı göçmendir.", "Kentte 40 okul var."),
        ("İzmir'in belediye başkanı kim?", "Kenti Cemil Tugay yönetir.", "Konak İzmir'dedir."),
        ("Heykel nerede duruyor?", "Heykel Konak'ta duruyor.", "Heykel bronzdan."),
        ("Neden kapatıldı?", "", "Yol 1974'te Konak'ta kapandı."),
    ],
)
def test_only_what_is_new_and_of_the_kind_counts(question: str, answering: str, other: str) -> None:
    expected = Expected(question)
    assert expected.stands_in(answering) == bool(answering)
    assert not expected.stands_in(other)


@pytest.mark.parametrize(
    ("question", "answering", "other"),
    [
        ("Kart kaç lira?", "Kart ücretsizdir.", "Kart 3 günde hazır olur."),
        ("Giriş ücreti ne kadar?", "Giriş ücreti yoktur.", "Ücretler danışmada asılıdır."),
        ("Kule hangi yıl yapıldı?", "Kule 19. yüzyıldan kalmadır.", "Kule 25 metredir."),
        ("Kule kaç metre?", "Kule yirmi beş metredir.", "Kulenin yanında 300 metrekare park var."),
        ("Kaç kilo gelir?", "Ağırlığı 40 kg.", "Kente 40 kilometre uzaktadır."),
        ("Behçet Uz kaç yıl başkandı?", "1931'den 1941'e dek başkandı.", "O sevilen bir başkandı."),
        ("Telefon numarası kaç?", "0232 555 01 01'i arayın.", "Danışma 1. kattadır."),
        ("Semt pazarı hangi gün?", "Tezgâhlar salı kurulur.", "Tezgâhlar çarşının arkasındadır."),
        ("Web sitesinin adresi ne?", "ornek.bel.tr adresinden ulaşılır.", "Sitesi yenilendi."),
        ("When does it open, at what time?", "From 9 am.", "It opens every day."),
        ("What percentage agreed?", "A third of them agreed.", "Many of them agreed."),
    ],
)
def test_a_passage_without_what_is_asked_for_cannot_answer(
    question: str, answering: str, other: str
) -> None:
    expected = Expected(question)
    assert expected.is_missing_in(other)
    assert not expected.is_missing_in(answering)


def test_answers_in_many_ways_are_not_missed() -> None:
    """Questions with passages that answer them, by somebody who did not know the patterns."""
    path = Path(__file__).parent / "data" / "answers_in_many_ways.tsv"
    _, *lines = path.read_text("utf-8").splitlines()
    pairs = [line.split("\t") for line in lines]
    asked = [(Expected(question), passage) for question, passage in pairs]
    assert sum(expected.is_indispensable for expected, _ in asked) > 340
    assert [passage for expected, passage in asked if expected.is_missing_in(passage)] == []


@pytest.mark.parametrize(
    "question",
    [
        "Telefon neden ısınır?",
        "Telefon nerede patentlendi?",
        "Telefon numarası nasıl değiştirilir?",
        "E-posta adresimi nasıl değiştiririm?",
        "How do I change my phone number?",
        "Wie ändere ich meine Mailadresse?",
        "Burslar kaç kişiye verilir?",
        "Kiraz ne kadar dayanır?",
        "Bursa nedir?",
        "Bursa kaç ilçeden oluşur?",
        "Memur maaşları ne kadar arttı?",
        "Metinde kaç paragraf var?",
        "Konser alanı kaç kişi alır?",
        "Hangi yılan zehirlidir?",
        "Hangi yıldız en parlak?",
        "Hangi ayakkabı giyilir?",
        "Çalışma saatleri neden değişti?",
    ],
)
def test_words_that_only_begin_alike_ask_for_nothing(question: str) -> None:
    assert not Expected(question).is_indispensable


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Kiracı kaç ay önce haber vermeli?", Kind.DURATION),
        ("Maaş kaç gün içinde yatar?", Kind.DURATION),
        ("giriş ücretiniz ne kadar acaba", Kind.MONEY),
        ("Wie ist die Telefonnummer?", Kind.PHONE),
    ],
)
def test_what_is_counted_is_what_is_asked_for(question: str, kind: Kind) -> None:
    assert Expected(question).kind is kind


@pytest.mark.parametrize("question", ["Ne zaman onarıldı?", "Kaç kişi geldi?", "Kim geldi?"])
def test_what_may_be_said_in_many_ways_is_never_missed(question: str) -> None:
    assert not Expected(question).is_missing_in("Savaştan sonra herkes geldi.")


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("expected")
    (folder / "seeds").mkdir()
    for name, text in {
        "havuz.txt": "Kapalı yüzme havuzu Yeşilova'dadır. Yüzme havuzuna üye olmak için kimlik ve "
        "sağlık raporu getirilir.\n\nYüzme havuzunda üyelikten ayda 450 lira alınır.\n",
        "saha.txt": "Halı saha Akpınar'dadır. Halı sahayı kiralamak için danışmaya başvurulur.\n",
        "kule.txt": "Saat Kulesi 25 metredir. Kulenin saatini bir usta onardı.\n",
        "kart.txt": "Kütüphane kartı için kimlik gerekir. Kart bir yıl geçerlidir.\n",
    }.items():
        (folder / "seeds" / name).write_text(text, "utf-8")
    settings = Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")
    live.build_index(settings)
    return live.open_answerer(settings)


def test_what_cannot_answer_is_refused_however_near_it_is(answerer: Answerer) -> None:
    assert answerer.ask("Halı sahayı kiralamak için nereye başvurulur?").verdict is Verdict.ANSWERED
    fee = answerer.ask("Halı sahayı kiralamak için kaç lira ödenir?")
    assert fee.verdict is Verdict.REFUSED
    assert fee.nearest


def test_less_caution_says_what_is_missing(answerer: Answerer) -> None:
    found = answerer.find("Halı sahayı kiralamak için kaç lira ödenir?", k=3)
    (reason,) = reasons_of(found, "tr")
    assert "tutar" in reason


def test_how_something_is_asked_for_is_not_said_to_be_missing(answerer: Answerer) -> None:
    found = answerer.find("Yüzme havuzuna üye olmak kaç para olur yazın?", k=3)
    (reason,) = reasons_of(found, "tr")
    assert "yazın" in reason and "para" not in reason


def test_of_near_passages_the_one_that_can_answer_is_first(answerer: Answerer) -> None:
    answer = answerer.ask("Yüzme havuzuna üye olmak kaç lira?")
    assert answer.citations[0].highlighted == ("Yüzme havuzunda üyelikten ayda 450 lira alınır.",)
