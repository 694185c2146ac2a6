"""What each `danis` command does; answers go to stdout, progress and warnings to stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import live
from bot.exit_codes import ANSWERED, FAILED, NOT_FOUND
from bot.render import Ink, answer_json, answer_text, printable, table, wants_ink
from bot.settings import Settings, load_settings
from bot.words import say
from bot.writer import writing
from index.answer import Answer, Verdict
from index.errors import DanisError, OutputError, reasons

if TYPE_CHECKING:
    from index.build import BuildReport, Progress
    from index.milvus.publish import PublishReport


def ask(options: argparse.Namespace) -> int:
    """Answers one question from a cold start, or one a line from stdin."""
    settings = load_settings()
    if options.question == ["-"]:
        from bot.streaming import stream

        return stream(settings, k=options.k, as_json=options.json, follow=False)
    question = " ".join(options.question)
    answerer = live.open_answerer(settings)
    warn_of_fallback(answerer.warning(settings.language))
    with writing(settings, answerer) as write:
        answer = write(answerer.ask(question, k=options.k, language=None))
    if options.json:
        print(answer_json(answer))
    else:
        ink = Ink(wants_ink(sys.stdout.isatty(), os.environ))
        print(answer_text(answer, ink, str(settings.seeds_dir)))
    return exit_code(answer)


def exit_code(answer: Answer) -> int:
    """0 where anything was answered, 1 where it is not in the sources."""
    answers = answer.parts or (answer,)
    return NOT_FOUND if all(a.verdict is Verdict.REFUSED for a in answers) else ANSWERED


def chat(options: argparse.Namespace) -> int:
    """Asks and follows up, after bringing the index up to date where there is none."""
    settings = load_settings()
    if not live.open_states(settings).current_name():
        build_and_tell(settings)
    if options.json:
        from bot.streaming import stream

        return stream(settings, k=3, as_json=True, follow=True)
    from bot.chat import run

    return run(settings)


def index(options: argparse.Namespace) -> int:
    """Brings the index up to date, once or on every change."""
    settings = load_settings()
    if options.copy_to or options.copy_from:
        if options.rebuild or options.watch:
            raise DanisError(
                "--copy-to ve --copy-from bir dizini olduğu gibi kopyalar: --rebuild ve --watch "
                "olmadan çalıştırın.",
                "--copy-to and --copy-from copy an index as it is: run them without --rebuild and "
                "--watch.",
            )
        return _copy(settings, options.copy_from, options.copy_to)
    build_and_tell(settings, rebuild=options.rebuild)
    if options.watch:
        from bot.watch import watch
        from bot.web_commands import refresh_and_tell

        print(say("watching", settings.language, folder=settings.seeds_dir), file=sys.stderr)
        watch(
            settings.seeds_dir,
            lambda: build_and_tell(settings, only_news=True),
            settings.language,
            lambda pause: refresh_and_tell(settings, pause, 60.0 * settings.feed_minutes),
        )
    return ANSWERED


def build_and_tell(
    settings: Settings, *, rebuild: bool = False, only_news: bool = False
) -> BuildReport:
    """Builds, and says on stderr how far it is and what it did.

    With `only_news` nothing is said where nothing changed.
    """
    language = settings.language

    def tell_sent(report: PublishReport) -> None:
        if only_news and not (report.added or report.removed):
            return
        where = say("index_sent", language, added=report.added, removed=report.removed)
        print(where, file=sys.stderr)

    report = live.build_index(settings, rebuild=rebuild, progress=_Meter(language), sent=tell_sent)
    if only_news and not report.published:
        return report
    for entry in report.skipped:
        what = entry.turkish if language == "tr" else entry.english
        print(say("left_out", language, what=printable(what)), file=sys.stderr)
    if report.published:
        text = say(
            "build_done",
            language,
            documents=report.documents,
            passages=report.passages,
            added=len(report.added),
            changed=len(report.changed),
            removed=len(report.removed),
            renamed=len(report.renamed),
            seconds=report.seconds,
        )
    else:
        text = say(
            "build_unchanged",
            language,
            documents=report.documents,
            passages=report.passages,
            seconds=report.seconds,
        )
    print(text, file=sys.stderr)
    return report


def _copy(settings: Settings, source: str, target: str) -> int:
    """Copies the index of the settings, or the one at `source`, to `target` or to the settings'."""
    from bot.copying import copy_index

    report = copy_index(settings, source, target)
    text = say("index_copied", settings.language, passages=report.added, version=report.version)
    print(text, file=sys.stderr)
    return ANSWERED


class _Meter:
    """Shows a build's progress: one changing line on a terminal, now and then one in a log."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._terminal = sys.stderr.isatty()
        self._told = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        done = progress.bytes_done >= progress.bytes_total
        if time.monotonic() - self._told < (0.2 if self._terminal else 10) and not done:
            return
        if done and not self._terminal:
            return
        self._told = time.monotonic()
        share = progress.bytes_done / max(progress.bytes_total, 1)
        left = progress.seconds * (1 - share) / max(share, 1e-6)
        text = say(
            "build_progress",
            self._language,
            percent=100 * share,
            passages=progress.passages,
            rate=progress.passages / max(progress.seconds, 1e-6),
            left=f"{int(left // 60)}:{int(left % 60):02}",
        )
        if self._terminal:
            print(f"\r\x1b[K{text}", end="\r\x1b[K" if done else "", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr)


def sources(options: argparse.Namespace) -> int:
    """Lists the indexed documents."""
    settings = load_settings()
    opened = live.open_states(settings).open()
    records = sorted(opened.documents(), key=lambda record: record.path)
    if options.json:
        rows = [
            {
                "path": record.path,
                "title": record.title,
                "date": record.date.isoformat() if record.date else None,
                "source": record.source,
                "url": record.url,
                "passages": record.passages,
                "indexed": _when(record.indexed_ns).isoformat(),
            }
            for record in records
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return ANSWERED
    header = say("columns", settings.language).split("|")
    cells = [
        [
            printable(record.path),
            printable(record.title)[:50],
            record.date.isoformat() if record.date else "",
            str(record.passages),
            f"{_when(record.indexed_ns):%Y-%m-%d %H:%M}",
        ]
        for record in records
    ]
    print(table([header, *cells]))
    return ANSWERED


def _when(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9).astimezone()


def warn_of_fallback(warning: str) -> None:
    """Says on stderr that an older index is in use, where it is."""
    if warning:
        print(warning, file=sys.stderr)


def eval(options: argparse.Namespace) -> int:  # named as its command
    """Measures answers on a questions file."""
    from bot.evaluation import drops, measure, report, report_json
    from index.evaluate import scores_of

    settings = load_settings()
    measured = measure(settings, options)
    print(report_json(measured) if options.json else report(measured, settings.language))
    scores = scores_of(measured.outcomes)
    worse = drops(scores, Path(options.baseline)) if options.baseline else []
    for line in worse:
        print(line, file=sys.stderr)
    return NOT_FOUND if worse else ANSWERED


def report(options: argparse.Namespace) -> int:
    """Measures as `eval` does and writes a page."""
    from bot.evaluation import measure
    from bot.report import Setting, page

    settings = load_settings()
    measured = measure(settings, options)
    setting = Setting(
        file="👍/👎" if options.from_feedback else Path(options.file).name,
        index=" ".join([settings.embedding_model, settings.reranker_model]).strip(),
        caution=settings.caution.value,
        language=settings.language,
        made=datetime.now().astimezone(),
    )
    output = Path(options.output)
    try:
        output.write_text(page(measured.outcomes, setting), encoding="utf-8", errors="replace")
    except OSError as error:
        turkish, english = reasons(error)
        raise OutputError(
            f"{output} yazılamıyor ({turkish}): `-o` ile başka bir yer verin.",
            f"{output} cannot be written ({english}): give another place with `-o`.",
        ) from error
    print(output)
    return ANSWERED


def tune(options: argparse.Namespace) -> int:
    """Fits the ranking and the refusal to one's own questions, or forgets that."""
    from bot.tuning import forget_tuning, tune_and_tell

    settings = load_settings()
    return forget_tuning(settings) if options.reset else tune_and_tell(settings, options)


def doctor(options: argparse.Namespace) -> int:
    """Checks settings, index, model and seeds."""
    from bot.doctor import examine

    settings = load_settings()
    findings = list(examine(settings))
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            mark = "✓" if finding.well else "✗"
            mend = f" → {finding.mend}" if finding.mend else ""
            print(f"{mark} {finding.subject}: {printable(finding.text)}{mend}")
    return ANSWERED if all(finding.well for finding in findings) else FAILED
