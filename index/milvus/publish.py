"""Brings a server up to date with an index, at the cost of what differs, and publishes that."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from statistics import fmean

import numpy as np

from index.contents import Contents, Copyable
from index.errors import MismatchError, ServerError
from index.lexical import term_hashes
from index.manifest import Manifest, mismatch
from index.milvus.connection import ROWS_AT_ONCE, Row, Server
from index.milvus.layout import (
    ALIAS,
    ALIVE,
    Collections,
    EngineOptions,
    builds,
    create,
    drop,
    without_vector,
)
from index.milvus.lock import Lease, building
from index.milvus.packing import document_field, packed, passage_field
from index.milvus.reader import LOOK_SECONDS, MilvusIndex, axis_of
from index.milvus.state import State
from index.milvus.states import MilvusStates, forget_states, oldest_read, write_state
from index.milvus.word_counts import WordCounts
from index.prepare import prepared_again
from index.records import DocumentRecord
from index.segment import PassageVectorsOf

SAMPLED = 2_000  # passages whose mean number of terms weighs the words of a build from nothing
_NOTHING = 1e-6  # no server takes an empty vector
_SATURATION, _LENGTH = 1.2, 0.75  # BM25's usual k1 and b

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was sent: passages that came and went, 0 of both where nothing differed."""

    version: str
    added: int
    removed: int


def publish(
    source: Copyable,
    states: MilvusStates,
    *,
    engine: EngineOptions | None = None,
    rebuild: bool = False,
    grace: float = 2 * LOOK_SECONDS,
    progress: Told | None = None,
) -> PublishReport:
    """Makes the server hold what `source` holds; all or nothing for who reads it.

    Args:
        source: the index to copy; what the server holds already is not sent again.
        engine: how the server keeps the vectors; None as it does, or as it likes.
        rebuild: into collections made anew, where nothing that went before can matter.
        grace: how many seconds a state that was replaced stays for who reads it.
        progress: called with the passages sent so far, and of all that are to be sent.

    Raises:
        BusyIndexError: another build is under way.
        MismatchError: the server holds an index of another model, and this is no rebuild.
        ServerError: the server is away, or does not hold what was sent.
    """
    server = states.server
    with building(server) as lease:
        before = states.build()
        old = None if rebuild else _usable(states, source.manifest)
        if old is not None and engine is not None and asdict(engine) != old.engine:
            old = None
        if old is not None and old.manifest.version == source.manifest.version:
            return PublishReport(old.manifest.version, 0, 0)
        if old is None:
            chosen = engine or EngineOptions()
            old = _nothing(source, chosen)
            create(server, Collections(old.build), source.manifest.model.dimensions, chosen)
        run = _Publication(source, server, old, lease, progress)
        report = run.write()
        _switch(server, run.state, before, grace)
    return report


def _usable(states: MilvusStates, wanted: Manifest) -> State | None:
    """The published state, where it can be continued.

    Raises:
        MismatchError: another model made it.
    """
    try:
        state = states.state()
    except MismatchError:  # an older format, which cannot be continued
        return None
    if state is None:
        return None
    if state.manifest.model != wanted.model:
        raise mismatch(state.manifest.model, wanted.model)
    return state if state.manifest.text_rules == wanted.text_rules else None


def _nothing(source: Copyable, engine: EngineOptions) -> State:
    """The state before the first one of a build from nothing."""
    dimensions = source.manifest.model.dimensions
    return State(
        build=f"{datetime.now(UTC):%Y%m%d%H%M%S}{os.urandom(3).hex()}",
        number=0,
        manifest=replace(source.manifest, documents=0, passages=0, segments=()),
        next_id=1,
        mean_terms=_mean_terms(source),
        languages={},
        sums=np.zeros((2, dimensions)).tolist(),
        counts=[0, 0],
        engine=asdict(engine),
    )


def _mean_terms(source: Copyable) -> float:
    step = max(1, source.manifest.passages // SAMPLED)
    lengths: list[int] = []
    seen = 0
    wanted = {}
    for record in source.documents():
        wanted[record.path] = seen // step != (seen + record.passages) // step
        seen += record.passages
    for contents in source.contents(lambda record: wanted[record.path]):
        prepared = prepared_again(contents.document, contents.passages)
        lengths += [len(p.terms()) for p in prepared.passages]
    return fmean(lengths) if lengths else 1.0


class _Publication:
    """One run of `publish`."""

    def __init__(
        self, source: Copyable, server: Server, old: State, lease: Lease, progress: Told | None
    ) -> None:
        self.source = source
        self.server = server
        self.old = old
        self.lease = lease
        self.progress = progress
        self.names = Collections(old.build)
        self.number = old.number + 1
        self.next_id = old.next_id
        self.words = WordCounts()
        self.languages = Counter(old.languages)
        self.sums = np.array(old.sums)
        self.counts = np.array(old.counts)
        self.state = old

    def write(self) -> PublishReport:
        """Writes all rows of the new state; nobody sees it before it is switched to."""
        self._clear()
        index = MilvusIndex(self.server, self.old)
        there = {record.path: record for record in index.documents()} if self.old.number else {}
        here = {record.path: record for record in self.source.documents()}
        fresh = {p for p, r in here.items() if p not in there or not _same(r, there[p])}
        gone = {p for p in there if p in fresh or p not in here}
        added = self._add(fresh, sum(here[path].passages for path in fresh))
        removed = self._remove(index, gone)
        self.next_id = self.words.write(self.server, self.names, self.number, self.next_id)
        if self.number == 1 or added >= ROWS_AT_ONCE:
            # Rows that came lately are searched one by one; many are better sealed and indexed.
            for name in self.names.versioned:
                with suppress(ServerError):  # a server allows few of these, and does it in time
                    self.server.call("flush", name)
        self.state = State(
            build=self.old.build,
            number=self.number,
            manifest=replace(self.source.manifest, segments=()),
            next_id=self.next_id,
            mean_terms=self.old.mean_terms,
            languages={name: count for name, count in self.languages.items() if count},
            sums=self.sums.tolist(),
            counts=self.counts.tolist(),
            engine=self.old.engine,
        )
        self._check()
        return PublishReport(self.source.manifest.version, added, removed)

    def _clear(self) -> None:
        """Undoes what a build that was killed has left."""
        if not self.old.number:
            return
        for name in self.names.versioned:
            self.server.call("delete", name, filter=f"born > {self.old.number}")
            dying = f"died > {self.old.number} and died < {ALIVE}"
            rows = self.server.every_row(name, dying, ["id"], consistency_level="Strong")
            self.server.update(name, [{"id": row["id"], "died": ALIVE} for row in rows])

    def _add(self, paths: set[str], total: int) -> int:
        documents = _Outbox(partial(self.server.insert, self.names.documents))
        passages = _Outbox(partial(self.server.insert, self.names.passages))
        for contents in self.source.contents(lambda record: record.path in paths):
            record = replace(
                contents.document,
                id=self.next_id,
                first_row=self.next_id + 1,
                passages=len(contents.passages),
            )
            self.next_id += 1 + record.passages
            documents.put(self._document_row(record))
            for row in self._passage_rows(record, contents):
                passages.put(row)
            self.lease.renew()
            if self.progress is not None:
                self.progress(passages.count, total)
        documents.flush()
        passages.flush()
        return passages.count

    def _document_row(self, record: DocumentRecord) -> Row:
        versions = {"id": record.id, "born": self.number, "died": ALIVE}
        return without_vector(versions | {"path": record.path, "record": document_field(record)})

    def _passage_rows(self, record: DocumentRecord, contents: Contents) -> Iterator[Row]:
        prepared = prepared_again(contents.document, contents.passages).passages
        for place, passage in enumerate(contents.passages):
            vectors = contents.vectors[place]
            terms = prepared[place].terms()
            self.words.add(prepared[place], terms)
            self._count(passage.language, vectors, 1)
            yield {
                "id": record.first_row + place,
                "born": self.number,
                "died": ALIVE,
                "document": record.id,
                "key": passage.key,
                "language": passage.language,
                "dense": vectors.passage,
                "sparse": weighted(terms, self.old.mean_terms),
                "packed": packed(vectors, np.unique(term_hashes(terms))),
                "record": passage_field(passage),
            }

    def _remove(self, index: MilvusIndex, paths: set[str]) -> int:
        documents = _Outbox(partial(self.server.update, self.names.documents))
        passages = _Outbox(partial(self.server.update, self.names.passages))
        for contents in index.contents(lambda record: record.path in paths):
            record = contents.document
            prepared = prepared_again(record, contents.passages).passages
            for place, vectors in enumerate(contents.vectors):
                self.words.remove(prepared[place], prepared[place].terms())
                self._count(prepared[place].language, vectors, -1)
                passages.put({"id": record.first_row + place, "died": self.number})
            documents.put({"id": record.id, "died": self.number})
            self.lease.renew()
        documents.flush()
        passages.flush()
        return passages.count

    def _count(self, language: str, vectors: PassageVectorsOf, by: int) -> None:
        sentences = vectors.sentences
        self.languages[language] += by
        self.sums[0] += by * vectors.passage
        self.sums[1] += by * sentences.sum(axis=0)
        self.counts += by * np.array([1, len(sentences)])

    def _check(self) -> None:
        counted = MilvusIndex(self.server, self.state).counted()
        wanted = self.source.manifest.passages
        if counted != wanted:
            where = self.server.address.shown
            raise ServerError(
                f"{where} sunucusunda {wanted} paragraf yerine {counted} var, yayımlanmadı: "
                "`danis index --rebuild` çalıştırın.",
                f"The server {where} holds {counted} passages instead of {wanted}, nothing was "
                "published: run `danis index --rebuild`.",
            )


def _same(one: DocumentRecord, other: DocumentRecord) -> bool:
    """Whether two indexes hold the same document, wherever its rows are and since when."""
    place = {"id": 0, "first_row": 0, "indexed_ns": 0}
    return replace(one, **place) == replace(other, **place)  # type: ignore[arg-type]


def weighted(terms: list[str], mean_terms: float) -> dict[int, float]:
    """A passage's terms as a sparse vector, by BM25 without idf, which the question brings."""
    length = _SATURATION * (1 - _LENGTH + _LENGTH * len(terms) / max(mean_terms, 1.0))
    return {
        axis_of(term): count * (_SATURATION + 1) / (count + length)
        for term, count in Counter(terms).items()
    } or {0: _NOTHING}


class _Outbox:
    """Rows on their way to the server, sent as many at once as it likes."""

    def __init__(self, send: Callable[[list[Row]], None]) -> None:
        self._send = send
        self._waiting: list[Row] = []
        self.count = 0

    def put(self, row: Row) -> None:
        """The next row."""
        self.count += 1
        self._waiting.append(row)
        if len(self._waiting) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Sends what waits."""
        self._send(self._waiting)
        self._waiting = []


def _switch(server: Server, state: State, before: str, grace: float) -> None:
    """Publishes the state, and removes what no reader can have open any more.

    `before` is the build that readers used, "" where there was none.
    """
    write_state(server, state)
    names = Collections(state.build)
    if state.build != before:
        change = "alter_alias" if before else "create_alias"
        server.call(change, names.states, ALIAS)
    oldest = oldest_read(server, state, grace)
    if oldest > 1:
        for name in names.versioned:
            server.call("delete", name, filter=f"died <= {oldest}")
        forget_states(server, state, oldest)
    if state.number == 1 or oldest > 1:  # else who reads another build may go on for a while
        for build in builds(server) - {state.build, before}:
            drop(server, Collections(build))
