"""The index folder: immutable segments, a manifest for each published state, one atomic switch.

    CURRENT                  the name of the manifest that readers use
    manifests/000007.json    which segments make up this state, what made them, their checksums
    segments/<name>/         see `index.segment`; never changed after publication
    texts/                   see `index.extracted`
    journal/                 vectors of a build that has not been published yet
    lock                     held by the one build that may run

A build writes new segments aside, then a new manifest, then renames CURRENT. Readers that have
the old state open keep it; the last good state stays on disk until the build after next.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from index.catalog import Catalog
from index.errors import BusyIndexError, DamagedIndexError, MismatchError, NoIndexError
from index.extracted import ExtractedTexts
from index.files import (
    crc_of,
    damaged,
    reason_of,
    sync_folder,
    unreadable,
    unwritable,
    write_synced,
)
from index.manifest import Manifest
from index.reader import Index
from index.segment import SegmentFiles
from index.text import TEXT_RULES_VERSION

KEPT_STATES = 2
# So much is compared by its checksum on opening, the smallest files first; the rest by its size,
# and by `danis doctor` or after an error by its checksum too.
VERIFY_ON_OPEN_BYTES = 48_000_000
_MANIFEST_NAME = re.compile(r"\d{6,}\.json", re.ASCII)


class Store:
    """The index folder on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifests = folder / "manifests"
        self.segments = folder / "segments"
        self.journal = folder / "journal"
        self.current = folder / "CURRENT"
        self.texts = ExtractedTexts(folder / "texts")

    def current_name(self) -> str:
        """The name of the published manifest, "" where nothing was published; one small read."""
        try:
            return self.current.read_text(encoding="ascii", errors="replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise unreadable(self.current, error) from error

    def manifest(self) -> Manifest:
        """The published manifest, or the newest readable one where that is damaged.

        Raises:
            NoIndexError: nothing was ever published here.
            DamagedIndexError: manifests are there and none can be read.
            MismatchError: the index has another format.
        """
        return next(self.readable_manifests())

    def readable_manifests(self) -> Iterator[Manifest]:
        """The published manifest first, then older ones, each that can be read."""
        names = sorted((path.name for path in self._manifest_files()), reverse=True)
        current = self.current_name()
        if not names:
            raise NoIndexError(
                "Henüz bir dizin yok: `danis index` çalıştırın.",
                "There is no index yet: run `danis index`.",
            )
        if current in names:
            # A newer manifest than CURRENT was written by a build that did not get to publish.
            names = names[names.index(current) :]
        found = False
        problem: Exception | None = None
        for name in names:
            try:
                manifest = Manifest.from_json((self.manifests / name).read_text(encoding="utf-8"))
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                problem = problem or error
                continue
            found = True
            yield manifest
        if not found:
            raise damaged(self.manifests / names[0], str(problem))

    def highest_number(self) -> int:
        """The highest number of any manifest on disk, 0 where there is none."""
        return max((int(path.stem) for path in self._manifest_files()), default=0)

    def _manifest_files(self) -> Iterator[Path]:
        for path in self.manifests.iterdir() if self.manifests.is_dir() else ():
            if _MANIFEST_NAME.fullmatch(path.name):
                yield path

    def open(self, *, thoroughly: bool = False, any_text_rules: bool = False) -> Index:
        """Opens the published state; where its files are damaged, the last good one before it.

        `thoroughly` compares every file by its checksum, however large they are; a build takes a
        state made by other text rules too, to carry its vectors over.

        Raises:
            NoIndexError, DamagedIndexError, MismatchError
        """
        most_bytes = None if thoroughly else VERIFY_ON_OPEN_BYTES
        problem: DamagedIndexError | None = None
        current = self.current_name()
        for manifest in self.readable_manifests():
            try:
                if not any_text_rules:
                    check_text_rules(manifest)
                self.verify(manifest, most_bytes=most_bytes)
                return self.read(manifest, fallback=problem)
            except DamagedIndexError as error:
                problem = problem or error
        assert problem is not None
        if self.current_name() != current:
            # Builds that ended meanwhile have removed the states that were listed.
            return self.open(thoroughly=thoroughly, any_text_rules=any_text_rules)
        raise problem

    def read(self, manifest: Manifest, *, fallback: DamagedIndexError | None = None) -> Index:
        """Opens a state whose files are all there, published or not."""
        return Index(self.segments, manifest, fallback=fallback)

    def verify(self, manifest: Manifest, *, most_bytes: int | None = None, only: str = "") -> None:
        """Compares all sizes, and checksums of the smallest files that have `most_bytes` together.

        `only` names the one segment that is looked at.

        Raises:
            DamagedIndexError: naming the first file that is missing or differs.
        """
        files = [
            (sums.size, sums.crc, self.segments / entry.name / name)
            for entry in manifest.segments
            if only in ("", entry.name)
            for name, sums in entry.files.items()
        ]
        compared = 0
        for size, crc, path in sorted(files):
            compared += size
            try:
                if path.stat().st_size != size:
                    raise damaged(path, f"{path.stat().st_size} bytes instead of {size}")
                if (most_bytes is None or compared <= most_bytes) and crc_of(path) != crc:
                    raise damaged(path, "checksum differs")
            except OSError as error:
                raise damaged(path, error.strerror or str(error)) from error

    @contextmanager
    def building(self) -> Iterator[None]:
        """Holds the build lock; the system frees it when the process ends, however it ends.

        Raises:
            BusyIndexError: another build holds it.
            StoreError: the folder cannot be written.
        """
        import fcntl

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = open(self.folder / "lock", "a")  # noqa: SIM115
        except OSError as error:
            raise unwritable(self.folder, error) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BusyIndexError(
                    f"Başka bir dizinleme sürüyor ({self.folder}): bitmesini bekleyin.",
                    f"Another build is under way ({self.folder}): wait for it to end.",
                ) from None
            yield

    def new_segment_folder(self) -> Path:
        """A folder for a segment that is about to be written."""
        self.segments.mkdir(parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d%H%M%S}-{os.urandom(3).hex()}"
        return self.segments / name

    def publish(self, manifest: Manifest) -> None:
        """Makes `manifest` the state that readers open; all or nothing."""
        for folder in (self.segments, self.manifests):
            folder.mkdir(parents=True, exist_ok=True)
        for entry in manifest.segments:
            sync_folder(self.segments / entry.name)
        name = f"{manifest.number:06}.json"
        write_synced(self.manifests / name, manifest.to_json())
        sync_folder(self.manifests)
        sync_folder(self.segments)
        write_synced(self.current, name)
        sync_folder(self.folder)

    def documents(self) -> Iterator[tuple[str, str]]:
        """(path, SHA-256) of every document in the states that are kept, dead ones too.

        Raises:
            DamagedIndexError, MismatchError: one of those states cannot be read.
        """
        names = {
            entry.name
            for manifest in islice(self.readable_manifests(), KEPT_STATES)
            for entry in manifest.segments
        }
        for name in sorted(names):
            path = SegmentFiles(self.segments / name).catalog
            try:
                catalog = Catalog(path)
                for record in catalog.documents():
                    yield record.path, record.digest
                catalog.close()
            except (sqlite3.Error, ValueError, TypeError) as error:
                raise damaged(path, reason_of(error)) from error

    def discard_unused(self) -> None:
        """Removes what neither the published state nor the one before it uses.

        Only for the build that holds the lock: what another one has begun is not published.
        """
        try:
            kept = list(islice(self.readable_manifests(), KEPT_STATES))
        except (NoIndexError, MismatchError, DamagedIndexError):
            return  # nothing is known to be unused
        names = {f"{manifest.number:06}.json" for manifest in kept}
        segments = {entry.name for manifest in kept for entry in manifest.segments}
        for path in list(self._manifest_files()):
            if path.name not in names:
                path.unlink(missing_ok=True)
        for path in list(self.segments.iterdir()) if self.segments.is_dir() else ():
            if path.name not in segments:
                shutil.rmtree(path, ignore_errors=True)


def check_text_rules(manifest: Manifest) -> None:
    """
    Raises:
        MismatchError: the manifest's terms were made by other rules than this version's.
    """
    if manifest.has_other_text_rules:
        raise MismatchError(
            f"Dizin {manifest.text_rules} sürümlü metin kurallarıyla kuruldu, bu sürümünkü "
            f"{TEXT_RULES_VERSION}: `danis index` çalıştırın (vektörler korunur).",
            f"The index was built with text rules {manifest.text_rules}, this version has "
            f"{TEXT_RULES_VERSION}: run `danis index` (the vectors are kept).",
        )
