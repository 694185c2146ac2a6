"""Other models: prompts, folders, and what is said when a model or the package is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.engines import open_embedder
from index.errors import EmbedderError
from index.sentence_transformer import SentenceTransformerEmbedder, prompts_of
from tests.tiny_models import heavy, make_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "tiny")


class TestLoadedModel:
    pytestmark = heavy

    def test_rows_have_length_one_and_keep_their_order(self, folder: Path) -> None:
        engine = open_embedder(str(folder), batch_size=2)
        texts = ["bir", "iki uzun bir cümle daha", "", "üç", "dört \0 \ud800"] * 5
        rows = engine.passages(texts)
        assert rows.shape == (25, engine.dimensions) == (25, 16)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        for row, text in enumerate(texts):
            assert engine.passages([text])[0] @ rows[row] > 0.9999

    def test_progress_reaches_all_texts(self, folder: Path) -> None:
        seen: list[tuple[int, int]] = []
        engine = open_embedder(str(folder), batch_size=2)
        engine.passages(["bir"] * 20, lambda done, total: seen.append((done, total)))
        assert seen == [(16, 20), (20, 20)]

    def test_no_texts_give_no_rows(self, folder: Path) -> None:
        assert open_embedder(str(folder)).passages([]).shape == (0, 16)

    def test_own_prompts_stand_before_questions_and_passages(self, tmp_path: Path) -> None:
        prompts = {"query": "query: ", "passage": "passage: "}
        plain = SentenceTransformerEmbedder(str(make_model(tmp_path / "plain")))
        prompted = SentenceTransformerEmbedder(str(make_model(tmp_path / "prompted", prompts)))
        assert prompted.query("bir") @ plain.query("query: bir") > 0.9999
        assert prompted.passages(["bir"])[0] @ plain.passages(["passage: bir"])[0] > 0.9999
        assert prompted.query("bir") @ plain.query("bir") < 0.9999

    def test_revision_tells_weights_apart(self, tmp_path: Path, folder: Path) -> None:
        again = SentenceTransformerEmbedder(str(folder))
        other = SentenceTransformerEmbedder(str(make_model(tmp_path / "other", seed=2)))
        assert again.revision == SentenceTransformerEmbedder(str(folder)).revision
        assert again.revision != other.revision

    def test_folder_that_is_no_model_is_an_error_with_a_next_step(self, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text(json.dumps({"model_type": "nothing"}))
        with pytest.raises(EmbedderError, match="EMBEDDING_MODEL=bundled"):
            open_embedder(str(tmp_path))

    @pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "../x/y/z", "a b"])
    def test_unknown_model_is_an_error_with_a_next_step(self, name: str) -> None:
        with pytest.raises(EmbedderError, match="is not on this machine") as caught:
            open_embedder(name)
        assert "bu bilgisayarda yok" in caught.value.text("tr")


def test_without_the_package_the_error_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['sentence_transformers'] = None\n"
        "from index.engines import open_embedder\n"
        "from index.errors import EmbedderError\n"
        "try: open_embedder('intfloat/multilingual-e5-base')\n"
        "except EmbedderError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "make chat" in done.stdout
    assert "EMBEDDING_MODEL=bundled" in done.stdout


@pytest.mark.parametrize(
    ("name", "own", "expected"),
    [
        ("intfloat/multilingual-e5-base", {}, ("query: ", "passage: ")),
        ("intfloat/multilingual-e5-base", {"query": "", "document": ""}, ("query: ", "passage: ")),
        ("/models/e5-small-v2", {}, ("query: ", "passage: ")),
        ("intfloat/multilingual-e5-large-instruct", {}, ("", "")),
        ("BAAI/bge-m3", {}, ("", "")),
        ("thenlper/gte-base", {}, ("", "")),
        ("someone/code5-base", {}, ("", "")),
        ("any", {"query": "soru: ", "document": "belge: "}, ("soru: ", "belge: ")),
        ("any", {"query": "soru: ", "passage": "p: ", "document": "d: "}, ("soru: ", "p: ")),
        ("intfloat/e5-own", {"query": "soru: "}, ("soru: ", "")),
    ],
)
def test_prompts(name: str, own: dict[str, str | None], expected: tuple[str, str]) -> None:
    assert prompts_of(name, own) == expected
