"""Answers messages over the published index: understand, find, judge, quote, check."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import reduce

import numpy as np

from index.answer import Answer, Citation, PassageView, Turn, Verdict, Written
from index.citing import citation_of, citations_of, view_of
from index.confidence import verdict_of
from index.conversation import Kind, classify
from index.days import days_asked, speaks_of
from index.disagreement import disagreeing
from index.doubt import reasons_of
from index.embedder import Embedder
from index.errors import DamagedIndexError, ServerError, StoreError
from index.finder import QUESTIONS_REMEMBERED, Finder, Found
from index.follow_up import leaned_on, understood
from index.idioms import words_asked
from index.judge import SIGNAL_HITS
from index.languages import guess_language, language_of_nouns
from index.listing import by_date, ordered, told, wanted_by
from index.manifest import Model, mismatch
from index.message import questions
from index.metadata_questions import Kind as MetadataKind
from index.metadata_questions import MetadataQuestion, parse
from index.opened import PublishedStates, Rows, documents_with
from index.quotes import Seeds
from index.records import DocumentRecord
from index.recovery import recovering
from index.reranker import Reranker
from index.retriever import TURKISH
from index.talk import LANGUAGES, UNDERSTOOD_BY, say
from index.tuning import SHIPPED, Tuning
from index.written import sentences_of

logger = logging.getLogger(__name__)

NEAREST = 3  # passages that a refusal offers
MOST_CHARACTERS = 1_000  # of a message; no question is longer, and a book is not embedded
MOST_LISTED = 10  # documents that are named in a list of them
MOST_PARTS = 4  # questions of one message that are answered


class Answerer:
    """Answers from the published index and picks up a new one without a restart.

    Safe for threads: a message is answered from the state that it met.
    """

    def __init__(
        self,
        store: PublishedStates,
        seeds: Seeds,
        embedder: Embedder,
        *,
        caution: str,
        language: str = "tr",
        remembered: int = QUESTIONS_REMEMBERED,
        reranker: Reranker | None = None,
        tuning: Callable[[Model], Tuning] = lambda _: SHIPPED,
    ) -> None:
        """Opens the published index; `language` is spoken where a message does not tell its own.

        What was found for so many questions is `remembered`, in memory and for this index only.
        A `reranker` puts the first passages found into its own order.
        `tuning` is asked for whenever an index is opened.

        Raises:
            NoIndexError, DamagedIndexError: there is no index, or none that can be read.
            MismatchError: it was made by another model than `embedder`.
        """
        self._store = store
        self._embedder = embedder
        self._seeds = seeds
        self._caution = caution
        self._language = language
        self._remembered = remembered
        self._reranker = reranker
        self._tuning = tuning
        self._refreshing = threading.Lock()
        self._away = False  # the server that holds the index, at the last look
        self._opened_as = store.current_name()
        self._finder = self._open()

    # -- the state ---------------------------------------------------------------------------

    def _open(self, *, thoroughly: bool = False) -> Finder:
        index = self._store.open(thoroughly=thoroughly)
        made_by = Model(self._embedder.name, self._embedder.revision, self._embedder.dimensions)
        if index.manifest.model != made_by:
            index.close()
            raise mismatch(index.manifest.model, made_by)
        tuning = self._tuning(made_by)
        return Finder(index, self._embedder, self._remembered, self._reranker, tuning)

    def refresh(self) -> bool:
        """Picks up a newly published index; True where it did.

        One that cannot be used is refused once, in the log, and the old one serves on.
        """
        with self._refreshing:
            before = self._opened_as
            try:
                name = self._store.current_name()
                if name != before:
                    self._opened_as = name
                    self._finder = self._open()
            except ServerError as error:
                self._opened_as = before  # it may be back at the next look
                if not self._away:
                    logger.warning("no look for a new index: %s", error)
                self._away = True
                return False
            except StoreError as error:
                logger.error("new index refused, the old one serves on: %s", error)
                return False
            self._away = False
            return name != before

    @property
    def state(self) -> object:
        """What answers now; another object after each refresh."""
        return self._finder

    def recover(self, state: object, error: BaseException) -> None:
        """Opens the last good index where damage to the one of `state` explains `error`.

        Raises:
            DamagedIndexError: no index can be used.
            BaseException: `error` itself, where the index is whole.
        """
        with self._refreshing:
            if self._finder is not state:
                return
            try:
                self._store.verify(self._finder.index.manifest)
            except DamagedIndexError as damage:
                logger.error("index damaged while in use: %s", damage)
                self._finder = self._open(thoroughly=True)
                return
        raise error

    @property
    def index_version(self) -> str:
        """A short name of the state that answers now."""
        return self._finder.index.version

    @property
    def passages(self) -> int:
        """Passages in the index."""
        return self._finder.index.manifest.passages

    @property
    def documents(self) -> int:
        """Documents in the index."""
        return self._finder.index.manifest.documents

    @property
    def built(self) -> datetime:
        """When the index was published."""
        return self._finder.index.manifest.created

    @property
    def model(self) -> str:
        """The embedding model."""
        return self._embedder.name

    def warning(self, language: str) -> str:
        """Why an older index is in use, "" where the latest is."""
        fallback = self._finder.index.fallback
        return fallback.text(language) if fallback else ""

    @recovering
    def document_records(self) -> list[DocumentRecord]:
        """The indexed documents by path."""
        return sorted(self._finder.index.documents(), key=lambda record: record.path)

    def text_of(self, path: str) -> str | None:
        """The whole text of an indexed document; None where it cannot be read any more."""
        return self._seeds.text(path)

    # -- messages ----------------------------------------------------------------------------

    @recovering
    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        turns: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer:
        """The answer to a message, with at most k citations to each of its questions.

        Args:
            question: any text.
            turns: the conversation so far, oldest first; used only where the message needs it.
            language: of the interface words; None for the message's own where it is spoken here.
        """
        started = time.perf_counter()
        # Small talk left no passages behind: what a follow-up means came before it.
        shown = [turn for turn in turns if turn.keys]
        answer = self._reply(question[:MOST_CHARACTERS], k, shown, language)
        return replace(answer, question=question, seconds=time.perf_counter() - started)

    def _reply(self, message: str, k: int, turns: list[Turn], language: str | None) -> Answer:
        spoken = language or self._interface_language(guess_language(message, default=""), message)
        if not any(character.isalnum() for character in message):
            return self._talk(message, say("empty", spoken), spoken)
        kind = classify(message, guess_language(message))
        if kind in (Kind.GREETING, Kind.THANKS, Kind.GOODBYE, Kind.NOTHING):
            return self._talk(message, say(kind.value, spoken), spoken)
        if kind in (Kind.SHORTER, Kind.SHOW_SOURCE, Kind.MORE):
            if not turns:
                return self._talk(message, say("nothing_before", spoken), spoken)
            return self._again(message, kind, turns[-1], spoken)
        asked = parse(message, date.today())
        if asked is not None:
            return self._of_sources(message, asked, k, spoken)
        before = leaned_on(self._finder, turns)
        parts = questions(message)[:MOST_PARTS]
        if len(parts) < 2:
            return self._answer(parts[0] if parts else message, k, before, language)
        answers = []
        for part in parts:
            answers.append(self._answer(part, k, before, language))
            before = answers[-1].turn
        return replace(answers[0], parts=tuple(answers))

    def _answer(self, question: str, k: int, before: Turn | None, language: str | None) -> Answer:
        found = understood(self._finder, question, before, max(k, SIGNAL_HITS))
        return self.quote(found, k=k, language=language)

    def _again(self, message: str, kind: Kind, before: Turn, language: str) -> Answer:
        """The last answer once more: shorter, its whole passage, or further ones."""
        if kind is Kind.SHORTER:
            found = self.find(before.standalone, k=SIGNAL_HITS)
            return replace(self.quote(found, k=1, language=language), question=message, brief=True)
        if kind is Kind.MORE:
            further = self.more(before.standalone, skip=before.shown, k=NEAREST)
            text = "" if further else say("no_more", language)
            return self._listing(message, before.standalone, text, further, language)
        views = [self.passage(key, number) for number, key in enumerate(before.keys[:1], 1)]
        shown = [view for view in views if view is not None]
        if not shown:
            return self._talk(message, say("nothing_before", language), language)
        around = (shown[0].before, shown[0].citation.quote, shown[0].after)
        text = "\n\n".join(part for part in around if part)
        citations = tuple(view.citation for view in shown)
        return self._listing(message, before.standalone, text, citations, language)

    def _of_sources(self, message: str, asked: MetadataQuestion, k: int, language: str) -> Answer:
        """The answer to a question about the sources themselves."""
        refused: Answer | None = None
        if asked.kind is MetadataKind.SEARCH:
            answer = self._searched(message, asked, k, language)
            if answer.verdict is not Verdict.REFUSED:
                return answer
            refused = answer
        index = self._finder.index
        matching = self._documents_with(asked.rest) if asked.rest else index.documents()
        documents = ordered(filter(wanted_by(asked), matching), newest_first=not asked.oldest_first)
        if asked.rest and not documents and asked.kind is not MetadataKind.COUNT:
            return refused or self._searched(message, asked, k, language)
        documents = documents[: asked.most or None]
        shown = documents[:MOST_LISTED]
        passages = sum(record.passages for record in documents)
        text = told(asked, len(documents), passages, language, shown=len(shown))
        if asked.kind is MetadataKind.COUNT and not asked.rest:
            return self._listing(message, message, text, (), language)
        rows = [index.first_row_of(record) for record in shown]
        listed = index.passages(np.array(rows, dtype=np.int64))
        citations = [citation_of(r, self._seeds, n) for n, r in enumerate(listed, 1)]
        checked = tuple(citation for citation in citations if citation is not None)
        return self._listing(message, asked.rest or message, text, checked, language)

    def _searched(self, message: str, asked: MetadataQuestion, k: int, language: str) -> Answer:
        """The answer from the passages of the documents asked for."""
        found = self.find(asked.rest, k=SIGNAL_HITS, wanted=wanted_by(asked))
        if asked.newest_first or asked.oldest_first:
            found = by_date(found, newest_first=asked.newest_first)
        return replace(self.quote(found, k=k, language=language), question=message)

    def _documents_with(self, asked: str) -> Iterable[DocumentRecord]:
        """The documents of which a passage has all of these words, in any form."""
        found = self._finder.find(asked, k=1)
        index = found.index

        def rows_with(term: str) -> Rows:
            (passages,) = index.document_frequencies([term])
            return index.search_words({term: 1.0}, max(int(passages), 1))

        held = [
            np.unique(np.concatenate([*map(rows_with, terms)]))
            for _, terms in words_asked(found.standalone, found.language or TURKISH)
        ]
        return documents_with(index, reduce(np.intersect1d, held)) if held else ()

    # -- parts that front ends use as well ----------------------------------------------------

    def find(
        self, question: str, *, k: int, wanted: Callable[[DocumentRecord], bool] | None = None
    ) -> Found:
        """What is found for a question that stands alone, before anything is quoted."""
        return self._finder.find(question[:MOST_CHARACTERS], k=k, wanted=wanted)

    def quote(self, found: Found, *, k: int, language: str | None = None) -> Answer:
        """The answer to what was found: a verdict, and citations checked against their seeds."""
        verdict = verdict_of(found.confidence, self._caution)
        refused = verdict is Verdict.REFUSED
        citations = citations_of(found, self._seeds, NEAREST if refused else k)
        if not citations:
            verdict, refused = Verdict.REFUSED, True
        days = days_asked(found.standalone, date.today())
        other_days = (
            days is not None
            and not refused
            and not speaks_of(citations[0].quote, citations[0].date, *days)
        )
        if other_days:
            verdict = Verdict.UNSURE
        apart = () if refused else disagreeing(found, citations)
        spoken = language or self._interface_language(found.language, found.question)
        reasons: tuple[str, ...] = ()
        if verdict is Verdict.UNSURE:
            reasons = (say("other_days", spoken),) if other_days else reasons_of(found, spoken)
        return Answer(
            question=found.question,
            standalone=found.standalone,
            verdict=verdict,
            confidence=found.confidence,
            language=spoken,
            index_version=found.index.version,
            citations=() if refused else apart or citations,
            nearest=citations if refused else (),
            disagreement=bool(apart),
            reasons=reasons,
            repairs=found.repairs,
        )

    @recovering
    def more(self, question: str, *, skip: int, k: int) -> tuple[Citation, ...]:
        """The k further passages after the first `skip`, for a question as it was searched."""
        return citations_of(self.find(question, k=skip + k), self._seeds, k, skip)

    @recovering
    def passage(self, key: str, number: int = 1) -> PassageView | None:
        """A passage with the paragraphs around it; None where it changed or is gone."""
        return view_of(self._finder.index, self._seeds, key, number)

    def checked(self, answer: Answer, reply: str) -> Written:
        """What a language model wrote from the citations of an answer, held against them.

        Raises:
            WritingError: it cites what does not exist or does not support it.
        """
        sentences = sentences_of(reply, [citation.number for citation in answer.citations])
        from index.support import supported

        return supported(sentences, answer.citations, self._finder.index, self._embedder)

    # -- words -------------------------------------------------------------------------------

    def _interface_language(self, question_language: str, question: str) -> str:
        """The language of the interface words: the question's own where it is spoken here."""
        told = question_language or language_of_nouns(question)
        if not told:
            return self._language
        nearest = UNDERSTOOD_BY.get(told, told)
        return nearest if nearest in LANGUAGES else "en"

    def _talk(self, message: str, text: str, language: str) -> Answer:
        version = self.index_version
        return Answer(message, message, Verdict.TALK, 1.0, language, version, text=text)

    def _listing(
        self,
        message: str,
        standalone: str,
        text: str,
        citations: tuple[Citation, ...],
        language: str,
    ) -> Answer:
        return Answer(
            question=message,
            standalone=standalone,
            verdict=Verdict.LISTING,
            confidence=1.0,
            language=language,
            index_version=self.index_version,
            citations=citations,
            text=text,
        )
