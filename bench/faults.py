"""The fault tests of `make test` with larger numbers, and builds by `danis` with the real model.

    python -m bench.faults --kills 200 --flips 50 --seeds 340 --questions 5000

Prints one line for each fault: how many tries, and what came of them. Stops at the first failure.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from pathlib import Path

from bot import live
from bot.settings import Settings
from index.store import VERIFY_ON_OPEN_BYTES
from tests import test_faults_damaged as damaged
from tests import test_faults_killed as killed
from tests import test_faults_questions as odd_questions
from tests import test_faults_seeds as odd_seeds

ROOT = Path(__file__).parent.parent


def ask(root: Path, count: int) -> str:
    """Odd questions to the real model."""
    shutil.copytree(ROOT / "seeds", root / "seeds")
    own = Settings(_env_file=None, seeds_dir=root / "seeds", index_dir=root / "index")
    live.build_index(own)
    answerer = odd_questions.warm_answerer(own)
    return str(odd_questions.ask_many(answerer, own.seeds_dir, count, seed=1))


def main() -> None:
    """Runs what is asked for; 0 leaves a fault out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=200, help="builds killed at random moments")
    parser.add_argument("--step", type=int, default=3, help="kill before each n-th file operation")
    parser.add_argument("--danis", type=int, default=6, help="kills of `danis index`")
    parser.add_argument("--flips", type=int, default=50, help="bits flipped in each index file")
    parser.add_argument("--seeds", type=int, default=340, help="odd files")
    parser.add_argument("--questions", type=int, default=5_000, help="odd questions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if options.kills:
            scene = killed.Scene(root / "killed")
            for kind in ("first", "incremental", "full"):
                tries = options.kills // 3 + 1
                published = killed.kill_at_random(scene, kind, tries, random.Random(kind))
                print(f"killed, {kind}: {tries} tries, all whole, {published} new", flush=True)
            for kind in ("incremental", "full"):
                tries = killed.kill_at_operations(scene, kind, options.step)
                print(f"killed at operations, {kind}: {tries} tries, all whole", flush=True)
        if options.flips:
            damaged_scene = damaged.Scene(root / "damaged")
            for most_bytes in (VERIFY_ON_OPEN_BYTES, 0):
                found = damaged_scene.try_all(options.flips, most_bytes)
                print(f"damaged, verified up to {most_bytes}: {dict(found)}", flush=True)
        if options.seeds:
            (root / "odd").mkdir()
            report, megabytes = odd_seeds.try_seeds(root / "odd", options.seeds, seed=1)
            left_out = len(report.skipped)
            print(f"seeds: {report.documents} in, {left_out} out, {megabytes:.0f} MB", flush=True)
        if options.questions:
            (root / "questions").mkdir()
            print("questions:", ask(root / "questions", options.questions), flush=True)
        if options.danis:
            (root / "danis").mkdir()
            in_time = killed.kill_danis(root / "danis", options.danis)
            print(f"danis: {options.danis} tries, {in_time} killed in time, all well", flush=True)


if __name__ == "__main__":
    main()
