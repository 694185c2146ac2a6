"""What an exported archive holds, index and memory, and how it comes back, all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import sqlalchemy as sa

from bot import replica, table_copy
from bot.archive import ArchiveReader, ArchiveWriter
from bot.schema import REVISION
from bot.state import State
from index.errors import ArchiveError, DamagedIndexError, MismatchError, NoIndexError
from index.files import reason_of, unwritable
from index.manifest import Manifest, SegmentEntry
from index.store import Store
from index.tuning import FILE as TUNING

INDEX_MANIFEST = "index/manifest.json"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Moved:
    """What was exported or imported; no documents: without an index that can be used."""

    documents: int
    passages: int
    rows: int


def export(path: Path, store: Store, state: State) -> Moved:
    """Writes the published index and the bot's memory to a new archive at `path`.

    Both may be in use; the memory is that of one moment, the index the one published then.

    Raises:
        ArchiveError: the archive cannot be written.
        StoreError: the index cannot be read, or is damaged.
    """
    created = datetime.now(UTC).isoformat(timespec="seconds")
    with ArchiveWriter(path, _release(), created, REVISION) as archive:
        manifest = _export_index(archive, store)
        rows = 0
        with table_copy.snapshot(state) as db:
            for table in table_copy.TABLES:
                counted = _Counted(table_copy.lines(db, table))
                archive.add(f"state/{table.name}.jsonl", counted)
                rows += counted.count
    return _moved(manifest, rows)


def restore(path: Path, store: Store, state: State, *, over: bool = False) -> Moved:
    """Makes index and memory those of the archive; a failure before the end changes nothing.

    The new index lies beside the old one until the memory is written; then one rename publishes
    it, the memory's transaction is committed, and whoever answers picks both up. An index of
    another format is left out, since it can be made anew of the documents.

    Raises:
        ArchiveError: the archive cannot be used; the bot is running; there is something already
            and it is not to be written `over`.
        StoreError: the index cannot be written.
    """
    with ArchiveReader(path) as archive:
        if archive.contents.revision > REVISION:
            raise ArchiveError(
                f"{path} daha yeni bir Danış'ın arşivi: Danış'ı güncelleyin.",
                f"{path} is an archive of a newer Danış: upgrade Danış.",
            )
        _refuse_in_use(state, store, over)
        if INDEX_MANIFEST not in archive.contents.files:
            return _moved(None, _restore_state(archive, state, lambda: None))
        with store.building():
            manifest: Manifest | None = None
            with suppress(MismatchError):
                manifest = _restore_segments(archive, store)

            def publish() -> None:
                _restore_tuning(archive, store)
                if manifest is not None:
                    store.publish(manifest)

            try:
                rows = _restore_state(archive, state, publish)
            except BaseException as error:
                if manifest is not None:
                    _discard(store, manifest)
                if isinstance(error, OSError):
                    raise unwritable(store.folder, error) from error
                raise
            store.discard_unused()
        return _moved(manifest, rows)


def _moved(manifest: Manifest | None, rows: int) -> Moved:
    return Moved(manifest.documents, manifest.passages, rows) if manifest else Moved(0, 0, rows)


class _Counted:
    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.count += 1
            yield line


def _export_index(archive: ArchiveWriter, store: Store) -> Manifest | None:
    try:
        manifest = store.manifest()
    except NoIndexError:
        return None
    with store.building():  # nothing is removed meanwhile
        manifest = store.manifest()
        store.verify(manifest)
        archive.add(INDEX_MANIFEST, [manifest.to_json().encode()])
        for entry in manifest.segments:
            for name in entry.files:
                source = store.segments / entry.name / name
                archive.add(f"index/segments/{entry.name}/{name}", _blocks(source))
        texts = store.folder / "texts"
        for source in sorted(texts.iterdir()) if texts.is_dir() else ():
            if source.is_file() and not source.name.startswith("."):
                archive.add(f"index/texts/{source.name}", _blocks(source))
        if (store.folder / TUNING).is_file():
            archive.add(f"index/{TUNING}", _blocks(store.folder / TUNING))
    return manifest


def _blocks(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _refuse_in_use(state: State, store: Store, over: bool) -> None:
    running = replica.living(state)
    if running:
        raise ArchiveError(
            f"Bot çalışıyor ({running} süreç): önce durdurun.",
            f"The bot is running ({running} processes): stop it first.",
        )
    with state.begin() as db:
        empty = table_copy.is_empty(db) and not store.current_name()
    if not empty and not over:
        raise ArchiveError(
            "Burada bir dizin ya da bot belleği zaten var; yerine arşivdekini koymak için "
            "`--replace` ekleyin.",
            "There is an index or a memory of the bot here already; add `--replace` to put those "
            "of the archive in their place.",
        )


def _restore_state(archive: ArchiveReader, state: State, publish: Callable[[], None]) -> int:
    """Replaces the memory in one transaction, and publishes the index before its end."""

    def rows_of(table: str) -> Iterable[bytes]:
        name = f"state/{table}.jsonl"
        if name not in archive.contents.files:
            return
        with archive.open(name) as file:
            yield from file

    try:
        with state.begin(durable=True) as db:
            rows = table_copy.replace(db, rows_of)
            publish()
            return rows
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise archive.damaged(reason_of(error)) from error
    except sa.exc.DBAPIError as error:
        raise archive.damaged(reason_of(error.orig or error)) from error


def _restore_segments(archive: ArchiveReader, store: Store) -> Manifest:
    """Writes the archive's segments under names of their own and returns the state they make.

    Raises:
        ArchiveError: the archive's index is damaged.
        MismatchError: it has another format; nothing was written.
        StoreError: the folder cannot be written.
    """
    try:
        with archive.open(INDEX_MANIFEST) as file:
            told = Manifest.from_json(file.read().decode("utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise archive.damaged(reason_of(error)) from error
    number = max(told.number, store.highest_number() + 1)
    written: list[SegmentEntry] = []
    try:
        for entry in told.segments:
            folder = store.new_segment_folder()
            written.append(replace(entry, name=folder.name))
            for name in entry.files:
                target = folder / name
                if not target.resolve().is_relative_to(folder.resolve()):
                    raise archive.damaged(f"a file is called {name!r}")
                _write(target, archive.blocks(f"index/segments/{entry.name}/{name}"))
        manifest = replace(told, number=number, segments=tuple(written))
        store.verify(manifest)
        store.read(manifest).close()
        _restore_texts(archive, store)
        return manifest
    except BaseException as error:
        _discard(store, replace(told, segments=tuple(written)))
        if isinstance(error, DamagedIndexError):
            raise archive.damaged(error.english) from error
        if isinstance(error, OSError):
            raise unwritable(store.folder, error) from error
        raise


def _restore_texts(archive: ArchiveReader, store: Store) -> None:
    """Texts of files are named by their content, so those that are there are right."""
    for name in archive.names("index/texts"):
        target = store.folder / "texts" / name.rpartition("/")[2]
        if not target.exists():
            _write(target, archive.blocks(name))


def _restore_tuning(archive: ArchiveReader, store: Store) -> None:
    if f"index/{TUNING}" in archive.contents.files:
        _write(store.folder / TUNING, archive.blocks(f"index/{TUNING}"))


def _write(target: Path, blocks: Iterable[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.part")
    with open(aside, "wb") as file:
        file.writelines(blocks)
    aside.replace(target)


def _discard(store: Store, manifest: Manifest) -> None:
    for entry in manifest.segments:
        shutil.rmtree(store.segments / entry.name, ignore_errors=True)


def _release() -> str:
    try:
        return version("danis")
    except PackageNotFoundError:
        return "?"
