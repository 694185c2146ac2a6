"""What would answer a question: a number, a name, or neither; and whether a text has a new one."""

from __future__ import annotations

import re
from enum import Enum, auto

from index.text import fold

_NUMBER_ASKED = re.compile(
    r"\b(?:"
    r"kaç\w*|ne zaman\w*|ne kadar|yüzde|hangi (?:yıl|tarih|ay|gün|saat|yüzyıl)\w*"
    r"|when|how (?:many|much|long|old|far|tall|high|big|large|often|wide|deep)"
    r"|(?:what|which) (?:year|date|month|day|century|percentage)|at what (?:time|age)"
    r"|wann|wie ?viele?|wie (?:lange|hoch|alt|groß|weit|oft|tief)|prozent"
    r"|(?:welche[mnrs]?) (?:jahr|datum|monat|tag|jahrhundert)"
    r"|когда|сколько|в каком (?:году|месяце|веке)|какого числа"
    r")\b",
    re.IGNORECASE,
)
_NAME_ASKED = re.compile(
    r"\b(?:kim(?:in|e|i|den|ler|dir|di)?|who(?:se|m)?|we[rmn]|wessen|кто|кого|кому|кем)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_CAPITALISED = re.compile(r"(?<=\s)[^\W\d_]\w+")
_SAME_LETTERS = 4  # names whose first letters are alike are one: suffixes vary


class Kind(Enum):
    """What is expected of an answer."""

    NUMBER = auto()
    NAME = auto()
    ANYTHING = auto()


class Expected:
    """What a question expects that it does not say itself."""

    def __init__(self, question: str) -> None:
        self.kind = Kind.ANYTHING
        if _NUMBER_ASKED.search(question):
            self.kind = Kind.NUMBER
        elif _NAME_ASKED.search(question):
            self.kind = Kind.NAME
        self._numbers = set(_DIGITS.findall(question))
        self._words = {fold(word)[:_SAME_LETTERS] for word in re.findall(r"\w+", question)}

    def stands_in(self, text: str) -> bool:
        """Whether a sentence has a number, or a name after its first word, that is new.

        Never where anything may answer.
        """
        if self.kind is Kind.NUMBER:
            return bool(set(_DIGITS.findall(text)) - self._numbers)
        if self.kind is Kind.NAME:
            return any(
                word[0].isupper() and fold(word)[:_SAME_LETTERS] not in self._words
                for word in _CAPITALISED.findall(text)
            )
        return False
