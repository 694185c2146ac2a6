"""Markdown: the file as it is, with its front matter and headings."""

from __future__ import annotations

from index.encodings import decode
from index.formats.extract import Extract
from index.headers import markdown_header


def extract(raw: bytes) -> Extract:
    """The whole decoded file with its line ends."""
    text = decode(raw)
    header = markdown_header(text)
    return Extract(text, header.title, header.date, header.source, header.url, header.body)
