"""What the packages never do: run foreign code, unpickle, fetch unasked, or shell out."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("index/**/*.py")])
NEVER_IMPORTED = {
    "pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "subprocess",
    "pty", "yaml", "telnetlib", "ftplib", "xml",
}  # fmt: skip
# The pager that the user chose ($PAGER), without a shell; text reaches it on stdin only.
MAY_IMPORT = {"bot/pager.py": "import subprocess in line "}
NEVER_CALLED = {"eval", "exec", "compile", "__import__", "system", "popen", "execv", "spawnl"}
ALWAYS_FALSE = {"trust_remote_code", "allow_pickle", "shell"}


def faults_of(tree: ast.AST) -> Iterator[str]:
    """What a module does that none may."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module)):
                imported = [module]
            case ast.Call(func=ast.Name(id=name)) if name in NEVER_CALLED:
                yield f"{name}() in line {node.lineno}"
                continue
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr=name)) if (
                name in NEVER_CALLED
            ):
                yield f"os.{name}() in line {node.lineno}"
                continue
            case ast.keyword(arg=str(name), value=value) if name in ALWAYS_FALSE:
                if not (isinstance(value, ast.Constant) and value.value is False):
                    yield f"{name} in line {node.lineno}"
                continue
            case _:
                continue
        for name in imported:
            if name.split(".")[0] in NEVER_IMPORTED:
                yield f"import {name} in line {node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_runs_or_unpickles_what_it_read(path: Path) -> None:
    allowed = MAY_IMPORT.get(path.relative_to(ROOT).as_posix())
    faults = list(faults_of(ast.parse(path.read_text(encoding="utf-8"))))
    assert [fault for fault in faults if not (allowed and fault.startswith(allowed))] == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "eval(text)",
        "os.system(text)",
        "load(name, trust_remote_code=True)",
        "np.load(path, allow_pickle=flag)",
    ],
)
def test_such_code_would_be_found(code: str) -> None:
    assert len(list(faults_of(ast.parse(code)))) == 1


def test_models_are_loaded_without_their_code_and_from_this_machine() -> None:
    for module in ("sentence_transformer", "reranker"):
        source = (ROOT / f"index/{module}.py").read_text(encoding="utf-8")
        assert "trust_remote_code=False" in source
        assert "local_files_only=True" in source


@pytest.mark.parametrize(
    "name", ["../../etc", "/etc/passwd", "https://127.0.0.1:9/model", "nobody/nothing"]
)
def test_a_model_name_that_points_somewhere_is_an_error_in_words(name: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "EMBEDDING_MODEL": name,
        "SEEDS_DIR": str(tmp_path / "seeds"),
        "INDEX_DIR": str(tmp_path / "index"),
        "DANIS_LANG": "en",
        "HF_HUB_OFFLINE": "0",
    }
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("Göl kışın donmaz, derindir.", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "bot", "index"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr and len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert not (tmp_path / "index/CURRENT").exists()


def test_security_page_names_only_tests_that_are_there() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)\.py::(test_\w+)`", page)
    assert len(named) >= 20
    for module, test in named:
        source = (ROOT / "tests" / f"{module}.py").read_text(encoding="utf-8")
        assert re.search(rf"def {test}\(", source), f"{module}::{test}"
