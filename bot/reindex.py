"""Renewing the index behind the bot's back, one build at a time."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress

from telegram import Update
from telegram.error import TelegramError

from bot import memory
from bot.desk import Desk, topic
from bot.live import build_index
from bot.logs import fields
from bot.messages import Block, compose
from bot.settings import Settings
from bot.words import say
from index.build import BuildReport
from index.errors import BusyIndexError, DanisError

logger = logging.getLogger(__name__)

MOST_SKIPPED = 20
BUSY_SECONDS = 1.0  # how soon a build elsewhere is looked at again
LOOK_SECONDS = 2.0  # how soon an index that somebody else published is noticed


def build_apart(settings: Settings) -> BuildReport:
    """Builds in a process of its own, which yields to the one that answers.

    Raises:
        DanisError: the index could not be built.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as apart:
        # Ctrl-C and SIGTERM may reach the whole group: a build goes on until `end_builds`. Blocked
        # here, they are blocked in the child from its first instant.
        others = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            submitted = apart.submit(_build, settings)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, others)
        outcome = submitted.result()
    if isinstance(outcome, BuildReport):
        return outcome
    busy, turkish, english = outcome
    raise (BusyIndexError if busy else DanisError)(turkish, english)


def _build(settings: Settings) -> BuildReport | tuple[bool, str, str]:
    os.nice(10)
    try:
        return build_index(settings)
    except DanisError as error:
        return isinstance(error, BusyIndexError), error.turkish, error.english


def end_builds() -> None:
    """Ends a build that is under way; the index is none the worse for it."""
    for child in multiprocessing.active_children():
        child.kill()


async def renew(desk: Desk) -> BuildReport:
    """Builds what changed, after a build that is under way, and serves it.

    Raises:
        DanisError: the index could not be built; the old one serves on.
    """
    async with desk.building:
        report = await _build_in_turn(desk)
        await _serve_newest(desk)
    logger.info(
        "index renewed",
        extra=fields(documents=report.documents, passages=report.passages, seconds=report.seconds),
    )
    return report


async def _build_in_turn(desk: Desk) -> BuildReport:
    """Builds, once a build that another process may be at has ended."""
    while True:
        try:
            return await asyncio.to_thread(desk.build)
        except BusyIndexError:
            await asyncio.sleep(BUSY_SECONDS)


async def renew_and_tell(desk: Desk, update: Update, language: str) -> None:
    """Renews the index and tells the asker how it went."""
    try:
        text = report_text(await renew(desk), language)
    except DanisError as error:
        text = say("reindex_failed", language, reason=error.text(language))
    await tell(desk, update, text)


def report_text(report: BuildReport, language: str) -> str:
    """What a build found, in words."""
    text = say(
        "reindex_done",
        language,
        documents=report.documents,
        passages=report.passages,
        seconds=f"{report.seconds:.1f}",
    )
    if report.skipped:
        turkish = language == "tr"
        lines = [skipped.turkish if turkish else skipped.english for skipped in report.skipped]
        text += "\n\n" + say("reindex_skipped", language, lines="\n".join(lines[:MOST_SKIPPED]))
    return text


async def tell(desk: Desk, update: Update, text: str) -> None:
    """Says something more after an update has been answered."""
    chat = update.effective_chat
    if chat is None:
        return
    with suppress(TelegramError):
        for message in compose([Block(text)]):
            await desk.bot.send_message(
                chat.id,
                message.text,
                message_thread_id=topic(update),
                disable_web_page_preview=True,
            )


async def _serve_newest(desk: Desk) -> bool:
    """Picks up a newly published index, True where there was one; the old one's memory is freed."""
    renewed = await desk.think(desk.answerer.refresh)
    if renewed:
        await desk.think(memory.give_back)
    return renewed


async def watch(desk: Desk) -> None:
    """Picks up an index that another process published, between two questions."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if await _serve_newest(desk):
            logger.info("new index", extra=fields(version=desk.answerer.index_version))
