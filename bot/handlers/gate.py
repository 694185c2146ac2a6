"""The one door: each update passes here before any handler sees it."""

from __future__ import annotations

import logging
from contextlib import suppress

from telegram import InlineQueryResultsButton, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.access import CODE_SECONDS, Entry, pairing_code
from bot.address import sender, speaks_to
from bot.desk import Context, Desk, desk_of
from bot.logs import fields
from bot.messages import Block, compose
from bot.words import say

logger = logging.getLogger(__name__)

MINUTE = 60.0
WORDS_FOR_STRANGERS = 5  # replies in an hour to one who is not admitted
PRESSES = 3  # buttons and inline queries are so many times cheaper than questions


async def gate(update: Update, context: Context) -> None:
    """Lets the update on to its handler; whatever goes wrong here stops it."""
    try:
        await _let_on(update, context)
    except ApplicationHandlerStop:
        raise
    except Exception as error:  # PTB alone would tell it and go on to the handlers
        await context.application.process_error(update, error)
        raise ApplicationHandlerStop from error


async def _let_on(update: Update, context: Context) -> None:
    """Lets the update on to its handler, or answers it here in words and stops it."""
    desk = desk_of(context)
    message = update.message or update.edited_message
    if message is None and update.callback_query is None and update.inline_query is None:
        raise ApplicationHandlerStop  # channel posts and other kinds that nobody asks with
    if message is not None and not speaks_to(message, context.bot.bot):
        raise ApplicationHandlerStop
    if update.edited_message is not None and not update.edited_message.text:
        raise ApplicationHandlerStop  # a live location moves by itself: nobody has asked anything
    user, chat = sender(update), update.effective_chat
    entry, pace = await desk.keep(_admit, desk, user, chat.id if chat else None, message is None)
    if entry is not Entry.OPEN or user is None:
        await _turn_away(desk, update, user, entry)
        raise ApplicationHandlerStop
    if pace is not None:
        desk.metrics.refused.labels("rate").inc()
        if pace:
            await _tell(desk, update, say(pace, await desk.language(update)))
        raise ApplicationHandlerStop


def _admit(
    desk: Desk, user: User | None, chat_id: int | None, cheap: bool
) -> tuple[Entry, str | None]:
    """Whether the sender may ask, and `_pace` for one who may."""
    entry = desk.access.entry(user.id if user else None, chat_id)
    if user is None or entry is not Entry.OPEN:
        return entry, None
    return entry, _pace(desk, user, cheap)


def _pace(desk: Desk, user: User, cheap: bool) -> str | None:
    """None: go on. Else the sentence that says why not, "" once it has been said."""
    state, who = desk.state, desk.state.who(user.id)
    if cheap:
        limit = desk.settings.rate_per_user * PRESSES
        pressed = state.count(f"presses:{who}", MINUTE)
        return None if pressed <= limit else "too_fast" if pressed == limit + 1 else ""
    limit = desk.settings.rate_per_user
    asked, everybody = state.counts((f"asks:{who}", "asks"), MINUTE)
    if asked > limit:
        return "too_fast" if asked == limit + 1 else ""
    if everybody > desk.settings.rate_overall:
        return "too_busy" if state.count(f"busy:{who}", MINUTE) == 1 else ""
    return None


async def _turn_away(desk: Desk, update: Update, user: User | None, entry: Entry) -> None:
    desk.metrics.refused.labels(entry.name.lower()).inc()
    logger.info("turned away", extra=fields(update=update.update_id, entry=entry.name.lower()))
    language = await desk.language(update)
    if user is None:
        chat = update.effective_chat
        key = f"anonymous:{chat.id if chat else 0}"
        if await desk.keep(desk.state.count, key, MINUTE) == 1:
            await _tell(desk, update, say("anonymous", language))
        return
    if update.message is not None or update.edited_message is not None:
        key = f"strangers:{desk.state.who(user.id)}"
        if await desk.keep(desk.state.count, key, 60 * MINUTE) > WORDS_FOR_STRANGERS:
            return
    text = await _refusal(desk, update, user, entry, language)
    closed = InlineQueryResultsButton(say("closed_inline", language), start_parameter="pair")
    await _tell(desk, update, text, closed)


async def _refusal(desk: Desk, update: Update, user: User, entry: Entry, language: str) -> str:
    if entry is Entry.CLOSED:
        return say("closed", language)
    message = update.message or update.edited_message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return say("pair_privately", language)
    name = f"{user.full_name} (@{user.username})" if user.username else user.full_name
    code = await desk.keep(pairing_code, desk.state, user.id, name)
    if code is None:
        return say("pair_later", language)
    return say("pair", language, code=code, minutes=round(CODE_SECONDS / 60))


async def _tell(
    desk: Desk, update: Update, text: str, inline: InlineQueryResultsButton | None = None
) -> None:
    """One sentence, or the button `inline`, as this kind of update can be answered."""
    with suppress(TelegramError):
        if update.callback_query is not None:
            await update.callback_query.answer(text[:200], show_alert=True)
        elif update.inline_query is not None:
            await update.inline_query.answer([], cache_time=0, is_personal=True, button=inline)
        else:
            await desk.reply(update, compose([Block(text)]))
