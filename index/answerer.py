"""Answers questions over the published index: repair, search, judge, quote, check."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from index.answer import Answer, Citation, PassageView, Turn, Verdict
from index.build import mismatch
from index.calibrate import signals_of
from index.confidence import Calibration, verdict_of
from index.embedder import Embedder
from index.errors import StoreError
from index.highlight import highlight
from index.languages import guess_language
from index.manifest import Model
from index.quotes import Seeds
from index.reader import Index
from index.records import DocumentRecord, PassageRecord
from index.repair import Kind, Repair, Repaired, repair
from index.retriever import Hit, Ranking, Retriever
from index.sentences import Span
from index.store import Store

logger = logging.getLogger(__name__)

NEAREST = 3  # passages that a refusal offers
SPOKEN = ("tr", "en", "de", "ru")
TURKISH = "tr"


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

    question: str
    standalone: str
    repairs: tuple[Repair, ...]
    ranking: Ranking
    confidence: float
    language: str
    state: _State

    def passages(self) -> Iterator[tuple[Hit, PassageRecord]]:
        """The hits with their texts, best first."""
        rows = np.array([hit.row for hit in self.ranking.hits], dtype=np.int64)
        yield from zip(self.ranking.hits, self.state.index.passages(rows), strict=True)


class Answerer:
    """Answers from the published index and picks up a new one without a restart.

    Safe for threads: a question works on the state it began with.
    """

    def __init__(
        self, store: Store, seeds: Seeds, embedder: Embedder, *, caution: str, language: str = "tr"
    ) -> None:
        """Opens the published index; `language` is spoken where a question does not tell its own.

        Raises:
            NoIndexError, DamagedIndexError: there is no index, or none that can be read.
            MismatchError: it was made by another model than `embedder`.
        """
        self._store = store
        self._embedder = embedder
        self._seeds = seeds
        self._caution = caution
        self._language = language
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

    @property
    def index_version(self) -> str:
        """A short name of the state that answers now."""
        return self._state.index.version

    @property
    def passages(self) -> int:
        """Passages in the index."""
        return self._state.index.manifest.passages

    @property
    def documents(self) -> int:
        """Documents in the index."""
        return self._state.index.manifest.documents

    @property
    def built(self) -> datetime:
        """When the index was published."""
        return self._state.index.manifest.created

    @property
    def model(self) -> str:
        """The embedding model."""
        return self._embedder.name

    def warning(self, language: str) -> str:
        """Why an older index is in use, "" where the latest is."""
        fallback = self._state.index.fallback
        return fallback.text(language) if fallback else ""

    def document_records(self) -> list[DocumentRecord]:
        """The indexed documents by path."""
        return sorted(self._state.index.documents(), key=lambda record: record.path)

    # -- asking ------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        turns: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer:
        """The answer to a message, with at most k citations.

        Args:
            turns: the conversation so far, oldest first; used only where the question needs it.
            language: of the interface words; None for the question's own where it is spoken.
        """
        started = time.perf_counter()
        found = self.find(question, k=max(k, NEAREST))
        answer = self.quote(found, k=k, language=language)
        return replace(answer, seconds=time.perf_counter() - started)

    def find(self, question: str, *, k: int, without: Set[str] = frozenset()) -> Found:
        """Repairs and searches a question that stands alone; `without` leaves out those seeds."""
        state = self._state
        language = guess_language(question, default="")
        rows = state.index.rows_of(without) if without else None
        repaired = repair(question, state.index, language or TURKISH)
        ranking = state.retriever.search(repaired.text, language, k, rows)
        if repaired.cautious is not None:
            as_typed = state.retriever.search(repaired.cautious, language, k, rows)
            if as_typed.best > ranking.best:
                certain = tuple(each for each in repaired.repairs if each.kind != Kind.TYPO)
                ranking, repaired = as_typed, Repaired(repaired.cautious, certain)
        confidence = 0.0
        if ranking.hits:
            (first,) = state.index.passages(np.array([ranking.hits[0].row]))
            signals = signals_of(ranking, first)
            if ranking.hits[0].other_language:
                # Words say nothing across languages, and nearer passages in the question's own
                # language say nothing about this one.
                signals = replace(signals, known=0.0, evidence=ranking.hits[0].evidence)
            confidence = state.calibration.confidence(signals)
        return Found(
            question, repaired.text, repaired.repairs, ranking, confidence, language, state
        )

    def quote(self, found: Found, *, k: int, language: str | None = None) -> Answer:
        """The answer to what was found: a verdict, and citations checked against their seeds."""
        verdict = verdict_of(found.confidence, self._caution)
        refused = verdict is Verdict.REFUSED
        citations = self._citations(found, NEAREST if refused else k)
        if not citations:
            verdict, refused = Verdict.REFUSED, True
        return Answer(
            question=found.question,
            standalone=found.standalone,
            verdict=verdict,
            confidence=found.confidence,
            language=language or self._interface_language(found.language),
            index_version=found.state.index.version,
            citations=() if refused else citations,
            nearest=citations if refused else (),
            repairs=found.repairs,
        )

    def more(self, standalone: str, *, skip: int, k: int) -> tuple[Citation, ...]:
        """The k further passages after the first `skip`, for a question as it was searched."""
        found = self.find(standalone, k=skip + k)
        return self._citations(found, k, skip=skip)

    def passage(self, key: str, number: int = 1) -> PassageView | None:
        """A passage with the paragraphs around it; None where it changed or is gone."""
        index = self._state.index
        row = index.row_of(key)
        if row is None:
            return None
        (record,) = index.passages(np.array([row]))
        citation = self._citation(record, number, (), 0.0)
        if citation is None:
            return None
        before, after = index.neighbours(row)
        return PassageView(
            citation,
            before.text if before else "",
            after.text if after else "",
            index.version,
        )

    def _interface_language(self, question_language: str) -> str:
        """The language of the interface words: the question's own where Danış speaks it."""
        if not question_language:
            return self._language
        return question_language if question_language in SPOKEN else "en"

    # -- citations ---------------------------------------------------------------------------

    def _citations(self, found: Found, k: int, skip: int = 0) -> tuple[Citation, ...]:
        """At most k citations after `skip`; what its seed does not hold any more is dropped."""
        citations: list[Citation] = []
        for place, (hit, record) in enumerate(found.passages()):
            if place < skip:
                continue
            spans = highlight(found.ranking, hit, record).spans
            citation = self._citation(record, skip + len(citations) + 1, spans, hit.score)
            if citation is not None:
                citations.append(citation)
            if len(citations) == k:
                break
        return tuple(citations)

    def _citation(
        self, record: PassageRecord, number: int, spans: tuple[Span, ...], score: float
    ) -> Citation | None:
        document = record.document
        if not self._seeds.holds(document.path, record.start, record.end, record.text):
            logger.warning("citation dropped, its seed has changed: passage %s", record.key)
            return None
        return Citation(
            number=number,
            key=record.key,
            path=document.path,
            title=document.title,
            date=document.date,
            source=document.source,
            headings=record.headings,
            paragraph=record.ordinal,
            page=record.page,
            url="",
            start=record.start,
            end=record.end,
            quote=record.text,
            highlights=spans,
            score=score,
        )
