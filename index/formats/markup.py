"""HTML to text, block by block: headings, paragraphs, list items and rows of tables."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from index.formats.extract import Blocks

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SKIPPED = {
    "script", "style", "title", "template", "svg", "math", "noscript", "nav", "iframe", "button",
    "select", "textarea",
}  # fmt: skip
_AROUND = {"header", "footer", "aside"}  # of a page, or of a part of its text
_PARTS = {"main", "article", "section"}
_FRAMING_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search"}
_BLOCKS = {
    "p", "div", "blockquote", "pre", "ul", "ol", "dl", "dt", "dd", "table", "tbody", "thead",
    "figure", "figcaption", "body", "hr", "address", "center", "caption", "form", "fieldset",
    "details", "summary", *_AROUND, *_PARTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of a `level`, a row of `cells`, a list item, or a paragraph.

    `linked` is the share of its characters that stand in links.
    """

    cells: tuple[str, ...]
    level: int = 0
    row: bool = False
    item: bool = False
    linked: float = 0.0

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(self.cells)

    def add_to(self, blocks: Blocks) -> None:
        """Adds it to a document."""
        if self.row:
            blocks.row(self.cells)
        elif self.level:
            blocks.heading(self.level, self.text)
        else:
            blocks.paragraph(self.text, "- " if self.item else "")


def add_markup(blocks: Blocks, html: str) -> None:
    """Adds a piece of HTML to `blocks`, all but menus."""
    for block in blocks_of(html):
        block.add_to(blocks)


def blocks_of(html: str, *, page: bool = False) -> list[Block]:
    """The blocks of a piece of HTML, all but menus; of a `page` without what frames it either."""
    parser = _Parser(page)
    parser.feed(html)
    parser.close()
    parser.flush()
    return parser.blocks


class _Frame:
    """Follows which elements are no text: menus, scripts, and what frames a page."""

    def __init__(self, page: bool) -> None:
        self._page = page
        self._parts = 0  # that are open: a header in one of them is its own, not the page's
        self._hidden = ""  # the element that is no text, with all in it
        self._depth = 0  # how many of its kind are open, itself included

    @property
    def hides(self) -> bool:
        """Whether what comes now is no text."""
        return self._depth > 0

    def open(self, tag: str, role: str | None) -> None:
        """An element begins."""
        if tag == "body" and self._hidden == "title":  # which nobody closed
            self._depth = 0
        if self._depth:
            self._depth += tag == self._hidden
        elif tag in _SKIPPED or (self._page and self._frames(tag, role)):
            self._hidden, self._depth = tag, 1
        else:
            self._parts += tag in _PARTS

    def close(self, tag: str) -> None:
        """An element ends."""
        if self._depth:
            self._depth -= tag == self._hidden
        elif tag in _PARTS:
            self._parts = max(self._parts - 1, 0)

    def _frames(self, tag: str, role: str | None) -> bool:
        return tag in _BLOCKS and (role in _FRAMING_ROLES or (tag in _AROUND and not self._parts))


class _Parser(HTMLParser):
    def __init__(self, page: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._frame = _Frame(page)
        self._text: list[str] = []
        self._cells: list[str] | None = None
        self._level = 0
        self._item = False
        self._links = self._preformatted = 0  # elements that are open
        self._linked = 0  # characters in links, of the block that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._frame.open(tag, dict(attrs).get("role"))
        if self._frame.hides:
            return
        if tag == "a":
            self._links += 1
        elif tag == "br":
            self._text.append("\n")
        elif tag in ("td", "th"):
            self._text.append(" ")
        elif tag == "tr":
            self.flush()
            self._cells = []
        elif tag in _HEADINGS and self._cells is None:
            self.flush()
            self._level = _HEADINGS[tag]
        elif tag == "li" and self._cells is None:
            self.flush()
            self._item = True
        elif tag in _BLOCKS:
            self._part()
            self._preformatted += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        hidden = self._frame.hides
        self._frame.close(tag)
        if hidden:
            return
        if tag == "a":
            self._links = max(self._links - 1, 0)
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("".join(self._text))
            self._text = []
        elif tag == "tr":
            self.flush()
        elif tag in _HEADINGS or tag == "li":
            if self._cells is None:
                self.flush()
        elif tag in _BLOCKS:
            self._part()
            if tag == "pre":
                self._preformatted = max(self._preformatted - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._frame.hides:
            return
        if self._links:
            self._linked += len(data.strip())
        # White space between tags means nothing; line breaks come from <br>, or stand in <pre>.
        if not self._preformatted:
            data = data.replace("\n", " ").replace("\r", " ")
        self._text.append(data)

    def _part(self) -> None:
        if self._cells is None:
            item = self._item and not "".join(self._text).strip()
            self.flush()
            self._item = item  # <li><p>…: the item's words are still to come
        else:
            self._text.append(" ")

    def flush(self) -> None:
        """Ends the block that is open."""
        row = self._cells is not None
        cells = (*(self._cells or ()), "".join(self._text))
        letters = sum(len(cell.strip()) for cell in cells)
        if letters:
            linked = min(self._linked / letters, 1.0)
            self.blocks.append(Block(cells, self._level, row, self._item, linked))
        self._text, self._cells = [], None
        self._level, self._item, self._linked = 0, False, 0
