"""Questions about the sources: told from ordinary ones, and taken apart."""

from __future__ import annotations

from datetime import date

import pytest

from index.metadata_questions import Kind, MetadataQuestion, parse

TODAY = date(2026, 3, 18)  # a Wednesday


@pytest.mark.parametrize(
    "question",
    [
        "21 Mart'ta ne kutlanacak?",
        "Saat Kulesi 1901'de mi yapıldı?",
        "2026 ocak ayında İzmir'e kim geldi?",
        "Efes 2015'te hangi listeye girdi?",
        "Kütüphane kartı için hangi belgeler gerekli?",
        "Kaç belge gerekiyor?",
        "Kaç haber ajansı var?",
        "Haber ajansı hangi yıl kuruldu?",
        "Son duyuru ne zaman yapıldı?",
        "Son durak neresi?",
        "Kulübün en yeni üyesi kim?",
        "Bu yıl fuar ne zaman açılıyor?",
        "Yeni kütüphane nerede?",
        "Kaynak suyu nereden geliyor?",
        "Ocak ayında hava nasıl olur?",
        "How many people live in Bishkek?",
        "Which documents do I need for a card?",
        "Who was the last king?",
        "When was the latest earthquake?",
        "21 Mart",
        "Nevruz",
        "Wie viele Menschen leben in Izmir?",
        "Сколько жителей в Бишкеке?",
        "",
        "?",
        "31.02.2026",
    ],
)
def test_ordinary_questions_are_left_alone(question: str) -> None:
    assert parse(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "kaç belge var",
        "Kaç belge var?",
        "KAÇ DOSYA VAR",
        "Toplam kaç haber var?",
        "sende kaç kaynak var",
        "how many documents are there?",
        "How many sources do you have",
        "Wie viele Dokumente gibt es?",
        "Сколько документов у тебя есть?",
    ],
)
def test_documents_are_counted(question: str) -> None:
    assert parse(question, TODAY) == MetadataQuestion(Kind.COUNT)


@pytest.mark.parametrize(
    "question",
    [
        "hangi kaynaklar var",
        "Hangi belgeler var?",
        "kaynaklar neler?",
        "kaynakları listele",
        "tüm belgeleri göster",
        "list all documents",
        "which sources do you have?",
        "Welche Quellen gibt es?",
        "Покажи все документы",
    ],
)
def test_documents_are_listed(question: str) -> None:
    assert parse(question, TODAY) == MetadataQuestion(Kind.LIST)


@pytest.mark.parametrize(
    "question",
    ["son haberler", "En yeni haberler neler?", "son duyurular", "latest news", "neueste Meldungen",
     "последние новости", "SON HABERLER", "güncel haberler"],
)  # fmt: skip
def test_the_newest_come_first(question: str) -> None:
    assert parse(question, TODAY) == MetadataQuestion(Kind.LIST, newest_first=True)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("2026 ocak", date(2026, 1, 1), date(2026, 1, 31)),
        ("Ocak 2026", date(2026, 1, 1), date(2026, 1, 31)),
        ("OCAK 2026 haberleri", date(2026, 1, 1), date(2026, 1, 31)),
        ("ocak ayındaki haberler", date(2026, 1, 1), date(2026, 1, 31)),
        ("ocak haberleri", date(2026, 1, 1), date(2026, 1, 31)),
        ("kasım ayındaki haberler", date(2025, 11, 1), date(2025, 11, 30)),
        ("Şubat 2024 haberleri", date(2024, 2, 1), date(2024, 2, 29)),
        ("29 Ocak 2026", date(2026, 1, 29), date(2026, 1, 29)),
        ("29.01.2026 tarihli haberler", date(2026, 1, 29), date(2026, 1, 29)),
        ("2026-01-29 haberleri", date(2026, 1, 29), date(2026, 1, 29)),
        ("2025 haberleri", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025 yılındaki duyurular neler?", date(2025, 1, 1), date(2025, 12, 31)),
        ("bugünkü haberler", date(2026, 3, 18), date(2026, 3, 18)),
        ("dünkü haberler", date(2026, 3, 17), date(2026, 3, 17)),
        ("bu haftaki haberler", date(2026, 3, 16), date(2026, 3, 22)),
        ("geçen haftanın haberleri", date(2026, 3, 9), date(2026, 3, 15)),
        ("bu ayın haberleri", date(2026, 3, 1), date(2026, 3, 31)),
        ("geçen ayki haberler", date(2026, 2, 1), date(2026, 2, 28)),
        ("geçen yılın haberleri", date(2025, 1, 1), date(2025, 12, 31)),
        ("news from January 2026", date(2026, 1, 1), date(2026, 1, 31)),
        ("news from last month", date(2026, 2, 1), date(2026, 2, 28)),
        ("Nachrichten im Januar 2026", date(2026, 1, 1), date(2026, 1, 31)),
        ("новости за январь 2026", date(2026, 1, 1), date(2026, 1, 31)),
    ],
)
def test_a_period_filters(question: str, first: date, last: date) -> None:
    assert parse(question, TODAY) == MetadataQuestion(Kind.LIST, first, last, newest_first=True)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Bergama hakkında en yeni", "Bergama"),
        ("Bişkek hakkında en son haber ne?", "Bişkek"),
        ("Aytmatov ile ilgili son haberler", "Aytmatov"),
        ("Gezici kütüphane son duyurular", "Gezici kütüphane"),
        ("latest news about Ephesus", "Ephesus"),
        ("What is the most recent article about the library?", "library"),
        ("neueste Nachrichten über Efes", "Efes"),
        ("последние новости о Бишкеке", "Бишкеке"),
    ],
)
def test_the_newest_about_something_is_searched_for(question: str, rest: str) -> None:
    assert parse(question, TODAY) == MetadataQuestion(Kind.SEARCH, newest_first=True, rest=rest)


def test_period_and_subject_together() -> None:
    assert parse("Ocak 2026 İzmir haberleri", TODAY) == MetadataQuestion(
        Kind.SEARCH, date(2026, 1, 1), date(2026, 1, 31), newest_first=True, rest="İzmir"
    )


def test_documents_about_something_are_counted() -> None:
    assert parse("Efes hakkında kaç belge var?", TODAY) == MetadataQuestion(Kind.COUNT, rest="Efes")


def test_a_source_filters() -> None:
    assert parse("Son Mühür kaynaklı haberler", TODAY) == MetadataQuestion(
        Kind.LIST, newest_first=True, source="Son Mühür"
    )


@pytest.mark.parametrize("question", ["0 Ocak 2026", "99 Şubat 2026 haberleri", "İ" * 3000, "son"])
def test_odd_messages_do_not_fail(question: str) -> None:
    parse(question, TODAY)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("haberler", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("son eklenen belgeler", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("SON 3 HABER", MetadataQuestion(Kind.LIST, newest_first=True, most=3)),
        ("son 5 belgeyi göster", MetadataQuestion(Kind.LIST, newest_first=True, most=5)),
        ("son duyuru", MetadataQuestion(Kind.LIST, newest_first=True, most=1)),
        ("en yeni haber ne", MetadataQuestion(Kind.LIST, newest_first=True, most=1)),
        ("newest document", MetadataQuestion(Kind.LIST, newest_first=True, most=1)),
        (
            "kale hakkında haber var mı?",
            MetadataQuestion(Kind.LIST, newest_first=True, rest="kale"),
        ),
        (
            "kulüple ilgili belgeler",
            MetadataQuestion(Kind.LIST, newest_first=True, rest="kulüple"),
        ),
        (
            "any news about the castle?",
            MetadataQuestion(Kind.LIST, newest_first=True, rest="castle"),
        ),
        ("neler biliyorsun?", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("Merhaba, kimsin?", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("help", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("konular neler", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("hangi konularda bilgi verebilirsin?", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("hangi konularda bilgin var", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("What's new?", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("Was gibt es Neues?", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("что нового?", MetadataQuestion(Kind.LIST, newest_first=True)),
        ("en eski haber hangisi", MetadataQuestion(Kind.LIST, oldest_first=True)),
        ("ilk haber", MetadataQuestion(Kind.LIST, oldest_first=True)),
        ("oldest document", MetadataQuestion(Kind.LIST, oldest_first=True)),
        ("kaynaklarını listele", MetadataQuestion(Kind.LIST)),
        ("Kaç belgen var?", MetadataQuestion(Kind.COUNT)),
        ("kac kaynagin var", MetadataQuestion(Kind.COUNT)),
        ("kaç paragraf var", MetadataQuestion(Kind.COUNT)),
        ("Bişkek hakkında kaç belge var?", MetadataQuestion(Kind.COUNT, rest="Bişkek")),
        (
            "Örnek Belediyesi haberleri",
            MetadataQuestion(Kind.SEARCH, newest_first=True, rest="Örnek Belediyesi"),
        ),
        (
            "последнее об Айтматове",
            MetadataQuestion(Kind.SEARCH, newest_first=True, rest="Айтматове"),
        ),
        (
            "kütüphane hakkında en son ne yazıldı",
            MetadataQuestion(Kind.SEARCH, newest_first=True, rest="kütüphane"),
        ),
    ],
)
def test_other_ways_to_ask_for_documents(question: str, expected: MetadataQuestion) -> None:
    assert parse(question, TODAY) == expected


@pytest.mark.parametrize("question", ["ocakta kaç haber var", "Ocak ayında neler olmuş?"])
def test_a_month_may_bear_a_suffix(question: str) -> None:
    asked = parse(question, TODAY)
    assert asked is not None and asked.first is not None
    assert asked.first.month == 1
    assert not asked.rest


@pytest.mark.parametrize(
    "question",
    [
        "Hangi haber ajansı kuruldu?",
        "En eski kardeş şehir bağı hangisi?",
        "Hangi kaynaktan su çıkıyor?",
        "Kütüphane kartı için gerekli belgeler",
        "Kartla ilgili gerekli belgeler",
        "yeni su aboneliği belgeleri",
        "son başvuru belgesi",
        "Kartla ilgili belgeyi kim verir?",
        "Son gül ne zaman dikildi?",
        "Ocakta ne pişirilir?",
        "martta ne kutlanacak",
        "Metin kaç dize?",
        "yazıları kim yazdı",
        "kaynakça nedir",
        "2014'te neler oldu?",
    ],
)
def test_a_question_that_only_holds_such_a_word_is_an_ordinary_one(question: str) -> None:
    assert parse(question, TODAY) is None


@pytest.mark.parametrize("question", ["son ፩ haber", "፩ Ocak 2026 haberleri"])
def test_digits_that_are_no_numbers_are_words(question: str) -> None:
    assert parse(question, TODAY) is not None
