"""An exported archive: a ZIP whose manifest lists every file with its size and SHA-256.

    manifest.json              what it holds, see `Contents`
    index/…                    a published state of the index
    state/<table>.jsonl        what the bot remembers, a row a line

It is written aside and renamed when it is whole. Before anything of it is used it is read from end
to end: every file has to be listed, be what the list says, and bear a name that stays inside.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from index.errors import ArchiveError, reasons

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 64_000_000
_NAME = re.compile(r"(?:index|state)(?:/(?!\.\.?(?:/|$))[A-Za-z0-9_.-]+)+", re.ASCII)
_BLOCK = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,  # a way of packing that nobody here uses
    RuntimeError,  # encrypted
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Contents:
    """The manifest: who wrote the archive and when, the database's revision, and all files."""

    version: str
    created: str
    revision: str
    files: dict[str, tuple[int, str]] = field(default_factory=dict)  # name -> bytes, SHA-256
    format: int = FORMAT


class ArchiveWriter:
    """Writes an archive at `path`, for its owner's eyes only; nothing is left of a failure."""

    def __init__(self, path: Path, version: str, created: str, revision: str) -> None:
        self._path = path
        self._aside = path.with_name(f".{path.name}.part")
        self.contents = Contents(version, created, revision)

    def __enter__(self) -> ArchiveWriter:
        if self._path.exists():
            raise ArchiveError(
                f"{self._path} zaten var: başka bir ad verin.",
                f"{self._path} is there already: choose another name.",
            )
        with _writing(self._path):
            handle = os.open(self._aside, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
            self._file = os.fdopen(handle, "w+b")
            self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        return self

    def add(self, name: str, blocks: Iterable[bytes]) -> None:
        """Adds a file."""
        digest, size = hashlib.sha256(), 0
        with _writing(self._path), self._zip.open(name, "w", force_zip64=True) as file:
            for block in blocks:
                digest.update(block)
                size += len(block)
                file.write(block)
        self.contents.files[name] = (size, digest.hexdigest())

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                with _writing(self._path):
                    text = json.dumps(asdict(self.contents), ensure_ascii=False, indent=1)
                    self._zip.writestr(MANIFEST, text)
                    self._zip.close()
                    self._file.flush()
                    os.fsync(self._file.fileno())
                    self._aside.rename(self._path)
        finally:
            with suppress(OSError, ValueError):
                self._zip.close()
            with suppress(OSError):
                self._file.close()
            self._aside.unlink(missing_ok=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turns what the disk refuses into words."""
    try:
        yield
    except OSError as error:
        turkish, english = reasons(error)
        raise ArchiveError(
            f"{path} yazılamıyor ({turkish}): izinleri ve boş yeri denetleyin.",
            f"{path} cannot be written ({english}): check permissions and free space.",
        ) from error


class ArchiveReader:
    """Reads an archive that was found whole.

    Raises:
        ArchiveError: it is none, is damaged, was altered, or is of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.contents = self._verified()
        except OSError as error:
            turkish, english = reasons(error)
            raise ArchiveError(
                f"{path} okunamıyor ({turkish}): `danis export` ile yazılan dosyanın yolunu verin.",
                f"{path} cannot be read ({english}): give the path of the file that "
                "`danis export` wrote.",
            ) from error
        except _DAMAGE as error:
            raise self.damaged(str(error) or type(error).__name__) from error

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def names(self, folder: str) -> list[str]:
        """The files below a folder, in the order they were written."""
        return [name for name in self.contents.files if name.startswith(f"{folder}/")]

    def open(self, name: str) -> IO[bytes]:
        """A file's content as a stream.

        Raises:
            ArchiveError: there is no such file.
        """
        if name not in self.contents.files:
            raise self.damaged(f"{name} is missing")
        return self._zip.open(name)

    def blocks(self, name: str) -> Iterator[bytes]:
        """A file's content, block by block."""
        with self.open(name) as file:
            while block := file.read(_BLOCK):
                yield block

    def damaged(self, reason: str) -> ArchiveError:
        """The error for an archive that cannot be used."""
        return ArchiveError(
            f"{self._path} kullanılamıyor ({reason}): bozuk ya da bir Danış arşivi değil; başka "
            "bir yedek deneyin. Hiçbir şey değiştirilmedi.",
            f"{self._path} cannot be used ({reason}): it is damaged or no archive of Danış; try "
            "another backup. Nothing was changed.",
        )

    def _verified(self) -> Contents:
        info = self._zip.getinfo(MANIFEST)
        if info.file_size > MOST_MANIFEST_BYTES:
            raise ValueError("manifest too large")
        whole: dict[str, Any] = json.loads(self._zip.read(MANIFEST))
        if whole["format"] != FORMAT:
            raise ArchiveError(
                f"{self._path} daha yeni bir Danış'ın arşivi: Danış'ı güncelleyin.",
                f"{self._path} is an archive of a newer Danış: upgrade Danış.",
            )
        files = {name: (int(size), str(digest)) for name, (size, digest) in whole["files"].items()}
        names = self._zip.namelist()
        if sorted(names) != sorted([MANIFEST, *files]):
            raise ValueError("its files are not those of its list")
        for name, (size, digest) in files.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"a file is called {name!r}")
            if self._zip.getinfo(name).file_size != size or self._digest(name, size) != digest:
                raise ValueError(f"{name} was altered")
        return Contents(whole["version"], whole["created"], whole["revision"], files)

    def _digest(self, name: str, size: int) -> str:
        digest, read = hashlib.sha256(), 0
        with self._zip.open(name) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                read += len(block)
                if read > size:
                    raise ValueError(f"{name} is longer than it says")
        return digest.hexdigest()
