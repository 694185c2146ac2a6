"""The one place that turns a seeds folder into a published index, at the cost of what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any

from index.changes import Changes, find_changes
from index.embedder import Embedder
from index.errors import MismatchError, NoIndexError
from index.files import sums_of, unwritable
from index.journal import Journal
from index.manifest import Manifest, Model, SegmentEntry, Skipped
from index.merge import segments_to_merge
from index.prepare import Prepared, PreparedDocument, prepare, prepared_again
from index.reader import Index
from index.records import DocumentRecord
from index.segment import PassageVectorsOf, Segment, SegmentWriter
from index.store import Store
from index.vectors import SentenceVectors

# Passages embedded at once: enough for an engine to sort them by length, small in memory.
BATCH_PASSAGES = 256
# A segment that has grown this large is closed and another begun: bounds a build's memory.
MOST_PASSAGES_PER_SEGMENT = 250_000
_BYTES_PER_TEXT = 150  # a guess, to choose an engine before anything is read

OpenEmbedder = Callable[[int], Embedder]
Calibrate = Callable[[Index, Embedder], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: bytes of changed seeds read, passages done, and seconds so far."""

    bytes_done: int
    bytes_total: int
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build found and did; paths are those of seeds."""

    version: str
    documents: int
    passages: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    skipped: tuple[Skipped, ...]
    embedded: int
    published: bool
    seconds: float


def build(
    seeds: Path,
    store: Store,
    model: Model,
    open_embedder: OpenEmbedder,
    *,
    max_seed_bytes: int,
    rebuild: bool = False,
    calibrate: Calibrate | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> BuildReport:
    """Brings the index up to date with the seeds folder and publishes it as one switch.

    Args:
        seeds: the folder of seeds; it is the truth.
        store: the index folder.
        model: what embeds; an index that another model made needs `rebuild`.
        open_embedder: opens that model's engine for about so many texts; called only if needed.
        rebuild: start from nothing, also where the index cannot be read.
        calibrate: fits the refusal to the finished index before it is published.

    Raises:
        SeedError: the seeds folder itself cannot be read.
        MismatchError: the index was made by another model or other text rules.
        StoreError: the index folder cannot be read or written, or another build is under way.
    """
    with store.building():
        published = None if rebuild else _published(store, model)
        try:
            changes = find_changes(seeds, published, max_seed_bytes)
            run = _Build(store, model, open_embedder, published, changes, progress)
            report = run.report(run.new_manifest(calibrate))
        except OSError as error:
            raise unwritable(Path(error.filename or store.folder), error) from error
        finally:
            if published is not None:
                published.close()
        store.discard_unused()
    return report


def mismatch(built_with: Model, wanted: Model) -> MismatchError:
    """The error for an index that another model made than the settings name."""
    made = f"{built_with.name} ({built_with.revision}, {built_with.dimensions})"
    asked = f"{wanted.name} ({wanted.revision}, {wanted.dimensions})"
    return MismatchError(
        f"Dizin {made} modeliyle kuruldu, ayarlar {asked} diyor: `danis index --rebuild` "
        "çalıştırın ya da EMBEDDING_MODEL ayarını geri alın.",
        f"The index was built with the model {made}, the settings say {asked}: run "
        "`danis index --rebuild` or set EMBEDDING_MODEL back.",
    )


def _published(store: Store, model: Model) -> Index | None:
    try:
        index = store.open()
    except NoIndexError:
        return None
    if index.manifest.model != model:
        index.close()
        raise mismatch(index.manifest.model, model)
    return index


class _Build:
    """One run of `build`."""

    def __init__(
        self,
        store: Store,
        model: Model,
        open_embedder: OpenEmbedder,
        published: Index | None,
        changes: Changes,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.store = store
        self.model = model
        self.open_embedder = open_embedder
        self.published = published
        self.changes = changes
        self.progress = progress
        self.started = time.monotonic()
        self.bytes_total = sum(file.size for file in changes.fresh)
        self.bytes_done = 0
        self.passages = 0
        self.embedded = 0
        self._embedder: Embedder | None = None

    @property
    def embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self.open_embedder(self.bytes_total // _BYTES_PER_TEXT)
        return self._embedder

    def new_manifest(self, calibrate: Calibrate | None) -> Manifest | None:
        """Writes and publishes the new state; None where nothing differs from the published one."""
        with Journal(self.store.journal, self.model) as journal:
            written, merged = self._write_segments(journal)
            skipped = tuple(sorted(self.changes.skipped, key=lambda entry: entry.path))
            old = self.published.manifest if self.published else None
            if old and not written and not self.changes.gone and skipped == old.skipped:
                return None
            entries = [*self._kept_entries(merged), *written]
            manifest = Manifest(
                number=self.store.highest_number() + 1,
                created=datetime.now(UTC),
                model=self.model,
                segments=tuple(entries),
                documents=0,
                passages=0,
                skipped=skipped,
                calibration=old.calibration if old else {},
            )
            manifest = self._counted(manifest, calibrate)
            self.store.publish(manifest)
        return manifest

    def _counted(self, manifest: Manifest, calibrate: Calibrate | None) -> Manifest:
        """The manifest with its totals, and its calibration fitted to what it will publish."""
        index = self.store.read(manifest)
        try:
            passages = sum(segment.live for segment in index.segments)
            manifest = replace(
                manifest, documents=sum(1 for _ in index.documents()), passages=passages
            )
            index.manifest = manifest
            if calibrate is not None and passages:
                manifest = replace(manifest, calibration=calibrate(index, self.embedder))
        finally:
            index.close()
        return manifest

    # -- segments ----------------------------------------------------------------------------

    def _write_segments(self, journal: Journal) -> tuple[list[SegmentEntry], set[str]]:
        """Writes what is new, together with the small old segments that it is merged with.

        Returns:
            The entries of the written segments, and the names of the segments that they replace.
        """
        vectors = _VectorSource(self, journal)
        merged: set[str] = set()
        with _SegmentSeries(self.store, self.model) as series:
            for batch in _batches(self._prepared()):
                rows = vectors.of([passage for document in batch for passage in document.passages])
                for document in batch:
                    _write(series.room(), document, rows)
                self.passages += sum(len(document.passages) for document in batch)
                self._tell()
            if self.published is not None:
                gone = self._gone_documents()
                for segment in segments_to_merge(self.published.segments, gone, self.passages):
                    merged.add(segment.name)
                    for record in segment.documents():
                        if record.id not in gone.get(segment.name, ()):
                            _carry_over(series.room(), segment, record)
        return series.written, merged

    def _prepared(self) -> Iterator[PreparedDocument]:
        for file, document in self.changes.documents():
            yield prepare(file, document, indexed_ns=time.time_ns())
            self.bytes_done += file.size

    def _gone_documents(self) -> dict[str, set[int]]:
        gone: dict[str, set[int]] = {}
        for known in self.changes.gone.values():
            gone.setdefault(known.segment.name, set()).add(known.record.id)
        return gone

    def _kept_entries(self, merged: set[str]) -> Iterator[SegmentEntry]:
        if self.published is None:
            return
        gone = self._gone_documents()
        for entry in self.published.manifest.segments:
            if entry.name not in merged:
                dead = {*entry.dead_documents, *gone.get(entry.name, ())}
                yield replace(entry, dead_documents=tuple(sorted(dead)))

    # -- telling -----------------------------------------------------------------------------

    def _tell(self) -> None:
        if self.progress is not None:
            seconds = time.monotonic() - self.started
            self.progress(Progress(self.bytes_done, self.bytes_total, self.passages, seconds))

    def report(self, manifest: Manifest | None) -> BuildReport:
        """What this run found and did; `manifest` is what it published, if it did."""
        current = manifest or (self.published.manifest if self.published else None)
        assert current is not None
        return BuildReport(
            version=current.version,
            documents=current.documents,
            passages=current.passages,
            added=tuple(self.changes.added),
            changed=tuple(self.changes.changed),
            removed=tuple(self.changes.removed),
            renamed=tuple(self.changes.renamed),
            skipped=current.skipped,
            embedded=self.embedded,
            published=manifest is not None,
            seconds=time.monotonic() - self.started,
        )


class _VectorSource:
    """Vectors of passages: carried over from documents that leave, resumed, or embedded now."""

    def __init__(self, run: _Build, journal: Journal) -> None:
        self._run = run
        self._journal = journal
        self._leaving: dict[bytes, tuple[Segment, int]] = {}
        for known in run.changes.gone.values():
            record = known.record
            for row, content in known.segment.catalog.contents(record.first_row, record.passages):
                self._leaving[content] = (known.segment, row)

    def of(self, passages: list[Prepared]) -> dict[bytes, PassageVectorsOf]:
        """Vectors by content; what had to be embedded is kept in the journal."""
        found: dict[bytes, PassageVectorsOf] = {}
        missing: dict[bytes, Prepared] = {}
        for passage in passages:
            content = passage.content
            if content in found or content in missing:
                continue
            if content in self._leaving:
                segment, row = self._leaving[content]
                found[content] = segment.vectors_of(row)
                continue
            resumed = self._journal.get(content)
            if resumed is not None:
                found[content] = resumed
            else:
                missing[content] = passage
        for content, vectors in self._embedded(missing):
            self._journal.put(content, vectors)
            found[content] = vectors
        self._journal.flush()
        return found

    def _embedded(self, missing: dict[bytes, Prepared]) -> Iterator[tuple[bytes, PassageVectorsOf]]:
        if not missing:
            return
        # A passage of one sentence without headings is its own sentence: embed each text once.
        texts = dict.fromkeys(
            chain.from_iterable((p.embedded_text, *p.sentence_texts) for p in missing.values())
        )
        places = {text: place for place, text in enumerate(texts)}
        rows = self._run.embedder.passages(list(texts))
        self._run.embedded += len(missing)
        for content, passage in missing.items():
            codes, scales = SentenceVectors.encode(
                rows[[places[text] for text in passage.sentence_texts]]
            )
            yield content, PassageVectorsOf(rows[places[passage.embedded_text]], codes, scales)


class _SegmentSeries:
    """Segments written one after the other, each closed when it is large enough."""

    def __init__(self, store: Store, model: Model) -> None:
        self.written: list[SegmentEntry] = []
        self._store = store
        self._model = model
        self._writer: SegmentWriter | None = None

    def room(self) -> SegmentWriter:
        """The writer that takes the next document."""
        if self._writer is not None and self._writer.catalog.rows >= MOST_PASSAGES_PER_SEGMENT:
            self._close()
        if self._writer is None:
            folder = self._store.new_segment_folder()
            self._writer = SegmentWriter(folder, self._model.dimensions)
        return self._writer

    def _close(self) -> None:
        if self._writer is None:
            return
        self._writer.close()
        folder = self._writer.files.folder
        sums = sums_of(folder, self._writer.files.all())
        self.written.append(SegmentEntry(folder.name, self._writer.catalog.rows, sums))
        self._writer = None

    def __enter__(self) -> _SegmentSeries:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._close()
        elif self._writer is not None:
            self._writer.abandon()


def _batches(documents: Iterator[PreparedDocument]) -> Iterator[list[PreparedDocument]]:
    """Documents in groups of at least BATCH_PASSAGES passages."""
    batch: list[PreparedDocument] = []
    for document in documents:
        batch.append(document)
        if sum(len(entry.passages) for entry in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(
    writer: SegmentWriter, document: PreparedDocument, vectors: dict[bytes, PassageVectorsOf]
) -> None:
    writer.catalog.add_document(document.record)
    for passage in document.passages:
        writer.add(passage, document.record.language, vectors[passage.content])


def _carry_over(writer: SegmentWriter, segment: Segment, record: DocumentRecord) -> None:
    rows = list(range(record.first_row, record.first_row + record.passages))
    document = prepared_again(record, segment.catalog.passages(rows))
    writer.catalog.add_document(document.record)
    for row, passage in zip(rows, document.passages, strict=True):
        writer.add(passage, record.language, segment.vectors_of(row))
