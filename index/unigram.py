"""The XLM-R tokenizer over a mapped vocabulary: ready in milliseconds, word by word, remembered.

A unigram model: of all ways to cut a word into pieces it takes the likeliest (Kudo 2018,
arXiv:1804.10959), with Viterbi's algorithm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.bundled import Vocabulary
from index.prepared import Arrays

_SPACE = "▁"  # stands for a blank; a piece has it only as its first character
_WORD = re.compile(f"{_SPACE}?[^{_SPACE}]+|{_SPACE}")
_BETWEEN = "\0"  # stands in no piece
_BLANKS = re.compile("  +")
_REMEMBERED_WORDS = 1 << 14
_LONGEST_REMEMBERED = 40
_LONGEST_PIECE = 16  # in characters, in this vocabulary; a longer one would never be looked up
_UNKNOWN_PENALTY = 10.0
_COMMON = 4.0  # -log probability: a comma's is 3.5, that of "the" 5, of a name 11
_LEAST_TELLING = 0.1


class Tokenizer:
    """Cuts texts into the ids of vocabulary pieces. Safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary, table: Arrays | None = None) -> None:
        """`table` is the vocabulary's `letter_table`, computed where it is not given."""
        self._vocabulary = vocabulary
        self._scores = vocabulary.scores.data
        self._unknown_score = float(vocabulary.scores.min()) - _UNKNOWN_PENALTY
        table = letter_table(vocabulary) if table is None else table
        self._by_letter, self._letters = table["pieces.by_letter"], table["pieces.letters"]
        self._text, self._starts = table["pieces.text"].data, table["pieces.starts"]
        self._pieces: dict[str, int] = {}
        self._loaded: set[tuple[str, bool]] = set()
        self._load("", True)
        self._remembered = lru_cache(_REMEMBERED_WORDS)(self._cut)

    def ids(self, text: str) -> list[int]:
        """The pieces of `text`, without the marks for its beginning and end."""
        text = _BLANKS.sub(" ", text.translate(self._vocabulary.replacements))
        text = text.replace(" ", _SPACE)
        if not text.startswith(_SPACE):
            text = _SPACE + text
        found: list[int] = []
        for word in _WORD.findall(text):
            short = len(word) <= _LONGEST_REMEMBERED
            found.extend(self._remembered(word) if short else self._cut(word))
        return found

    def telling(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """How much each piece tells, (n,), of sum 1 where there is any.

        A word tells as much as its rarest piece, in however many it is cut: its -log probability,
        less that of the commonest ones.
        """
        pieces = np.array(ids, np.int64)
        rarity = np.maximum(-self._vocabulary.scores[pieces] - _COMMON, _LEAST_TELLING)
        first = self._vocabulary.starts[pieces].astype(np.int64)
        text, space = self._vocabulary.text, _SPACE.encode()
        begins = np.all([text[first + n] == byte for n, byte in enumerate(space)], axis=0)
        word = np.cumsum(begins)
        highest, total = np.zeros(len(ids) + 1), np.zeros(len(ids) + 1)
        np.maximum.at(highest, word, rarity)
        np.add.at(total, word, rarity)
        shares = rarity * (highest / np.maximum(total, _LEAST_TELLING))[word]
        weights: NDArray[np.float32] = (shares / (shares.sum() or 1.0)).astype(np.float32)
        return weights

    def _cut(self, word: str) -> tuple[int, ...]:
        inside = word.lstrip(_SPACE)
        needed = {(letter, False) for letter in inside}
        if word != inside:
            needed.add((inside[:1], True))
        for letter, begins in needed - self._loaded:
            self._load(letter, begins)
        piece_at, scores, unknown = self._pieces.get, self._scores, self._vocabulary.unknown
        size = len(word)
        best = [0.0] + [-np.inf] * size
        last: list[tuple[int, int]] = [(0, 0)] * (size + 1)  # (start, id) of the piece ending here
        for start in range(size):
            for end in range(start + 1, min(size, start + _LONGEST_PIECE) + 1):
                piece = piece_at(word[start:end])
                if piece is not None and best[start] + scores[piece] > best[end]:
                    best[end], last[end] = best[start] + scores[piece], (start, piece)
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1] = best[start] + self._unknown_score
                last[start + 1] = (start, unknown)
        cut, end = [], size
        while end:
            end, piece = last[end]
            cut.append(piece)
        return tuple(reversed(cut))

    def _load(self, letter: str, begins: bool) -> None:
        """Takes up the pieces that begin with this letter, at a word's beginning or inside it."""
        key = _key(letter) * 2 + begins
        low, high = np.searchsorted(self._letters, [key, key + 1])
        if low == high:  # not to be remembered: Unicode has a million of these
            return
        text = str(self._text[self._starts[low] : self._starts[high] - 1], "utf-8")
        pieces = zip(text.split(_BETWEEN), self._by_letter[low:high].tolist(), strict=True)
        self._pieces.update(pair for pair in pieces if pair[1] != self._vocabulary.unknown)
        self._loaded.add((letter, begins))


def letter_table(vocabulary: Vocabulary) -> Arrays:
    """The pieces in the order of their first letters, and these: two arrays of (n,). In that order
    the texts of all with `_BETWEEN` after each, in UTF-8, and where they begin: (n + 1,)."""
    letters = _first_letters(vocabulary)
    order = np.argsort(letters, kind="stable").astype(np.uint32)
    text, starts = vocabulary.text.tobytes(), vocabulary.starts.tolist()
    pieces = [text[starts[piece] : starts[piece + 1]] for piece in order.tolist()]
    joined = b"".join(piece + _BETWEEN.encode() for piece in pieces)
    ends = np.cumsum([0, *(len(piece) + len(_BETWEEN) for piece in pieces)])
    return {
        "pieces.by_letter": order,
        "pieces.letters": letters[order],
        "pieces.text": np.frombuffer(joined, np.uint8),
        "pieces.starts": ends.astype(np.uint32),
    }


def _key(letter: str) -> int:
    return int.from_bytes(letter.encode().ljust(4, b"\0"), "big")


def _first_letters(vocabulary: Vocabulary) -> NDArray[np.uint64]:
    """Each piece's first character, twice what `_key` gives, plus one after the mark for a blank.

    Returns:
        (n,) uint64.
    """
    starts = vocabulary.starts[:-1].astype(np.int64)
    ends = vocabulary.starts[1:].astype(np.int64)
    text = np.concatenate([vocabulary.text, np.zeros(8, np.uint8)])
    marked = np.ones(len(starts), bool)
    for place, byte in enumerate(_SPACE.encode()):
        marked &= text[starts + place] == byte
    starts += np.where(marked, len(_SPACE.encode()), 0)
    lead = text[starts]
    lengths = 1 + (lead >= 0xC0).astype(np.int64) + (lead >= 0xE0) + (lead >= 0xF0)
    keys = np.zeros(len(starts), np.uint32)
    for place in range(4):
        inside = (place < lengths) & (starts + place < ends)
        keys <<= 8
        keys |= np.where(inside, text[starts + place], 0).astype(np.uint32)
    return keys.astype(np.uint64) * 2 + marked
