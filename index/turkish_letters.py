"""Puts Turkish letters back into a word that was typed without them and stands in no source.

"kaydirabiliyoruz" may be kaydırabiliyoruz or kaydirabiliyoruz. Of all spellings the likeliest is
taken, as in a unigram model (Kudo 2018, arXiv:1804.10959): the pieces that it is made of are those
of the bundled model's tokenizer, with their log probabilities, found by Viterbi's algorithm. That
vocabulary knows a hundred languages; what it does not know is Turkish vowel harmony, so a vowel
that breaks it costs, and a Turkish letter, rarer there than in Turkish, gains.

Of different words in questions, 84 to 89 % become what they were (as typed, 38 to 43 % are).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Made by tools/make_turkish_pieces.py: `keys` without Turkish letters, sorted, after `BEGIN` where
# a piece begins a word; `marked` a bit for each letter that is a Turkish one; `scores`.
PIECES = Path(__file__).with_name("turkish_pieces.npz")
BEGIN = "_"
LONGEST_PIECE = 16
TURKISH_LETTER = dict(zip("cgiosu", "çğıöşü", strict=True))

_LONGEST_WORD = 40
_FRONT_OR_BACK = 4.0
_ROUNDED_OR_NOT = 2.0
_LATE_ROUND = 2.0  # o and ö stand in a first syllable
_GAIN = dict.fromkeys("ğıöşü", 1.0) | {"ç": 1.7}
_FRONT, _ROUND, _VOWELS = frozenset("eiöü"), frozenset("oöuü"), frozenset("aeıioöuü")
# Suffixes whose vowels stay as they are: geliyor, yapabilir, evdeyken, sokaktaki.
_FIXED = re.compile(r"(?<=[iu])yor|(?<=[ae])bil|ken(?=$|di|s|ki)|ki(?=$|l|n)")


def with_turkish_letters(word: str) -> str:
    """The likeliest spelling of a word in small ASCII letters; as it is where no pieces make it."""
    if not 0 < len(word) <= _LONGEST_WORD:
        return word
    fixed = {at for found in _FIXED.finditer(word) for at in range(*found.span())}
    # For each place, by the last vowel before it: what the best spelling so far scores, and is.
    best: list[dict[str, tuple[float, str]]] = [{} for _ in range(len(word) + 1)]
    best[0][""] = 0.0, ""
    for start, end, piece, score in _pieces_of(word):
        for before, (so_far, text) in best[start].items():
            vowel, total = before, so_far + score
            for at, letter in enumerate(piece, start):
                total += _GAIN.get(letter, 0.0)
                if letter in _VOWELS:
                    if vowel and at not in fixed:
                        total -= _disharmony(vowel, letter)
                    vowel = letter
            if vowel not in best[end] or total > best[end][vowel][0]:
                best[end][vowel] = total, text + piece
    return max(best[-1].values(), default=(0.0, word))[1]


def _disharmony(before: str, vowel: str) -> float:
    cost = _FRONT_OR_BACK * ((before in _FRONT) != (vowel in _FRONT))
    if vowel in "oö":
        return cost + _LATE_ROUND
    high = vowel not in "ae"
    return cost + _ROUNDED_OR_NOT * (high and (before in _ROUND) != (vowel in _ROUND))


def _pieces_of(word: str) -> list[tuple[int, int, str, float]]:
    """Every piece that part of a word may be, by where it begins: its begin and end, spelling and
    log probability."""
    keys, marked, scores = _table()
    spans = [
        (start, end)
        for start in range(len(word))
        for end in range(start + 1, min(len(word), start + LONGEST_PIECE) + 1)
    ]
    wanted = np.array([(BEGIN * (not s) + word[s:e]).encode() for s, e in spans], keys.dtype)
    low, high = (np.searchsorted(keys, wanted, side).tolist() for side in ("left", "right"))
    return [
        (start, end, _spelled(word[start:end], int(marked[row])), float(scores[row]))
        for (start, end), first, last in zip(spans, low, high, strict=True)
        for row in range(first, last)
    ]


def _spelled(key: str, marked: int) -> str:
    return "".join(
        TURKISH_LETTER[letter] if marked >> at & 1 else letter for at, letter in enumerate(key)
    )


@cache
def _table() -> tuple[npt.NDArray[np.bytes_], npt.NDArray[np.uint16], npt.NDArray[np.float16]]:
    with np.load(PIECES) as kept:
        return kept["keys"], kept["marked"], kept["scores"]
