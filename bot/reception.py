"""Where updates come in: long polling, or the webhook; both keep them before they confirm them."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import tornado.httpserver
import tornado.web
from sqlalchemy.exc import SQLAlchemyError
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.desk import App, Desk
from bot.logs import fields
from bot.replica import BEAT_SECONDS
from bot.transport import Backoff, Bot, kind, seconds_of

logger = logging.getLogger(__name__)

KINDS = ["message", "edited_message", "callback_query", "inline_query"]
POLL_SECONDS = 8  # also how long a connection that died unseen can go unnoticed
SHORTEST_POLL = 0.3  # an empty answer that comes sooner is not long polling: do not spin
MOST_WEBHOOK_BYTES = 1_000_000
MOST_WEBHOOK_CONNECTIONS = 40


class Reception:
    """Takes updates in: each once, kept in the inbox before Telegram is told."""

    def __init__(self, app: App, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> int:
        """Keeps updates and hands those never seen before to the handlers; returns their number.

        Raises:
            SQLAlchemyError: they could not be kept, so they must not be confirmed.
        """
        known = [u for u in updates if isinstance(u, dict) and type(u.get("update_id")) is int]
        fresh = await self._desk.keep(self._desk.inbox.receive, known)
        self._desk.metrics.heard = time.monotonic()
        for update in fresh:
            await self._hand_on(update)
        return len(fresh)

    async def resume(self) -> None:
        """Hands on what nobody answers: left by an earlier run, or by a process that died."""
        adopted = await self._desk.keep(self._desk.inbox.adopt)
        if adopted:
            logger.info("resuming", extra=fields(updates=len(adopted)))
            self._desk.metrics.adopted.inc(len(adopted))
        for update in adopted:
            await self._hand_on(update)

    async def keep_resuming(self) -> None:
        """Shows the other processes that this one lives, and resumes what the dead leave."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                if self._desk.metrics.stopping:
                    await self._desk.keep(self._desk.inbox.beat)
                else:
                    await self.resume()
            except SQLAlchemyError as error:
                logger.warning("the database does not answer", extra=fields(error=kind(error)))

    async def _hand_on(self, raw: Mapping[str, Any]) -> None:
        try:
            update = Update.de_json(dict(raw), self._app.bot)
        except Exception as error:  # whatever the server sent, the others must get through
            logger.error(
                "update cannot be read",
                extra=fields(update=raw["update_id"], error=type(error).__name__),
            )
            await self._desk.finish(raw["update_id"])
            return
        named = [name for name in raw if name != "update_id"]
        self._desk.metrics.updates.labels(
            named[0] if named and named[0] in KINDS else "other"
        ).inc()
        await self._app.update_queue.put(update)


async def poll(bot: Bot, reception: Reception) -> None:
    """Long-polls until cancelled, then confirms what was taken in.

    Raises:
        InvalidToken: Telegram does not know the token (any more).
    """
    offset = 0
    backoff = Backoff()
    try:
        while True:
            started = time.monotonic()
            try:
                updates = await bot.raw_updates(offset, POLL_SECONDS, KINDS)
                fresh = await reception.take(updates)
                ids = [u["update_id"] for u in updates if isinstance(u, dict) and "update_id" in u]
                offset = max([offset, *(number + 1 for number in ids)])
                backoff.reset()
                if not fresh:
                    await asyncio.sleep(max(0.0, SHORTEST_POLL - (time.monotonic() - started)))
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error) + 0.2)
            except Exception as error:  # the network, the server, the disk: all pass
                pause = backoff.next()
                logger.warning("polling failed", extra=fields(error=kind(error), pause=pause))
                if isinstance(error, Conflict):
                    logger.error("another program polls with the same token: stop one of the two")
                    pause += 1.0
                await asyncio.sleep(pause)
    finally:
        if offset:
            with suppress(TelegramError, TimeoutError):
                await asyncio.wait_for(bot.raw_updates(offset, 0, KINDS), 3.0)


class _Webhook(tornado.web.RequestHandler):
    def initialize(self, reception: Reception, secret: str) -> None:
        self.reception = reception
        self.secret = secret

    async def post(self) -> None:
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            logger.warning("forged webhook request refused")
            raise tornado.web.HTTPError(403)
        try:
            update = json.loads(self.request.body)
            number = update["update_id"]
        except (ValueError, TypeError, KeyError):
            raise tornado.web.HTTPError(400) from None
        if type(number) is not int:
            raise tornado.web.HTTPError(400)
        await self.reception.take([update])
        self.finish()

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish()

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        if not isinstance(value, tornado.web.HTTPError):
            logger.error("webhook failed", extra=fields(error=type(value).__name__))


def serve_webhook(
    reception: Reception, secret: str, listen: str, port: int
) -> tornado.httpserver.HTTPServer:
    """Takes updates in over HTTP; the secret alone says that they are Telegram's.

    Raises:
        OSError: the port cannot be had.
    """
    application = tornado.web.Application(
        [(r".*", _Webhook, {"reception": reception, "secret": secret})],
        log_function=lambda _: None,
    )
    return application.listen(port, address=listen, max_body_size=MOST_WEBHOOK_BYTES)
