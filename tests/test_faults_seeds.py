"""A folder full of odd files: the build ends in bounded memory and names each file left out."""

from __future__ import annotations

import resource
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import BuildReport
from index.documents import Document, read, scan
from index.errors import SeedError
from index.passages import split
from index.quotes import Seeds
from index.store import Store
from tests import hostile
from tests.fakes import WordEmbedder
from tests.faults import MAX_SEED_BYTES, build_words, run

FILES = 340
MOST_MEGABYTES = 700
PASSED_OVER = 6  # names that begin with a dot, and one that an editor left


def build_measured(seeds: Path, folder: Path) -> tuple[BuildReport, float]:
    """A build, and the most memory that its process had, in megabytes."""
    report = build_words(seeds, folder)
    return report, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def wrong_citations(seeds: Path, folder: Path) -> list[str]:
    """Passages of an index that their seeds, read anew, do not hold."""
    index = Store(folder).open()
    kept = Seeds(seeds, MAX_SEED_BYTES)
    wrong = []
    for record in index.documents():
        rows = index.first_row_of(record) + np.arange(record.passages)
        for passage in index.passages(rows):
            spans = [(passage.start, passage.end), *((s.start, s.end) for s in passage.sentences)]
            inside = all(passage.start <= a < b <= passage.end for a, b in spans)
            if not inside or not kept.holds(record.path, passage.start, passage.end, passage.text):
                wrong.append(f"{record.path} {passage.start}")
    index.close()
    return wrong


def try_seeds(root: Path, files: int, seed: int) -> tuple[BuildReport, float]:
    """Builds over so many odd files and checks what is indexed; the report and megabytes."""
    seeds, folder = root / "seeds", root / "index"
    written = hostile.write_seeds(seeds, files, seed)
    report, megabytes = run(build_measured, seeds, folder, seconds=200)
    left_out = Counter(entry.path for entry in report.skipped)
    assert set(left_out.values()) == {1}
    for entry in report.skipped:
        for sentence in (entry.turkish, entry.english):
            assert sentence.startswith(entry.path) and len(sentence.splitlines()) == 1
            assert all(unicodedata.category(letter) not in ("Cc", "Cs") for letter in sentence)
    assert report.documents + len(report.skipped) == written - PASSED_OVER
    assert run(wrong_citations, seeds, folder, seconds=100) == []
    return report, megabytes


def test_odd_files_are_indexed_as_they_are_or_left_out_with_a_reason(tmp_path: Path) -> None:
    report, megabytes = try_seeds(tmp_path, FILES, seed=6)
    assert report.documents > 60 and len(report.skipped) > 60
    assert megabytes < MOST_MEGABYTES
    left_out = {entry.path: entry.english for entry in report.skipped}
    for name, reason in {
        "dışarı.txt": "outside the seeds folder",
        "dışarı-göreli.txt": "outside the seeds folder",
        "kök": "outside the seeds folder",
        "aygıt.txt": "outside the seeds folder",
        "döngü": "a link to a folder",
        "kendine.txt": "leads back to itself",
        "hedefsiz.txt": "without a target",
        "boru.txt": "not a regular file",
        "dev.txt": "too large",
        "satır\\nsonu.txt": "rename it",
        "resim.png": "this kind is not read",
    }.items():
        assert reason in left_out[name], left_out[name]
    index = Store(tmp_path / "index").open()
    texts = [r.text for r in index.passages(index.rows_where(lambda record: True))]
    index.close()
    assert not any("Gizli kalması" in text for text in texts)
    assert any("Kırkıncı kat" in text for text in texts)


@settings(max_examples=150, deadline=1_000, suppress_health_check=list(HealthCheck))
@given(
    raw=st.one_of(
        st.binary(min_size=1, max_size=400),
        st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.tuples(st.text(max_size=80), st.sampled_from(["utf-16", "utf-32", "cp1254"])).map(
            lambda pair: pair[0].encode(pair[1], "ignore")
        ),
    ),
    name=st.sampled_from(["a.txt", "a.md"]),
)
def test_any_bytes_give_passages_that_stand_in_the_text(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, name: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(raw)
    try:
        document: Document = read(folder, name)
    except SeedError as error:
        assert len(error.english.splitlines()) == 1
        return
    vectors = WordEmbedder()
    for passage in split(document):
        assert 0 <= passage.start < passage.end <= len(document.text)
        assert passage.sentences
        assert np.isfinite(vectors.query(document.text[passage.start : passage.end])).all()


def test_scan_of_odd_names_prints_one_line_each(tmp_path: Path) -> None:
    hostile.write_seeds(tmp_path / "seeds", 0, seed=1)
    _, rejected = scan(tmp_path / "seeds")
    for entry in rejected:
        assert "\n" not in entry.path and "\x1b" not in entry.reason.text("tr")
