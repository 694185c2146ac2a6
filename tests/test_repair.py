"""Questions as people type them, over the words of a few small sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.repair import Kind, Repair, Repaired, repair, vocabulary_entries
from index.spelling import harmonised, is_one_slip, one_slip_away

SOURCES = [
    "Dün İzmir ile Bişkek kardeş şehir oldu. Başkan, İzmir'de bahar bayramı kutlanacağını söyledi.",
    "Belediye Başkanı Cemil Tugay konsolosu kabul etti; Bişkek'te bir kütüphane açılacak.",
    "Gül yetiştiren Isparta'nın gülleri ve ışığı ünlüdür. Bu kitap Isparta'yı anlatır.",
    "Yazar Cengiz Aytmatov'un heykeli İzmir'de, TBMM önünde değil, parkta duruyor.",
    "Kale içinde su var. Bölge müdürü konuştu. Nerede kaldığı belli değil.",
]


class Words:
    """A vocabulary in memory that counts how it is asked."""

    def __init__(self, passages: Iterable[str]) -> None:
        self.known: dict[str, Counter[str]] = defaultdict(Counter)
        for passage in passages:
            for key, word in vocabulary_entries(passage):
                self.known[key][word] += 1
        self.asked: list[int] = []

    def lookup(self, keys: Iterable[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        wanted = set(keys)
        self.asked.append(len(wanted))
        return {key: self.known[key].most_common() for key in wanted & self.known.keys()}


VOCABULARY = Words(SOURCES)


def repaired(question: str, language: str = "tr") -> Repaired:
    return repair(question, VOCABULARY, language)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("izmir hangi sehirle kardes", "İzmir hangi şehirle kardeş?"),
        ("IZMIR HANGI SEHIRLE KARDES", "İzmir hangi şehirle kardeş?"),
        ("İZMİR HANGİ ŞEHİRLE KARDEŞ?", "İzmir hangi şehirle kardeş?"),
        ("isparta nerede", "Isparta nerede?"),
        ("ISPARTA NEREDE?", "Isparta nerede?"),
        ("BISKEK'TE NE VAR?", "Bişkek'te ne var?"),
        ("Istanbul degil Isparta nerede?", "İstanbul değil Isparta nerede?"),
        ("Izmir nerede?", "İzmir nerede?"),
        ("bahar bayrami ne zaman?", "Bahar bayramı ne zaman?"),
        ("tbmm nerede?", "TBMM nerede?"),
    ],
)
def test_letters_and_capitals_are_restored_from_the_sources(typed: str, meant: str) -> None:
    assert repaired(typed).text == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sehirlerinde", "şehirlerinde"),
        ("sehri", "şehri"),
        ("kutuphanesinde", "kütüphanesinde"),
        ("kitabini", "kitabını"),
        ("isigini", "ışığını"),
    ],
)
def test_forms_that_the_sources_lack_are_restored_from_their_stem(typed: str, meant: str) -> None:
    assert repaired(f"bu {typed} gordu mu?").text.split()[1] == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Cemil Tugya kim?", "Cemil Tugay kim?"),
        ("Belediey nerede?", "Belediye nerede?"),
        ("Kütpühane nerede?", "Kütüphane nerede?"),
        ("Aytmatv kim?", "Aytmatov kim?"),
        ("Aytmattov kimdir?", "Aytmatov kimdir?"),
        ("Heykel nerdee?", "Heykel nerede?"),
    ],
)
def test_one_slip_is_mended_towards_a_word_of_the_sources(typed: str, meant: str) -> None:
    found = repaired(typed)
    assert found.text == meant
    assert [each.kind for each in found.repairs] == ["typo"]
    assert found.cautious == typed


@pytest.mark.parametrize(
    "question",
    [
        "İzmir hangi şehirle kardeş?",
        "Kaleler nerede?",  # an unknown form of a known stem
        "Belge nerede?",  # one letter from "bölge", but too short to guess
        "Kütüphanede ne var?",
        "Su nerede?",  # not "şu"
        "21 Mart 2026'da ne oldu?",
        "TBMM nedir?",
        "AB'nin başkenti neresi?",
    ],
)
def test_a_good_question_is_left_alone(question: str) -> None:
    assert repaired(question) == Repaired(question)


def test_a_known_word_is_no_slip_of_a_more_frequent_one() -> None:
    words = Words(["Kalem burada.", *["Kalemi kale sanma."] * 20, "Kalem ve kalen."])
    assert repair("kalem nerede?", words).repairs == ()


def test_a_typed_turkish_letter_is_never_replaced() -> None:
    words = Words(["sinir hücresi"] * 9 + ["ülkenin sınırı"])
    assert repair("Ülkenin sınırı nerede?", words).repairs == ()


def test_each_repair_says_what_and_why() -> None:
    assert repaired("Bişkek hangi sehir?").repairs == (Repair("sehir", "şehir", "letters"),)


def test_a_capital_and_a_question_mark_are_no_repairs() -> None:
    assert repaired("nerede") == Repaired("Nerede?")


def test_an_english_question_keeps_its_words() -> None:
    for question in ("Where is Izmir?", "Who is Cemil Tugay of Bishkek?", "Is the sehir old?"):
        assert repaired(question, "en") == Repaired(question)


def test_an_english_question_only_loses_its_capitals() -> None:
    assert repaired("WHERE IS IZMIR?", "en").text == "Where is Izmir?"


def test_one_acronym_is_not_shouting() -> None:
    assert repaired("TBMM").text == "TBMM?"


def test_a_sentence_opener_is_not_taken_for_a_name() -> None:
    assert ("dun", "dün") in vocabulary_entries("Dün geldi.")
    assert ("izmir", "İzmir") in vocabulary_entries("Dün İzmir geldi. İzmir gitti.")
    assert ("izmir", "izmir") not in vocabulary_entries("Dün İzmir geldi. İzmir gitti.")


def test_the_vocabulary_holds_stems_beside_words() -> None:
    assert {("sehri", "şehri"), ("sehir", "şehir-")} <= vocabulary_entries("bu şehri")


def test_lookups_stay_few_and_small() -> None:
    words = Words(SOURCES)
    repair("izmirdeki kutuphanelerin bahcesinde kimler vardi acaba?", words)
    assert len(words.asked) <= 6
    assert max(words.asked) <= 1200
    words.asked.clear()
    repair("Toktobekoviş?", words)
    assert max(words.asked) <= 900


def test_an_empty_index_repairs_only_function_words() -> None:
    assert repair("bu yer nasil", Words([])).text == "Bu yer nasıl?"


@pytest.mark.parametrize(
    ("base", "typed", "written"),
    [
        ("şehir", "lerini", "lerini"),
        ("kız", "larinin", "larının"),
        ("göl", "un", "ün"),
        ("kitap", "ci", "çı"),
        ("gel", "digini", "diğini"),
        ("bul", "mus", "muş"),
        ("bişkek", "te", "te"),
    ],
)
def test_suffixes_take_their_letters_by_harmony(base: str, typed: str, written: str) -> None:
    assert harmonised(base, typed) == written


@given(st.text("abcd", min_size=5, max_size=9), st.data())
def test_every_slip_inside_a_long_word_is_found_again(word: str, data: st.DataObject) -> None:
    near = data.draw(st.sampled_from(sorted(set(one_slip_away(word)))))
    assert is_one_slip(word, near)
    if len(near) >= 7:
        assert word in set(one_slip_away(near))


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("İIıişğüçöSEHRkardes '’?.-0\0\ud800\u0307")),
        max_size=60,
    ),
    st.sampled_from(["tr", "en", "de", "ru"]),
)
def test_no_message_breaks_the_repair(message: str, language: str) -> None:
    found = repair(message, VOCABULARY, language)
    assert all(each.original in message and each.repaired for each in found.repairs)
    if not any(each.kind in ("typo", "particle", "likely letters") for each in found.repairs):
        assert found.cautious is None


@given(st.sampled_from(SOURCES))
def test_a_sentence_of_the_sources_needs_no_repair(sentence: str) -> None:
    assert repaired(sentence).repairs == ()


def test_a_heading_in_capitals_tells_nothing_of_names() -> None:
    entries = vocabulary_entries("GÜL BAHÇESİ NE ZAMAN AÇILACAK")
    assert ("zaman", "zaman") in entries
    assert ("bahcesi", "bahçesi") in entries
    assert ("nato", "NATO") in vocabulary_entries("Türkiye 1952'de NATO üyesi oldu.")


def repairs(question: str) -> list[tuple[str, str, str]]:
    return [(each.original, each.repaired, each.kind) for each in repaired(question).repairs]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("izmirin kardeşi", "İzmir'in kardeşi?"),
        ("İzmirde ne var", "İzmir'de ne var?"),
        ("aytmatovun heykeli nerede", "Aytmatov'un heykeli nerede?"),
        ("Izmir e kim geldi", "İzmir'e kim geldi?"),
        ("biskek te ne var", "Bişkek'te ne var?"),
        ("ISPARTA NIN GÜLLERİ", "Isparta'nın gülleri?"),
    ],
)
def test_a_name_gets_its_apostrophe(typed: str, meant: str) -> None:
    assert repaired(typed).text == meant
    assert Kind.APOSTROPHE in {kind for *_, kind in repairs(typed)}


@pytest.mark.parametrize(
    "typed",
    [
        "İzmir de kardeş mi?",  # too
        "İzmir ya Bişkek?",
        "Isparta e mi?",  # no ending that Isparta takes
        "Kale in nedir?",  # no name
    ],
)
def test_a_short_word_behind_a_name_may_be_a_word(typed: str) -> None:
    assert "'" not in repaired(typed).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kitap açıkmı", "Kitap açık mı?"),
        ("bölge ünlümü?", "Bölge ünlü mü?"),
        ("heykel izmirdemi", "Heykel İzmir'de mi?"),
    ],
)
def test_a_glued_particle_stands_apart(typed: str, meant: str) -> None:
    vocabulary = Words([*SOURCES, "Kapı açık, bölge ünlü."])
    found = repair(typed, vocabulary, "tr")
    assert found.text == meant
    assert Kind.PARTICLE in {each.kind for each in found.repairs}
    assert found.cautious is not None  # undone where the question fits better without it
    undone = found.without_guesses
    assert undone.text == found.cautious
    assert Kind.PARTICLE not in {each.kind for each in undone.repairs}


@pytest.mark.parametrize(
    "typed", ["Ayşe heykelde kimi gördü?", "Ayşe belediyede mi?", "Ayşe sahneye çıktı mı?"]
)
def test_a_small_letter_beside_capitals_is_no_name(typed: str) -> None:
    vocabulary = Words([*SOURCES, "Açılışı Belediye yaptı.", "Yeni Sahne ve Heykel açıldı. Ayşe."])
    assert repair(typed, vocabulary, "tr") == Repaired(typed)


@pytest.mark.parametrize("typed", ["eylemi?", "yeni dönemi", "kitabın ismi", "sultanın resmi"])
def test_an_accusative_is_no_particle(typed: str) -> None:
    assert " m" not in repaired(typed).text.removeprefix(typed.split()[0])


def test_a_short_question_word_is_mended_and_function_words_are_not_guessed() -> None:
    assert repaired("kütüphane nrede").text == "Kütüphane nerede?"
    assert repaired("ölçü birimi nedir").text == "Ölçü birimi nedir?"


def test_a_verb_in_the_present_keeps_its_harmony() -> None:
    assert harmonised("çık", "iyor") == "ıyor"
    assert harmonised("dağ", "daki") == "daki"


def test_a_verb_has_the_letters_of_its_other_forms() -> None:
    vocabulary = Words(["Kapı saat dokuzda açıldı.", "Acılar dindi."])
    found = repair("kapi kacta aciliyor", vocabulary, "tr")
    assert found.text == "Kapı kaçta açılıyor?"
    assert ("aciliyor", "açılıyor") in [(each.original, each.repaired) for each in found.repairs]


def test_a_word_that_no_source_has_gets_its_likely_letters() -> None:
    found = repaired("Izmir'de dugunumuz nasil olacak")
    assert found.text == "İzmir'de düğünümüz nasıl olacak?"
    assert Repair("dugunumuz", "düğünümüz", Kind.LIKELY_LETTERS) in found.repairs
    assert found.cautious == "İzmir'de dugunumuz nasıl olacak?"  # for where that fits better
    assert repaired("DUGUNUMUZ NEREDE OLACAK").text == "Düğünümüz nerede olacak?"


@pytest.mark.parametrize(
    "question", ["düğünümüz icin cicek", "What about cicek?", "SGK ve iCloud nedir?"]
)
def test_letters_are_not_guessed(question: str) -> None:
    """Of who types some, in another language, of acronyms and brands."""
    language = "en" if question.startswith("What") else "tr"
    kinds = {each.kind for each in repaired(question, language).repairs}
    assert Kind.LIKELY_LETTERS not in kinds


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hava acik mi", "Hava açık mı?"),
        ("bu yol mu", "Bu yol mu?"),
        ("dugun guzel midir", "Düğün güzel midir?"),
        ("kucuk mu", "Küçük mü?"),
    ],
)
def test_the_particle_sounds_as_the_word_before_it(typed: str, meant: str) -> None:
    assert repaired(typed).text == meant


@pytest.mark.parametrize(
    "question",
    [
        "Su ne zaman kesilecek?",
        "Emin misin?",
        "Kartımı kaybettim.",
        "Kredimi nasıl öderim?",
        "Fiyatlar neden artar?",
        "Hediye var mı?",
    ],
)
def test_words_that_the_sources_have_in_other_forms_only_are_none_of_theirs(question: str) -> None:
    """Şu, -miş, kartını, kredini and atar stand there, and a name like hediye opens a sentence."""
    words = [
        "Yarın sular kesilecek. Şu gün olan: bir şu, iki şu, üç şu.",
        "Kartını ve kredini göster. Şu fiyatlar top gibi yükseği atar.",
        "Hediyeyi alın, şu kutudadır.",
    ]
    assert repair(question, Words(words)) == Repaired(question)


def test_letters_are_restored_beside_some_that_were_typed() -> None:
    assert repaired("kütüphaneyi Baskanla nasıl gezerim").text.split()[1] == "Başkanla"
