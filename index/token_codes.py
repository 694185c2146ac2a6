"""The states of a text's pieces, kept in two bits for each of their dimensions.

A state is a direction whose dimensions are alike: near normal, of equal spread. So one of four
levels, a standard deviation apart, says of each nearly all that matters (docs/retrieval.md).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.vectors import Floats

Codes = npt.NDArray[np.uint8]

DIMENSIONS_PER_BYTE = 4

_SHIFTS = np.arange(DIMENSIONS_PER_BYTE, dtype=np.uint8) * np.uint8(2)
_LEVELS = ((np.arange(256)[:, None] >> _SHIFTS) % 4 - 1.5).astype(np.float32)


def pack(states: Floats) -> Codes:
    """Codes (n, dim / 4) of states (n, dim) of length 1; dim is a multiple of four."""
    n, dimensions = states.shape
    deviations = states * np.float32(np.sqrt(dimensions))
    levels = (np.floor(deviations).clip(-2, 1) + 2).astype(np.uint8)
    shape = (n, dimensions // DIMENSIONS_PER_BYTE, DIMENSIONS_PER_BYTE)
    return np.asarray((levels.reshape(shape) << _SHIFTS).sum(axis=2, dtype=np.uint8))


def unpack(codes: Codes) -> Floats:
    """The states (n, dim) float32 of length 1 that were packed, closely."""
    states = _LEVELS[codes].reshape(len(codes), DIMENSIONS_PER_BYTE * codes.shape[1])
    return np.asarray(states / np.linalg.norm(states, axis=1, keepdims=True))
