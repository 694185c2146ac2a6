"""Several processes behind a round-robin, on one PostgreSQL: as if they were one."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.replicas import Crowd, running, settings_for
from bot.deliveries import AT_ONCE
from tests import telegram_bot
from tests.botapi import ADMIN, AYSE, JOHN, BotApi, User
from tests.loopback import free_port
from tests.postgres import server
from tests.proxy import Proxy
from tests.telegram_bot import FakeAnswerer, RunningBot, one_minute, real_folder


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as opened:
        yield opened
        assert not opened.rejected


class Pair:
    """Two bots in this process that share nothing but the database, taking turns."""

    def __init__(self, api: BotApi, folder: Path, **settings: Any) -> None:
        self.ports = [free_port(), free_port()]
        self.proxy = Proxy(self.ports)
        self.answerers = [FakeAnswerer(), FakeAnswerer()]
        self._api = api
        self._folder = folder
        self._settings = settings | {"database_url": server().new_database()}

    def __enter__(self) -> Pair:
        self.proxy.__enter__()
        self.bots = [
            RunningBot(
                telegram_bot.settings_for(
                    self._api,
                    self._folder / str(port),
                    telegram_webhook_url=self.proxy.url,
                    telegram_webhook_port=port,
                    **self._settings,
                ),
                answerer,
            ).__enter__()
            for port, answerer in zip(self.ports, self.answerers, strict=True)
        ]
        self._api.wait(lambda: self._api.count("setWebhook") == 2)
        return self

    def __exit__(self, *_: object) -> None:
        for bot in self.bots:
            bot.stop()
        self.proxy.__exit__()

    @property
    def asked(self) -> list[str]:
        return sorted(self.answerers[0].asked + self.answerers[1].asked)


def test_conversations_buttons_and_languages_go_on_elsewhere(api: BotApi, tmp_path: Path) -> None:
    with Pair(api, tmp_path) as pair:
        answer = api.ask("ilk soru")
        api.press(answer, "Kaynak 1")
        assert "Haber 1" in api.wait_edit(answer).text
        api.press(answer, "Yanıt")  # back on the first
        api.wait_edit(answer)
        api.ask("ikinci soru")
        api.ask("üçüncü soru")
        one, two = pair.answerers
        assert (one.asked, two.asked) == (["ilk soru", "üçüncü soru"], ["ikinci soru"])
        assert [turn.question for turn in two.turns[0]] == ["ilk soru"]
        assert [turn.question for turn in one.turns[1]] == ["ilk soru", "ikinci soru"]
        api.ask("/dil en")
        assert api.ask("/help").text.startswith("Just type")
        said = api.wait_callback(api.press(answer, "👍"))
        assert said["text"] == "Thank you, noted."


def test_limits_count_everywhere(
    api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_minute(monkeypatch)
    with Pair(api, tmp_path, rate_per_user=3) as pair:
        for number in range(8):
            api.say(f"soru {number}")
        api.wait_message(AYSE.id, 4)
        time.sleep(0.5)
        assert len(api.sent_to(AYSE.id)) == 4  # three answers and one polite sentence
        assert len(pair.asked) == 3


def test_an_update_delivered_to_both_is_answered_once(api: BotApi, tmp_path: Path) -> None:
    with Pair(api, tmp_path) as pair:
        pair.proxy._twice = 1
        people = [User(2000 + n, f"Kişi {n}") for n in range(20)]
        for user in people:
            api.say("soru", user)
        for user in people:
            api.wait_message(user.id)
        time.sleep(0.5)
        assert len(api.messages) == len(people)
        assert len(pair.asked) == len(people)


def test_a_chat_is_answered_in_order_by_whomever(api: BotApi, tmp_path: Path) -> None:
    with Pair(api, tmp_path) as pair:
        api.ask("soru", JOHN)
        time.sleep(2.5)  # each has noticed the other
        for number in range(4):
            api.say(f"yavaş soru {number}")
            time.sleep(0.1)
        api.wait_message(AYSE.id, 4, 20)
        one, two = (answerer.asked for answerer in pair.answerers)
        mine = [text for text in one if "yavaş" in text], [text for text in two if "yavaş" in text]
        assert [len(each) for each in mine] == [2, 2]
        turns = [turn.question for each in pair.answerers for turns in each.turns for turn in turns]
        assert turns.count("yavaş soru 2") == 1  # the last knew all three before it
        assert turns.count("yavaş soru 0") == 3


def test_what_a_stopped_replica_leaves_is_answered_by_the_other(
    api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.serving.GRACE_SECONDS", 0.2)
    with Pair(api, tmp_path) as pair:
        people = [User(2000 + n, f"Kişi {n}") for n in range(6)]
        for user in people:
            api.say("yavaş soru", user)
        time.sleep(0.3)
        pair.bots[0].stop()
        for user in people:
            api.wait_message(user.id, 1, 20)
        assert len(api.messages) == len(people)


def test_one_killed_and_one_restarted_under_load_lose_nothing(api: BotApi, tmp_path: Path) -> None:
    shutil.copytree(real_folder(), tmp_path, dirs_exist_ok=True)
    settings = settings_for(
        api,
        server().new_database(),
        seeds=str(tmp_path / "seeds"),
        index=str(tmp_path / "index"),
        state=str(tmp_path / "state"),
    )
    with running(settings, 3) as (proxy, replicas):
        crowd = Crowd(api, users=20, each=6)
        crowd.start()
        crowd.wait(20)
        replicas[0].end(signal.SIGKILL)
        crowd.wait(50)
        assert replicas[1].end(signal.SIGTERM) == 0
        replicas[1].start(proxy.url)
        assert crowd.wait(crowd.total, 60)
        assert crowd.losses == 0
        assert crowd.duplicates <= AT_ONCE  # what was on its way at the kill

        api.upload("zürafa.txt", "Zürafa Pamuk yedi yaşında.\n".encode(), ADMIN)
        api.wait(lambda: any("dizine eklendi" in m.text for m in api.sent_to(ADMIN.id)), 60)
        time.sleep(2.5)  # the other looks every two seconds
        for _ in range(4):
            assert "yedi yaşında" in api.ask("Zürafa Pamuk kaç yaşında?").text
        assert len(proxy.passed) == 3
