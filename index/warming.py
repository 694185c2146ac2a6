"""An embedder that answers at once and changes to a faster engine when that one has opened."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Thread, main_thread

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder

logger = logging.getLogger(__name__)


class WarmingEmbedder:
    """Serves with `first` until `open_second` has returned in the background, then with that.

    Both are engines of one model. If the second cannot be opened, the first stays; why, stands in
    the log.
    """

    def __init__(self, first: Embedder, open_second: Callable[[], Embedder]) -> None:
        self._engine = first
        self.name, self.revision, self.dimensions = first.name, first.revision, first.dimensions
        self._thread = Thread(target=self._warm, args=(open_second,), name="warm", daemon=False)
        self._thread.start()

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""
        return self._engine.query(text)

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1."""
        return self._engine.passages(texts, progress)

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until the second engine serves or has failed to open; False if it takes longer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _warm(self, open_second: Callable[[], Embedder]) -> None:
        try:
            second = open_second()
            second.query("")  # the first call allocates
        except Exception:
            if not main_thread().is_alive():  # the process ends, and takes no new work
                return
            logger.exception("the faster engine did not open; the first one goes on")
            return
        if (second.name, second.revision) != (self.name, self.revision):
            logger.error("the faster engine is another model: %s, not %s", second.name, self.name)
            return
        self._engine = second
