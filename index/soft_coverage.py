"""How much of a question each sentence of a passage covers, what was said before it included.

A passage names its subject once and goes on about it: "Boz geyik vadilerde yaşar. Böğürtüsü üç
kilometre öteden duyulur." Asked how far a deer is heard, the first sentence shares the name and
the second answers. So what an earlier sentence covers, a later one is taken to speak of too, if a
little less:

    C(s) = sum_i w_i max(c_i(s), .8 max_{t before s} c_i(t))

with c_i(s) how well a piece i of the question is met in s (`Tokens.met_by`), and w_i what that
piece tells (index/unigram.py), of sum 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.embedder import Tokens
from index.vectors import Floats

Numbers = npt.NDArray[np.floating]

CARRIED = 0.8


def soft_coverage(asked: Tokens, sentences: Sequence[Floats]) -> Numbers:
    """(sentences,) the share of the question that each covers; (m, dim) their states in order."""
    return carried(asked.met_by(sentences)) @ asked.weights


def carried(met: npt.NDArray[np.generic]) -> Numbers:
    """(sentences, n) how well each of n things is met in a sentence or before it."""
    found = met.astype(np.float64)
    before = np.maximum.accumulate(found, axis=0)[:-1]
    found[1:] = np.maximum(found[1:], CARRIED * before)
    return found
