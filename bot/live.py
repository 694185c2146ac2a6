"""Turns settings into live objects: the store, the embedder, the answerer, a build, the state."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from bot.settings import Settings
from index.errors import TuningError

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from bot.state import State
    from index.answerer import Answerer
    from index.build import BuildReport, Progress
    from index.embedder import Embedder
    from index.manifest import Manifest, Model
    from index.milvus.layout import EngineOptions
    from index.milvus.publish import PublishReport
    from index.milvus.states import MilvusStates
    from index.opened import PublishedStates
    from index.reranker import Reranker
    from index.store import Store
    from index.tuning import Tuning


def open_store(settings: Settings) -> Store:
    """The index folder that the settings name."""
    from index.store import Store

    return Store(settings.index_dir)


def open_server(settings: Settings) -> MilvusStates | None:
    """The server that the settings name, None where they name none."""
    return server_at(settings, settings.index_uri) if settings.index_uri else None


def server_at(settings: Settings, uri: str) -> MilvusStates:
    """The server at an address, with the token and the certificate of the settings.

    Raises:
        SettingsError: it is no address of a server.
    """
    from index.milvus.connection import Address
    from index.milvus.states import MilvusStates

    token = settings.index_token.get_secret_value()
    return MilvusStates(Address(uri, token, settings.index_tls_ca))


def open_states(settings: Settings) -> PublishedStates:
    """Where the index that answers is published: on the server, or else in the folder."""
    return open_server(settings) or open_store(settings)


def manifest_of(settings: Settings) -> Manifest:
    """What the published index was published with."""
    server = open_server(settings)
    return server.open().manifest if server is not None else open_store(settings).manifest()


def open_embedder(settings: Settings) -> Embedder:
    """The engine for the model that the settings name."""
    from index import engines

    return engines.open_embedder(
        settings.embedding_model,
        batch_size=settings.embedding_batch_size,
        cache=settings.cache_dir,
    )


def open_early(settings: Settings) -> None:
    """Lets the bundled engine open in the background while everything else is imported."""
    from index import engines

    if settings.embedding_model == engines.BUNDLED:
        open_embedder(settings)


def open_answerer(settings: Settings) -> Answerer:
    """The answerer over the published index.

    Raises:
        StoreError, EmbedderError: there is no index that can be used, or no model for it.
    """
    from index.answerer import Answerer
    from index.quotes import Seeds

    store = open_store(settings)
    return Answerer(
        open_server(settings) or store,
        Seeds(settings.seeds_dir, settings.max_seed_bytes, store.texts),
        open_embedder(settings),
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


def open_state(settings: Settings) -> State:
    """What the bot remembers, in the database that the settings name.

    Raises:
        SettingsError, StateError: the database cannot be used, opened or reached.
    """
    from bot import state

    return state.open_state(settings.state_dir, url=settings.database_url.get_secret_value())


def build_index(
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Callable[[Progress], None] | None = None,
    sent: Callable[[PublishReport], None] | None = None,
) -> BuildReport:
    """Brings the index up to date with the seeds folder, and then the server if there is one.

    An empty index folder is filled from the server first, so that nothing is embedded again.
    """
    from index.build import build
    from index.calibrate import calibrate

    store, server = open_store(settings), open_server(settings)
    model = model_named(settings)
    if server is not None and not rebuild and not store.current_name():
        _take_over(server, store, model)
    report = build(
        settings.seeds_dir,
        store,
        model,
        partial(open_embedder, settings),
        max_seed_bytes=settings.max_seed_bytes,
        rebuild=rebuild,
        calibrate=calibrate,
        progress=progress,
    )
    if server is not None:
        publication = _publish(settings, server, store, rebuild)
        if sent is not None:
            sent(publication)
    return report


def _take_over(server: MilvusStates, store: Store, model: Model) -> None:
    """Copies what the server holds into a folder that holds nothing."""
    from index.copying import copy_to_folder
    from index.manifest import mismatch

    state = server.state()
    if state is None:
        return
    if state.manifest.model != model:
        raise mismatch(state.manifest.model, model)
    copy_to_folder(server.read(state), store)  # by whatever text rules: the build makes terms anew


def _publish(
    settings: Settings, server: MilvusStates, store: Store, rebuild: bool
) -> PublishReport:
    from index.milvus.publish import publish

    opened = store.open()
    try:
        return publish(opened, server, engine=engine_options(settings), rebuild=rebuild)
    finally:
        opened.close()


def engine_options(settings: Settings) -> EngineOptions:
    """How the settings want a server to keep the vectors."""
    from index.milvus.layout import EngineOptions

    return EngineOptions(settings.index_kind.value, settings.index_shards, settings.index_replicas)


def model_named(settings: Settings) -> Model:
    """What an index remembers of the model that the settings name; the bundled one is not opened.

    Raises:
        EmbedderError: the model is missing.
    """
    from index import bundled, engines
    from index.manifest import Model

    if settings.embedding_model == engines.BUNDLED:
        return Model(bundled.NAME, bundled.model_file().fingerprint(), bundled.DIMENSIONS)
    return model_of(open_embedder(settings))


def model_of(embedder: Embedder) -> Model:
    """What an index remembers of the embedder that made it."""
    from index.manifest import Model

    return Model(embedder.name, embedder.revision, embedder.dimensions)
