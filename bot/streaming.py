"""Questions on stdin, answers on stdout, each as soon as it is there: for scripts."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator

from bot import live
from bot.commands import warn_of_fallback
from bot.exit_codes import ANSWERED
from bot.render import Ink, answer_json, answer_text, wants_ink
from bot.settings import Settings
from bot.writer import writing
from index.answer import Answer, Turn
from index.answerer import Answerer

TURNS = 4  # that a follow-up may look back on


def stream(settings: Settings, *, k: int, as_json: bool, follow: bool) -> int:
    """Answers every line of stdin, an empty one too, so that answers count like lines."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    answerer = live.open_answerer(settings)
    warn_of_fallback(answerer.warning(settings.language))
    ink, seeds = Ink(wants_ink(sys.stdout.isatty(), os.environ)), str(settings.seeds_dir)
    with writing(settings, answerer) as write:
        for answer in map(write, answers(answerer, sys.stdin, k=k, follow=follow)):
            text = answer_json(answer, indent=None) if as_json else answer_text(answer, ink, seeds)
            print(text if as_json else text + "\n", flush=True)
    return ANSWERED


def answers(answerer: Answerer, lines: Iterable[str], *, k: int, follow: bool) -> Iterator[Answer]:
    """The answer to each line; with `follow` they are one conversation."""
    turns: list[Turn] = []
    for line in lines:
        answerer.refresh()
        answer = answerer.ask(line.strip(), k=k, turns=tuple(turns))
        yield answer
        last = answer.last
        if follow and (last.citations or last.nearest):
            turns = [*turns[1 - TURNS :], answer.turn]
