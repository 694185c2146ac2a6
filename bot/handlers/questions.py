"""Questions: in private, in groups and topics, by command, mention or reply."""

from __future__ import annotations

import asyncio
import logging
import time

from telegram import InlineKeyboardMarkup, Update

from bot import shelf
from bot.address import question_in
from bot.desk import Context, Desk, desk_of, topic
from bot.keyboards import answer_keyboard
from bot.logs import fields
from bot.messages import Block, Message, compose
from bot.telegram_render import answer_messages
from bot.words import say
from index.answer import Answer, Turn, Verdict

logger = logging.getLogger(__name__)


def place_of(update: Update) -> str:
    """The chat and topic that a conversation belongs to."""
    chat = update.effective_chat
    return f"{chat.id if chat else 0}/{topic(update) or 0}"


async def ask(update: Update, context: Context) -> None:
    """Answers the question in a message."""
    desk, message, user = desk_of(context), update.effective_message, update.effective_user
    if message is None or user is None:
        return
    language = await desk.language(update)
    question = question_in(message, context.bot.bot)
    if not question:
        await desk.reply(update, compose([Block(say("ask_usage", language))]))
        return
    started = time.perf_counter()
    place = place_of(update)
    remembered = desk.state.clock() - desk.settings.follow_up_minutes * 60
    turns = await desk.keep(desk.state.turns, user.id, place, remembered)
    work = asyncio.ensure_future(_answer(desk, question, turns, language))
    answer, messages = await desk.typing(update, work)
    keyboard = await desk.keep(_remember, desk, update, answer, turns)
    await desk.reply(update, messages, keyboard)
    seconds = time.perf_counter() - started
    desk.metrics.answered(answer.verdict.value, seconds)
    shown = {"question": question} if desk.settings.log_texts else {}
    logger.info(
        "answered",
        extra=fields(
            update=update.update_id, verdict=answer.verdict, ms=round(seconds * 1000), **shown
        ),
    )


async def _answer(
    desk: Desk, question: str, turns: tuple[Turn, ...], language: str
) -> tuple[Answer, list[Message]]:
    answer = await desk.think(desk.answerer.ask, question, turns=turns, language=language)
    answer = await desk.write(answer)
    return answer, await desk.think(answer_messages, answer)


def _remember(
    desk: Desk, update: Update, answer: Answer, turns: tuple[Turn, ...]
) -> InlineKeyboardMarkup | None:
    """Keeps the conversation, and the answer if it has buttons; returns these."""
    user, chat = update.effective_user, update.effective_chat
    desk.state.add("answered")
    if user is None or chat is None or answer.verdict is Verdict.TALK:
        return None
    desk.state.keep_turns(user.id, place_of(update), (*turns, answer.turn))
    if not (answer.citations or answer.nearest or answer.verdict is Verdict.REFUSED):
        return None
    return answer_keyboard(shelf.put(desk.state, user.id, chat.id, answer))
