"""Vectors embedded by a build that has not been published yet, so that a killed one can resume."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from types import TracebackType

import numpy as np

from index.manifest import FORMAT, Model
from index.segment import PassageVectorsOf
from index.sentence_vectors import FINE

CONTENT_BYTES = 16
_HEAD = struct.Struct("<16sHI")  # content hash, sentences, CRC-32 of the payload


class Journal:
    """An append-only file of vectors by content hash; a record torn by a kill ends it."""

    def __init__(self, folder: Path, model: Model) -> None:
        identity = f"{model.name}\0{model.revision}\0{model.dimensions}\0{FORMAT}".encode()
        self._path = folder / f"{zlib.crc32(identity):08x}.vectors"
        self._dimensions = model.dimensions
        self._width = FINE.width(model.dimensions)
        self._places: dict[bytes, tuple[int, int]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._file = open(self._path, "ab+")  # noqa: SIM115
        self._read_places()

    def _payload_bytes(self, sentences: int) -> int:
        return self._dimensions * 4 + sentences * (self._width + 4)

    def _read_places(self) -> None:
        self._file.seek(0)
        end = 0
        while len(head := self._file.read(_HEAD.size)) == _HEAD.size:
            content, sentences, crc = _HEAD.unpack(head)
            payload = self._file.read(self._payload_bytes(sentences))
            if len(payload) < self._payload_bytes(sentences) or zlib.crc32(payload) != crc:
                break
            self._places[content] = (end + _HEAD.size, sentences)
            end += _HEAD.size + len(payload)
        self._file.truncate(end)

    def __len__(self) -> int:
        return len(self._places)

    def get(self, content: bytes) -> PassageVectorsOf | None:
        """The vectors of this content, None where they are not in the journal."""
        if content not in self._places:
            return None
        at, sentences = self._places[content]
        self._file.seek(at)
        payload = self._file.read(self._payload_bytes(sentences))
        split = self._dimensions * 4
        codes_end = split + sentences * self._width
        return PassageVectorsOf(
            np.frombuffer(payload[:split], "<f4"),
            np.frombuffer(payload[split:codes_end], "uint8").reshape(sentences, self._width),
            np.frombuffer(payload[codes_end:], "<f4"),
        )

    def put(self, content: bytes, vectors: PassageVectorsOf) -> None:
        """Appends the vectors of this content."""
        payload = (
            vectors.passage.astype("<f4").tobytes()
            + vectors.sentence_codes.tobytes()
            + vectors.sentence_scales.astype("<f4").tobytes()
        )
        sentences = len(vectors.sentence_scales)
        self._file.seek(0, 2)
        at = self._file.tell() + _HEAD.size
        self._file.write(_HEAD.pack(content, sentences, zlib.crc32(payload)) + payload)
        self._places[content] = (at, sentences)

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
