"""What a question is looked for by: its terms, what each weighs, and what may stand for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from index.idioms import terms_asked
from index.synonyms import synonyms

__all__ = ["QueryTerms", "idf_of", "query_terms"]

# A word that stands nowhere weighs at most so much more than one that stands once. In an index of
# some hundred passages it does by itself; in one of three it would weigh twice as much.
UNKNOWN_TO_RARE = 1.25
COMMONER = 2  # so many times as often as the word asked the seeds must use a synonym

Frequencies = Callable[[Sequence[str]], npt.NDArray[np.int64]]
Matches = Callable[[Sequence[str], npt.NDArray[np.int64]], npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class QueryTerms:
    """The distinct terms of a question, in order.

    idf: (terms,) what each weighs.
    known: (terms,) which stand, or are stood in for, anywhere in the index.
    stand_ins: by a term, the synonyms that count as it.
    """

    terms: tuple[str, ...] = ()
    idf: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    known: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    stand_ins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """(terms,) what each weighs of all; they sum to 1, or to 0 where nothing weighs."""
        return self.idf / (float(self.idf.sum()) or 1.0)

    @property
    def weights(self) -> dict[str, float]:
        """What to search for: the known terms and their stand-ins, each with the term's weight."""
        found: dict[str, float] = {}
        for term, weight, known in zip(self.terms, self.idf.tolist(), self.known, strict=True):
            for spelling in (term, *self.stand_ins.get(term, ())) if known else ():
                found[spelling] = max(weight, found.get(spelling, 0.0))
        return found

    def present(self, held: Collection[str]) -> npt.NDArray[np.bool_]:
        """(terms,) which stand, or are stood in for, in a text that has the terms `held`."""
        found = np.array([term in held for term in self.terms], bool)
        for term, others in self.stand_ins.items():
            if any(other in held for other in others):
                found[self.terms.index(term)] = True
        return found

    def said_in(self, held: Collection[str]) -> npt.NDArray[np.bool_]:
        """(terms,) the same, and the first letters of each word that stands there by its stem."""
        found = self.present(held)
        for place, (word, letters) in enumerate(pairwise(self.terms), 1):
            if letters[0] == "#" and word[0] != "#":
                found[place] |= found[place - 1]  # aidatı has aidat, though not #aidat
        return found

    def present_in(self, matches: Matches, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """(rows, terms) the same of passages, by the `OpenedIndex.matches` of their index."""
        spellings = tuple(dict.fromkeys([*self.terms, *chain(*self.stand_ins.values())]))
        found = matches(spellings, rows)
        present = found[:, : len(self.terms)].copy()
        for column, term in enumerate(self.terms):
            for other in self.stand_ins.get(term, ()):
                present[:, column] |= found[:, spellings.index(other)]
        return present


def query_terms(
    question: str, language: str, frequencies: Frequencies, passages: int
) -> QueryTerms:
    """The terms of a question in `language`, by how many of the `passages` hold them.

    A synonym counts where the seeds use it at least twice as often as the word that was asked: then
    it is how they put it.
    """
    wanted = terms_asked(question, language)
    others = {term: synonyms(term, language) for term in wanted}
    looked_up = tuple(dict.fromkeys([*wanted, *chain(*others.values())]))
    held = dict(zip(looked_up, frequencies(looked_up).tolist(), strict=True))

    def counts(other: str, term: str) -> bool:
        return held[other] > 0 and held[other] >= COMMONER * held[term]

    counted = {term: tuple(o for o in others[term] if counts(o, term)) for term in wanted}
    stand_ins = {term: spelled for term, spelled in counted.items() if spelled}
    return QueryTerms(
        wanted,
        _weights(np.array([held[term] for term in wanted], np.int64), passages),
        np.array([held[term] > 0 or term in stand_ins for term in wanted], bool),
        stand_ins,
    )


def _weights(frequencies: npt.NDArray[np.int64], passages: int) -> npt.NDArray[np.float64]:
    """`idf_of` terms; in a small index, words that stand nowhere are held down."""
    rarest = idf_of(np.ones(1, np.int64), passages)[0]
    return np.minimum(idf_of(frequencies, passages), UNKNOWN_TO_RARE * rarest)


def idf_of(frequencies: npt.NDArray[np.int64], passages: int) -> npt.NDArray[np.float64]:
    """Inverse document frequency as in Lucene's BM25: ln(1 + (N - df + .5) / (df + .5))."""
    rest = np.maximum(passages - frequencies, 0)
    return np.log1p((rest + 0.5) / (frequencies + 0.5))
