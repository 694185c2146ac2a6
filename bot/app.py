"""The Telegram bot, put together: which handler answers what."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.exc import OperationalError
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import keyboards
from bot.address import COMMANDS
from bot.desk import Answers, App, Context, Desk, desk_of
from bot.handlers import buttons, commands, gate, inline, questions, sources, uploads
from bot.inbox import NotOurs
from bot.logs import fields
from bot.messages import Block, compose
from bot.processor import ChatOrder
from bot.settings import Settings
from bot.state import State
from bot.transport import Bot, PatientLimiter, Request, kind
from bot.words import say
from index.build import BuildReport

logger = logging.getLogger(__name__)

CONNECTIONS = 128


def build_application(
    settings: Settings, state: State, answerer: Answers, build: Callable[[], BuildReport]
) -> tuple[App, Desk]:
    """The bot with all its handlers, not yet started."""
    limiter = PatientLimiter(settings.telegram_base_url)
    bot = Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=settings.telegram_base_url,
        base_file_url=settings.telegram_base_file_url,
        request=Request(CONNECTIONS),
        get_updates_request=Request(2),
        rate_limiter=limiter,
    )
    desk = Desk(settings, state, answerer, build, bot)
    desk.metrics.flood_waits.set_function(lambda: limiter.waits)
    app = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .concurrent_updates(ChatOrder(desk))
        .build()
    )
    app.bot_data["desk"] = desk

    def command(name: str, handler: Callable[..., object]) -> None:
        fresh = filters.UpdateType.MESSAGE
        app.add_handler(CommandHandler(COMMANDS[name], handler, filters=fresh))  # type: ignore[arg-type]

    app.add_handler(TypeHandler(Update, gate.gate), group=-1)
    app.add_handler(MessageHandler(filters.StatusUpdate.ALL, _ignore))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, commands.edited))
    app.add_handler(MessageHandler(filters.FORWARDED & filters.COMMAND, commands.forwarded))
    command("start", commands.start)
    command("help", commands.help_)
    command("ask", questions.ask)
    command("sources", sources.sources)
    command("new", commands.new)
    command("language", commands.language)
    command("privacy", commands.privacy)
    command("status", commands.status)
    command("reindex", commands.renew)
    app.add_handler(MessageHandler(filters.Document.ALL, uploads.upload))
    app.add_handler(MessageHandler(filters.COMMAND, commands.unknown))
    app.add_handler(MessageHandler(filters.TEXT, questions.ask))
    app.add_handler(MessageHandler(filters.ALL, commands.text_only))

    def pressed(actions: str, handler: Callable[..., object]) -> None:
        app.add_handler(CallbackQueryHandler(handler, pattern=f"^[{actions}](:|$)"))  # type: ignore[arg-type]

    k = keyboards
    pressed(k.SOURCE + k.ANSWER + k.MORE + k.NEAREST + k.GOOD + k.BAD + k.WRONG, buttons.press)
    pressed(k.LANGUAGE, commands.language_pressed)
    pressed(k.SOURCES, sources.sources_page)
    pressed(k.DELETE + k.DELETE_SURE, sources.delete)
    pressed(k.REPLACE + k.CANCEL, uploads.decide)
    app.add_handler(CallbackQueryHandler(commands.unknown_button))
    app.add_handler(InlineQueryHandler(inline.inline))
    app.add_error_handler(trouble)
    return app, desk


async def _ignore(update: Update, context: Context) -> None:
    """Members who come and go, pinned messages: nothing to say."""


async def trouble(update: object, context: Context) -> None:
    """Logs the cause of a failed handler and tells the user one calm sentence."""
    desk, error = desk_of(context), context.error
    desk.metrics.errors.labels(type(error).__name__).inc()
    number = update.update_id if isinstance(update, Update) else None
    if isinstance(error, NotOurs):
        logger.warning("another process has taken this over", extra=fields(update=number))
        return
    if isinstance(error, OperationalError) and number is not None:
        desk.inbox.give_back(number)
        logger.error("the database failed", extra=fields(update=number, error=kind(error)))
        return
    if isinstance(error, TelegramError):  # telling would fail the same way
        logger.warning("not delivered", extra=fields(update=number, error=kind(error)))
        return
    logger.error("handler failed", exc_info=error, extra=fields(update=number))
    if isinstance(update, Update):
        text = say("trouble", await desk.language(update))
        if update.callback_query is not None and not desk.is_slow(update.update_id):
            await buttons.alert(update.callback_query, text)
        elif update.effective_message is not None:
            await desk.reply(update, compose([Block(text)]))
