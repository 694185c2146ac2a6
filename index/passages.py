"""Passages: a document's paragraphs, with the headings above them and the sentences in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest

from index.documents import Document
from index.headers import (
    MAX_HEADING,
    fence_after,
    heading_text,
    is_heading,
    is_question,
    states_a_value,
)
from index.sentences import Span, sentence_spans

__all__ = ["Passage", "Span", "sentence_spans", "split"]

LONG = 1200  # characters; a longer paragraph is split
PIECE = 900  # the most that a piece of it has, unless a tail joins it
TAIL = 300  # a shorter last piece joins the one before
SHORT = 40  # a shorter paragraph joins the next
MAX_HEADINGS_IN_A_ROW = 3  # more short lines than that are content
_PLAIN = 7  # level of a heading without Markdown marks: below `######`
_QUESTION = _PLAIN + MAX_HEADINGS_IN_A_ROW  # of a question above its answer: below all others


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, part of a long one or several short ones: `document.text[start:end]`.

    `ordinal` counts the document's paragraphs from 1, headings left out; of joined paragraphs it
    is the first one's. `sentences` are offsets in the document's text, inside [start, end).
    `page` counts form feeds, None where there are none.
    """

    start: int
    end: int
    ordinal: int
    headings: tuple[str, ...]
    page: int | None
    sentences: tuple[Span, ...]


@dataclass(slots=True)
class _Block:
    """Lines that belong together. `level` 0 is a paragraph, 1 to 6 a `#`, more a plain heading.

    The levels of plain headings: _PLAIN and what follows it, _QUESTION for a question.
    """

    start: int
    end: int
    page: int
    level: int = 0
    empty: bool = False  # a heading with nothing below it, which is content then


@dataclass(frozen=True, slots=True)
class _Paragraph:
    start: int
    end: int
    page: int
    ordinal: int
    section: int
    headings: tuple[str, ...]
    is_list: bool


_WORD = re.compile(r"[^\W_]")
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+")
_SETEXT = re.compile(r" {0,3}(=+|-+)\s*")
_LIST_ITEM = re.compile(r"(?:[-*+•‣▪–—]|\d{1,3}[.)])\s")


def split(document: Document) -> list[Passage]:
    """The passages of a document in order, in time linear in its length.

    Each letter and digit of the body is in exactly one passage or in a heading, and each heading
    is in the path of a passage or, with nothing below it, content. The title is in no path.
    """
    text = document.text
    blocks = _blocks(text, document.body, markdown=document.markdown)
    _choose_headings(text, blocks, document.title)
    paged = "\f" in text
    passages: list[Passage] = []
    for group in _joined(text, _paragraphs(text, blocks, document.title)):
        first = group[0]
        spans = [span for one in group for span in sentence_spans(text, one.start, one.end)]
        passages.extend(
            Passage(
                start=piece[0].start,
                end=piece[-1].end,
                ordinal=first.ordinal,
                headings=first.headings,
                page=first.page if paged else None,
                sentences=tuple(piece),
            )
            for piece in _pieces(text, spans)
        )
    return passages


def _blocks(text: str, start: int, *, markdown: bool) -> list[_Block]:
    blocks: list[_Block] = []
    lines = 0
    page = 1 + text.count("\f", 0, start)
    fence = ""  # the marks of the code fence that is open
    closed = True  # the last block takes no further line
    offset = start
    for line in text[start:].splitlines(keepends=True):
        begin, offset = offset, offset + len(line)
        before, fence = fence, fence_after(line, fence) if markdown else ""
        code = before or fence
        atx = _ATX.match(line) if markdown and not code else None
        if not line.isspace():
            end = begin + len(line.rstrip())
            if atx and len(line) <= 2 * MAX_HEADING:
                blocks.append(_Block(begin + atx.end(), end, page, level=len(atx[1])))
                closed = True
            elif closed:
                blocks.append(_Block(begin + len(line) - len(line.lstrip()), end, page))
                lines, closed = 1, False
                if not code and is_heading(line):
                    blocks[-1].level = _PLAIN
                elif not code and is_question(line):
                    blocks[-1].level = _QUESTION
            elif markdown and lines == 1 and blocks[-1].level and _SETEXT.fullmatch(line):
                blocks[-1].level = 1 if "=" in line else 2
                closed = True
            else:
                blocks[-1].end, blocks[-1].level = end, 0
                lines += 1
        elif not fence:
            closed = True
        if line[-1] in "\f\u2029":
            closed = True
            page += line[-1] == "\f"
    return [block for block in blocks if _WORD.search(text, block.start, block.end)]


def _choose_headings(text: str, blocks: list[_Block], title: str) -> None:
    """Plain lines are headings only in short runs above a paragraph; `#` with nothing below not.

    A line that states a value is none, nor is the answer below a question. Questions in a row
    that nobody answers are content.
    """
    for asking, group in groupby(blocks, key=lambda block: block.level == _QUESTION):
        questions = list(group)
        if asking and len(questions) > 1:
            for question in questions:
                question.level = 0
    for above, block in zip([None, *blocks], blocks, strict=False):
        if block.level == _PLAIN:
            words = text[block.start : block.end]
            answers = above is not None and above.level == _QUESTION
            if answers or (states_a_value(words) and heading_text(words) != title):
                block.level = 0
    run: list[_Block] = []
    for block in blocks:
        if block.level == _PLAIN:
            run.append(block)
            continue
        has_text = block.level in (0, _QUESTION)
        if not has_text or len(run) > MAX_HEADINGS_IN_A_ROW:
            for content in run[:-1] if has_text else run:
                content.level = 0
        else:
            for depth, heading in enumerate(run):
                heading.level += depth
        run = []
    for content in run:
        content.level = 0
    for block, below in zip_longest(blocks, blocks[1:]):
        block.empty = below is None or 0 < below.level <= block.level


def _paragraphs(text: str, blocks: list[_Block], title: str) -> Iterator[_Paragraph]:
    path: list[tuple[int, str]] = []
    headings: tuple[str, ...] = ()
    section = ordinal = 0
    for block in blocks:
        if block.level:
            path = [above for above in path if above[0] < block.level]
            if not block.empty:
                path.append((block.level, heading_text(text[block.start : block.end])))
                section += 1
            headings = tuple(words for _, words in path if words != title)
        if not block.level or block.empty:
            ordinal += 1
            is_list = _LIST_ITEM.match(text, block.start, block.end) is not None
            yield _Paragraph(
                block.start, block.end, block.page, ordinal, section, headings, is_list
            )


def _joined(text: str, paragraphs: Iterator[_Paragraph]) -> Iterator[list[_Paragraph]]:
    """Very short paragraphs with the next one, and list items with each other."""
    group: list[_Paragraph] = []
    for paragraph in paragraphs:
        if group and not _belongs(text, group, paragraph):
            yield group
            group = []
        group.append(paragraph)
    if group:
        yield group


def _belongs(text: str, group: list[_Paragraph], paragraph: _Paragraph) -> bool:
    first, last = group[0], group[-1]
    if first.section != paragraph.section or paragraph.end - first.start > LONG:
        return False
    if last.end - first.start < SHORT:
        return True
    return paragraph.is_list and (last.is_list or text[last.end - 1] == ":")


def _pieces(text: str, spans: list[Span]) -> list[list[Span]]:
    """Sentences in groups: one, or for a long paragraph as many as it needs, of like length."""
    length = spans[-1].end - spans[0].start
    if length <= LONG:
        return [spans]
    target = -(-length // -(-length // PIECE))
    pieces: list[list[Span]] = []
    for sentence in spans:
        for span in _cut(text, sentence):
            if pieces and span.end - pieces[-1][0].start <= target:
                pieces[-1].append(span)
            else:
                pieces.append([span])
    last = pieces[-1]
    short = len(pieces) > 1 and last[-1].end - last[0].start < TAIL
    if short and last[-1].end - pieces[-2][0].start <= LONG:
        pieces[-2:] = [pieces[-2] + last]
    return pieces


def _cut(text: str, span: Span) -> Iterator[Span]:
    """A monster sentence in pieces, at white space where there is some."""
    start = span.start
    while span.end - start > PIECE:
        window = text[start : start + PIECE]
        at = max(window.rfind(" "), window.rfind("\n"), window.rfind("\t"))
        end = start + (at if at > TAIL else PIECE)
        yield Span(start, start + len(text[start:end].rstrip()))
        start = end
        while text[start].isspace():
            start += 1
    yield Span(start, span.end)
