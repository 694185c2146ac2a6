"""The same questions asked of an index folder and of the same index on a server.

    python -m bench.engines SERVER FILE…

SERVER is the address of a Milvus server whose index may be replaced; FILE is a SQuAD file, whose
paragraphs are indexed. Prints ranking figures and times of both.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bot import live
from bot.copying import copy_index
from bot.evaluation import write_seeds
from bot.render import table
from bot.settings import Settings
from index.evaluate import evaluate, scores_of
from index.questions_file import QuestionsFile, read_questions


def measure(settings: Settings, questions: QuestionsFile) -> list[str]:
    """Figures of one index, as the cells of a column."""
    answerer = live.open_answerer(settings)
    scores = scores_of(evaluate(answerer, questions.cases))
    return [
        f"{scores.recall_at_1:.4f}",
        f"{scores.recall_at_5:.4f}",
        f"{scores.ndcg_at_10:.4f}",
        f"{scores.refusal_auroc:.4f}",
        f"{scores.p50_ms:.1f} / {scores.p95_ms:.1f}",
    ]


def compared(server: str, file: Path) -> str:
    """A table of the folder beside the server."""
    questions = read_questions(file)
    with tempfile.TemporaryDirectory(prefix="danis-engines-") as place:
        folder = Settings(
            _env_file=None,
            seeds_dir=Path(place, "seeds"),
            index_dir=Path(place, "index"),
            index_uri="",
            remembered_questions=0,
        )
        write_seeds(folder.seeds_dir, questions.paragraphs)
        live.build_index(folder)
        started = time.perf_counter()
        copy_index(folder, "", server)
        seconds = time.perf_counter() - started
        columns = [
            measure(folder.model_copy(update={"index_uri": u}), questions) for u in ("", server)
        ]
    names = ["R@1", "R@5", "nDCG@10", "refusal AUROC", "p50 / p95, ms"]
    rows = [[file.name, "folder", "server"], *map(list, zip(names, *columns, strict=True))]
    return table([*rows, ["copied in, s", "", f"{seconds:.1f}"]])


def main(arguments: list[str]) -> None:
    """Prints a table for each file."""
    parser = argparse.ArgumentParser(prog="python -m bench.engines", description=__doc__)
    parser.add_argument("server")
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    for file in options.files:
        print(compared(options.server, file) + "\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
