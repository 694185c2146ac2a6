"""Runs the bot inside the test process, against a server that speaks the Bot API."""

from __future__ import annotations

import asyncio
import atexit
import functools
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import live
from bot.desk import Answers
from bot.handlers import gate
from bot.inbox import Inbox
from bot.serving import serve
from bot.settings import Settings
from index.answer import Answer, Citation, PassageView, Turn, Verdict
from index.build import BuildReport
from index.passages import Span
from index.records import DocumentRecord
from tests.botapi import BotApi, wait_until

SHIPPED = Path(__file__).parent.parent / "seeds"


def settings_for(api: BotApi, folder: Path, **more: Any) -> Settings:
    """Settings for a bot that talks to `api` and keeps its things in `folder`."""
    values: dict[str, Any] = {
        "telegram_bot_token": api.token,
        "telegram_base_url": api.base_url,
        "telegram_base_file_url": api.base_file_url,
        "telegram_allowed_users": "*",
        "telegram_admins": "1",
        "state_dir": folder / "state",
        "seeds_dir": folder / "seeds",
        "index_dir": folder / "index",
        "rate_per_user": 100_000,
        "rate_overall": 1_000_000,
        "danis_lang": "tr",
        **more,
    }
    return Settings(_env_file=None, **values)  # type: ignore[call-arg]


class RunningBot:
    """The bot on a thread of its own; leaving the context stops it as SIGTERM would."""

    def __init__(
        self,
        settings: Settings,
        answerer: Answers,
        build: Callable[[], BuildReport] | None = None,
    ) -> None:
        self.settings = settings
        self._answerer = answerer
        self._build = build or _no_build
        self.error: BaseException | None = None

    def __enter__(self) -> RunningBot:
        ready = threading.Event()

        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            self._stop = asyncio.Event()
            ready.set()
            state = live.open_state(self.settings)
            try:
                await serve(self.settings, state, self._answerer, self._build, self._stop)
            finally:
                state.close()

        def run() -> None:
            try:
                asyncio.run(main())
            except BaseException as error:  # told to the test
                self.error = error

        self._thread = threading.Thread(target=run)
        self._thread.start()
        ready.wait()
        return self

    def stop(self, seconds: float = 40.0) -> None:
        """Ends the bot as SIGTERM would, and waits for it."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self.join(seconds)

    def join(self, seconds: float = 40.0) -> None:
        """Waits for the bot to end by itself."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the bot did not stop"

    def settle(self, api: BotApi) -> None:
        """Waits until everything said so far has been handled."""
        state = live.open_state(self.settings)
        inbox = Inbox(state)
        newest = api.push({"any": 1})["update_id"]
        wait_until(lambda: inbox.received(newest) and not inbox.pending(), 20)
        state.close()

    def __exit__(self, *_: object) -> None:
        self.stop()


def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be asked is counted by the clock's minutes: none ends while a test asks."""
    monkeypatch.setattr(gate, "MINUTE", 1e12)


def _no_build() -> BuildReport:
    raise AssertionError("nothing to build here")


KEY = "0123456789abcd{:02}"
TEXTS = (
    "İzmir, Bişkek ile kardeş şehirdir. Anlaşma eskidir.",
    "Isparta'nın gülü ünlüdür. 🌹 Bahçeler mayısta açar.",
    "Iğdır'da kayısı yetişir.",
    "Şiran'da kar yağar.",
    "Çeşme'de rüzgâr eser.",
    "Ünye'de fındık toplanır.",
)


class FakeAnswerer:
    """Six passages whose texts are known; the n-th answers what contains "n" or its first word.

    A question with "yok" is refused, one with "patla" raises, one with "yavaş" takes a second.
    """

    index_version = "1"
    documents = len(TEXTS)
    passages = len(TEXTS)
    model = "fake"
    built = datetime(2026, 1, 29, 12, 0)

    def __init__(self) -> None:
        self.texts: dict[int, str] = dict(enumerate(TEXTS, 1))
        self.asked: list[str] = []
        self.turns: list[tuple[Turn, ...]] = []
        self.refreshed = 0

    def citation(self, number: int, of: int) -> Citation:
        text = self.texts[of]
        first = text.index(".") + 1
        return Citation(
            number=number,
            key=KEY.format(of),
            path=f"haber-{of}.txt",
            title=f"Haber {of}",
            date=date(2026, 1, of),
            source="",
            headings=("Başlık",),
            paragraph=of,
            page=None,
            url="",
            start=10,
            end=10 + len(text),
            quote=text,
            highlights=(Span(10, 10 + first),),
            score=1.0 / of,
        )

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        turns: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer:
        self.asked.append(question)
        self.turns.append(tuple(turns))
        if "yavaş" in question:
            time.sleep(1.0)
        if "patla" in question:
            raise RuntimeError(f"secret words of the question: {question}")
        refused = "yok" in question
        found = tuple(self.citation(n, n) for n in range(1, k + 1) if n in self.texts)
        return Answer(
            question=question,
            standalone=question,
            verdict=Verdict.REFUSED if refused else Verdict.ANSWERED,
            confidence=0.1 if refused else 0.9,
            language=language or "tr",
            index_version=self.index_version,
            citations=() if refused else found,
            nearest=found if refused else (),
        )

    def passage(self, key: str, number: int = 1) -> PassageView | None:
        of = int(key[-2:])
        if of not in self.texts:
            return None
        before, after = self.texts.get(of - 1, ""), self.texts.get(of + 1, "")
        return PassageView(self.citation(number, of), before, after, self.index_version)

    def more(self, standalone: str, *, skip: int, k: int) -> tuple[Citation, ...]:
        wanted = range(skip + 1, skip + k + 1)
        return tuple(self.citation(n, n) for n in wanted if n in self.texts)

    def refresh(self) -> bool:
        self.refreshed += 1
        return False

    def document_records(self) -> list[DocumentRecord]:
        return [
            DocumentRecord(
                n, f"haber-{n}.txt", f"Haber {n}", date(2026, 1, n), "", "tr", "", 1, 1, 1, n, 1
            )
            for n in self.texts
        ]


@functools.cache
def real_folder() -> Path:
    """A folder with `seeds`, those that ship, and their `index`, built once."""
    folder = Path(tempfile.mkdtemp(prefix="danis-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(SHIPPED, folder / "seeds")
    live.build_index(real_settings(folder))
    return folder


def real_settings(folder: Path) -> Settings:
    """Settings for the seeds and the index in `folder`."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        seeds_dir=folder / "seeds",
        index_dir=folder / "index",
        state_dir=folder / "state",
    )


@functools.cache
def real_answerer() -> Answers:
    """The real model over `real_folder`."""
    return live.open_answerer(real_settings(real_folder()))
