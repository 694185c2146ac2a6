"""Stand-ins whose results can be checked by eye; the real model has tests of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.manifest import Model
from index.text import fold, words
from index.vectors import Floats

AXES = 64


class WordEmbedder:
    """A unit vector with one axis per word (by hash): texts that share words are near."""

    name = "words"
    revision = "1"
    dimensions = AXES

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def query(self, text: str) -> Floats:
        return self._vector(text)

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Floats:
        self.embedded += texts
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, AXES), np.float32)

    def _vector(self, text: str) -> Floats:
        vector = np.full(AXES, 0.01, np.float32)
        for word in words(text):
            vector[sum(fold(word.text).encode()) % AXES] += 1
        return vector / np.linalg.norm(vector)


WORDS_MODEL = Model(WordEmbedder.name, WordEmbedder.revision, WordEmbedder.dimensions)
