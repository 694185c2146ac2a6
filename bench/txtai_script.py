"""The peer txtai, over what `bench.peers` prepared for the plain script: same weights and texts.

PYTHON bench/txtai_script.py prepare FOLDER          with a Python that has txtai; prints seconds
PYTHON bench/txtai_script.py ask FOLDER QUESTION
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def prepare(folder: Path) -> None:
    """Indexes the texts with the vectors that are there; embedding them anew takes an hour."""
    import faiss
    from txtai import Embeddings

    flat = faiss.read_index(str(folder / "flat.faiss"))
    paragraphs = json.loads((folder / "paragraphs.json").read_text(encoding="utf-8"))
    rows = iter(flat.reconstruct_n(0, flat.ntotal))

    def transform(texts: list[str]) -> list[object]:
        return [next(rows) for _ in texts]

    started = time.perf_counter()
    # Its flat index, as the plain script's and Danış's own search at this size.
    config = {"method": "external", "transform": transform, "content": True}
    embeddings = Embeddings(config | {"faiss": {"components": "IDMap,Flat"}})
    embeddings.index(paragraphs)
    embeddings.config.pop("transform")
    embeddings.config |= {
        "method": "sentence-transformers",
        "path": str((folder / "model").resolve()),
        "instructions": {"query": "query: ", "data": "passage: "},
    }
    embeddings.save(str(folder / "txtai"))
    print(time.perf_counter() - started)


def ask(folder: Path, question: str) -> None:
    """Prints the nearest paragraph."""
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder / "txtai"))
    print(embeddings.search(question, 1)[0]["text"])


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]))
    else:
        ask(Path(sys.argv[2]), sys.argv[3])
