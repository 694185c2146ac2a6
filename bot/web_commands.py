"""`danis add` and `danis feed`: web pages and news feeds become seeds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.commands import build_and_tell
from bot.exit_codes import ANSWERED, FAILED
from bot.render import printable, table
from bot.settings import Settings, load_settings
from bot.words import say
from index.errors import BusyIndexError, WebError

if TYPE_CHECKING:
    from index.web.feeds import Feeds
    from index.web.fetch import Fetcher


def add(options: argparse.Namespace) -> int:
    """Stores the articles of web pages as seeds and brings the index up to date."""
    from index.web.pages import article_of, store

    settings = load_settings()
    fetcher = open_fetcher(settings)
    failed = stored = 0
    for url in options.url:
        try:
            page = fetcher.page(url)
            path = store(settings.seeds_dir, page.url, article_of(page))
        except WebError as error:
            failed += 1
            print(printable(error.text(settings.language)), file=sys.stderr)
            continue
        stored += 1
        print(say("page_stored", settings.language, url=page.url, path=printable(str(path))))
    if stored:
        _index(settings)
    return FAILED if failed else ANSWERED


def feed(options: argparse.Namespace) -> int:
    """Follows feeds, lists them, follows them no more, or fetches what is new."""
    settings = load_settings()
    language = settings.language
    feeds = open_feeds(settings)
    match options.action:
        case "add":
            added = feeds.add(options.url, open_fetcher(settings))
            print(say("feed_added", language, title=printable(added.title or added.url)))
        case "remove":
            gone = feeds.remove(options.url)
            folder = settings.seeds_dir / "web"
            title = printable(gone.title or gone.url)
            print(say("feed_removed", language, title=title, folder=folder))
        case "list":
            print(_listed(feeds, language))
        case "refresh":
            if not feeds.all():
                print(say("no_feeds", language))
            elif refresh_and_tell(settings):
                _index(settings)
    return ANSWERED


def refresh_and_tell(
    settings: Settings,
    pause: Callable[[float], object] | None = None,
    older_than: float = 0.0,
) -> int:
    """Fetches what is new in the feeds that are due; how many seeds it brought."""
    feeds = open_feeds(settings)
    if not feeds.all():
        return 0
    language, stored = settings.language, 0
    waiting = {} if pause is None else {"pause": pause}
    for refreshed in feeds.refresh(
        settings.seeds_dir, open_fetcher(settings), **waiting, older_than=older_than
    ):
        stored += len(refreshed.stored)
        for problem in refreshed.problems:
            what = printable(problem.text(language))
            print(say("not_fetched", language, what=what), file=sys.stderr)
        title = printable(refreshed.feed.title or refreshed.feed.url)
        text = say("feed_refreshed", language, title=title, stored=len(refreshed.stored))
        print(text, file=sys.stderr)
    return stored


def open_fetcher(settings: Settings) -> Fetcher:
    """A fetcher with the limits that the settings name."""
    from index.web.addresses import is_public, is_public_or_private
    from index.web.fetch import Fetcher

    allowed = is_public_or_private if settings.web_allow_private else is_public
    return Fetcher(settings.web_max_bytes, allowed=allowed)


def open_feeds(settings: Settings) -> Feeds:
    """The list of feeds, kept in the state folder."""
    from index.web.feeds import Feeds

    return Feeds(settings.state_dir / "feeds.json")


def _index(settings: Settings) -> None:
    try:
        build_and_tell(settings)
    except BusyIndexError:  # most likely `danis index --watch`, which has seen the new files
        print(say("index_later", settings.language), file=sys.stderr)


def _listed(feeds: Feeds, language: str) -> str:
    rows = [
        [
            each.url,
            printable(each.title)[:50],
            str(sum(tries is None for tries in each.seen.values())),
            each.checked[:16].replace("T", " "),
        ]
        for each in feeds.all()
    ]
    if not rows:
        return say("no_feeds", language)
    return table([say("feed_columns", language).split("|"), *rows])
