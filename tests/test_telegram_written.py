"""Written answers in Telegram: above their quotes, never in the way of others, in no log."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import llm_server
from tests.botapi import JOHN, BotApi, User
from tests.llm_server import LlmServer, saying, sending
from tests.telegram_bot import RunningBot, real_answerer, settings_for

SISTER = "İzmir hangi şehirle kardeş?"
WRITTEN = "İzmir'in kardeş şehri, Kırgızistan'ın başkenti Bişkek'tir. [1]"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as running:
        yield running
        assert not running.rejected


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(saying(WRITTEN)) as running:
        yield running


@pytest.fixture
def bot(api: BotApi, server: LlmServer, tmp_path: Path) -> Iterator[RunningBot]:
    settings = settings_for(
        api,
        tmp_path,
        llm_base_url=server.base_url,
        llm_model="tiny",
        llm_api_key="sk-gizli",  # pragma: allowlist secret
        llm_timeout=2,
    )
    with RunningBot(settings, real_answerer()) as running:
        yield running


@pytest.mark.usefixtures("bot")
class TestWritten:
    def test_it_stands_above_the_quote_and_survives_the_way_back(self, api: BotApi) -> None:
        answer = api.ask(SISTER)
        written, label, quote, *_ = answer.text.split("\n\n")
        assert written == WRITTEN
        assert label == "Bunu bir dil modeli yazdı; şunlara dayanıyor:"
        assert quote.startswith("İzmir, Kırgızistan'ın başkenti Bişkek ile kardeş şehirdir. Ege")
        assert quote.endswith("[1]")
        assert answer.bold == ["İzmir, Kırgızistan'ın başkenti Bişkek ile kardeş şehirdir."]
        text = answer.text
        api.press(answer, "Kaynak 1")
        api.press(api.wait_edit(answer), "← Yanıt")
        assert api.wait_edit(answer).text == text

    def test_markup_and_links_that_it_writes_are_not_shown(
        self, api: BotApi, server: LlmServer
    ) -> None:
        plain = "İzmir, Kırgızistan'ın başkenti Bişkek ile kardeş şehirdir"
        server.behaviour = saying(f"<b>{plain}</b> [1].")
        first = api.ask(SISTER)
        assert first.bold == [f"{plain}."]
        server.behaviour = saying(f"{plain}, t.me/kotu [1].")
        assert "kotu" not in api.ask("izmirin kardeş şehri neresi").text

    def test_a_refusal_is_not_sent(self, api: BotApi, server: LlmServer) -> None:
        assert api.ask("Ay'a ilk kim ayak bastı?").text == "Bunu kaynaklarımda bulamadım."
        assert not server.requests

    def test_privacy_says_where_questions_go(self, api: BotApi, server: LlmServer) -> None:
        text = api.ask("/gizlilik").text
        assert f"(127.0.0.1:{server.server_port})" in text
        assert "Hiçbir şey başka bir yere gönderilmez" not in text

    def test_one_that_is_slow_holds_up_nobody_else(self, api: BotApi, server: LlmServer) -> None:
        server.behaviour = llm_server.slow(8)
        for user in range(500, 506):
            api.say(SISTER, user=User(user, f"Kişi {user}"))
        began = time.monotonic()
        assert "could not find" in api.ask("Ay'a ilk kim ayak bastı?", user=JOHN).text
        assert time.monotonic() - began < 2.5
        assert server.most_at_once <= 2


def test_an_answer_that_fails_is_the_quote_and_a_line_without_texts(
    api: BotApi, server: LlmServer, bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    server.behaviour = sending(json.dumps({"error": "sk-gizli Bişkek"}).encode(), 500)
    answer = api.ask(SISTER)
    assert answer.text.startswith("İzmir, Kırgızistan'ın başkenti Bişkek ile kardeş şehirdir.")
    bot.settle(api)
    lines = [str(vars(record)) for record in caplog.records if record.name == "bot.writer"]
    assert len(lines) == 1 and "HTTP 500" in lines[0]
    assert not any(word in line for line in lines for word in ("gizli", "Bişkek", "İzmir"))
