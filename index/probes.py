"""Questions made from the seeds themselves, to learn what a right and a wrong answer look like.

A probe keeps some words of a sentence, in order, and asks for one that it leaves out. Searched as
it is, the passage it comes from answers it; searched without that passage, or without the whole
document, nothing does, though people and places stay right. Real questions say part of it in
other words: `other_words` are the words of a probe that count as found nowhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.text import Word, is_stop_word, words

FEWEST_WORDS = 4  # content words that a sentence must have to be asked about
MOST_WORDS = 8  # content words that a question keeps
KEPT = (0.45, 0.8)  # share of the sentence's content words that a question keeps
MOST_PARAPHRASED = 0.6  # share of the plain words, at most, that are said in other words

_YEAR = re.compile(r"(?:1\d|20)\d\d\b")
_ASKING = {
    "tr": {
        "number": ("kaç", "ne kadar"),
        "year": ("ne zaman", "hangi yıl"),
        "name": ("kim", "hangi", "nerede"),
        "thing": ("ne", "hangi", "nasıl", "neden"),
    },
    "en": {
        "number": ("how many", "how much"),
        "year": ("when", "in what year"),
        "name": ("who", "which", "where"),
        "thing": ("what", "how", "why"),
    },
    "de": {
        "number": ("wie viele", "wie viel"),
        "year": ("wann", "in welchem Jahr"),
        "name": ("wer", "welche", "wo"),
        "thing": ("was", "wie", "warum"),
    },
    "ru": {
        "number": ("сколько",),
        "year": ("когда", "в каком году"),
        "name": ("кто", "какой", "где"),
        "thing": ("что", "как", "почему"),
    },
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence to ask about, the row of its passage, and the rows of its whole document."""

    text: str
    language: str
    row: int
    document: range


@dataclass(frozen=True, slots=True)
class Probe:
    """A made question, what it was made of, and which of its words count as found nowhere."""

    question: str
    sample: Sample
    other_words: tuple[str, ...]


def generate_questions(samples: Iterable[Sample], seed: int = 0) -> Iterator[Probe]:
    """A probe for each sample that has enough to ask about; the same seed gives the same probes."""
    chance = random.Random(seed)  # noqa: S311
    for sample in samples:
        first = next(words(sample.text), None)
        content = [
            word
            for word in words(sample.text)
            if len(word.text) > 1 and not is_stop_word(word.text, sample.language)
        ]
        if first is None or len(content) < FEWEST_WORDS:
            continue
        names = {
            place
            for place, word in enumerate(content)
            if word.text[0].isupper() and word.start != first.start
        }
        asked, kind = _asked(content, names, chance)
        kept = _kept(len(content), asked, chance)
        rate = chance.uniform(0, MOST_PARAPHRASED)
        other_words = tuple(
            content[place].text
            for place in kept
            if place not in names
            and not content[place].text[0].isdigit()
            and chance.random() < rate
        )
        tokens = [content[place].text for place in kept]
        question = _phrased(tokens, kind, sample.language, chance)
        yield Probe(question, sample, other_words)


def _asked(content: list[Word], names: set[int], chance: random.Random) -> tuple[int, str]:
    """Which word a question asks for, and what kind of word it is."""
    numbers = [place for place, word in enumerate(content) if word.text[0].isdigit()]
    plain = [place for place in range(len(content)) if place not in names]
    die = chance.random()
    if numbers and die < 0.5:
        place = chance.choice(numbers)
        return place, "year" if _YEAR.match(content[place].text) else "number"
    if len(names) > 1 and (die < 0.75 or not plain):
        return chance.choice(sorted(names)), "name"
    return chance.choice(plain or sorted(names)), "thing"


def _kept(length: int, asked: int, chance: random.Random) -> list[int]:
    """The places of the words that a question keeps: mostly those around the one it asks for."""
    rest = [place for place in range(length) if place != asked]
    size = max(2, min(MOST_WORDS, round(len(rest) * chance.uniform(*KEPT))))
    distances = {place: abs(place - asked) + chance.uniform(0, 4) for place in rest}
    return sorted(sorted(rest, key=distances.__getitem__)[:size])


def _phrased(tokens: list[str], kind: str, language: str, chance: random.Random) -> str:
    asking = _ASKING.get(language)
    if asking is not None:
        asking_word = chance.choice(asking[kind])
        at = len(tokens) - 1 if language == "tr" else 0  # Turkish asks before the verb
        tokens = [*tokens[:at], asking_word, *tokens[at:]]
    question = " ".join(tokens)
    return question[:1].upper() + question[1:] + "?"
