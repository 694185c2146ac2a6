"""What was worked out lately, kept in memory so that asking again costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """The results asked for last: at most `most` of them, of `most_bytes` together.

    Safe for threads; two that miss the same key both work it out. `size` tells a value's bytes,
    its key's included. With `most` 0 nothing is kept.
    """

    def __init__(self, most: int, most_bytes: int, size: Callable[[Key, Value], int]) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._size = size
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, key: Key, work_out: Callable[[], Value]) -> Value:
        """The value that is kept for this key, else the one that `work_out` gives."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = work_out()
        self._keep(key, value)
        return value

    def _keep(self, key: Key, value: Value) -> None:
        size = self._size(key, value)
        with self._lock:
            if key in self._kept or size > self._most_bytes:
                return
            self._kept[key] = value, size
            self.bytes += size
            while len(self._kept) > self._most or self.bytes > self._most_bytes:
                _, (_, freed) = self._kept.popitem(last=False)
                self.bytes -= freed


class RememberingEmbedder:
    """An embedder that keeps the vectors of the questions it was asked last."""

    MOST_BYTES = 4_000_000

    def __init__(self, embedder: Embedder, most: int) -> None:
        self._embedder = embedder
        self._vectors = Remembered[str, NDArray[np.float32]](
            most, self.MOST_BYTES, lambda text, vector: bytes_of(text) + vector.nbytes
        )
        self.name, self.revision = embedder.name, embedder.revision
        self.dimensions = embedder.dimensions

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1, not to be written to."""
        return self._vectors.of(text, lambda: self._embedded(text))

    def _embedded(self, text: str) -> NDArray[np.float32]:
        vector = self._embedder.query(text)
        vector.setflags(write=False)
        return vector

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1."""
        return self._embedder.passages(texts, progress)


def bytes_of(text: str) -> int:
    """About what a text takes in memory."""
    return 60 + 4 * len(text)
