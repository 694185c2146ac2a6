"""The bot under mixed load for half an hour: memory, file descriptors, threads, time to the answer.

    python -m bench.soak [--minutes 30] [--rate 4] [--seeds-dir DIR] [--json FILE] [--plot FILE]

Starts `danis telegram` on a copy of the seeds against a Bot API server on loopback. Twenty people
ask the questions of the shipped sets, odd ones among them, and press buttons; once a minute a seed
is added, changed or deleted and `danis index` publishes a new index. Exits with 1 where memory
grew by more than 2 % after the first five minutes, or a question stayed without an answer.

Memory is the resident size that is the process's own: mapped index files, which the system can
take back at any time, are not in it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.speed import ROOT, quantile
from bench.telegram_load import environment_of, status_of
from index.questions_file import read_questions
from tests.botapi import BotApi, Sent, User

PEOPLE = 20
SETTLED_AFTER = 300.0  # seconds
MOST_GROWTH = 0.02
LAST = 120.0  # seconds at the end that stand for the end
ODD = ("?", "😀😀", "<b>İzmir</b>", "a" * 3000, "ne zaman", "' OR 1=1 --", "\u202eters", "/sor")
BUTTONS = ("Kaynak 1", "Daha fazla", "👍", "👎")


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the bot: seconds since the start, MB, counts, and seconds to recent answers."""

    at: float
    own_mb: float
    resident_mb: float
    files: int
    threads: int
    p50: float
    p95: float


class People:
    """Who asks, at a steady rate, and presses a button below every third answer."""

    def __init__(self, api: BotApi, rate: float) -> None:
        self._api = api
        self._rate = rate
        self._chance = random.Random(0)
        self._people = [User(4000 + n, f"Kişi {n}") for n in range(PEOPLE)]
        cases = read_questions(ROOT / "questions" / "seeds.jsonl").cases
        self._questions = itertools.cycle([case.question for case in cases])
        self._waiting: dict[int, float] = {}
        self._recent: list[float] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.asked = self.answered = self.pressed = 0
        self.slowest = 0.0

    def run(self) -> None:
        """Asks until `stop`; who still waits for an answer is left alone."""
        self._api.on_send = self._heard
        while not self._stop.wait(self._chance.expovariate(self._rate)):
            person = self._chance.choice(self._people)
            odd = self._chance.random() < 0.1
            text = self._chance.choice(ODD) if odd else next(self._questions)
            with self._lock:
                if person.id in self._waiting:
                    continue
                self._waiting[person.id] = time.perf_counter()
                self.asked += 1
            self._api.say(text, person)

    def stop(self) -> int:
        """Ends the asking; how many were still without an answer ten seconds later."""
        self._stop.set()
        deadline = time.perf_counter() + 10
        while self._waiting and time.perf_counter() < deadline:
            time.sleep(0.1)
        return len(self._waiting)

    def recent(self) -> list[float]:
        """Seconds to the answers since the last call."""
        with self._lock:
            recent, self._recent = self._recent, []
        return recent

    def _heard(self, sent: Sent) -> None:
        with self._lock:
            started = self._waiting.pop(sent.chat_id, None)
            if started is None:
                return
            taken = time.perf_counter() - started
            self._recent.append(taken)
            self.slowest = max(self.slowest, taken)
            self.answered += 1
        offered = [label for label in BUTTONS if any(label in have for have in sent.labels)]
        if offered and self.answered % 3 == 0:
            person = next(p for p in self._people if p.id == sent.chat_id)
            self._api.press(sent, self._chance.choice(offered), person)
            self.pressed += 1


class Folder:
    """A seeds folder in which something changes."""

    def __init__(self, seeds: Path, environment: dict[str, str]) -> None:
        self._seeds = seeds
        self._environment = environment
        self._turn = itertools.count()
        self.builds = 0
        self.failed = 0

    def change(self) -> None:
        """Adds, changes or deletes one seed, and publishes."""
        turn = next(self._turn)
        seed = self._seeds / f"duyuru-{turn // 3 % 4}.txt"
        if turn % 3 == 2:
            seed.unlink(missing_ok=True)
        else:
            lines = (
                f"Duyuru {turn}: salon {n} numaralı grubu {n + 8}.30'da alır." for n in range(9)
            )
            seed.write_text("\n\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "bot", "index"]
        done = subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True)
        self.builds += 1
        self.failed += done.returncode != 0


def look(pid: int, at: float, recent: list[float]) -> Sample:
    """The bot as it is now."""
    status = status_of(pid)
    return Sample(
        at=round(at, 1),
        own_mb=status["RssAnon"] / 1024,
        resident_mb=status["VmRSS"] / 1024,
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threads=status["Threads"],
        p50=statistics.median(recent) if recent else 0.0,
        p95=quantile(recent, 0.95) if recent else 0.0,
    )


def growth(samples: list[Sample]) -> float:
    """The bot's own memory at the end beside that after five minutes, as a share of the latter."""
    end = samples[-1].at
    start = min(SETTLED_AFTER, end / 3)
    early = [s.own_mb for s in samples if start <= s.at < start + LAST]
    late = [s.own_mb for s in samples if s.at >= end - LAST]
    return statistics.median(late) / statistics.median(early) - 1


def draw(samples: list[Sample], path: Path) -> None:
    """Memory, files, threads and time to the answer over the minutes."""
    from matplotlib import pyplot

    pyplot.rcParams["svg.hashsalt"] = "danis"
    minutes = [sample.at / 60 for sample in samples]
    figure, (above, below) = pyplot.subplots(2, sharex=True, figsize=(7, 5), layout="constrained")
    above.plot(minutes, [s.resident_mb for s in samples], label="resident, MB")
    above.plot(minutes, [s.own_mb for s in samples], label="its own, MB")
    above.plot(minutes, [s.files for s in samples], label="file descriptors")
    above.plot(minutes, [s.threads for s in samples], label="threads")
    above.set_ylim(0, None)
    above.legend(frameon=False, fontsize=8, ncols=2)
    below.plot(minutes, [s.p95 for s in samples], label="answer p95, s")
    below.plot(minutes, [s.p50 for s in samples], label="answer median, s")
    below.set(xlabel="minutes", yscale="log")
    below.yaxis.set_major_formatter("{x:g}")
    below.legend(frameon=False, fontsize=8)
    for axes in (above, below):
        axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def soak(minutes: float, rate: float, seeds: Path) -> tuple[dict[str, float], list[Sample]]:
    """The figures and the samples of one run."""
    with BotApi() as api, tempfile.TemporaryDirectory(prefix="danis-soak-") as temporary:
        folder = Path(temporary)
        shutil.copytree(seeds, folder / "seeds")
        environment = environment_of(
            api, str(folder / "seeds"), str(folder / "index"), str(folder / "state")
        )
        changing = Folder(folder / "seeds", environment)
        changing.change()
        bot = subprocess.Popen([sys.executable, "-m", "bot", "telegram"], cwd=ROOT, env=environment)
        people = People(api, rate)
        samples: list[Sample] = []
        try:
            api.ask("İzmir hangi şehirle kardeş?", seconds=60)
            asking = threading.Thread(target=people.run)
            asking.start()
            started = time.perf_counter()
            next_change = 60.0
            while (at := time.perf_counter() - started) < minutes * 60:
                if at >= next_change:
                    next_change += 60
                    changing.change()
                time.sleep(5)
                samples.append(look(bot.pid, at, people.recent()))
            lost = people.stop()
            asking.join()
        finally:
            bot.terminate()
            bot.wait(60)
        return {
            "minutes": minutes,
            "questions": people.asked,
            "without an answer": lost,
            "buttons pressed": people.pressed,
            "builds": changing.builds,
            "builds that failed": changing.failed,
            "messages the server refused": len(api.rejected),
            "its own memory, MB": samples[-1].own_mb,
            "resident at most, MB": max(s.resident_mb for s in samples),
            "growth after five minutes, %": 100 * growth(samples),
            "file descriptors, first": samples[0].files,
            "file descriptors, last": samples[-1].files,
            "threads at most": max(s.threads for s in samples),
            "answer p50, s": statistics.median(s.p50 for s in samples if s.p50),
            "answer p95, s": statistics.median(s.p95 for s in samples if s.p95),
            "slowest answer, s": people.slowest,
        }, samples


def main() -> int:
    """Prints the figures; 1 where something was lost or memory grew."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=4, help="questions a second")
    parser.add_argument("--seeds-dir", type=Path, default=ROOT / "seeds")
    parser.add_argument("--json", type=Path, help="where figures and samples are written")
    parser.add_argument("--plot", type=Path, help="where the plot is written (needs matplotlib)")
    options = parser.parse_args()
    figures, samples = soak(options.minutes, options.rate, options.seeds_dir)
    for name, value in figures.items():
        print(f"{name:32} {value:,.2f}")
    if options.json:
        whole = {"figures": figures, "samples": [asdict(sample) for sample in samples]}
        options.json.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    if options.plot:
        draw(samples, options.plot)
    grew = figures["growth after five minutes, %"] > 100 * MOST_GROWTH
    bad = figures["without an answer"] or figures["builds that failed"]
    return int(bool(grew or bad))


if __name__ == "__main__":
    sys.exit(main())
