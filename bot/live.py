"""Turns settings into live objects: the store, the embedder, the answerer, a build."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bot.settings import Settings
from index.errors import TuningError
from index.manifest import Model
from index.store import Store

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from index.answerer import Answerer
    from index.build import BuildReport, Progress
    from index.embedder import Embedder
    from index.reranker import Reranker
    from index.tuning import Tuning


def open_store(settings: Settings) -> Store:
    """The index folder that the settings name."""
    return Store(settings.index_dir)


def open_embedder(
    settings: Settings,
    purpose: Literal["one-shot", "serving", "bulk"],
    expected_texts: int | None = None,
) -> Embedder:
    """The engine for the model that the settings name."""
    from index import embedder

    return embedder.open_embedder(
        settings.embedding_model,
        purpose=purpose,
        expected_texts=expected_texts,
        batch_size=settings.embedding_batch_size,
    )


def open_answerer(settings: Settings, purpose: Literal["one-shot", "serving"]) -> Answerer:
    """The answerer over the published index.

    Raises:
        StoreError, EmbedderError: there is no index that can be used, or no model for it.
    """
    from index.answerer import Answerer
    from index.quotes import Seeds

    store = open_store(settings)
    return Answerer(
        store,
        Seeds(settings.seeds_dir, settings.max_seed_bytes, store.texts),
        open_embedder(settings, purpose),
        caution=settings.caution.value,
        language=settings.language,
        remembered=settings.remembered_questions,
        reranker=open_reranker(settings),
        tuning=lambda model: tuning_for(settings, model),
    )


def open_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, None where they name none."""
    if not settings.reranker_model:
        return None
    return _opened_reranker(settings.reranker_model, settings.reranker_candidates)


@lru_cache(maxsize=1)
def _opened_reranker(model: str, candidates: int) -> Reranker:
    from index.reranker import CrossEncoderReranker

    return CrossEncoderReranker(model, candidates=candidates)


def tuning_for(settings: Settings, model: Model) -> Tuning:
    """What `danis tune` kept for this model; the shipped one where it kept nothing readable."""
    from index.tuning import SHIPPED, read_tuning

    try:
        return read_tuning(settings.index_dir, model) or SHIPPED
    except TuningError as error:
        logger.warning("%s", error.text(settings.language))
        return SHIPPED


def build_index(
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> BuildReport:
    """Brings the index up to date with the seeds folder."""
    from index.build import build
    from index.calibrate import calibrate

    def bulk(expected_texts: int) -> Embedder:
        return open_embedder(settings, "bulk", expected_texts)

    return build(
        settings.seeds_dir,
        open_store(settings),
        model_of(open_embedder(settings, "one-shot")),
        bulk,
        max_seed_bytes=settings.max_seed_bytes,
        rebuild=rebuild,
        calibrate=calibrate,
        progress=progress,
    )


def model_of(embedder: Embedder) -> Model:
    """What an index remembers of the embedder that made it."""
    return Model(embedder.name, embedder.revision, embedder.dimensions)
