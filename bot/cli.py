"""The `danis` command: the one place that turns errors into words and exit codes."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence

from bot.exit_codes import ANSWERED, FAILED, INTERRUPTED, TRY_AGAIN
from bot.words import say
from index.errors import BusyIndexError, DanisError, PortError, ServerError, StateError

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    # The products of one question are small: NumPy's threads would only wait for each other, ten
    # milliseconds on a busy machine instead of a tenth of one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return _run(options)
    except BrokenPipeError:
        # The reader of our output has gone (`danis sources | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        _tell(error)
        # The bot is to be started again unless something in its settings or folders must be mended.
        passes = not isinstance(error, DanisError) or isinstance(
            error, (StateError, ServerError, BusyIndexError, PortError)
        )
        return TRY_AGAIN if passes and options.command == "telegram" else FAILED


def _tell(error: Exception) -> None:
    """Says an error in one line on stderr, and for LOG_LEVEL=DEBUG before it where it came from."""
    from bot.settings import load_settings, locale_language

    try:
        settings = load_settings()
        language, level = settings.language, settings.log_level
    except DanisError:
        chosen = os.environ.get("DANIS_LANG", "")
        language = chosen if chosen in ("tr", "en") else locale_language()
        level = os.environ.get("LOG_LEVEL", "").upper()
    if level == "DEBUG":
        traceback.print_exception(error)
    if isinstance(error, DanisError):
        text = error.text(language)
    else:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        text = say("unexpected", language, error=what)
    print(text, file=sys.stderr)


def _run(options: argparse.Namespace) -> int:
    if options.command in ("ask", "chat"):
        from bot.live import open_early
        from bot.settings import load_settings

        if options.command == "ask" and options.question != ["-"]:
            gc.disable()  # for one question; it would run dozens of times over what is imported
        open_early(load_settings())
    # Imported here: `danis --help` needs neither, and the terminal none of Telegram.
    if options.command in ("add", "feed"):
        from bot import web_commands as commands
    elif options.command in ("export", "import"):
        from bot import moving as commands  # type: ignore[no-redef]
    elif options.command in ("telegram", "approve", "forget", "feedback"):
        from bot import telegram_commands as commands  # type: ignore[no-redef]
    elif options.command == "models":
        from bot import model_commands as commands  # type: ignore[no-redef]
    else:
        from bot import commands  # type: ignore[no-redef]
    command: Command = getattr(
        commands, "import_" if options.command == "import" else options.command
    )
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="danis",
        description="Answers questions over a folder of documents, word for word and cited.",
    )
    add = parser.add_subparsers(dest="command", required=True, metavar="COMMAND").add_parser

    index = add("index", help="bring the index up to date with the seeds folder")
    index.add_argument("--rebuild", action="store_true", help="start from nothing")
    index.add_argument("--watch", action="store_true", help="stay, and rebuild on every change")
    copied = index.add_mutually_exclusive_group()
    copied.add_argument(
        "--copy-to",
        metavar="WHERE",
        default="",
        help="copy the index to a folder or a server (http://…), embedding nothing again",
    )
    copied.add_argument("--copy-from", metavar="WHERE", default="", help="and from there")

    page = add("add", help="store the article of a web page as a seed")
    page.add_argument("url", nargs="+", metavar="URL")
    feed = add("feed", help="follow news feeds (RSS, Atom)").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    feed.add_parser("add", help="follow a feed").add_argument("url", metavar="URL")
    feed.add_parser("list", help="list the feeds that are followed")
    feed.add_parser("remove", help="follow a feed no more").add_argument("url", metavar="URL")
    feed.add_parser("refresh", help="fetch what is new in all of them")

    ask = add("ask", help="answer one question")
    ask.add_argument("question", nargs="+", help="the question; - reads one a line from stdin")
    ask.add_argument("-k", type=_positive, default=3, help="citations at most (default 3)")
    ask.add_argument("--json", action="store_true", help="whole answers for scripts")

    chat = add("chat", help="ask and follow up in the terminal")
    chat.add_argument(
        "--json", action="store_true", help="read questions from stdin, write an answer a line"
    )

    sources = add("sources", help="list what is indexed")
    sources.add_argument("--json", action="store_true")

    evaluate = add("eval", help="measure answers on a questions file")
    _add_questions(evaluate)
    evaluate.add_argument("--json", action="store_true")
    evaluate.add_argument("--baseline", metavar="FILE", help="fail where a figure dropped")

    report = add("report", help="eval as one page: plots, worst questions")
    _add_questions(report)
    report.add_argument(
        "-o",
        "--output",
        metavar="PAGE",
        default="danis-report.html",
        help="where the page goes (default danis-report.html)",
    )

    tune = add("tune", help="fit ranking and refusal to your own questions and feedback")
    tune.add_argument("file", nargs="?", help="SQuAD JSON, or JSON lines; feedback is added")
    tune.add_argument("--reset", action="store_true", help="forget what was tuned")
    tune.add_argument("--json", action="store_true")

    doctor = add("doctor", help="check settings, index, model and seeds")
    doctor.add_argument("--json", action="store_true")

    models = add("models", help="list models; fetch one; compare two on your own questions")
    models.add_argument("--json", action="store_true")
    models.set_defaults(action=None)
    act = models.add_subparsers(dest="action", metavar="ACTION").add_parser
    fetch = act("fetch", help="download a model; nothing else ever does")
    fetch.add_argument("name", help="owner/model, as `danis models` lists them")
    compare = act("compare", help="measure two models on a questions file over your seeds")
    compare.add_argument("first")
    compare.add_argument("second")
    compare.add_argument("--questions", required=True, metavar="FILE")
    compare.add_argument("--json", action="store_true")

    add("telegram", help="run the Telegram bot")
    approve = add("approve", help="let the user with this pairing code in")
    approve.add_argument("code")
    forget = add("forget", help="remove a Telegram user's traces")
    forget.add_argument("user", type=int)
    feedback = add("feedback", help="write what people rated as cases for `danis eval`")
    feedback.add_argument("--complaints", action="store_true", help="with the bad ones, to look at")

    exported = add("export", help="write the index and the bot's memory to one file")
    exported.add_argument("file")
    imported = add("import", help="put what such a file holds in their place")
    imported.add_argument("file")
    imported.add_argument("--replace", action="store_true", help="also where there is something")
    return parser


def _add_questions(evaluate: argparse.ArgumentParser) -> None:
    asked = evaluate.add_mutually_exclusive_group(required=True)
    asked.add_argument("file", nargs="?", help="SQuAD JSON, or JSON lines of one's own")
    asked.add_argument(
        "--from-feedback", action="store_true", help="ask what people rated in Telegram"
    )
    evaluate.add_argument(
        "--over",
        metavar="FILE",
        help="a SQuAD file whose paragraphs are searched instead of the file's own",
    )
    evaluate.add_argument(
        "--index", action="store_true", help="search the built index, also for a SQuAD file"
    )
    evaluate.add_argument(
        "--typing",
        choices=("clean", "ascii", "capitals", "typo"),
        default="clean",
        help="type the questions without Turkish letters, in capitals, or with one typo each",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 50:
        raise argparse.ArgumentTypeError("must be a whole number between 1 and 50")
    return int(text)
