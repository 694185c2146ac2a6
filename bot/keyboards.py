"""The buttons below messages. Callback data is `action:id:argument`, at most 64 bytes."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.shelf import Kept
from bot.words import LANGUAGES, say
from index.answer import Citation, Verdict

SOURCE, ANSWER, MORE, NEAREST = "s", "a", "m", "n"
GOOD, BAD, WRONG = "u", "d", "w"
LANGUAGE, SOURCES = "l", "q"
DELETE, DELETE_SURE = "x", "X"
REPLACE, CANCEL = "r", "c"
PER_ROW = 3

Row = list[InlineKeyboardButton]


def button(text: str, *parts: object) -> InlineKeyboardButton:
    """A button that calls back with the parts."""
    return InlineKeyboardButton(text, callback_data=":".join(map(str, parts)))


def answer_keyboard(kept: Kept) -> InlineKeyboardMarkup:
    """Below an answer: its sources, more, and opinions; below a refusal, the nearest instead."""
    answer, language = kept.answer, kept.answer.language
    rows: list[Row] = []
    if answer.verdict is Verdict.REFUSED and not answer.parts:
        if answer.nearest:
            rows.append([button(say("button_nearest", language), NEAREST, kept.id)])
    else:
        rows += _sources(kept, kept.citations[: _count(kept)], language)
        rows.append([button(say("button_more", language), MORE, kept.id, 0)])
    rows.append(
        [
            button("👍", GOOD, kept.id),
            button("👎", BAD, kept.id),
            button(say("button_wrong", language), WRONG, kept.id),
        ]
    )
    return InlineKeyboardMarkup(rows)


def _count(kept: Kept) -> int:
    return len(kept.citations) - len(kept.further)


def list_keyboard(
    kept: Kept, citations: Sequence[Citation], page: int | None = None
) -> InlineKeyboardMarkup:
    """Below a list of passages: its sources, the pages before and after, the way back."""
    language = kept.answer.language
    rows = _sources(kept, citations, language)
    turn: Row = [button(say("button_back", language), ANSWER, kept.id)]
    if page is not None:
        if page > 0:
            turn.append(button("◀", MORE, kept.id, page - 1))
        turn.append(button("▶", MORE, kept.id, page + 1))
    return InlineKeyboardMarkup([*rows, turn])


def source_keyboard(kept: Kept) -> InlineKeyboardMarkup:
    """Below one passage: the other sources and the way back."""
    language = kept.answer.language
    back = [button(say("button_back", language), ANSWER, kept.id)]
    return InlineKeyboardMarkup([*_sources(kept, kept.citations[:9], language), back])


def _sources(kept: Kept, citations: Sequence[Citation], language: str) -> list[Row]:
    buttons = [
        button(say("button_source", language, number=c.number), SOURCE, kept.id, c.number)
        for c in citations
    ]
    return [buttons[at : at + PER_ROW] for at in range(0, len(buttons), PER_ROW)]


def language_keyboard() -> InlineKeyboardMarkup:
    """One button a language."""
    return InlineKeyboardMarkup(
        [[button(name, LANGUAGE, code)] for code, name in LANGUAGES.items()]
    )


def sure_keyboard(language: str, yes: str, action: str, argument: str) -> InlineKeyboardMarkup:
    """Yes, do it — or cancel."""
    return InlineKeyboardMarkup(
        [
            [
                button(say(yes, language), action, argument),
                button(say("button_cancel", language), CANCEL, argument),
            ]
        ]
    )
