"""Files that admins send: safe names, and the seeds folder."""

from __future__ import annotations

import re
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path, PurePosixPath

from index.errors import SeedError, reasons
from index.formats import kind_of

LONGEST_NAME = 100  # UTF-8 bytes


def safe_name(name: str) -> str | None:
    """A file name without folders, controls or leading dots; None for a kind that is not read."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = unicodedata.normalize("NFC", base.encode("utf-8", "replace").decode())
    base = re.sub(r"[^\w .()\-]", "_", base).strip(" .")
    suffix = PurePosixPath(base).suffix
    if kind_of(base) is None:
        return None
    stem = PurePosixPath(base).stem.strip(" .") or "belge"
    while len(stem.encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return stem + suffix.lower()


def put_seed(folder: Path, name: str, content: bytes) -> None:
    """Writes a file into the seeds folder under `name`, in one step, over one of that name.

    Raises:
        SeedError: the folder cannot be written.
    """
    aside = folder / f".{secrets.token_hex(8)}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(folder / name)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        turkish, english = reasons(error)
        raise SeedError(
            f"{name} seeds klasörüne yazılamadı ({turkish}): klasörün izinlerine ve diske bakın.",
            f"{name} could not be written to the seeds folder ({english}): check its "
            "permissions and the disk.",
        ) from error


def is_another(path: Path, content: bytes) -> bool:
    """Whether there is a file at `path` that has another content."""
    try:
        return path.stat().st_size != len(content) or path.read_bytes() != content
    except FileNotFoundError:
        return False


def delete_seed(folder: Path, path: str) -> None:
    """Deletes a seed; a link is deleted itself, and nothing outside the folder ever.

    Raises:
        SeedError: the path leads out of the folder, or the file cannot be deleted.
    """
    target = folder / path
    try:
        if not target.parent.resolve().is_relative_to(folder.resolve()):
            raise PermissionError(1, "outside the seeds folder")
        target.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        turkish, english = reasons(error)
        raise SeedError(
            f"{path} silinemedi ({turkish}).", f"{path} could not be deleted ({english})."
        ) from error
