"""From a thousand passages to a million: latency, memory, recall, the cost of small changes.

    python -m bench.scale [--sizes 1000,10000] [--folder DIR] [--squad FILE]
                          [--peers] [--runs 5] [--json FILE] [--plots FOLDER]

Texts are made by rule and vectors made up (bench/synthetic.py); the shipped seeds, and with
`--squad` the paragraphs of a questions file, are real and hidden among them. `--peers` runs the
scripts of bench/plain.py and bench/txtai_script.py beside, on the same texts and weights; txtai is
installed into a virtual environment of its own. Prints one table of medians.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bench import peers, speed
from bench.plots import draw
from bench.synthetic import ROOT, write_index
from bot import live
from bot.render import table
from bot.settings import Settings
from index.answerer import Answerer
from index.centring import Centring
from index.journal import Journal
from index.questions_file import read_questions

ASKED = 300  # questions of the file that are asked, evenly taken
RECALLED = 10
PEERS_AT_MOST = 100_000  # passages; beyond that their texts alone take a gigabyte
BUILT_AT_MOST = 100_000  # passages; a million take most of an hour

Figures = dict[str, float]


def settings_of(folder: Path) -> Settings:
    """Settings that name the seeds and the index of `write_index`."""
    return Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")


def hidden(squad: Path | None) -> list[tuple[str, str]]:
    """Questions with the path of the seed that answers each."""
    if squad is None:
        return []
    asked, number = [], 0
    for article in json.loads(squad.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            asked += [(qa["question"], f"asked/{number:04}.txt") for qa in paragraph["qas"]]
            number += 1
    return asked[:: max(1, len(asked) // ASKED)]


def recall(answerer: Answerer, questions: list[str]) -> float:
    """The share of the exactly nearest passages that the search finds."""
    index = answerer._finder.index
    means = {name: np.array(m, np.float32) for name, m in index.manifest.question_means.items()}
    centred = Centring(means, index.centre)
    shares = []
    for question in questions:
        query = centred(answerer._embedder.query(question), "tr")
        found, _ = index.search_vectors(query, RECALLED)
        exact = []
        for segment, offset in zip(index.segments, index._offsets, strict=False):
            rows, scores = segment.vectors._search_exactly(query, RECALLED, segment.dead)
            exact += zip(scores.tolist(), (rows + offset).tolist(), strict=True)
        nearest = {row for _, row in sorted(exact, reverse=True)[:RECALLED]}
        shares.append(len(nearest & set(found.tolist())) / len(nearest))
    return statistics.mean(shares)


def first_found(answerer: Answerer, asked: list[tuple[str, str]]) -> float:
    """The share of questions whose own paragraph is found first."""
    right = 0
    for question, path in asked:
        first = next(answerer.find(question, k=1).passages(), None)
        right += first is not None and first[1].document.path == path
    return right / len(asked)


def warm(folder: Path, squad: Path | None) -> Figures:
    """Everything that one serving process is asked, in a process of its own."""
    settings = settings_of(folder).model_copy(update={"remembered_questions": 0})
    answerer = live.open_answerer(settings)
    shipped = [case.question for case in read_questions(ROOT / "questions" / "seeds.jsonl").cases]
    asked = hidden(squad)
    others = [question for question, _ in asked]
    for question in shipped[::2] + others[1::3] + others[2::3]:
        answerer.ask(question)  # none of those that are timed: a bot that has been running a while
    timed = shipped[1::2] + others[::3]
    figures = speed.warm(answerer, timed) | speed.memory()
    figures["recall@10 of the dense leg"] = recall(answerer, shipped)
    if asked:
        figures["R@1 of hidden paragraphs"] = first_found(answerer, asked)
    return figures | speed.again(live.open_answerer(settings_of(folder)), timed[:100])


def build_again(folder: Path) -> Figures:
    """`danis index` from nothing, but with every vector already in the journal."""
    settings = settings_of(folder)
    other = settings.model_copy(update={"index_dir": folder / "built-again"})
    index = live.open_store(settings).open()
    journal = Journal(live.open_store(other).journal, index.manifest.model)
    for segment in index.segments:
        for record in segment.documents():
            for row, content in segment.catalog.contents(record.first_row, record.passages):
                journal.put(content, segment.vectors_of(row))
    journal.flush()
    index.close()
    seconds, peak = speed.whole_process(
        [sys.executable, "-m", "bot", "index"], speed.environment_of(other)
    )
    shutil.rmtree(other.index_dir)
    return {"building without embedding, s": seconds, "building, peak MB": peak}


def measure(folder: Path, passages: int, options: argparse.Namespace) -> Figures:
    """All figures at one size; the index is written where it is not there yet."""
    figures: Figures = {}
    if not (folder / "index" / "CURRENT").exists():
        figures["writing this index, s"] = speed.timed(
            lambda: write_index(folder, passages, options.squad)
        )
    settings = settings_of(folder)
    size = sum(p.stat().st_size for p in settings.index_dir.rglob("*") if p.is_file())
    figures["index, bytes/passage"] = size / live.open_store(settings).manifest().passages
    plain = None
    if options.peers and passages <= PEERS_AT_MOST:
        plain = folder / "plain"
        figures |= peers.prepare_plain(plain, settings)
    figures |= speed.cold(settings, options.runs, plain)
    if plain is not None:
        python = peers.txtai_python(folder.parent)
        figures |= peers.txtai(python, plain, options.runs)
        figures["txtai / danis, times"] = figures["txtai, s"] / figures["cold ask, s"]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        figures |= process.submit(warm, folder, options.squad).result()
    if passages <= BUILT_AT_MOST:
        figures |= build_again(folder)
    return figures | speed.changes(settings, options.runs)


def printed(results: dict[int, Figures]) -> str:
    """One row for each figure, one column for each size."""
    names = dict.fromkeys(name for figures in results.values() for name in figures)
    header = ["passages", *(f"{size:,}" for size in results)]
    rows = [
        [name, *(f"{f[name]:,.3f}" if name in f else "" for f in results.values())]
        for name in names
    ]
    return table([header, *rows])


def in_folder(folder: Path | None, work: Callable[[Path], None]) -> None:
    """Does the work in a folder that is kept, or in one that is removed."""
    if folder is not None:
        work(folder)
        return
    with tempfile.TemporaryDirectory(prefix="danis-scale-") as temporary:
        work(Path(temporary))


def main(arguments: list[str]) -> None:
    """Prints the table, writes the figures and draws them."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--folder", type=Path, help="kept, so that indexes are written only once")
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plots", type=Path)
    options = parser.parse_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # who installs Danış has compiled modules
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in `danis`, for the process that `warm` runs in
    results: dict[int, Figures] = {}

    started = time.strftime("%Y-%m-%d %H:%M")

    def work(folder: Path) -> None:
        for size in map(int, options.sizes.split(",")):
            print(f"{size:,} passages, load {os.getloadavg()[0]:.1f} …", file=sys.stderr)
            results[size] = measure(folder / str(size), size, options)
            if options.json:  # after each size: the next may take an hour
                whole = {"started": started, "cores": os.cpu_count(), "sizes": results}
                options.json.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")

    in_folder(options.folder, work)
    print(printed(results))
    if options.plots:
        draw(results, options.plots)


if __name__ == "__main__":
    main(sys.argv[1:])
