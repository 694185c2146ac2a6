"""The dense leg: passage vectors searched by FAISS, sentence vectors kept compactly beside them."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.ragged import gather, map_file

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

INT8_MAX = 127


class PassageVectorsWriter:
    """Collects unit vectors for `PassageVectors`, half precision from the start."""

    def __init__(self, dimensions: int) -> None:
        self._faiss = faiss.IndexScalarQuantizer(
            dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )

    def add(self, vectors: Floats) -> None:
        """The next rows, (n, dim) float32, each of length 1."""
        self._faiss.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def close(self, path: Path) -> None:
        """Writes the file."""
        faiss.write_index(self._faiss, str(path))


class PassageVectors:
    """One unit vector per passage, half precision, scanned exactly.

    Scores are inner products of unit rows, so cosines: higher is closer.
    """

    def __init__(self, path: Path) -> None:
        # The codes are mapped, not read: opening costs the same for ten passages and a million.
        self._faiss = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self.dimensions = int(self._faiss.d)

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def search(
        self, query: Floats, k: int, dead: npt.NDArray[np.bool_] | None
    ) -> tuple[Rows, Floats]:
        """The k nearest rows to one unit query (dim,), best first, without the `dead` ones."""
        k = min(k, len(self))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if dead is not None:
            alive = np.packbits(~dead, bitorder="little")
            # The wrappers take arrays and keywords, which their type stubs do not say.
            chosen = faiss.IDSelectorBitmap(alive)  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        scores, rows = self._faiss.search(query[None, :], k, params=parameters)
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def rows(self, rows: Rows) -> Floats:
        """The stored vectors of `rows`, (len(rows), dim) float32."""
        if len(rows) == 0:
            return np.empty((0, self._faiss.d), np.float32)
        vectors: Floats = self._faiss.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return vectors


class SentenceVectors:
    """Every passage's sentence vectors as int8 with one scale per sentence, mapped from disk.

    A quarter of float32; scores differ from the exact ones by about 0.001.
    """

    def __init__(self, codes: Path, scales: Path, starts: Path, dimensions: int) -> None:
        self._codes = map_file(codes, "int8", dimensions)
        self._scales = map_file(scales, "<f4")  # (sentences,)
        self._starts = map_file(starts, "<i8")  # (passages + 1,)

    @staticmethod
    def encode(vectors: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
        """Codes (n, dim) int8 and scales (n,) with `codes * scales[:, None]` close to `vectors`."""
        scales = np.abs(vectors).max(axis=1, initial=1e-9) / INT8_MAX
        codes = np.rint(vectors / scales[:, None]).astype(np.int8)
        return codes, scales.astype(np.float32)

    def __len__(self) -> int:
        return len(self._scales)

    def products(self, vectors: Floats, rows: Rows) -> tuple[Floats, Rows]:
        """Products of each sentence of the passages `rows` with `vectors` (m, dim).

        Returns:
            (sentences, m) float32, passage after passage, and the sentences of each passage.
        """
        flat, counts = gather(self._starts, rows)
        products = self._codes[flat].astype(np.float32) @ vectors.T
        return products * self._scales[flat][:, None], counts

    def stored(self, row: int) -> tuple[npt.NDArray[np.int8], Floats]:
        """Codes and scales of one passage's sentences."""
        span = slice(int(self._starts[row]), int(self._starts[row + 1]))
        return np.asarray(self._codes[span]), np.asarray(self._scales[span])
