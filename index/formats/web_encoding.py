"""Bytes of a web page to text: what the page itself declares counts, where it is true."""

from __future__ import annotations

import codecs
import re

from index.encodings import decode
from index.errors import SeedError

_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_HEAD_BYTES = 4_000
# Web pages that say Latin-1 mean Windows' superset of it; Turkish ones say 8859-9 for 1254.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}


def decode_html(raw: bytes, declared: str = "") -> str:
    """The text of a page; `declared` is the encoding that the server named.

    Raises:
        SeedError: the encoding is not clear.
    """
    match = _DECLARED.search(raw[:_HEAD_BYTES])
    for name in ("utf-8-sig", declared, match[1].decode("ascii") if match else ""):
        text = _strict(raw, name)
        if text is not None:
            return text
    try:
        return decode(raw)
    except SeedError:
        # A single broken byte should not hide a page that is otherwise clear.
        text = raw.decode("utf-8", "replace")
        if text.count("\ufffd") * 100 > len(text):
            raise
        return text


def _strict(raw: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name.strip().strip("\"'")).name
        return raw.decode(_MEANT.get(codec, codec)) if name else None
    except (LookupError, UnicodeError, ValueError):
        return None
