"""Which engine embeds for which model; each is imported only where it is used."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from index.embedder import Embedder

BUNDLED = "bundled"


def open_embedder(
    model: str = BUNDLED, *, batch_size: int = 32, cache: Path | None = None
) -> Embedder:
    """The engine for a model; the same one in a process, however often it is asked for.

    Args:
        model: "bundled", or a sentence-transformers model by name or folder.
        batch_size: texts at a time, where the engine has no better measure of its own.
        cache: folder where the bundled engine keeps its prepared weights; None keeps none.

    Raises:
        EmbedderError: the model or what runs it is missing.
    """
    return _bundled(cache) if model == BUNDLED else _other(model, batch_size)


@lru_cache(maxsize=1)
def _bundled(cache: Path | None) -> Embedder:
    from index.onnx_e5 import OnnxE5

    return OnnxE5(cache=cache)


@lru_cache(maxsize=1)
def _other(model: str, batch_size: int) -> Embedder:
    from index.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model, batch_size=batch_size)
