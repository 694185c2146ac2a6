"""What turns texts into vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


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

    states: (n, dim) float32 of length 1, of what the piece means.
    weights: (n,) float32 of sum 1, how much each piece tells.
    """

    states: NDArray[np.float32]
    weights: NDArray[np.float32]


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that also tells how it reads each token. Safe to share between threads."""

    def tokens(
        self, question: str, texts: Sequence[str]
    ) -> tuple[Tokens, list[NDArray[np.float32]]]:
        """A question's tokens, none of an empty one, and the states of the tokens of each text of
        a passage, (n, dim) float32 of length 1."""

    def pieces(
        self, question: str, texts: Sequence[str]
    ) -> tuple[Tokens, list[NDArray[np.float32]]]:
        """The same of what tokens mean alone, whatever stands around them; next to no work."""


def clean(text: str) -> str:
    """The text as every engine can take it: without NUL, which ends a C string, and lone halves
    of surrogate pairs, which have no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
