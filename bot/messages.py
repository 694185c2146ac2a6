"""Telegram messages: text with entities, split where one message would be too long.

Foreign text is never parsed as markup; emphasis is laid over it by offsets. Telegram counts UTF-16
units, Python code points: offsets are code points until the last step.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from telegram import MessageEntity
from wcwidth import iter_graphemes

MOST_UNITS = 4096  # UTF-16 units in one message

_REPLACED = dict.fromkeys([*range(9), *range(11, 32), 127], " ")  # all but tab, line feed
_REPLACED |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


@dataclass(frozen=True, slots=True)
class Mark:
    """Emphasis over text[start:end] of a block; `kind` is a Telegram entity type."""

    start: int
    end: int
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a message that is kept together where it can be.

    `gap` parts it from the block before it. `cuts` are the places where it may be divided.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    cuts: tuple[int, ...] = ()
    gap: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Message:
    """The text of one Telegram message and its entities, in UTF-16 units."""

    text: str
    entities: tuple[MessageEntity, ...]


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def clean(text: str) -> str:
    """Same length, without what Telegram refuses or drops: control letters, lone surrogates."""
    return text.translate(_REPLACED)


def shorten(text: str, longest: int) -> str:
    """One line of at most `longest` code points, cut between graphemes and marked with …"""
    line = " ".join(clean(text).split())
    if len(line) <= longest:
        return line
    kept = ""
    for grapheme in iter_graphemes(line[: longest + 60]):
        if len(kept) + len(grapheme) >= longest:
            break
        kept += grapheme
    return (kept or line[: longest - 1]).rstrip() + "…"


def compose(blocks: Iterable[Block], limit: int = MOST_UNITS) -> list[Message]:
    """Messages of at most `limit` units: cut between blocks, else at `cuts`, else at spaces."""
    messages: list[Message] = []
    text, marks = "", []  # type: str, list[Mark]
    for block in blocks:
        for number, part in enumerate(_divide(block, limit)):
            if text and (number or units(text) + units(part.gap + part.text) > limit):
                messages.append(_message(text, marks))
                text, marks = "", []
            start = len(text) + len(part.gap) if text else 0
            text = text + part.gap + part.text if text else part.text
            marks += [replace(m, start=m.start + start, end=m.end + start) for m in part.marks]
    if text:
        messages.append(_message(text, marks))
    return messages


def _message(text: str, marks: Sequence[Mark]) -> Message:
    entities = [MessageEntity(m.kind, m.start, m.end - m.start, url=m.url) for m in marks]
    return Message(text, tuple(MessageEntity.adjust_message_entities_to_utf_16(text, entities)))


def _divide(block: Block, limit: int) -> list[Block]:
    """The block itself, or parts of it that fit; none of what nobody could see."""
    parts = []
    at = 0
    while at < len(block.text):
        end = len(block.text)
        if units(block.text[at : at + limit]) > limit or end - at > limit:
            end = _cut(block, at, limit)
        part = _part(block, at, end)
        if visible(part.text):
            parts.append(part)
        at = end
    return parts


def _cut(block: Block, at: int, limit: int) -> int:
    """Where to end a part that begins at `at`: the best place that leaves it within `limit`."""
    furthest, used = at, 0
    for letter in block.text[at : at + limit]:
        used += 2 if letter > "\uffff" else 1
        if used > limit:
            break
        furthest += 1
    spaces = [i + 1 for i in range(at, furthest) if block.text[i].isspace()]
    outside = [i for i in spaces if not any(m.start < i < m.end for m in block.marks)]
    sentences = [i for i in block.cuts if at < i <= furthest]
    for places in (sentences, outside, spaces):
        if places and places[-1] > at:
            return places[-1]
    end = at
    for grapheme in iter_graphemes(block.text[at : furthest + 1]):
        if end + len(grapheme) > furthest:
            break
        end += len(grapheme)
    return end if end > at else furthest


def fit(block: Block, limit: int) -> Block:
    """The block, cut short and ended with … where it is longer than `limit` units."""
    if units(block.text) <= limit:
        return block
    part = _part(block, 0, _cut(block, 0, limit - 2))
    return replace(part, text=part.text + " …")


def emphasised(text: str, kind: str) -> Block:
    """A block with one mark over all of it."""
    return Block(text, (Mark(0, len(text), kind),) if text else ())


def _part(block: Block, start: int, end: int) -> Block:
    """block.text[start:end] without the white space around it, and the marks that lie in it."""
    while start < end and block.text[start].isspace():
        start += 1
    while end > start and block.text[end - 1].isspace():
        end -= 1
    marks = [
        replace(m, start=max(m.start, start) - start, end=min(m.end, end) - start)
        for m in block.marks
        if max(m.start, start) < min(m.end, end)
    ]
    return Block(block.text[start:end], tuple(marks), (), block.gap)


def visible(text: str) -> bool:
    """Whether there is a letter, digit, sign or symbol in it: Telegram refuses the rest."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)
