"""The index follows the seeds folder: incrementally, atomically, and only as far as needed."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.build import BuildReport, build
from index.errors import BusyIndexError, DamagedIndexError, MismatchError, NoIndexError, StoreError
from index.manifest import Model
from index.store import Store
from tests.fakes import WORDS_MODEL, WordEmbedder

SISTER = "İzmir ile Bişkek 1994 yılında kardeş şehir oldu. İki kent o günden beri görüşüyor.\n"
CLOCK = "Saat Kulesi Konak Meydanı'nda yükselir. Kule 1901'de açıldı ve kentin simgesidir.\n"
LAKE = "Issık Göl kışın donmaz. Göl, Tanrı Dağları'nın arasında kalan derin bir çanaktır.\n"


class Folder:
    """A seeds folder with its index, and an embedder that remembers what it embedded."""

    def __init__(self, root: Path) -> None:
        self.seeds = root / "seeds"
        self.seeds.mkdir()
        self.store = Store(root / "index")
        self.embedder = WordEmbedder()

    def write(self, name: str, text: str) -> Path:
        path = self.seeds / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000 + len(text)))
        return path

    def build(self, rebuild: bool = False, model: Model = WORDS_MODEL) -> BuildReport:
        self.embedder.embedded.clear()
        return build(
            self.seeds,
            self.store,
            model,
            lambda: self.embedder,
            max_seed_bytes=1_000_000,
            rebuild=rebuild,
        )

    def texts(self) -> list[str]:
        index = self.store.open()
        rows = [
            row
            for segment, offset in zip(index.segments, index._offsets, strict=False)
            for row in range(int(offset), int(offset) + len(segment))
            if segment.dead is None or not segment.dead[row - int(offset)]
        ]
        found = sorted(record.text for record in index.passages(np.array(rows, dtype=np.int64)))
        index.close()
        return found

    def first(self, question: str) -> str:
        index = self.store.open()
        rows, _ = index.search_vectors(self.embedder.query(question), 1)
        text = index.passages(rows)[0].text
        index.close()
        return text


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_first_build_indexes_every_seed(folder: Folder) -> None:
    folder.write("kardeş.txt", SISTER)
    folder.write("kent/saat.txt", CLOCK)
    report = folder.build()
    assert report.added == ("kardeş.txt", "kent/saat.txt")
    assert (report.documents, report.passages, report.published) == (2, 2, True)
    assert folder.texts() == sorted([CLOCK.strip(), SISTER.strip()])


def test_first_build_that_can_read_nothing_is_published_with_the_reasons(folder: Folder) -> None:
    folder.write("boş.txt", " ")
    report = folder.build()
    assert (report.documents, report.published) == (0, True)
    assert [entry.path for entry in report.skipped] == ["boş.txt"]
    assert folder.texts() == []
    assert not folder.build().published


def test_stored_vector_finds_itself_with_score_one(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.write("b.txt", CLOCK)
    folder.build()
    index = folder.store.open()
    rows, scores = index.search_vectors(folder.embedder.query(CLOCK), 2)
    assert index.passages(rows)[0].text == CLOCK.strip()
    assert scores[0] == pytest.approx(1, abs=1e-3)
    assert scores[1] < 0.9


def test_nothing_changed_publishes_nothing_and_embeds_nothing(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    first = folder.build()
    second = folder.build()
    assert not second.published
    assert second.version == first.version
    assert folder.embedder.embedded == []


def test_added_seed_is_the_only_one_embedded(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.build()
    folder.write("b.txt", LAKE)
    report = folder.build()
    assert report.added == ("b.txt",)
    assert all(text in LAKE for text in folder.embedder.embedded)
    assert folder.texts() == sorted([LAKE.strip(), SISTER.strip()])


def test_changed_paragraph_is_embedded_and_its_unchanged_neighbours_are_not(
    folder: Folder,
) -> None:
    folder.write("a.txt", f"{SISTER}\n{CLOCK}")
    folder.build()
    folder.write("a.txt", f"{SISTER}\n{LAKE}")
    report = folder.build()
    assert report.changed == ("a.txt",)
    assert report.embedded == 1
    assert SISTER.strip() not in folder.embedder.embedded
    assert folder.texts() == sorted([LAKE.strip(), SISTER.strip()])


def test_deleted_seed_leaves_the_index(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    path = folder.write("b.txt", LAKE)
    folder.build()
    path.unlink()
    report = folder.build()
    assert report.removed == ("b.txt",)
    assert folder.texts() == [SISTER.strip()]
    assert folder.first("Issık Göl kışın donmaz") == SISTER.strip()


def test_renamed_seed_costs_nothing(folder: Folder) -> None:
    path = folder.write("eski.txt", SISTER)
    folder.build()
    path.rename(folder.seeds / "yeni.txt")
    report = folder.build()
    assert report.renamed == (("eski.txt", "yeni.txt"),)
    assert (report.added, report.removed, report.embedded) == ((), (), 0)
    assert [record.path for record in folder.store.open().documents()] == ["yeni.txt"]


def test_duplicate_is_reported_and_takes_over_when_the_first_leaves(folder: Folder) -> None:
    first = folder.write("a.txt", SISTER)
    folder.write("b.txt", SISTER)
    report = folder.build()
    assert [entry.path for entry in report.skipped] == ["b.txt"]
    assert "a.txt" in report.skipped[0].english
    first.unlink()
    report = folder.build()
    assert report.skipped == ()
    assert report.renamed == (("a.txt", "b.txt"),)
    assert folder.texts() == [SISTER.strip()]


@pytest.mark.parametrize("copy", ["0.txt", "b.txt"])
def test_copy_of_a_seed_that_has_just_been_indexed_is_a_duplicate(
    folder: Folder, copy: str
) -> None:
    (folder.seeds / "a.txt").write_text(SISTER, encoding="utf-8")
    folder.build()
    shutil.copy(folder.seeds / "a.txt", folder.seeds / copy)
    report = folder.build()
    assert (report.documents, len(report.skipped)) == (1, 1)
    assert folder.texts() == [SISTER.strip()]


def test_unreadable_seeds_are_reported_and_the_others_indexed(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.write("boş.txt", "")
    (folder.seeds / "ikili.txt").write_bytes(b"\x00\x01\x02" * 100)
    report = folder.build()
    assert [entry.path for entry in report.skipped] == ["boş.txt", "ikili.txt"]
    assert folder.texts() == [SISTER.strip()]


def test_many_small_builds_leave_few_segments_and_every_text(folder: Folder) -> None:
    texts = [
        f"Haber {n}: İzmir'de {n * 7} numaralı salonda bir etkinlik yapıldı.\n" for n in range(40)
    ]
    for number, text in enumerate(texts):
        folder.write(f"{number}.txt", text)
        folder.build()
    assert len(folder.store.manifest().segments) <= 7
    assert folder.texts() == sorted(text.strip() for text in texts)


def test_passage_key_survives_a_rebuild_and_a_change_elsewhere(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.build()
    index = folder.store.open()
    (record,) = index.passages(np.array([0]))
    folder.write("b.txt", LAKE)
    folder.build(rebuild=True)
    again = folder.store.open()
    row = again.row_of(record.key)
    assert row is not None
    assert again.passages(np.array([row]))[0].text == SISTER.strip()


def test_key_of_a_changed_passage_is_gone(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.build()
    (record,) = folder.store.open().passages(np.array([0]))
    folder.write("a.txt", LAKE)
    folder.build()
    assert folder.store.open().row_of(record.key) is None


def test_open_reader_keeps_the_old_state_while_a_new_one_is_published(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.build()
    reader = folder.store.open()
    folder.write("a.txt", LAKE)
    folder.build()
    rows, _ = reader.search_vectors(folder.embedder.query(SISTER), 1)
    assert reader.passages(rows)[0].text == SISTER.strip()
    assert folder.first(LAKE) == LAKE.strip()


def test_another_model_is_an_error_that_says_what_to_run(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.build()
    other = Model("words", "2", WORDS_MODEL.dimensions)
    with pytest.raises(MismatchError, match="danis index --rebuild"):
        folder.build(model=other)
    assert folder.build(model=other, rebuild=True).published


def test_other_text_rules_are_made_good_by_a_build_that_keeps_the_vectors(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.write("b.txt", LAKE)
    folder.build()
    index = folder.store.open()
    older = replace(index.manifest, text_rules=index.manifest.text_rules - 1)
    (folder.store.manifests / folder.store.current_name()).write_text(older.to_json())
    with pytest.raises(MismatchError, match="run `danis index`"):
        folder.store.open()
    report = folder.build()
    assert report.published
    assert (report.documents, report.embedded) == (2, 0)
    assert folder.embedder.embedded == []
    assert folder.first(LAKE) == LAKE.strip()
    assert not folder.build().published


def test_no_index_yet_says_what_to_run(folder: Folder) -> None:
    with pytest.raises(NoIndexError, match="danis index"):
        folder.store.open()


def test_second_build_at_the_same_time_is_refused(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    with folder.store.building(), pytest.raises(BusyIndexError):
        folder.build()
    assert folder.build().published


def test_killed_build_resumes_from_what_it_embedded(folder: Folder) -> None:
    for number in range(300):
        folder.write(f"{number:03}.txt", f"Haber numarası {number}: bugün {number} kişi geldi.\n")

    class Stops(WordEmbedder):
        def passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
            if self.embedded:
                raise KeyboardInterrupt
            return super().passages(texts)

    good, folder.embedder = folder.embedder, Stops()
    with pytest.raises(KeyboardInterrupt):
        folder.build()
    done = len(folder.embedder.embedded)
    folder.embedder = good
    report = folder.build()
    assert 0 < done < 300
    assert report.passages == 300
    assert report.embedded == 300 - done
    assert not list(folder.store.journal.iterdir())


@pytest.mark.parametrize("how", ["deleted", "emptied", "truncated", "altered"])
def test_damaged_file_falls_back_to_the_last_good_state(folder: Folder, how: str) -> None:
    folder.write("a.txt", SISTER)
    folder.build()
    folder.write("b.txt", LAKE)
    folder.build()
    newest = folder.store.manifest().segments[-1]
    path = folder.store.segments / newest.name / "passages.faiss"
    content = path.read_bytes()
    path.write_bytes(
        {"emptied": b"", "truncated": content[:-5], "altered": content[:-5] + b"xxxxx"}.get(
            how, b""
        )
    )
    if how == "deleted":
        path.unlink()
    index = folder.store.open()
    assert index.fallback is not None
    assert "passages.faiss" in str(index.fallback)
    assert folder.build(rebuild=True).published
    assert folder.store.open().fallback is None


def test_index_without_any_good_state_names_file_and_command(folder: Folder) -> None:
    folder.write("a.txt", SISTER)
    folder.build()
    for path in folder.store.manifests.iterdir():
        path.write_text("{}")
    with pytest.raises(DamagedIndexError, match=r"000001\.json.*danis index --rebuild"):
        folder.store.open()


def test_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "seeds").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        build(
            tmp_path / "seeds",
            Store(tmp_path / "file"),
            WORDS_MODEL,
            WordEmbedder,
            max_seed_bytes=1000,
        )


def test_unused_states_and_segments_are_removed(folder: Folder) -> None:
    for number in range(6):
        folder.write("a.txt", SISTER + "Ek bilgi de burada duruyor. " * (number + 1))
        folder.build()
    assert len(list(folder.store.manifests.glob("*.json"))) == 2
    assert len(list(folder.store.segments.iterdir())) == 2
