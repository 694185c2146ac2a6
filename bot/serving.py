"""Runs the Telegram bot from start to clean stop."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from typing import Any

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from telegram import BotCommand
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.address import COMMANDS
from bot.app import build_application
from bot.database import secrets_in, unreachable
from bot.desk import Answers, App, Desk
from bot.live import open_state
from bot.logs import fields, set_up_logging
from bot.operations import serve_operations
from bot.reception import KINDS, MOST_WEBHOOK_CONNECTIONS, Reception, poll, serve_webhook
from bot.reindex import build_apart, end_builds, watch
from bot.settings import Settings
from bot.state import State
from bot.transport import Backoff, kind
from bot.words import LANGUAGES, say
from index.build import BuildReport
from index.errors import PortError, SettingsError, reasons

logger = logging.getLogger(__name__)

GRACE_SECONDS = 20.0  # for what is being answered when the process is told to end
TIDY_SECONDS = 600.0
ADMIN_COMMANDS = ("status", "reindex")


def run_telegram(
    settings: Settings, answerer: Answers, build: Callable[[], BuildReport] | None = None
) -> None:
    """Runs the bot until SIGTERM or SIGINT.

    Raises:
        SettingsError: the token is missing, malformed, or not known to Telegram; the webhook
            address was refused.
        StateError: the database cannot be opened or reached.
        PortError: a port cannot be had.
    """
    token = checked_token(settings)
    database = settings.database_url.get_secret_value()
    set_up_logging(
        settings.log_level,
        [
            token,
            settings.telegram_webhook_secret.get_secret_value(),
            settings.llm_api_key.get_secret_value(),
            *secrets_in(database),
        ],
        texts=settings.log_texts,
    )
    state = open_state(settings)
    try:
        build = build or partial(build_apart, settings)
        asyncio.run(_until_told(settings, state, answerer, build))
    except OperationalError as error:  # it went away just after it was opened
        raise unreachable(state.engine, error) from None
    finally:
        state.close()


def checked_token(settings: Settings) -> str:
    """The bot token.

    Raises:
        SettingsError: there is none, or it cannot be one.
    """
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN eksik: @BotFather'dan alıp .env dosyasına yazın.",
            "TELEGRAM_BOT_TOKEN is missing: get one from @BotFather and put it into .env.",
        )
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{10,}", token):
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN bir bot anahtarına benzemiyor (123456:ABC… gibi olmalı): "
            "@BotFather'ın verdiğini olduğu gibi .env dosyasına yazın.",
            "TELEGRAM_BOT_TOKEN does not look like a bot token (such as 123456:ABC…): "
            "copy the one that @BotFather gave into .env.",
        )
    return token


async def _until_told(
    settings: Settings, state: State, answerer: Answers, build: Callable[[], BuildReport]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, state, answerer, build, stop)


async def serve(
    settings: Settings,
    state: State,
    answerer: Answers,
    build: Callable[[], BuildReport],
    stop: asyncio.Event,
) -> None:
    """Serves until `stop` is set; raises what `run_telegram` raises."""
    app, desk = build_application(settings, state, answerer, build)
    async with AsyncExitStack() as open_things:
        open_things.callback(desk.close)
        open_things.callback(end_builds)
        open_things.push_async_callback(desk.disconnect)
        if settings.ops_port:
            with _port("OPS_PORT", settings.ops_host, settings.ops_port):
                operations = serve_operations(desk.metrics, settings.ops_host, settings.ops_port)
            open_things.callback(operations.stop)
        try:
            if not await _unless(stop, patiently(app.initialize)):
                return
            open_things.push_async_callback(app.shutdown)
            open_things.push_async_callback(_release, desk)
            reception = Reception(app, desk)
            await reception.resume()
            beating = asyncio.create_task(reception.keep_resuming())  # also while it finishes
            open_things.callback(beating.cancel)
            await app.start()
            open_things.push_async_callback(_finish, app)
            for work in (watch(desk), _tidy(desk), _introduce(desk)):
                open_things.callback(asyncio.create_task(work).cancel)
            logger.info("started", extra=fields(index=answerer.index_version))
            try:
                await _unless(stop, _receive(settings, desk, reception))
            finally:
                desk.metrics.stopping = True
        except InvalidToken:
            raise SettingsError(
                "Telegram bu TELEGRAM_BOT_TOKEN'ı tanımıyor: @BotFather'dan yenisini alın.",
                "Telegram does not know this TELEGRAM_BOT_TOKEN: get a new one from @BotFather.",
            ) from None


async def _receive(settings: Settings, desk: Desk, reception: Reception) -> None:
    """Takes updates in, by webhook or by polling, until cancelled."""
    bot = desk.bot
    if not settings.telegram_webhook_url:
        await patiently(bot.delete_webhook)
        await poll(bot, reception)
        return
    secret = settings.telegram_webhook_secret.get_secret_value() or await desk.keep(
        desk.state.fact, "webhook-secret", lambda: secrets.token_urlsafe(32)
    )
    listen, port = settings.telegram_webhook_listen, settings.telegram_webhook_port
    with _port("TELEGRAM_WEBHOOK_PORT", listen, port):
        server = serve_webhook(reception, secret, listen, port)
    try:
        await patiently(
            lambda: bot.set_webhook(
                settings.telegram_webhook_url,
                secret_token=secret,
                allowed_updates=KINDS,
                max_connections=MOST_WEBHOOK_CONNECTIONS,
            )
        )
        desk.metrics.hooked = True
        await asyncio.Event().wait()
    except BadRequest as error:
        raise SettingsError(
            f"Telegram bu TELEGRAM_WEBHOOK_URL'yi almadı ({error.message}): dışarıdan erişilen "
            "bir https adresi verin ya da boş bırakın.",
            f"Telegram refused this TELEGRAM_WEBHOOK_URL ({error.message}): give an https address "
            "that the world can reach, or leave it empty.",
        ) from None
    finally:
        server.stop()
        await server.close_all_connections()


@contextmanager
def _port(setting: str, host: str, port: int) -> Iterator[None]:
    """Says which setting names the port that cannot be had."""
    try:
        yield
    except OSError as error:
        turkish, english = reasons(error)
        raise PortError(
            f"{host}:{port} dinlenemiyor ({turkish}): orada çalışan programı durdurun ya da "
            f"{setting} ayarını değiştirin.",
            f"{host}:{port} cannot be listened on ({english}): stop the program that does, "
            f"or change {setting}.",
        ) from None


async def _finish(app: App) -> None:
    """Lets what is being answered end; what takes too long is answered at the next start."""
    try:
        await asyncio.wait_for(app.stop(), GRACE_SECONDS)
    except TimeoutError:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    logger.info("stopped")


async def _release(desk: Desk) -> None:
    """Frees what was not answered, so that another process need not wait to take it over."""
    try:
        await desk.keep(desk.inbox.release)
    except SQLAlchemyError as error:
        logger.warning("the database does not answer", extra=fields(error=kind(error)))


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> bool:
    """Runs `work` to its end (True) or until `stop` is set (False)."""
    working = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if working.done():
        working.result()
        return True
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    return False


async def patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Calls until it succeeds, however long the network takes.

    Raises:
        InvalidToken, BadRequest: the server answered, and will answer the same again.
    """
    backoff = Backoff()
    while True:
        try:
            await call()
            return
        except (InvalidToken, BadRequest):
            raise
        except TelegramError as error:
            logger.warning("Telegram cannot be reached", extra=fields(error=kind(error)))
            await asyncio.sleep(backoff.next())


async def _introduce(desk: Desk) -> None:
    """Tells Telegram the commands, in each language; without success the bot works as well."""
    everyone = [name for name in COMMANDS if name not in ADMIN_COMMANDS]
    try:
        await patiently(lambda: desk.bot.set_my_commands(_described(everyone, "en")))
        for code in LANGUAGES:
            described = _described(everyone, code)
            await patiently(partial(desk.bot.set_my_commands, described, language_code=code))
    except TelegramError as error:
        logger.warning("commands not set", extra=fields(error=kind(error)))


def _described(names: Sequence[str], language: str) -> list[BotCommand]:
    """Commands under their Turkish name in Turkish, under their English name elsewhere."""
    return [
        BotCommand(COMMANDS[name][language != "tr"], say(f"command_{name}", language))
        for name in names
    ]


async def _tidy(desk: Desk) -> None:
    """Forgets what is older than it may be, every ten minutes; one process for all."""
    while True:
        try:
            if await desk.keep(desk.state.count, "tidy", TIDY_SECONDS) == 1:
                await desk.keep(desk.state.prune, desk.settings.follow_up_minutes * 60.0)
        except SQLAlchemyError as error:
            logger.warning("the database does not answer", extra=fields(error=kind(error)))
        await asyncio.sleep(TIDY_SECONDS)
