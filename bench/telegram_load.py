"""Many people asking at once: answers per second, time to the answer, memory.

    python bench/telegram_load.py [--users 50] [--questions 20] [--index-dir DIR --seeds-dir DIR]

Starts `danis telegram` against a Bot API server on loopback in this process, so both share the
machine's cores. Every user asks the next question as soon as the last is answered. Times run from
the update (handed to the waiting poll) to the arrival of `sendMessage`.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.botapi import BotApi, Sent, User  # noqa: E402

QUESTIONS = (
    "İzmir hangi şehirle kardeş?",
    "Issık Göl ne kadar derin?",
    "izmir saat kulesi ne zaman yapildi",
    "Kütüphane kartı nasıl alınır?",
    "Nevruz ne zaman kutlanır?",
    "Which city is twinned with Izmir?",
    "Manas destanı neyi anlatır?",
    "Ay'a ilk kim ayak bastı?",
    "EFES NE ZAMAN DÜNYA MİRASI OLDU?",
    "Spor kulübüne nasıl üye olunur?",
)


class Crowd:
    """Users who each ask `each` questions, one after the other."""

    def __init__(self, api: BotApi, users: int, each: int) -> None:
        self._api = api
        self._people = {3000 + n: User(3000 + n, f"Kişi {n}") for n in range(users)}
        self._left = dict.fromkeys(self._people, each)
        self._total = users * each
        self._asked: dict[int, float] = {}
        self._questions = itertools.cycle(QUESTIONS)
        self.seconds: list[float] = []
        self.done = threading.Event()

    def run(self) -> float:
        """Asks and waits for all answers; returns the seconds it took."""
        self._api.on_send = self._answered
        started = time.perf_counter()
        for number in self._people:
            self._ask(number)
        self.done.wait(300)
        self._api.on_send = None
        return time.perf_counter() - started

    def _ask(self, number: int) -> None:
        self._left[number] -= 1
        self._asked[number] = time.perf_counter()
        self._api.say(next(self._questions), self._people[number])

    def _answered(self, sent: Sent) -> None:
        self.seconds.append(time.perf_counter() - self._asked[sent.chat_id])
        if self._left[sent.chat_id]:
            self._ask(sent.chat_id)
        elif len(self.seconds) == self._total:
            self.done.set()


def environment_of(api: BotApi, seeds: str, index: str, state: str) -> dict[str, str]:
    """What a bot runs with that talks to `api` and turns nobody away."""
    return {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": api.token,
        "TELEGRAM_BASE_URL": api.base_url,
        "TELEGRAM_BASE_FILE_URL": api.base_file_url,
        "TELEGRAM_ALLOWED_USERS": "*",
        "SEEDS_DIR": seeds,
        "INDEX_DIR": index,
        "STATE_DIR": state,
        "RATE_PER_USER": "100000",
        "RATE_OVERALL": "10000000",
        "LOG_LEVEL": "WARNING",
    }


def status_of(pid: int) -> dict[str, int]:
    """The numbers in a process's status by name; sizes in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = (line.replace(":", " ").split() for line in lines)
    return {name: int(value[0]) for name, *value in fields if value and value[0].isdecimal()}


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(name: str, crowd: Crowd, seconds: float, cpu: float) -> None:
    """One line of figures."""
    times = sorted(crowd.seconds)
    p95 = times[int(len(times) * 0.95)]
    print(
        f"{name:<22} {len(times):>5} answers  {len(times) / seconds:6.1f}/s  "
        f"p50 {statistics.median(times):.2f} s  p95 {p95:.2f} s  max {times[-1]:.2f} s  "
        f"processor {cpu / len(times) * 1000:.0f} ms/answer"
    )


def main() -> None:
    """Runs the bot and the crowds, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--questions", type=int, default=20, help="questions of each user")
    parser.add_argument("--index-dir", default=str(ROOT / ".danis/index"))
    parser.add_argument("--seeds-dir", default=str(ROOT / "seeds"))
    options = parser.parse_args()
    with BotApi() as api, tempfile.TemporaryDirectory() as folder:
        environment = environment_of(api, options.seeds_dir, options.index_dir, folder)
        bot = subprocess.Popen([sys.executable, "-m", "bot", "telegram"], cwd=ROOT, env=environment)
        try:
            api.ask("İzmir hangi şehirle kardeş?", seconds=60)
            time.sleep(1)
            for name, each in (("all at once", 1), ("one after the other", options.questions)):
                crowd = Crowd(api, options.users, each)
                before = cpu_seconds(bot.pid)
                seconds = crowd.run()
                report(name, crowd, seconds, cpu_seconds(bot.pid) - before)
            print(f"peak RSS of the bot    {status_of(bot.pid)['VmHWM'] / 1024:.0f} MB")
            if api.rejected:
                print("REJECTED:", api.rejected[0])
        finally:
            bot.terminate()
            bot.wait(30)


if __name__ == "__main__":
    main()
