"""The interface words: one place to ask, four languages where the question's own is answered."""

from __future__ import annotations

import re
import string

import pytest

from bot.render import Ink, answer_text
from bot.terminal_words import TERMINAL_WORDS
from bot.words import LANGUAGES, reason, say
from bot.words_table import WORDS
from index.answer import Answer, Verdict
from index.written import Failure


def test_no_key_stands_in_both_tables() -> None:
    assert not set(WORDS) & set(TERMINAL_WORDS)


@pytest.mark.parametrize("key", sorted(WORDS | TERMINAL_WORDS))
def test_every_language_of_a_key_has_the_same_placeholders(key: str) -> None:
    texts = (WORDS | TERMINAL_WORDS)[key]
    assert {"tr", "en"} <= set(texts)
    names = [
        sorted(name for _, name, *_ in string.Formatter().parse(text) if name)
        for text in texts.values()
    ]
    assert all(each == names[0] for each in names)


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_of_a_language_model_has_words(failure: Failure) -> None:
    assert reason(failure, "tr") != reason(failure, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_told_in_the_language_of_the_question(language: str) -> None:
    answer = Answer("?", "?", Verdict.REFUSED, 0.1, language, "1")
    assert say("refused", language) in answer_text(answer, Ink(False), "seeds")
    spoken = [say("not_sure", each) for each in LANGUAGES]
    assert len(set(spoken)) == len(LANGUAGES)


def test_an_unknown_language_is_told_in_english() -> None:
    assert say("refused", "ja") == say("refused", "en")
    assert not re.search(r"[{}]", say("paragraph", "de", number=3))
