"""Answers as text for a terminal: pure functions, the answering sentence in bold."""

from __future__ import annotations

import base64
import json
import re
import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.words import say
from index.answer import Answer, Citation, PassageView, Verdict, Written

HEADING_CHARACTERS = 60
_WORD_OR_BREAK = re.compile(r"\n|\S+")
# They can make a line read as something that it does not say.
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True, slots=True)
class Ink:
    """How text is set off: escape codes on a terminal, nothing in a pipe.

    `links` tells that the terminal knows OSC 8 (links) and may know OSC 52 (its clipboard).
    """

    on: bool
    links: bool = False

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[22m" if self.on and text else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[22m" if self.on and text else text

    def link(self, text: str, address: str) -> str:
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text

    def clipboard(self, text: str) -> str:
        """What makes a terminal that allows it copy `text`; nothing is shown."""
        if not self.links:
            return ""
        return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


def wants_ink(terminal: bool, environment: Mapping[str, str]) -> bool:
    """Whether text is set off: not in a pipe, on a dumb terminal or with https://no-color.org."""
    return terminal and environment.get("TERM") != "dumb" and not environment.get("NO_COLOR")


def answer_text(answer: Answer, ink: Ink, seeds: str = "seeds") -> str:
    """A whole answer: the quoted paragraphs, or a refusal with the nearest, and the citations."""
    if answer.parts:
        return "\n\n".join(
            ink.bold(f"» {part.question}") + "\n" + answer_text(part, ink, seeds)
            for part in answer.parts
        )
    language = answer.language
    lines: list[str] = []
    if answer.verdict is Verdict.TALK:
        return answer.text
    if answer.verdict is Verdict.LISTING:
        lines += [answer.text, ""] if answer.text else []
    elif answer.verdict is Verdict.REFUSED:
        lines.append(ink.bold(say("refused", language)))
        if answer.nearest:
            lines += ["", say("nearest_to_refusal", language)]
            lines += [nearest_text(citation, ink, seeds, language) for citation in answer.nearest]
        return "\n".join(lines)
    elif answer.verdict is Verdict.UNSURE:
        lines += [ink.dim(f"{say('not_sure', language)} {'; '.join(answer.reasons)}".strip()), ""]
    if answer.disagreement:
        lines += [ink.bold(say("disagreement", language)), ""]
    shown = answer.citations[:2] if answer.disagreement else answer.citations[:1]
    if answer.written is not None and answer.written.sentences:
        lines += [written_text(answer.written, ink), "", ink.dim(say("written_from", language)), ""]
        shown = tuple(c for c in answer.citations if c.number in answer.written.cited)
    if answer.verdict is not Verdict.LISTING:
        for citation in shown:
            lines += [quote_text(citation, ink, answer.brief), ""]
    line = nearest_text if answer.verdict is Verdict.LISTING else citation_line
    lines += [line(citation, ink, seeds, language) for citation in answer.citations]
    return "\n".join(lines)


def written_text(written: Written, ink: Ink) -> str:
    """What a language model wrote, after each sentence the numbers of its citations."""
    pieces: list[tuple[str, bool]] = []
    for sentence in written.sentences:
        marks = "".join(f"[{number}]" for number in sentence.citations)
        pieces += [(f"{printable(sentence.text)} ", False), (f"{marks} ", True)]
    return wrapped(pieces, ink) if ink.on else wrapped(pieces, ink).strip()


def quote_text(citation: Citation, ink: Ink, brief: bool = False) -> str:
    """The paragraph with its answering sentences in bold and the citation's number after it.

    On a terminal the paragraph is wrapped; in a pipe the answering sentences stand on a line of
    their own above their paragraph, since nothing else would set them off. A brief one is only
    its sentences.
    """
    number = ink.bold(f"[{citation.number}]")
    if brief or not ink.on:
        sentences = " … ".join(one_line(text) for text in citation.highlighted)
        whole = one_line(citation.quote)
        first = f"{sentences or whole} {number}"
        return first if brief or sentences in ("", whole) else f"{first}\n\n  {whole}"
    quote, at = printable(citation.quote), citation.start
    pieces: list[tuple[str, bool]] = []
    for span in citation.highlights:
        pieces.append((quote[at - citation.start : span.start - citation.start], False))
        pieces.append((quote[span.start - citation.start : span.end - citation.start], True))
        at = span.end
    pieces.append((quote[at - citation.start :], False))
    return wrapped([*pieces, (f" [{citation.number}]", True)], ink)


def nearest_text(citation: Citation, ink: Ink, seeds: str, language: str) -> str:
    """A passage that does not answer, shortened, with its place."""
    excerpt = textwrap.shorten(one_line(citation.quote), 160, placeholder=" …")
    return f"{citation_line(citation, ink, seeds, language)}\n      {ink.dim(excerpt)}"


def citation_line(citation: Citation, ink: Ink, seeds: str, language: str) -> str:
    """`[1] seeds/x.txt · 2026-01-29 · "Heading" · paragraf 3`, or its page, and its address."""
    place, *parts = _place(citation, seeds, language)
    if ink.links:
        from bot.links import file_address, web_address

        place = ink.link(place, file_address(citation.path, seeds))
        if citation.url:
            parts[-1] = ink.link(parts[-1], web_address(citation.url))
    return f"  {ink.bold(f'[{citation.number}]')} " + " · ".join([place, *parts])


def copyable(citation: Citation, seeds: str, language: str) -> str:
    """A quote with its place on one plain line: the answering sentences, or all of it."""
    quote = " … ".join(one_line(text) for text in citation.highlighted) or one_line(citation.quote)
    return f"“{quote}” ({', '.join(_place(citation, seeds, language))})"


def _place(citation: Citation, seeds: str, language: str) -> list[str]:
    parts = [f"{seeds}/{printable(citation.path)}" if seeds else printable(citation.path)]
    if citation.date:
        parts.append(citation.date.isoformat())
    title = citation.headings[-1] if citation.headings else citation.title
    if title:
        parts.append(f"“{textwrap.shorten(one_line(title), HEADING_CHARACTERS, placeholder=' …')}”")
    if citation.page:
        parts.append(say("page", language, number=citation.page))
    else:
        parts.append(say("paragraph", language, number=citation.paragraph))
    if citation.also:
        parts.append(say("also", language, names=printable(citation.also_named)))
    if citation.url:
        parts.append(printable(citation.url))
    return parts


def passage_text(view: PassageView, ink: Ink, seeds: str, language: str) -> str:
    """A whole passage between the paragraphs around it."""
    parts = [citation_line(view.citation, ink, seeds, language).strip()]
    if view.before:
        parts.append(ink.dim(wrapped([(printable(view.before), False)], ink)))
    parts.append(quote_text(view.citation, ink))
    if view.after:
        parts.append(ink.dim(wrapped([(printable(view.after), False)], ink)))
    return "\n\n".join(parts)


def document_text(text: str, ink: Ink) -> str:
    """A whole document line by line, indented, its blank lines kept."""
    lines = (wrapped([(printable(line), False)], ink).rstrip() for line in text.splitlines())
    return "\n".join(lines)


def answer_json(answer: Answer, indent: int | None = 2) -> str:
    """An answer for scripts; on one line where `indent` is None."""
    return json.dumps(asdict(answer), ensure_ascii=False, indent=indent, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def table(rows: Iterable[Iterable[str]]) -> str:
    """Columns as wide as their widest cell; the last one is left as it is."""
    cells = [list(row) for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))] if cells else []
    return "\n".join(
        "  ".join(
            cell if i == len(row) - 1 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def wrapped(pieces: Iterable[tuple[str, bool]], ink: Ink) -> str:
    """Pieces of (text, bold), indented: in a pipe one line, else as wide as the terminal or 100."""
    if not ink.on:
        return "  " + one_line("".join(text for text, _ in pieces))
    width = min(shutil.get_terminal_size().columns, 100) - 2
    lines: list[list[str]] = [[]]
    used = 0
    for text, bold in pieces:
        for word in _WORD_OR_BREAK.findall(text):
            if word == "\n" or (used and used + 1 + len(word) > width):
                lines.append([])
                used = 0
            if word != "\n":
                lines[-1].append(ink.bold(word) if bold else word)
                used += len(word) + (1 if used else 0)
    return "\n".join("  " + " ".join(line) for line in lines if line)


def one_line(text: str) -> str:
    """Text without line breaks."""
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    """Text of the same length without control characters, which could steer the terminal."""
    return "".join("\ufffd" if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    if character in "\t\n\r":
        return False
    return unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI_CONTROLS
