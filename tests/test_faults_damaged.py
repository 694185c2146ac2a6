"""A damaged index is told by file and command, or the last good one answers; no wrong quote."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import index.store
from index.answerer import Answerer
from index.errors import DanisError
from index.quotes import Seeds
from index.store import Store
from tests.fakes import WordEmbedder
from tests.faults import MAX_SEED_BYTES, build_words, fresh_copy, run, write_seeds

FLIPS = 1
QUESTIONS = ("İzmir ılıca göl 1-3-1 nerede?", "kaç belge var?")


def damages(size: int, flips: int, chance: random.Random) -> Iterator[tuple[str, int]]:
    """What is done to a file of so many bytes; the number is a length or a bit."""
    yield "deleted", 0
    yield "emptied", 0
    if size:
        yield "truncated", chance.randrange(size)
        yield "truncated", size - 1
        yield "grown", size + 4_096
        for _ in range(flips):
            yield "flipped", chance.randrange(size * 8)


def damage(path: Path, how: str, place: int) -> None:
    raw = bytearray(path.read_bytes())
    path.unlink()  # what others have mapped stays as it was
    if how == "flipped":
        raw[place // 8] ^= 1 << place % 8
        path.write_bytes(raw)
    elif how != "deleted":
        path.write_bytes(raw[:place].ljust(place, b"\xff"))


def use(seeds: Path, folder: Path) -> str:
    """Asks an index: how it answered, or its error, which must name a file and a command."""
    try:
        answerer = Answerer(
            Store(folder), Seeds(seeds, MAX_SEED_BYTES), WordEmbedder(), caution="low"
        )
        for question in QUESTIONS:
            answer = answerer.ask(question)
            for citation in (*answer.citations, *answer.nearest):
                text = (seeds / citation.path).read_bytes().decode()
                assert text[citation.start : citation.end] == citation.quote
                answerer.passage(citation.key)
        assert answerer.document_records()
        return "last good" if answerer.warning("en") else "answered"
    except DanisError as error:
        known = str(folder) in error.english or "There is no index yet" in error.english
        assert known and "`danis index" in error.english, error.english
        return "told"


def try_damages(
    seeds: Path, whole: Path, name: str, flips: int, most_bytes: int, note: Path
) -> Counter[str]:
    """Damages one file of an index in many ways, one after the other, and asks each time."""
    index.store.VERIFY_ON_OPEN_BYTES = most_bytes
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # engines print their panics
    chance = random.Random(name)
    found: Counter[str] = Counter()
    folder = note.with_name("damaged")
    for how, place in damages((whole / name).stat().st_size, flips, chance):
        fresh_copy(whole, folder)
        damage(folder / name, how, place)
        note.write_text(f"{name} {how} {place}")
        found[use(seeds, folder)] += 1
    return found


@dataclass
class Scene:
    """An index with a state before the last one, and the seeds of both."""

    root: Path
    seeds: Path = field(init=False)
    whole: Path = field(init=False)

    def __post_init__(self) -> None:
        self.seeds, self.whole = self.root / "seeds", self.root / "whole"
        write_seeds(self.seeds, 12, 1)
        run(build_words, self.seeds, self.whole)
        write_seeds(self.seeds / "yeni", 2, 2)
        run(build_words, self.seeds, self.whole)

    def files(self) -> list[str]:
        return sorted(
            path.relative_to(self.whole).as_posix()
            for path in self.whole.rglob("*")
            if path.is_file()
        )

    def try_all(self, flips: int, most_bytes: int) -> Counter[str]:
        """Damages each file of the index in a process of its own."""
        found: Counter[str] = Counter()
        note = self.root / "note.txt"
        failures = []
        for name in self.files():
            arguments = (self.seeds, self.whole, name, flips, most_bytes, note)
            try:
                found += run(try_damages, *arguments, seconds=120)
            except AssertionError as error:
                failures.append(f"{note.read_text()}: {error}")
        assert not failures, "\n".join(failures)
        return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("damaged"))


def test_any_damage_is_told_or_the_last_good_index_answers(scene: Scene) -> None:
    found = scene.try_all(FLIPS, most_bytes=index.store.VERIFY_ON_OPEN_BYTES)
    assert found["told"] > 20 and found["last good"] > 20


def test_damage_that_no_checksum_shows_on_opening_is_found_in_use(scene: Scene) -> None:
    found = scene.try_all(FLIPS, most_bytes=0)
    assert found["told"] > 5 and found["last good"] > 5


def test_large_files_are_compared_by_size_and_small_ones_by_checksum(tmp_path: Path) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write_seeds(seeds, 12, 1)
    run(build_words, seeds, folder)
    store = Store(folder)
    manifest = store.manifest()
    (entry,) = manifest.segments
    largest = max(entry.files, key=lambda name: entry.files[name].size)
    most = sum(sums.size for sums in entry.files.values()) - 1
    damage(store.segments / entry.name / largest, "flipped", entry.files[largest].size * 4)
    store.verify(manifest, most_bytes=most)
    with pytest.raises(DanisError, match="checksum"):
        store.verify(manifest)
    damage(store.segments / entry.name / largest, "truncated", entry.files[largest].size - 1)
    with pytest.raises(DanisError, match=largest):
        store.verify(manifest, most_bytes=0)
