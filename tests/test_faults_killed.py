"""A build that is killed, or runs out of space, leaves the old state or the new one."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.build import build
from index.store import Store
from index.vector_source import PASSAGES_AT_ONCE
from index.vectors import Floats
from tests.fakes import WORDS_MODEL, WordEmbedder
from tests.faults import (
    MAX_SEED_BYTES,
    Child,
    State,
    build_words,
    fresh_copy,
    opened,
    run,
    state_of,
    wanted_state,
    write_seeds,
)

ROOT = Path(__file__).parent.parent
TRIES = 16
CHANGES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect")


def left_and_mended(seeds: Path, folder: Path) -> tuple[object, object]:
    """What a killed build left, and what there is after the next one."""
    left = opened(folder)
    build_words(seeds, folder)
    return left, opened(folder)


@dataclass
class Scene:
    """A built index, seeds that have changed since, and both states."""

    root: Path
    seeds: Path = field(init=False)
    built: Path = field(init=False)
    old: State = field(init=False)
    new: State = field(init=False)

    def __post_init__(self) -> None:
        self.seeds, self.built = self.root / "seeds", self.root / "built"
        write_seeds(self.seeds, 14, 1)
        run(build_words, self.seeds, self.built)
        self.old = wanted_state(self.seeds)
        (self.seeds / "belge-0.txt").unlink()
        (self.seeds / "belge-1.txt").rename(self.seeds / "taşınan.txt")
        write_seeds(self.seeds / "yeni", 45, 2)  # more than one batch
        (self.seeds / "belge-2.txt").write_text("Değişen tek paragraf 1-2-0.", encoding="utf-8")
        self.new = wanted_state(self.seeds)

    def survives(self, folder: Path, *, first: bool) -> bool:
        """Checks what a killed build left, and that the next one completes; True if published."""
        (state, fell_back, problem), after = run(left_and_mended, self.seeds, folder)
        if state is None:
            assert first and problem.startswith("NoIndexError"), problem
        else:
            assert not fell_back
            assert state == self.new or (state == self.old and not first)
        assert after == (self.new, False, "")
        assert not list((folder / "journal").iterdir())
        segments = {path.name for path in (folder / "segments").iterdir()}
        assert len(list((folder / "manifests").iterdir())) <= 2 and len(segments) <= 4
        return state == self.new


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("killed"))


def start(scene: Scene, folder: Path, kind: str) -> Child:
    """A build of this kind, on its way."""
    fresh_copy(scene.root / "nothing" if kind == "first" else scene.built, folder)
    return Child(build_words, scene.seeds, folder, kind == "full")


def kill_at_random(scene: Scene, kind: str, tries: int, chance: random.Random) -> int:
    """Kills builds at random moments; how many had published by then."""
    folder = scene.root / "killed"
    began = time.monotonic()
    start(scene, folder, kind).result()
    longest = time.monotonic() - began
    published = 0
    for _ in range(tries):
        child = start(scene, folder, kind)
        time.sleep(chance.uniform(0, 1.3 * longest))
        child.kill()
        published += scene.survives(folder, first=kind == "first")
    return published


def build_until(seeds: Path, folder: Path, rebuild: bool, last: int) -> int:
    """Builds and dies just before the file operation with the number `last`; how many there are."""
    count = 0

    def die(event: str, _: object) -> None:
        nonlocal count
        if event in CHANGES:
            count += 1
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die)
    build_words(seeds, folder, rebuild)
    return count


def kill_at_operations(scene: Scene, kind: str, step: int) -> int:
    """Kills builds before each `step`-th file operation; how many were killed."""
    folder = scene.root / "stepped"
    fresh_copy(scene.built, folder)
    operations = run(build_until, scene.seeds, folder, kind == "full", 0)
    points = range(1, operations + 1, step)
    for last in points:
        fresh_copy(scene.built, folder)
        with pytest.raises(AssertionError, match="crashed: -9"):
            run(build_until, scene.seeds, folder, kind == "full", last)
        scene.survives(folder, first=False)
    return len(points)


@pytest.mark.parametrize("kind", ["first", "incremental", "full"])
def test_killed_build_leaves_one_whole_state(scene: Scene, kind: str) -> None:
    kill_at_random(scene, kind, TRIES // 3, random.Random(6))


@pytest.mark.parametrize("kind", ["incremental", "full"])
def test_build_killed_between_file_operations_leaves_one_whole_state(
    scene: Scene, kind: str
) -> None:
    assert kill_at_operations(scene, kind, step=45) >= 5


class FailingEmbedder(WordEmbedder):
    """Gives up after so many calls, as a process that ends would."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls = calls

    def passages(self, texts: Sequence[str], progress: object = None) -> Floats:
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return super().passages(texts)


def test_kill_in_the_middle_of_a_long_document_loses_one_part_of_it(tmp_path: Path) -> None:
    seeds, store = tmp_path / "seeds", Store(tmp_path / "index")
    seeds.mkdir()
    paragraphs = 2 * PASSAGES_AT_ONCE + 100
    (seeds / "uzun.txt").write_text(
        "\n\n".join(f"Gölün kıyısında duran {n}. kulenin adı budur." for n in range(paragraphs)),
        encoding="utf-8",
    )

    def embedded(embedder: WordEmbedder) -> int:
        made = build(seeds, store, WORDS_MODEL, lambda: embedder, max_seed_bytes=MAX_SEED_BYTES)
        return made.embedded

    with pytest.raises(KeyboardInterrupt):
        embedded(FailingEmbedder(calls=2))
    assert embedded(WordEmbedder()) == 100
    assert wanted_state(seeds).keys() == state_of(store.folder)[0].keys()


def danis(root: Path, *arguments: str) -> subprocess.Popen[str]:
    """A `danis` command with folders of its own, under way."""
    environment = os.environ | {
        "SEEDS_DIR": str(root / "seeds"),
        "INDEX_DIR": str(root / "index"),
        "DANIS_LANG": "en",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(root: Path, *arguments: str) -> str:
    """What the command printed; it must succeed."""
    process = danis(root, *arguments)
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0, printed
    return printed


def kill_danis(root: Path, tries: int) -> int:
    """Kills `danis index` with the bundled model; answers, doctor and the next build stay well."""
    shutil.copytree(ROOT / "seeds", root / "seeds")
    finished(root, "index")
    chance = random.Random(1)
    in_time = 0
    for number in range(tries):
        (root / "seeds/yeni.txt").write_text(f"Göl {number} kışın donmaz, derindir. " * 60)
        process = danis(root, "index", *(["--rebuild"] if number % 2 else []))
        time.sleep(chance.uniform(0.5, 3))
        in_time += process.poll() is None
        process.kill()
        process.communicate()
        assert "Bişkek" in finished(root, "ask", "İzmir hangi şehirle kardeş?")
        finished(root, "index")
        finished(root, "doctor")
    return in_time


def test_killed_danis_index_still_answers_and_doctor_is_content(tmp_path: Path) -> None:
    kill_danis(tmp_path, tries=1)
