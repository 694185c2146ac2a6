"""Kinds of files that are read as seeds: one reader each, imported when such a file is met.

A reader is a module with `extract(raw: bytes) -> Extract`, raising SeedError with the reason (the
file's name is added by who called). Text files are read here, all others by `index.formats.apart`
in a process of their own, since they are complex and may be made to do harm.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "Kind", "kind_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its reader, what its content may look like, and what the reader needs.

    `contents` are names that `sniffing.content_of` gives. `extra` is the optional part of the
    package that brings `packages`; without one, the reader works wherever Danış does.
    """

    name: str
    contents: frozenset[str]
    extra: str = ""
    packages: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The reader's module."""
        return f"index.formats.{self.name}"

    @property
    def apart(self) -> bool:
        """Whether it is read in a process of its own."""
        return self.name not in ("plain", "markdown")


_TEXT = frozenset({"text"})
_PLAIN = Kind("plain", _TEXT)
_MARKDOWN = Kind("markdown", _TEXT)
_WEB = Kind("html", frozenset({"html", "text"}), "web", ("trafilatura", "lxml_html_clean"))
_TABLE = Kind("table", _TEXT)
_LINES = Kind("json_lines", _TEXT)
_DOCUMENTS = ("documents", ("mammoth", "defusedxml"))

KINDS = {
    ".txt": _PLAIN,
    ".md": _MARKDOWN,
    ".pdf": Kind("pdf", frozenset({"pdf"}), "pdf", ("pypdfium2",)),
    ".docx": Kind("docx", frozenset({"docx"}), *_DOCUMENTS),
    ".odt": Kind("odt", frozenset({"odt"}), *_DOCUMENTS),
    ".epub": Kind("epub", frozenset({"epub"}), *_DOCUMENTS),
    ".html": _WEB,
    ".htm": _WEB,
    ".csv": _TABLE,
    ".tsv": _TABLE,
    ".jsonl": _LINES,
    ".eml": Kind("mail", frozenset({"text", "html"})),
}


def kind_of(path: str) -> Kind | None:
    """The kind that a file's name says it is, None where that kind is not read."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return KINDS.get(f".{suffix.lower()}") if dot and stem else None
