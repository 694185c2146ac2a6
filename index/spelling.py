"""How Turkish words may be written and mistyped: suffix letters by harmony, slips, capitals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.text import ascii_fold

__all__ = [
    "Split",
    "agrees",
    "capitalised",
    "harmonised",
    "in_case_of",
    "is_one_slip",
    "lowered",
    "may_be",
    "one_slip_away",
    "splits",
]

_SHORTEST_STEM = 3
_SHORTEST_REPLACED = 6
_SHORTEST_MISSED_EDGE = 7
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_HARDER = {"b": "p", "c": "c", "d": "t", "g": "k"}
_SOFTER = {"p": "b", "ç": "c", "t": "d", "k": "ğ"}
_VOWELS = "aeıioöuü"
_BACK = "aıou"
_VOICELESS = "fstkçşhp"


@dataclass(frozen=True, slots=True)
class Split:
    """One way to read an ASCII form as a stem and a suffix; `change` is what befell the stem."""

    stem: str
    suffix: str
    change: str = ""

    def before_suffix(self, base: str) -> str:
        """`base` as it stands before the suffix: kitap -> kitab, şehir -> şehr."""
        if self.change == "softened":
            return base[:-1] + _SOFTER.get(base[-1], base[-1])
        return base[:-2] + base[-1] if self.change == "shortened" else base


def splits(key: str) -> Iterator[Split]:
    """The ways to split an ASCII form, the longest stem first."""
    for length in range(len(key) - 1, _SHORTEST_STEM - 1, -1):
        start, rest = key[:length], key[length:]
        if start[-1] in _HARDER:
            yield Split(start[:-1] + _HARDER[start[-1]], rest, "softened")
        yield Split(start, rest)
        if rest[0] in "iu" and start[-1] not in _VOWELS and start[-2] not in _VOWELS:
            for vowel in "iu":
                yield Split(start[:-1] + vowel + start[-1], rest, "shortened")


def harmonised(base: str, suffix: str) -> str:
    """An ASCII `suffix` with the letters that it has after `base`: şehir + lerini, kız + larını."""
    written = ""
    for at, letter in enumerate(suffix):
        whole = base + written
        last = next((c for c in reversed(whole) if c in _VOWELS), "e")
        following = suffix[at + 1 : at + 2]
        if letter == "i" and last in _BACK and not written.endswith("k"):
            letter = "ı"
        elif letter == "u" and last not in _BACK:
            letter = "ü"
        elif letter == "g" and whole[-1] in _VOWELS and following and following in "aeiu":
            letter = "ğ"
        elif letter == "c" and whole[-1] in _VOICELESS:
            letter = "ç"
        elif letter == "s" and whole[-2:] in ("mi", "mı", "mu", "mü"):
            letter = "ş"
        written += letter
    return written


def agrees(vowel: str, suffix: str) -> bool:
    """Whether a suffix may follow a stem whose last vowel is this one."""
    first = next((letter for letter in suffix if letter in _VOWELS), "")
    return first in {"a": "aı", "ı": "aı", "o": "au", "u": "au"}.get(
        vowel, "eü" if vowel in "öü" else "ei"
    )


def may_be(typed: str, spelling: str) -> bool:
    """Whether `spelling` differs from `typed` only by letters that could not be typed."""
    return len(typed) == len(spelling) and all(
        a == b or a == ascii_fold(b) for a, b in zip(typed, spelling, strict=True)
    )


def one_slip_away(key: str) -> Iterator[str]:
    """What `key` may have been before one slip: a letter swapped, added, left out or replaced.

    The first and last letters of shorter words are only swapped: people rarely miss the first one,
    and another last letter is more often another form of the word.
    """
    whole = len(key) >= _SHORTEST_MISSED_EDGE
    for at in range(len(key) + whole):
        start, rest = key[:at], key[at:]
        if len(rest) > 1:
            yield start + rest[1] + rest[0] + rest[2:]
        if start or whole:
            yield from (start + letter + rest for letter in _ALPHABET)
        if rest and (whole or (start and len(rest) > 1)):
            yield start + rest[1:]
            if len(key) >= _SHORTEST_REPLACED:
                yield from (start + letter + rest[1:] for letter in _ALPHABET)


def is_one_slip(a: str, b: str) -> bool:
    """Whether one slip turns `a` into `b`."""
    shared = next(
        (at for at, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]),
        min(len(a), len(b)),
    )
    a, b = a[shared:], b[shared:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


def lowered(text: str) -> str:
    """`text` in Turkish lower case."""
    return text.replace("İ", "i").replace("I", "ı").lower()


def capitalised(word: str) -> str:
    """`word` with a Turkish capital: izmir -> İzmir."""
    return {"i": "İ", "ı": "I"}.get(word[:1], word[:1].upper()) + word[1:]


def in_case_of(word: str, model: str) -> str:
    """`word` with a capital where `model` has one."""
    return capitalised(word) if model[:1].isupper() else word
