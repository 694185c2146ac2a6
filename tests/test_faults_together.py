"""Builds and readers at the same time: one build at once, whole states, nothing lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.watch import watch
from index.answerer import Answerer
from index.build import build
from index.errors import BusyIndexError
from index.quotes import Seeds
from index.store import Store
from index.vectors import Floats
from tests.fakes import WORDS_MODEL, WordEmbedder
from tests.faults import MAX_SEED_BYTES, Child, build_words, run, state_of, wanted_state

VERSIONS = 8
READERS = 2  # processes
THREADS = 4  # in each
QUESTIONS = 1_000  # of all readers together
SEEDS = 12


class SlowEmbedder(WordEmbedder):
    """Says that it has begun, and takes its time."""

    def __init__(self, begun: Path) -> None:
        super().__init__()
        self.begun = begun

    def passages(self, texts: Sequence[str], progress: object = None) -> Floats:
        self.begun.touch()
        time.sleep(60)
        raise AssertionError("nobody stopped it")


def build_slowly(seeds: Path, folder: Path, begun: Path) -> None:
    slow = SlowEmbedder(begun)
    build(seeds, Store(folder), WORDS_MODEL, lambda: slow, max_seed_bytes=MAX_SEED_BYTES)


def write_version(seeds: Path, version: int) -> None:
    seeds.mkdir(exist_ok=True)
    for number in range(SEEDS):
        (seeds / f"{number}.txt").write_text(
            "\n\n".join(
                f"Göl kıyısındaki {part}. kule hakkında {number} sayılı yazı, sürüm{version}."
                for part in range(4)
            ),
            encoding="utf-8",
        )


def publish_versions(seeds: Path, folder: Path) -> None:
    """Changes every seed and builds, again and again."""
    for version in range(1, VERSIONS):
        write_version(seeds, version)
        build_words(seeds, folder)


def read_versions(seeds: Path, folder: Path, questions: int) -> tuple[set[str], int]:
    """Asks from several threads; the versions seen, and answers that mixed them."""
    answerer = Answerer(Store(folder), Seeds(seeds, MAX_SEED_BYTES), WordEmbedder(), caution="low")

    def ask(number: int) -> set[str]:
        if number % 3 == 0:
            answerer.refresh()
        found = answerer.find(f"{number % 4}. kule hakkında {number % SEEDS} sayılı yazı", k=10)
        assert found.ranking.hits
        answerer.ask(f"{number % 4}. kule hakkında {number % SEEDS} sayılı yazı")
        whole = found.index.passages(found.index.rows_where(lambda record: True))
        assert len(whole) == len(found.index) == 4 * SEEDS
        return {record.text.rsplit("sürüm", 1)[1].strip(".") for record in whole}

    with ThreadPoolExecutor(THREADS) as threads:
        seen = list(threads.map(ask, range(questions)))
    return set().union(*seen), sum(len(versions) > 1 for versions in seen)


def add_and_build(seeds: Path, folder: Path, number: int) -> int:
    """Adds a seed and builds as soon as nobody else does; how often it had to wait."""
    (seeds / f"ek-{number}.txt").write_text(f"Eklenen yazı sayısı {number}.", encoding="utf-8")
    waited = 0
    while True:
        try:
            build_words(seeds, folder)
            return waited
        except BusyIndexError:
            waited += 1
            time.sleep(0.01)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[Path, Path, Child]]:
    """A seeds folder, an index folder, and a build under way in another process."""
    seeds, folder, begun = tmp_path / "seeds", tmp_path / "index", tmp_path / "begun"
    write_version(seeds, 0)
    child = Child(build_slowly, seeds, folder, begun)
    limit = time.monotonic() + 30
    while not begun.exists() and time.monotonic() < limit:
        time.sleep(0.02)
    yield seeds, folder, child
    child.kill()


def test_second_build_is_refused_in_words(busy: tuple[Path, Path, Child]) -> None:
    seeds, folder, _ = busy
    with pytest.raises(AssertionError, match=r"BusyIndexError: Another build is under way"):
        run(build_words, seeds, folder)


def test_lock_of_a_killed_build_is_free(busy: tuple[Path, Path, Child]) -> None:
    seeds, folder, child = busy
    child.kill()
    run(build_words, seeds, folder)
    assert run(state_of, folder)[0].keys() == wanted_state(seeds).keys()


def test_readers_see_whole_states_while_builds_publish(tmp_path: Path) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write_version(seeds, 0)
    run(build_words, seeds, folder)
    share = QUESTIONS // READERS
    readers = [Child(read_versions, seeds, folder, share) for _ in range(READERS)]
    builder = Child(publish_versions, seeds, folder)
    builder.result(120)
    seen: set[str] = set()
    for reader in readers:
        versions, mixed = reader.result(120)
        assert mixed == 0
        seen |= versions
    assert len(seen) > 1
    latest, _ = run(read_versions, seeds, folder, 1)
    assert latest == {str(VERSIONS - 1)}


def test_no_update_is_lost_between_builds(tmp_path: Path) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    builds = [Child(add_and_build, seeds, folder, number) for number in range(6)]
    for child in builds:
        child.result(60)
    index = Store(folder).open()
    assert sorted(record.path for record in index.documents()) == [
        f"ek-{number}.txt" for number in range(6)
    ]
    index.close()


@pytest.fixture
def watching() -> Iterator[Callable[[Path, Callable[[], object]], None]]:
    """Watches a folder until what rebuilds interrupts it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield lambda folder, rebuild: watch(folder, rebuild, "en", lambda pause: None)
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_changed_before_the_watching_began_is_indexed(
    tmp_path: Path, watching: Callable[[Path, Callable[[], object]], None]
) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write_version(seeds, 0)
    build_words(seeds, folder)
    (seeds / "ek.txt").write_text("İlk dizinleme sürerken eklenen yazı.", encoding="utf-8")

    def rebuild() -> None:
        build_words(seeds, folder)
        signal.raise_signal(signal.SIGINT)

    watching(seeds, rebuild)
    assert "ek.txt" in state_of(folder)[0]


def test_a_change_during_another_build_is_indexed_after_it(
    tmp_path: Path,
    watching: Callable[[Path, Callable[[], object]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write_version(seeds, 0)
    other, refused = ExitStack(), 0
    other.enter_context(Store(folder).building())

    def rebuild() -> None:
        nonlocal refused
        try:
            build_words(seeds, folder)
        except BusyIndexError:
            refused += 1
            if refused == 2:
                other.close()
            raise
        signal.raise_signal(signal.SIGINT)

    watching(seeds, rebuild)
    assert state_of(folder)[0].keys() == wanted_state(seeds).keys()
    assert capsys.readouterr().err.count("Another build is under way") == 1
