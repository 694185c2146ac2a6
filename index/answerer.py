"""Answers questions over the published index: repair, search, judge, quote, check."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from index.answer import Answer, Citation, PassageView, Repair, Turn, Verdict
from index.build import mismatch
from index.calibrate import Calibration, verdict_of
from index.embedder import Embedder
from index.errors import StoreError
from index.highlight import highlights
from index.languages import guess_language
from index.manifest import Model
from index.passages import Span
from index.quotes import Seeds
from index.reader import Index
from index.records import DocumentRecord, PassageRecord
from index.repair import Vocabulary, questions, repair
from index.retriever import Hit, Ranking, Retriever
from index.store import Store

logger = logging.getLogger(__name__)

NEAREST = 3  # passages that a refusal offers


@dataclass(frozen=True, slots=True)
class _State:
    """One opened index and all that belongs to it; replaced as a whole."""

    index: Index
    retriever: Retriever
    calibration: Calibration
    name: str  # of the manifest that CURRENT named when it was opened


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found before anything is quoted, for answers and for evaluation."""

    ranking: Ranking
    confidence: float
    question: str
    repairs: tuple[Repair, ...]
    language: str


class Answerer:
    """Answers from the published index and picks up a new one without a restart.

    Safe for threads: a question works on the state it began with.
    """

    def __init__(self, store: Store, seeds: Path, embedder: Embedder, *, caution: str) -> None:
        """Opens the published index.

        Raises:
            NoIndexError, DamagedIndexError: there is no index, or none that can be read.
            MismatchError: it was made by another model than `embedder`.
        """
        self._store = store
        self._embedder = embedder
        self._seeds = Seeds(seeds)
        self._caution = caution
        self._refreshing = threading.Lock()
        self._state = self._open()

    # -- the state ---------------------------------------------------------------------------

    def _open(self) -> _State:
        name = self._store.current_name()
        index = self._store.open()
        made_by = Model(self._embedder.name, self._embedder.revision, self._embedder.dimensions)
        if index.manifest.model != made_by:
            index.close()
            raise mismatch(index.manifest.model, made_by)
        calibration = Calibration.from_json(index.manifest.calibration)
        return _State(index, Retriever(index, self._embedder), calibration, name)

    def refresh(self) -> bool:
        """Picks up a newly published index; True where it did.

        A new one that cannot be used is refused and logged, and the old one serves on.
        """
        with self._refreshing:
            try:
                if self._store.current_name() == self._state.name:
                    return False
                self._state = self._open()
            except StoreError as error:
                logger.error("new index refused, serving the old one: %s", error)
                return False
        return True
