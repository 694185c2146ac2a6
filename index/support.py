"""Whether a passage supports a sentence that somebody else wrote, by the signals of the search.

A sentence is held against the passage's sentences nearest to it, by meaning and shared words:

    about it    its cosine to the nearest reaches a threshold
    its words   most of the weight (idf) of its terms stands in the nearest sentences
    numbers     each stands in the nearest sentences, in digits or in words
    names       each capitalised word stands in the passage, its title or its headings
    negation    it says no where they say no, and only there

It sees wrong facts, not wrong reasoning: who did what to whom is not told apart.
`python -m bench.written` measures it on questions/written.jsonl.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from index.answer import Citation, Written, WrittenSentence
from index.embedder import Embedder
from index.languages import guess_language
from index.numerals import numbers
from index.opened import OpenedIndex
from index.query_terms import idf_of
from index.records import PassageRecord
from index.text import ascii_fold, bare, fold, is_stop_word, terms, words
from index.vectors import Floats
from index.written import Failure, WritingError

COSINE = 0.86  # of the bundled model, as passages: unrelated sentences lie around .8
COVERAGE = 0.7
ADDED = 0.1  # share of the weight by which a second sentence counts as merged into it
ALIKE = 0.7  # of a name's letters, across languages: Bişkek and Bishkek

_NO = frozenset(
    "değil değildir değildi yok yoktur yoktu hiç hiçbir asla not no never none neither nor without "
    "cannot nicht kein keine keinen nie niemals ohne".split()
)
# Turkish verbs say no in themselves (açılmadı, olmayan, bulunmamaktadır), adjectives by -sız.
_NEGATED = re.compile(
    r"\w{2,}m[ae](?:d[ıi]|m[ıi]ş|z|yacak|yecek|mal[ıi]|mel[ıi]|makta|mekte|yan|yen|ktan|den|dan)\w*"
    r"|\w{2,}m[ıiuü]yor\w*|\w{2,}[ae]ma(?:z|d[ıi]|yan|yacak)\w*|\w{2,}[ae]me(?:z|d[ıi]|yen|yecek)\w*"
    r"|\w{2,}s[ıiuü]z(?:d[ıiuü]r|l[ıiuü]k\w*)?|\w+n't"
)


class Fault(enum.StrEnum):
    """What speaks against a sentence."""

    UNRELATED = "unrelated"
    WORDS = "words"
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Signals:
    """What the check of one sentence against its passages came to."""

    cosine: float  # to the nearest sentence of the passage that is furthest away
    coverage: float  # share of its terms' weight in the nearest sentences, 0 to 1
    across: bool  # it is in another language than a passage
    missing_numbers: frozenset[str]
    missing_names: tuple[str, ...]
    negated_alike: bool

    @property
    def fault(self) -> Fault | None:
        """The first thing that speaks against the sentence, None where nothing does."""
        if self.cosine < COSINE:
            return Fault.UNRELATED
        if self.missing_numbers:
            return Fault.NUMBER
        if self.missing_names:
            return Fault.NAME
        if not self.negated_alike:
            return Fault.NEGATION
        if not self.across and self.coverage < COVERAGE:
            return Fault.WORDS
        return None


def supported(
    sentences: Sequence[WrittenSentence],
    citations: Sequence[Citation],
    index: OpenedIndex,
    embedder: Embedder,
) -> Written:
    """The sentences, where each is supported by the passages it cites.

    Raises:
        WritingError: one is not, or a passage has left the index.
    """
    rows = {citation.number: index.row_of(citation.key) for citation in citations}
    for number, sentence in enumerate(sentences, 1):
        cited = [rows[at] for at in sentence.citations]
        if None in cited:
            raise WritingError(Failure.CHANGED)
        known = [row for row in cited if row is not None]
        fault = signals_of(sentence.text, known, index, embedder).fault
        if fault is not None:
            raise WritingError(Failure.UNSUPPORTED, f"sentence {number}, {fault.value}")
    return Written(tuple(sentences))


def signals_of(
    sentence: str, rows: Sequence[int], index: OpenedIndex, embedder: Embedder
) -> Signals:
    """The signals of a sentence that cites the passages `rows` (one or more)."""
    where = np.array(rows, np.int64)
    records = index.passages(where)
    language = guess_language(sentence, default=records[0].language)
    wanted = _weights(sentence, language, index)
    vector = embedder.passages([sentence])
    cosines = [part[:, 0] for part in index.sentence_products(vector, where)]
    nearest = [
        text
        for record, near in zip(records, cosines, strict=True)
        for text in _merged(record, near, wanted)
    ]
    around = " . ".join(part for record in records for part in _about(record))
    held = {term for record in records for term in _terms([*nearest, around], record)}
    return Signals(
        cosine=min(float(part.max(initial=-1.0)) for part in cosines),
        coverage=_share(wanted, held),
        across=any(record.language != language for record in records),
        missing_numbers=numbers(sentence) - numbers(" . ".join([*nearest, around])),
        missing_names=tuple(_missing_names(sentence, records, language)),
        negated_alike=_negations([sentence]) == _negations(nearest),
    )


def _weights(sentence: str, language: str, index: OpenedIndex) -> dict[str, float]:
    """The terms of a sentence with their idf; numbers are checked by themselves."""
    found = [term for term in terms(sentence, language) if not term[0].isdigit()]
    distinct = tuple(dict.fromkeys(found))
    weights = idf_of(index.document_frequencies(distinct), len(index))
    return dict(zip(distinct, weights.tolist(), strict=True))


def _terms(texts: Iterable[str], record: PassageRecord) -> set[str]:
    return {term for text in texts for term in terms(text, record.language)}


def _share(wanted: dict[str, float], held: set[str]) -> float:
    total = sum(wanted.values())
    return sum(wanted[term] for term in wanted.keys() & held) / total if total else 1.0


def _merged(record: PassageRecord, near: Floats, wanted: dict[str, float]) -> list[str]:
    """The sentence of a passage that is nearest, and the next where it adds what that lacks."""
    texts = record.sentence_texts
    held = [_terms([text], record) for text in texts]
    scores = np.array([_share(wanted, some) for some in held]) + near
    order = np.argsort(-scores, kind="stable")
    nearest = [texts[order[0]]]
    for place in order[1:2]:
        if _share(wanted, held[place] - held[order[0]]) >= ADDED:
            nearest.append(texts[place])
    return nearest


def _about(record: PassageRecord) -> Iterator[str]:
    yield record.document.title
    yield from record.headings
    if record.document.date:
        yield f"{record.document.date.year} . {record.document.date.day}"


def _missing_names(sentence: str, records: Sequence[PassageRecord], language: str) -> Iterator[str]:
    held: set[str] = set()
    letters: set[str] = set()
    for record in records:
        texts = [record.text, *_about(record)]
        held |= _terms(texts, record)
        letters |= {ascii_fold(word.text) for text in texts for word in words(text)}
    across = any(record.language != language for record in records)
    for word in words(sentence):
        name = bare(word.text)
        if not name[:1].isupper() or is_stop_word(name, language):
            continue
        folded = ascii_fold(name)
        known = folded in letters or not held.isdisjoint(terms(name, language)[:1])
        if not known and not (across and any(_alike(folded, other) for other in letters)):
            yield name


def _alike(name: str, other: str) -> bool:
    return SequenceMatcher(None, name, other).ratio() >= ALIKE


def _negations(texts: Iterable[str]) -> int:
    folded = [fold(word.text) for text in texts for word in words(text)]
    return sum(word in _NO or bool(_NEGATED.fullmatch(word)) for word in folded)
