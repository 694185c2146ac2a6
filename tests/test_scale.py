"""Large indexes: what is scanned in four bits finds what an exact scan finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.made_up import MadeUpVectors, unit
from index import vectors as module
from index.vectors import Floats, PassageVectors, PassageVectorsWriter, SentenceVectors

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


def written(folder: Path, rows: Floats) -> PassageVectors:
    writer = PassageVectorsWriter(rows.shape[1])
    for start in range(0, len(rows), 1_000):
        writer.add(rows[start : start + 1_000])
    writer.close(folder / "passages.faiss", folder / "compressed.faiss")
    return PassageVectors(folder / "passages.faiss", folder / "compressed.faiss")


@pytest.fixture
def compressed(
    tmp_path: Path, cone: MadeUpVectors, monkeypatch: pytest.MonkeyPatch
) -> tuple[PassageVectors, Floats]:
    """Vectors that are many enough to be compressed."""
    monkeypatch.setattr(module, "COMPRESSED_FROM", PASSAGES)
    rows = cone.passages(PASSAGES)
    return written(tmp_path, rows), rows


def test_few_vectors_are_scanned_exactly_and_many_compressed(
    tmp_path: Path, cone: MadeUpVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPRESSED_FROM", PASSAGES)
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    written(tmp_path / "few", cone.passages(PASSAGES - 1))
    written(tmp_path / "many", cone.passages(PASSAGES))
    assert not (tmp_path / "few" / "compressed.faiss").exists()
    size = (tmp_path / "many" / "compressed.faiss").stat().st_size
    assert size < (tmp_path / "many" / "passages.faiss").stat().st_size / 4


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
    rows = cone.passages(module.COMPRESSED_FROM)
    contents = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, rows)
        contents.append((tmp_path / name / "compressed.faiss").read_bytes())
    assert contents[0] == contents[1]


@pytest.mark.parametrize("dimensions", [DIMENSIONS, 7])
def test_sentence_codes_take_half_a_byte_and_stay_close(tmp_path: Path, dimensions: int) -> None:
    chance = np.random.default_rng(0)
    passages = unit(chance.normal(size=(5, dimensions)).astype(np.float32))
    counts = [3, 0, 1, 2, 4]
    queries = unit(chance.normal(size=(2, dimensions)).astype(np.float32))
    codes, scales, exact = [], [], []
    for passage, count in zip(passages, counts, strict=True):
        noise = 0.3 * chance.normal(size=(count, dimensions)) / np.sqrt(dimensions)
        sentences = unit((passage + noise).astype(np.float32))
        coded, scaled = SentenceVectors.encode(sentences, passage)
        assert coded.shape == (count, (dimensions + 1) // 2)
        assert SentenceVectors.decode(coded, scaled, passage) == pytest.approx(sentences, abs=0.1)
        codes.append(coded)
        scales.append(scaled)
        exact.append(sentences @ queries.T)
    np.concatenate(codes).tofile(tmp_path / "codes")
    np.concatenate(scales).astype("<f4").tofile(tmp_path / "scales")
    np.cumsum([0, *counts]).astype("<i8").tofile(tmp_path / "starts")
    stored = SentenceVectors(
        tmp_path / "codes", tmp_path / "scales", tmp_path / "starts", dimensions
    )
    rows = np.array([4, 1, 0])
    products, found = stored.products(queries, rows, passages[rows] @ queries.T)
    assert found.tolist() == [4, 0, 3]
    assert products == pytest.approx(np.concatenate([exact[row] for row in rows]), abs=0.05)


def test_sentence_that_equals_its_passage_is_kept_exactly() -> None:
    passage = unit(np.arange(1, 9, dtype=np.float32)[None, :])[0]
    codes, scales = SentenceVectors.encode(passage[None, :], passage)
    assert SentenceVectors.decode(codes, scales, passage)[0] == pytest.approx(passage, abs=1e-6)
