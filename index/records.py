"""Documents and passages as the index knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from index.languages import language_of_part
from index.passages import Span


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as the index knows it; its passages are rows first_row to first_row + passages."""

    id: int
    path: str
    title: str
    date: date | None
    source: str
    language: str
    digest: str
    size: int
    mtime_ns: int
    indexed_ns: int
    first_row: int
    passages: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage as the index knows it; `text` is the seed's text from `start` to `end`."""

    row: int
    document: DocumentRecord
    start: int
    end: int
    ordinal: int
    page: int | None
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]
    key: str
    text: str

    @property
    def language(self) -> str:
        """The passage's own language."""
        return language_of_part(self.text, self.document.language)

    @property
    def sentence_texts(self) -> list[str]:
        """The passage's sentences, word for word."""
        return [self.text[s.start - self.start : s.end - self.start] for s in self.sentences]
