"""Writes index/turkish_pieces.npz: the word pieces that Turkish words may be made of.

    python tools/make_turkish_pieces.py

Those of the bundled model's tokenizer in small Turkish letters, with their log probabilities. To be
run when the model has changed; a test compares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.bundled import Vocabulary, model_file
from index.text import ascii_fold
from index.turkish_letters import BEGIN, LONGEST_PIECE, PIECES

_ALPHABET = frozenset("abcçdefgğhıijklmnoöprsştuüvyz")
_SPACE = "▁"


def turkish_pieces(vocabulary: Vocabulary) -> dict[str, NDArray[np.generic]]:
    """The arrays of `index.turkish_letters.PIECES`."""
    text, starts = vocabulary.text.tobytes(), vocabulary.starts.tolist()
    rows = []
    for piece, score in enumerate(vocabulary.scores.tolist()):
        whole = text[starts[piece] : starts[piece + 1]].decode("utf-8", "replace")
        letters = whole.removeprefix(_SPACE)
        if 0 < len(letters) <= LONGEST_PIECE and _ALPHABET.issuperset(letters):
            key = ascii_fold(letters)
            pairs = enumerate(zip(letters, key, strict=True))
            marked = sum(1 << at for at, (letter, plain) in pairs if letter != plain)
            rows.append(((BEGIN * (whole != letters) + key).encode(), marked, score))
    rows.sort()
    keys, marks, scores = zip(*rows, strict=True)
    return {
        "keys": np.array(keys),
        "marked": np.array(marks, np.uint16),
        "scores": np.array(scores, np.float16),
    }


if __name__ == "__main__":
    np.savez_compressed(PIECES, **turkish_pieces(model_file().vocabulary))
