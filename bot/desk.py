"""What every handler works with, gathered in one object."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from sqlalchemy.exc import OperationalError
from telegram import InlineKeyboardMarkup, Update
from telegram.constants import ChatAction
from telegram.error import ChatMigrated, TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from bot.access import Access
from bot.deliveries import Deliveries
from bot.inbox import Inbox, NotOurs
from bot.messages import Message
from bot.operations import Metrics
from bot.settings import Settings
from bot.state import State
from bot.transport import Backoff, Bot
from bot.words import choose_language
from bot.writer import open_writer
from index.answer import Answer, Citation, PassageView, Turn, Written
from index.build import BuildReport
from index.records import DocumentRecord

TYPING_AFTER = 0.5  # seconds
TYPING_LASTS = 4.5
TYPING_APART = 0.2

P = ParamSpec("P")
T = TypeVar("T")
Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
App = Application[Any, Any, Any, Any, Any, Any]


class Answers(Protocol):
    """What the bot needs of `index.answerer.Answerer`; safe for threads."""

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        turns: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer: ...

    def passage(self, key: str, number: int = 1) -> PassageView | None: ...

    def more(self, question: str, *, skip: int, k: int) -> tuple[Citation, ...]: ...

    def checked(self, answer: Answer, reply: str) -> Written: ...

    def refresh(self) -> bool: ...

    def document_records(self) -> Iterable[DocumentRecord]: ...

    @property
    def index_version(self) -> str: ...

    @property
    def documents(self) -> int: ...

    @property
    def passages(self) -> int: ...

    @property
    def model(self) -> str: ...

    @property
    def built(self) -> datetime: ...


class Desk:
    """The answerer, the memory, the rules and the numbers; slow things run on threads."""

    def __init__(
        self,
        settings: Settings,
        state: State,
        answerer: Answers,
        build: Callable[[], BuildReport],
        bot: Bot,
    ) -> None:
        self.settings = settings
        self.state = state
        self.inbox = Inbox(state)
        self.answerer = answerer
        self.build = build
        self.bot = bot
        self.access = Access(
            state,
            settings.telegram_allowed_users,
            settings.telegram_allowed_chats,
            settings.telegram_admins,
        )
        self.metrics = Metrics()
        self._writer = open_writer(settings, answerer)
        self.deliveries = Deliveries()
        self.building = asyncio.Lock()
        self._typing_next = 0.0
        self._thinkers = ThreadPoolExecutor(min(4, os.cpu_count() or 2), "think")
        self._keepers = ThreadPoolExecutor(state.threads, "state")
        self._slow: set[int] = set()

    async def think(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs CPU work (search, rendering) off the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thinkers, lambda: work(*args, **kwargs))

    async def keep(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs work on the state off the event loop; what is awaited is done."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._keepers, lambda: work(*args, **kwargs))

    async def write(self, answer: Answer) -> Answer:
        """The answer with what a language model wrote to it, where one is set."""
        if self._writer is None:
            return answer
        answer = await self._writer.write(answer)
        for part in answer.parts or (answer,):
            if part.written is not None:
                self.metrics.written.labels(part.written.failure or "shown").inc()
        return answer

    async def language(self, update: Update) -> str:
        """The language to speak: the one chosen, else that of the user's app."""
        user = update.effective_user
        if user is None:
            return self.settings.language
        chosen = await self.keep(self.state.language, user.id)
        return chosen or choose_language(user.language_code, self.settings.language)

    async def typing(self, update: Update, work: asyncio.Future[T]) -> T:
        """Awaits `work`; where it takes longer than half a second, shows "typing…".

        Telegram counts it like a message, so a crowd that waits sees it now and then only.
        """
        done, _ = await asyncio.wait({work}, timeout=TYPING_AFTER)
        while not done:
            now = asyncio.get_running_loop().time()
            if now >= self._typing_next:
                self._typing_next = now + TYPING_APART
                telling = asyncio.create_task(self._tell_typing(update))
                done, _ = await asyncio.wait({work}, timeout=TYPING_LASTS)
                telling.cancel()
            else:
                done, _ = await asyncio.wait({work}, timeout=TYPING_AFTER)
        return await work

    async def _tell_typing(self, update: Update) -> None:
        chat = update.effective_chat
        if chat is not None:
            with contextlib.suppress(TelegramError):
                await self.bot.send_chat_action(
                    chat.id, ChatAction.TYPING, message_thread_id=topic(update)
                )

    async def reply(
        self,
        update: Update,
        messages: Sequence[Message],
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Sends messages to where the update came from, the keyboard below the last.

        In groups they reply to the question and stay in its topic. After a crash, those that
        Telegram took before it are not sent again.
        """
        chat, message = update.effective_chat, update.effective_message
        if chat is None:
            return
        quote = message.message_id if message and chat.type != chat.PRIVATE else None
        sent = self.inbox.sent(update.update_id)
        for number, part in enumerate(messages[sent:], sent + 1):
            send = partial(
                self.bot.send_message,
                text=part.text,
                entities=part.entities,
                message_thread_id=topic(update),
                reply_to_message_id=quote,
                allow_sending_without_reply=True,
                disable_web_page_preview=True,
                reply_markup=keyboard if number == len(messages) else None,
            )
            await self.deliveries.begin(update.update_id)
            await self.still_ours(update.update_id)
            try:
                await send(chat.id)
            except ChatMigrated as error:  # a group became a supergroup
                await send(error.new_chat_id)
            if number < len(messages):  # the last one is followed by `done`
                await self._note(self.inbox.note_sent, update.update_id, number)

    @property
    def model_host(self) -> str:
        """Where questions and passages are sent for a written answer, "" where nowhere."""
        return self._writer.model.host if self._writer is not None else ""

    async def disconnect(self) -> None:
        """Ends the connections to a language model."""
        if self._writer is not None:
            await self._writer.model.close()

    async def still_ours(self, update_id: int) -> None:
        """Goes on unless another process has taken the update over.

        Raises:
            NotOurs: it has, as this one was not heard of for too long.
        """
        if not self.inbox.sure:
            await self.keep(self.inbox.beat)
        if not self.inbox.holds(update_id):
            raise NotOurs

    async def finish(self, update_id: int) -> None:
        """Notes that an update has been handled, however long the database is away."""
        if not self.inbox.holds(update_id):
            return
        await self._note(
            self.inbox.out_of_order if self.is_slow(update_id) else self.inbox.done, update_id
        )

    async def _note(self, note: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Writes into the inbox, however long the database is away."""
        backoff = Backoff()
        while True:
            try:
                await self.keep(note, *args, **kwargs)
                return
            except OperationalError:
                await asyncio.sleep(backoff.next())

    def later(self, app: App, update: Update, work: Coroutine[Any, Any, None]) -> None:
        """Does slow work beside what follows; a crash before its end repeats the update."""
        number = update.update_id
        self._slow.add(number)

        async def to_the_end() -> None:
            try:
                await work
            except Exception as error:
                # While the update is ours: the error handler answers it in words or gives it back.
                await app.process_error(update, error)
            finally:
                self._slow.discard(number)
            await self.finish(number)

        app.create_task(to_the_end(), update)

    def is_slow(self, update_id: int) -> bool:
        """Whether `later` still works on it; a button that asked for it waits no more."""
        return update_id in self._slow

    def close(self) -> None:
        """Ends the threads."""
        self._thinkers.shutdown(wait=True, cancel_futures=True)
        self._keepers.shutdown(wait=True)


def topic(update: Update) -> int | None:
    """The topic (thread) that the update came from, None where there is none."""
    message = update.effective_message
    if message is None or not message.is_topic_message:
        return None
    return message.message_thread_id


def desk_of(context: Context) -> Desk:
    """The desk that `build_application` laid into the context."""
    return cast(Desk, context.bot_data["desk"])
