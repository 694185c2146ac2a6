"""Commands, except asking, and the polite words for what the bot does not do."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from telegram import InlineKeyboardMarkup, Update

from bot import reindex
from bot.desk import Context, Desk, desk_of
from bot.handlers.buttons import alert, edit
from bot.handlers.questions import place_of
from bot.keyboards import language_keyboard
from bot.messages import Block, compose
from bot.state import ANSWER_DAYS, FEEDBACK_DAYS
from bot.words import LANGUAGES, say


async def _say(
    update: Update, context: Context, key: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    desk = desk_of(context)
    text = say(key, await desk.language(update))
    await desk.reply(update, compose([Block(text)]), keyboard)


async def start(update: Update, context: Context) -> None:
    """/start"""
    await _say(update, context, "start")


async def help_(update: Update, context: Context) -> None:
    """/help, /yardim"""
    desk, user = desk_of(context), update.effective_user
    language = await desk.language(update)
    text = say("help", language)
    if user is not None and desk.access.is_admin(user.id):
        text += say("help_admin", language)
    await desk.reply(update, compose([Block(text)]))


async def new(update: Update, context: Context) -> None:
    """/yeni, /new"""
    desk, user = desk_of(context), update.effective_user
    if user is not None:
        await desk.keep(desk.state.keep_turns, user.id, place_of(update), ())
    await _say(update, context, "new")


async def privacy(update: Update, context: Context) -> None:
    """/gizlilik, /privacy"""
    desk, user = desk_of(context), update.effective_user
    spoken, host = await desk.language(update), desk.model_host
    text = say(
        "privacy",
        spoken,
        elsewhere=say("sent_to_model" if host else "nothing_sent", spoken, host=host),
        answer_days=ANSWER_DAYS,
        feedback_days=FEEDBACK_DAYS,
        minutes=desk.settings.follow_up_minutes,
        user=user.id if user else 0,
    )
    await desk.reply(update, compose([Block(text)]))


async def language(update: Update, context: Context) -> None:
    """/dil, /language: with a code sets it, without one offers buttons."""
    desk, message, user = desk_of(context), update.effective_message, update.effective_user
    if message is None or user is None:
        return
    wanted = (message.text or "").split()[1:2]
    if wanted and wanted[0].casefold() in LANGUAGES:
        await desk.keep(desk.state.set_language, user.id, wanted[0].casefold())
        await _say(update, context, "language_set")
        return
    await _say(update, context, "language_ask", language_keyboard())


async def language_pressed(update: Update, context: Context) -> None:
    """A button of /dil: sets the language of whoever pressed it."""
    desk, query = desk_of(context), update.callback_query
    if query is None or query.data is None:
        return
    code = query.data.partition(":")[2]
    if code not in LANGUAGES:
        await alert(query, say("unknown_button", await desk.language(update)))
        return
    await desk.keep(desk.state.set_language, query.from_user.id, code)
    await edit(query, compose([Block(say("language_set", code))])[0])
    await alert(query, "")


async def status(update: Update, context: Context) -> None:
    """/durum, /status: for admins."""
    if not await is_admin(update, context):
        return
    desk = desk_of(context)
    text = await desk.think(_status, desk, await desk.language(update))
    await desk.reply(update, compose([Block(text)]))


def _status(desk: Desk, spoken: str) -> str:
    answerer = desk.answerer
    return say(
        "status",
        spoken,
        release=release(),
        model=answerer.model,
        version=answerer.index_version,
        built=f"{answerer.built:%Y-%m-%d %H:%M}",
        documents=answerer.documents,
        passages=answerer.passages,
        answered=desk.state.add("answered", 0),
        p50=desk.metrics.p50_ms,
    )


def release() -> str:
    """The installed version of Danış."""
    try:
        return version("danis")
    except PackageNotFoundError:
        return "?"


async def renew(update: Update, context: Context) -> None:
    """/yenile, /reindex: for admins; reports when the build has ended."""
    chat = update.effective_chat
    if chat is None or not await is_admin(update, context):
        return
    desk = desk_of(context)
    spoken = await desk.language(update)
    await _say(update, context, "reindex_started")
    desk.later(context.application, update, reindex.renew_and_tell(desk, update, spoken))


async def is_admin(update: Update, context: Context) -> bool:
    """Whether the sender is an admin; says so where not."""
    desk, user = desk_of(context), update.effective_user
    if desk.access.is_admin(user.id if user else None):
        return True
    desk.metrics.refused.labels("admin").inc()
    if update.callback_query is not None:
        await alert(update.callback_query, say("admins_only", await desk.language(update)))
    else:
        await _say(update, context, "admins_only")
    return False


async def unknown(update: Update, context: Context) -> None:
    """A command that is not there."""
    await _say(update, context, "unknown_command")


async def unknown_button(update: Update, context: Context) -> None:
    """A button that no version of the bot had, or a forged one."""
    if update.callback_query is not None:
        spoken = await desk_of(context).language(update)
        await alert(update.callback_query, say("unknown_button", spoken))


async def edited(update: Update, context: Context) -> None:
    """An edited message: its answer, if any, stands."""
    await _say(update, context, "edited")


async def forwarded(update: Update, context: Context) -> None:
    """A forwarded command was typed by somebody else."""
    await _say(update, context, "forwarded_command")


async def text_only(update: Update, context: Context) -> None:
    """Pictures, voices, stickers."""
    await _say(update, context, "text_only")
