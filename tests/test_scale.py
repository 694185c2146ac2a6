"""Large indexes: what is scanned in four bits finds what an exact scan finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from bench.made_up import MadeUpVectors, unit
from index import segment
from index.sentence_vectors import (
    SentenceFiles,
    SentenceVectors,
    SentenceVectorsWriter,
    decode,
    encode,
    narrowed,
    widened,
)
from index.vectors import Floats, PassageVectors, PassageVectorsWriter
from tests.test_build import Folder

DIMENSIONS = 96
PASSAGES = 6_000


@pytest.fixture(scope="module")
def cone() -> MadeUpVectors:
    """Vectors in a narrow cone, as e5's are: a common direction and a falling spread."""
    chance = np.random.default_rng(1)
    spread = np.linspace(1, 0.2, DIMENSIONS)
    sample = chance.normal(size=(1_000, DIMENSIONS)) * spread * 0.1
    sample[:, 0] += 1
    return MadeUpVectors(unit(sample.astype(np.float32)))


def written(folder: Path, rows: Floats, compressed: bool = True) -> PassageVectors:
    writer = PassageVectorsWriter(rows.shape[1])
    for start in range(0, len(rows), 1_000):
        writer.add(rows[start : start + 1_000])
    writer.close(folder / "passages.faiss", folder / "compressed.faiss" if compressed else None)
    return PassageVectors(folder / "passages.faiss", folder / "compressed.faiss")


@pytest.fixture
def compressed(tmp_path: Path, cone: MadeUpVectors) -> tuple[PassageVectors, Floats]:
    """Vectors with their codes beside them."""
    rows = cone.passages(PASSAGES)
    return written(tmp_path, rows), rows


def test_few_vectors_are_scanned_exactly(tmp_path: Path, cone: MadeUpVectors) -> None:
    rows = cone.passages(100)
    stored = written(tmp_path, rows, compressed=False)
    found, scores = stored.search(rows[7], 10, None)
    exact = np.argsort(-(rows @ rows[7]))[:10]
    assert found.tolist() == exact.tolist()
    assert scores == pytest.approx(rows[exact] @ rows[7], abs=1e-3)


def test_compressed_codes_are_a_fraction_of_the_vectors(
    compressed: tuple[PassageVectors, Floats], tmp_path: Path
) -> None:
    size = (tmp_path / "compressed.faiss").stat().st_size
    assert size < (tmp_path / "passages.faiss").stat().st_size / 4


def test_compressed_scan_finds_what_the_exact_one_finds(
    compressed: tuple[PassageVectors, Floats], cone: MadeUpVectors
) -> None:
    stored, rows = compressed
    shares = []
    for query in cone.passages(50):
        found, scores = stored.search(query, 10, None)
        exact = np.argsort(-(rows @ query))[:10]
        shares.append(len(set(found) & set(exact)) / 10)
        assert scores == pytest.approx(rows[found] @ query, abs=1e-3)
        assert list(scores) == sorted(scores, reverse=True)
    assert np.mean(shares) >= 0.98


def test_stored_vector_finds_itself_among_many(
    compressed: tuple[PassageVectors, Floats],
) -> None:
    stored, rows = compressed
    for place in (0, 17, PASSAGES - 1):
        found, scores = stored.search(rows[place], 1, None)
        assert found[0] == place
        assert scores[0] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_left_out_rows_are_not_found_and_the_others_still_are(
    compressed: tuple[PassageVectors, Floats], cone: MadeUpVectors, share: float
) -> None:
    stored, rows = compressed
    left_out = np.random.default_rng(0).random(PASSAGES) < share
    query = cone.passages(1)[0]
    found, _ = stored.search(query, 10, left_out)
    assert not left_out[found].any()
    order = np.argsort(-(rows @ query))
    exact = order[~left_out[order]][:10]
    assert len(set(found) & set(exact)) >= 9


def test_nearest_that_are_all_left_out_hide_nothing(
    compressed: tuple[PassageVectors, Floats],
) -> None:
    stored, rows = compressed
    query = rows[0]
    order = np.argsort(-(rows @ query))
    left_out = np.zeros(PASSAGES, bool)
    left_out[order[:1_500]] = True  # more than a compressed scan proposes
    found, scores = stored.search(query, 10, left_out)
    assert not left_out[found].any()
    assert scores == pytest.approx(rows[order[1_500:1_510]] @ query, abs=1e-3)


def test_same_vectors_give_the_same_file(tmp_path: Path, cone: MadeUpVectors) -> None:
    rows = cone.passages(PASSAGES)
    contents = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, rows)
        contents.append((tmp_path / name / "compressed.faiss").read_bytes())
    assert contents[0] == contents[1]


@dataclass
class Written:
    """Sentence vectors on disk beside the exact ones, a list for each passage."""

    stored: SentenceVectors
    passages: Floats
    exact: list[Floats]


def sentences_of(folder: Path, dimensions: int, compact: bool) -> Written:
    chance = np.random.default_rng(0)
    passages = unit(chance.normal(size=(5, dimensions)).astype(np.float32))
    files = SentenceFiles(*(folder / name for name in ("fine", "compact", "scales", "starts")))
    writer = SentenceVectorsWriter(files)
    exact = []
    for passage, count in zip(passages, [3, 0, 1, 2, 4], strict=True):
        noise = 0.3 * chance.normal(size=(count, dimensions)) / np.sqrt(dimensions)
        exact.append(unit((passage + noise).astype(np.float32)))
        writer.add(*encode(exact[-1], passage))
    writer.close(dimensions, compact=compact)
    return Written(SentenceVectors(files, dimensions), passages, exact)


@pytest.mark.parametrize("dimensions", [DIMENSIONS, 7])
@pytest.mark.parametrize(("compact", "off"), [(False, 0.004), (True, 0.05)])
def test_sentence_products_are_close_to_the_exact_ones(
    tmp_path: Path, dimensions: int, compact: bool, off: float
) -> None:
    written = sentences_of(tmp_path, dimensions, compact)
    queries = unit(np.random.default_rng(1).normal(size=(2, dimensions)).astype(np.float32))
    rows = np.array([4, 1, 0])
    products, found = written.stored.products(queries, rows, written.passages[rows] @ queries.T)
    assert found.tolist() == [4, 0, 3]
    exact = np.concatenate([written.exact[row] for row in rows])
    assert products == pytest.approx(exact @ queries.T, abs=off)


def test_compact_sentence_takes_half_a_byte_a_dimension(tmp_path: Path) -> None:
    sizes = []
    for compact, name in ((False, "fine"), (True, "compact")):
        (tmp_path / name).mkdir()
        sentences_of(tmp_path / name, DIMENSIONS, compact)
        sizes.append((tmp_path / name / name).stat().st_size)
        assert not (tmp_path / name / ("fine" if compact else "compact")).exists()
    assert sizes == [10 * DIMENSIONS, 10 * DIMENSIONS / 2]


@pytest.mark.parametrize("dimensions", [DIMENSIONS, 7])
def test_sentences_that_move_again_and_again_stay_what_they_are(
    tmp_path: Path, dimensions: int
) -> None:
    """As when segments are merged: from compact to fine and back, whatever the order."""
    stored = sentences_of(tmp_path, dimensions, compact=True).stored
    once = stored.stored(4)
    again = widened(*narrowed(*once), dimensions)
    assert (again[0] == once[0]).all() and (again[1] == once[1]).all()


def test_sentence_that_equals_its_passage_is_kept_exactly() -> None:
    passage = unit(np.arange(1, 9, dtype=np.float32)[None, :])[0]
    codes, scales = encode(passage[None, :], passage)
    assert decode(codes, scales, passage)[0] == pytest.approx(passage, abs=1e-6)
    narrow = widened(*narrowed(codes, scales), len(passage))
    assert decode(*narrow, passage)[0] == pytest.approx(passage, abs=1e-6)


def test_index_compresses_itself_as_it_grows_and_undoes_it_as_it_shrinks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment, "LARGE_FROM", 40)
    folder = Folder(tmp_path)

    def compressed() -> list[bool]:
        found = []
        for entry in folder.store.manifest().segments:
            files = segment.SegmentFiles(folder.store.segments / entry.name)
            found.append(files.compressed.exists())
            assert files.sentences.compact.exists() == files.compressed.exists()
            assert files.sentences.fine.exists() != files.compressed.exists()
        return found

    def write(numbers: range) -> None:
        for number in numbers:
            folder.write(f"{number:02}.txt", f"Salon {number}x{number}. Etkinlik {number}k idi.\n")

    def nearest(number: int) -> bool:
        """Whether nothing lies nearer to a passage's own text than the passage."""
        text = f"Salon {number}x{number}. Etkinlik {number}k idi."
        index = folder.store.open()
        rows, scores = index.search_vectors(folder.embedder.query(text), 10)
        at = [record.text for record in index.passages(rows)].index(text)
        sentences = index.sentence_products(folder.embedder.query(text)[None, :], rows[[at]])
        index.close()
        return bool(scores[at] > scores[0] - 0.001) and bool(sentences[0].max() > 0.5)

    write(range(30))
    folder.build()
    assert compressed() == [False]
    write(range(30, 60))
    assert folder.build().embedded == 30
    assert compressed() == [True]
    assert nearest(3) and nearest(45)
    for number in range(10, 50):
        (folder.seeds / f"{number:02}.txt").unlink()
    assert folder.build().embedded == 0
    assert compressed() == [False]
    assert nearest(3) and nearest(55)
