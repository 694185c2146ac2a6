"""How the model read every passage's sentences, piece by piece, where that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.ragged import map_file, starts_of
from index.token_codes import Codes


@dataclass(frozen=True, slots=True)
class TokenFiles:
    """Where a segment keeps them: `codes` of all pieces, `starts` of each sentence's."""

    codes: Path
    starts: Path


class SentenceTokensWriter:
    """Writes the codes of passage after passage."""

    def __init__(self, files: TokenFiles) -> None:
        self._files = files
        self._codes = open(files.codes, "wb")  # noqa: SIM115
        self._counts: list[int] = []

    def add(self, tokens: Sequence[Codes], sentences: int) -> None:
        """The next passage's sentences, of whose pieces nothing may be known."""
        for codes in tokens:
            self._codes.write(codes.tobytes())
        self._counts += map(len, tokens) if tokens else [0] * sentences

    def abandon(self) -> None:
        """Closes the file of a segment that will not be finished."""
        self._codes.close()

    def close(self, *, keep: bool) -> None:
        """Finishes the files, or removes them."""
        self.abandon()
        if keep and any(self._counts):
            starts_of(self._counts).astype("<i8").tofile(self._files.starts)
        else:
            self._files.codes.unlink()


class SentenceTokens:
    """The codes, mapped from disk."""

    def __init__(self, files: TokenFiles) -> None:
        self._kept = files.codes.exists()
        if self._kept:
            self._starts = map_file(files.starts, "<i8")  # (sentences + 1,)
            width = files.codes.stat().st_size // int(self._starts[-1])
            self._codes = map_file(files.codes, "uint8", width)

    def of(self, sentences: slice) -> tuple[Codes, ...]:
        """The codes of one passage's sentences, (pieces, width) each; none where none are kept."""
        if not self._kept:
            return ()
        starts = np.asarray(self._starts[sentences.start : sentences.stop + 1])
        if starts[0] == starts[-1]:
            return ()
        codes = np.asarray(self._codes[starts[0] : starts[-1]])
        return tuple(np.split(codes, starts[1:-1] - starts[0]))
