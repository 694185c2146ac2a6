"""Messages that Telegram takes whatever stands in the seeds: lengths, entities, cuts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import Block, Mark, Message, compose, fit, shorten, units
from bot.shelf import dumps, loads, shown
from bot.telegram_render import answer_messages, list_message, passage_message, reference_block
from bot.words import LANGUAGES, choose_language, say
from bot.words_table import WORDS
from index.answer import Answer, Citation, PassageView, Repair, Verdict
from index.passages import Span
from tests import botapi_rules as rules

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇹🇷"


def citation(quote: str, *spans: tuple[int, int], number: int = 1, **more: object) -> Citation:
    made = Citation(
        number=number,
        key=f"{number:016}",
        path="haber.txt",
        title="Başlık",
        date=date(2026, 1, 29),
        source="",
        headings=("Üst", "Alt başlık"),
        paragraph=3,
        page=None,
        url="",
        start=100,
        end=100 + len(quote),
        quote=quote,
        highlights=tuple(Span(100 + a, 100 + b) for a, b in spans),
        score=1.0,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def answer(*citations: Citation, verdict: Verdict = Verdict.ANSWERED, **more: object) -> Answer:
    made = Answer("Soru?", "Soru?", verdict, 0.9, "tr", "1", citations=citations)
    return replace(made, **more)  # type: ignore[arg-type]


def check(message: Message) -> str:
    """The message as a strict server would store it."""
    text, _ = rules.check_text(message.text, [entity.to_dict() for entity in message.entities])
    assert text == message.text, "Telegram would trim it and move the entities"
    return text


def bold(message: Message) -> list[str]:
    raw = rules.utf16(message.text)
    return [
        raw[e.offset * 2 : (e.offset + e.length) * 2].decode("utf-16-le")
        for e in message.entities
        if e.type == "bold"
    ]


def test_bold_lies_on_the_sentence_behind_emoji_and_dotted_capital_i() -> None:
    quote = "🌹 İZMİR'de 🇹🇷 gül var. İkinci cümle. Üçüncü."
    start = quote.index("İkinci")
    (message,) = answer_messages(answer(citation(quote, (start, start + len("İkinci cümle.")))))
    check(message)
    assert bold(message) == ["İkinci cümle."]


def test_a_reference_names_title_date_heading_and_paragraph() -> None:
    assert reference_block(citation("x"), "tr").text == (
        "[1] Başlık · 2026-01-29 · Alt başlık · paragraf 3"
    )
    bare = citation("x", title="", date=None, headings=(), page=7)
    assert reference_block(bare, "en").text == "[1] haber.txt · page 7"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/a", True),
        ("", False),
        ("javascript:alert(1)", False),
        ("https://localhost", False),
        ("http://[bad", False),
        ("https://örnek.org", False),
    ],
)
def test_only_an_address_that_telegram_takes_becomes_a_link(url: str, linked: bool) -> None:
    (message,) = answer_messages(answer(citation("Metin.", url=url)))
    check(message)
    assert any(entity.type == "text_link" for entity in message.entities) is linked


def test_a_long_answer_is_cut_between_sentences_outside_the_bold_one() -> None:
    sentence = "Bu cümle on iki sözcükten oluşur ve hep aynı biçimde sürüp gider. "
    quote = (sentence * 120).strip()
    start = len(sentence) * 62
    messages = answer_messages(answer(citation(quote, (start, start + len(sentence) - 1))))
    assert len(messages) == 2
    for message in messages:
        check(message)
        assert message.text.endswith(("gider.", "[1]", "paragraf 3"))
    assert [text for m in messages for text in bold(m)] == [sentence.strip()]
    whole = " ".join(message.text for message in messages)
    assert whole.count("sürüp gider.") == 120


def test_a_cut_never_falls_inside_an_emoji() -> None:
    for lead in range(12):
        quote = "a" * lead + (FAMILY + FLAG) * 600
        messages = compose([Block(quote)])
        assert "".join(message.text for message in messages) == quote
        for message in messages[1:]:
            assert message.text.startswith((FAMILY, FLAG))


def test_a_sentence_longer_than_a_message_stays_bold_in_both_parts() -> None:
    quote = "söz " * 2000
    messages = answer_messages(answer(citation(quote, (0, len(quote)))))
    assert len(messages) == 2
    for message in messages:
        check(message)
        assert bold(message)


def test_control_letters_and_lone_surrogates_are_replaced() -> None:
    quote = "Bir\x00iki\r\nüç \ud800 dört\ufeff."
    (message,) = answer_messages(answer(citation(quote, (0, len(quote)))))
    check(message)
    assert "\x00" not in message.text
    assert "\ufffd" in message.text


def test_an_unsure_answer_says_so_and_a_repaired_question_is_told() -> None:
    repaired = answer(
        citation("Metin."),
        verdict=Verdict.UNSURE,
        question="izmr",
        standalone="izmir",
        repairs=(Repair("izmr", "izmir", "typo"),),
    )
    (message,) = answer_messages(repaired)
    assert message.text.startswith("Emin değilim; en yakın bulduğum şu:\n\nMetin. [1]")
    assert message.text.endswith("Böyle okudum: izmr → izmir")
    assert "okudum" not in answer_messages(replace(repaired, repairs=()))[0].text
    doubtful = replace(repaired, reasons=("benzer konular var",))
    assert answer_messages(doubtful)[0].text.startswith("Emin değilim (benzer konular var); en")


def test_a_brief_answer_is_its_sentence_alone() -> None:
    (message,) = answer_messages(
        answer(citation("Uzun bir giriş. Asıl söz. Son.", (16, 25)), brief=True)
    )
    assert message.text.startswith("Asıl söz. [1]\n\n[1] Başlık")
    assert bold(message) == ["Asıl söz."]


def test_a_listing_shows_excerpts_with_their_own_numbers() -> None:
    (message,) = answer_messages(
        answer(citation("Dördüncü.", number=4), verdict=Verdict.LISTING, text="")
    )
    assert message.text.startswith("Dördüncü.\n[4] Başlık")


def test_talk_and_listing_show_their_words() -> None:
    (message,) = answer_messages(answer(verdict=Verdict.TALK, text="Rica ederim!\n"))
    assert message.text == "Rica ederim!"
    assert answer_messages(answer(verdict=Verdict.TALK, text="\u200b"))
    long = answer(verdict=Verdict.LISTING, text="Bir satır daha\n" * 900)
    messages = answer_messages(long)
    assert len(messages) > 3
    assert all(check(message).endswith("daha") for message in messages)


def test_several_questions_in_one_message_share_one_numbering() -> None:
    first, second = citation("Bir."), citation("İki.", key="other", number=1)
    parts = (
        answer(first, question="Bir?", standalone="Bir?"),
        answer(second, first, question="İki?", standalone="İki?"),
    )
    whole = answer(first, parts=parts)
    (message,) = answer_messages(whole)
    check(message)
    assert "Bir. [1]" in message.text
    assert "İki. [2]" in message.text
    assert [c.number for c in shown(whole)] == [1, 2]


def test_sources_that_disagree_are_both_quoted() -> None:
    (message,) = answer_messages(
        answer(citation("Bir diyor."), citation("İki diyor.", number=2), disagreement=True)
    )
    assert "birbirini tutmuyor" in message.text
    assert "İki diyor. [2]" in message.text


def test_a_passage_with_long_neighbours_fits_one_message() -> None:
    quote = "Asıl paragraf budur. İkinci cümlesi de var."
    view = PassageView(citation(quote, (0, 20)), "önce " * 3000, "sonra " * 3000, "1")
    message = passage_message(view, "tr")
    assert check(message)
    assert quote in message.text
    assert bold(message) == ["Asıl paragraf budur."]
    huge = PassageView(citation("Cümle bir. " * 900), "önce", "sonra", "1")
    assert " …\n\n[1] Başlık" in check(passage_message(huge, "tr"))


def test_an_answer_survives_the_shelf() -> None:
    whole = answer(
        citation("Metin \ud83d.", (0, 5), date=None),
        repairs=(Repair("a", "b", "typo"),),
        reasons=("az",),
    )
    whole = replace(whole, parts=(whole,))
    assert loads(dumps(whole)) == whole


TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("İıŞğ .!?\n\r\t\u200b\u200d\u202e\u0301🌹<>&*_`[]()/@#\ud800"),
        st.sampled_from([FAMILY, FLAG, "الع", "१"]).map(lambda text: text[0]),
    ),
    max_size=300,
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(1, 60), st.data())
def test_any_seed_text_makes_messages_that_telegram_takes(
    text: str, times: int, data: st.DataObject
) -> None:
    quote = text * times or "x"
    cut = st.integers(0, len(quote))
    start, end = sorted((data.draw(cut), data.draw(cut)))
    made = citation(quote, (start, end), title=text[:200], headings=(text[:50],))
    for message in [
        *answer_messages(answer(made)),
        *answer_messages(answer(made, disagreement=True, standalone=text)),
        passage_message(PassageView(made, text, text * times, "1"), "tr"),
        list_message("further", [made] * 3, "tr"),
    ]:
        check(message)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(10, 60))
def test_shorten_and_fit_keep_their_limits(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert "\n" not in shorten(text, limit)
    assert units(fit(Block(text, (Mark(0, len(text), "bold"),)), limit).text) <= limit


def test_every_sentence_speaks_all_languages_with_the_same_placeholders() -> None:
    import string

    for key, sentences in WORDS.items():
        assert set(sentences) == set(LANGUAGES), key
        fields = {
            language: {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for language, text in sentences.items()
        }
        assert len({frozenset(each) for each in fields.values()}) == 1, key


def test_language_falls_back_to_english_and_without_any_to_the_default() -> None:
    assert choose_language("de-AT") == "de"
    assert choose_language("pt-br") == "en"
    assert choose_language(None) == "tr"
    assert say("refused", "xx") == "I could not find this in my sources."
