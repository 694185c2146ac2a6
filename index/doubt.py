"""Why an answer is unsure, in words: what of the question the passage does not speak of."""

from __future__ import annotations

import numpy as np

from index.able import is_unable
from index.confidence import USUAL_READING
from index.finder import Found
from index.idioms import words_asked
from index.languages import guess_language

MOST_WORDS = 4

_WORDS = {
    "missing": {
        "tr": "bulduğum yerde şu sözcükler geçmiyor: {words}",
        "en": "the passage does not contain: {words}",
        "de": "in der Stelle fehlen: {words}",
        "ru": "в этом фрагменте нет слов: {words}",
    },
    "language": {
        "tr": "soru ile kaynak ayrı dillerde",
        "en": "question and source are in different languages",
        "de": "Frage und Quelle sind in verschiedenen Sprachen",
        "ru": "вопрос и источник на разных языках",
    },
    "unable": {
        "tr": "bulduğum yerde sorduğunuz türden bir bilgi (tutar, saat, yıl, ölçü…) yok",
        "en": "the passage holds nothing of the kind asked for (an amount, a time, a year…)",
        "de": "in der Stelle fehlt, was gefragt ist (ein Betrag, eine Uhrzeit, ein Jahr…)",
        "ru": "в этом фрагменте нет того, о чём вопрос (суммы, времени, года…)",
    },
    "reading": {
        "tr": "bulduğum yer konuya yakın, ama sorduğunuzu söylediğinden emin değilim",
        "en": "the passage is close to the subject, but may not say what you asked",
        "de": "die Stelle liegt nahe am Thema, sagt aber vielleicht nicht, was gefragt ist",
        "ru": "фрагмент близок к теме, но, возможно, не отвечает на вопрос",
    },
    "similar": {
        "tr": "başka yerler de neredeyse o kadar yakın",
        "en": "other passages are almost as near",
        "de": "andere Stellen liegen fast ebenso nahe",
        "ru": "другие фрагменты почти так же близки",
    },
}


def reasons_of(found: Found, language: str) -> tuple[str, ...]:
    """The reasons, in the interface language; at least one."""
    (first,) = found.index.passages(np.array([found.ranking.hits[0].row]))
    expected = found.ranking.expected
    if is_unable(expected, first):
        return (_say("unable", language),)
    if found.ranking.hits[0].other_language:
        return (_say("language", language),)
    missing = _missing(found, expected.asking if expected.is_indispensable else "")
    if missing:
        return (_say("missing", language, words=", ".join(missing[:MOST_WORDS])),)
    reading = found.ranking.hits[0].reading
    if reading is not None and reading.answers < USUAL_READING:
        return (_say("reading", language),)
    return (_say("similar", language),)


def _missing(found: Found, asking: str) -> list[str]:
    """The question's words of which the first passage has no form, `asking` left out."""
    asked_in = found.language or guess_language(found.standalone)
    matched = {
        term
        for term, there in zip(found.ranking.wanted.terms, found.ranking.matches[0], strict=True)
        if there
    }
    return [
        word.text
        for word, terms in words_asked(found.standalone.replace(asking, " ", 1), asked_in)
        if matched.isdisjoint(terms)
    ]


def _say(key: str, language: str, **values: str) -> str:
    return _WORDS[key].get(language, _WORDS[key]["en"]).format(**values)
