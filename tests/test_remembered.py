"""What was found lately is kept: the same answer again, never an old one, never too much."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.answer import Answer, Turn
from index.answerer import Answerer
from index.build import build
from index.finder import BYTES_REMEMBERED, Finder
from index.quotes import Seeds
from index.remembered import Remembered, RememberingEmbedder
from index.store import Store
from index.vectors import Floats
from tests.fakes import WORDS_MODEL, WordEmbedder

MAX_SEED_BYTES = 1_000_000
LIFT = "Tarihi Asansör 1907'de açıldı. Yapıyı Nesim Levi yaptırdı.\n"
LAKE = "Issık Göl kışın donmaz. Derinliği 668 metreyi bulur.\n"
QUESTION = "Asansör ne zaman açıldı?"


class CountingEmbedder(WordEmbedder):
    """Counts the questions that it has to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def query(self, text: str) -> Floats:
        self.asked.append(text)
        return super().query(text)


class Folder:
    """Seeds, their index, and an answerer over them."""

    def __init__(self, folder: Path) -> None:
        self.seeds, self.store = folder / "seeds", Store(folder / "index")
        self.seeds.mkdir()
        self.embedder = CountingEmbedder()

    def build(self, **seeds: str) -> None:
        for name, text in seeds.items():
            (self.seeds / f"{name}.txt").write_text(text, encoding="utf-8")
        build(
            self.seeds,
            self.store,
            WORDS_MODEL,
            WordEmbedder,
            max_seed_bytes=MAX_SEED_BYTES,
        )

    def answerer(self, remembered: int = 1_000) -> Answerer:
        seeds = Seeds(self.seeds, MAX_SEED_BYTES)
        return Answerer(self.store, seeds, self.embedder, caution="low", remembered=remembered)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.build(asansör=LIFT, göl=LAKE)
    return made


def quotes(answer: Answer) -> str:
    """What it shows, whether as an answer or as nearest passages."""
    return " ".join(citation.quote for citation in answer.citations + answer.nearest)


def untimed(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


def test_question_asked_again_gets_the_same_answer_without_embedding(folder: Folder) -> None:
    answerer = folder.answerer()
    first = answerer.ask(QUESTION)
    assert "1907" in quotes(first)
    asked = len(folder.embedder.asked)
    again = answerer.ask(QUESTION)
    assert untimed(again) == untimed(first)
    assert len(folder.embedder.asked) == asked
    assert untimed(folder.answerer(remembered=0).ask(QUESTION)) == untimed(first)


def test_nothing_is_kept_where_the_setting_says_so(folder: Folder) -> None:
    answerer = folder.answerer(remembered=0)
    answerer.ask(QUESTION)
    asked = len(folder.embedder.asked)
    answerer.ask(QUESTION)
    assert len(folder.embedder.asked) == 2 * asked


def test_new_index_is_asked_anew(folder: Folder) -> None:
    answerer = folder.answerer()
    before = answerer.ask(QUESTION)
    folder.build(asansör=LIFT.replace("1907", "1908"))
    assert answerer.refresh()
    after = answerer.ask(QUESTION)
    assert "1907" in quotes(before)
    assert "1908" in quotes(after)
    assert after.index_version != before.index_version


def test_replaced_index_lets_go_of_its_files_at_once(folder: Folder) -> None:
    answerer = folder.answerer()
    gc.disable()  # what only the garbage collector frees may stay for a dozen new indexes
    try:
        held = []
        for year in range(1900, 1906):
            folder.build(asansör=LIFT.replace("1907", str(year)))
            assert answerer.refresh()
            answerer.ask(QUESTION)
            held.append(len(files_held(folder.store)))
    finally:
        gc.enable()
    assert held == [held[0]] * len(held)


def files_held(store: Store) -> list[str]:
    """The files of the index that this process has open."""
    opened = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    return [path for path in opened if path.startswith(str(store.folder))]


def test_quote_that_changed_on_disk_is_not_shown_from_memory(folder: Folder) -> None:
    answerer = folder.answerer()
    assert "1907" in quotes(answerer.ask(QUESTION))
    (folder.seeds / "asansör.txt").write_text(LIFT.replace("1907", "1999"), encoding="utf-8")
    assert "1907" not in quotes(answerer.ask(QUESTION))


def test_follow_up_is_answered_from_its_own_conversation(folder: Folder) -> None:
    answerer = folder.answerer()
    lift, lake = answerer.ask("Tarihi Asansör ne?"), answerer.ask("Issık Göl ne?")

    def followed(turns: Sequence[Turn]) -> str:
        return answerer.ask("Peki derinliği?", turns=turns).standalone

    assert followed([lift.turn]) != followed([lake.turn])
    assert followed([lift.turn]) == followed([lift.turn])


def test_search_in_some_documents_only_is_not_remembered(folder: Folder) -> None:
    with_index = folder.answerer()
    everywhere = with_index.find(QUESTION, k=3)
    lakes = with_index.find(QUESTION, k=3, wanted=lambda record: record.path == "göl.txt")
    paths = {record.document.path for _, record in lakes.passages()}
    assert paths == {"göl.txt"}
    assert with_index.find(QUESTION, k=3) is everywhere


def test_remembered_is_bounded_by_count_and_by_bytes() -> None:
    few = Remembered[int, bytes](3, 1_000, lambda _, value: len(value))
    for number in range(5):
        few.of(number, lambda: b"x")
    assert (len(few), few.bytes) == (3, 3)
    few.of(2, lambda: pytest.fail("it was asked for lately"))
    few.of(5, lambda: b"x")
    assert few.of(2, lambda: b"lost") == b"x"  # used last, so 3 had to go
    assert few.of(3, lambda: b"anew") == b"anew"
    large = Remembered[int, bytes](100, 1_000, lambda _, value: len(value))
    for number in range(10):
        large.of(number, lambda: b"x" * 400)
        assert large.bytes <= 1_000
    assert len(large) == 2
    assert len(large.of(99, lambda: b"x" * 2_000)) == 2_000
    assert len(large) == 2  # one that is too large pushes nothing out


def test_what_is_found_takes_about_as_much_as_it_says(folder: Folder) -> None:
    index = folder.store.open()
    found = Finder(index, folder.embedder).find(QUESTION, k=10)
    assert found.ranking.query.nbytes < found.nbytes < BYTES_REMEMBERED / 1_000
    assert all(hit.sentence_cosines.base is None for hit in found.ranking.hits)
    index.close()


def test_remembered_vector_cannot_be_written_to(folder: Folder) -> None:
    embedder = RememberingEmbedder(folder.embedder, 10)
    vector = embedder.query(QUESTION)
    assert embedder.query(QUESTION) is vector
    with pytest.raises(ValueError, match="read-only"):
        vector += 1
    assert np.linalg.norm(vector) == pytest.approx(1)


def test_many_threads_get_the_same_answers(folder: Folder) -> None:
    answerer = folder.answerer(remembered=2)
    asked = [QUESTION, "Göl donar mı?", "Derinliği kaç metre?"] * 20
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(answerer.ask, asked))
    alone = [untimed(folder.answerer(remembered=0).ask(question)) for question in asked[:3]]
    assert [untimed(answer) for answer in answers] == alone * 20
