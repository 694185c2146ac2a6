"""Lines on pages to paragraphs: a PDF says where letters stand, not what belongs together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.formats.extract import Blocks

_LONGEST_HEAD = 100
_OFTEN = 0.4  # share of the pages on which a running head stands
_FEWEST = 3  # pages on which a number must count them
_LARGER = 1.15  # than the body: a heading
_LONGEST_HEADING = 150
_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[-*+•‣▪●○–—]|\d{1,3}[.)]|[a-zçğıöşü]\))\s+\S")
_PAGE_NUMBER = re.compile(
    r"(?P<word>(?:sayfa|page|s\.)\s*)?[-–—|]?\s*(?P<count>\d{1,4})\s*(?:[/|]\s*\d{1,4})?\s*[-–—|]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on its page, in points: `y` is its base line, rising upwards.

    `hyphen` tells that it ends in the middle of a word.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool = False
    hyphen: bool = False


@dataclass(slots=True)
class _Paragraph:
    page: int
    lines: list[Line]

    @property
    def text(self) -> str:
        words = ""
        for line in self.lines:
            words += line.text if line.hyphen else line.text + " "
        return words.strip()

    @property
    def size(self) -> float:
        return max(line.size for line in self.lines)


def blocks_of(pages: list[list[Line]]) -> Blocks:
    """The pages' paragraphs and headings, without running heads and page numbers.

    A paragraph that goes on across pages stands on the one where it begins.
    """
    kept = _without_edges(pages)
    sizes: Counter[float] = Counter()
    for page in kept:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    paragraphs: list[_Paragraph] = []
    for number, page in enumerate(kept):
        for paragraph in _paragraphs(number, page, body):
            if paragraphs and _goes_on(paragraphs[-1], paragraph, body):
                paragraphs[-1].lines += paragraph.lines
            else:
                paragraphs.append(paragraph)
    ranks = sorted({round(p.size) for p in paragraphs if _is_heading(p, body)}, reverse=True)
    blocks = Blocks()
    at = 0
    for paragraph in paragraphs:
        for _ in range(at, paragraph.page):
            blocks.page()
        at = paragraph.page
        if _is_heading(paragraph, body):
            blocks.heading(min(ranks.index(round(paragraph.size)) + 1, 4), paragraph.text)
        else:
            blocks.paragraph(paragraph.text)
    for _ in range(at, len(pages) - 1):
        blocks.page()
    return blocks


def _paragraphs(number: int, lines: list[Line], body: float) -> Iterator[_Paragraph]:
    if not lines:
        return
    gaps = [a.y - b.y for a, b in pairwise(lines) if 0 < a.y - b.y < 4 * a.size]
    pitch = median(gaps) if gaps else 1.2 * body
    open_lines = [lines[0]]
    for before, line in pairwise(lines):
        if _parts(before, line, open_lines, pitch, _column_edge(before, lines)):
            yield _Paragraph(number, open_lines)
            open_lines = []
        open_lines.append(line)
    yield _Paragraph(number, open_lines)


def _column_edge(line: Line, lines: list[Line]) -> float:
    """How far to the right the column of a line reaches."""
    return max(each.right for each in lines if abs(each.left - line.left) < 4 * line.size)


def _parts(before: Line, line: Line, open_lines: list[Line], pitch: float, right: float) -> bool:
    """Whether a new paragraph begins with `line`."""
    ended = _END.search(before.text) is not None
    gap = before.y - line.y
    if gap < 0:  # the top of another column
        return ended
    if abs(gap) < 0.3 * line.size:  # cells of one row
        return False
    if abs(line.size - before.size) > 0.1 * before.size or line.bold != before.bold:
        return not before.hyphen
    width = right - before.left
    short = before.right < right - max(0.12 * width, 2 * before.size)
    alone = before.right - before.left < 0.5 * width or width < 12 * before.size
    if alone and not line.text[0].islower() and not before.hyphen:
        return True  # a line of a table, an address or a verse
    if gap > 1.3 * pitch or _ITEM.match(line.text):
        return True
    left = min(each.left for each in open_lines)
    indented = line.left > left + 0.8 * line.size and len(open_lines) > 1
    if len(open_lines) == 1:  # its first line may be the indented one
        indented = line.left > before.left + 0.8 * line.size and ended
    return ended and (short or indented)


def _goes_on(paragraph: _Paragraph, following: _Paragraph, body: float) -> bool:
    """Whether a paragraph on the next page continues the last one of this page."""
    if following.page != paragraph.page + 1 or _is_heading(paragraph, body):
        return False
    first = following.lines[0].text
    words = paragraph.text
    return (
        not _is_heading(following, body)
        and not _END.search(words)
        and len(words) > 40
        and (first[0].islower() or paragraph.lines[-1].hyphen)
    )


def _is_heading(paragraph: _Paragraph, body: float) -> bool:
    text = paragraph.text
    if len(text) > _LONGEST_HEADING or not any(letter.isalpha() for letter in text):
        return False
    larger = min(line.size for line in paragraph.lines) > _LARGER * body
    bold = all(line.bold for line in paragraph.lines) and len(paragraph.lines) <= 2
    return larger or (bold and not _END.search(text) and paragraph.size > 0.95 * body)


def _without_edges(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without running heads and page numbers.

    Of the outermost lines, those go as well that begin or end with a number which counts the
    pages, and bare numbers that may be a page's: a year or a sum is none.
    """
    edges = [_edges(page) for page in pages]
    running = _running_heads([outer + inner for outer, inner in edges])
    offsets: Counter[int] = Counter()
    for number, (outer, _) in enumerate(edges):
        offsets.update({count - number for line in outer for count in _counts(line)})
    offset, often = offsets.most_common(1)[0] if offsets else (0, 0)
    counted = often >= max(_FEWEST, 0.5 * len(pages))
    kept = []
    for number, (page, (outer, inner)) in enumerate(zip(pages, edges, strict=True)):
        dropped = [line for line in outer + inner if running & {_place(line), _shape(line)}]
        for line in outer:
            if counted and number + offset in _counts(line):
                dropped.append(line)
            elif len(page) > 1 and (bare := _PAGE_NUMBER.fullmatch(line.text)):
                count = int(bare["count"])
                if bare["word"] or count <= len(pages) or offsets[count - number] > 1:
                    dropped.append(line)
        kept.append([line for line in page if not any(line is each for each in dropped)])
    return kept


def _running_heads(edges: list[list[Line]]) -> set[tuple[str, int]]:
    """Places of lines at the edges of many pages, and shapes of those that count these pages."""
    places: Counter[tuple[str, int]] = Counter()
    shapes: Counter[tuple[str, int]] = Counter()
    offsets: Counter[tuple[tuple[str, int], int]] = Counter()  # of a shape's numbers and the page
    for number, lines in enumerate(edges):
        places.update({_place(line) for line in lines})
        shapes.update({_shape(line) for line in lines})
        offsets.update(
            {(_shape(line), count - number) for line in lines for count in _numbers(line)}
        )
    often = _OFTEN * len(edges)
    same = {place for place, pages in places.items() if pages >= max(2, often)}
    counting = {
        shape
        for (shape, _), pages in offsets.items()
        if shapes[shape] >= often and pages >= max(_FEWEST, 0.5 * shapes[shape])
    }
    return same | counting


def _edges(page: list[Line]) -> tuple[list[Line], list[Line]]:
    """The highest and lowest line, wherever they come in the file, and those next to them."""
    ordered = sorted(page, key=lambda line: line.y)
    return [*ordered[:1], *ordered[1:][-1:]], [*ordered[1:2], *ordered[2:][-2:-1]]


def _counts(line: Line) -> set[int]:
    """The numbers with which a short line begins and ends, dashes around it aside."""
    if len(line.text) > _LONGEST_HEAD:
        return set()
    text = line.text.strip(" -–—|")
    return {int(number) for number in re.findall(r"^\d{1,4}\b|\b\d{1,4}$", text)}


def _numbers(line: Line) -> list[int]:
    """All numbers in a line that may be a page's."""
    return [int(number) for number in re.findall(r"(?<!\d)\d{1,4}(?!\d)", line.text)]


def _place(line: Line) -> tuple[str, int]:
    """What a line says and how high it stands."""
    return " ".join(line.text.split()).lower(), round(line.y / 4)


def _shape(line: Line) -> tuple[str, int]:
    """The same with all numbers alike."""
    text, height = _place(line)
    return re.sub(r"\d+", "#", text), height
