"""How often a question made from the seeds, whose answer was left out, is answered all the same.

    python -m bench.near_misses [--squad FILE] [--rounds 3] [--show 60]

Makes questions of the shipped seeds (or of a SQuAD file's paragraphs) as `danis index` does to
calibrate, but of other sentences, and searches each without its passage and without its document:
people and places are right, the fact is missing. `--show` prints some at random with what was
found, to be read: some have an answer elsewhere after all. The same run gives the same questions.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.speed import ROOT
from bot import live
from bot.evaluation import write_seeds
from bot.render import table
from bot.settings import Settings
from index.answer import Verdict
from index.confidence import Calibration, verdict_of
from index.judge import Judge
from index.late_interaction import LateInteraction
from index.probe_search import Searched, samples_of, search_probes
from index.probes import generate_questions
from index.questions_file import read_questions
from index.retriever import Retriever
from index.token_reader import reader_of

CAUTION = "normal"


@dataclass(frozen=True, slots=True)
class Judged:
    """A probe, what it was searched without, and what became of it."""

    searched: Searched
    confidence: float

    @property
    def kind(self) -> str:
        """What was left out, and whether another language's passage came first."""
        left_out = self.searched.left_out
        what = "nothing"
        if left_out:
            what = "its document" if isinstance(left_out, range) else "its passage"
        first = self.searched.ranking.hits[0]
        return f"{what} left out" + (", first in another language" if first.other_language else "")

    @property
    def verdict(self) -> Verdict:
        """As `CAUTION=normal` has it."""
        return verdict_of(self.confidence, CAUTION)


def judged(settings: Settings, rounds: int) -> Iterator[Judged]:
    """Every probe of every round, judged as a question is."""
    index = live.open_store(settings).open()
    embedder = live.open_embedder(settings)
    retriever = Retriever(index, embedder)
    reader = reader_of(embedder, index)
    compare = LateInteraction(reader) if reader else None
    judge = Judge(index, Calibration.from_json(index.manifest.calibration), compare, reader)
    for number in range(1, rounds + 1):  # `danis index` calibrates on round 0
        probes = generate_questions(samples_of(index, len(index), number), number)
        for one in search_probes(index, retriever, reader, probes):
            sample = one.probe.sample
            if one.left_out is sample.document and len(sample.document) == 1:
                continue  # the same as without its passage
            _, confidence = judge(one.probe.question, one.ranking, one.asked, sample.language)
            yield Judged(one, confidence)
    index.close()


def figures(found: list[Judged]) -> str:
    """A table: for each kind, the shares of each verdict."""
    rows = [("questions made, and", "answered plainly", "with the caveat", "refused", "of")]
    near = [one for one in found if one.searched.left_out]
    parts = [
        (kind, [one for one in found if one.kind == kind])
        for kind in sorted({one.kind for one in found})
    ]
    for kind, some in [*parts, ("all near misses", near)]:
        shares = [
            f"{sum(one.verdict is verdict for one in some) / len(some):.1%}"
            for verdict in (Verdict.ANSWERED, Verdict.UNSURE, Verdict.REFUSED)
        ]
        rows.append((kind, *shares, str(len(some))))
    return table(rows)


def shown(found: list[Judged], count: int) -> Iterator[str]:
    """Near misses at random, each with the passage that was found first."""
    near = [one for one in found if one.searched.left_out]
    for one in random.Random(0).sample(near, min(count, len(near))):
        yield (
            f"{one.searched.probe.question}  [{one.verdict.value}, {one.confidence:.2f}]\n"
            f"    made of: {one.searched.probe.sample.text}\n"
            f"    {one.kind}; found: {one.searched.first.text}\n"
        )


def main() -> None:
    """Prints the table, and some of the questions."""
    parser = argparse.ArgumentParser(prog="python -m bench.near_misses", description=__doc__)
    parser.add_argument("--squad", type=Path, help="paragraphs in place of the shipped seeds")
    parser.add_argument("--rounds", type=int, default=3, help="questions made of each passage")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None, seeds_dir=ROOT / "seeds", index_dir=Path(folder, "index")
        )
        if options.squad:
            settings = settings.model_copy(update={"seeds_dir": Path(folder, "seeds")})
            write_seeds(settings.seeds_dir, read_questions(options.squad).paragraphs)
        live.build_index(settings)
        found = list(judged(settings, options.rounds))
    print(figures(found))
    for text in shown(found, options.show):
        print(text)


if __name__ == "__main__":
    main()
