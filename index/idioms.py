"""What a question is put in and not about: what is X for, what does X mean, I would like to.

Their words stand in no answer, and some are rare, so that hardly anything would seem covered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text import Word, terms, words

__all__ = ["terms_asked", "without_idioms", "words_asked"]

_END = r"(?=\W*$)"
_IDIOMS = {
    "tr": (
        "ne i[şs]e yar(?:ar|[ıi]yor|ayabilir)",
        "ne demek(?:tir)?",
        "ne anlama gel(?:ir|iyor|mektedir)",
        r"(?:ne|nas[ıi]l|neler) yap(?:mal[ıi]|abil|aca[ğg]|ar|[ıi]l[ıi]|ma[km])\w*"
        r"(?: laz[ıi]m| gerek\w*)?",
        r"ne zaman(?:dır|dan|ki)?",
        r"(?:ad[ıi]|ismi) ne(?:dir|ydi)?",
        r"hangi (?:yıl|tarih|yüzyıl)\w*",
        r"(?:ne|hangi) (?:tür|çeşit)(?:ü|de|den|lü)?",
        r"kaç (?:tane|adet|kişi)\w*",
        r"isti?(?:yor|er)\w*",
        r"laz[ıi]m",
        r"zorunda\w*",
        "bilen var",
    ),
    "en": (
        r"used for" + _END,
        r"mean" + _END,
        r"(?:want|need|have|like) to",
        r"how (?:many|much|long|old|far|often)",
        r"(?:what|which) (?:year|date|kind|type)s?",
    ),
    "de": (
        r"bedeutet" + _END,
        r"möchten?|will|wollen|muss|müssen",
        r"wie (?:viele?|lange|alt|weit|oft)",
        r"welche[mnrs]? (?:jahr|art)\w*",
    ),
    "ru": (r"хочу", r"хотим", r"нужно", r"значит" + _END, r"означает" + _END),
}
_PATTERNS = {
    language: re.compile(rf"\b(?:{'|'.join(idioms)})\b", re.IGNORECASE)
    for language, idioms in _IDIOMS.items()
}


def words_asked(question: str, language: str) -> Iterator[tuple[Word, list[str]]]:
    """The words that a question is looked for by, each with its index terms."""
    for word in words(without_idioms(question, language)):
        if found := terms(word.text, language):
            yield word, found


def terms_asked(question: str, language: str) -> tuple[str, ...]:
    """The distinct index terms that a question is looked for by, in order."""
    return tuple(dict.fromkeys(terms(without_idioms(question, language), language)))


def without_idioms(question: str, language: str) -> str:
    """A question's own words, to look for; what remains may be nothing."""
    pattern = _PATTERNS.get(language)
    return pattern.sub(" ", question) if pattern else question
