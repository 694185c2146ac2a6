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

from index.analyser import is_root, stem
from index.languages import STOP_WORDS
from index.message import questions
from index.text import Word, ascii_fold, bare, fold, words

__all__ = ["Repair", "Repaired", "Vocabulary", "questions", "repair", "vocabulary_entries"]

_TURKISH = ("tr", "az")
_SHORTEST_STEM = 3
_SHORTEST_TYPO = 5
_SHORTEST_REPLACED = 6
_SHORTEST_MISSED_EDGE = 7
_FAR_MORE = 3
"""How many times more passages must hold a spelling before it wins over one that is known too."""

_STEM_MARK = "-"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_SPECIAL = re.compile("[çğıöşüÇĞİÖŞÜ]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\n]|[\"“”«»'’)\]])\W*$")
_ENDS_IN_WORD = re.compile(r"\w\W{0,2}$(?<![.!?…])")
_HARDER = {"b": "p", "c": "c", "d": "t", "g": "k"}
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
    """A question as it is searched, and what was changed in it.

    `cautious` is the same without the repairs of kind "typo", the only ones that guess: where its
    best passage scores higher than that of `text`, the guess was wrong.
    """

    text: str
    cautious: str
    repairs: tuple[Repair, ...] = ()


class _Spelling(NamedTuple):
    """A way to write a word: folded, as the sources mostly write it, and in how many passages.

    A name is never written with a small letter, but where a sentence begins.
    """

    folded: str
    written: str
    count: int
    is_name: bool


def _spelling(folded: str, forms: Counter[str]) -> _Spelling:
    written = forms.most_common(1)[0][0]
    always = not any(form[0].islower() for form in forms)
    return _Spelling(folded, written, forms.total(), always)


def vocabulary_entries(text: str) -> set[tuple[str, str]]:
    """The (ASCII form, word) pairs by which the words of a passage can be looked up later.

    A word stands in its own case, but for the first of a sentence, and without its apostrophe
    suffix. Its stem stands beside it with a hyphen (şehr-i gives "şehir-"), so that a form which
    the sources never use is known too.
    """
    entries = set()
    for word in words(text):
        if word.text[0].isdigit():
            continue
        written = bare(word.text)
        folded = fold(written)
        if written == word.text and _SENTENCE_START.search(
            text[max(0, word.start - 4) : word.start]
        ):
            written = folded
        entries.add((ascii_fold(folded), written))
        root = stem(folded)
        if root != folded and len(root) >= _SHORTEST_STEM:
            entries.add((ascii_fold(root), _in_case_of(root, written) + _STEM_MARK))
    return entries


def repair(question: str, vocabulary: Vocabulary, language: str = "tr") -> Repaired:
    """`question` in the spelling of the sources, with a capital and a question mark.

    Turkish questions get their letters, capitals, slips and apostrophes mended; questions in other
    languages only lose their capitals. The capital and the question mark are no repairs.
    """
    typed = [word for word in words(question) if not word.text[0].isdigit()]
    if language in _TURKISH:
        mended = [_Mender(vocabulary, question, typed).mended(word) for word in typed]
    elif _is_shouted(question, typed):
        mended = _calmed(typed, vocabulary)
    else:
        mended = []
    changed = [(word, better, kind) for word, better, kind in mended if better != word.text]
    return Repaired(
        _finished(_rewritten(question, changed), language),
        _finished(_rewritten(question, [each for each in changed if each[2] != "typo"]), language),
        tuple(Repair(word.text, better, kind) for word, better, kind in changed),
    )


def _rewritten(question: str, changed: Iterable[tuple[Word, str, str]]) -> str:
    pieces: list[str] = []
    at = 0
    for word, better, _ in changed:
        pieces += [question[at : word.start], better]
        at = word.end
    return "".join((*pieces, question[at:]))


def _finished(question: str, language: str) -> str:
    question = question.strip()
    if not question or not _ENDS_IN_WORD.search(question):
        return question
    first = _capitalised(question) if language in _TURKISH else question[0].upper() + question[1:]
    return (question if question[1:2].isupper() else first) + "?"


def _is_shouted(question: str, typed: Sequence[Word]) -> bool:
    """Whether a whole question stands in capitals (one acronym alone does not count)."""
    letters = sum(len(word.text) for word in typed)
    return question == question.upper() and letters > 5 and len(typed) > 1


def _calmed(typed: Sequence[Word], vocabulary: Vocabulary) -> list[tuple[Word, str, str]]:
    """The words of a foreign question without capitals, but for names."""
    known = vocabulary.lookup({ascii_fold(word.text) for word in typed})
    calmed = []
    for word in typed:
        forms = known.get(ascii_fold(word.text), ())
        names = sum(count for form, count in forms if form[0].isupper())
        others = sum(count for form, count in forms if not form[0].isupper())
        lower = word.text.lower()
        calmed.append((word, lower.capitalize() if names > others else lower, "capitals"))
    return calmed


def _lowered(text: str) -> str:
    return text.replace("İ", "i").replace("I", "ı").lower()


class _Mender:
    """Mends the words of one question with two look-ups: what they may be, then slips."""

    def __init__(self, vocabulary: Vocabulary, question: str, typed: Sequence[Word]) -> None:
        self._vocabulary = vocabulary
        self._shouted = _is_shouted(question, typed)
        self._plain = not _SPECIAL.search(question)
        self._lower = question[1:] == _lowered(question[1:])
        keys: set[str] = set()
        for word in typed:
            key = ascii_fold(word.text)
            keys.add(key)
            keys.update(way.key for way in _stems(key))
        self._spellings = self._look_up(keys)

    def mended(self, word: Word) -> tuple[Word, str, str]:
        """The word, how it should stand, and the kind of repair."""
        head = bare(word.text)
        if len(head) < 2 or not word.text.startswith(head):
            return word, _lowered(word.text) if self._shouted else word.text, "capitals"
        way, kind = self._found(head)
        if way is None:
            way, kind = _Spelling(fold(head), fold(head), 0, False), "capitals"
            better = way.folded if self._shouted else head
        elif self._shouted:
            better = way.written
        elif way.folded != fold(head):
            better = _in_case_of(way.written, head)
        elif self._lower and way.is_name:
            better = way.written
        else:
            better = head
        return word, better + self._tail(way.folded, head, word.text[len(head) :]), kind

    def _tail(self, base: str, head: str, tail: str) -> str:
        """What follows the apostrophe; that of an acronym goes by how it is read aloud."""
        if not tail or not (self._shouted or (self._plain and not head.isupper())):
            return tail
        return tail[0] + _harmonised(base, fold(tail[1:], "en"))

    def _found(self, head: str) -> tuple[_Spelling | None, str]:
        """What `head` stands for in the sources, None where they do not tell."""
        key, strict, loose = ascii_fold(head), fold(head), fold(head, "en")
        kind = "capitals" if self._shouted else "letters"
        options = [way for way in self._spellings.get(key, ()) if _may_be(loose, way.folded)]
        for option in options:
            if option.folded in (strict, loose):
                rare = self._plain and options[0].count > _FAR_MORE * option.count
                return (options[0], kind) if rare else (option, "capitals")
        if options:
            return options[0], kind
        forms = [form for form in self._inflected(key) if _may_be(loose, form.folded)]
        for form in forms:
            if form.folded == strict:
                return form, "apostrophe"
        if forms and (self._plain or self._shouted):
            return forms[0], kind
        return self._slip(key, strict), "typo"

    def _inflected(self, key: str) -> Iterator[_Spelling]:
        """Forms that the sources do not have, of stems that they have, the longest stem first."""
        for way in _stems(key):
            for base in self._spellings.get(way.key, ()):
                shortened = way.shortened(base.folded)
                suffix = _harmonised(shortened, way.rest)
                whole = shortened + suffix
                if stem(whole) == stem(base.folded):
                    written = _capitalised(whole) if base.is_name else whole
                    yield _Spelling(whole, written, base.count, False)
                elif base.is_name and not way.shape and _CASE_ENDING.fullmatch(suffix):
                    yield _Spelling(whole, f"{base.written}'{suffix}", base.count, True)

    def _slip(self, key: str, strict: str) -> _Spelling | None:
        """The most frequent word one slip away, if the typed one is no word by itself."""
        if len(key) < _SHORTEST_TYPO or not key.isalpha() or is_root(stem(strict)):
            return None
        found = self._look_up(set(_one_slip_away(key)))
        ways = [way for spellings in found.values() for way in spellings if way.count]
        if not self._plain:
            ways = [way for way in ways if _is_one_slip(strict, way.folded)]
        return max(ways, key=lambda way: (way.folded in STOP_WORDS["tr"], way.count), default=None)

    def _look_up(self, keys: set[str]) -> dict[str, list[_Spelling]]:
        """The spellings of each key, most frequent first; function words are always known."""
        found: dict[str, list[_Spelling]] = {}
        known = self._vocabulary.lookup(keys)
        for key in keys:
            cases: dict[str, Counter[str]] = defaultdict(Counter)
            for written, count in known.get(key, ()):
                form = written.removesuffix(_STEM_MARK)
                cases[fold(form)][form] += count if form == written else 0
            for word in _FUNCTION_WORDS.get(key, ()):
                cases[word][word] += 1
            if cases:
                ways = (_spelling(folded, forms) for folded, forms in cases.items())
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
        if start[-1] in _HARDER:
            yield _Stem(start[:-1] + _HARDER[start[-1]], rest, "softened")
        yield _Stem(start, rest, "")
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


def _may_be(typed: str, spelling: str) -> bool:
    """Whether `spelling` differs from `typed` only by letters that could not be typed."""
    return len(typed) == len(spelling) and all(
        a == b or a == ascii_fold(b) for a, b in zip(typed, spelling, strict=True)
    )


def _one_slip_away(key: str) -> Iterator[str]:
    """What `key` may have been before one slip: a letter swapped, added, left out or replaced.

    The first and last letters of shorter words are only swapped: people rarely miss the first one,
    and another last letter is more often another form of the word.
    """
    whole = len(key) >= _SHORTEST_MISSED_EDGE
    for at in range(len(key) + whole):
        start, rest = key[:at], key[at:]
        inside = whole or (start and len(rest) > 1)
        if len(rest) > 1:
            yield start + rest[1] + rest[0] + rest[2:]
        if start or whole:
            yield from (start + letter + rest for letter in _ALPHABET)
        if rest and inside:
            yield start + rest[1:]
            if len(key) >= _SHORTEST_REPLACED:
                yield from (start + letter + rest[1:] for letter in _ALPHABET)


def _is_one_slip(a: str, b: str) -> bool:
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


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
