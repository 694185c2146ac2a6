"""Repairs a typed question from the words that the index holds, before anything is searched.

People type without Turkish letters, in capitals and with slips. An embedding model and a word index
both read "hangi sehirle" as other words than "hangi şehirle", so the question is first put into the
spelling of the sources. A word that the sources know, as it stands or by its stem, is left alone;
only where no Turkish letter was typed at all does a much more frequent spelling win over it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from index.analyser import stem
from index.languages import STOP_WORDS
from index.text import Word, ascii_fold, bare, fold, words

__all__ = ["Repair", "Repaired", "Vocabulary", "repair", "vocabulary_entries"]

_TURKISH = ("tr", "az")
_SHORTEST_STEM = 3
_SHORTEST_TYPO = 5
_FAR_MORE = 3
"""How many times more passages must hold a spelling before it wins over one that is known too."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_SPECIAL = re.compile("[çğıöşüÇĞİÖŞÜ]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\n]|[\"“”«»'’)\]])\W*$")
_HARDER = {"b": "p", "d": "t", "g": "k"}
_SOFTER = {"p": "b", "ç": "c", "t": "d", "k": "ğ"}
_VOWELS = "aeıioöuü"
_BACK = "aıou"
_VOICELESS = "fstkçşhp"
_CASE_ENDING = re.compile(
    "[yn]?[ıiuü]|[yn]?[ae]|n?[dt][ae]n?|n?[ıiuü]n|y?l[ae]|[dt][ae]ki|s[ıiuü](?:n[ıiuüae]|n[dt][ae]n?)?"
)


class Vocabulary(Protocol):
    """The words of an index, found by how they look without Turkish letters."""

    def lookup(self, keys: Iterable[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        """For each known ASCII form, the words of that form and how many passages hold them.

        Words stand as `vocabulary_entries` gave them, in the case that they have in the sources.
        """


@dataclass(frozen=True, slots=True)
class Repair:
    """A word of the question that was read differently from how it was typed.

    `kind` is "letters", "capitals", "typo" or "apostrophe".
    """

    original: str
    repaired: str
    kind: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A question as it is searched, and what was changed in it."""

    text: str
    repairs: tuple[Repair, ...] = ()


class _Spelling(NamedTuple):
    """A way to write a word: folded, as the sources mostly write it, and in how many passages."""

    folded: str
    written: str
    count: int


def vocabulary_entries(text: str) -> set[tuple[str, str]]:
    """The (ASCII form, word) pairs by which the words of a passage can be looked up later.

    A word stands in its own case, but for the first of a sentence, and without its apostrophe
    suffix; its stem stands beside it, so that forms which the sources never use are known too.
    """
    entries = set()
    for word in words(text):
        if word.text[0].isdigit():
            continue
        written = bare(word.text)
        folded = fold(written)
        if written == word.text and _SENTENCE_START.search(text[max(0, word.start - 4) : word.start]):
            written = folded
        entries.add((ascii_fold(folded), written))
        root = stem(folded)
        if root != folded and len(root) >= _SHORTEST_STEM:
            entries.add((ascii_fold(root), _in_case_of(root, written)))
    return entries


def repair(question: str, vocabulary: Vocabulary, language: str = "tr") -> Repaired:
    """`question` in the spelling of the sources; unchanged where nothing needs repair.

    Turkish questions get their letters, capitals, slips and apostrophes mended; questions in other
    languages only lose their capitals.
    """
    typed = [word for word in words(question) if not word.text[0].isdigit()]
    shouted = _is_shouted(question, typed)
    if language not in _TURKISH:
        return _lowered(question, typed, vocabulary) if shouted else Repaired(question)
    mender = _Mender(vocabulary, typed, shouted=shouted, plain=not _SPECIAL.search(question))
    return _rewritten(question, map(mender.mended, typed))


def _rewritten(question: str, mended: Iterable[tuple[Word, str, str]]) -> Repaired:
    pieces: list[str] = []
    repairs: list[Repair] = []
    at = 0
    for word, better, kind in mended:
        if better == word.text:
            continue
        pieces += [question[at : word.start], better]
        at = word.end
        repairs.append(Repair(word.text, better, kind))
    return Repaired("".join((*pieces, question[at:])), tuple(repairs))


def _is_shouted(question: str, typed: Sequence[Word]) -> bool:
    """Whether a whole question stands in capitals (one acronym alone does not count)."""
    letters = sum(len(word.text) for word in typed)
    return question == question.upper() and letters > 5 and len(typed) > 1


def _lowered(question: str, typed: Sequence[Word], vocabulary: Vocabulary) -> Repaired:
    known = vocabulary.lookup({ascii_fold(word.text) for word in typed})
    mended = []
    for word in typed:
        lower = fold(word.text, "en") if bare(word.text) == word.text else word.text.lower()
        names = sum(n for form, n in known.get(ascii_fold(word.text), ()) if form[0].isupper())
        others = sum(n for form, n in known.get(ascii_fold(word.text), ()) if form[0].islower())
        first = word.start == typed[0].start
        mended.append((word, lower.capitalize() if names > others or first else lower, "capitals"))
    return _rewritten(question, mended)


class _Mender:
    """Mends the words of one question with two look-ups: what they may be, then slips."""

    def __init__(
        self, vocabulary: Vocabulary, typed: Sequence[Word], *, shouted: bool, plain: bool
    ) -> None:
        self._vocabulary = vocabulary
        self._shouted = shouted
        self._plain = plain
        keys: set[str] = set()
        for word in typed:
            key = ascii_fold(word.text)
            keys.add(key)
            keys.update(way.key for way in _stems(key))
        self._spellings = self._look_up(keys)

    def mended(self, word: Word) -> tuple[Word, str, str]:
        """The word, how it should stand, and the kind of repair."""
        head = bare(word.text)
        tail = word.text[len(head) :] if word.text.startswith(head) else ""
        found, kind = self._found(head)
        if found is None:
            return word, self._recased(head) + _tail(fold(head), tail), kind
        written = found.written
        if not self._shouted and head[0].isupper():
            written = head if found.folded == fold(head) else _capitalised(written)
        return word, written + _tail(found.folded, tail), kind

    def _recased(self, head: str) -> str:
        return fold(head) if self._shouted else head

    def _found(self, head: str) -> tuple[_Spelling | None, str]:
        """What `head` stands for in the sources, if it needs to be written differently."""
        key, strict, loose = ascii_fold(head), fold(head), fold(head, "en")
        options = [way for way in self._spellings.get(key, ()) if _may_be(loose, way.folded)]
        kind = "capitals" if self._shouted else "letters"
        for option in options:
            if option.folded in (strict, loose):
                if self._plain and options[0].count > _FAR_MORE * option.count:
                    return options[0], kind
                return option, "capitals"
        if options:
            return options[0], kind
        inflected = self._inflected(key, loose)
        if inflected is not None:
            if inflected.folded != strict or self._shouted:
                return inflected, kind
            return inflected, "apostrophe"
        return self._slip(key), "typo"

    def _inflected(self, key: str, loose: str) -> _Spelling | None:
        """A form that the sources do not have, of the longest stem that they have."""
        for way in _stems(key):
            for base in self._spellings.get(way.key, ()):
                shortened = way.shortened(base.folded)
                suffix = _harmonised(shortened, way.rest)
                whole = shortened + suffix
                if _may_be(loose, whole) and stem(whole) == stem(base.folded):
                    return _Spelling(whole, _inflected_form(base, shortened, suffix), base.count)
        return None

    def _slip(self, key: str) -> _Spelling | None:
        if len(key) < _SHORTEST_TYPO or not key.isalpha() or not key.isascii():
            return None
        found = self._look_up(set(_one_slip_away(key)))
        ways = [way for spellings in found.values() for way in spellings]
        return max(ways, key=lambda way: (way.folded[0] == key[0], way.count), default=None)

    def _look_up(self, keys: set[str]) -> dict[str, list[_Spelling]]:
        """The spellings of each key, most frequent first; function words are always known."""
        found: dict[str, list[_Spelling]] = {}
        known = self._vocabulary.lookup(keys)
        for key in keys:
            cases: dict[str, Counter[str]] = defaultdict(Counter)
            for written, count in known.get(key, ()):
                cases[fold(written)][written] += count
            for word in _FUNCTION_WORDS.get(key, ()):
                cases[word][word] += 1
            ways = [
                _Spelling(folded, forms.most_common(1)[0][0], forms.total())
                for folded, forms in cases.items()
            ]
            if ways:
                found[key] = sorted(ways, key=lambda way: -way.count)
        return found


class _Stem(NamedTuple):
    """One way to read a key as a stem and a suffix; `shape` says how the suffix changed the stem."""

    key: str
    rest: str
    shape: str

    def shortened(self, base: str) -> str:
        """`base` as it stands before the suffix: kitap -> kitab, şehir -> şehr."""
        if self.shape == "softened":
            return base[:-1] + _SOFTER.get(base[-1], base[-1])
        return base[:-2] + base[-1] if self.shape == "shortened" else base


def _stems(key: str) -> Iterator[_Stem]:
    for length in range(len(key) - 1, _SHORTEST_STEM - 1, -1):
        start, rest = key[:length], key[length:]
        yield _Stem(start, rest, "")
        if start[-1] in _HARDER:
            yield _Stem(start[:-1] + _HARDER[start[-1]], rest, "softened")
        if rest[0] in "iu" and start[-1] not in _VOWELS and start[-2] not in _VOWELS:
            for vowel in "iu":
                yield _Stem(start[:-1] + vowel + start[-1], rest, "shortened")


def _harmonised(base: str, suffix: str) -> str:
    """An ASCII `suffix` with the letters that it has after `base`: şehir + lerini, kız + larını."""
    written = ""
    for at, letter in enumerate(suffix):
        whole = base + written
        last = next((c for c in reversed(whole) if c in _VOWELS), "e")
        following = suffix[at + 1 : at + 2]
        if letter == "i" and last in _BACK and not whole.endswith("k"):
            letter = "ı"
        elif letter == "u" and last not in _BACK:
            letter = "ü"
        elif letter == "g" and whole[-1:] in _VOWELS and following in "aeiu":
            letter = "ğ"
        elif letter == "c" and whole[-1:] in _VOICELESS:
            letter = "ç"
        elif letter == "s" and whole[-2:] in ("mi", "mı", "mu", "mü"):
            letter = "ş"
        written += letter
    return written


def _inflected_form(base: _Spelling, shortened: str, suffix: str) -> str:
    if not base.written[0].isupper():
        return shortened + suffix
    if shortened == base.folded and _CASE_ENDING.fullmatch(suffix):
        return f"{base.written}'{suffix}"
    return _capitalised(shortened) + suffix


def _tail(base: str, tail: str) -> str:
    """An apostrophe and its suffix, the suffix in lower case and with its letters."""
    return tail[:1] + _harmonised(base, fold(tail[1:], "en")) if tail else ""


def _may_be(typed: str, spelling: str) -> bool:
    """Whether `spelling` differs from `typed` only by letters that could not be typed."""
    return len(typed) == len(spelling) and all(
        a == b or a == ascii_fold(b) for a, b in zip(typed, spelling, strict=True)
    )


def _one_slip_away(key: str) -> Iterator[str]:
    """Every word that one wrong, missing, added or swapped letter turns into `key`."""
    for at in range(len(key) + 1):
        start, rest = key[:at], key[at:]
        if rest:
            yield start + rest[1:]
        if len(rest) > 1:
            yield start + rest[1] + rest[0] + rest[2:]
        for letter in _ALPHABET:
            yield start + letter + rest
            if rest:
                yield start + letter + rest[1:]


def _capitalised(word: str) -> str:
    return {"i": "İ", "ı": "I"}.get(word[:1], word[:1].upper()) + word[1:]


def _in_case_of(word: str, model: str) -> str:
    return _capitalised(word) if model[:1].isupper() else word


def _function_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(STOP_WORDS["tr"]):
        found[ascii_fold(word)].append(word)
    return dict(found)


_FUNCTION_WORDS = _function_words()
