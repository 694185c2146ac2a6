"""Seeds from chat: an admin sends a file, it is checked, stored, indexed and confirmed."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from telegram import Update
from telegram.constants import ChatType, FileSizeLimit
from telegram.error import TelegramError

from bot import reindex, schema
from bot.desk import Context, Desk, desk_of
from bot.handlers.buttons import alert, edit
from bot.handlers.commands import is_admin
from bot.keyboards import CANCEL, REPLACE, sure_keyboard
from bot.live import open_store
from bot.logs import fields
from bot.messages import Block, clean, compose, shorten
from bot.seeds_folder import is_another, put_seed, safe_name
from bot.state import State, is_key
from bot.transport import is_cloud
from bot.words import say
from index.documents import Document, read
from index.errors import DanisError
from index.formats import KINDS
from index.passages import split

logger = logging.getLogger(__name__)

SAMPLE = 300


async def upload(update: Update, context: Context) -> None:
    """A file: stored as a seed where an admin sent it in private and it is what it says."""
    desk, message, user = desk_of(context), update.effective_message, update.effective_user
    if message is None or message.document is None or user is None:
        return
    language = await desk.language(update)

    async def refuse(key: str, **values: object) -> None:
        logger.info("upload refused", extra=fields(update=update.update_id, reason=key))
        await desk.reply(update, compose([Block(say(key, language, **values))]))

    if not desk.access.is_admin(user.id) or message.chat.type != ChatType.PRIVATE:
        await refuse("upload_admins")
        return
    document = message.document
    name = safe_name(document.file_name or "")
    if name is None:
        await refuse("upload_kind", kinds=", ".join(KINDS))
        return
    limit = desk.settings.max_seed_bytes
    if is_cloud(desk.settings.telegram_base_url):
        limit = min(limit, FileSizeLimit.FILESIZE_DOWNLOAD)
    if (document.file_size or 0) > limit:
        await refuse("upload_large", size=document.file_size, limit=limit)
        return
    try:
        content = await desk.bot.download(document.file_id)
    except TelegramError as error:
        if "too big" in str(error).casefold():
            limit = min(limit, FileSizeLimit.FILESIZE_DOWNLOAD)
            await refuse("upload_large", size=document.file_size or "?", limit=limit)
        else:
            await refuse("trouble")
        return
    if len(content) > limit:
        await refuse("upload_large", size=len(content), limit=limit)
        return
    try:
        await desk.think(_check, desk, name, content)
    except DanisError as error:
        await refuse("upload_bad", reason=error.text(language))
        return
    token = desk.state.who(update.update_id)  # the same where a crash repeats the update
    await desk.keep(_put, desk.state, token, user.id, name, content)
    if await desk.think(is_another, desk.settings.seeds_dir / name, content):
        text = say("upload_exists", language, name=name)
        keyboard = sure_keyboard(language, "button_yes_replace", REPLACE, token)
        await desk.reply(update, compose([Block(text)]), keyboard)
        return
    await desk.reply(update, compose([Block(say("upload_stored", language, name=name))]))
    waiting = _Upload(token, name, content)
    desk.later(context.application, update, _index(desk, update, waiting, language))


async def decide(update: Update, context: Context) -> None:
    """The buttons that replace a seed of the same name, or leave things as they are."""
    desk, query = desk_of(context), update.callback_query
    if query is None or query.data is None or not await is_admin(update, context):
        return
    action, _, token = query.data.partition(":")
    language = await desk.language(update)
    waiting = await desk.keep(_get, desk.state, token, query.from_user.id)
    if action == CANCEL:
        if waiting is not None:
            await desk.keep(_drop, desk.state, token)
        await edit(query, compose([Block(say("cancelled", language))])[0])
        await alert(query, "")
        return
    if waiting is None:
        await alert(query, say("answer_gone", language))
        return
    await edit(query, compose([Block(say("upload_stored", language, name=waiting.name))])[0])
    await alert(query, "")
    desk.later(context.application, update, _index(desk, update, waiting, language))


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file that waits in the state, so that any process can go on with it."""

    token: str
    name: str
    content: bytes


async def _index(desk: Desk, update: Update, waiting: _Upload, language: str) -> None:
    """Stores the file, renews the index, and tells what came of it."""
    name = waiting.name
    try:
        await desk.think(put_seed, desk.settings.seeds_dir, name, waiting.content)
        report = await reindex.renew(desk)
        await desk.keep(_drop, desk.state, waiting.token)
        for skipped in report.skipped:
            if skipped.path == name:
                reason = skipped.turkish if language == "tr" else skipped.english
                await reindex.tell(desk, update, say("upload_bad", language, reason=reason))
                return
        passages, sample = await desk.think(_sample, desk, name)
    except DanisError as error:
        reason = error.text(language)
        await reindex.tell(desk, update, say("reindex_failed", language, reason=reason))
        return
    text = say("upload_indexed", language, name=name, passages=passages, sample=sample)
    await reindex.tell(desk, update, text)


def _read(desk: Desk, folder: Path, name: str) -> Document:
    settings = desk.settings
    return read(folder, name, settings.max_seed_bytes, texts=open_store(settings).texts)


def _check(desk: Desk, name: str, content: bytes) -> None:
    """Reads the content as a seed.

    Raises:
        SeedError: it cannot be read as one.
    """
    with tempfile.TemporaryDirectory(prefix="danis-") as folder:
        (Path(folder) / name).write_bytes(content)
        _read(desk, Path(folder), name)


def _sample(desk: Desk, name: str) -> tuple[int, str]:
    """How many passages the seed has, and the first of them, shortened."""
    document = _read(desk, desk.settings.seeds_dir, name)
    passages = split(document)
    first = document.text[passages[0].start : passages[0].end] if passages else ""
    return len(passages), shorten(clean(first), SAMPLE)


def _put(state: State, token: str, user_id: int, name: str, content: bytes) -> None:
    row = {"user_id": user_id, "name": name, "content": content, "at": state.clock()}
    insert = state.insert(schema.uploads).values(id=token, **row)
    with state.begin() as db:
        db.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))


def _get(state: State, token: str, user_id: int) -> _Upload | None:
    """The upload that waits under this token for this admin."""
    table = schema.uploads
    if not is_key(token):
        return None
    with state.begin() as db:
        found = table.select().where(table.c.id == token, table.c.user_id == user_id)
        row = db.execute(found).first()
    return _Upload(token, row.name, row.content) if row and row.content is not None else None


def _drop(state: State, token: str) -> None:
    table = schema.uploads
    with state.begin() as db:
        db.execute(table.delete().where(table.c.id == token))
