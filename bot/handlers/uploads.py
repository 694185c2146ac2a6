"""Seeds from chat: an admin sends a file, it is checked, stored, indexed and confirmed."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from telegram import Update
from telegram.constants import ChatType, FileSizeLimit
from telegram.error import BadRequest

from bot import reindex, schema
from bot.desk import Context, Desk, desk_of
from bot.handlers.buttons import alert, edit
from bot.handlers.commands import is_admin
from bot.keyboards import CANCEL, REPLACE, sure_keyboard
from bot.live import open_store
from bot.logs import fields
from bot.messages import Block, clean, compose, shorten
from bot.seeds_folder import put_seed, safe_name
from bot.state import State
from bot.words import say
from index.documents import read
from index.errors import DanisError
from index.extracted import ExtractedTexts
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
    limit = min(desk.settings.max_seed_bytes, FileSizeLimit.FILESIZE_DOWNLOAD)
    if (document.file_size or 0) > limit:
        await refuse("upload_large", size=document.file_size, limit=limit)
        return
    try:
        file = await context.bot.get_file(document.file_id)
    except BadRequest:
        await refuse("upload_large", size=document.file_size or "?", limit=limit)
        return
    content = bytes(await file.download_as_bytearray())
    if len(content) > limit:
        await refuse("upload_large", size=len(content), limit=limit)
        return
    token = secrets.token_urlsafe(9)
    folder = _waiting(desk) / token
    try:
        await desk.think(_check, folder, name, content, _texts(desk))
    except DanisError as error:
        await desk.think(_drop, folder)
        await refuse("upload_bad", reason=error.text(language))
        return
    await desk.keep(_note, desk.state, token, user.id, name)
    if (desk.settings.seeds_dir / name).exists():
        text = say("upload_exists", language, name=name)
        keyboard = sure_keyboard(language, "button_yes_replace", REPLACE, token)
        await desk.reply(update, compose([Block(text)]), keyboard)
        return
    await desk.reply(update, compose([Block(say("upload_stored", language, name=name))]))
    context.application.create_task(_index(desk, update, token, name, language), update)


async def decide(update: Update, context: Context) -> None:
    """The buttons that replace a seed of the same name, or leave things as they are."""
    desk, query = desk_of(context), update.callback_query
    if query is None or query.data is None or not await is_admin(update, context):
        return
    action, _, token = query.data.partition(":")
    language = await desk.language(update)
    name = await desk.keep(_take, desk.state, token, query.from_user.id)
    if action == CANCEL:
        if name is not None:
            await desk.think(_drop, _waiting(desk) / token)
        await edit(query, compose([Block(say("cancelled", language))])[0])
        await alert(query, "")
        return
    if name is None:
        await alert(query, say("answer_gone", language))
        return
    await edit(query, compose([Block(say("upload_stored", language, name=name))])[0])
    await alert(query, "")
    context.application.create_task(_index(desk, update, token, name, language), update)


async def _index(desk: Desk, update: Update, token: str, name: str, language: str) -> None:
    """Stores the file, renews the index, and tells what came of it."""
    waiting = _waiting(desk) / token
    try:
        await desk.think(put_seed, desk.settings.seeds_dir, waiting / name, name)
        await desk.think(_drop, waiting)
        report = await reindex.renew(desk)
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


def _waiting(desk: Desk) -> Path:
    return desk.settings.state_dir / "uploads"


def _texts(desk: Desk) -> ExtractedTexts:
    return open_store(desk.settings).texts


def _check(folder: Path, name: str, content: bytes, texts: ExtractedTexts) -> None:
    """Keeps the file aside and reads it as a seed.

    Raises:
        SeedError: it cannot be read as one.
    """
    folder.mkdir(parents=True, mode=0o700)
    (folder / name).write_bytes(content)
    read(folder, name, texts=texts)


def _drop(folder: Path) -> None:
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def _sample(desk: Desk, name: str) -> tuple[int, str]:
    """How many passages the seed has, and the first of them, shortened."""
    document = read(desk.settings.seeds_dir, name, texts=_texts(desk))
    passages = split(document)
    first = document.text[passages[0].start : passages[0].end] if passages else ""
    return len(passages), shorten(clean(first), SAMPLE)


def _note(state: State, token: str, user_id: int, name: str) -> None:
    with state.begin() as db:
        db.execute(
            schema.uploads.insert().values(id=token, user_id=user_id, name=name, at=state.clock())
        )


def _take(state: State, token: str, user_id: int) -> str | None:
    """The name of the upload that waits under this token for this admin; it waits no more."""
    table = schema.uploads
    with state.begin() as db:
        return db.scalar(
            table.delete()
            .where(table.c.id == token, table.c.user_id == user_id)
            .returning(table.c.name)
        )
