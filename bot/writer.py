"""Adds what a language model writes to answers; whatever goes wrong, the quotes remain."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.logs import fields
from bot.settings import Settings
from bot.words import reason, say
from index.answer import Answer, Written
from index.written import Failure, WritingError, can_be_written, messages

if TYPE_CHECKING:
    from bot.language_model import LanguageModel

logger = logging.getLogger(__name__)

FAILURES_BEFORE_REST = 3
REST_SECONDS = 60.0
_ENDPOINT_FAILS = (Failure.UNREACHABLE, Failure.REFUSED, Failure.TIMEOUT, Failure.UNREADABLE)


class Checks(Protocol):
    """What is needed of `index.answerer.Answerer`."""

    def checked(self, answer: Answer, reply: str) -> Written: ...


def open_writer(settings: Settings, answerer: Checks) -> Writer | None:
    """The writer that the settings name, None where they name none."""
    if not settings.llm_base_url:
        return None
    return Writer(open_model(settings), answerer.checked, settings.llm_concurrency)


def open_model(settings: Settings) -> LanguageModel:
    """The language model that the settings name."""
    from bot.language_model import LanguageModel

    key = settings.llm_api_key.get_secret_value()
    return LanguageModel(settings.llm_base_url, settings.llm_model, key, settings.llm_timeout)


class Writer:
    """Asks at most `concurrency` times at once, and not at all for a while after failures.

    Waiting for a turn counts as waiting for the answer, so nobody waits longer than the timeout.
    """

    def __init__(
        self,
        model: LanguageModel,
        check: Callable[[Answer, str], Written],
        concurrency: int,
    ) -> None:
        """`check` is `Answerer.checked`; it runs on a thread."""
        self.model = model
        self._check = check
        self._turns = asyncio.Semaphore(concurrency)
        self._failures = 0
        self._rests_until = 0.0

    async def write(self, answer: Answer) -> Answer:
        """The answer with what was written to it, or with why nothing was."""
        if answer.parts:
            parts = await asyncio.gather(*(self.write(part) for part in answer.parts))
            return replace(answer, parts=tuple(parts))
        if not can_be_written(answer):
            return answer
        started = time.perf_counter()
        try:
            reply = await self._reply(answer)
            written = await asyncio.to_thread(self._check, answer, reply)
        except WritingError as error:
            written = Written(failure=error.failure.value)
            logger.warning(
                "written answer left out", extra=fields(why=error.failure, detail=error.detail)
            )
        seconds = answer.seconds + time.perf_counter() - started
        return replace(answer, written=written, seconds=seconds)

    async def _reply(self, answer: Answer) -> str:
        asked = False
        try:
            async with asyncio.timeout(self.model.timeout), self._turns:
                if time.monotonic() < self._rests_until:
                    raise WritingError(Failure.BUSY, "rests after failures")
                asked = True
                reply = await self.model.complete(messages(answer))
        except TimeoutError:
            if not asked:
                raise WritingError(Failure.BUSY, "no turn in time") from None
            self._note_failure()
            raise WritingError(Failure.TIMEOUT) from None
        except WritingError as error:
            if error.failure in _ENDPOINT_FAILS:
                self._note_failure()
            raise
        self._failures = 0
        return reply

    def _note_failure(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_REST:
            self._rests_until = time.monotonic() + REST_SECONDS


@contextmanager
def writing(settings: Settings, answerer: Checks) -> Iterator[Callable[[Answer], Answer]]:
    """For a terminal: what adds a written answer where a model is set, and answers as they are.

    Ctrl-C ends the waiting and leaves the quotes.
    """
    writer = open_writer(settings, answerer)
    if writer is None:
        yield lambda answer: answer
        return
    logger.addHandler(logging.NullHandler())  # the terminal says it in its own words

    def write(answer: Answer) -> Answer:
        try:
            answer = runner.run(writer.write(answer))
        except KeyboardInterrupt:
            return answer
        for part in answer.parts or (answer,):
            if part.written is not None and part.written.failure:
                why = reason(part.written.failure, part.language)
                print(say("not_written", part.language, why=why), file=sys.stderr)
        return answer

    with asyncio.Runner() as runner:
        yield write
        runner.run(writer.model.close())
