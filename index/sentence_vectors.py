"""Every passage's sentence vectors: eight bits a dimension, four in a large segment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.ragged import gather, map_file, starts_of
from index.vectors import Floats

Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Coding:
    """How the difference between a sentence and its passage is kept.

    A sentence lies near its passage, so the difference is small and near normal. It is divided by a
    scale of its own and rounded to 2 ** bits levels, which span `reach` standard deviations.
    """

    bits: int
    reach: float
    middle: float  # the level of zero

    def width(self, dimensions: int) -> int:
        """Bytes of one sentence's codes."""
        return (dimensions * self.bits + 7) // 8

    def encode(self, rest: Floats) -> tuple[Codes, Floats]:
        """Codes (n, width) and scales (n,) of differences (n, dim)."""
        half = 2 ** (self.bits - 1)
        scales = self.reach / half * np.sqrt(np.square(rest).mean(axis=1)) + 1e-9
        levels = np.rint(rest / scales[:, None] + self.middle).clip(0, 2 * half - 1)
        return self.packed(levels.astype(np.uint8)), scales.astype(np.float32)

    def decode(self, codes: Codes, scales: Floats, dimensions: int) -> Floats:
        """The differences (n, dim) float32 that were encoded, closely."""
        levels = self.unpacked(codes)[:, :dimensions].astype(np.float32)
        return (levels - np.float32(self.middle)) * scales[:, None]

    def packed(self, levels: Codes) -> Codes:
        """Two levels of four bits in a byte: the first half of the dimensions in the low bits."""
        if self.bits == 8:
            return levels
        if levels.shape[1] % 2:
            levels = np.pad(levels, ((0, 0), (0, 1)))
        low, high = np.split(levels, 2, axis=1)
        return low + high * np.uint8(16)

    def unpacked(self, codes: Codes) -> Codes:
        """The levels, one in a byte; the last is padding where the dimensions are odd."""
        return codes if self.bits == 8 else np.hstack([codes % np.uint8(16), codes // np.uint8(16)])


# Reach: least error for a normal spread. FINE has every value of COMPACT among its own (`widened`).
FINE = Coding(8, 4.0, 128)
COMPACT = Coding(4, 2.6, 7.5)


def encode(sentences: Floats, passage: Floats) -> tuple[Codes, Floats]:
    """FINE codes and scales of one passage's sentences (n, dim)."""
    return FINE.encode(sentences - passage)


def decode(codes: Codes, scales: Floats, passage: Floats) -> Floats:
    """The sentences (n, dim) float32 of one passage that `encode` was given, closely."""
    return FINE.decode(codes, scales, len(passage)) + passage


def widened(codes: Codes, scales: Floats, dimensions: int) -> tuple[Codes, Floats]:
    """COMPACT codes and scales as FINE ones of exactly the same values."""
    levels = COMPACT.unpacked(codes)[:, :dimensions]
    return levels * np.uint8(16) + np.uint8(8), scales / np.float32(16)


def narrowed(codes: Codes, scales: Floats) -> tuple[Codes, Floats]:
    """FINE codes and scales as COMPACT ones; what `widened` gave becomes what it was."""
    narrow, narrow_scales = COMPACT.encode(FINE.decode(codes, scales, codes.shape[1]))
    before = (codes % 16 == 8).all(axis=1)
    narrow[before] = COMPACT.packed(codes[before] // np.uint8(16))
    narrow_scales[before] = scales[before] * np.float32(16)
    return narrow, narrow_scales


@dataclass(frozen=True, slots=True)
class SentenceFiles:
    """Where a segment keeps its sentence vectors: `fine` codes, or `compact` ones."""

    fine: Path
    compact: Path
    scales: Path
    starts: Path


class SentenceVectorsWriter:
    """Writes FINE codes passage after passage; closing may make them compact."""

    def __init__(self, files: SentenceFiles) -> None:
        self._files = files
        self._codes = open(files.fine, "wb")  # noqa: SIM115
        self._scales = open(files.scales, "wb")  # noqa: SIM115
        self._counts: list[int] = []

    def add(self, codes: Codes, scales: Floats) -> None:
        """The next passage's sentences."""
        self._codes.write(codes.tobytes())
        self._scales.write(scales.astype("<f4").tobytes())
        self._counts.append(len(scales))

    def abandon(self) -> None:
        """Closes the files of a segment that will not be finished."""
        self._codes.close()
        self._scales.close()

    def close(self, dimensions: int, *, compact: bool) -> None:
        """Finishes the files."""
        self.abandon()
        starts_of(self._counts).astype("<i8").tofile(self._files.starts)
        if compact:
            self._compact(dimensions)

    def _compact(self, dimensions: int) -> None:
        fine = map_file(self._files.fine, "uint8", FINE.width(dimensions))
        scales = np.fromfile(self._files.scales, "<f4")
        with open(self._files.compact, "wb") as file:
            for start in range(0, len(scales), _AT_ONCE):
                some = slice(start, start + _AT_ONCE)
                codes, scales[some] = narrowed(np.asarray(fine[some]), scales[some])
                file.write(codes.tobytes())
        scales.tofile(self._files.scales)
        self._files.fine.unlink()


class SentenceVectors:
    """Every passage's sentence vectors, mapped from disk.

    Scores from FINE codes differ from the exact ones by about 0.0003, from COMPACT ones by 0.0025
    (docs/performance.md says what that costs).
    """

    def __init__(self, files: SentenceFiles, dimensions: int) -> None:
        self._coding, path = (
            (COMPACT, files.compact) if files.compact.exists() else (FINE, files.fine)
        )
        self._codes = map_file(path, "uint8", self._coding.width(dimensions))
        self._scales = map_file(files.scales, "<f4")  # (sentences,)
        self._starts = map_file(files.starts, "<i8")  # (passages + 1,)
        self._dimensions = dimensions

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
        rest = self._coding.decode(self._codes[flat], self._scales[flat], self._dimensions)
        products: Floats = rest @ vectors.T
        return products + np.repeat(passages, counts, axis=0), counts

    def span(self, row: int) -> slice:
        """Which of all sentences are those of one passage."""
        return slice(int(self._starts[row]), int(self._starts[row + 1]))

    def stored(self, row: int) -> tuple[Codes, Floats]:
        """FINE codes and scales of one passage's sentences."""
        span = self.span(row)
        codes, scales = np.asarray(self._codes[span]), np.asarray(self._scales[span])
        if self._coding is FINE:
            return codes, scales
        return widened(codes, scales, self._dimensions)
