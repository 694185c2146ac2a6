"""Cold and warm questions, memory, threads, and the cost of small changes, beside a plain script.

    python -m bench.speed [--passages 10000] [--runs 5] [--folder DIR] [--plain] [--json]

Makes seeds by rule (bench/corpus.py) with the shipped ones among them, builds the index with the
real model (keep `--folder` to build only once) and prints one table of medians.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.corpus import write_corpus
from bot import live
from bot.render import table
from bot.settings import Settings
from index.answerer import Answerer
from index.questions_file import read_questions

ROOT = Path(__file__).parent.parent
QUESTION = "İzmir hangi şehirle kardeş?"


def whole_process(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """(seconds from start to end, peak RSS in MB) of a command that must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def prepared(folder: Path, passages: int) -> Settings:
    """Settings of a folder with so many passages, built where it is not there yet."""
    settings = Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")
    if not (folder / "seeds").is_dir():
        write_corpus(folder / "seeds", passages)
        shutil.copytree(ROOT / "seeds", folder / "seeds" / "real")
    live.build_index(settings)
    return settings


def cold(settings: Settings, runs: int, plain: Path | None) -> dict[str, float]:
    """Whole processes, taken in turn so that drift of the machine hits both alike."""
    environment = os.environ | {
        "SEEDS_DIR": str(settings.seeds_dir),
        "INDEX_DIR": str(settings.index_dir),
    }
    ours, theirs = [], []
    for _ in range(runs + 1):  # the first one fills the file cache and does not count
        ours.append(whole_process([sys.executable, "-m", "bot", "ask", QUESTION], environment))
        if plain is not None:
            command = [sys.executable, "-m", "bench.plain", "ask", str(plain), QUESTION]
            theirs.append(whole_process(command, environment))
    figures = {
        "cold ask, s": statistics.median(seconds for seconds, _ in ours[1:]),
        "cold ask, peak MB": statistics.median(memory for _, memory in ours[1:]),
    }
    if theirs:
        figures["plain script, s"] = statistics.median(seconds for seconds, _ in theirs[1:])
        figures["plain script, peak MB"] = statistics.median(memory for _, memory in theirs[1:])
        figures["plain / danis, times"] = figures["plain script, s"] / figures["cold ask, s"]
    return figures


def warm(answerer: Answerer, questions: list[str]) -> dict[str, float]:
    """One question after the other, the model alone, and eight threads at once."""
    embed = answerer._embedder.query
    seconds = [timed(lambda q=question: answerer.ask(q)) * 1000 for question in questions]
    alone = [timed(lambda q=question: embed(q)) * 1000 for question in questions]
    with ThreadPoolExecutor(8) as threads:
        together = timed(lambda: list(threads.map(answerer.ask, questions * 2)))
    return {
        "warm question p50, ms": statistics.median(seconds),
        "warm question p95, ms": quantile(seconds, 0.95),
        "of it the model, p50 ms": statistics.median(alone),
        "questions/s, 8 threads": 2 * len(questions) / together,
        "serving process, peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def changes(settings: Settings, runs: int) -> dict[str, float]:
    """`danis index` after nothing changed, and after one seed of ten paragraphs was added."""
    environment = os.environ | {
        "SEEDS_DIR": str(settings.seeds_dir),
        "INDEX_DIR": str(settings.index_dir),
    }
    command = [sys.executable, "-m", "bot", "index"]
    whole_process(command, environment)
    nothing = [whole_process(command, environment)[0] for _ in range(runs)]
    added = []
    for number in range(runs):
        write_corpus(settings.seeds_dir / f"new-{time.time_ns()}", 10, seed=1000 + number)
        added.append(whole_process(command, environment)[0])
    return {
        "nothing changed, s": statistics.median(nothing),
        "one seed of 10 paragraphs added, s": statistics.median(added),
    }


def main(arguments: list[str]) -> None:
    """Prints the table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--plain", action="store_true", help="beside sentence-transformers + FAISS")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="danis-speed-") as temporary:
        folder = options.folder or Path(temporary)
        settings = prepared(folder, options.passages)
        plain = folder / "plain" if options.plain else None
        if plain is not None and not (plain / "paragraphs.json").exists():
            command = [sys.executable, "-m", "bench.plain", "prepare", str(plain)]
            subprocess.run([*command, str(settings.seeds_dir)], cwd=ROOT, check=True)
        figures = cold(settings, options.runs, plain)
        answerer = live.open_answerer(settings, "serving")
        wait = getattr(answerer._embedder, "wait", None)
        if wait is not None:
            wait(60)
        cases = read_questions(ROOT / "questions" / "seeds.jsonl").cases
        figures |= warm(answerer, [case.question for case in cases])
        figures |= changes(settings, options.runs)
        size = sum(p.stat().st_size for p in settings.index_dir.rglob("*") if p.is_file())
        figures["index, bytes/passage"] = size / answerer.passages
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        print(table((name, f"{value:,.2f}") for name, value in figures.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
