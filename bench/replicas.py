"""Replicas behind a plain round-robin, one killed and one restarted under load.

    python bench/replicas.py [--users 200] [--questions 10] [--replicas 3] [--local-index]

Starts PostgreSQL, a Milvus server with a copy of the index, and `danis telegram` processes in
webhook mode on loopback, behind a proxy that delivers every tenth update to two of them. Every user
asks in a group of their own, two questions at once, the next two when both are answered. After a
quarter of the answers one replica is killed (SIGKILL) and started again a few seconds later; after
half, another is restarted (SIGTERM). An answer replies to its question, so each is known to be
answered once, twice, out of order, or never. Times run from the update to the arrival of
`sendMessage`.
"""

from __future__ import annotations

import argparse
import itertools
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402

from bench.telegram_load import QUESTIONS, environment_of  # noqa: E402
from tests.botapi import BotApi, Chat, Sent, User  # noqa: E402
from tests.loopback import free_port  # noqa: E402
from tests.milvus_server import MilvusServer  # noqa: E402
from tests.postgres import Server  # noqa: E402
from tests.proxy import Proxy  # noqa: E402

AT_ONCE = 2
DOWN_SECONDS = 3.0  # between a kill and the new start, as a service manager would leave


class Replica:
    """One `danis telegram` process behind the proxy."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.port, self.ops_port = free_port(), free_port()
        self._environment = {
            **settings,
            "TELEGRAM_WEBHOOK_PORT": str(self.port),
            "OPS_PORT": str(self.ops_port),
        }

    def start(self, url: str) -> None:
        """Starts the process, which tells Telegram the proxy's `url`."""
        environment = {**self._environment, "TELEGRAM_WEBHOOK_URL": url, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bot", "telegram"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment)

    def wait(self, seconds: float = 60.0) -> None:
        """Waits until it is ready."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and self._process.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{self.ops_port}/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError("a replica does not start")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end."""
        self._process.send_signal(number)
        return self._process.wait(40)


class Crowd:
    """Users who each ask `each` questions in a group of their own, `AT_ONCE` at a time."""

    def __init__(self, api: BotApi, users: int, each: int) -> None:
        self._api = api
        self._people = {
            -1_000_000_000_000 - n: User(3000 + n, f"Kişi {n}") for n in range(1, users + 1)
        }
        self._left = dict.fromkeys(self._people, each)
        self._waiting = dict.fromkeys(self._people, 0)
        self._questions = itertools.cycle(QUESTIONS)
        self._asked: dict[tuple[int, int], float] = {}
        self._order: dict[int, int] = dict.fromkeys(self._people, 0)
        self._texts: Counter[tuple[int, int, str]] = Counter()
        self._lock = threading.Lock()
        self.total = users * each
        self.seconds: dict[tuple[int, int], float] = {}
        self.out_of_order = 0

    def start(self) -> None:
        """Asks the first questions."""
        self._api.on_send = self._answered
        for chat in self._people:
            self._ask(chat)

    def wait(self, answers: int, seconds: float = 120.0) -> bool:
        """Waits until so many questions are answered; False where they are not in time."""
        ends = time.monotonic() + seconds
        while len(self.seconds) < answers and time.monotonic() < ends:
            time.sleep(0.02)
        return len(self.seconds) >= answers

    @property
    def losses(self) -> int:
        """Questions without an answer."""
        return self.total - len(self.seconds)

    @property
    def duplicates(self) -> int:
        """Messages that came again."""
        return sum(count - 1 for count in self._texts.values())

    def _ask(self, chat: int) -> None:
        now = min(AT_ONCE, self._left[chat])
        self._left[chat] -= now
        self._waiting[chat] = now
        for _ in range(now):
            with self._lock:
                text = f"/sor {next(self._questions)}"
                message = self._api.say(text, self._people[chat], Chat(chat))
                self._asked[chat, message["message_id"]] = time.perf_counter()

    def _answered(self, sent: Sent) -> None:
        asked = sent.chat_id, sent.reply_to or 0
        self._texts[*asked, sent.text] += 1
        with self._lock:
            if asked not in self._asked or asked in self.seconds:
                return
            self.seconds[asked] = time.perf_counter() - self._asked[asked]
        self.out_of_order += asked[1] < self._order[sent.chat_id]
        self._order[sent.chat_id] = max(asked[1], self._order[sent.chat_id])
        self._waiting[sent.chat_id] -= 1
        if not self._waiting[sent.chat_id] and self._left[sent.chat_id]:
            self._ask(sent.chat_id)


def settings_for(
    api: BotApi, database: str, *, seeds: str, index: str, state: str
) -> dict[str, str]:
    """The settings that all replicas share."""
    return environment_of(api, seeds, index, state) | {
        "TELEGRAM_ADMINS": "1",
        "DATABASE_URL": database,
        "LOG_LEVEL": "ERROR",
        "DANIS_LANG": "tr",
    }


@contextmanager
def running(settings: Mapping[str, str], count: int) -> Iterator[tuple[Proxy, list[Replica]]]:
    """So many replicas, ready, behind a proxy that delivers every tenth update twice."""
    replicas = [Replica(settings) for _ in range(count)]
    with Proxy([replica.port for replica in replicas], twice=10) as proxy:
        try:
            for replica in replicas:
                replica.start(proxy.url)
            for replica in replicas:
                replica.wait()
            yield proxy, replicas
        finally:
            for replica in replicas:
                replica.end()


def with_copy_of_index(milvus: MilvusServer, settings: Mapping[str, str]) -> str:
    """The address of a new database on the server, with the folder's index in it."""
    uri = milvus.database()
    command = [sys.executable, "-m", "bot", "index", "--copy-to", uri]
    subprocess.run(command, cwd=ROOT, env=dict(settings), check=True)
    return uri


def disturb(replicas: list[Replica], url: str, crowd: Crowd) -> None:
    """Kills one replica and starts it again, then restarts another, while the crowd asks."""
    crowd.wait(crowd.total // 4)
    replicas[0].end(signal.SIGKILL)
    time.sleep(DOWN_SECONDS)
    replicas[0].start(url)
    replicas[0].wait()
    crowd.wait(crowd.total // 2)
    code = replicas[1].end(signal.SIGTERM)
    if code:
        raise RuntimeError(f"a replica ended with {code}")
    replicas[1].start(url)


def main() -> None:
    """Runs it all and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--questions", type=int, default=10, help="questions of each user")
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--calm", action="store_true", help="nothing is killed or restarted")
    parser.add_argument("--index-dir", default=str(ROOT / ".danis/index"))
    parser.add_argument("--local-index", action="store_true", help="the folder, without Milvus")
    parser.add_argument("--seeds-dir", default=str(ROOT / "seeds"))
    options = parser.parse_args()
    database = Server(fsync=True)
    with ExitStack() as stack:
        stack.callback(database.close)
        api = stack.enter_context(BotApi())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = settings_for(
            api,
            database.new_database(),
            seeds=options.seeds_dir,
            index=options.index_dir,
            state=str(folder / "state"),
        )
        if not options.local_index:
            milvus = stack.enter_context(MilvusServer(folder / "milvus"))
            settings["INDEX_URI"] = with_copy_of_index(milvus, settings)
        with running(settings, options.replicas) as (proxy, replicas):
            crowd = Crowd(api, options.users, options.questions)
            started = time.perf_counter()
            crowd.start()
            if not options.calm:
                disturb(replicas, proxy.url, crowd)
            crowd.wait(crowd.total)
            report(crowd, time.perf_counter() - started)
        print(f"passed to each replica: {', '.join(map(str, sorted(proxy.passed.values())))}")
        if api.rejected:
            print("REJECTED:", api.rejected[0])


def report(crowd: Crowd, seconds: float) -> None:
    """Prints the figures of a run."""
    times = sorted(crowd.seconds.values())
    print(
        f"{len(times)} answers in {seconds:.0f} s, {len(times) / seconds:.1f}/s; "
        f"{crowd.losses} lost, {crowd.duplicates} repeated, {crowd.out_of_order} out of order\n"
        f"p50 {statistics.median(times):.2f} s  p95 {times[int(len(times) * 0.95)]:.2f} s  "
        f"p99 {times[int(len(times) * 0.99)]:.2f} s  max {times[-1]:.2f} s"
    )


if __name__ == "__main__":
    main()
