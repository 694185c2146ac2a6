"""`danis tune`: one's own questions gathered, fitted to, and what came of it told."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import live
from bot.evaluation import tell_count
from bot.exit_codes import ANSWERED, FAILED
from bot.render import table
from bot.settings import Settings
from bot.words import say
from index.errors import QuestionsFileError
from index.evaluate import is_right, squeezed
from index.finder import Finder
from index.questions_file import Case, read_lines, read_questions
from index.records import PassageRecord
from index.tune import FEWEST, FEWEST_OF_A_KIND, Comparison, Report, search, tune
from index.tuning import FILE, remove_tuning, write_tuning


def feedback_cases(settings: Settings) -> list[Case]:
    """What people rated, as cases; never on disk, where `danis forget` would not find it.

    Raises:
        QuestionsFileError: nobody has rated anything yet.
    """
    from bot.feedback import export_feedback
    from bot.state import open_state

    lines: dict[str, None] = {}
    if settings.state_dir.exists():
        with closing(open_state(settings.state_dir)) as state:
            for case in export_feedback(state, complaints=True):
                lines[json.dumps(case, ensure_ascii=False)] = None
    if not lines:
        raise QuestionsFileError(say("no_feedback", "tr"), say("no_feedback", "en"))
    return list(read_lines("\n".join(lines), "danis feedback"))


def forget_tuning(settings: Settings) -> int:
    """Goes back to the shipped weights."""
    removed = remove_tuning(settings.index_dir)
    print(say("tune_reset" if removed else "tune_nothing", settings.language))
    return ANSWERED


def tune_and_tell(settings: Settings, options: argparse.Namespace) -> int:
    """Fits, keeps what won, and tells both; exit code 2 where there is nothing to fit to.

    Raises:
        QuestionsFileError: a file cannot be read, or there is neither file nor feedback.
    """
    started = time.perf_counter()
    cases, rightly = _cases(settings, options.file)
    index = live.open_store(settings).open()
    model = index.manifest.model
    embedder = live.open_embedder(settings)
    if live.model_of(embedder) != model:
        from index.manifest import mismatch

        raise mismatch(model, live.model_of(embedder))
    finder = Finder(index, embedder)
    asked = search(finder, cases, rightly, tell_count)
    current = live.tuning_for(settings, model)
    report = tune(finder, asked, current, settings.caution.value)
    if report.weights_won or report.trust_won:
        figures = {
            name: (each.before, each.after)
            for name, each in (report.ranking | report.refusal).items()
        }
        made = replace(report.tuning, made=datetime.now(UTC), figures=figures)
        write_tuning(settings.index_dir, made, index.manifest)
    if options.json:
        print(json.dumps(asdict(report), indent=2, default=str))
    else:
        print(report_text(report, len(cases), time.perf_counter() - started, settings))
    return ANSWERED if report.ranking or report.refusal else FAILED


def _cases(
    settings: Settings, file: str | None
) -> tuple[list[Case], Callable[[Case, PassageRecord], bool]]:
    """The cases of a file and of the feedback, and what tells whether a passage is right."""
    cases: list[Case] = []
    contexts: dict[str, str] = {}
    if file:
        given = read_questions(Path(file))
        cases += given.cases
        contexts = {paragraph.path: squeezed(paragraph.text) for paragraph in given.paragraphs}
    try:
        cases += feedback_cases(settings)
    except QuestionsFileError:
        if not file:
            raise

    def rightly(case: Case, record: PassageRecord) -> bool:
        if case.group and case.source in contexts:
            # A SQuAD paragraph stands in the index under a name of its own.
            held = squeezed(record.text)
            return held in contexts[case.source] and squeezed(case.answer) in held
        return is_right(case, record)

    return cases, rightly


def report_text(report: Report, cases: int, seconds: float, settings: Settings) -> str:
    """What tuning found, for people."""
    language = settings.language
    lines = [
        say(
            "tune_cases",
            language,
            cases=cases,
            ranked=report.ranked,
            answerable=report.answerable,
            absent=report.absent,
            seconds=seconds,
        )
    ]
    rows = [
        (say(name, language), f"{each.before:.3f}", f"{each.after:.3f}", _chance(each))
        for name, each in (report.ranking | report.refusal).items()
    ]
    if rows:
        lines.append(table([say("tune_columns", language).split("|"), *rows]))
    if not report.ranking:
        lines.append(say("too_few_ranked", language, fewest=FEWEST))
    else:
        lines.append(say("weights_won" if report.weights_won else "weights_lost", language))
    if not report.refusal:
        lines.append(say("too_few_refusal", language, fewest=FEWEST_OF_A_KIND))
    else:
        lines.append(say("trust_won" if report.trust_won else "trust_lost", language))
    if report.weights_won or report.trust_won:
        lines.append(say("tune_kept", language, path=settings.index_dir / FILE))
    return "\n".join(lines)


def _chance(compared: Comparison) -> str:
    return "" if compared.surely_better is None else f"{compared.surely_better:.0%}"
