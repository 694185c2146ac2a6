"""The network fails, the process ends: no question lost, none answered twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.botapi import AYSE, GROUP, JOHN, BotApi, Sent, User, wait_until
from tests.loopback import free_port
from tests.telegram_bot import FakeAnswerer, RunningBot, settings_for


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server
        assert not server.rejected


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture
def bot(api: BotApi, answerer: FakeAnswerer, tmp_path: Path) -> Iterator[RunningBot]:
    with RunningBot(settings_for(api, tmp_path), answerer) as running:
        yield running


NOTHING = {"any": 1}


def people(number: int) -> list[User]:
    return [User(2000 + n, f"Kişi {n}") for n in range(number)]


def assert_each_answered_once(api: BotApi, asked: list[User], seconds: float = 20.0) -> None:
    for user in asked:
        api.wait_message(user.id, 1, seconds)
    time.sleep(0.3)
    assert Counter(message.chat_id for message in api.messages) == {u.id: 1 for u in asked}


@pytest.mark.parametrize("kind", ["429", "500", "502", "garbage", "cut"])
def test_a_failing_send_is_sent_once_it_can_be(api: BotApi, bot: RunningBot, kind: str) -> None:
    api.fail(kind, "sendMessage", times=3)
    asked = people(3)
    for user in asked:
        api.say("soru", user)
    assert_each_answered_once(api, asked)


def test_an_answer_that_was_taken_though_the_reply_broke_off_is_not_repeated(
    api: BotApi, bot: RunningBot
) -> None:
    api.fail("cut-ok", "sendMessage", times=2, done=True)
    asked = people(3)
    for user in asked:
        api.say("soru", user)
    assert_each_answered_once(api, asked)


def test_a_hanging_send_is_tried_again(
    api: BotApi, bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.fail("hang", "sendMessage")
    api.say("soru")
    other = api.ask("question", JOHN)
    assert other.at
    assert_each_answered_once(api, [AYSE, JOHN])


@pytest.mark.parametrize("kind", ["429", "500", "502", "garbage", "cut", "hang"])
def test_polling_recovers(api: BotApi, bot: RunningBot, kind: str) -> None:
    api.ask("soru")
    api.fail(kind, "getUpdates", times=1 if kind == "hang" else 4)
    api.push(NOTHING)  # ends the poll that is under way
    wait_until(lambda: not api.faults[0].times, 20)
    api.say("soru", JOHN)
    started = time.monotonic()
    api.wait_message(JOHN.id, 1, 20)
    assert time.monotonic() - started < 14
    assert_each_answered_once(api, [AYSE, JOHN])


def test_updates_whose_delivery_broke_off_come_again_and_are_answered_once(
    api: BotApi, bot: RunningBot
) -> None:
    api.ask("soru")
    api.fail("cut", "getUpdates", times=2, done=True)
    api.say("soru", JOHN)
    assert_each_answered_once(api, [AYSE, JOHN])


def test_a_long_flood_wait_in_one_chat_leaves_the_others_alone(
    api: BotApi, bot: RunningBot
) -> None:
    api.fail("429", "sendMessage", retry_after=3)
    api.say("/sor soru", chat=GROUP)
    wait_until(lambda: not api.faults[0].times)
    started = time.monotonic()
    api.ask("soru")
    assert time.monotonic() - started < 1.0
    api.wait_message(GROUP.id)
    assert time.monotonic() - started > 2.0
    sends = [call for call in api.calls if call.method == "sendMessage"]
    assert len(sends) == 2  # nobody knocked again before the wait was over


def test_recovery_within_seconds_when_the_server_comes_back(api: BotApi, bot: RunningBot) -> None:
    api.ask("soru")
    api.away()
    time.sleep(3)
    calls = len(api.calls)
    api.back()
    started = time.monotonic()
    api.ask("question", JOHN)
    assert time.monotonic() - started < 6
    assert len(api.calls) - calls < 40


def test_an_answer_of_several_messages_is_not_repeated_where_the_database_fails_between_two(
    api: BotApi, answerer: FakeAnswerer, bot: RunningBot
) -> None:
    answerer.texts[1] = "İlk cümle. " + "uzun metin " * 800
    database = create_engine(f"sqlite:///{bot.settings.state_dir / 'state.sqlite'}")

    def rename(old: str, new: str) -> None:
        with database.begin() as db:
            db.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    def fail_for_a_second(sent: Sent) -> None:
        api.on_send = None
        rename("updates", "away")
        threading.Timer(1.0, rename, ("away", "updates")).start()

    api.on_send = fail_for_a_second
    api.say("soru")
    api.wait(lambda: "[1]" in "".join(message.text for message in api.sent_to(AYSE.id)))
    time.sleep(1.5)
    bot.settle(api)
    texts = [message.text for message in api.sent_to(AYSE.id)]
    assert len(texts) > 1
    assert len(set(texts)) == len(texts)
    database.dispose()


def test_an_answer_waits_for_the_server_to_come_back(
    api: BotApi, answerer: FakeAnswerer, bot: RunningBot
) -> None:
    api.say("yavaş soru")
    wait_until(lambda: answerer.asked)
    api.away()
    time.sleep(2)
    api.back()
    assert_each_answered_once(api, [AYSE])


def test_repeated_updates_are_answered_once_and_early_numbers_too(
    api: BotApi, bot: RunningBot
) -> None:
    api.ask("soru")
    message = api.message(JOHN, text="question")
    api.push({"message": message}, 500_000_900)
    api.push({"message": message}, 500_000_900)
    api.wait_message(JOHN.id)
    api.push({"message": message}, 500_000_900)
    late = User(3000)
    api.push_at_once(
        [
            {"update_id": 500_000_950, "message": api.message(late, text="late")},
            {"update_id": 500_000_940, "message": api.message(people(1)[0], text="early number")},
        ]
    )
    assert_each_answered_once(api, [AYSE, JOHN, late, people(1)[0]])


def test_an_update_that_makes_no_sense_does_not_stop_the_others(
    api: BotApi, bot: RunningBot
) -> None:
    api.push({"message": {"text": "no chat, no date"}})
    api.push({"message": 5})
    api.push({"something_new": {}, "any": 1})
    assert api.ask("soru").text


def test_a_server_that_answers_polls_at_once_is_not_hammered(
    api: BotApi, bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.ask("soru")
    inner = type(api)._do_getUpdates
    monkeypatch.setattr(
        type(api), "_do_getUpdates", lambda self, params: inner(self, {**params, "timeout": 0})
    )
    api.ask("question", JOHN)  # ends the long poll that is under way
    before = api.count("getUpdates")
    time.sleep(1.5)
    assert api.count("getUpdates") - before <= 6


def test_a_rejected_token_ends_the_bot_with_a_clear_error(api: BotApi, bot: RunningBot) -> None:
    api.ask("soru")
    api.token = "1:another"
    api.push(NOTHING)
    bot.join(20)
    assert "TELEGRAM_BOT_TOKEN" in str(bot.error)
    bot.error = None


def test_stop_answers_what_is_being_answered_and_confirms_it(
    api: BotApi, answerer: FakeAnswerer, bot: RunningBot
) -> None:
    api.say("yavaş soru")
    wait_until(lambda: answerer.asked)
    bot.stop()
    assert len(api.sent_to(AYSE.id)) == 1
    assert api.updates == []
    with RunningBot(bot.settings, answerer):
        api.ask("question", JOHN)
    assert_each_answered_once(api, [AYSE, JOHN])


def test_stop_with_the_network_down_answers_at_the_next_start(
    api: BotApi, answerer: FakeAnswerer, bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.serving.GRACE_SECONDS", 1.0)
    api.say("yavaş soru")
    wait_until(lambda: answerer.asked)
    api.away()
    bot.stop()
    assert api.messages == []
    api.back()
    with RunningBot(bot.settings, answerer):
        api.wait_message(AYSE.id)
    assert_each_answered_once(api, [AYSE])


def test_a_start_without_network_waits_for_it(
    api: BotApi, answerer: FakeAnswerer, tmp_path: Path
) -> None:
    api.away()
    with RunningBot(settings_for(api, tmp_path), answerer) as bot:
        time.sleep(1)
        api.back()
        api.say("soru")
        api.wait_message(AYSE.id, seconds=10)
        assert bot.error is None


def test_a_group_that_became_a_supergroup_gets_its_answer_there(
    api: BotApi, bot: RunningBot
) -> None:
    api.migrated[GROUP.id] = -100777
    api.say("/sor soru", chat=GROUP)
    assert api.wait_message(-100777).text.startswith("İzmir")


def test_a_blocked_bot_does_not_lose_others(api: BotApi, bot: RunningBot) -> None:
    api.ask("soru")
    api.blocked.add(AYSE.id)
    api.say("soru")
    api.ask("question", JOHN)
    assert len(api.sent_to(AYSE.id)) == 1


def test_the_webhook_takes_only_what_bears_the_secret(
    api: BotApi, answerer: FakeAnswerer, tmp_path: Path
) -> None:
    import httpx

    port = free_port()
    url = f"http://127.0.0.1:{port}/danis"
    settings = settings_for(api, tmp_path, telegram_webhook_url=url, telegram_webhook_port=port)
    with RunningBot(settings, answerer):
        api.wait(lambda: api.count("setWebhook"))
        assert len(api.webhook["secret_token"]) > 20
        assert api.ask("soru").text.startswith("İzmir")
        forged = {"update_id": 1, "message": api.message(AYSE, text="forged")}
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
            assert httpx.post(url, json=forged, headers=headers).status_code == 403
        right = {"X-Telegram-Bot-Api-Secret-Token": api.webhook["secret_token"]}
        assert httpx.post(url, content=b"{", headers=right).status_code == 400
        assert httpx.post(url, json={"update_id": "x"}, headers=right).status_code == 400
        again = {"update_id": 7, "message": api.message(JOHN, text="question")}
        for _ in range(3):
            assert httpx.post(url, json=again, headers=right).status_code == 200
        api.wait_message(JOHN.id)
    assert answerer.asked == ["soru", "question"]
