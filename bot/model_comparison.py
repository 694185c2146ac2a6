"""Compares two embedding models on somebody's own questions, and says what a switch costs."""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot import live
from bot.evaluation import asked, differences_text, plain_figures, scores_table, write_seeds
from bot.render import table
from bot.settings import Settings
from bot.words import say
from index.comparison import differences
from index.errors import DanisError, QuestionsFileError
from index.evaluate import Outcome, scores_of
from index.questions_file import Case, read_questions

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model takes: seconds and bytes; memory is the peak of a process of its own."""

    build_seconds: float
    build_bytes: int
    index_bytes: int
    answer_bytes: int
    passages: int
    dimensions: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One model, built and asked."""

    model: str
    cost: Cost
    outcomes: list[Outcome]


def compare(
    settings: Settings, models: Sequence[str], questions: Path, tell: Callable[[str], None]
) -> list[Trial]:
    """Builds an index with each model, apart from the one in use, and asks it every question.

    Questions are asked of the user's own seeds; of a SQuAD file, of the paragraphs it brings.

    Raises:
        QuestionsFileError: the file is not a questions file, or has no question with an answer.
        DanisError: a model cannot be used.
    """
    read = read_questions(questions)
    if not any(case.source is not None for case in read.cases):
        raise QuestionsFileError(
            f"{questions}: kaynağı belli bir soru yok; satırlara “source” ekleyin.",
            f"{questions} has no question whose source is known: add “source” to its lines.",
        )
    with tempfile.TemporaryDirectory(prefix="danis-compare-") as folder:
        if read.paragraphs:
            settings = settings.model_copy(update={"seeds_dir": Path(folder, "seeds")})
            write_seeds(settings.seeds_dir, read.paragraphs)
        trials = []
        for number, model in enumerate(models):
            tell(model)
            own = settings.model_copy(
                update={
                    "embedding_model": model,
                    "index_dir": Path(folder, f"index-{number}"),
                    "remembered_questions": 0,
                }
            )
            seconds, build_bytes, dimensions = _apart(_built, own)
            outcomes, answer_bytes, passages = _apart(_asked, own, list(read.cases))
            size = sum(f.stat().st_size for f in own.index_dir.rglob("*") if f.is_file())
            cost = Cost(seconds, build_bytes, size, answer_bytes, passages, dimensions)
            trials.append(Trial(model, cost, outcomes))
    return trials


def _apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs work in a new process, whose peak of memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as apart:
        outcome, error = apart.submit(_guarded, work, args, kwargs).result()
    if error is not None:
        raise DanisError(*error)
    return outcome


def _guarded(work, args, kwargs):  # type: ignore[no-untyped-def]
    try:
        return work(*args, **kwargs), None
    except DanisError as error:  # which do not cross processes as they are
        return None, (error.turkish, error.english)


def _built(settings: Settings) -> tuple[float, int, int]:
    started = time.perf_counter()
    live.build_index(settings)
    seconds = time.perf_counter() - started
    manifest = live.open_store(settings).manifest()
    return seconds, _peak_bytes(), manifest.model.dimensions


def _asked(settings: Settings, cases: list[Case]) -> tuple[list[Outcome], int, int]:
    answerer = live.open_answerer(settings)
    answerer.find(cases[0].question, k=1)  # the first is slower, and paid once
    outcomes = asked(answerer, cases)
    return outcomes, _peak_bytes(), answerer.passages


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def comparison_text(trials: Sequence[Trial], language: str) -> str:
    """The figures side by side, what differs, and what a switch to the second model costs."""
    first, second = trials
    scores = [scores_of(trial.outcomes) for trial in trials]
    figures = scores_table(language, *scores, titles=[trial.model for trial in trials])
    labels = say("cost_labels", language).split("|")
    costs = table(
        [("", *(t.model for t in trials)), *zip(labels, *map(_cells, trials), strict=True)]
    )
    changed = differences_text(differences(first.outcomes, second.outcomes), language)
    count = scores[0].answerable
    parts = [
        figures,
        f"{say('second_changes', language, model=second.model)}\n{changed}",
        costs,
        say(
            "switch",
            language,
            model=second.model,
            seconds=second.cost.build_seconds,
            passages=second.cost.passages,
        ),
    ]
    if count < 50:
        parts.insert(2, say("few_questions", language, count=count))
    return "\n\n".join(parts)


def _cells(trial: Trial) -> list[str]:
    cost = trial.cost
    return [
        str(cost.dimensions),
        f"{cost.build_seconds:.1f} s",
        f"{cost.build_bytes / 1e6:.0f} MB",
        f"{cost.answer_bytes / 1e6:.0f} MB",
        f"{cost.index_bytes / 1e6:.1f} MB",
    ]


def comparison_json(trials: Sequence[Trial]) -> str:
    """The same for scripts; null where the file has no case of the kind."""
    models = [
        {"model": t.model, **asdict(t.cost), **plain_figures(scores_of(t.outcomes))} for t in trials
    ]
    found = differences(trials[0].outcomes, trials[1].outcomes)
    return json.dumps({"models": models, "differences": [asdict(d) for d in found]}, indent=2)
