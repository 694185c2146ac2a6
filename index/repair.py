"""Repairs a typed question from the words that the index holds, before anything is searched.

People type without Turkish letters, in capitals and with slips. An embedding model and a word index
both read "hangi sehirle" as other words than "hangi şehirle", so the question is first put into the
spelling of the sources. A word that the sources know, as it stands or by its stem, is left alone;
only where no Turkish letter was typed at all does a much more frequent spelling win over it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.analyser import is_root, stem
from index.function_words import FUNCTION_WORDS
from index.spelling import (
    agrees,
    capitalised,
    harmonised,
    in_case_of,
    is_one_slip,
    lowered,
    may_be,
    one_slip_away,
    splits,
)
from index.text import Word, ascii_fold, bare, fold, words
from index.turkish_letters import with_turkish_letters
from index.vocabulary import Spelling, Vocabulary, spellings, vocabulary_entries

__all__ = ["Kind", "Repair", "Repaired", "Vocabulary", "repair", "vocabulary_entries"]

_TURKISH = ("tr", "az")
_SHORTEST_SLIP = 5
_LONGEST_SLIP = 50  # each letter adds some thirty words to look for
_FAR_MORE = 3
"""How many times more passages must hold a spelling before it wins over one that is known too."""
_SPECIAL = re.compile("[çğıöşüÇĞİÖŞÜ]")
_ENDS_IN_WORD = re.compile(r"\w[^\w.!?…]{0,2}$")
_DETACHED = re.compile(
    r"[yn]?[iu]n?|n?[iu]n|ye|[ae]|[dt][ae]n|t[ae]|[dt][ae]ki|y?l[ae]|n[iu]n|n[dt][ae]n?"
)
_GLUED = re.compile(r"([a-z]{3,})m[iu](?:d[iu]r|yd[iu])?")
_ASKING = re.compile(r"m[iu](?:d[iu]r|s[iu]n|yd[iu]|y[iu]m|y[iu]z)?")
_PREDICATE = re.compile(
    "(?:l[ıiuü]|s[ıiuü]z|[aeıiuü]r|yor|c[ae]k|[dt][ıiuü]|m[ıiuü]ş|[dt][ae]|m[ae]z)$"
)
_ASKED = frozenset(
    """
    ne nedir neler nelerdir neden niçin niye nasıl nasıldır nerede nerde nereden nereye neresi
    nereli kim kimdir kimin kimler kaç kaçıncı hangi hangisi hangileri zaman
    """.split()
)
_CASE_ENDING = re.compile(
    r"[yn]?[ıiuüae]|n?[dt][ae]n?|n?[ıiuü]n|y?l[ae]|[dt][ae]ki"
    r"|s[ıiuü](?:n[ıiuüae]|n[dt][ae]n?)?"
)


# kredi-m-i and kredi-n-i: whose it is, no slip.
_MINE = re.compile(r"(?<=[aeıioöuü])m(?=(?:[ıiuüae]|[dt][ae]n?|l[ae]|[ıiuü]n)?$)")


class Kind(enum.StrEnum):
    """What was wrong with a word."""

    LETTERS = "letters"
    LIKELY_LETTERS = "likely letters"  # of a word that the sources do not have
    CAPITALS = "capitals"
    TYPO = "typo"
    APOSTROPHE = "apostrophe"
    PARTICLE = "particle"  # açıkmı: the question particle stands apart


_VERB_ENDINGS = tuple(
    """
    iyor uyor di du ti tu ir ur ar er an en mis mus acak ecek ma me mak mek iyorum uyorum irim urum
    """.split()
)
# Function words that are written without Turkish letters, and stand in few sources.
_PLAIN_WORDS = frozenset(word for word in FUNCTION_WORDS["tr"] if word == ascii_fold(word))

_GUESSED = (Kind.TYPO, Kind.PARTICLE, Kind.LIKELY_LETTERS)


@dataclass(frozen=True, slots=True)
class Repair:
    """A word of the question that was read differently from how it was typed."""

    original: str
    repaired: str
    kind: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A question as it is searched, and what was changed in it.

    `cautious` is the question without its repairs of kinds "typo", "particle" and "likely letters",
    which guess, and None where nothing was guessed: where its best passage scores higher, the guess
    was wrong.
    """

    text: str
    repairs: tuple[Repair, ...] = ()
    cautious: str | None = None

    @property
    def without_guesses(self) -> Repaired:
        """The cautious question, and the repairs that are left in it."""
        certain = tuple(each for each in self.repairs if each.kind not in _GUESSED)
        return self if self.cautious is None else Repaired(self.cautious, certain)


@dataclass(frozen=True, slots=True)
class _Change:
    word: Word
    better: str
    kind: Kind


def repair(question: str, vocabulary: Vocabulary, language: str = "tr") -> Repaired:
    """`question` in the spelling of the sources, with a capital and a question mark.

    Turkish questions get their letters, capitals, slips and apostrophes mended; questions in other
    languages only lose their capitals. The first capital and the question mark are no repairs.
    """
    typed = [word for word in words(question) if not word.text[0].isdigit()]
    shouted = _is_shouted(question, typed)
    if language in _TURKISH:
        mender = _Mender(vocabulary, question, typed, shouted=shouted)
        changes = list(mender.changes())
    else:
        changes = _calmed(typed, vocabulary) if shouted else []
    changes = [change for change in changes if change.better != change.word.text]
    certain = [change for change in changes if change.kind not in _GUESSED]
    return Repaired(
        _finished(_rewritten(question, changes), language),
        tuple(Repair(each.word.text, each.better, each.kind) for each in changes),
        _finished(_rewritten(question, certain), language) if certain != changes else None,
    )


def _rewritten(question: str, changes: Iterable[_Change]) -> str:
    pieces: list[str] = []
    at = 0
    for change in changes:
        pieces += [question[at : change.word.start], change.better]
        at = change.word.end
    return "".join((*pieces, question[at:]))


def _finished(question: str, language: str) -> str:
    question = question.strip()
    if question[:1].islower() and not question[1:2].isupper():  # but iPhone
        first = capitalised(question[0]) if language in _TURKISH else question[0].upper()
        question = first + question[1:]
    return question + "?" if _ENDS_IN_WORD.search(question) else question


def _is_shouted(question: str, typed: Sequence[Word]) -> bool:
    """Whether a whole question stands in capitals (one acronym alone does not count)."""
    letters = sum(len(word.text) for word in typed)
    return question == question.upper() and letters > 5 and len(typed) > 1


def _calmed(typed: Sequence[Word], vocabulary: Vocabulary) -> list[_Change]:
    """The words of a foreign question without capitals, but for names."""
    known = spellings(vocabulary, {ascii_fold(word.text) for word in typed})
    calmed = []
    for word in typed:
        lower = word.text.lower()
        ways = known.get(ascii_fold(word.text), ())
        is_name = bool(ways) and all(way.is_name for way in ways)
        calmed.append(_Change(word, lower.capitalize() if is_name else lower, Kind.CAPITALS))
    return calmed


class _Mender:
    """Mends the words of one Turkish question: one look-up for all, and one for each slip."""

    def __init__(
        self, vocabulary: Vocabulary, question: str, typed: Sequence[Word], *, shouted: bool
    ) -> None:
        self._vocabulary = vocabulary
        self._typed = typed
        self._shouted = shouted
        self._plain = not _SPECIAL.search(question)
        self._small = question[1:] == lowered(question[1:])
        self._careful = not self._small or (question[:1].isupper() and not self._plain)
        self._kind = Kind.CAPITALS if shouted else Kind.LETTERS
        keys = {ascii_fold(word.text) for word in typed}
        stems = {split.stem for key in keys for split in splits(key)}
        self._known = spellings(vocabulary, keys | stems)

    def changes(self) -> Iterator[_Change]:
        """How each word should stand; "mi" sounds as the word before it."""
        before = ""
        for change in self._changes():
            key = ascii_fold(change.word.text)
            if self._plain and before and _ASKING.fullmatch(key):
                particle = harmonised(before, key).replace("ş", "s")  # misin has no -miş
                change = _Change(change.word, particle, self._kind)
            before = fold(change.better)
            yield change

    def _changes(self) -> Iterator[_Change]:
        """How each word should stand, a suffix that was typed apart from its name with the name."""
        place = 0
        while place < len(self._typed):
            word, following = self._typed[place], self._typed[place + 1 : place + 2]
            joined = self._joined(word, following[0]) if following else None
            if joined:
                yield joined
                place += 1
            elif not following and (apart := self._apart(word)):
                yield apart
            else:
                yield self.change(word)
            place += 1

    def _joined(self, name: Word, suffix: Word) -> _Change | None:
        """İzmir e: a case ending behind a blank. Not "de" and "ya", which are words."""
        ending = ascii_fold(suffix.text)
        if suffix.start - name.end != 1 or not _DETACHED.fullmatch(ending):
            return None
        if suffix.text.isupper() and not (self._shouted and len(ending) > 1):
            return None  # Hepatit A
        meant, _ = self._meant(bare(name.text))
        if meant is None or "'" in meant.written or not meant.written[:1].isupper():
            return None
        written = harmonised(meant.folded, ending)
        last = next((letter for letter in reversed(meant.folded) if letter in "aeıioöuü"), "e")
        if not agrees(last, written):
            return None
        whole = Word(f"{name.text} {suffix.text}", name.start, suffix.end)
        return _Change(whole, f"{meant.written}'{written}", Kind.APOSTROPHE)

    def _apart(self, word: Word) -> _Change | None:
        """açıkmı: the particle that ends the question, glued to a word that is known without it."""
        found = _GLUED.fullmatch(ascii_fold(word.text))
        if found is None or not word.text[:1].isalpha():
            return None
        head = word.text[: found.end(1)]
        key, strict = ascii_fold(word.text), fold(word.text)
        if self._known.get(key) or any(self._inflected(key)):
            return None
        meant, _ = self._meant(head)
        predicate = _PREDICATE.search(fold(head)) and is_root(stem(fold(head)))
        known = meant is not None and meant.passages and may_be(fold(head, "en"), meant.folded)
        if not predicate and not known:
            return None
        better = self._written(head, meant)
        particle = harmonised(fold(better), ascii_fold(word.text[found.end(1) :]))
        return _Change(word, f"{better} {particle}", Kind.PARTICLE) if strict else None

    def change(self, word: Word) -> _Change:
        """How `word` should stand; as it does where nothing is wrong with it."""
        head = bare(word.text)
        if len(head) < 2 or not word.text.startswith(head):
            better = lowered(word.text) if self._shouted else word.text
            return _Change(word, better, Kind.CAPITALS)
        meant, kind = self._meant(head)
        better = self._written(head, meant)
        base = meant.folded if meant else fold(head)
        return _Change(word, better + self._tail(base, head, word.text[len(head) :]), kind)

    def _written(self, head: str, meant: Spelling | None) -> str:
        if meant is None:
            return fold(head) if self._shouted else head
        if self._shouted or (meant.is_name and (self._small or "'" in meant.written)):
            return meant.written
        return head if meant.folded == fold(head) else in_case_of(meant.written, head)

    def _tail(self, base: str, head: str, tail: str) -> str:
        """What follows the apostrophe; that of an acronym goes by how it is read aloud."""
        if not tail or not (self._shouted or (self._plain and not head.isupper())):
            return tail
        return tail[0] + harmonised(base, fold(tail[1:], "en"))

    def _meant(self, head: str) -> tuple[Spelling | None, Kind]:
        """What `head` stands for in the sources, None where they do not tell."""
        key, strict, loose = ascii_fold(head), fold(head), fold(head, "en")
        ways = [way for way in self._known.get(key, ()) if may_be(loose, way.folded)]
        for way in ways:
            if way.folded in (strict, loose):
                if self._plain and ways[0].passages > _FAR_MORE * way.passages:
                    return self._unless_root(strict, ways[0], way), self._kind
                return way, Kind.CAPITALS
        if ways:
            return self._unless_root(strict, ways[0], None), self._kind
        # Who writes with care means no name by a small letter: "belediyede" is no Belediye'de.
        named = head[:1].isupper() or not self._careful
        forms = [form for form in self._inflected(key, named) if may_be(loose, form.folded)]
        for form in forms:
            if form.folded == strict:
                return form, Kind.CAPITALS if self._shouted else Kind.APOSTROPHE
        # Who types some Turkish letters leaves out others: "baskanla nasıl görüşürüm".
        if forms and (self._plain or self._shouted or not is_root(stem(strict))):
            return forms[0], self._kind
        slip = self._before_slip(key, strict)
        if slip or not self._plain:
            return slip, Kind.TYPO
        likely = self._likeliest(head)
        return likely, Kind.LIKELY_LETTERS if likely else self._kind

    @staticmethod
    def _unless_root(strict: str, better: Spelling, typed: Spelling | None) -> Spelling | None:
        """A better spelling; what was `typed` where that is a noun or verb, and the better one only
        a function word: su is no şu."""
        if better.folded in FUNCTION_WORDS["tr"] and is_root(strict):
            return typed
        return better

    def _inflected(self, key: str, named: bool = True) -> Iterator[Spelling]:
        """Forms that the sources do not have, of stems that they have, the longest stem first.

        Where it may be `named`, a name's suffix stands behind an apostrophe.
        """
        for split in splits(key):
            for base in self._known.get(split.stem, ()):
                start = split.before_suffix(base.folded)
                suffix = harmonised(start, split.suffix)
                if (
                    named
                    and base.written[:1].isupper()
                    and not split.change
                    and _CASE_ENDING.fullmatch(suffix)
                ):
                    written = f"{base.written}'{suffix}"
                    yield Spelling(base.folded + suffix, written, base.passages, is_name=True)
                elif stem(start + suffix) == stem(base.folded):
                    whole = start + suffix
                    written = in_case_of(whole, base.written) if base.is_name else whole
                    yield Spelling(whole, written, base.passages, is_name=False)

    def _likeliest(self, head: str) -> Spelling | None:
        """The likeliest spelling of a word that the sources do not have."""
        key = fold(head, "en")
        written_as_a_word = self._shouted or head[1:].islower()  # not TBMM, iPhone
        if not (key.isascii() and key.isalpha() and written_as_a_word) or key in _PLAIN_WORDS:
            return None
        spelling = self._like_a_relative(key) or with_turkish_letters(key)
        return Spelling(spelling, spelling, 0, is_name=False)

    def _like_a_relative(self, key: str) -> str | None:
        """A verb's form with the letters that another form of it has: aciliyor as açıldı."""
        ways = [split for split in splits(key) if split.suffix in _VERB_ENDINGS]
        forms = {split.stem + ending for split in ways for ending in _VERB_ENDINGS}
        found = spellings(self._vocabulary, forms) if forms else {}
        for split in ways:
            known = [way for e in _VERB_ENDINGS for way in found.get(split.stem + e, ())]
            if known:
                start = max(known, key=lambda way: way.passages).folded[: len(split.stem)]
                return start + harmonised(start, split.suffix)
        return None

    def _before_slip(self, key: str, strict: str) -> Spelling | None:
        """The most frequent word one slip away, where the typed one is no word by itself."""
        if not _SHORTEST_SLIP - 1 <= len(key) <= _LONGEST_SLIP or not key.isalpha():
            return None
        if is_root(stem(strict)) or _ASKING.fullmatch(key):
            return None
        found = spellings(self._vocabulary, set(one_slip_away(key)))
        yours = _MINE.sub("n", strict)
        ways = [w for each in found.values() for w in each if w.passages and w.folded != yours]
        if not self._plain:
            ways = [way for way in ways if is_one_slip(strict, way.folded)]
        # Of the function words only those that ask are looked for: "birimi" is not "birisi".
        ways = [
            way for way in ways if way.folded in _ASKED or way.folded not in FUNCTION_WORDS["tr"]
        ]
        if len(key) < _SHORTEST_SLIP:
            ways = [way for way in ways if way.folded in _ASKED]
        return max(ways, key=lambda way: (way.folded in _ASKED, way.passages), default=None)
