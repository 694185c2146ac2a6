"""A build that is killed, or runs out of space, leaves the old state or the new one."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults import (
    Child,
    State,
    build_words,
    fresh_copy,
    opened,
    run,
    wanted_state,
    write_seeds,
)

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
        time.sleep(chance.uniform(0, longest))
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
    assert kill_at_operations(scene, kind, step=25) >= 5
