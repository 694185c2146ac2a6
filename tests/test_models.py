"""`danis models`: the list, fetching from a hub on loopback, and comparing two models."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.fetching import wanted_files
from index.known_models import KNOWN
from tests.hub_server import COMMIT, Hub
from tests.tiny_models import heavy, make_model

ROOT = Path(__file__).parent.parent


def test_the_list_says_what_each_costs_and_which_cannot_be_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANIS_LANG", "tr")
    assert main(["models"]) == 0
    shown = capsys.readouterr().out
    lines = {line[2:].split()[0]: line for line in shown.splitlines()[1:] if line[2:].split()}
    assert lines["bundled"].startswith("● ")
    assert "1110 MB  768" in " ".join(lines["intfloat/multilingual-e5-base"].split(" ", 30))
    for model in KNOWN:
        assert ("kullanılamaz" in lines[model.name]) == model.needs_code
        assert ("sıralayıcı" in lines[model.name]) == model.reranks
    assert "burada ölçülmedi" in shown
    assert main(["models", "--json"]) == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == [m.name for m in KNOWN]


def test_only_what_the_model_needs_is_fetched() -> None:
    files = [
        ".gitattributes", "README.md", "config.json", "modules.json", "1_Pooling/config.json",
        "model.safetensors", "pytorch_model.bin", "onnx/model.onnx", "onnx/config.json",
        "openvino/openvino_model.xml", "modeling_own.py", "tokenizer.json", "vocab.txt",
        "sentencepiece.bpe.model", "images/a.png", "tf_model.h5",
    ]  # fmt: skip
    wanted = ["1_Pooling/config.json", "config.json", "model.safetensors", "modules.json",
              "sentencepiece.bpe.model", "tokenizer.json", "vocab.txt"]  # fmt: skip
    assert wanted_files(files) == wanted
    files.remove("model.safetensors")
    assert "pytorch_model.bin" in wanted_files(files)


class TestFetched:
    pytestmark = heavy

    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """A home with a cache, a model to fetch, seeds and questions."""
        folder = tmp_path_factory.mktemp("models")
        make_model(folder / "tiny")
        (folder / "tiny" / "modeling_own.py").write_text("raise SystemExit", encoding="utf-8")
        shutil.copytree(folder / "tiny", folder / "coded")
        config = json.loads((folder / "coded/config.json").read_text(encoding="utf-8"))
        own = {**config, "model_type": "own", "auto_map": {"AutoModel": "modeling_own.Own"}}
        (folder / "coded/config.json").write_text(json.dumps(own), encoding="utf-8")
        shutil.copytree(folder / "tiny", folder / "bare")
        (folder / "bare/modules.json").unlink()
        (folder / "seeds").mkdir()
        (folder / "seeds/dunya").mkdir()
        shutil.copy(ROOT / "seeds/dunya/issik-gol.txt", folder / "seeds/dunya")
        lines = (ROOT / "questions/seeds.jsonl").read_text(encoding="utf-8").splitlines()
        cases = [json.loads(line) for line in lines]
        own_seeds = [c for c in cases if c["source"] == "dunya/issik-gol.txt"][:4]
        absent = [case for case in cases if case["source"] is None][:2]
        text = "\n".join(json.dumps(case) for case in own_seeds + absent)
        (folder / "questions.jsonl").write_text(text, encoding="utf-8")
        return folder

    def danis(
        self, folder: Path, *commands: list[str], **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs commands one after the other in one new process; the last one's exit code."""
        code = (
            "import json, sys\nfrom bot.cli import main\n"
            "if __name__ == '__main__':\n"
            "    sys.exit([main(['models', *each]) for each in json.loads(sys.argv[1])][-1])\n"
        )
        (folder / "run.py").write_text(code, encoding="utf-8")
        environment = {n: v for n, v in os.environ.items() if not n.startswith(("HF_", "DANIS_"))}
        return subprocess.run(
            [sys.executable, "run.py", json.dumps(commands)],
            cwd=folder,
            env=environment
            | {"HF_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "DANIS_LANG": "en"}
            | {"no_proxy": "127.0.0.1", **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def test_a_fetched_model_is_compared_with_the_bundled_one(self, folder: Path) -> None:
        names = {"team/tiny": folder / "tiny", "team/coded": folder / "coded"}
        refused = {
            "team/coded": "wants to run code of its own",
            "team/bare": "has no modules.json",
            "gated/model": "Accept the licence",
            "team/none": "There is no model team/none",
            "a b": "There is no model a b",
        }
        with Hub({**names, "team/bare": folder / "bare"}) as hub:
            fetched = self.danis(folder, ["fetch", "team/tiny"], HF_ENDPOINT=hub.address)
            assert fetched.returncode == 0, fetched.stderr
            assert "Fetching team/tiny: " in fetched.stderr
            assert "set EMBEDDING_MODEL=team/tiny" in fetched.stdout
            assert any(path.endswith("model.safetensors") for path in hub.asked)
            fetches = (["fetch", name] for name in refused)
            told = self.danis(folder, *fetches, HF_ENDPOINT=hub.address)
            assert told.returncode == 2
            for line, why in zip(told.stderr.splitlines(), refused.values(), strict=True):
                assert why in line
            assert not any(path.endswith(".py") for path in hub.asked)
        gone = self.danis(folder, ["fetch", "team/tiny"], HF_ENDPOINT=hub.address)
        assert gone.returncode == 2 and "cannot be fetched" in gone.stderr
        assert COMMIT in str(next((folder / "home").rglob("model.safetensors")))

        questions = ["--questions", "questions.jsonl", "--json"]
        run = self.danis(folder, ["compare", "bundled", "team/tiny", *questions])
        assert run.returncode == 0, run.stderr
        measured = json.loads(run.stdout)
        bundled, tiny = measured["models"]
        assert (bundled["dimensions"], tiny["dimensions"]) == (384, 16)
        assert bundled["passages"] == tiny["passages"] == 5
        assert bundled["index_bytes"] > tiny["index_bytes"] > 0
        assert tiny["answer_bytes"] > bundled["answer_bytes"]  # torch
        assert (bundled["questions"], bundled["answerable"]) == (6, 4)
        assert len(measured["differences"]) == 4
        assert not (folder / ".danis/index").exists()  # the index in use is left alone

    def test_what_cannot_be_compared_is_said_in_words(self, folder: Path) -> None:
        lines = folder / "absent.jsonl"
        lines.write_text('{"question": "?", "source": null, "answer": null}', encoding="utf-8")
        told = self.danis(
            folder,
            ["compare", "bundled", "b", "--questions", "no-such-file"],
            ["compare", "bundled", "b", "--questions", "absent.jsonl"],
            ["compare", "nobody/nothing", "bundled", "--questions", "questions.jsonl"],
        )
        assert told.returncode == 2
        missing, absent, _, nobody = told.stderr.splitlines()
        assert "no-such-file cannot be read" in missing
        assert "source is known" in absent
        assert "danis models fetch nobody/nothing" in nobody


def test_two_models_side_by_side_as_people_read_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANIS_LANG", "tr")
    monkeypatch.setenv("SEEDS_DIR", str(tmp_path / "seeds"))
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/göl.txt").write_text("Issık Göl kışın donmaz.\n", encoding="utf-8")
    file = tmp_path / "sorular.jsonl"
    file.write_text('{"question": "Göl donar mı?", "source": "göl.txt"}', encoding="utf-8")
    assert main(["models", "compare", "bundled", "bundled", "--questions", str(file)]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0].split() == ["bundled", "bundled"]
    assert re.search(r"R@1 +\+0\.0000 \(\+0\.0000 … \+0\.0000\)", shown)
    assert "rastlantı olabilir" in shown
    assert "Yalnızca 1 yanıtlı soru var" in shown
    assert "dizinleme belleği" in shown
    assert "EMBEDDING_MODEL=bundled yapıp `danis index --rebuild`" in shown
