"""What turns texts into vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.token_codes import Codes


class Embedder(Protocol):
    """A model that gives questions and passages vectors whose dot product is their closeness.

    Prefixes and prompts are the embedder's own affair. Safe to share between threads; any `str` is
    taken, also an empty one and one with NUL or lone surrogates in it.
    """

    @property
    def name(self) -> str:
        """The model's name: the same for all engines that give the same vectors."""

    @property
    def revision(self) -> str:
        """Which version of the model it is; vectors of two revisions do not mix."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1.

        `progress` is told now and then how many texts are done, and of how many.
        """


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text piece by piece, as a model reads it.

    states: (n, dim) float32 of length 1, of what the piece means where it stands.
    weights: (n,) float32 of sum 1, how much each piece tells.
    """

    states: NDArray[np.float32]
    weights: NDArray[np.float32]

    def met_by(self, texts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """(texts, n): how well each piece is met in each text by its nearest piece, a cosine.

        `texts` are (m, dim) the states of a text's pieces, of length 1; 0 where it has none.
        """
        met = [(self.states @ states.T).max(axis=1, initial=0.0) for states in texts]
        return np.array(met, np.float32).reshape(len(texts), len(self.weights))


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that also tells how it reads each token. Safe to share between threads.

    What it reads of passages comes packed, as `index.token_codes` does: (n, dim / 4) uint8, a row
    for each piece.
    """

    def asked(self, question: str) -> Tokens:
        """A question's tokens, none of an empty one."""

    def tokens(self, texts: Sequence[str]) -> list[Codes]:
        """Those of texts of passages."""

    def passages_and_tokens(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[Codes]]:
        """What `passages` and `tokens` give, at the cost of the first alone."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of a question and a passage that it reads as one text.

    answers: how surely the passage answers, a logit.
    sentences: (n,) float32 how surely each sentence holds the answer, logits that compare with one
        another only; minus infinity for one that was not read.
    """

    answers: float
    sentences: NDArray[np.float32]

    def placed(self, places: Sequence[int], sentences: int) -> Reading:
        """The same of a passage of so many sentences, of which those in these places were read."""
        logits = np.full(sentences, -np.inf, np.float32)
        logits[list(places)] = self.sentences
        return Reading(self.answers, logits)


@runtime_checkable
class PairEmbedder(Protocol):
    """An embedder that also reads a question and a passage as one text. Safe for threads."""

    def read_pair(self, question: str, title: str, sentences: Sequence[str]) -> Reading | None:
        """Whether a passage of these sentences answers; None where that was never learnt."""


def clean(text: str) -> str:
    """The text as every engine can take it: without NUL, which ends a C string, and lone halves
    of surrogate pairs, which have no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
