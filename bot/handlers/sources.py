"""/kaynaklar: what is indexed, page by page; for admins also deleting, with a confirmation."""

from __future__ import annotations

import hashlib

from telegram import InlineKeyboardMarkup, Update

from bot import reindex
from bot.desk import Context, Desk, desk_of
from bot.handlers.buttons import alert, edit
from bot.handlers.commands import is_admin
from bot.keyboards import DELETE, DELETE_SURE, SOURCES, button, sure_keyboard
from bot.messages import Block, Message, clean, compose, shorten
from bot.seeds_folder import delete_seed
from bot.words import say
from index.errors import DanisError
from index.records import DocumentRecord

PER_PAGE = 12
NAME = 40


def seed_id(path: str) -> str:
    """A short name for a seed's path, which may be too long for a button."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:20]


async def sources(update: Update, context: Context) -> None:
    """/kaynaklar, /sources"""
    desk, user = desk_of(context), update.effective_user
    admin = desk.access.is_admin(user.id if user else None)
    message, keyboard = await desk.think(_page, desk, 0, admin, await desk.language(update))
    await desk.reply(update, [message], keyboard)


async def sources_page(update: Update, context: Context) -> None:
    """The buttons that turn the pages of /kaynaklar."""
    desk, query = desk_of(context), update.callback_query
    if query is None or query.data is None:
        return
    number = query.data.partition(":")[2]
    page = int(number) if number.isdecimal() and len(number) < 6 else 0
    admin = desk.access.is_admin(query.from_user.id)
    await edit(query, *await desk.think(_page, desk, page, admin, await desk.language(update)))
    await alert(query, "")


def _page(
    desk: Desk, page: int, admin: bool, language: str
) -> tuple[Message, InlineKeyboardMarkup | None]:
    records = sorted(desk.answerer.document_records(), key=lambda record: record.path)
    if not records:
        return compose([Block(say("no_sources", language))])[0], None
    pages = (len(records) + PER_PAGE - 1) // PER_PAGE
    page = min(page, pages - 1)
    shown = records[page * PER_PAGE : (page + 1) * PER_PAGE]
    head = say(
        "sources",
        language,
        documents=len(records),
        passages=sum(record.passages for record in records),
    )
    lines = [Block(_line(record), gap="\n") for record in shown]
    rows = [
        [
            button(
                say("button_delete", language, name=shorten(record.path, NAME)),
                DELETE,
                seed_id(record.path),
            )
        ]
        for record in shown
        if admin
    ]
    turn = [button("◀", SOURCES, page - 1)] if page else []
    turn += [button("▶", SOURCES, page + 1)] if page < pages - 1 else []
    keyboard = InlineKeyboardMarkup([*rows, turn]) if rows or turn else None
    return compose([Block(head), *lines])[0], keyboard


def _line(record: DocumentRecord) -> str:
    date = f" · {record.date.isoformat()}" if record.date else ""
    title = f" · {shorten(record.title, 80)}" if record.title else ""
    return f"• {shorten(record.path, 80)}{title}{date} · {record.passages} ¶"


async def delete(update: Update, context: Context) -> None:
    """The delete buttons: the first asks, the second deletes and renews the index."""
    desk, query = desk_of(context), update.callback_query
    if query is None or query.data is None or not await is_admin(update, context):
        return
    action, _, wanted = query.data.partition(":")
    language = await desk.language(update)
    record = await desk.think(_find, desk, wanted)
    if record is None:
        await alert(query, say("delete_gone", language))
        return
    name = shorten(clean(record.path), 200)
    if action == DELETE:
        keyboard = sure_keyboard(language, "button_yes_delete", DELETE_SURE, wanted)
        await edit(query, compose([Block(say("delete_sure", language, name=name))])[0], keyboard)
        await alert(query, "")
        return
    try:
        await desk.think(delete_seed, desk.settings.seeds_dir, record.path)
    except DanisError as error:
        await alert(query, error.text(language))
        return
    await edit(query, compose([Block(say("deleted", language, name=name))])[0])
    await alert(query, "")
    desk.later(context.application, update, reindex.renew_and_tell(desk, update, language))


def _find(desk: Desk, wanted: str) -> DocumentRecord | None:
    for record in desk.answerer.document_records():
        if seed_id(record.path) == wanted:
            return record
    return None
