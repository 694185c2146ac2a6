"""How much of a question each sentence of a passage covers, what was said before it included.

A passage names its subject once and goes on about it: "Boz geyik vadilerde yaşar. Böğürtüsü üç
kilometre öteden duyulur." Asked how far a deer is heard, the first sentence shares the name and
the second answers. So what an earlier sentence covers, a later one is taken to speak of too, if a
little less:

    C(s) = sum_i w_i max(c_i(s), .8 max_{t before s} c_i(t))

with c_i(s) how well a piece i of the question is met in s: 1 by a form of the same word, else the
cosine of the nearest piece as pieces mean alone, before the model's layers: so it costs next to
nothing. w_i is what the piece tells (index/unigram.py), of sum 1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder, TokenEmbedder
from index.text import terms

Numbers = npt.NDArray[np.floating]

CARRIED = 0.8
MOST_WORDS = 64  # of a question that are looked up; one that is longer is no question


class SoftCoverage:
    """Compares sentences with questions by the pieces of their words; safe for threads."""

    def __init__(self, embedder: TokenEmbedder) -> None:
        self._embedder = embedder

    def __call__(
        self, question: str, texts: Sequence[str], bags: Sequence[Collection[str]], language: str
    ) -> Numbers:
        """(sentences,) the share of the question that each covers; `bags` are the terms of the
        sentences `texts`, which are in `language`."""
        words = question.split()
        if len(words) > MOST_WORDS:
            words = []
        asked, read = self._embedder.pieces(question, [*words, *texts])
        sizes, sentences = [len(word) for word in read[: len(words)]], read[len(words) :]
        met = np.zeros((len(texts), len(asked.weights)))
        for row, sentence in enumerate(sentences):
            if len(sentence):
                met[row] = (asked.states @ sentence.T).max(axis=1)
        if sum(sizes) == len(asked.weights):
            wanted = [set(terms(word, language)) for word in words]
            stands = np.array([[_stands(word, bag) for word in wanted] for bag in bags], bool)
            met[np.repeat(stands.reshape(len(bags), -1), sizes, axis=1)] = 1.0
        return carried(met) @ asked.weights


def soft_coverage_of(embedder: Embedder) -> SoftCoverage | None:
    """What compares with this embedder, None where it does not tell what pieces mean."""
    return SoftCoverage(embedder) if isinstance(embedder, TokenEmbedder) else None


def carried(met: Numbers) -> Numbers:
    """(sentences, n) how well each of n things is met in a sentence or before it."""
    found = met.astype(np.float64)
    before = np.maximum.accumulate(found, axis=0)[:-1]
    found[1:] = np.maximum(found[1:], CARRIED * before)
    return found


def _stands(word: Collection[str], bag: Collection[str]) -> bool:
    """Whether a word stands in a sentence: one of its two terms, or most of a longer run's."""
    return bool(word) and 2 * sum(term in bag for term in word) >= len(word)
