"""`danis eval`: which index a questions file is asked of, and the table of its figures."""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot import live
from bot.render import table
from bot.settings import Settings
from bot.words import say
from index.answerer import Answerer
from index.comparison import Difference, differences
from index.errors import QuestionsFileError
from index.evaluate import Outcome, Scores, evaluate, scores_of
from index.headers import yaml_value
from index.questions_file import Case, Paragraph, read_questions

# A figure may be this much below its baseline before it counts as a drop.
TOLERANCE = 0.005
_HIGHER_IS_BETTER = (
    "recall_at_1",
    "recall_at_5",
    "ndcg_at_10",
    "mrr",
    "sentence_hit",
    "refusal_auroc",
    "answered_at_95_precision",
)
_LOWER_IS_BETTER = (
    "wrong_answers_given",
    "wrong_answers_plain",
    "right_answers_withheld",
    "complaints_repeated",
)

_TO_ASCII = str.maketrans("çğıöşüÇĞİÖŞÜâîûÂÎÛ", "cgiosuCGIOSUaiuAIU")


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of the cases; `without` the reranker too, where one is set."""

    outcomes: list[Outcome]
    without: list[Outcome] | None = None


def measure(settings: Settings, options: argparse.Namespace) -> Measured:
    """Asks the questions of a file, or what people rated.

    A SQuAD file is asked of the paragraphs it brings along (of another file's with --over, of the
    built index with --index), JSON lines of the built index.

    Raises:
        QuestionsFileError: the file is not a questions file.
    """
    settings = settings.model_copy(update={"remembered_questions": 0})  # each is timed in full
    if options.from_feedback:
        from bot.tuning import feedback_cases

        return _measured(settings, feedback_cases(settings))
    questions = read_questions(Path(options.file))
    cases = [typed(case, options.typing, seed) for seed, case in enumerate(questions.cases)]
    if options.index or not questions.paragraphs:
        return _measured(settings, cases)
    paragraphs = questions.paragraphs
    if options.over:
        paragraphs = read_questions(Path(options.over)).paragraphs
        if len(paragraphs) != len(questions.paragraphs):
            raise QuestionsFileError(
                f"{options.over}: {len(paragraphs)} paragraf var, {options.file}: "
                f"{len(questions.paragraphs)}; aynı paragrafların çevirisi beklenir.",
                f"{options.over} has {len(paragraphs)} paragraphs, {options.file} has "
                f"{len(questions.paragraphs)}; expected a translation of the same paragraphs.",
            )
        cases = [replace(case, answer="") for case in cases]  # answers are in another language
    with tempfile.TemporaryDirectory(prefix="danis-eval-") as folder:
        own = settings.model_copy(
            update={
                "seeds_dir": Path(folder, "seeds"),
                "index_dir": Path(folder, "index"),
                "index_uri": "",
            }
        )
        write_seeds(own.seeds_dir, paragraphs)
        live.build_index(own)
        return _measured(own, cases, removed=True)


def _measured(settings: Settings, cases: Sequence[Case], removed: bool = False) -> Measured:
    outcomes = asked(live.open_answerer(settings), cases, removed)
    if not settings.reranker_model:
        return Measured(outcomes)
    plain = live.open_answerer(settings.model_copy(update={"reranker_model": ""}))
    return Measured(outcomes, asked(plain, cases, removed))


def asked(answerer: Answerer, cases: Sequence[Case], removed: bool = False) -> list[Outcome]:
    """The outcomes of all cases, with a count on a terminal's stderr meanwhile."""

    return evaluate(answerer, cases, removed=removed, progress=tell_count)


def tell_count(done: int, total: int) -> None:
    """Shows on a terminal how many of all are done, in one changing line."""
    if sys.stderr.isatty():
        end = "\r\x1b[K" if done == total else ""
        print(f"\r\x1b[K{done}/{total}", end=end, file=sys.stderr, flush=True)


def write_seeds(folder: Path, paragraphs: Sequence[Paragraph]) -> None:
    """Writes the paragraphs that a SQuAD file brings along, a seed each."""
    folder.mkdir(parents=True)
    for paragraph in paragraphs:
        text = paragraph.text.replace("\ufeff", "").replace("\n", " ").strip()
        title = yaml_value(paragraph.title)
        (folder / paragraph.path).write_text(
            f"---\ntitle: {title}\n---\n\n{text}\n", encoding="utf-8"
        )


def typed(case: Case, how: str, seed: int) -> Case:
    """The case as somebody types it: without Turkish letters, in capitals, or with one typo."""
    question = case.question
    if how == "ascii":
        question = question.translate(_TO_ASCII)
    elif how == "capitals":
        question = question.replace("i", "İ").replace("ı", "I").upper()
    elif how == "typo":
        question = with_typo(question, random.Random(seed))  # noqa: S311
    return replace(case, question=question)


def with_typo(question: str, chance: random.Random) -> str:
    """The question with one letter of one word swapped, dropped, doubled or replaced."""
    words = question.split(" ")
    long = [place for place, word in enumerate(words) if len(word.strip("?.,!'\"")) >= 4]
    if not long:
        return question
    place = chance.choice(long)
    word = words[place]
    at = chance.randrange(1, len(word.rstrip("?.,!'\"")) - 1)
    kind = chance.choice(("swap", "drop", "double", "replace"))
    words[place] = {
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + word[at] + word[at:],
        "replace": word[:at] + chance.choice("aeiklmnrst") + word[at + 1 :],
    }[kind]
    return " ".join(words)


_LABELS = (
    ("soru (yanıtı olan)", "questions (answerable)"),
    ("R@1", "R@1"),
    ("R@5", "R@5"),
    ("nDCG@10", "nDCG@10"),
    ("MRR", "MRR"),
    ("yanıt cümlesi doğru", "answering sentence right"),
    ("geri çevirme AUROC", "refusal AUROC"),
    ("%95 kesinlikte yanıtlanan", "answered at 95 % precision"),
    ("verilen yanlış yanıt", "wrong answers given"),
    ("  bunun çekincesiz olanı", "  of them without a caveat"),
    ("esirgenen doğru yanıt", "right answers withheld"),
    ("yinelenen yanlış kaynak", "complaints repeated"),
    ("süre p50 / p95", "latency p50 / p95"),
)


def scores_table(language: str, *columns: Scores, titles: Sequence[str] = ()) -> str:
    """The figures for people, a column for each of several scores with its title above."""
    rows = [
        (label[language != "tr"], *cells)
        for label, *cells in zip(_LABELS, *map(_cells, columns), strict=True)
    ]
    return table([("", *titles), *rows] if titles else rows)


def labelled(scores: Scores, language: str) -> list[tuple[str, str]]:
    """Each figure with its name."""
    names = (label[language != "tr"] for label in _LABELS)
    return list(zip(names, _cells(scores), strict=True))


def _cells(scores: Scores) -> list[str]:
    return [
        f"{scores.questions} ({scores.answerable})",
        _share(scores.recall_at_1),
        _share(scores.recall_at_5),
        _share(scores.ndcg_at_10),
        _share(scores.mrr),
        _share(scores.sentence_hit),
        _share(scores.refusal_auroc),
        _share(scores.answered_at_95_precision),
        _share(scores.wrong_answers_given),
        _share(scores.wrong_answers_plain),
        _share(scores.right_answers_withheld),
        _share(scores.complaints_repeated),
        f"{scores.p50_ms:.1f} / {scores.p95_ms:.1f} ms",
    ]


def differences_text(found: Sequence[Difference], language: str) -> str:
    """What changed from before to after, and whether that may be chance."""
    rows = []
    for each in found:
        label = each.figure
        if label == "verdict":
            label = "doğru karar" if language == "tr" else "right verdict"
        change = f"{each.after - each.before:+.4f} ({each.low:+.4f} … {each.high:+.4f})"
        counts = say("better_worse", language, better=each.better, worse=each.worse)
        rows.append((label, change, counts, "" if each.clear else say("chance", language)))
    return table(rows)


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.4f}"


def report(measured: Measured, language: str) -> str:
    """The figures for people; with a reranker, those without it beside and what it changed."""
    scores = scores_of(measured.outcomes)
    if measured.without is None:
        return scores_table(language, scores)
    titles = say("without_with", language).split("|")
    both = scores_table(language, scores_of(measured.without), scores, titles=titles)
    changed = differences_text(differences(measured.without, measured.outcomes), language)
    return f"{both}\n\n{say('changed_by', language)}\n{changed}"


def report_json(measured: Measured) -> str:
    """The figures for scripts, `without_reranker` those without it where one is set."""
    values = plain_figures(scores_of(measured.outcomes))
    if measured.without is not None:
        values["without_reranker"] = plain_figures(scores_of(measured.without))
        found = differences(measured.without, measured.outcomes)
        values["differences"] = [asdict(each) for each in found]
    return json.dumps(values, indent=2)


def plain_figures(scores: Scores) -> dict[str, Any]:
    """The figures by name; None where a file has no case of the kind."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in asdict(scores).items()
    }


def drops(scores: Scores, baseline: Path) -> list[str]:
    """What is worse than in a file that `danis eval --json` wrote.

    Raises:
        QuestionsFileError: the baseline cannot be read.
    """
    try:
        before = json.loads(baseline.read_text(encoding="utf-8"))
        pairs = [
            (name, before.get(name), getattr(scores, name))
            for name in (*_HIGHER_IS_BETTER, *_LOWER_IS_BETTER)
        ]
    except (OSError, ValueError, AttributeError) as error:
        raise QuestionsFileError(
            f"{baseline} okunamıyor ({error}): `danis eval … --json > {baseline}` ile yazın.",
            f"{baseline} cannot be read ({error}): write it with "
            f"`danis eval … --json > {baseline}`.",
        ) from error
    worse = []
    for name, old, new in pairs:
        if old is None or math.isnan(new):
            continue
        change = new - old if name in _HIGHER_IS_BETTER else old - new
        if change < -TOLERANCE:
            worse.append(f"{name}: {old:.4f} → {new:.4f}")
    return worse
