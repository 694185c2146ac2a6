"""How the bot talks to the Bot API server: patiently, and never twice where it can know.

What a failed `sendMessage` leaves behind:

    the server refused (4xx), was busy (429) or failed (5xx)   not sent: sent again after a while
    no connection, or no request got through                   not sent: sent again
    the answer broke off after {"ok":true                      sent: not sent again
    no word came back, or nothing that could be read           unknown: sent again

The Bot API has no key that would make a repeated message harmless, so the last line can show an
answer twice; the other choice would lose it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, BaseRateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.logs import fields

# PTB gives times as timedelta where this is set, and warns at each flood wait where it is not.
os.environ.setdefault("PTB_TIMEDELTA", "true")

logger = logging.getLogger(__name__)

CLOUD = "https://api.telegram.org/"
READ_SECONDS = 10.0
LONGEST_PAUSE = 4.0
DOWNLOAD = "download"  # no method of the Bot API, but as patient as one
PATIENCE_SECONDS = {  # others: IMPATIENCE
    "sendMessage": 86_400.0,
    "editMessageText": 30.0,
    "getFile": 600.0,
    DOWNLOAD: 600.0,
}
IMPATIENCE_SECONDS = 10.0

Result = bool | dict[str, Any] | list[dict[str, Any]]


def is_cloud(base_url: str) -> bool:
    """Whether the Bot API server is Telegram's own, with its limits."""
    return base_url.startswith(CLOUD)


class Backoff:
    """Pauses that grow to `longest` seconds, with jitter, until things go well again."""

    def __init__(self, first: float = 0.3, longest: float = LONGEST_PAUSE) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0

    def next(self) -> float:
        """The next pause in seconds."""
        pause = min(self._longest, self._first * 2**self._failures)
        self._failures = min(self._failures + 1, 20)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311

    def reset(self) -> None:
        """Things went well."""
        self._failures = 0


class ReplyLost(httpx.ReadError):
    """The server said {"ok":true and broke off: what was asked for has been done."""


class _Overheard(httpx.AsyncByteStream):
    """A response's body that remembers how it began, in case it breaks off."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        beginning = b""
        try:
            async for chunk in self._stream:
                beginning = (beginning + chunk)[:64]
                yield chunk
        except httpx.TransportError as error:
            if re.match(rb'\s*\{\s*"ok"\s*:\s*true', beginning):
                raise ReplyLost("the answer broke off") from error
            raise

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _overhear(response: httpx.Response) -> None:
    if response.is_success:
        response.stream = _Overheard(response.stream)


class Request(HTTPXRequest):
    """PTB's request, which notices lost replies and logs no payload."""

    def __init__(self, connections: int, read_seconds: float = READ_SECONDS) -> None:
        super().__init__(
            connection_pool_size=connections,
            read_timeout=read_seconds,
            connect_timeout=5.0,
            write_timeout=READ_SECONDS,
            pool_timeout=60.0,
            httpx_kwargs={
                "headers": {"Accept-Encoding": "identity"},
                "event_hooks": {"response": [_overhear]},
            },
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The server's JSON object.

        Raises:
            NetworkError: it is none of Telegram's; what it is may hold anything, so it is not told.
        """
        try:
            parsed = json.loads(payload)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict) or not parsed.keys() & {"result", "description"}:
            raise NetworkError("the server answered something other than a JSON object")
        return parsed


class PatientLimiter(BaseRateLimiter[None]):
    """Telegram's limits kept by PTB's limiter; flood waits and failures outwaited.

    A flood wait (429) silences the chat that caused it, so that others go on; where it meets two
    private chats at once it is the bot's own, and silences all. On another server than Telegram's
    cloud nothing is limited beforehand; its flood waits are obeyed all the same.
    """

    def __init__(self, base_url: str) -> None:
        self._pace = AIORateLimiter() if is_cloud(base_url) else AIORateLimiter(0, 0, 0, 0)
        self._quiet: dict[object, float] = {}
        self.waits = 0

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Result:
        """Makes the request until it succeeds, is refused, or patience ends.

        Raises:
            TelegramError: refused, or still failing when the patience for `endpoint` has ended.
        """
        chat = data.get("chat_id", endpoint)
        ends = time.monotonic() + PATIENCE_SECONDS.get(endpoint, IMPATIENCE_SECONDS)
        backoff = Backoff()
        while True:
            await self._quiet_over(chat, ends)
            try:
                return await self._pace.process_request(
                    callback, args, kwargs, endpoint, data, None
                )
            except (BadRequest, ChatMigrated):
                raise
            except RetryAfter as error:
                pause = seconds_of(error)
                self._silence(chat, pause + 0.2)
            except NetworkError as error:
                if endpoint == "sendMessage" and isinstance(error.__cause__, ReplyLost):
                    return _taken(data)
                pause = backoff.next()
                if time.monotonic() + pause > ends:
                    raise
                logger.warning("send failed", extra=fields(method=endpoint, error=kind(error)))
                await asyncio.sleep(pause)

    def _silence(self, chat: object, seconds: float) -> None:
        self.waits += 1
        now = time.monotonic()
        self._quiet = {who: until for who, until in self._quiet.items() if until > now}
        self._quiet[chat] = max(self._quiet.get(chat, 0.0), now + seconds)
        people = [until for who, until in self._quiet.items() if isinstance(who, int) and who > 0]
        if len(people) > 1:
            self._quiet[None] = max(people)
        logger.warning("flood wait", extra=fields(seconds=seconds, everybody=None in self._quiet))

    async def _quiet_over(self, chat: object, ends: float) -> None:
        while True:
            until = max(self._quiet.get(chat, 0.0), self._quiet.get(None, 0.0))
            pause = until - time.monotonic()
            if pause <= 0:
                return
            if until > ends:
                raise RetryAfter(int(pause) + 1)
            await asyncio.sleep(pause)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asked to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _taken(data: dict[str, Any]) -> dict[str, Any]:
    """Stands for the message that Telegram took and whose description got lost."""
    return {"message_id": 0, "date": 0, "chat": {"id": data["chat_id"], "type": "private"}}


def kind(error: BaseException) -> str:
    """An error by its class and code alone: its words may hold an address or a text."""
    cause = error.__cause__
    name = type(error).__name__
    return f"{name} ({type(cause).__name__})" if cause else name


class Bot(ExtBot[None]):
    """PTB's bot; updates as Telegram sent them, and files as people did."""

    async def raw_updates(self, offset: int, seconds: int, kinds: list[str]) -> list[Any]:
        """Long-polls for updates from `offset` on, which confirms all before it.

        Raises:
            TelegramError: the server refused, failed, or answered something else than a list.
        """
        updates = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": seconds, "allowed_updates": kinds},
            read_timeout=seconds + 4.0,
        )
        if not isinstance(updates, list):
            raise TelegramError("getUpdates answered something other than a list")
        return updates

    async def download(self, file_id: str) -> bytes:
        """The content of a file that somebody sent.

        Raises:
            TelegramError: refused, or still failing when patience has ended.
        """
        file = await self.get_file(file_id)
        limiter: Any = self.rate_limiter  # its types know the answers of methods alone
        download = file.download_as_bytearray
        return bytes(await limiter.process_request(download, (), {}, DOWNLOAD, {}, None))
