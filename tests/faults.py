"""What the fault tests share: children that may be killed or crash, and the states of an index."""

from __future__ import annotations

import multiprocessing
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from index.build import BuildReport, build
from index.documents import Document, read, scan
from index.errors import DanisError
from index.passages import split
from index.reader import Index
from index.store import Store
from tests.fakes import WORDS_MODEL, WordEmbedder

MAX_SEED_BYTES = 20_000_000

# Children are forked from a small server that has imported the engines and started no thread.
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["tests.faults", "index.answerer"])

State = Mapping[str, tuple[str, ...]]  # the texts of each seed's passages


class Child:
    """A function running in a process of its own, which may be killed or crash."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self._receiver, sender = _children.Pipe(duplex=False)
        self.process = _children.Process(target=_send, args=(sender, function, arguments))
        self.process.start()
        sender.close()

    def kill(self) -> None:
        """Ends the process at once, as a power cut would."""
        self.process.kill()
        self.process.join()

    def result(self, seconds: float = 60) -> Any:
        """What the function returned; raises where it raised, crashed or took too long."""
        self.process.join(0 if self._receiver.poll(seconds) else 0.1)
        if not self._receiver.poll():
            hangs = self.process.is_alive()
            self.kill()
            raise AssertionError("hangs" if hangs else f"crashed: {self.process.exitcode}")
        try:
            value, error = self._receiver.recv()
        except EOFError:
            self.process.join()
            raise AssertionError(f"crashed: {self.process.exitcode}") from None
        self.process.join()
        if error is not None:
            raise AssertionError(error)
        return value


def _send(sender: Any, function: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    try:
        sender.send((function(*arguments), None))
    except BaseException as error:
        sender.send((None, f"{type(error).__name__}: {error}"))


def run(function: Callable[..., Any], *arguments: object, seconds: float = 60) -> Any:
    """The result of a function that ran in a process of its own."""
    return Child(function, *arguments).result(seconds)


def build_words(seeds: Path, folder: Path, rebuild: bool = False) -> BuildReport:
    """The real build with an embedder whose vectors can be checked."""
    return build(
        seeds,
        Store(folder),
        WORDS_MODEL,
        WordEmbedder,
        max_seed_bytes=MAX_SEED_BYTES,
        rebuild=rebuild,
    )


def write_seeds(folder: Path, count: int, seed: int) -> None:
    """Seeds of a few paragraphs each; two calls with other numbers share no text."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    words = "İzmir ılıca göl çarşı şehir ölçü ağaç kış ırmak dağ kule yıl Bişkek kent".split()
    for number in range(count):
        paragraphs = [
            " ".join(chance.choices(words, k=14)).capitalize() + f" {seed}-{number}-{part}."
            for part in range(chance.randint(2, 12))
        ]
        (folder / f"belge-{number}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")


def wanted_state(seeds: Path) -> State:
    """What an index of these seeds holds."""
    state = {}
    for file in scan(seeds, MAX_SEED_BYTES)[0]:
        document = read(seeds, file)
        state[file.path] = tuple(document.text[p.start : p.end] for p in split(document))
    return state


def state_of(folder: Path) -> tuple[State, bool]:
    """What the index holds, all of its parts compared with each other; and whether it fell back.

    Raises:
        AssertionError: parts of it belong to different states.
    """
    store = Store(folder)
    index = store.open()
    try:
        store.verify(index.manifest)
        return _state(index), index.fallback is not None
    finally:
        index.close()


def _state(index: Index) -> State:
    embedder = WordEmbedder()
    state: dict[str, tuple[str, ...]] = {}
    for record in index.documents():
        rows = index.first_row_of(record) + np.arange(record.passages)
        passages = index.passages(rows)
        assert [passage.document.path for passage in passages] == [record.path] * len(rows)
        assert len(passages) == record.passages
        texts = tuple(passage.text for passage in passages)
        for row, text in zip(rows, texts, strict=True):
            alone = np.array([row])
            lead = " ".join(texts[0].split()[:12]) if row != rows[0] else ""
            vector = embedder.query(f"{lead}. {text}" if lead else text)
            own = index.products(vector[None, :], alone)[0, 0]
            assert own > 0.99, "vector of another text"
            sentences = index.sentence_products(embedder.query(text)[None, :], alone)[0]
            assert sentences.max() > 0.9, "sentence vector of another text"
            mark = text.rsplit(" ", 1)[-1].strip(".").split("-")[0]
            assert index.matches([mark], alone).all(), "words of another text"
        state[record.path] = texts
    assert len(index) == sum(map(len, state.values()))
    return state


def opened(folder: Path) -> tuple[State | None, bool, str]:
    """`state_of`, or None and the error in words where there is none."""
    try:
        return *state_of(folder), ""
    except DanisError as error:
        return None, False, f"{type(error).__name__}: {error}"


def fresh_copy(source: Path, target: Path) -> Path:
    """`source` copied to `target`, whatever was there."""
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target)
    return target


def document_of(seeds: Path, path: str) -> Document:
    """A seed as it is now."""
    return read(seeds, path, MAX_SEED_BYTES)
