"""What differs between the seeds folder and the published index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.documents import Document, SeedFile, read, scan
from index.errors import SeedError
from index.extracted import ExtractedTexts
from index.manifest import Skipped
from index.reader import Index
from index.records import DocumentRecord
from index.segment import Segment

# A file written this shortly before it was indexed may have changed again unseen.
RACY_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the published index, and the segment that holds it where a folder does."""

    record: DocumentRecord
    segment: Segment | None = None


@dataclass(slots=True)
class Changes:
    """The files to read, and the documents that stay or leave; `documents` fills the rest."""

    seeds: Path
    fresh: list[SeedFile]
    kept: dict[str, Known]
    gone: dict[str, Known]
    skipped: list[Skipped]
    texts: ExtractedTexts
    all_anew: bool  # also what did not change, for other text rules made its terms
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)

    def documents(self) -> Iterator[tuple[SeedFile, Document]]:
        """Reads the fresh files one after the other; what cannot be indexed joins `skipped`."""
        first_with = {known.record.digest: path for path, known in self.kept.items()}
        present = {file.path for file in self.fresh}
        left = {
            known.record.digest: path for path, known in self.gone.items() if path not in present
        }
        for file in self.fresh:
            try:
                document = read(self.seeds, file, texts=self.texts)
            except SeedError as error:
                self.skipped.append(Skipped(file.path, error.turkish, error.english))
                continue
            first = first_with.setdefault(document.digest, file.path)
            if first != file.path:
                self.skipped.append(_duplicate(file.path, first))
                continue
            if self._proves_unchanged(file, document):
                continue
            was = self.gone.get(file.path)
            if was is not None:
                if was.record.digest != document.digest:
                    self.changed.append(file.path)
            elif document.digest in left:
                self.renamed.append((left.pop(document.digest), file.path))
            else:
                self.added.append(file.path)
            yield file, document

    def _proves_unchanged(self, file: SeedFile, document: Document) -> bool:
        """Whether a file that may have changed unseen is after all the one that was indexed."""
        was = self.gone.get(file.path)
        if self.all_anew or was is None or was.record.digest != document.digest:
            return False
        if was.record.mtime_ns != file.mtime_ns:
            return False  # indexed anew for its time's sake, so that it need not be read again
        self.kept[file.path] = self.gone.pop(file.path)
        return True

    @property
    def removed(self) -> list[str]:
        """Paths that left the folder; complete once `documents` has been read."""
        moved = {old for old, _ in self.renamed}
        present = {file.path for file in self.fresh}
        return sorted(path for path in self.gone if path not in present and path not in moved)


def known_of(published: Index | None) -> Iterator[Known]:
    """The documents of an index folder, and none where there is no index."""
    for segment in published.segments if published is not None else ():
        for record in segment.documents():
            yield Known(record, segment)


def find_changes(
    seeds: Path,
    published: Iterable[Known],
    max_seed_bytes: int,
    texts: ExtractedTexts,
    *,
    all_anew: bool = False,
) -> Changes:
    """Compares the folder with the published index by names, sizes and times.

    Texts extracted from complex files are looked up in `texts` and kept there; `all_anew` is for
    an index whose every document must be read again.

    Raises:
        SeedError: the folder itself cannot be read.
    """
    files, rejected = scan(seeds, max_seed_bytes)
    known = {one.record.path: one for one in published}
    kept, fresh = {}, []
    for file in files:
        was = known.get(file.path)
        if not all_anew and was is not None and _untouched(file, was.record):
            kept[file.path] = known.pop(file.path)
        else:
            fresh.append(file)
    skipped = [Skipped(r.path, r.reason.turkish, r.reason.english) for r in rejected]
    if all_anew:
        texts = texts.anew()
    return Changes(seeds, fresh, kept, gone=known, skipped=skipped, texts=texts, all_anew=all_anew)


def _untouched(file: SeedFile, record: DocumentRecord) -> bool:
    return (
        file.size == record.size
        and file.mtime_ns == record.mtime_ns
        and record.mtime_ns + RACY_NS < record.indexed_ns
    )


def _duplicate(path: str, first: str) -> Skipped:
    return Skipped(
        path,
        f"{path}: içeriği {first} ile aynı; biri dizine alındı, öbürünü silebilirsiniz.",
        f"{path}: same content as {first}; one is indexed, you can delete the other.",
    )
