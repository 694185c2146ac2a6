"""The `danis` commands around the Telegram bot; results go to stdout, logs to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing

from bot import live, memory
from bot.settings import load_settings
from bot.words import say


def telegram(_: argparse.Namespace) -> int:
    """Runs the bot until it is told to stop; without an index that can be used it builds first."""
    memory.share_one_heap()
    from bot.serving import checked_token, run_telegram
    from index.errors import MismatchError, NoIndexError

    settings = load_settings()
    checked_token(settings)  # before anything slow is opened
    try:
        answerer = live.open_answerer(settings)
    except (NoIndexError, MismatchError):  # made by older text rules; another model is refused
        live.build_index(settings)
        answerer = live.open_answerer(settings)
    run_telegram(settings, answerer)
    return 0


def approve(options: argparse.Namespace) -> int:
    """Lets in the stranger who bears the pairing code `options.code`."""
    from bot.access import approve as let_in
    from bot.database import place

    settings = load_settings()
    with closing(live.open_state(settings)) as state:
        approval = let_in(state, options.code)
        where = place(state.engine)
    if approval is None:
        print(say("wrong_code", settings.language, place=where), file=sys.stderr)
        return 2
    print(say("approved", settings.language, user=approval.user_id, name=approval.name))
    return 0


def forget(options: argparse.Namespace) -> int:
    """Removes every trace of the Telegram user `options.user`."""

    settings = load_settings()
    with closing(live.open_state(settings)) as state:
        rows = state.forget(options.user)
    print(say("forgotten", settings.language, user=options.user, rows=rows))
    return 0


def feedback(options: argparse.Namespace) -> int:
    """Prints what people said of answers as cases for `danis eval`, a JSON object a line."""
    from bot.feedback import export_feedback

    settings = load_settings()
    with closing(live.open_state(settings)) as state:
        for case in export_feedback(state, complaints=options.complaints):
            print(json.dumps(case, ensure_ascii=False))
    return 0
