"""A light guess of the language of a text: by its script, its letters and its function words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from index.function_words import FUNCTION_WORDS

__all__ = ["guess_language", "language_of_nouns"]

# Which languages are written in a script, and how much of a text must be in it; of languages that
# nothing tells apart the first is taken.
_SCRIPTS = [
    (re.compile(f"[{letters}]"), share, tuple(languages.split()))
    for letters, share, languages in (
        ("\u0400-\u04ff", 1 / 2, "ru uk bg ky kk"),
        ("\u0600-\u06ff", 1 / 2, "ar fa"),
        ("\u0370-\u03ff", 1 / 2, "el"),
        ("\u0900-\u097f", 1 / 2, "hi"),
        ("\u0e00-\u0e7f", 1 / 2, "th"),
        # here a letter is a syllable or a word
        ("\u3040-\u30ff", 1 / 6, "ja"),
        ("\uac00-\ud7af", 1 / 3, "ko"),
        ("\u4e00-\u9fff", 1 / 3, "zh"),
    )
]
_LATIN = tuple("tr az en de es fr it pt nl ro pl cs sv da fi hu id vi".split())
_LETTERS = {
    "tr": "ğış",
    "az": "əğış",
    "de": "äß",
    "es": "ñ¿¡",
    "fr": "èêàœùûëï",
    "it": "àèìòù",
    "pt": "ãõàê",
    "ro": "ășț",
    "pl": "ąęłśźżń",
    "cs": "ěřůý",
    "sv": "åä",
    "da": "åøæ",
    "fi": "ä",
    "hu": "őű",
    "vi": "ăơưđêàảãạấầẩẫậắằẳẵặẻẽẹếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ",
    "uk": "іїєґ",
    "ky": "ңөү",
    "kk": "әғқңұүһіө",
    "fa": "پچژگکی",
}
_ASCII = str.maketrans("çğıöşü", "cgiosu")
_FURTHER_WORDS = {
    # Among them what would be a function word elsewhere: a hand is no article.
    "tr": "ad ada adı al alt anda av ayrı ağır bez bin cam dal dan dans den din dir el ele er et "
    "han hasta hat il indi kan kişi nem on para pas saat sayısı ses tam ten un van yalnız yıl "
    "yılda zaman",
    "en": "hello hi hey good thanks thank bye goodbye please name list give describe define show "
    "explain find thx cheers great perfect",
    "de": "hallo guten danke bitte tschüss",
}


# What people ask for in two or three words and no function word; none is also a Turkish word, with
# or without Turkish letters.
_NOUNS = {
    "en": "news latest newest document documents source sources article articles announcement "
    "announcements help phone number office address fee fees price prices ticket tickets entrance "
    "opening hours schedule deadline contact castle library school council mayor weather holiday "
    "fare fares",
    "de": "nachrichten meldungen neueste neuesten dokument dokumente quelle quellen hilfe "
    "telefonnummer adresse eintritt eintrittspreis preise fahrkarte fahrplan rathaus "
    "bürgermeister burg schule bibliothek feiertag wetter",
}


_NOUNS_OF = {language: frozenset(nouns.split()) for language, nouns in _NOUNS.items()}


def _by_language(telling: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    """Of each letter or word, the languages for which it speaks."""
    found: dict[str, dict[str, None]] = {}
    for language, things in telling:
        for thing in things:
            found.setdefault(thing, {})[language] = None
    return {thing: tuple(languages) for thing, languages in found.items()}


def _telling_words() -> Iterator[tuple[str, Iterable[str]]]:
    for language, words in FUNCTION_WORDS.items():
        all_words = words | set(_FURTHER_WORDS.get(language, "").split())
        yield language, all_words
        if language == "tr":  # as typed without Turkish letters
            yield language, [word.translate(_ASCII) for word in all_words]


_LANGUAGES_OF_LETTERS = _by_language(_LETTERS.items())
_LANGUAGES_OF_WORDS = _by_language(_telling_words())
# Letters of any script with the vowel signs that belong to them, and no digits.
_TOKEN = re.compile(
    # What stands behind the apostrophe of a Turkish name is no word: Kirgizistan'in is not English.
    r"(?<![^\W\d_])(?<!\w\w['’])(?:[^\W\d_][\u0300-\u036f\u0900-\u0963]*)+"
)
_WAS_IN_ENGLISH = re.compile(r"\W*[Ww]as\s+[A-Z]")
_SAMPLE = 2000
_MUCH, _CLEARLY = 4, 3  # what speaks for part of a document being in a language of its own


def guess_language(text: str, default: str = "tr") -> str:
    """The language of a question or a document, as "tr", "en", "de", "ru" and some twenty more.

    It looks at scripts, telling letters and function words of the first 2,000 characters, and
    says `default` when nothing speaks for any language.
    """
    sample = unicodedata.normalize("NFC", text[:_SAMPLE])
    letters = sum(map(str.isalpha, sample)) or 1
    for script, share, languages in _SCRIPTS:
        if len(script.findall(sample)) > share * letters:
            return _likeliest(sample, languages, languages[0])
    return _likeliest(sample, _LATIN, default)


def language_of_nouns(text: str) -> str:
    """The language of a few words of which `guess_language` can tell nothing, "" where they do not.

    Only for the words around an answer: one noun says little of how to search.
    """
    said = {word.lower() for word in _TOKEN.findall(text[:_SAMPLE])}
    told = {language: len(said & nouns) for language, nouns in _NOUNS_OF.items()}
    best = max(told, key=lambda language: told[language])
    return best if told[best] else ""


@lru_cache(maxsize=1024)
def language_of_part(text: str, whole: str) -> str:
    """The language of part of a document in the language `whole`: another one where much speaks for
    it and next to nothing for that, since people write two languages into one file.
    """
    guessed = guess_language(text, default=whole)
    if guessed == whole:
        return whole
    scores = _scores(text[:_SAMPLE], (guessed, whole))
    other_script = not scores[guessed]
    clear = scores[guessed] >= max(_MUCH, _CLEARLY * scores[whole])
    return guessed if other_script or clear else whole


def _likeliest(sample: str, languages: Sequence[str], default: str) -> str:
    """The language that letters and function words speak for, of those written in one script."""
    if len(languages) == 1:
        return languages[0]
    scores = _scores(sample, languages)
    best = max(scores, key=lambda language: scores[language])
    if not scores[best]:
        return default
    return best if scores[best] > scores[languages[0]] else languages[0]


def _scores(sample: str, languages: Sequence[str]) -> dict[str, float]:
    """How much speaks for each of the languages: letters and function words, each word once."""
    tokens, shouted = _TOKEN.findall(sample), sample.isupper()
    words = _common(tokens, shouted)
    odd = [word for word in _common(sample.split(), shouted) if not word.isascii()]
    by_letters = Counter(chain.from_iterable(map(_languages_of_letters, odd)))
    by_words = Counter(chain.from_iterable(_LANGUAGES_OF_WORDS.get(word, ()) for word in words))
    most = len(words) / 4
    scores = {each: by_words[each] + 2.0 * min(by_letters[each], most) for each in languages}
    # Opening words are the question's own: Wie oft reist Doctor Who? English "was" opens a question
    # about a name: Was umgibt Chloroplasten? Was Newton rich?
    opening = tokens[0].lower() if tokens and "de" in scores else ""
    german = "de" in _LANGUAGES_OF_WORDS.get(opening, ())
    if german and not _WAS_IN_ENGLISH.match(sample):
        scores["de"] += 0.1
    return scores


def _common(found: Sequence[str], shouted: bool) -> set[str]:
    """The distinct words in lower case, those left out that may be names by their capital.

    Names have letters and words of any language: Al Gore, Piñera, Los Angeles.
    """
    kept = [word for word in found[1:] if shouted or not word[0].isupper()]
    return {word.replace("İ", "i").lower() for word in [*found[:1], *kept]}


def _languages_of_letters(word: str) -> set[str]:
    return {name for letter in word for name in _LANGUAGES_OF_LETTERS.get(letter, ())}
