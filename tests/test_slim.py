"""`make SLIM=1` gives an environment without torch in which everything but other models works."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests import made_files

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def danis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slim")
    made = subprocess.run(
        ["make", "setup", "SLIM=1", f"VENV={folder / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-2000:]
    return folder / "venv" / "bin" / "danis"


def run(
    danis: Path, folder: Path, *arguments: str, **more: str
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "SEEDS_DIR": str(ROOT / "seeds"),
        "INDEX_DIR": str(folder / "index"),
        "DANIS_LANG": "tr",
    }
    return subprocess.run(
        [str(danis), *arguments],
        env=environment | more,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_slim_environment_answers_without_torch(danis: Path, tmp_path: Path) -> None:
    imports = "import importlib.util as u; print(u.find_spec('torch'), u.find_spec('transformers'))"
    found = subprocess.run(
        [str(danis.with_name("python")), "-c", imports], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["None", "None"]
    assert run(danis, tmp_path, "index").returncode == 0
    answer = run(danis, tmp_path, "ask", "İzmir hangi şehirle kardeş?")
    assert answer.returncode == 0
    assert "Bişkek ile kardeş şehirdir" in answer.stdout
    assert run(danis, tmp_path, "doctor").returncode == 0

    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/rapor.pdf").write_bytes(made_files.pdf())
    (tmp_path / "seeds/göl.txt").write_text("Issık Göl kışın donmaz.", encoding="utf-8")
    folders = {"SEEDS_DIR": str(tmp_path / "seeds"), "INDEX_DIR": str(tmp_path / "pdf")}
    built = run(danis, tmp_path, "index", **folders)
    assert built.returncode == 0
    assert "rapor.pdf: bunun için danis[pdf] eki gerekli; `" in built.stderr
    command = built.stderr.split("`")[1]
    subprocess.run(shlex.split(command), cwd=tmp_path, capture_output=True, check=True)
    assert "2 belge" in run(danis, tmp_path, "index", **folders).stderr

    other = run(danis, tmp_path, "index", "--rebuild", EMBEDDING_MODEL="intfloat/some-model")
    assert other.returncode == 2
    assert "sentence-transformers" in other.stderr
    assert len(other.stderr.strip().splitlines()) == 1
