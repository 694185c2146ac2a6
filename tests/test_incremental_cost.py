"""A small change costs what it changes, not what the folder holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.segment import Segment
from tests.test_build import SISTER, Folder

NEWS = "Haber {n}: İzmir'de {n} numaralı salonda yeni bir etkinlik yapıldı, {n} kişi geldi.\n"
LARGE = 60


@pytest.fixture
def large(tmp_path: Path) -> Folder:
    """A folder whose one segment is large beside anything that is added."""
    folder = Folder(tmp_path)
    for number in range(LARGE):
        folder.write(f"{number:03}.txt", NEWS.format(n=number))
    folder.build()
    return folder


def files_of(folder: Folder) -> dict[Path, tuple[int, int, int]]:
    """Each file of the segments with its inode, size and time."""
    found = {}
    for path in folder.store.segments.rglob("*"):
        if path.is_file() and not path.name.startswith(".tantivy"):
            status = path.stat()
            found[path] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def test_added_seed_embeds_only_itself_and_leaves_the_large_segment_alone(large: Folder) -> None:
    before = files_of(large)
    large.write("yeni.txt", SISTER)
    report = large.build()
    assert report.embedded == 1
    assert all(text in SISTER for text in large.embedder.embedded)
    after = files_of(large)
    assert {path: after[path] for path in before} == before
    assert sum(entry.passages for entry in large.store.manifest().segments) == LARGE + 1


def test_removed_seed_only_marks_its_passages(large: Folder) -> None:
    before = files_of(large)
    (large.seeds / "007.txt").unlink()
    report = large.build()
    assert (report.embedded, report.passages) == (0, LARGE - 1)
    assert files_of(large) == before


def test_touched_seed_keeps_its_vectors(large: Folder) -> None:
    path = large.seeds / "007.txt"
    path.write_text(path.read_text())
    report = large.build()
    assert (report.embedded, large.embedder.embedded) == (0, [])


def test_many_additions_leave_few_segments_and_move_each_passage_seldom(large: Folder) -> None:
    moved = 0
    for number in range(32):
        known = {entry.name for entry in large.store.manifest().segments}
        large.write(f"yeni-{number:02}.txt", NEWS.format(n=1_000 + number))
        large.build()
        entries = large.store.manifest().segments
        moved += sum(entry.passages for entry in entries if entry.name not in known)
        assert len(entries) <= 7
    assert moved <= LARGE + 32 * 6  # each about log2(32) times, the large segment once at most


def test_vectors_of_dead_rows_never_come_back(large: Folder) -> None:
    gone = NEWS.format(n=7).strip()
    (large.seeds / "007.txt").unlink()
    large.build()
    index = large.store.open()
    rows, _ = index.search_vectors(large.embedder.query(gone), LARGE)
    assert len(rows) == LARGE - 1
    assert gone not in {record.text for record in index.passages(rows)}
    alike = index.search_words({"#haber": 1.0, "#izmird": 1.0}, LARGE)
    assert gone not in {record.text for record in index.passages(alike)}
    index.close()


def test_mostly_dead_segment_is_rewritten_without_what_died(large: Folder) -> None:
    for number in range(LARGE // 2):
        (large.seeds / f"{number:03}.txt").unlink()
    report = large.build()
    (entry,) = large.store.manifest().segments
    assert (report.embedded, entry.passages, entry.dead_documents) == (0, LARGE // 2, ())


def test_opening_with_dead_rows_reads_only_their_documents(large: Folder) -> None:
    (large.seeds / "007.txt").unlink()
    large.build()
    index = large.store.open()
    (segment,) = index.segments
    assert isinstance(segment, Segment)
    assert segment.dead is not None
    dead = segment.catalog.passages(np.nonzero(segment.dead)[0].tolist())
    assert [record.document.path for record in dead] == ["007.txt"]
    assert (segment.live, segment.live_documents) == (LARGE - 1, LARGE - 1)
    assert segment.live_without({dead[0].document.id}) == LARGE - 1
    index.close()
