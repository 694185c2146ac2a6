"""The one place that turns a seeds folder into a published index, at the cost of what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.centring import question_means
from index.changes import Changes, find_changes, known_of
from index.embedder import Embedder
from index.errors import DamagedIndexError, MismatchError, NoIndexError
from index.files import unwritable
from index.journal import Journal
from index.manifest import Manifest, Model, SegmentEntry, Skipped, mismatch
from index.merge import segments_to_merge
from index.prepare import PreparedDocument, prepare, prepared_again
from index.reader import Index
from index.records import DocumentRecord
from index.segment import PassageVectorsOf, Segment, SegmentWriter
from index.segment_series import SegmentSeries
from index.store import Store
from index.vector_source import VectorSource

# Passages embedded at once: enough for an engine to sort them by length, small in memory.
BATCH_PASSAGES = 256

OpenEmbedder = Callable[[], Embedder]
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
        open_embedder: opens that model's engine; called only if needed.
        rebuild: start from nothing, also where the index cannot be read.
        calibrate: fits the refusal to the finished index before it is published.

    Raises:
        SeedError: the seeds folder itself cannot be read.
        MismatchError: the index was made by another model or other text rules.
        StoreError: the index folder cannot be read or written, or another build is under way.
    """
    with store.building():
        store.discard_unused()  # what a killed build left may be the space that this one needs
        published = None if rebuild else _published(store, model)
        try:
            texts = store.texts.anew() if rebuild else store.texts
            changes = find_changes(
                seeds,
                known_of(published),
                max_seed_bytes,
                texts,
                all_anew=published is not None and published.manifest.has_other_text_rules,
            )
            run = _Build(store, model, open_embedder, published, changes, progress)
            report = run.report(run.new_manifest(calibrate))
            if report.published and not changes.texts.empty:
                # An earlier state that cannot be read may need any of them: a later build tidies.
                with suppress(DamagedIndexError, MismatchError):
                    changes.texts.discard_unused(store.documents())
        except OSError as error:
            raise unwritable(Path(error.filename or store.folder), error) from error
        finally:
            if published is not None:
                published.close()
            store.discard_unused()
    return report


def _published(store: Store, model: Model) -> Index | None:
    try:
        index = store.open(any_text_rules=True)
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
            self._embedder = self.open_embedder()
        return self._embedder

    def new_manifest(self, calibrate: Calibrate | None) -> Manifest | None:
        """Writes and publishes the new state; None where nothing differs from the published one."""
        with Journal(self.store.journal, self.model) as journal:
            written, merged = self._write_segments(journal)
            skipped = tuple(sorted(self.changes.skipped, key=lambda entry: entry.path))
            old = self.published.manifest if self.published is not None else None
            fell_back = self.published is not None and self.published.fallback is not None
            same = not written and not self.changes.gone and not fell_back
            if old and same and skipped == old.skipped:
                return None
            entries = [*self._kept_entries(merged), *written]
            trusted = None if old is None or old.has_other_text_rules else old
            manifest = Manifest(
                number=self.store.highest_number() + 1,
                created=datetime.now(UTC),
                model=self.model,
                segments=tuple(entries),
                documents=0,
                passages=0,
                skipped=skipped,
                calibration=trusted.calibration if trusted else {},
                question_means=trusted.question_means if trusted else self._question_means(),
            )
            manifest = self._counted(manifest, calibrate)
            self.store.publish(manifest)
        return manifest

    def _question_means(self) -> dict[str, list[float]]:
        means = question_means(self.embedder)
        return {language: mean.round(6).tolist() for language, mean in means.items()}

    def _counted(self, manifest: Manifest, calibrate: Calibrate | None) -> Manifest:
        """The manifest with its totals, and its calibration fitted to what it will publish."""
        index = self.store.read(manifest)
        try:
            passages = sum(segment.live for segment in index.segments)
            documents = sum(segment.live_documents for segment in index.segments)
            manifest = replace(manifest, documents=documents, passages=passages)
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
        vectors = VectorSource(lambda: self.embedder, self.changes.gone.values(), journal)
        merged: set[str] = set()
        with SegmentSeries(self.store, self.model) as series:
            for batch in _batches(self._prepared()):
                rows = vectors.of([passage for document in batch for passage in document.passages])
                for document in batch:
                    with series.room() as writer:
                        _write(writer, document, rows)
                self.passages += sum(len(document.passages) for document in batch)
                self.embedded = vectors.embedded
                self._tell()
            if self.published is not None:
                gone = self._gone_documents()
                for segment in segments_to_merge(self.published.segments, gone, self.passages):
                    self.store.verify(self.published.manifest, only=segment.name)
                    merged.add(segment.name)
                    for record in segment.documents():
                        if record.id not in gone.get(segment.name, ()):
                            with series.room() as writer:
                                _carry_over(writer, segment, record)
        return series.written, merged

    def _prepared(self) -> Iterator[PreparedDocument]:
        for file, document in self.changes.documents():
            yield prepare(file, document, indexed_ns=time.time_ns())
            self.bytes_done += file.size

    def _gone_documents(self) -> dict[str, set[int]]:
        gone: dict[str, set[int]] = {}
        for known in self.changes.gone.values():
            if known.segment is not None:
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
        current = manifest or (self.published.manifest if self.published is not None else None)
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
        writer.add(passage, vectors[passage.content])


def _carry_over(writer: SegmentWriter, segment: Segment, record: DocumentRecord) -> None:
    rows = list(range(record.first_row, record.first_row + record.passages))
    document = prepared_again(record, segment.catalog.passages(rows))
    writer.catalog.add_document(document.record)
    for row, passage in zip(rows, document.passages, strict=True):
        writer.add(passage, segment.vectors_of(row))
