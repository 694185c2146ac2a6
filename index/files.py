"""Files of the index folder: checksums, durable writing, and the errors they give rise to."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable
from pathlib import Path

from index.errors import DamagedIndexError, StoreError, reasons
from index.manifest import FileSum

_READ_BYTES = 1 << 20


def sums_of(folder: Path, files: Iterable[Path]) -> dict[str, FileSum]:
    """Sizes and checksums of `files` by their path below `folder`; all are on disk on return."""
    sums = {}
    for path in files:
        with open(path, "rb+") as file:
            os.fsync(file.fileno())
        sums[path.relative_to(folder).as_posix()] = FileSum(path.stat().st_size, crc_of(path))
    return sums


def crc_of(path: Path) -> int:
    """CRC-32 of a file's content."""
    crc = 0
    with open(path, "rb") as file:
        while block := file.read(_READ_BYTES):
            crc = zlib.crc32(block, crc)
    return crc


def write_synced(path: Path, text: str) -> None:
    """Replaces a file as a whole: readers see the old text or the new one."""
    temporary = path.with_name(path.name + ".new")
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def damaged(path: Path, reason: str) -> DamagedIndexError:
    """The error for a file of the index that is missing or altered."""
    return DamagedIndexError(
        f"Dizindeki {path} dosyası bozuk ({reason}): `danis index --rebuild` çalıştırın.",
        f"The index file {path} is damaged ({reason}): run `danis index --rebuild`.",
    )


def is_fault(error: BaseException) -> bool:
    """Whether something failed, and nobody asked to stop; a panic in Rust is no `Exception`."""
    return isinstance(error, Exception) or is_panic(error)


def is_panic(error: BaseException) -> bool:
    """Whether Rust code panicked; the class of that error cannot be imported."""
    return type(error).__name__ == "PanicException"


def reason_of(error: BaseException) -> str:
    """An error's first line, its kind where it says nothing."""
    _, english = reasons(error)
    return english


def unwritable(path: Path, error: BaseException) -> StoreError:
    """The error for a folder that a build cannot write."""
    turkish, english = reasons(error)
    return StoreError(
        f"{path} yazılamıyor ({turkish}): izinleri ve boş yeri denetleyin ya da INDEX_DIR "
        "ayarını değiştirin.",
        f"{path} cannot be written ({english}): check permissions and free space, or change "
        "INDEX_DIR.",
    )


def unreadable(path: Path, error: OSError) -> StoreError:
    """The error for a file that is there and may not be read."""
    turkish, english = reasons(error)
    return StoreError(
        f"{path} okunamıyor ({turkish}): izinlerini denetleyin.",
        f"{path} cannot be read ({english}): check its permissions.",
    )
