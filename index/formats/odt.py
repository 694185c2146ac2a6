"""OpenDocument texts (LibreOffice): headings by their outline level, lists, tables, notes."""

from __future__ import annotations

from typing import Any

from index.formats.archive import (
    attributes,
    encrypted,
    first_text,
    local,
    open_archive,
    part,
    tree,
)
from index.formats.extract import Blocks, Extract, dated

_SKIPPED = {"tracked-changes", "annotation", "forms", "sequence-decls", "note-citation"}
_BREAKS = {"tab": " ", "line-break": "\n"}


def extract(raw: bytes) -> Extract:
    """The document's text; pages are not known before it is laid out."""
    archive = open_archive(raw)
    names = archive.namelist()
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in part(archive, manifest):
        raise encrypted()
    blocks = Blocks()
    _add(blocks, tree(part(archive, "content.xml")), item=False)
    if "meta.xml" not in names:
        return blocks.extract()
    about = tree(part(archive, "meta.xml"))
    return blocks.extract(
        first_text(about, "title"),
        dated(first_text(about, "date", "creation-date")),
        first_text(about, "initial-creator", "creator"),
    )


def _add(blocks: Blocks, element: Any, *, item: bool) -> None:
    name = local(element)
    if name in _SKIPPED:
        return
    if name == "h":
        level = dict(attributes(element)).get("outline-level", "1")
        blocks.heading(int(level) if level.isdecimal() else 1, _words(element))
    elif name == "p":
        blocks.paragraph(_words(element), "- " if item else "")
    elif name == "table-row":
        blocks.row(_words(cell) for cell in element if local(cell) == "table-cell")
    else:
        for child in element:
            _add(blocks, child, item=item or name == "list-item")
        return
    for notes in element.iter():
        if local(notes) == "note-body":
            for paragraph in notes:
                blocks.paragraph(_words(paragraph))


def _words(element: Any) -> str:
    """The words of a paragraph without those of its notes."""
    found = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            count = dict(attributes(child)).get("c", "1")
            found.append(" " * min(int(count) if count.isdecimal() else 1, 10))
        elif name in _BREAKS:
            found.append(_BREAKS[name])
        elif name not in _SKIPPED and name != "note":
            found.append(_words(child) + (" " if name in ("p", "h") else ""))
        found.append(child.tail or "")
    return "".join(found)
