"""E-books: the chapters in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from index.errors import SeedError
from index.formats.archive import broken, first_text, local, open_archive, part, tree
from index.formats.extract import Blocks, Extract, dated
from index.formats.markup import add_markup
from index.formats.web_encoding import decode_html


def extract(raw: bytes) -> Extract:
    """The chapters one after the other; an e-book has no pages, chapters stand as headings."""
    archive = open_archive(raw)
    package = _package_path(archive)
    about = tree(part(archive, package))
    chapters = list(_chapters(about, posixpath.dirname(package)))
    names = set(archive.namelist())
    if "META-INF/encryption.xml" in names:
        locked = part(archive, "META-INF/encryption.xml").decode("utf-8", "replace")
        if any(chapter in unquote(locked) for chapter in chapters):
            raise SeedError(
                "kopya koruması (DRM) var; korumasız bir kopyasını koyun.",
                "it has copy protection (DRM); put in a copy without it.",
            )
    blocks = Blocks()
    for chapter in chapters:
        if chapter in names:
            add_markup(blocks, decode_html(part(archive, chapter)))
    return blocks.extract(
        first_text(about, "title"), dated(first_text(about, "date")), first_text(about, "creator")
    )


def _package_path(archive: ZipFile) -> str:
    for element in tree(part(archive, "META-INF/container.xml")).iter():
        if local(element) == "rootfile" and (path := element.get("full-path")):
            return str(path)
    raise broken()


def _chapters(package: Any, folder: str) -> Iterator[str]:
    files = {
        element.get("id"): element.get("href", "")
        for element in package.iter()
        if local(element) == "item" and "nav" not in (element.get("properties") or "").split()
    }
    for element in package.iter():
        if local(element) == "itemref" and (href := files.get(element.get("idref"))):
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))
