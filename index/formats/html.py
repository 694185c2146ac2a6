"""Web pages: the article without menus and advertisements.

trafilatura tells what belongs to the article, but loses headings, list items and, on pages that it
does not know the like of, a third of the paragraphs. So its words only mark where the article is,
and the page's own blocks are read from the first to the last of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.formats.extract import Blocks, Extract, dated, joined_source
from index.formats.markup import Block, add_markup, blocks_of
from index.formats.web_encoding import decode_html

_ENOUGH = 40  # characters; a page with less has no article, and all of it is taken
_WORD = re.compile(r"\w+")
_LEAST = 0.5  # share of what trafilatura finds that the page's own blocks must hold
_RUN = 3  # words in a row by which a block is known again
_SAME = 0.6  # share of its runs that a block of the article has in it
_MOSTLY = 0.5  # share of linked characters from which a block leads elsewhere


def extract(raw: bytes) -> Extract:
    """The page's article with its title, date, site and author."""
    html = decode_html(raw)
    found = _extracted(html, with_metadata=True)
    blocks = Blocks()
    if found is None or len(found.text or "") < _ENOUGH:
        add_markup(blocks, html)
        return blocks.extract(found.title or "" if found is not None else "")
    article = _Article([found, _extracted(html, favor_recall=True)])
    kept = list(article.blocks_among(blocks_of(html, page=True)))
    if sum(len(block.text) for block in kept) < _LEAST * len(found.text):
        kept = [Block((line,)) for line in found.text.splitlines()]  # tags that are never closed
    for block in kept:
        block.add_to(blocks)
    source = joined_source(found.sitename or "", found.author or "")
    own = blocks.extract().title  # of what is read; a page's <title> often names the site
    return blocks.extract(own or found.title or "", dated(found.date or ""), source)


def _extracted(html: str, *, with_metadata: bool = False, favor_recall: bool = False) -> Any:
    """What trafilatura takes for the article, None where it finds none."""
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        html,
        with_metadata=with_metadata,
        include_comments=False,
        include_tables=True,
        favor_recall=favor_recall,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    return None if found is None or found.body is None else found


class _Article:
    """The words of an article, to know its blocks by."""

    def __init__(self, extracted: Sequence[Any]) -> None:
        self._runs: set[tuple[str, ...]] = set()
        self._short: set[tuple[str, ...]] = set()  # blocks of fewer words than a run
        for body in (found.body for found in extracted if found is not None):
            self._runs.update(_runs(_words(" ".join(body.itertext()))))
            for element in body.iter("p", "item", "head", "cell", "code", "quote"):
                words = _words("".join(element.itertext()))
                if len(words) < _RUN:
                    self._short.add(tuple(words))

    def blocks_among(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """The article's blocks with the headings above them."""
        found = [not block.level and self._has(block) for block in blocks]
        first = found.index(True) if True in found else 0
        last = len(found) - found[::-1].index(True) if True in found else 0
        kept = [
            has or (first < place < last and not block.level and block.linked < _MOSTLY)
            for place, (block, has) in enumerate(zip(blocks, found, strict=True))
        ]
        above: list[Block] = []  # headings whose part has shown no text yet
        for block, keep in zip(blocks, kept, strict=True):
            if block.level:
                above = [heading for heading in above if heading.level < block.level]
                above.append(block)
            elif keep:
                yield from above
                above.clear()
                yield block

    def _has(self, block: Block) -> bool:
        words = _words(block.text)
        if len(words) < _RUN:
            return tuple(words) in self._short
        runs = list(_runs(words))
        return sum(run in self._runs for run in runs) >= _SAME * len(runs)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[place:] for place in range(_RUN)), strict=False)
