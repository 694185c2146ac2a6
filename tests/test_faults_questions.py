"""Odd questions to the real model: an answer for each, soon, checked, and in flat memory."""

from __future__ import annotations

import gc
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import live
from bot.settings import Settings
from index.answer import Answer, Turn, Verdict
from index.answerer import Answerer
from index.quotes import Seeds
from tests import hostile

ROOT = Path(__file__).parent.parent
QUESTIONS = 500
MOST_SECONDS = 1.0
MOST_GROWTH_MEGABYTES = 12.0


@dataclass(frozen=True)
class Findings:
    """What many questions showed: seconds of the slowest, megabytes gained by the later half."""

    asked: int
    slowest: float
    slowest_question: str
    growth: float
    cited: int


def resident_megabytes() -> float:
    """The memory of this process that is in use now."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def check(answer: Answer, seeds: Path) -> int:
    """Compares each citation with its seed; how many there are."""
    answers = answer.parts or (answer,)
    citations = [c for one in answers for c in (*one.citations, *one.nearest)]
    for citation in citations:
        text = (seeds / citation.path).read_bytes().decode("utf-8-sig")
        assert text[citation.start : citation.end] == citation.quote
        for span in citation.highlights:
            assert citation.start <= span.start < span.end <= citation.end
    assert answer.verdict in Verdict
    return len(citations)


def warm_answerer(own: Settings) -> Answerer:
    """An answerer as it serves, its engine open."""
    embedder = live.open_embedder(own)
    embedder.query("")
    kept = Seeds(own.seeds_dir, own.max_seed_bytes)
    return Answerer(live.open_store(own), kept, embedder, caution=own.caution.value)


def ask_many(answerer: Answerer, seeds: Path, count: int, seed: int) -> Findings:
    """Asks so many odd questions; each third one as a follow-up of an ordinary one."""
    asked = list(hostile.questions(count, seed))
    turn = answerer.ask("İzmir hangi şehirle kardeş?").turn
    turns: tuple[Turn, ...] = (turn,) if turn else ()
    slowest, slowest_question, cited = 0.0, "", 0
    before = 0.0
    for number, question in enumerate(asked):
        if number == count // 2:  # by then every cache has filled
            before = resident_megabytes()
        began = time.process_time()
        answer = answerer.ask(question, turns=turns if number % 3 == 0 else ())
        # On a machine that is busy with something else, the work done is the truer time.
        seconds = min(answer.seconds, time.process_time() - began)
        if seconds > slowest:
            slowest, slowest_question = seconds, question
        cited += check(answer, seeds)
        assert answer.question == question
    growth = resident_megabytes() - before
    return Findings(len(asked), slowest, ascii(slowest_question)[:60], growth, cited)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("questions")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    chosen = Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")
    live.build_index(chosen)
    return chosen


def test_odd_questions_are_answered_soon_and_in_flat_memory(own: Settings) -> None:
    answerer = warm_answerer(own)
    findings = ask_many(answerer, own.seeds_dir, QUESTIONS, seed=6)
    assert findings.asked == QUESTIONS
    assert findings.cited > 0
    assert findings.slowest < MOST_SECONDS, findings
    assert findings.growth < MOST_GROWTH_MEGABYTES, findings


@pytest.mark.parametrize("key", ["", "x", "\ud800", "' OR 1=1 --", "0" * 16, "\x00", "a" * 100_000])
def test_odd_keys_show_no_passage(own: Settings, key: str) -> None:
    answerer = live.open_answerer(own)
    assert answerer.passage(key) is None


@pytest.mark.parametrize("question", ["\ud800", "\x00 ?", "göl " * 30_000, "((", "🌹"])
def test_odd_questions_for_more_passages(own: Settings, question: str) -> None:
    answerer = live.open_answerer(own)
    assert isinstance(answerer.more(question, skip=2, k=3), tuple)
