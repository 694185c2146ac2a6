"""The index on a server answers as the folder does, and follows it, all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot import live
from bot.copying import copy_index
from index.answerer import Answerer
from index.copying import copy_to_folder
from index.errors import BusyIndexError, MismatchError
from index.manifest import Model
from index.milvus.layout import (
    LOCK,
    Collections,
    EngineOptions,
    builds,
    create_lock,
    without_vector,
)
from index.milvus.publish import PublishReport, publish
from index.milvus.reader import MilvusIndex
from index.milvus.states import MilvusStates
from index.opened import documents_with
from index.questions_file import read_questions
from index.quotes import Seeds
from index.reader import Index
from index.repair import vocabulary_entries
from index.store import Store
from index.text import terms
from tests.fakes import WordEmbedder
from tests.milvus_server import MilvusServer
from tests.telegram_bot import real_folder, real_settings
from tests.test_build import CLOCK, LAKE, SISTER, Folder

QUESTIONS = Path(__file__).parent.parent / "questions" / "seeds.jsonl"
ENGLISH = "The clock tower stands on Konak Square. It was a gift for the sultan's jubilee.\n"
ODD = (
    "1. 2. 3! … \U0001f339\n\n" + "A. B. " * 600 + "\n\n" + "ğ" * 70_000 + '\n\n"\\ \x07 \u2028"\n'
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    with MilvusServer(tmp_path_factory.mktemp("milvus")) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def states(server: MilvusServer) -> Iterator[MilvusStates]:
    found = server.states()
    yield found
    found.close()


def send(
    folder: Folder, states: MilvusStates, rebuild: bool = False, grace: float = 60
) -> PublishReport:
    """Brings the folder's index up to date, and then the server."""
    folder.build(rebuild=rebuild)
    opened = folder.store.open()
    try:
        return publish(opened, states, rebuild=rebuild, grace=grace)
    finally:
        opened.close()


def all_rows(index: Index | MilvusIndex) -> np.ndarray:
    return index.rows_where(lambda _: True)


def assert_same(on_server: MilvusIndex, in_folder: Index, embedder: WordEmbedder) -> None:
    """Everything that ranks, filters and shows passages is the same in both."""
    rows, other_rows = all_rows(on_server), all_rows(in_folder)
    there, here = on_server.passages(rows), in_folder.passages(other_rows)
    order = {record.key: place for place, record in enumerate(there)}
    assert sorted(order) == sorted(record.key for record in here)
    rows = rows[[order[record.key] for record in here]]
    for one, other in zip(on_server.passages(rows), here, strict=True):
        assert (one.text, one.start, one.end, one.ordinal, one.page, one.headings) == (
            other.text, other.start, other.end, other.ordinal, other.page, other.headings
        )  # fmt: skip
        assert one.sentences == other.sentences
        assert one.document.path == other.document.path
        assert one.document.digest == other.document.digest
        assert on_server.row_of(one.key) == one.row
    assert len(on_server) == len(in_folder) == on_server.counted()
    assert on_server.languages == in_folder.languages
    np.testing.assert_allclose(on_server.centre, in_folder.centre, atol=2e-4)
    words = sorted({term for record in here for term in terms(record.text, "tr")})
    forms = sorted({form for record in here for form, _ in vocabulary_entries(record.text)})
    np.testing.assert_array_equal(
        on_server.document_frequencies([*words, "hiç", '"']),
        in_folder.document_frequencies([*words, "hiç", '"']),
    )
    looked_up, expected = on_server.lookup(forms), in_folder.lookup(forms)
    assert {form: set(ways) for form, ways in looked_up.items()} == {
        form: set(ways) for form, ways in expected.items()
    }
    np.testing.assert_array_equal(
        on_server.matches(words, rows), in_folder.matches(words, other_rows)
    )
    queries = np.stack([embedder.query(CLOCK), embedder.query("gölün çanağı")])
    products = in_folder.products(queries, other_rows)
    np.testing.assert_array_equal(on_server.products(queries, rows), products)
    for one_part, other_part in zip(
        on_server.sentence_products(queries, rows),
        in_folder.sentence_products(queries, other_rows),
        strict=True,
    ):
        np.testing.assert_allclose(one_part, other_part, atol=1e-6)
    some = [*range(0, len(rows), 2)]
    assert sorted(d.path for d in documents_with(on_server, np.sort(rows[some]))) == sorted(
        d.path for d in documents_with(in_folder, np.sort(other_rows[some]))
    )
    for language in ("tr", "en"):
        np.testing.assert_array_equal(
            on_server.in_language(language, rows), in_folder.in_language(language, other_rows)
        )
        _, near = on_server.search_vectors(queries[0], 3, without_language=language)
        _, expected_near = in_folder.search_vectors(queries[0], 3, without_language=language)
        np.testing.assert_allclose(near, expected_near, atol=2e-3)


def fresh(folder: Folder, tmp_path: Path) -> Index:
    """The same seeds in an index built from nothing."""
    other = Folder.__new__(Folder)
    other.seeds, other.embedder = folder.seeds, WordEmbedder()
    other.store = Store(tmp_path / "from-nothing")
    other.build(rebuild=True)
    return other.store.open()


def test_server_holds_what_the_folder_holds_after_every_change(
    folder: Folder, states: MilvusStates, tmp_path: Path
) -> None:
    folder.write("kardeş.txt", SISTER)
    folder.write("kule.txt", CLOCK)
    assert send(folder, states) == PublishReport(states.open().version, added=2, removed=0)
    folder.write("göl.md", f"# Göl\n\n{LAKE}\n\n{SISTER}")
    folder.write("en/tower.txt", ENGLISH)
    assert (send(folder, states).added, states.open().manifest.documents) == (3, 4)
    folder.write("kule.txt", CLOCK + "\nKulenin dört çeşmesi vardır ve saati hâlâ çalışır durur.\n")
    (folder.seeds / "kardeş.txt").unlink()
    folder.write("tuhaf.txt", ODD)
    report = send(folder, states)
    assert report.removed == 2
    (folder.seeds / "en/tower.txt").unlink()
    assert send(folder, states).added == 0
    expected = fresh(folder, tmp_path)
    assert_same(states.open(), expected, folder.embedder)
    before, after = states.open().neighbours(int(states.open().rows_where(
        lambda record: record.path == "göl.md")[0]))  # fmt: skip
    assert before is None
    assert after is not None
    assert after.text == SISTER.strip()
    assert send(folder, states) == PublishReport(states.open().version, added=0, removed=0)
    expected.close()


def test_answers_are_those_of_the_folder(server: MilvusServer) -> None:
    """On every second shipped question, with the real model."""
    settings = real_settings(real_folder()).model_copy(update={"answers_remembered": 0})
    remote = settings.model_copy(update={"index_uri": server.database()})
    copy_index(settings, "", remote.index_uri)
    one, other = (live.open_answerer(each) for each in (settings, remote))
    cases = read_questions(QUESTIONS).cases[::2]
    right = [0, 0]
    alike = [0, 0]
    agreed = np.zeros(2)
    for case in cases:
        here, there = one.ask(case.question), other.ask(case.question)
        # A server keeps no tokens, so there words alone choose the sentences, also those to read.
        agreed += there.verdict is here.verdict, abs(there.confidence - here.confidence) < 1e-3
        assert [c.key for c in there.citations] == [c.key for c in here.citations]
        for ours, theirs in zip(here.citations, there.citations, strict=True):
            alike[0] += ours.highlights[0] in theirs.highlights
            alike[1] += 1
        for place, answer in enumerate((here, there)):
            first = next(iter(answer.citations or answer.nearest), None)
            right[place] += first is not None and first.path == case.source
    assert right[0] == right[1] > len(cases) / 2
    assert alike[0] > 0.7 * alike[1]
    verdicts, confidences = agreed / len(cases)
    assert verdicts > 0.95
    assert confidences > 0.7


def test_open_state_stays_whole_while_the_next_one_is_published(
    folder: Folder, states: MilvusStates
) -> None:
    folder.write("kardeş.txt", SISTER)
    folder.write("kule.txt", CLOCK)
    send(folder, states)
    old = states.open()
    folder.write("kule.txt", CLOCK.replace("1901", "yazın, 1902"))
    folder.write("göl.txt", LAKE)
    send(folder, states)
    rows, _ = old.search_vectors(folder.embedder.query(CLOCK), 10)
    assert [record.text for record in old.passages(rows)] == [CLOCK.strip(), SISTER.strip()]
    assert old.document_frequencies(["1901", "1902"]).tolist() == [1, 0]
    assert {record.path for record in old.documents()} == {"kardeş.txt", "kule.txt"}
    new = states.open()
    rows, _ = new.search_vectors(folder.embedder.query(CLOCK), 10)
    assert new.passages(rows)[0].text == CLOCK.replace("1901", "yazın, 1902").strip()
    assert new.document_frequencies(["1901", "1902"]).tolist() == [0, 1]
    assert len(rows) == 3


def test_publication_that_was_cut_off_is_seen_by_nobody_and_undone(
    folder: Folder, states: MilvusStates, tmp_path: Path
) -> None:
    folder.write("kardeş.txt", SISTER)
    folder.write("kule.txt", CLOCK)
    send(folder, states)
    name = states.current_name()
    folder.write("göl.txt", LAKE)
    (folder.seeds / "kule.txt").unlink()
    folder.build()
    opened = folder.store.open()

    class Cut(Exception):
        pass

    class CutStates(MilvusStates):
        def __init__(self) -> None:
            self.server = states.server

    def cut(counted: MilvusIndex) -> int:
        raise Cut

    original = MilvusIndex.counted
    MilvusIndex.counted = cut  # type: ignore[method-assign]
    try:
        with pytest.raises(Cut):
            publish(opened, CutStates())
    finally:
        MilvusIndex.counted = original  # type: ignore[method-assign]
        opened.close()
    assert states.current_name() == name
    assert {record.path for record in states.open().documents()} == {"kardeş.txt", "kule.txt"}
    folder.write("kule.txt", CLOCK)  # back: what was marked to leave must stay
    send(folder, states)
    expected = fresh(folder, tmp_path)
    assert_same(states.open(), expected, folder.embedder)
    expected.close()


def test_rebuild_goes_into_new_collections_and_leaves_readers_the_old_ones(
    folder: Folder, states: MilvusStates
) -> None:
    folder.write("kardeş.txt", SISTER)
    send(folder, states)
    old, first = states.open(), states.build()
    folder.write("göl.txt", LAKE)
    send(folder, states, rebuild=True)
    assert states.build() != first
    assert [record.text for record in old.passages(all_rows(old))] == [SISTER.strip()]
    assert len(states.open()) == 2
    for name, text in (("kule.txt", CLOCK), ("tower.txt", ENGLISH)):
        assert len(builds(states.server)) == 2
        folder.write(name, text)
        send(folder, states, grace=0)
    assert builds(states.server) == {states.build()}
    assert states.server.call("describe_alias", "danis")["collection_name"] == (
        Collections(states.build()).states
    )


def test_other_engine_is_a_rebuild(folder: Folder, states: MilvusStates) -> None:
    folder.write("kardeş.txt", SISTER)
    send(folder, states)
    first = states.build()
    opened = folder.store.open()
    publish(opened, states, engine=EngineOptions("HNSW", shards=2))
    assert states.build() != first
    (row,) = states.open().search_vectors(folder.embedder.query(SISTER), 5)[0]
    assert states.open().passages(np.array([row]))[0].text == SISTER.strip()
    opened.close()


def first_quote(asker: Answerer, question: str) -> str:
    answer = asker.ask(question)
    return (answer.citations or answer.nearest)[0].quote


def test_asker_takes_up_a_new_state_and_recovers_from_one_that_is_gone(
    folder: Folder, states: MilvusStates
) -> None:
    folder.write("kardeş.txt", SISTER)
    send(folder, states)
    impatient = MilvusStates(states.server.address, look_seconds=0)
    asker = Answerer(impatient, Seeds(folder.seeds, 1_000_000), folder.embedder, caution="low")
    assert first_quote(asker, CLOCK) == SISTER.strip()
    folder.write("kule.txt", CLOCK)
    send(folder, states)
    assert asker.refresh()
    assert not asker.refresh()
    assert first_quote(asker, CLOCK) == CLOCK.strip()
    (folder.seeds / "kule.txt").unlink()
    for text in (LAKE, ENGLISH):  # two states on, the rows of the one that is open are gone
        folder.write("öbür.txt", text)
        send(folder, states, grace=0)
    assert asker.ask("Kule 1902'de açıldı mı?").index_version == states.open().version
    assert first_quote(asker, ENGLISH) == ENGLISH.strip()


def test_one_builds_at_a_time_and_a_killed_one_holds_nobody_up_for_long(
    folder: Folder, states: MilvusStates
) -> None:
    folder.write("kardeş.txt", SISTER)
    create_lock(states.server)
    row = without_vector({"id": 7, "until": 1 << 40, "holder": "başka-makine 42"})
    states.server.insert(LOCK, [row])
    with pytest.raises(BusyIndexError, match="başka-makine 42"):
        send(folder, states)
    assert states.current_name() == ""
    states.server.insert(LOCK, [row | {"until": 1}])
    send(folder, states)
    assert len(states.open()) == 1


def test_index_of_another_model_is_not_replaced_unasked(
    folder: Folder, states: MilvusStates
) -> None:
    folder.write("kardeş.txt", SISTER)
    send(folder, states)
    folder.build(rebuild=True, model=Model("words", "2", 64))
    opened = folder.store.open()
    with pytest.raises(MismatchError, match=r"words \(1, 64\).*words \(2, 64\).*--rebuild"):
        publish(opened, states)
    publish(opened, states, rebuild=True)
    assert states.open().manifest.model.revision == "2"
    opened.close()


def test_copy_back_into_a_folder_embeds_nothing_and_loses_nothing(
    folder: Folder, states: MilvusStates, tmp_path: Path
) -> None:
    folder.write("göl.md", f"# Göl\n\n{LAKE}\n\n{SISTER}")
    folder.write("kule.txt", CLOCK)
    folder.write("en/tower.txt", ENGLISH)
    send(folder, states)
    store = Store(tmp_path / "copy")
    version = copy_to_folder(states.open(), store)
    assert version == folder.store.open().version
    copied, original = store.open(thoroughly=True), folder.store.open()
    assert_same(states.open(), copied, folder.embedder)
    for one, other in zip(copied.contents(), original.contents(), strict=True):
        for stored, expected in zip(one.vectors, other.vectors, strict=True):
            np.testing.assert_array_equal(stored.passage, expected.passage)
            np.testing.assert_array_equal(stored.sentence_codes, expected.sentence_codes)
            np.testing.assert_array_equal(stored.sentence_scales, expected.sentence_scales)
    shutil.rmtree(folder.store.folder)
    shutil.copytree(store.folder, folder.store.folder)
    assert folder.build().embedded == 0
    copied.close()
    original.close()
