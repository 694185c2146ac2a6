"""Copies an index into a folder without embedding anything again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index.contents import Copyable
from index.prepare import prepared_again
from index.segment_series import SegmentSeries
from index.store import Store

Told = Callable[[int, int], None]


def copy_to_folder(source: Copyable, store: Store, progress: Told | None = None) -> str:
    """Publishes what `source` holds in the folder and returns its version.

    Raises:
        StoreError: the folder cannot be written, or a build is under way in it.
    """
    copied = 0
    with store.building():
        store.discard_unused()
        with SegmentSeries(store, source.manifest.model) as series:
            for contents in source.contents():
                document = prepared_again(contents.document, contents.passages)
                with series.room() as writer:
                    writer.catalog.add_document(document.record)
                    for passage, vectors in zip(document.passages, contents.vectors, strict=True):
                        writer.add(passage, vectors)
                copied += len(contents.passages)
                if progress is not None:
                    progress(copied, source.manifest.passages)
        number = max(source.manifest.number, store.highest_number() + 1)
        manifest = replace(source.manifest, number=number, segments=tuple(series.written))
        store.publish(manifest)
        store.discard_unused()
    return manifest.version
