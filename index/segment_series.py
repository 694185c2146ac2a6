"""The segments that one build writes, each closed when it is large enough."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from index.files import is_panic, sums_of, unwritable
from index.manifest import Model, SegmentEntry
from index.segment import SegmentWriter
from index.store import Store

# A segment that has grown this large is closed and another begun: bounds a build's memory.
MOST_PASSAGES_PER_SEGMENT = 250_000


class SegmentSeries:
    """Segments written one after the other, each closed when it is large enough."""

    def __init__(self, store: Store, model: Model) -> None:
        self.written: list[SegmentEntry] = []
        self._store = store
        self._model = model
        self._writer: SegmentWriter | None = None

    @contextmanager
    def room(self) -> Iterator[SegmentWriter]:
        """The writer that takes the next document.

        Raises:
            StoreError: it cannot be written, as on a full disk.
        """
        if self._writer is not None and self._writer.catalog.rows >= MOST_PASSAGES_PER_SEGMENT:
            self._close()
        if self._writer is None:
            folder = self._store.new_segment_folder()
            with self._writing():
                self._writer = SegmentWriter(folder, self._model.dimensions)
        with self._writing():
            yield self._writer

    def _close(self) -> None:
        if self._writer is None:
            return
        with self._writing():
            self._writer.close()
            folder = self._writer.files.folder
            sums = sums_of(folder, self._writer.files.all())
        self.written.append(SegmentEntry(folder.name, self._writer.catalog.rows, sums))
        self._writer = None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Each engine has its own error for a disk that is full."""
        try:
            yield
        except BaseException as error:
            engine = isinstance(error, (OSError, RuntimeError, ValueError, sqlite3.Error))
            if not engine and not is_panic(error):
                raise
            raise unwritable(self._store.segments, error) from error

    def __enter__(self) -> SegmentSeries:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._close()
        finally:
            if self._writer is not None:
                self._writer.abandon()
