"""The terminal chat's comforts: completion, history, paging, links, a stream for scripts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot import live, pager
from bot.chat import Chat, converse
from bot.chat_commands import COMMANDS, command_named
from bot.links import file_address, knows_links, wants_links, web_address
from bot.prompt import HISTORY_BYTES, ChatCompleter, history
from bot.render import Ink, wants_ink
from bot.settings import Settings, TerminalLinks
from index.answer import Answer

SEEDS = {
    "izmir/asansör.txt": "Tarihi Asansör 1907'de açıldı. Yapıyı Nesim Levi yaptırdı.\n",
    "izmir/saat kulesi.md": "# Saat Kulesi\n\nKule 1901'de dikildi.\n\nYüksekliği 25 metredir.\n",
    "göl.txt": "Issık Göl kışın donmaz.\n",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("chat")
    for path, text in SEEDS.items():
        (folder / "seeds" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "seeds" / path).write_text(text, encoding="utf-8")
    made = Settings(
        _env_file=None,
        seeds_dir=folder / "seeds",
        index_dir=folder / "index",
        state_dir=folder / "state",
        danis_lang="tr",
    )
    live.build_index(made)
    return made


@pytest.fixture
def chat(settings: Settings) -> Chat:
    return Chat(
        live.open_answerer(settings),
        "tr",
        Ink(False),
        str(settings.seeds_dir),
        lambda a: a,
    )


def completions(chat: Chat, typed: str) -> list[str]:
    document = Document(typed, len(typed))
    found = ChatCompleter(chat, "tr").get_completions(document, CompleteEvent())
    return [completion.text for completion in found]


def test_commands_complete_however_they_are_typed(chat: Chat) -> None:
    assert completions(chat, "/") == [f"/{command.name('tr')}" for command in COMMANDS]
    assert completions(chat, "/KAYNAK") == ["/kaynak", "/kaynaklar"]
    assert completions(chat, "/ci") == ["/çık"]
    assert completions(chat, "Kule") == []


def test_sources_complete_by_number_path_and_title(chat: Chat) -> None:
    assert completions(chat, "/kaynaklar asansor") == ["izmir/asansör.txt"]
    assert "1" not in completions(chat, "/kaynak ")
    chat.reply("Kule ne zaman dikildi?")
    assert completions(chat, "/kaynak ")[0] == "1"
    assert completions(chat, "/source KULES") == ["izmir/saat kulesi.md"]
    assert completions(chat, "/kopyala 1") == ["1"]


def test_a_completed_document_is_shown_as_a_whole(chat: Chat) -> None:
    (path,) = completions(chat, "/kaynak saat")
    shown = chat.reply(f"/kaynak {path}")
    assert shown is not None
    assert "Kule 1901'de dikildi." in shown
    assert "25 metredir." in shown


def test_a_name_that_fits_many_lists_them_and_one_that_fits_none_says_so(chat: Chat) -> None:
    several = chat.reply("/kaynak izmir")
    assert several is not None
    assert "2 belgede geçiyor" in several
    assert "izmir/asansör.txt" in several
    assert "“van” geçen bir belge yok" in (chat.reply("/kaynak van") or "")
    assert "7 numaralı kaynak yok" in (chat.reply("/kaynak 7") or "")


@pytest.mark.parametrize("typed", ["çık", "ÇIK", "cik", "quit", "EXIT"])
def test_a_command_is_known_in_any_spelling(typed: str) -> None:
    command = command_named(typed)
    assert command is not None
    assert command.action == "quit"


def test_every_command_does_something(chat: Chat) -> None:
    for command in COMMANDS:
        assert command.action == "quit" or chat.reply(f"/{command.name('en')}")


def test_copy_gives_one_plain_line_and_fills_the_clipboard_where_links_work(chat: Chat) -> None:
    chat.reply("Asansör ne zaman açıldı?")
    plain = chat.reply("/kopyala 1")
    assert plain is not None
    assert plain.startswith("“Tarihi Asansör 1907'de açıldı.” (")
    assert "izmir/asansör.txt, paragraf 1)" in plain
    chat.ink = Ink(True, links=True)
    assert "\x1b]52;c;" in (chat.reply("/kopyala 1") or "")


def test_citations_link_to_their_file_on_a_terminal_only(chat: Chat, settings: Settings) -> None:
    assert "\x1b]8" not in (chat.reply("Kule ne zaman dikildi?") or "")
    (citation, *_) = chat.numbered()
    address = file_address(citation.path, str(settings.seeds_dir))
    assert address.startswith("file://")
    assert address.endswith("/izmir/saat%20kulesi.md")
    chat.ink = Ink(True, links=True)
    assert f"\x1b]8;;{address}\x1b\\" in (chat.reply("Kule ne zaman dikildi?") or "")


def test_only_web_addresses_become_links() -> None:
    assert web_address("https://örnek.tr/a b?c=1\x1b\\") == "https://%C3%B6rnek.tr/a%20b?c=1%1B%5C"
    assert web_address("javascript:alert(1)") == ""
    assert web_address("http://[") == ""


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        ({"TERM": "xterm-256color", "VTE_VERSION": "7002"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4601"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"WT_SESSION": "a"}, True),
        ({"TERM": "linux"}, False),
        ({}, False),
    ],
)
def test_terminals_that_know_links(environment: dict[str, str], known: bool) -> None:
    assert knows_links(environment) is known
    assert wants_links(TerminalLinks.AUTO, True, environment) is known
    assert wants_links(TerminalLinks.ALWAYS, True, environment)
    assert not wants_links(TerminalLinks.NEVER, True, environment)
    assert not wants_links(TerminalLinks.ALWAYS, False, environment)


def test_history_lasts_is_private_and_stays_short(settings: Settings) -> None:
    path = settings.state_dir / "chat-history"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n# 2026-01-01\n+eski soru\n" * (HISTORY_BYTES // 20), encoding="utf-8")
    path.chmod(0o644)
    first = history(settings)
    assert path.stat().st_mode & 0o777 == 0o600
    assert 0 < path.stat().st_size <= HISTORY_BYTES / 2
    first.store_string("Kule kaç metre?")
    assert next(iter(history(settings).load_history_strings())) == "Kule kaç metre?"


def test_history_can_be_switched_off_and_survives_a_folder_that_cannot_be_written(
    settings: Settings, tmp_path: Path
) -> None:
    off = settings.model_copy(update={"chat_history": False, "state_dir": tmp_path / "a"})
    history(off).store_string("x")
    assert not (tmp_path / "a").exists()
    (tmp_path / "file").write_text("")
    blocked = settings.model_copy(update={"state_dir": tmp_path / "file"})
    history(blocked).store_string("x")


def test_long_output_goes_through_the_pager_and_short_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paged = tmp_path / "paged"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PAGER", f"tee {paged}")
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "40")
    pager.show("kısa")
    assert not paged.exists()
    pager.show("satır\n" * 12)
    assert paged.read_text().count("satır") == 12
    assert (
        pager.rows("\x1b[1m" + "a" * 81 + "\x1b[22m\n\x1b]8;;file:///b\x1b\\b\x1b]8;;\x1b\\", 40)
        == 4
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PAGER", "/no/such/pager"),
        ("PAGER", "less '"),
        ("PAGER", "false"),
        ("TERM", "dumb"),
    ],
)
def test_long_output_is_printed_where_it_cannot_be_paged(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    setting: str,
    value: str,
) -> None:
    paged = tmp_path / "paged"
    monkeypatch.setenv("PAGER", f"tee {paged}")
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(setting, value)
    pager.show("x\n" * 12 + "son")
    assert capfd.readouterr().out.endswith("son\n")
    assert not paged.exists()


def test_an_interrupt_ends_a_typed_reply_and_not_the_chat(settings: Settings) -> None:
    def interrupted(answer: Answer) -> Answer:
        if "Kule" in answer.question:
            signal.raise_signal(signal.SIGINT)
        return answer

    seeds = str(settings.seeds_dir)
    chat = Chat(live.open_answerer(settings), "tr", Ink(False), seeds, interrupted)
    lines = ["Kule ne zaman dikildi?", "Asansör ne zaman açıldı?"]
    said: list[str] = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a new process
    try:
        converse(chat, lines, said.append, typed=True)
        assert said[0] == "Yarıda kesildi.\n"
        assert "1907" in said[1]
        with pytest.raises(KeyboardInterrupt):
            converse(chat, lines, said.append)
    finally:
        signal.signal(signal.SIGINT, before)


def test_text_is_set_off_only_where_it_is_wanted() -> None:
    assert wants_ink(True, {"TERM": "xterm", "NO_COLOR": ""})
    assert not wants_ink(False, {"TERM": "xterm"})
    assert not wants_ink(True, {"TERM": "dumb"})
    assert not wants_ink(True, {"TERM": "xterm", "NO_COLOR": "1"})
    assert not wants_links(TerminalLinks.ALWAYS, True, {"TERM": "dumb"})


@pytest.mark.parametrize(
    ("arguments", "second"), [(["chat", "--json"], "25"), (["ask", "--json", "-"], "")]
)
def test_scripts_get_each_answer_as_one_line_at_once(
    settings: Settings, arguments: list[str], second: str
) -> None:
    environment = os.environ | {
        "SEEDS_DIR": str(settings.seeds_dir),
        "INDEX_DIR": str(settings.index_dir),
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "DANIS_LANG": "tr",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as run:
        assert run.stdin is not None and run.stdout is not None

        def ask(line: bytes) -> dict[str, object]:
            run.stdin.write(line + b"\n")
            run.stdin.flush()  # nothing more is sent before the answer is here
            answer: dict[str, object] = json.loads(run.stdout.readline())
            return answer

        first = ask(b"Kule ne zaman dikildi?")
        assert "1901" in json.dumps(first["citations"])
        follow_up = ask("Peki yüksekliği?".encode())
        assert ("Kule" in str(follow_up["standalone"])) is bool(second)
        assert ask(b"")["verdict"] == "talk"
        assert ask(b"\xff\xfe?")["verdict"] in ("refused", "talk")
        run.stdin.close()
        assert run.wait(timeout=30) == 0
