"""What a reader makes of a file: its text with headings and pages marked, and whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from index.errors import SeedError
from index.headers import TITLE_LENGTH, heading_text, markdown_header

MOST_CHARACTERS = 20_000_000

# Letters that fonts and word processors join or break up; soft hyphens and zero-width marks.
_JOINED = {ord("ﬀ"): "ff", ord("ﬁ"): "fi", ord("ﬂ"): "fl", ord("ﬃ"): "ffi", ord("ﬄ"): "ffl"}
_DROPPED = dict.fromkeys(map(ord, "\xad\u200b\u2060\ufeff\ufffe"))
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MARK = re.compile(r"^\s*(?:```|~~~)+|^(\s*#{1,6})[ \t]+")
_BLANK_LINES = re.compile(r"\n\s*\n")
_WORD = re.compile(r"[^\W_]")
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - .*|untitled.*|ad[ıi]s[ıi]z.*|başlıks[ıi]z.*|belge ?\d*|"
    r"document ?\d*|(?:\S+\.(?:docx?|pdf|odt|html?|indd|qxd|tex|dvi|xlsx?|pptx?)))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extract:
    """A file as text: `text` is what every offset points into, `body` where its own words begin.

    Where it is `markdown`, `#` marks headings; form feeds part pages where the file has pages.
    """

    text: str
    title: str = ""
    date: date | None = None
    source: str = ""
    url: str = ""
    body: int = 0
    markdown: bool = True

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self) | {"date": self.date.isoformat() if self.date else None}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Extract:
        """Reads what `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        when = date.fromisoformat(fields["date"]) if fields["date"] else None
        return cls(**fields | {"date": when})


class Blocks:
    """Collects a document's headings, paragraphs, list items, rows and pages as one text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._characters = 0

    @property
    def characters(self) -> int:
        """How much has been collected."""
        return self._characters

    def heading(self, level: int, text: str) -> None:
        """A heading; `level` 1 is the highest."""
        if words := " ".join(tidy(text).split()):
            self._add("#" * min(max(level, 1), 6) + " " + words)

    def paragraph(self, text: str, mark: str = "") -> None:
        """A paragraph, its line breaks kept; `mark` stands before it, such as "- ".

        Where there are blank lines in it, they part several.
        """
        for part in _BLANK_LINES.split(tidy(text)):
            lines = (" ".join(line.split()) for line in part.splitlines())
            kept = [_MARK.sub("\\1\xa0", line).strip() for line in lines if _WORD.search(line)]
            if kept:
                self._add(mark + "\n".join(kept))
                mark = ""

    def row(self, cells: Iterable[str]) -> None:
        """A row of a table."""
        words = [" ".join(tidy(cell).split()) for cell in cells]
        if any(_WORD.search(cell) for cell in words):
            if len(self._parts) > 1 and self._parts[-2].startswith("| "):
                self._parts[-1] = "\n"  # rows stand together
            self._add("| " + " | ".join(cell for cell in words if cell) + " |")

    def page(self) -> None:
        """What follows stands on the next page."""
        self._parts.append("\f")

    def extract(
        self, title: str = "", when: date | None = None, source: str = "", url: str = ""
    ) -> Extract:
        """All of it with what the file says of itself; the first `#` where it gives no title."""
        text = "".join(self._parts).rstrip("\n")
        title = heading_text(tidy(title))
        title = "" if _NO_TITLE.fullmatch(title) else title[:TITLE_LENGTH]
        source = " ".join(tidy(source).split())[:TITLE_LENGTH]
        return Extract(text, title or markdown_header(text).title, when, source, url)

    def _add(self, block: str) -> None:
        self._parts += (block, "\n\n")
        self._characters += len(block)
        if self._characters > MOST_CHARACTERS:
            raise SeedError(
                f"içinden {MOST_CHARACTERS} karakterden çok metin çıkıyor; bölün.",
                f"it unpacks to more than {MOST_CHARACTERS} characters of text; split it.",
            )


def tidy(text: str) -> str:
    """Text in composed letters, without ligatures, soft hyphens and control characters."""
    text = unicodedata.normalize("NFC", text.translate(_DROPPED).translate(_JOINED))
    return _UNFIT.sub(" ", text)


def dated(text: str) -> date | None:
    """The day that a file's own date (2026-01-29T10:00:00Z, D:20260129…) names, if it can be."""
    match = re.match(r"(?:D:)?(\d{4})-?(\d\d)-?(\d\d)(?:\D|\d{6}|$)", text.strip())
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day if date(1980, 1, 1) < day else None  # where programs begin to count


def joined_source(*names: str) -> str:
    """Outlet and author in one, the empty ones and repetitions left out."""
    return "/".join(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
