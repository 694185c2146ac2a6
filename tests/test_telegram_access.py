"""Nobody gets in: pairing, lists, groups, buttons, inline, admin commands, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.access import WRONG_CODES_PER_HOUR, approve, pairing_code
from bot.handlers.gate import PRESSES
from bot.state import State, open_state
from bot.words import say
from tests.botapi import AYSE, CHANNEL, GROUP, JOHN, BotApi, User
from tests.postgres import server
from tests.telegram_bot import FakeAnswerer, RunningBot, one_minute, settings_for


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as opened:
        yield opened
        assert not opened.rejected


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else server().new_database()


@pytest.fixture
def start(api: BotApi, answerer: FakeAnswerer, tmp_path: Path, url: str) -> Iterator[Any]:
    running: list[RunningBot] = []

    def start_with(**settings: Any) -> RunningBot:
        bot = RunningBot(settings_for(api, tmp_path, database_url=url, **settings), answerer)
        running.append(bot.__enter__())
        return bot

    yield start_with
    for bot in running:
        bot.stop()


@pytest.fixture
def state(tmp_path: Path, url: str) -> Iterator[State]:
    opened = open_state(tmp_path / "state", url=url)
    yield opened
    opened.close()


def code_in(text: str) -> str:
    found = re.search(r"danis approve (\S+)", text)
    assert found
    return found[1]


def test_pairing_lets_in_only_who_the_owner_approves(
    api: BotApi, answerer: FakeAnswerer, start: Any, state: State
) -> None:
    start(telegram_allowed_users="")
    code = code_in(api.ask("İzmir?").text)
    assert code_in(api.ask("İzmir?").text) == code
    assert answerer.asked == []
    approval = approve(state, code.lower())
    assert approval is not None
    assert (approval.user_id, approval.name) == (AYSE.id, "Ayşe")
    assert api.ask("İzmir?").text.startswith("İzmir, Bişkek")
    assert code_in(api.ask("İzmir?", JOHN).text) != code
    assert approve(state, code) is None  # used up


def test_strangers_are_answered_only_a_few_times(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    bot = start(telegram_allowed_users="")
    for _ in range(20):
        api.say("aç")
    bot.settle(api)
    assert len(api.sent_to(AYSE.id)) == 5
    assert answerer.asked == []


def test_pairing_codes_expire_and_are_few(tmp_path: Path, url: str) -> None:
    now = [1_000_800.0]
    state = open_state(tmp_path, lambda: now[0], url=url)
    codes = []
    for _ in range(5):
        codes.append(pairing_code(state, 7, "Yabancı"))
        now[0] += 1
        with state.begin() as db:
            db.exec_driver_sql("UPDATE pairings SET expires = 0")
    assert all(codes[:3])
    assert codes[3:] == [None, None]
    assert not any(approve(state, code) for code in codes[:3] if code)
    now[0] += 7200
    code = pairing_code(state, 7, "Yabancı")
    assert code
    for _ in range(WRONG_CODES_PER_HOUR):
        assert approve(state, "WRNG-CDEE") is None
    assert approve(state, code) is None  # also the right one, for an hour
    now[0] += 3597
    assert approve(state, code) is not None
    state.close()


def test_lists_decide_alone_where_they_are_set(
    api: BotApi, answerer: FakeAnswerer, start: Any, state: State
) -> None:
    approval = approve(state, pairing_code(state, AYSE.id, "Ayşe") or "")
    assert approval is not None
    start(telegram_allowed_users=str(JOHN.id))
    assert api.ask("soru").text == "Bu bot yalnızca izinli kişilere açık."
    assert api.ask("question", JOHN).text.startswith("İzmir")


def test_an_allowed_member_does_not_open_a_group(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    start(telegram_allowed_users=str(JOHN.id))
    api.say("/sor soru", AYSE, GROUP)
    assert "izinli" in api.wait_message(GROUP.id).text
    api.say("/ask question", JOHN, GROUP)
    assert "[1]" in api.wait_message(GROUP.id, 2).text
    assert answerer.asked == ["question"]


def test_an_allowed_group_opens_that_group_alone(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    start(telegram_allowed_users="", telegram_allowed_chats=str(GROUP.id))
    api.say("/sor soru", AYSE, GROUP)
    assert "[1]" in api.wait_message(GROUP.id).text
    for command in ("/durum", "/yenile"):
        api.say(command, AYSE, GROUP)
    assert api.wait_message(GROUP.id, 3).text == "Bunu yalnızca yöneticiler yapabilir."
    assert "izinli" in api.ask("soru", AYSE).text
    offered = api.wait_inline(api.ask_inline("soru"))
    assert offered["results"] == []
    assert offered["button"]["start_parameter"] == "pair"
    assert answerer.asked == ["soru"]


def test_anonymous_senders_and_channels_are_nobody(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    bot = start(telegram_allowed_users="*", telegram_allowed_chats="*")
    anonymous = User(1087968824, "Group", None, "GroupAnonymousBot", is_bot=True)
    api.say("/sor soru", anonymous, GROUP, sender_chat=GROUP.json)
    assert "kendi adınızla" in api.wait_message(GROUP.id).text
    linked = User(777000, "Telegram", None)
    api.say("@danis_test_bot soru", linked, GROUP, sender_chat=CHANNEL.json)
    api.push({"channel_post": api.message(AYSE, CHANNEL, text="/sor soru")})
    post = api.message(AYSE, CHANNEL, text="/sor soru")
    api.push({"any": 1, "channel_post": post})
    api.say("/sor soru", User(55, "Robot", is_bot=True), GROUP)
    bot.settle(api)
    assert answerer.asked == []
    assert len(api.sent_to(GROUP.id)) == 1
    assert api.sent_to(CHANNEL.id) == []


def test_buttons_are_for_the_one_who_asked_where_it_was_asked(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    start()
    api.say("/sor soru", AYSE, GROUP)
    answer = api.wait_message(GROUP.id)
    said = api.wait_callback(api.press(answer, "Kaynak 1", JOHN))
    assert "for the person who asked" in said["text"]
    elsewhere = api.ask("soru")
    said = api.wait_callback(api.press(elsewhere, "", data=answer.button("Kaynak 1")))
    assert "soruyu soran kişi" in said["text"]
    assert not answer.edits
    assert not elsewhere.edits


@pytest.mark.parametrize(
    "data",
    ["", "s", "s:", "s:nope:1", "zz:1", "x:1", "X:1", "r:1", "l:xx", "q:99", "\x00", "s:a:b:c"],
)
def test_forged_callback_data_does_nothing(
    api: BotApi, answerer: FakeAnswerer, start: Any, data: str
) -> None:
    start()
    answer = api.ask("soru")
    api.wait_callback(api.press(answer, "", data=data))
    assert not answer.edits or data == "q:99"


def test_a_strangers_button_and_inline_are_refused_in_words(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    start(telegram_allowed_users=str(AYSE.id))
    answer = api.ask("soru")
    said = api.wait_callback(api.press(answer, "Kaynak 1", JOHN))
    assert said["text"] == "This bot is open to admitted people only."
    assert api.wait_inline(api.ask_inline("question", JOHN))["results"] == []


def test_too_many_questions_get_one_polite_sentence(
    api: BotApi, answerer: FakeAnswerer, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_minute(monkeypatch)
    bot = start(rate_per_user=3)
    for number in range(8):
        api.say(f"soru {number}")
    api.ask("question", JOHN)
    api.wait_message(AYSE.id, 4)
    bot.settle(api)
    texts = [message.text for message in api.sent_to(AYSE.id)]
    assert len(texts) == 4
    assert texts[3].startswith("Biraz hızlı")


def test_the_overall_limit_is_said_once_to_each(
    api: BotApi, answerer: FakeAnswerer, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_minute(monkeypatch)
    start(rate_overall=2)
    for _ in range(4):
        api.say("soru")
    api.wait_message(AYSE.id, 3)
    assert "çok soru var" in api.sent_to(AYSE.id)[2].text
    assert "very many" in api.ask("question", JOHN).text


def test_a_star_among_admins_makes_nobody_an_admin(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    start(telegram_admins="*")
    assert api.ask("/durum").text == "Bunu yalnızca yöneticiler yapabilir."


def test_a_database_that_fails_opens_the_bot_to_nobody(
    api: BotApi, answerer: FakeAnswerer, tmp_path: Path
) -> None:
    settings = settings_for(api, tmp_path, telegram_allowed_users=str(JOHN.id))
    state = open_state(settings.state_dir)
    with state.begin() as db:
        refuse = "CREATE TRIGGER refuse BEFORE INSERT ON rates BEGIN SELECT RAISE(ABORT, 'no'); END"
        db.exec_driver_sql(refuse)
    state.close()
    with RunningBot(settings, answerer) as bot:
        for user in (AYSE, JOHN):
            api.say("soru", user)
            api.say("/kaynaklar", user)
            api.ask_inline("soru", user)
        bot.settle(api)
    assert answerer.asked == []
    assert {message.text for message in api.sent_to(AYSE.id)} == {say("trouble", "tr")}
    assert {message.text for message in api.sent_to(JOHN.id)} == {say("trouble", "en")}


def test_a_stranger_who_edits_in_private_gets_a_code_too(
    api: BotApi, answerer: FakeAnswerer, start: Any
) -> None:
    bot = start(telegram_allowed_users="")
    message = api.say("soru")
    code = code_in(api.wait_message(AYSE.id).text)
    api.edit(message, "başka soru")
    bot.settle(api)
    assert [code_in(sent.text) for sent in api.sent_to(AYSE.id)] == [code, code]


def test_inline_beyond_the_limit_offers_nothing_and_no_pairing(
    api: BotApi, answerer: FakeAnswerer, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_minute(monkeypatch)
    start(rate_per_user=1)
    offered = [api.wait_inline(api.ask_inline(f"soru {number}")) for number in range(PRESSES + 1)]
    assert [bool(each["results"]) for each in offered] == [True] * PRESSES + [False]
    assert not any(each["button"] for each in offered)
    assert offered[-1]["cache_time"] == "0"


def test_a_live_location_gets_no_words_and_costs_no_question(
    api: BotApi, answerer: FakeAnswerer, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_minute(monkeypatch)
    start(rate_per_user=2)
    place = {"latitude": 38.4, "longitude": 27.1, "live_period": 900}
    message = api.message(AYSE, location=place)
    api.push({"message": message})
    assert "yazılı" in api.wait_message(AYSE.id).text
    for number in range(5):
        api.change(message, location={**place, "latitude": 38.5 + number})
    assert api.ask("soru").text.startswith("İzmir")
    assert len(api.sent_to(AYSE.id)) == 2
