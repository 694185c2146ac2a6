"""`danis tune`: what wins is kept and used, what does not win changes nothing; the real model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot import live
from bot.cli import main
from bot.doctor import examine
from bot.feedback import Opinion, note_opinion
from bot.settings import Settings
from bot.shelf import put
from bot.state import open_state
from index.errors import QuestionsFileError, TuningError
from index.manifest import Model
from index.questions_file import Case, read_questions
from index.retriever import SHIPPED as SHIPPED_WEIGHTS
from index.retriever import Weights
from index.tune import _fit_trust
from index.tuning import FILE, Tuning, moved, read_tuning, write_tuning

ROOT = Path(__file__).parent.parent
WORKS = ["bakım aralığı", "yağ türü", "çalışma sıcaklığı", "garanti süresi"]
SAID_AS_ASKED = "{code} kodlu pompanın {work} servis kitabında yazılıdır, değeri {value}."
SAID_OTHERWISE = "{code}: ustalar bu makineye gelince listedeki {value} rakamına bakar."


@pytest.fixture
def codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Machines that only a code tells apart; half of the texts do not speak as people ask."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SEEDS_DIR": tmp_path / "seeds",
        "INDEX_DIR": tmp_path / "index",
        "STATE_DIR": tmp_path / "state",
        "DANIS_LANG": "tr",
    }.items():
        monkeypatch.setenv(name, str(value))
    (tmp_path / "seeds").mkdir()
    cases = []
    for number in range(48):
        code = f"K{700 + 13 * number}"
        work = WORKS[number % len(WORKS)]
        said = SAID_OTHERWISE if number % 2 else SAID_AS_ASKED
        text = said.format(code=code, work=work, value=31 + number)
        (tmp_path / "seeds" / f"{code}.txt").write_text(text + "\n", encoding="utf-8")
        question = f"{code} kodlu pompanın {WORKS[(number // 2) % len(WORKS)]} nedir?"
        cases.append({"question": question, "source": f"{code}.txt", "answer": str(31 + number)})
    lines = (json.dumps(case, ensure_ascii=False) for case in cases)
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    settings = Settings(_env_file=None)
    live.build_index(settings)
    yield settings


def test_weights_that_win_are_kept_used_shown_and_removed(
    codes: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = read_questions(Path("cases.jsonl")).cases
    before = _right(codes, cases)
    assert main(["tune", "cases.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    recall = told["ranking"]["recall_at_1"]
    assert told["weights_won"]
    assert recall["after"] > recall["before"] + 0.2
    after = _right(codes, cases)
    assert after > before + 10

    live.build_index(codes, rebuild=True)
    assert _right(codes, cases) == after  # a rebuild keeps it
    (finding,) = (each for each in examine(codes) if each.subject == "tuning")
    assert finding.well
    assert "48 soruyla" in finding.text
    assert f"coverage {told['tuning']['weights']['coverage']:g}" in finding.text

    assert main(["tune", "--reset"]) == 0
    assert _right(codes, cases) == before
    assert main(["tune", "--reset"]) == 0  # nothing left to remove is no error


def _right(settings: Settings, cases: Sequence[Case]) -> int:
    """How many questions find their document first."""
    answerer = live.open_answerer(settings)
    found = (next(answerer.find(case.question, k=1).passages())[1] for case in cases)
    return sum(
        record.document.path == case.source for record, case in zip(found, cases, strict=True)
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    live.build_index(
        Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")
    )
    return folder


@pytest.fixture
def shipped(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    for name in ("seeds", "index", "state"):
        monkeypatch.setenv(f"{name.upper()}_DIR", str(tmp_path / name))
    monkeypatch.setenv("DANIS_LANG", "tr")
    return Settings(_env_file=None)


def test_where_nothing_clearly_wins_the_old_weights_stay(
    shipped: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cases = (ROOT / "questions/seeds.jsonl").read_text(encoding="utf-8").splitlines()
    answerable = [line for line in cases if json.loads(line)["source"]][:60]
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(answerable), encoding="utf-8")
    assert main(["tune", str(file)]) == 0
    told = capsys.readouterr().out
    assert "eski ağırlıklar kaldı" in told
    assert "en az 10 yanıtlı ve 10 yanıtsız" in told
    assert not (shipped.index_dir / FILE).exists()


def test_feedback_becomes_questions_that_are_measured(
    shipped: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    answerer = live.open_answerer(shipped)
    with closing(open_state(shipped.state_dir)) as state:
        for user, (question, opinion) in enumerate(
            [
                ("İzmir hangi şehirle kardeş?", Opinion.GOOD),
                ("Ay'a ilk kim ayak bastı?", Opinion.GOOD),
                ("Saat Kulesi'nin mimarı kim?", Opinion.WRONG_SOURCE),
                ("Kuantum bilgisayarı kim icat etti?", Opinion.BAD),
            ]
        ):
            note_opinion(state, put(state, user, user, answerer.ask(question)), user, opinion)
    assert main(["eval", "--from-feedback", "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert (scores["questions"], scores["answerable"]) == (3, 1)  # a refused 👎 tells nothing yet
    assert scores["recall_at_1"] == 1.0
    assert scores["wrong_answers_given"] == 0.0
    assert scores["complaints_repeated"] == 1.0  # the passage that was complained of again
    # Too few to fit anything to, and that is said.
    assert main(["tune"]) == 2
    assert "en az 20 soru" in capsys.readouterr().out


def test_without_questions_the_next_step_is_named(
    shipped: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["tune"], ["eval", "--from-feedback"]):
        assert main(command) == 2
        assert "danis tune DOSYA" in capsys.readouterr().err


def test_a_threshold_moves_only_for_a_clear_gain() -> None:
    chance = np.random.default_rng(1)
    is_absent = np.arange(120) >= 60
    # Answers to absent questions are believed too much: half of them pass at 0.5.
    shifted = np.where(is_absent, chance.uniform(0.3, 0.7, 120), chance.uniform(0.8, 0.99, 120))
    trust, refusal, won = _fit_trust(shifted, is_absent, 0.0, "normal")
    assert won
    assert trust < 0
    assert refusal["wrong_answers_given"].after < refusal["wrong_answers_given"].before
    # Confidences that say nothing cannot be mended by a threshold.
    noise = chance.uniform(0, 1, 120)
    trust, _, won = _fit_trust(noise, is_absent, 0.0, "normal")
    assert (trust, won) == (0.0, False)


@pytest.mark.parametrize(("confidence", "trust"), [(0.0, 3.0), (1.0, -3.0), (0.4, 0.0)])
def test_certainty_and_no_change_stay_as_they_are(confidence: float, trust: float) -> None:
    assert moved(confidence, trust) == confidence


def test_trust_moves_the_logit() -> None:
    assert moved(0.5, 1.0) == pytest.approx(1 / (1 + np.exp(-1.0)))


def test_a_tuning_holds_for_its_model_only_and_a_damaged_one_is_named(
    shipped: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = live.open_store(shipped).manifest()
    made = Tuning(
        replace(SHIPPED_WEIGHTS, coverage=0.3), -0.5, 30, datetime.now(UTC), {"r": (0.5, 0.75)}
    )
    write_tuning(shipped.index_dir, made, manifest)
    assert read_tuning(shipped.index_dir, manifest.model) == made
    assert read_tuning(shipped.index_dir, Model("another", "1", 384)) is None
    (shipped.index_dir / FILE).write_text('{"format": 1', encoding="utf-8")
    with pytest.raises(TuningError, match="danis tune --reset"):
        read_tuning(shipped.index_dir, manifest.model)
    assert live.tuning_for(shipped, manifest.model).weights == Weights()
    assert "danis tune --reset" in caplog.text
    (finding,) = (each for each in examine(shipped) if each.subject == "tuning")
    assert not finding.well


def test_a_questions_file_may_hold_complaints(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(
        '{"question": "a", "feedback": "bad", "not_passages": ["k1"]}\n'
        '{"question": "b", "feedback": "bad", "not_passages": []}\n'
        '{"question": "c", "source": "x.txt", "feedback": "bad", "not_passages": ["k2"]}\n',
        encoding="utf-8",
    )
    first, mended = read_questions(file).cases
    assert (first.wrong_passages, first.absent, first.answerable) == (("k1",), False, False)
    assert (mended.wrong_passages, mended.source) == ((), "x.txt")
    file.write_text("", encoding="utf-8")
    with pytest.raises(QuestionsFileError):
        read_questions(file)
