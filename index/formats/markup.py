"""HTML from documents (not from the web) to text: every block, no menus to look for."""

from __future__ import annotations

from html.parser import HTMLParser

from index.formats.extract import Blocks

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SKIPPED = {"script", "style", "head", "template", "svg", "math", "noscript", "nav", "iframe"}
_BLOCKS = {
    "p", "div", "section", "article", "blockquote", "pre", "ul", "ol", "dl", "dt", "dd", "table",
    "tbody", "thead", "figure", "figcaption", "header", "footer", "aside", "main", "body", "hr",
    "address", "center", "caption",
}  # fmt: skip


def add_markup(blocks: Blocks, html: str) -> None:
    """Adds a piece of HTML to `blocks`: headings, paragraphs, list items and rows of tables."""
    parser = _Parser(blocks)
    parser.feed(html)
    parser.close()
    parser.flush()


class _Parser(HTMLParser):
    def __init__(self, blocks: Blocks) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks = blocks
        self._text: list[str] = []
        self._cells: list[str] | None = None
        self._level = 0
        self._item = False
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped += 1
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

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped = max(self._skipped - 1, 0)
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

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            # White space between tags means nothing; line breaks come from <br> only.
            self._text.append(data.replace("\n", " ").replace("\r", " "))

    def _part(self) -> None:
        if self._cells is None:
            item = self._item and not "".join(self._text).strip()
            self.flush()
            self._item = item  # <li><p>…: the item's words are still to come
        else:
            self._text.append(" ")

    def flush(self) -> None:
        """Ends the block that is open."""
        text = "".join(self._text)
        self._text = []
        if self._cells is not None:
            self._blocks.row([*self._cells, text])
            self._cells = None
        elif self._level:
            self._blocks.heading(self._level, text)
        else:
            self._blocks.paragraph(text, "- " if self._item else "")
        self._level, self._item = 0, False
