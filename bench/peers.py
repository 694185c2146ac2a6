"""What others do with the same passages, vectors and weights."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from pathlib import Path

import faiss
import numpy as np

from bench import speed
from bench.plain import export_model
from bot import live
from bot.settings import Settings

_AT_ONCE = 10_000


def prepare_plain(folder: Path, settings: Settings) -> None:
    """Exports the model, a flat FAISS index of the same vectors, and the texts; does it once."""
    if (folder / "paragraphs.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    export_model(folder)
    index = live.open_store(settings).open()
    flat = faiss.IndexFlatIP(index.manifest.model.dimensions)
    paragraphs: list[str] = []
    for start in range(0, len(index), _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, len(index)))
        # The products with the axes are the vectors themselves.
        flat.add(index.products(np.eye(flat.d, dtype=np.float32), rows))
        paragraphs += [record.text for record in index.passages(rows)]
    faiss.write_index(flat, str(folder / "flat.faiss"))
    (folder / "paragraphs.json").write_text(json.dumps(paragraphs), encoding="utf-8")
    index.close()


def cold_txtai(python: str, folder: Path, runs: int) -> dict[str, float]:
    """txtai from process start to answer, over what `prepare_plain` has put in the folder."""
    command = [python, str(speed.ROOT / "bench" / "txtai_script.py")]
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    if not (folder / "txtai").exists():
        subprocess.run([*command, "prepare", str(folder)], env=environment, check=True)
    ask = [*command, "ask", str(folder), speed.QUESTION]
    taken = [speed.whole_process(ask, environment) for _ in range(runs + 1)][1:]
    return {
        "txtai, s": statistics.median(seconds for seconds, _ in taken),
        "txtai, peak MB": statistics.median(memory for _, memory in taken),
    }
