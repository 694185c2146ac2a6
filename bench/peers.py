"""What others do with the same passages, vectors and weights."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path

import faiss
import numpy as np

from bench import speed
from bench.plain import export_model
from bot import live
from bot.settings import Settings

TXTAI = "txtai==9.14.0"
_AT_ONCE = 10_000


def prepare_plain(folder: Path, settings: Settings) -> dict[str, float]:
    """Exports the model, a flat FAISS index of the same vectors, and the texts; does it once."""
    if (folder / "paragraphs.json").exists():
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    export_model(folder)
    index = live.open_store(settings).open()
    dimensions = index.manifest.model.dimensions
    paragraphs: list[str] = []
    vectors = np.empty((len(index), dimensions), np.float32)
    for start in range(0, len(index), _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, len(index)))
        # The products with the axes are the vectors themselves.
        vectors[rows] = index.products(np.eye(dimensions, dtype=np.float32), rows)
        paragraphs += [record.text for record in index.passages(rows)]
    index.close()

    def write() -> None:
        flat = faiss.IndexFlatIP(dimensions)
        flat.add(vectors)
        faiss.write_index(flat, str(folder / "flat.faiss"))
        (folder / "paragraphs.json").write_text(json.dumps(paragraphs), encoding="utf-8")

    return {"plain script, building without embedding, s": speed.timed(write)}


def txtai_python(folder: Path) -> Path:
    """A Python that has txtai and, from this one, everything that txtai needs; made once."""
    python = folder / "txtai-venv" / "bin" / "python"
    if not python.exists():
        venv.create(python.parent.parent, with_pip=True)
        (packages,) = python.parent.parent.glob("lib/python*/site-packages")
        shared = (path for path in sys.path if path.endswith("site-packages"))
        (packages / "shared.pth").write_text("\n".join(shared) + "\n", encoding="utf-8")
        command = [str(python), "-m", "pip", "--quiet", "install", "--no-deps", TXTAI]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return python


def txtai(python: Path, folder: Path, runs: int) -> dict[str, float]:
    """txtai from process start to answer, over what `prepare_plain` has put in the folder."""
    command = [str(python), str(speed.ROOT / "bench" / "txtai_script.py")]
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    figures = {}
    if not (folder / "txtai").exists():
        prepare = [*command, "prepare", str(folder)]
        told = subprocess.run(prepare, env=environment, check=True, capture_output=True, text=True)
        figures["txtai, building without embedding, s"] = float(told.stdout.split()[-1])
    ask = [*command, "ask", str(folder), speed.QUESTION]
    taken = [speed.whole_process(ask, environment) for _ in range(runs + 1)][1:]
    return figures | {
        "txtai, s": statistics.median(seconds for seconds, _ in taken),
        "txtai, peak MB": statistics.median(memory for _, memory in taken),
    }
