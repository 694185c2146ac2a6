"""The dense leg: passage vectors searched by FAISS."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

PROPOSED = 700  # candidates of a segment that are scored exactly: recall@10 .996 at a million
_TRAINING_ROWS = 16_384
_CODED_AT_ONCE = 10_000


class PassageVectorsWriter:
    """Collects unit vectors for `PassageVectors`, half precision from the start."""

    def __init__(self, dimensions: int) -> None:
        self._faiss = faiss.IndexScalarQuantizer(
            dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )

    def add(self, vectors: Floats) -> None:
        """The next rows, (n, dim) float32, each of length 1."""
        self._faiss.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def close(self, path: Path, compressed: Path | None) -> None:
        """Writes the file, and beside it the codes that make a large one fast where wanted."""
        faiss.write_index(self._faiss, str(path))
        if compressed is not None:
            faiss.write_index(self._compressed(), str(compressed))

    def _compressed(self) -> faiss.IndexPQFastScan:
        """Two dimensions in four bits, scanned in registers (Andre et al., "Quicker ADC", 2019)."""
        stored, rows = self._faiss, int(self._faiss.ntotal)
        coded = faiss.IndexPQFastScan(stored.d, stored.d // 2, 4, faiss.METRIC_INNER_PRODUCT)
        sample = np.linspace(0, rows - 1, _TRAINING_ROWS).astype(np.int64)
        coded.train(stored.reconstruct_batch(sample))
        for start in range(0, rows, _CODED_AT_ONCE):
            count = min(_CODED_AT_ONCE, rows - start)
            coded.add(stored.reconstruct_n(start, count))
        return coded


class PassageVectors:
    """One unit vector per passage, half precision.

    Few are scanned exactly. Many are first scanned as four-bit codes, and what these propose is
    scored exactly. Scores are inner products of unit rows, so cosines: higher is closer.
    """

    def __init__(self, path: Path, compressed: Path) -> None:
        # The vectors are mapped, not read: opening costs the same for ten passages and a million.
        self._faiss = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self._refined = None
        if compressed.exists():
            self._coded = faiss.read_index(str(compressed))
            self._refined = faiss.IndexRefine(self._coded, self._faiss)
            # All that is proposed comes back, in the order of the exact scores.
            self._refining = faiss.IndexRefineSearchParameters(k_factor=1.0)  # type: ignore[call-arg]
        self.dimensions = int(self._faiss.d)

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def search(
        self, query: Floats, k: int, left_out: npt.NDArray[np.bool_] | None
    ) -> tuple[Rows, Floats]:
        """The k nearest rows to one unit query (dim,), best first, without those `left_out`."""
        skipped = 0 if left_out is None else int(np.count_nonzero(left_out))
        k = min(k, len(self) - skipped)
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # One query is one thread's work; a team of threads would wait for each other on a busy
        # machine, 30 ms instead of one. The setting is that of the calling thread.
        faiss.omp_set_num_threads(1)
        # Of few wanted rows too few would be among the proposed: they are scanned by themselves.
        if self._refined is not None and skipped <= len(self) // 2:
            proposed = max(PROPOSED, k)
            scores, rows = self._refined.search(query[None, :], proposed, params=self._refining)
            kept = rows[0] >= 0
            if left_out is not None:
                kept &= ~left_out[rows[0]]
            if kept.sum() >= max(k, proposed // 2):
                return rows[0][kept][:k], scores[0][kept][:k]
        return self._search_exactly(query, k, left_out)

    def _search_exactly(
        self, query: Floats, k: int, left_out: npt.NDArray[np.bool_] | None
    ) -> tuple[Rows, Floats]:
        parameters = None
        if left_out is not None:
            wanted = np.packbits(~left_out, bitorder="little")
            # The wrappers take arrays and keywords, which their type stubs do not say.
            chosen = faiss.IDSelectorBitmap(wanted)  # type: ignore[call-arg, arg-type]
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
