"""Rows of different lengths kept one after the other, with the offset where each begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


def starts_of(counts: list[int]) -> Rows:
    """(len(counts) + 1,) offsets: row i lies at starts[i] to starts[i + 1]."""
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)


def gather(starts: npt.NDArray[np.int64], rows: Rows) -> tuple[Rows, Rows]:
    """The flat positions of all elements of `rows`, row after row, and each row's length."""
    begins = np.asarray(starts[rows])
    counts = np.asarray(starts[rows + 1]) - begins
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(begins - ends + counts, counts), counts


def map_file(path: Path, dtype: str, columns: int | None = None) -> npt.NDArray[Any]:
    """A raw file's numbers as an array, mapped from disk: (n,) or (n, columns)."""
    if path.stat().st_size == 0:  # an empty file cannot be mapped
        return np.empty(0 if columns is None else (0, columns), dtype)
    flat: npt.NDArray[Any] = np.memmap(path, dtype=dtype, mode="r")
    return flat if columns is None else flat.reshape(-1, columns)
