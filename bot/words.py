"""Every sentence of the interface, in the languages that Danış speaks.

`say("refused", "tr")` is the one way to get at them. Turkish and English are complete, a key
without the language asked for falls back to English. Answers themselves are never written here:
they are quoted from the seeds.
"""

from __future__ import annotations

from bot.terminal_words import TERMINAL_WORDS
from bot.words_table import WORDS

LANGUAGES = {"tr": "Türkçe", "en": "English", "de": "Deutsch", "ru": "Русский"}


_ALL = WORDS | TERMINAL_WORDS


def say(key: str, language: str, **values: object) -> str:
    """The sentence `key` in `language`, its {placeholders} filled from `values`.

    Raises:
        KeyError: there is no such sentence, or a placeholder has no value.
    """
    sentences = _ALL[key]
    return sentences.get(language, sentences["en"]).format(**values)


def reason(failure: str, language: str) -> str:
    """Why nothing that a language model wrote is shown, in a few words."""
    return say(f"why {failure}", language)


def choose_language(code: str | None, default: str = "tr") -> str:
    """The interface language for an IETF tag such as "de-AT": English for one not spoken here.

    `default` is for people whose app tells no language at all.
    """
    if not code:
        return default
    primary = code.lower().split("-")[0]
    return primary if primary in LANGUAGES else "en"
