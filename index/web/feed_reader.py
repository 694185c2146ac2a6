"""RSS and Atom by feedparser, run by `index.formats.apart` like every complex file."""

from __future__ import annotations

import calendar
import time
from typing import Any

from index.errors import SeedError
from index.formats.extract import Blocks
from index.formats.markup import add_markup

MOST_ENTRIES = 200
MOST_TEXT = 200_000  # characters of an entry's own text


def extract(raw: bytes) -> dict[str, Any]:
    """The feed's title and entries (id, link, title, day, author, text), newest first.

    Raises:
        SeedError: it is no feed.
    """
    import feedparser

    found = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    if not found.version:
        raise SeedError(
            "RSS ya da Atom akışı değil; sitenin akış adresini verin.",
            "no RSS or Atom feed; give the address of the site's feed.",
        )
    entries = [_entry(entry) for entry in found.entries[:MOST_ENTRIES]]
    entries.sort(key=lambda entry: -entry["seconds"])  # stable: undated ones stay in place
    return {"title": str(found.feed.get("title", ""))[:200], "entries": entries}


def _entry(entry: Any) -> dict[str, Any]:
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    seconds = calendar.timegm(when) if when else 0
    contents = [str(content.get("value", "")) for content in entry.get("content", [])]
    markup = max([*contents, str(entry.get("summary", ""))], key=len)[:MOST_TEXT]
    blocks = Blocks()
    add_markup(blocks, markup)
    link = str(entry.get("link", ""))
    return {
        "id": str(entry.get("id", "") or link)[:500],
        "link": link,
        "title": str(entry.get("title", ""))[:300],
        "day": time.strftime("%Y-%m-%d", when) if when and seconds > 0 else None,
        "seconds": seconds,
        "author": str(entry.get("author", ""))[:100],
        "text": blocks.extract().text,
    }
