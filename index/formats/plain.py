"""Plain text: the file as it is, its header found by `index.headers`."""

from __future__ import annotations

from index.encodings import decode
from index.formats.extract import Extract
from index.headers import plain_header


def extract(raw: bytes) -> Extract:
    """The whole decoded file with its line ends."""
    text = decode(raw)
    header = plain_header(text)
    return Extract(
        text, header.title, header.date, header.source, header.url, header.body, markdown=False
    )
