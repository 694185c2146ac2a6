"""Files that admins send: safe names, and the seeds folder."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from contextlib import suppress
from pathlib import Path, PurePosixPath

from index.errors import SeedError
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


def put_seed(folder: Path, waiting: Path, name: str) -> None:
    """Moves a file into the seeds folder under `name`, in one step, over one of that name.

    Raises:
        SeedError: the folder cannot be written.
    """
    aside = folder / f".{secrets.token_hex(8)}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(waiting, aside)
        aside.replace(folder / name)
        waiting.unlink(missing_ok=True)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise SeedError(
            f"{name} seeds klasörüne yazılamadı ({error.strerror}): klasörün izinlerine ve diske "
            "bakın.",
            f"{name} could not be written to the seeds folder ({error.strerror}): check its "
            "permissions and the disk.",
        ) from error


def sweep(waiting: Path, seconds: float) -> None:
    """Removes files that have waited for a decision for longer than `seconds`."""
    for folder in waiting.iterdir() if waiting.is_dir() else ():
        if time.time() - folder.stat().st_mtime > seconds:
            shutil.rmtree(folder, ignore_errors=True)


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
        reason = getattr(error, "strerror", None) or str(error)
        raise SeedError(
            f"{path} silinemedi ({reason}).", f"{path} could not be deleted ({reason})."
        ) from error
