"""Web pages: the article without menus and advertisements, by trafilatura."""

from __future__ import annotations

from typing import Any

from index.formats.extract import Blocks, Extract, dated, joined_source
from index.formats.markup import add_markup
from index.formats.web_encoding import decode_html

_ENOUGH = 40  # characters; a page with less has no article, and all of it is taken


def extract(raw: bytes) -> Extract:
    """The page's article with its title, date, site and author."""
    import trafilatura

    html = decode_html(raw)
    blocks = Blocks()
    found: Any = trafilatura.bare_extraction(
        html,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is not None and found.body is not None and len(found.text or "") >= _ENOUGH:
        _add(blocks, found.body, item=False)
        source = joined_source(found.sitename or "", found.author or "")
        own = blocks.extract().title  # of what is read; a page's <title> often names the site
        return blocks.extract(own or found.title or "", dated(found.date or ""), source)
    add_markup(blocks, html)
    title = found.title if found is not None else ""
    return blocks.extract(title or "")


def _add(blocks: Blocks, element: Any, *, item: bool) -> None:
    """Adds trafilatura's tree: `head`, `p`, `list` of `item`, `table` of `row`, `quote`."""
    loose: list[str] = [_flat(element.text)]
    for child in element:
        match child.tag:
            case "head":
                _loose(blocks, loose, item=item)
                level = str(child.get("rend", "h2"))[-1]
                blocks.heading(int(level) if level.isdecimal() else 2, _words(child))
            case "code":
                _loose(blocks, loose, item=item)
                blocks.paragraph("".join(child.itertext()))
            case "p":
                _loose(blocks, loose, item=item)
                blocks.paragraph(_words(child), "- " if item else "")
            case "row":
                blocks.row(_words(cell) for cell in child)
            case "item":
                _add(blocks, child, item=True)
            case "list" | "table" | "quote" | "div" | "body" | "main" | "article" | "section":
                _loose(blocks, loose, item=item)
                _add(blocks, child, item=item)
            case "lb":
                loose.append("\n")
            case "graphic":
                pass
            case _:
                loose.append(_words(child))
        loose.append(_flat(child.tail))
    _loose(blocks, loose, item=item)


def _loose(blocks: Blocks, loose: list[str], *, item: bool) -> None:
    blocks.paragraph("".join(loose), "- " if item else "")
    loose.clear()


def _words(element: Any) -> str:
    found = [_flat(element.text)]
    for child in element:
        found.append("\n" if child.tag == "lb" else _words(child))
        found.append(_flat(child.tail))
    return "".join(found)


def _flat(text: str | None) -> str:
    """Text whose line breaks mean nothing: `lb` elements are those that do."""
    return (text or "").replace("\n", " ").replace("\r", " ")
