"""Cold and warm questions, memory, threads, and the cost of small changes, for bench.scale."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.corpus import write_corpus
from bot.settings import Settings
from index.answerer import Answerer

ROOT = Path(__file__).parent.parent
QUESTION = "İzmir hangi şehirle kardeş?"


# A process's peak counts what its parent held when it was started, so the parent is a small one.
_LAUNCHER = """
import os, sys, time
silent = [(os.POSIX_SPAWN_OPEN, n, os.devnull, os.O_RDWR, 0) for n in (1, 2)]
started = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silent)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - started, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""


def whole_process(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """(seconds from start to end, peak RSS in MB) of a command that must succeed."""
    launcher = [sys.executable, "-S", "-c", _LAUNCHER]
    run = subprocess.run(
        [*launcher, *command],
        env=environment,
        cwd=ROOT,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds, megabytes, code = map(float, run.stdout.split())
    assert code == 0, command
    return seconds, megabytes


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment of a `danis` with these seeds and this index."""
    return os.environ | {
        "SEEDS_DIR": str(settings.seeds_dir),
        "INDEX_DIR": str(settings.index_dir),
    }


def cold(settings: Settings, runs: int, plain: Path | None) -> dict[str, float]:
    """Whole processes, taken in turn so that drift of the machine hits both alike."""
    environment = environment_of(settings)
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
    """One question after the other, the model alone, and eight threads at once.

    The answerer must remember nothing.
    """
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
    }


def again(answerer: Answerer, questions: list[str]) -> dict[str, float]:
    """What was asked a moment ago."""
    for question in questions:
        answerer.ask(question)
    seconds = [timed(lambda q=question: answerer.ask(q)) * 1000 for question in questions]
    return {"asked again p50, ms": statistics.median(seconds)}


def memory() -> dict[str, float]:
    """This process's own memory, and with the pages of mapped files that it has touched.

    Mapped pages are the file cache's: the system takes them back when it needs room.
    """
    status = Path("/proc/self/status").read_text()
    own, mapped = (
        int(status.split(f"{name}:")[1].split()[0]) / 1024 for name in ("RssAnon", "VmHWM")
    )
    return {"serving process, own MB": own, "serving process, peak MB": mapped}


def changes(settings: Settings, runs: int) -> dict[str, float]:
    """`danis index` after nothing changed, and after one seed of ten paragraphs was added."""
    environment = environment_of(settings)
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
