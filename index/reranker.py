"""Puts the first candidates into the order of a cross-encoder, which reads question and passage
together: better than vectors where it is good, and a hundred times slower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedder import clean
from index.errors import EmbedderError
from index.local_models import local_model, not_loadable, without_progress_bars
from index.opened import OpenedIndex
from index.retriever import Ranking

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

CANDIDATES = 20


class Reranker(Protocol):
    """A model that says how well passages answer a question; safe for threads."""

    @property
    def candidates(self) -> int:
        """How many passages it is asked about."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n,) float32: higher for better; the numbers mean nothing between questions."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder, from a folder or from the local model cache.

    Nothing is fetched, and code that comes with a model is never run.

    Raises:
        EmbedderError: sentence-transformers is not installed, the model is not on this machine,
            cannot be loaded, or gives something other than one score a pair.
    """

    def __init__(self, model: str, *, candidates: int = CANDIDATES, batch_size: int = 16) -> None:
        self.name = model
        self.candidates = candidates
        self._batch_size = batch_size
        self._model = _load(model, local_model(model, "RERANKER_MODEL"))
        self._lock = Lock()  # its tokenizer changes its own settings while it works
        self.scores("", [""])  # what is no reranker is told at once

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n,) float32: higher for better."""
        if not texts:
            return np.empty(0, np.float32)
        pairs = [(clean(question), clean(text)) for text in texts]
        with self._lock:
            found = self._model.predict(
                pairs,
                batch_size=self._batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        scores = np.asarray(found, np.float32)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise EmbedderError(
                f"{self.name} bir sıralama modeli değil (her soru ve parça için tek bir sayı "
                "vermeli): RERANKER_MODEL için bir cross-encoder seçin ya da ayarı boşaltın.",
                f"{self.name} is no reranker (it should give one number for each question and "
                "passage): choose a cross-encoder as RERANKER_MODEL or leave it empty.",
            )
        return scores


def reranked(reranker: Reranker, question: str, ranking: Ranking, index: OpenedIndex) -> Ranking:
    """The ranking with its first passages in the reranker's order.

    The scores stay where they were and the passages change places under them: what the confidence
    reads from the list keeps its meaning, what it reads from the first passage is that passage's.
    """
    count = min(reranker.candidates, len(ranking.hits))
    rows = np.array([hit.row for hit in ranking.hits[:count]], np.int64)
    records = index.passages(rows)
    scores = reranker.scores(
        question,
        [". ".join(filter(None, (r.document.title, *r.headings, r.text))) for r in records],
    )
    order = np.argsort(-scores, kind="stable").tolist()
    moved = [
        replace(ranking.hits[place], score=standing.score)
        for place, standing in zip(order, ranking.hits, strict=False)
    ]
    matches = ranking.matches[[*order, *range(count, len(ranking.hits))]]
    return replace(ranking, hits=(*moved, *ranking.hits[count:]), matches=matches)


def _load(model: str, folder: Path) -> CrossEncoder:
    from sentence_transformers import CrossEncoder

    without_progress_bars()
    try:
        return CrossEncoder(str(folder), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # whatever a foreign folder makes its loaders raise
        raise not_loadable(model, "RERANKER_MODEL", error) from error
