"""Folding, words and index terms: the one place that knows how letters behave, Turkish first.

Questions and passages go through the same functions, so that `ISPARTA`, `Isparta'nın` and
`ısparta` meet, and offsets always point into the text as it was written.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import snowballstemmer

from index.analyser import stem as turkish_stem
from index.function_words import FUNCTION_WORDS
from index.languages import guess_language

__all__ = [
    "APOSTROPHES",
    "TEXT_RULES_VERSION",
    "Word",
    "ascii_fold",
    "bare",
    "fold",
    "guess_language",
    "is_stop_word",
    "terms",
    "words",
]

TEXT_RULES_VERSION = 9
"""Raise it whenever the same text would give other terms: an index keeps the number it used."""

APOSTROPHES = "'’‘ʼ`´′＇"
PREFIX_LETTERS = 6

# Python's \w leaves out the vowel signs of Indic scripts, Thai and Arabic, and combining accents.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e"
)
_JOINERS = "\u00ad\u200b-\u200d\u2060\ufeff"
_LETTER = r"[^\W\d_]"
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)+(?![^\W_])|\d\d?:\d\d(?![^\W_:])"  # 4,3  10.000  21.03.2026  17:30
    rf"|{_LETTER}\.(?:{_LETTER}\.)+(?:{_LETTER}(?![\w.]))?"  # T.C.  A.B.D
    rf"|[^\W_][\w{_MARKS}{_JOINERS}]*(?:[{APOSTROPHES}][^\W_][\w{_MARKS}{_JOINERS}]*)*"
)
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_INVISIBLE = re.compile(f"[{_JOINERS}]")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+")
_THOUSANDS_AND_PARTS = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d+)|(\d{1,3}(?:,\d{3})+)\.(\d+)")
_MEASURE = re.compile(r"(\d+)([kcm]m|[km]g|gr|[mcd]?lt?|tl|kwh?|[kmg]b|eur|usd)", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2,}")
# What Turkish writes after an apostrophe; anything else belongs to the word (Kur'an, O'Neill).
_SUFFIX = re.compile(
    r"s|(?:l[ae]r|l[ıiuü][kğ]?|s[ıiuü]z|[cç][ıiuü]|[ıiuü]?nc[ıiuü]|ş?[ae]r)*"
    r"(?:l[ae]r[ıiuü]|s[ıiuü]|[ıiuü]?[mn][ıiuü]z|[ıiuü]m|[ıiuü]n|[mn])?"
    r"(?:[yn]?[ıiuüae]|n?[dt][ae]n?|n?[ıiuü]n|y?l[ae]|[cç][ae])?"
    r"(?:ki(?:l[ae]r)?(?:n?[ıiuüae]|n[dt][ae]n?|n[ıiuü]n|[dt][ae]n?)?)?"
    r"(?:y?[dt][ıiuü](?:r|l[ae]r)?|y?m[ıiuü]ş|y?s[ae]|y?ken)?"
)
_ACCENTS = str.maketrans("âîûêô", "aiueo")
# One spelling for sounds that languages write differently, so that a name meets itself: Bishkek,
# Bischkek, Bişkek. In this order.
_RESPELLED = [
    rule.split("-")
    for rule in (
        "sch-s tsch-c sh-s ch-c ph-f th-t kh-h gh-g zh-j dzh-c qu-kv ck-k q-k x-ks w-v y-i j-i "
        "ts-z tz-z ou-u oo-u ae-e oe-o ue-u c-k"
    ).split()
]
_DOUBLED = re.compile(r"(.)\1")
_ASCII = str.maketrans("çğıöşüâîûêôäéèáàíóúñßə", "cgiosuaiueoaeeaaiounse")


class Word(NamedTuple):
    """A word as written: `source[start:end] == text`."""

    text: str
    start: int
    end: int


def _lower(word: str, language: str) -> str:
    if language in ("tr", "az"):
        word = word.replace("İ", "i").replace("I", "ı")
    # "İ".lower() and the decomposed "i̇" leave a combining dot behind.
    return word.lower().replace("i\u0307", "i")


def bare(word: str) -> str:
    """`word` composed, in its own case, without its apostrophe suffix.

    İzmir'in -> İzmir, Kur'an'da -> Kuran.
    """
    return unicodedata.normalize("NFKC", _cut(_INVISIBLE.sub("", word)))


def _cut(word: str) -> str:
    if not _APOSTROPHE.search(word):
        return word
    stem, *tails = _APOSTROPHE.split(word)
    for tail in tails:
        if (len(stem) > 1 or not stem.islower()) and _SUFFIX.fullmatch(_lower(tail, "tr")):
            break
        stem += tail
    return stem


def fold(word: str, language: str = "tr") -> str:
    """`word` as the index compares it: composed, lower case, no circumflex, no apostrophe suffix.

    Lower case is Turkish (I -> ı, İ -> i) for "tr" and "az" and plain for other languages.
    """
    return _lower(bare(word), language).translate(_ACCENTS)


def ascii_fold(word: str) -> str:
    """`fold` with Turkish letters as people type them without a Turkish keyboard: ışık -> isik."""
    return fold(word).translate(_ASCII)


def words(text: str) -> Iterator[Word]:
    """The words and numbers of `text` in order, with offsets into `text` as it was written."""
    for match in _WORD.finditer(text):
        yield Word(match.group(), match.start(), match.end())


def is_stop_word(word: str, language: str = "tr") -> bool:
    """Whether a word, written in any way, says nothing about the subject in `language`."""
    stops = FUNCTION_WORDS.get(language)
    return stops is not None and fold(word, language) in stops


def terms(text: str, language: str = "tr") -> list[str]:
    """The index terms of `text` in order: for each word its stem and '#' + its first letters.

    Stop words give none, a number gives itself, and repeated words repeat.
    """
    found: list[str] = []
    for word in _WORD.findall(text):
        short = len(word) <= _LONGEST_REMEMBERED
        found.extend((_remembered_terms if short else _word_terms)(word, language))
    return found


def _word_terms(word: str, language: str) -> tuple[str, ...]:
    if word[0].isdigit() and not word.isalpha():
        if measure := _MEASURE.fullmatch(word):
            return (measure[1], *_word_terms(measure[2], language))
        return _number_terms(fold(word, language))
    folded = fold(word.replace(".", ""), language)
    if not folded or folded in FUNCTION_WORDS.get(language, ()):
        return ()
    if _UNSPACED.fullmatch(folded):
        return tuple(folded[i : i + 2] for i in range(len(folded) - 1))
    return (_stem(folded, language), "#" + _respelled(folded)[:PREFIX_LETTERS])


def _respelled(folded: str) -> str:
    """The word by its sound, roughly; one letter for doubled ones."""
    spelled = folded.translate(_ASCII)
    for written, sounded in _RESPELLED:
        spelled = spelled.replace(written, sounded)
    return _DOUBLED.sub(r"\1", spelled)


# A script without spaces, or nonsense, makes words of a thousand letters: those are not kept.
_LONGEST_REMEMBERED = 40
_remembered_terms = lru_cache(maxsize=1 << 17)(_word_terms)


def _number_terms(folded: str) -> tuple[str, ...]:
    if _THOUSANDS.fullmatch(folded):
        return (re.sub("[.,]", "", folded),)
    if amount := _THOUSANDS_AND_PARTS.fullmatch(folded):
        whole, part = (group for group in amount.groups() if group)
        return (f"{re.sub('[.,]', '', whole)}.{part}",)
    first, *others = re.split("[.,:]", folded)
    if len(others) > 1:  # a date
        return tuple(part.lstrip("0") or "0" for part in (first, *others))
    return (".".join([first.lstrip("0") or "0", *others]) if others else first,)


def _stem(folded: str, language: str) -> str:
    if language in ("tr", "az"):
        return turkish_stem(folded)
    stemmer = _snowball(language)
    if stemmer is None:
        return folded
    with _SNOWBALL_LOCK:
        return str(stemmer.stemWord(folded))


_SNOWBALL_LOCK = threading.Lock()  # a Snowball stemmer keeps the word it works on in itself
_SNOWBALL = {
    "ar": "arabic",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}


@cache
def _snowball(language: str) -> snowballstemmer.stemmer | None:
    name = _SNOWBALL.get(language)
    return snowballstemmer.stemmer(name) if name else None
