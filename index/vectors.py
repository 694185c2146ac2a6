"""The dense leg: passage vectors searched by FAISS, sentence vectors kept compactly beside them."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.ragged import gather, map_file

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]

# From so many passages on, four-bit codes of half the size of a sentence propose candidates.
COMPRESSED_FROM = 30_000
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

    def close(self, path: Path, compressed: Path) -> None:
        """Writes the file, and beside it the codes that make a large one fast."""
        faiss.write_index(self._faiss, str(path))
        if self._faiss.ntotal >= COMPRESSED_FROM:
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


class SentenceVectors:
    """Every passage's sentence vectors, mapped from disk.

    A sentence lies near its passage, so only the difference is kept: four bits a dimension and one
    scale, an eighth of float32. Scores differ from the exact ones by about 0.0025, which moves no
    passage of a test set (docs/performance.md).
    """

    LEVELS = 16
    MIDDLE = 7.5
    _REACH = 2.6  # standard deviations that the levels span; least error for a normal spread

    def __init__(self, codes: Path, scales: Path, starts: Path, dimensions: int) -> None:
        self._codes = map_file(codes, "uint8", self.width(dimensions))
        self._scales = map_file(scales, "<f4")  # (sentences,)
        self._starts = map_file(starts, "<i8")  # (passages + 1,)
        self._dimensions = dimensions

    @staticmethod
    def width(dimensions: int) -> int:
        """Bytes of one sentence's codes."""
        return (dimensions + 1) // 2

    @classmethod
    def encode(cls, sentences: Floats, passage: Floats) -> tuple[Codes, Floats]:
        """Codes (n, width) and scales (n,) of one passage's sentences (n, dim)."""
        rest = sentences - passage
        half = cls.LEVELS // 2
        scales = cls._REACH / half * np.sqrt(np.square(rest).mean(axis=1)) + 1e-9
        levels = np.clip(np.floor(rest / scales[:, None]) + half, 0, cls.LEVELS - 1)
        if levels.shape[1] % 2:
            levels = np.pad(levels, ((0, 0), (0, 1)))
        low, high = np.split(levels.astype(np.uint8), 2, axis=1)
        return low | high << 4, scales.astype(np.float32)

    @classmethod
    def decode(cls, codes: Codes, scales: Floats, passage: Floats) -> Floats:
        """The vectors (n, dim) float32 that were encoded, closely."""
        levels = np.hstack([codes & 15, codes >> 4])[:, : len(passage)]
        decoded: Floats = (levels - np.float32(cls.MIDDLE)) * scales[:, None] + passage
        return decoded

    def __len__(self) -> int:
        return len(self._scales)

    def products(self, vectors: Floats, rows: Rows, passages: Floats) -> tuple[Floats, Rows]:
        """Products of each sentence of the passages `rows` with `vectors` (m, dim).

        Args:
            passages: (len(rows), m), the products of the passages themselves.

        Returns:
            (sentences, m) float32, passage after passage, and the sentences of each passage.
        """
        flat, counts = gather(self._starts, rows)
        codes = self._codes[flat]
        half = codes.shape[1]
        beyond = np.zeros((len(vectors), 2 * half - self._dimensions), np.float32)
        padded = np.hstack([vectors, beyond])
        products = (codes & 15).astype(np.float32) @ padded[:, :half].T
        products += (codes >> 4).astype(np.float32) @ padded[:, half:].T
        products -= np.float32(self.MIDDLE) * vectors.sum(axis=1)
        products *= self._scales[flat][:, None]
        return products + np.repeat(passages, counts, axis=0), counts

    def stored(self, row: int) -> tuple[Codes, Floats]:
        """Codes and scales of one passage's sentences."""
        span = slice(int(self._starts[row]), int(self._starts[row + 1]))
        return np.asarray(self._codes[span]), np.asarray(self._scales[span])
