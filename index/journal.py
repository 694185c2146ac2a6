"""Vectors embedded by a build that has not been published yet, so that a killed one can resume."""

from __future__ import annotations

import struct
import zlib
from dataclasses import astuple, dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from index.manifest import Model
from index.segment import PassageVectorsOf
from index.sentence_vectors import FINE
from index.token_codes import Codes

CONTENT_BYTES = 16
LAYOUT = 2
# content hash, sentences, pieces of all sentences, bytes of a piece's codes, CRC-32 of the payload
_HEAD = struct.Struct("<16sHIHI")


@dataclass(frozen=True, slots=True)
class _Shape:
    """How large a passage's vectors are: `width` is that of the codes of a piece, in bytes."""

    sentences: int
    pieces: int
    width: int


class Journal:
    """An append-only file of vectors by content hash; a record torn by a kill ends it."""

    def __init__(self, folder: Path, model: Model) -> None:
        identity = f"{model.name}\0{model.revision}\0{model.dimensions}\0{LAYOUT}".encode()
        self._path = folder / f"{zlib.crc32(identity):08x}.vectors"
        self._dimensions = model.dimensions
        self._width = FINE.width(model.dimensions)
        self._places: dict[bytes, tuple[int, _Shape]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._file = open(self._path, "ab+")  # noqa: SIM115
        self._read_places()

    def _parts(self, shape: _Shape) -> list[int]:
        """Bytes of vector, sentence codes, scales, counts of pieces, and pieces' codes."""
        sentences = shape.sentences
        counts = 2 * sentences if shape.pieces else 0
        pieces = shape.pieces * shape.width
        return [self._dimensions * 4, sentences * self._width, sentences * 4, counts, pieces]

    def _read_places(self) -> None:
        self._file.seek(0)
        end = 0
        while len(head := self._file.read(_HEAD.size)) == _HEAD.size:
            content, *numbers, crc = _HEAD.unpack(head)
            shape = _Shape(*numbers)
            size = sum(self._parts(shape))
            payload = self._file.read(size)
            if len(payload) < size or zlib.crc32(payload) != crc:
                break
            self._places[content] = (end + _HEAD.size, shape)
            end += _HEAD.size + len(payload)
        self._file.truncate(end)

    def __len__(self) -> int:
        return len(self._places)

    def get(self, content: bytes) -> PassageVectorsOf | None:
        """The vectors of this content, None where they are not in the journal."""
        if content not in self._places:
            return None
        at, shape = self._places[content]
        self._file.seek(at)
        own, codes, scales, counts, pieces = (self._file.read(size) for size in self._parts(shape))
        tokens: tuple[Codes, ...] = ()
        if shape.pieces:
            ends = np.cumsum(np.frombuffer(counts, "<u2"), dtype=np.int64)
            whole = np.frombuffer(pieces, "uint8").reshape(shape.pieces, shape.width)
            tokens = tuple(np.split(whole, ends[:-1]))
        return PassageVectorsOf(
            np.frombuffer(own, "<f4"),
            np.frombuffer(codes, "uint8").reshape(shape.sentences, self._width),
            np.frombuffer(scales, "<f4"),
            tokens,
        )

    def put(self, content: bytes, vectors: PassageVectorsOf) -> None:
        """Appends the vectors of this content."""
        payload = (
            vectors.passage.astype("<f4").tobytes()
            + vectors.sentence_codes.tobytes()
            + vectors.sentence_scales.astype("<f4").tobytes()
        )
        pieces = np.array([len(codes) for codes in vectors.tokens], "<u2")
        width = vectors.tokens[0].shape[1] if vectors.tokens else 0
        shape = _Shape(len(vectors.sentence_scales), int(pieces.sum()), width)
        if shape.pieces:
            payload += pieces.tobytes() + b"".join(codes.tobytes() for codes in vectors.tokens)
        self._file.seek(0, 2)
        at = self._file.tell() + _HEAD.size
        head = _HEAD.pack(content, *astuple(shape), zlib.crc32(payload))
        self._file.write(head + payload)
        self._places[content] = (at, shape)

    def flush(self) -> None:
        """Hands what was put to the system, so that it outlives this process."""
        self._file.flush()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the file, and removes it where the build that used it was published."""
        self._file.close()
        if kind is None:
            self._path.unlink(missing_ok=True)
