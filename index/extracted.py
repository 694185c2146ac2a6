"""The texts of PDF, Word and other complex files, extracted once and kept with the index.

    texts/<sha256 of the file>-<reader>     the text, or why there is none

A citation of such a file points into its extracted text, which must stay what it was when the
index was built; and a file that did not change is not parsed again, whatever it is called.
`danis index --rebuild` parses all anew, and so does a build by other text rules: a reader that
changes needs a new TEXT_RULES_VERSION. A file whose reader was ended before it was done is tried
again by a later build, for that may have been chance, but not soon, for it may cost minutes.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from index.errors import SeedError
from index.formats import Kind, kind_of
from index.formats.extract import Extract

AGAIN_SECONDS = 3_600.0  # after which a reader that did not finish is tried again


class ExtractedTexts:
    """The folder of extracted texts; without one, every file is parsed each time.

    `anew` parses what is kept as well.
    """

    def __init__(self, folder: Path | None = None, *, anew: bool = False) -> None:
        self._folder = folder
        self._anew = anew
        self._used: set[str] = set()

    def anew(self) -> ExtractedTexts:
        """The same folder, but every file is parsed again."""
        return ExtractedTexts(self._folder, anew=True)

    def of(self, kind: Kind, digest: str, raw: bytes) -> Extract:
        """The text of a file with this SHA-256.

        Raises:
            SeedError: it cannot be read; without its name.
            OSError: the text cannot be kept.
        """
        name = _name(digest, kind)
        first = self._anew and name not in self._used
        kept = None if first else self._kept(name)
        self._used.add(name)
        if kept is None:
            kept = self._read(kind, raw)
            self._keep(name, kept)
        if "error" in kept:
            raise SeedError(*kept["error"])
        return Extract.from_json(kept["extract"])

    def discard_unused(self, documents: Iterable[tuple[str, str]]) -> None:
        """Removes all texts but those of these (path, SHA-256) and those asked for so far."""
        if self._folder is None or not self._folder.is_dir():
            return
        kept = set(self._used)
        for path, digest in documents:
            kind = kind_of(path)
            if kind is not None and kind.apart:
                kept.add(_name(digest, kind))
        for path_of_text in list(self._folder.iterdir()):
            if path_of_text.name not in kept:
                path_of_text.unlink(missing_ok=True)

    @property
    def empty(self) -> bool:
        """Whether no text is kept."""
        return self._folder is None or not self._folder.is_dir() or not any(self._folder.iterdir())

    def _read(self, kind: Kind, raw: bytes) -> dict[str, Any]:
        # Imported here: most folders hold plain text only.
        from index.formats.apart import MissingPackageError, UnfinishedError, read_apart
        from index.formats.missing import missing_package

        try:
            return {"extract": read_apart(kind.module, raw)}
        except MissingPackageError as error:
            raise missing_package(kind, error.name or "") from None
        except SeedError as error:
            unfinished = isinstance(error, UnfinishedError)
            return {"error": (error.turkish, error.english), "unfinished": unfinished}

    def _kept(self, name: str) -> dict[str, Any] | None:
        """What is kept under a name; None where it is not there, damaged or to be tried again."""
        if self._folder is None:
            return None
        path = self._folder / name
        try:
            kept = json.loads(zlib.decompress(path.read_bytes()))
            if "error" not in kept:
                Extract.from_json(kept["extract"])
            elif kept.get("unfinished") and time.time() - path.stat().st_mtime > AGAIN_SECONDS:
                return None
            return dict(kept)
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None

    def _keep(self, name: str, content: dict[str, Any]) -> None:
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = self._folder / f"{name}.{os.getpid()}.new"
        with open(aside, "wb") as file:
            file.write(zlib.compress(json.dumps(content, ensure_ascii=False).encode()))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._folder / name)


def _name(digest: str, kind: Kind) -> str:
    return f"{digest}-{kind.name}"
