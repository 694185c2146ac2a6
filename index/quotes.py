"""Checks quotes against the seeds themselves, so that a citation cannot point nowhere."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from index.documents import read
from index.errors import SeedError
from index.extracted import ExtractedTexts

KEPT_CHARACTERS = 8_000_000


class Seeds:
    """The seeds' current texts; those read last are kept while their files stay the same.

    Of a PDF and the like it is the text in `texts` that was extracted from a file with the same
    SHA-256 as the seed has now.
    """

    def __init__(self, folder: Path, max_bytes: int, texts: ExtractedTexts | None = None) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._extracted = texts
        self._texts: OrderedDict[str, tuple[tuple[int, ...], str]] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def holds(self, path: str, start: int, end: int, quote: str) -> bool:
        """Whether the seed's text has exactly `quote` from `start` to `end`, now."""
        text = self.text(path)
        return text is not None and text[start:end] == quote

    def text(self, path: str) -> str | None:
        """The seed's text, None where it cannot be read any more."""
        try:
            stat = (self._folder / path).stat()
            # Unlike the modification time, that of the last change of any kind cannot be set back.
            state = (stat.st_ino, stat.st_ctime_ns, stat.st_mtime_ns, stat.st_size)
            with self._lock:
                kept = self._texts.get(path)
                if kept is not None and kept[0] == state:
                    self._texts.move_to_end(path)
                    return kept[1]
            text = read(self._folder, path, self._max_bytes, self._extracted).text
        except (OSError, ValueError, SeedError):
            return None
        self._keep(path, state, text)
        return text

    def _keep(self, path: str, state: tuple[int, ...], text: str) -> None:
        with self._lock:
            if path in self._texts:
                self._characters -= len(self._texts.pop(path)[1])
            self._texts[path] = (state, text)
            self._characters += len(text)
            while self._characters > KEPT_CHARACTERS and len(self._texts) > 1:
                self._characters -= len(self._texts.popitem(last=False)[1][1])
