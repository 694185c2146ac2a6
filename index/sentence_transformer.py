"""Any sentence-transformers model, from a folder or from the local model cache."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embedder import clean
from index.errors import EmbedderError
from index.local_models import (
    local_model,
    not_loadable,
    revision_of,
    without_progress_bars,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCHES_AT_ONCE = 8
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("passage", "document", "corpus")
_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])(?!.*instruct)")


class SentenceTransformerEmbedder:
    """A sentence-transformers model with the prompts it was trained with.

    Nothing is fetched, and code that comes with a model is never run. Safe to share between
    threads; one text list is computed at a time.

    Raises:
        EmbedderError: sentence-transformers is not installed, or the model is not on this machine
            or cannot be loaded.
    """

    def __init__(self, model: str, *, batch_size: int = 32) -> None:
        folder = local_model(model, "EMBEDDING_MODEL")
        self.name = model
        self._model = _load(model, folder)
        self.revision = revision_of(folder)
        self._query_prompt, self._passage_prompt = prompts_of(model, self._model.prompts)
        self._batch_size = batch_size
        self._lock = Lock()
        self.dimensions = self._encode([""], "").shape[1]

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""
        return self._encode([text], self._query_prompt)[0]

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        size = self._batch_size * _BATCHES_AT_ONCE
        for start in range(0, len(texts), size):
            some = order[start : start + size]
            rows[some] = self._encode([texts[row] for row in some], self._passage_prompt)
            if progress:
                progress(start + len(some), len(texts))
        return rows

    def _encode(self, texts: list[str], prompt: str) -> NDArray[np.float32]:
        with self._lock:  # its tokenizer changes its own settings while it works
            rows = self._model.encode(
                [clean(text) for text in texts],
                prompt=prompt,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        if not np.isfinite(rows).all():
            raise EmbedderError(
                f"{self.name} modeli sayı olmayan vektörler verdi: başka bir model seçin ya da "
                "EMBEDDING_MODEL=bundled yapın.",
                f"The model {self.name} gave vectors that are not numbers: choose another one or "
                "set EMBEDDING_MODEL=bundled.",
            )
        return np.asarray(rows, np.float32)


def prompts_of(name: str, own: Mapping[str, str | None]) -> tuple[str, str]:
    """What stands before a question and before a passage: the model's own prompts; where it has
    none, E5's for that family (Wang et al. 2022, arXiv:2212.03533), else nothing."""
    query = next(filter(None, map(own.get, _QUERY_PROMPTS)), "")
    passage = next(filter(None, map(own.get, _PASSAGE_PROMPTS)), "")
    if not query and not passage and _E5.search(Path(name).name.lower()):
        return "query: ", "passage: "
    return query, passage


def _load(model: str, folder: Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    without_progress_bars()
    try:
        return SentenceTransformer(str(folder), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # whatever a foreign folder makes its loaders raise
        raise not_loadable(model, "EMBEDDING_MODEL", error) from error
