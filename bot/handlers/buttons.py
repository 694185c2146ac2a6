"""Buttons below answers: sources, more, nearest, back, and opinions."""

from __future__ import annotations

from dataclasses import replace

from telegram import CallbackQuery, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, TelegramError

from bot import keyboards, shelf
from bot.desk import Context, Desk, desk_of
from bot.feedback import Opinion, note_opinion
from bot.messages import Message
from bot.telegram_render import answer_messages, list_message, passage_message
from bot.words import say
from index.answer import Citation
from index.passages import Span

PAGE = 3  # further passages shown at once
OPINIONS = {
    keyboards.GOOD: Opinion.GOOD,
    keyboards.BAD: Opinion.BAD,
    keyboards.WRONG: Opinion.WRONG_SOURCE,
}
ALERT_LENGTH = 200


async def press(update: Update, context: Context) -> None:
    """Does what a button below an answer says, for the person who asked."""
    desk, query = desk_of(context), update.callback_query
    if query is None or query.data is None:
        return
    action, answer_id, argument = [*query.data.split(":"), "", ""][:3]
    kept = await desk.keep(shelf.get, desk.state, answer_id)
    language = await desk.language(update)
    if kept is None:
        await alert(query, say("answer_gone", language))
        return
    chat = query.message.chat.id if query.message else None
    if kept.who != desk.state.who(query.from_user.id) or kept.chat_id != chat:
        await alert(query, say("not_your_button", language))
        return
    if action in OPINIONS:
        await desk.keep(note_opinion, desk.state, kept, query.from_user.id, OPINIONS[action])
        await alert(query, say("thanks_feedback", language), show=False)
        return
    number = int(argument) if argument.isdecimal() and len(argument) < 4 else 0
    if action == keyboards.SOURCE:
        problem = await _source(desk, query, kept, number)
    elif action == keyboards.MORE:
        problem = await _more(desk, query, kept, number)
    elif action == keyboards.NEAREST:
        problem = await _nearest(query, kept)
    else:
        problem = await _answer(query, kept)
    await alert(query, say(problem, language) if problem else "")


async def _source(desk: Desk, query: CallbackQuery, kept: shelf.Kept, number: int) -> str:
    citation = next((each for each in kept.citations if each.number == number), None)
    if citation is None:
        return "unknown_button"
    view = await desk.think(desk.answerer.passage, citation.key, number)
    if view is None or view.citation.quote != citation.quote:
        return "passage_gone"
    moved = view.citation.start - citation.start
    lit = tuple(Span(span.start + moved, span.end + moved) for span in citation.highlights)
    view = replace(view, citation=replace(view.citation, number=number, highlights=lit))
    message = passage_message(view, kept.answer.language)
    return await edit(query, message, keyboards.source_keyboard(kept))


async def _more(desk: Desk, query: CallbackQuery, kept: shelf.Kept, page: int) -> str:
    start = page * PAGE
    if len(kept.further) <= start:
        if kept.answer.index_version != desk.answerer.index_version:
            return "index_changed"
        found = await desk.think(
            desk.answerer.more, kept.answer.standalone, skip=kept.last_number, k=PAGE
        )
        known = {citation.key for citation in kept.citations}
        unseen = (citation for citation in found if citation.key not in known)
        new = [replace(c, number=n) for n, c in enumerate(unseen, kept.last_number + 1)]
        if not new or len(kept.further) < start:
            return "no_more"
        kept = await desk.keep(shelf.add_further, desk.state, kept, new)
    first = len(kept.citations) - len(kept.further)
    shown = kept.citations[first + start : first + start + PAGE]
    message = list_message("further", shown, kept.answer.language)
    return await edit(query, message, keyboards.list_keyboard(kept, shown, page))


async def _nearest(query: CallbackQuery, kept: shelf.Kept) -> str:
    shown: tuple[Citation, ...] = kept.citations[: len(kept.answer.nearest)]
    message = list_message("nearest", shown, kept.answer.language)
    return await edit(query, message, keyboards.list_keyboard(kept, shown))


async def _answer(query: CallbackQuery, kept: shelf.Kept) -> str:
    return await edit(query, answer_messages(kept.answer)[-1], keyboards.answer_keyboard(kept))


async def edit(
    query: CallbackQuery, message: Message, keyboard: InlineKeyboardMarkup | None = None
) -> str:
    """Edits the message that carries the button; "" or the key of what went wrong."""
    try:
        await query.edit_message_text(
            message.text,
            entities=message.entities,
            reply_markup=keyboard,
            disable_web_page_preview=True,
        )
    except BadRequest as error:
        if "not modified" not in str(error).casefold():
            return "answer_gone"
    except TelegramError:
        return "trouble"  # the button's waiting ends all the same, and its work goes on
    return ""


async def alert(query: CallbackQuery, text: str, *, show: bool = True) -> None:
    """Ends the button's waiting, with a few words if there are any; too late is no error."""
    try:
        await query.answer(text[:ALERT_LENGTH] or None, show_alert=show and bool(text))
    except TelegramError:
        return
