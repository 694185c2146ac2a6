"""The numbers that a text states, in digits or in words, so that two texts can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from index.text import fold

_ONES_TENS = {
    "sıfır": 0, "iki": 2, "üç": 3, "dört": 4, "beş": 5, "altı": 6, "yedi": 7, "sekiz": 8,
    "dokuz": 9, "on": 10, "yirmi": 20, "otuz": 30, "kırk": 40, "elli": 50, "altmış": 60,
    "yetmiş": 70, "seksen": 80, "doksan": 90,
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
}  # fmt: skip
_ONE = {"bir": 1, "one": 1, "first": 1, "ilk": 1}  # articles as well: only within a number
_TIMES = {
    "yüz": 100, "bin": 10**3, "milyon": 10**6, "milyar": 10**9,
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9,
}  # fmt: skip
# Inflected they are other words: onun, altında, yüzünde, yedik, binen.
_AS_THEY_STAND = frozenset({"on", "altı", "yüz", "yedi", "bin", "ten"})
_SUFFIX = re.compile(
    r"(?:[ıiuü]?nc[ıiuü]|th|s)?(?:ş?[ae]r)?(?:l[ıiuü][kğ]?)?(?:s?[ıiuü])?"
    r"(?:n?[dt][ae]n?|n?[ıiuü]n|[yn]?[aeıiuü])?(?:[dt][ıiuü]r)?"
)
_LOCATIVE = re.compile("[dt][ae]$")
# Written together: yüzelli, ikiyüz.
_PIECE = re.compile("|".join(sorted((*_ONES_TENS, *_ONE, *_TIMES), key=len, reverse=True)))
_GLUED = re.compile(f"(?:{_PIECE.pattern}){{2,}}")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+")


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in a common form: 4,3 milyon, 4.300.000 and 4.3 million are one.

    Turkish and English number words count; "bir", "one" and "ilk" alone do not. A date such as
    31.08.1991 is three numbers.
    """
    found: set[Decimal] = set()
    total, current, open_ = Decimal(0), Decimal(0), False

    def close() -> None:
        nonlocal total, current, open_
        if open_:
            found.add(total + current)
        total, current, open_ = Decimal(0), Decimal(0), False

    pending_one = False
    for token in _tokens(text):
        if token[0].isdecimal():
            close()
            *others, last = _values(token)
            found.update(others)
            current, open_, pending_one = last, True, False
            continue
        word = fold(token)
        kind, value = _word(word)
        if kind == "value":
            current, open_ = current + value + pending_one, True
        elif kind == "times" and (open_ or value >= 100):
            factor = current or Decimal(1)
            if value == 100:
                current = factor * value
            else:
                total, current = total + factor * value, Decimal(0)
            open_ = True
        elif kind == "one" and open_:
            current += 1
        else:
            close()
        pending_one = kind == "one" and not open_
        if open_ and _LOCATIVE.search(word) and kind:
            close()  # dörtte bir
    close()
    return frozenset(format(value.normalize(), "f") for value in found)


def _tokens(text: str) -> Iterator[str]:
    for found in _TOKEN.findall(text):
        word = fold(found)
        glued = _GLUED.match(word)
        if glued and _word(word) == ("", 0) and _SUFFIX.fullmatch(word, glued.end()):
            *pieces, last = _PIECE.findall(glued.group())
            yield from (*pieces, last + word[glued.end() :])
        else:
            yield found


def _values(digits: str) -> list[Decimal]:
    if _THOUSANDS.fullmatch(digits):
        return [Decimal(re.sub("[.,]", "", digits))]
    parts = re.split("[.,:]", digits)
    if len(parts) == 2:
        return [Decimal(".".join(parts))]
    return [Decimal(part) for part in parts]


@lru_cache(maxsize=1 << 14)
def _word(folded: str) -> tuple[str, int]:
    for kind, table in (("value", _ONES_TENS), ("times", _TIMES), ("one", _ONE)):
        if folded in table:
            return kind, table[folded]
    for kind, table in (("value", _ONES_TENS), ("times", _TIMES)):
        for word, value in table.items():
            if (
                folded.startswith(word)
                and word not in _AS_THEY_STAND
                and _SUFFIX.fullmatch(folded, len(word))
            ):
                return kind, value
    return "", 0
