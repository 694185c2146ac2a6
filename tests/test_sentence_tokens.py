"""How sentences were read is packed, kept with the index, and carried from build to build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import segment
from index.journal import Journal
from index.manifest import Model
from index.onnx_e5 import OnnxE5
from index.segment import PassageVectorsOf
from index.sentence_vectors import encode
from index.token_codes import Codes, pack, unpack
from index.vectors import Floats
from tests.test_build import CLOCK, LAKE, SISTER, Folder


class CountingE5(OnnxE5):
    """The bundled model; `embedded` is what it was given."""

    def __init__(self) -> None:
        super().__init__(threads=2)
        self.embedded: list[str] = []

    def passages_and_tokens(self, texts: Sequence[str]) -> tuple[Floats, list[Codes]]:
        self.embedded += texts
        return super().passages_and_tokens(texts)


@pytest.fixture(scope="module")
def engine() -> CountingE5:
    return CountingE5()


@pytest.fixture
def folder(tmp_path: Path, engine: CountingE5) -> Folder:
    made = Folder(tmp_path)
    made.embedder = engine  # type: ignore[assignment]
    return made


@pytest.fixture
def model(engine: CountingE5) -> Model:
    return Model(engine.name, engine.revision, engine.dimensions)


def kept(folder: Folder) -> dict[str, list[Codes]]:
    """By its text, the codes of each sentence that the index keeps."""
    index = folder.store.open()
    found = {}
    for part, offset in zip(index.segments, index._offsets, strict=False):
        for row in range(len(part)):
            if part.dead is None or not part.dead[row]:
                (record,) = index.passages(np.array([row + offset]))
                codes = index.sentence_tokens(int(row + offset))
                found |= dict(zip(record.sentence_texts, codes, strict=bool(codes)))
    index.close()
    return {text: codes.tolist() for text, codes in found.items()}


def read_now(engine: OnnxE5, texts: Sequence[str]) -> dict[str, list[Codes]]:
    return {text: codes.tolist() for text, codes in zip(texts, engine.tokens(texts), strict=True)}


def test_a_state_is_known_again_by_two_bits_a_dimension() -> None:
    random = np.random.default_rng(1)
    states = random.standard_normal((50, 128)).astype(np.float32)
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    codes = pack(states)
    assert codes.shape == (50, 32)
    again = unpack(codes)
    assert np.linalg.norm(again, axis=1) == pytest.approx(1)
    assert (states * again).sum(axis=1).min() > 0.9
    assert np.array_equal(pack(again), codes)
    assert unpack(pack(states[:0])).shape == (0, 128)


@given(st.lists(st.floats(-1, 1, width=32), min_size=8, max_size=8))
def test_any_numbers_can_be_packed(numbers: list[float]) -> None:
    again = unpack(pack(np.array([numbers], np.float32)))
    assert np.isfinite(again).all()
    assert (np.sign(again[0]) == np.where(np.array(numbers) >= 0, 1, -1)).all()


def test_an_index_keeps_what_the_model_reads(
    folder: Folder, model: Model, engine: CountingE5
) -> None:
    folder.write("kardeş.txt", SISTER)
    folder.write("kule.txt", CLOCK)
    folder.build(model=model)
    found = kept(folder)
    assert len(found) == 4
    assert found == read_now(engine, [*found])


def test_it_goes_along_when_segments_merge_and_seeds_move(
    folder: Folder, model: Model, engine: CountingE5
) -> None:
    folder.write("kardeş.txt", SISTER)
    folder.build(model=model)
    (folder.seeds / "kardeş.txt").rename(folder.seeds / "yeni.txt")
    folder.write("kule.txt", CLOCK)
    folder.write("göl.txt", LAKE)
    folder.build(model=model)
    assert SISTER.strip() not in engine.embedded
    assert len(folder.store.manifest().segments) == 1
    found = kept(folder)
    assert len(found) == 6
    assert found == read_now(engine, [*found])


def test_a_large_segment_keeps_none_and_a_model_without_tokens_has_none(
    folder: Folder, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("kardeş.txt", SISTER)
    folder.build(model=model)
    monkeypatch.setattr(segment, "TOKENS_UP_TO", 1)
    folder.write("kule.txt", CLOCK)
    folder.build(model=model)
    assert kept(folder) == {}
    monkeypatch.setattr(segment, "TOKENS_UP_TO", 100)
    folder.write("göl.txt", LAKE)
    folder.build(model=model)
    assert {*kept(folder)} == {"Issık Göl kışın donmaz."} | {LAKE.strip().split(". ")[1]}


def _vectors(tokens: Callable[[int], int] | None) -> PassageVectorsOf:
    random = np.random.default_rng(2)
    rows = random.standard_normal((4, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    codes = tuple(
        random.integers(256, size=(tokens(sentence), 2)).astype(np.uint8)
        for sentence in range(3)
        if tokens
    )
    return PassageVectorsOf(rows[0], *encode(rows[1:], rows[0]), codes)


@pytest.mark.parametrize("tokens", [None, lambda sentence: sentence, lambda _: 0, lambda _: 300])
def test_a_killed_build_resumes_with_them(
    tmp_path: Path, tokens: Callable[[int], int] | None
) -> None:
    model, vectors = Model("m", "1", 8), _vectors(tokens)
    with pytest.raises(KeyboardInterrupt), Journal(tmp_path, model) as journal:
        journal.put(b"a" * 16, vectors)
        journal.put(b"b" * 16, _vectors(None))
        raise KeyboardInterrupt
    with Journal(tmp_path, model) as journal:
        assert len(journal) == 2
        again = journal.get(b"a" * 16)
        assert again is not None
        assert np.array_equal(again.passage, vectors.passage)
        assert np.array_equal(again.sentence_codes, vectors.sentence_codes)
        assert np.array_equal(again.sentence_scales, vectors.sentence_scales)
        pieces = sum(map(len, vectors.tokens))
        assert len(again.tokens) == (3 if pieces else 0)
        for one, other in zip(again.tokens, vectors.tokens, strict=bool(pieces)):
            assert np.array_equal(one, other)
