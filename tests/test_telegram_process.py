"""The bot as the process that people start: its exit codes, logs, pages, signals and rebuilds."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import live
from bot.deliveries import AT_ONCE
from bot.exit_codes import FAILED, TRY_AGAIN
from index.store import Store
from tests.botapi import ADMIN, AYSE, BotApi, User, wait_until
from tests.loopback import free_port
from tests.telegram_bot import real_folder, real_settings

ROOT = Path(__file__).parent.parent
SECRET = "Kırmızı bisikletim nerede"  # pragma: allowlist secret


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server
        assert not server.rejected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(real_folder(), tmp_path, dirs_exist_ok=True)
    return tmp_path


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "SEEDS_DIR": str(folder / "seeds"),
        "INDEX_DIR": str(folder / "index"),
        "STATE_DIR": str(folder / "state"),
        "DANIS_LANG": "en",
        "RATE_PER_USER": "100000",
        "RATE_OVERALL": "1000000",
        **more,
    }


class Process:
    """`danis telegram`, its stderr in a file."""

    def __init__(self, api: BotApi, folder: Path, **more: str) -> None:
        self.log = folder / "log.txt"
        settings = {
            "TELEGRAM_BOT_TOKEN": api.token,
            "TELEGRAM_BASE_URL": api.base_url,
            "TELEGRAM_BASE_FILE_URL": api.base_file_url,
            "TELEGRAM_ALLOWED_USERS": "*",
            "TELEGRAM_ADMINS": "1",
            **more,
        }
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "telegram"],
                cwd=folder,
                env=environment(folder, **settings),
                stderr=log,
                stdout=log,
            )

    def end(self, number: int = signal.SIGTERM, seconds: float = 30.0) -> int:
        self._process.send_signal(number)
        return self._process.wait(seconds)

    def wait(self, seconds: float) -> int:
        return self._process.wait(seconds)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "TELEGRAM_BOT_TOKEN is missing"),
        ("abc", "does not look like a bot token"),
        ("12345:" + "é" * 30, "does not look like a bot token"),
    ],
)
def test_a_missing_or_malformed_token_is_one_clear_line(
    tmp_path: Path, token: str, words: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "telegram"],
        cwd=tmp_path,
        env=environment(tmp_path, TELEGRAM_BOT_TOKEN=token),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not token or token not in done.stderr


def test_an_unknown_token_ends_the_process(api: BotApi, folder: Path) -> None:
    unknown = "123456789:BBunknown-Token_of-35-letters_bbbbbb"  # pragma: allowlist secret
    with Process(api, folder, TELEGRAM_BOT_TOKEN=unknown) as bot:
        assert bot.wait(60) == 2
        text = bot.log.read_text()
    assert "does not know this TELEGRAM_BOT_TOKEN" in text
    assert unknown not in text


@pytest.mark.parametrize("taken", ["OPS_PORT", "TELEGRAM_WEBHOOK_PORT", "DATABASE_URL"])
def test_what_may_pass_ends_the_process_so_that_it_is_started_again(
    api: BotApi, folder: Path, taken: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        value = f"postgresql://nobody@127.0.0.1:{free_port()}/no" if "URL" in taken else port
        url = "https://danis.example.org/telegram" if "WEBHOOK" in taken else ""
        with Process(api, folder, TELEGRAM_WEBHOOK_URL=url, **{taken: value}) as bot:
            assert bot.wait(60) == TRY_AGAIN
            assert taken in bot.log.read_text().splitlines()[-1]


@pytest.mark.parametrize(
    ("setting", "value"), [("EMBEDDING_MODEL", "nosuch/model"), ("SEEDS_DIR", "/nowhere/at/all")]
)
def test_a_wrong_setting_ends_the_process_for_good(
    api: BotApi, folder: Path, setting: str, value: str
) -> None:
    shutil.rmtree(folder / "index")
    with Process(api, folder, **{setting: value}) as bot:
        assert bot.wait(60) == FAILED


def test_an_index_of_older_text_rules_is_brought_up_to_date_at_the_start(
    api: BotApi, folder: Path
) -> None:
    store = Store(folder / "index")
    older = replace(store.manifest(), text_rules=store.manifest().text_rules - 1)
    (store.manifests / str(store.current_name())).write_text(older.to_json())
    with Process(api, folder) as bot:
        api.ask("Merhaba", AYSE)
        assert bot.end() == 0
    assert not store.manifest().has_other_text_rules


BUILD = """
import multiprocessing, os, signal, threading, time
from bot.reindex import build_apart
from bot.settings import load_settings

told = []
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: told.append(number))
reports = []
building = threading.Thread(target=lambda: reports.append(build_apart(load_settings())))
building.start()
while not multiprocessing.active_children():
    time.sleep(0.01)
while building.is_alive():
    for number in (signal.SIGINT, signal.SIGTERM):
        os.killpg(0, number)
    time.sleep(0.05)
print(len(told) > 1, reports[0].documents)
"""


def test_a_signal_to_the_whole_group_does_not_end_a_build(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "zurafa.txt").write_text("Zürafa Pamuk yedi yaşında.\n")
    done = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        start_new_session=True,
    )
    assert (done.stdout, done.returncode) == ("True 1\n", 0), done.stderr


def test_a_whole_run_logs_no_text_and_no_token_and_shows_its_numbers(
    api: BotApi, folder: Path
) -> None:
    port = free_port()
    with Process(api, folder, OPS_PORT=str(port), LOG_LEVEL="DEBUG") as bot:
        api.ask(SECRET, seconds=60)
        api.fail("500", "sendMessage", times=1)
        api.fail("garbage", "getUpdates", times=1)
        api.fail("cut", "sendMessage", times=1)
        refusal = api.ask(SECRET + " acaba?")
        api.wait_callback(api.press(refusal, "👍"))
        api.wait_inline(api.ask_inline(SECRET))
        api.upload("kırmızı.txt", b"%PDF-" + SECRET.encode(), AYSE)
        api.ask("/sor " + SECRET)
        api.push({"message": {"text": SECRET}})
        pages = {
            page: httpx.get(f"http://127.0.0.1:{port}/{page}")
            for page in ("health", "ready", "metrics")
        }
        assert bot.end() == 0
    assert [pages[page].status_code for page in pages] == [200, 200, 200]
    metrics = pages["metrics"].text
    assert "danis_answers_total" in metrics
    assert 'danis_updates_total{kind="message"}' in metrics
    assert "process_resident_memory_bytes" in metrics
    log = bot.log.read_text()
    for secret in ("bisiklet", "kırmızı", api.token, api.token.split(":")[1], "1001"):
        assert secret not in log.replace(f"127.0.0.1:{api.port}", ""), secret
    assert {line["message"] for line in bot.lines()} >= {"started", "answered", "stopped"}


def test_texts_are_logged_only_with_the_debug_switch(api: BotApi, folder: Path) -> None:
    with Process(api, folder, LOG_TEXTS="true") as bot:
        api.ask(SECRET, seconds=60)
        assert bot.end() == 0
    assert "bisiklet" in bot.log.read_text()
    assert api.token not in bot.log.read_text()


def test_sigterm_finishes_and_sigkill_loses_nothing(api: BotApi, folder: Path) -> None:
    crowd = [User(7000 + n, f"Kişi {n}") for n in range(30)]
    questions = ("İzmir hangi şehirle kardeş?", "Kütüphane kartı ücretli mi?")
    with Process(api, folder) as bot:
        api.ask("İzmir?", seconds=60)
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            before = len(api.messages)
            for at, user in enumerate(crowd):
                api.say(questions[at % 2], user)
            wait_until(partial(api.more_than, before))
            time.sleep(random.uniform(0.0, 0.3))
            code = bot.end(number)
            assert code == (0 if number == signal.SIGTERM else -signal.SIGKILL)
            bot.__exit__()
            bot = Process(api, folder)
        for user in crowd:
            api.wait_message(user.id, 3, 60)
        api.ask("İzmir?", seconds=60)  # the last one may have nothing left to do: it is up
        assert bot.end() == 0
    answers = Counter(message.chat_id for message in api.messages)
    again = sum(answers[user.id] - 3 for user in crowd)
    # Only what was on its way at the moment of a kill may come twice; see docs/telegram.md.
    assert 0 <= again <= 2 * AT_ONCE


def test_a_new_index_is_picked_up_within_seconds(api: BotApi, folder: Path) -> None:
    with Process(api, folder):
        assert "bulamadım" in api.ask("Zürafa Pamuk kaç yaşında?", seconds=60).text
        seed = folder / "seeds" / "zurafa.txt"
        seed.write_text("date 2026-03-01 Danış Bülteni\nZürafa Pamuk yedi yaşında.\n")
        live.build_index(real_settings(folder))
        asked = time.monotonic()
        wait_until(lambda: "yedi yaşında" in api.ask("Zürafa Pamuk kaç yaşında?").text, 10)
        assert time.monotonic() - asked < 8


def test_an_uploaded_seed_answers_questions(api: BotApi, folder: Path) -> None:
    with Process(api, folder) as bot:
        api.ask("/start", ADMIN, seconds=60)
        seed = "Doğal Yaşam Parkı\n\nZürafa Pamuk yedi yaşında. Her sabah akasya yer.\n"
        api.upload("ankara-zürafa.txt", seed.encode())
        indexed = api.wait_message(ADMIN.id, 3, 60).text
        assert indexed.startswith("“ankara-zürafa.txt” dizine eklendi: 1 bölüm.")
        answer = api.ask("Zürafa Pamuk kaç yaşında?")
        assert answer.bold == ["Zürafa Pamuk yedi yaşında."]
        listing = api.ask("/kaynaklar", ADMIN)
        api.press(listing, "Sil: ankara-zürafa.txt", ADMIN)
        question = api.wait_edit(listing)
        api.press(question, "Evet, sil", ADMIN)
        api.wait(lambda: "Dizin yenilendi" in api.sent_to(ADMIN.id)[-1].text, 60)
        said = api.wait_callback(api.press(answer, "Kaynak 1"))
        assert "eski bir dizinden" in said["text"]
        assert bot.end() == 0
