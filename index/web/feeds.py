"""News feeds that are followed: a list of them, and their new entries as seeds."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from index.errors import WebError, reasons
from index.formats.extract import Extract
from index.web.addresses import web_address
from index.web.fetch import Fetcher
from index.web.pages import LEAST_LETTERS, article_of, store
from index.web.reading import read_fetched

FEED_KINDS = (
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml",
    "text/xml", "application/x-rss+xml", "text/html", "text/plain",
)  # fmt: skip
MOST_NEW = 20  # entries that one refresh of a feed fetches; the next one goes on
MOST_SEEN = 2_000
MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is followed. `seen` are its entries' ids, with how often one was tried in vain.

    An entry that became a seed has None: a seed that is deleted does not come back. `checked` is
    when the feed was last asked for, with or without success.
    """

    url: str
    title: str = ""
    added: str = ""
    checked: str = ""
    etag: str = ""
    modified: str = ""
    seen: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh brought: new seeds, and what could not be had."""

    feed: Feed
    stored: tuple[Path, ...] = ()
    problems: tuple[WebError, ...] = ()


class Feeds:
    """The list of feeds, a JSON file.

    Raises:
        WebError: by every method, where the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[Feed]:
        """The feeds in the order in which they were added."""
        try:
            listed = json.loads(self._path.read_text(encoding="utf-8"))
            return [Feed(**fields) for fields in listed]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            raise WebError(
                f"{self._path} okunamıyor; düzeltin ya da silip akışları yeniden ekleyin.",
                f"{self._path} cannot be read; mend it, or delete it and add the feeds again.",
            ) from error

    def add(self, url: str, fetcher: Fetcher) -> Feed:
        """Begins to follow a feed; it is fetched once, to see that it is one.

        Raises:
            WebError: it is no feed, cannot be fetched, or is followed already.
        """
        url = web_address(url)
        feeds = self.all()
        if any(feed.url == url for feed in feeds):
            raise WebError(f"{url} zaten izleniyor.", f"{url} is followed already.")
        content = _read(url, fetcher.page(url, FEED_KINDS).content)
        feed = Feed(url, str(content["title"]), _now())
        self._write([*feeds, feed])
        return feed

    def remove(self, url: str) -> Feed:
        """Follows a feed no more; its seeds stay.

        Raises:
            WebError: it was not followed.
        """
        feeds = self.all()
        for feed in feeds:
            if url in (feed.url, feed.title) or web_address(url) == feed.url:
                self._write([each for each in feeds if each != feed])
                return feed
        raise WebError(
            f"{url} izlenmiyor; `danis feed list` izlenenleri sıralar.",
            f"{url} is not followed; `danis feed list` lists what is.",
        )

    def refresh(
        self,
        seeds: Path,
        fetcher: Fetcher,
        pause: Callable[[float], object] = time.sleep,
        *,
        older_than: float = 0.0,
    ) -> Iterator[Refreshed]:
        """Fetches each feed's new entries as seeds, and keeps what was seen, feed by feed.

        `pause` waits a second between two pages; a true result ends the refresh. Feeds that were
        asked for less than `older_than` seconds ago are left for later.
        """
        for feed in self.all():
            if older_than and _seconds_since(feed.checked) < older_than:
                continue
            stopped = False

            def wait(seconds: float) -> bool:
                nonlocal stopped
                stopped = stopped or bool(pause(seconds))
                return stopped

            refreshed = refresh(feed, seeds, fetcher, wait)
            feeds = [refreshed.feed if each.url == feed.url else each for each in self.all()]
            self._write(feeds)
            yield refreshed
            if stopped:
                return

    def _write(self, feeds: list[Feed]) -> None:
        text = json.dumps([asdict(feed) for feed in feeds], ensure_ascii=False, indent=1)
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(text, encoding="utf-8")
            aside.replace(self._path)
        except OSError as error:
            turkish, english = reasons(error)
            raise WebError(
                f"{self._path} yazılamadı ({turkish}); izinlere ve diske bakın.",
                f"{self._path} could not be written ({english}); check permissions and the disk.",
            ) from error


def refresh(feed: Feed, seeds: Path, fetcher: Fetcher, pause: Callable[[float], bool]) -> Refreshed:
    """Fetches a feed's new entries; `pause` waits between pages and tells whether to stop."""
    asked = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
    try:
        page = fetcher.page(feed.url, FEED_KINDS, {k: v for k, v in asked.items() if v})
        if page.unchanged:
            return Refreshed(replace(feed, checked=_now()))
        content = _read(feed.url, page.content)
    except WebError as error:
        return Refreshed(replace(feed, checked=_now()), problems=(error,))
    seen = dict(feed.seen)
    stored: list[Path] = []
    problems: list[WebError] = []
    waiting = [entry for entry in content["entries"] if _is_new(entry, seen)]
    for number, entry in enumerate(waiting[:MOST_NEW]):
        if number and pause(1.0):
            break
        try:
            stored.append(_store(entry, content["title"], feed, seeds, fetcher))
            seen[entry["id"]] = None
        except WebError as error:
            seen[entry["id"]] = (seen.get(entry["id"]) or 0) + 1
            problems.append(error)
    done = not any(_is_new(entry, seen) for entry in waiting)
    listed = {entry["id"] for entry in content["entries"]}
    older = [key for key in seen if key not in listed]
    for key in older[: max(len(seen) - MOST_SEEN, 0)]:
        del seen[key]
    grown = replace(
        feed,
        title=str(content["title"]) or feed.title,
        checked=_now(),
        etag=page.headers.get("etag", "")[:200] if done else "",
        modified=page.headers.get("last-modified", "")[:100] if done else "",
        seen=seen,
    )
    return Refreshed(grown, tuple(stored), tuple(problems))


def _is_new(entry: dict[str, Any], seen: dict[str, int | None]) -> bool:
    tries = seen.get(entry["id"], 0)
    return bool(entry["id"]) and tries is not None and tries < MOST_TRIES


def _store(entry: dict[str, Any], title: str, feed: Feed, seeds: Path, fetcher: Fetcher) -> Path:
    """An entry's page as a seed; where it cannot be had, the text that the feed itself gives."""
    url = web_address(urljoin(feed.url, entry["link"]))
    own = Extract(
        entry["text"],
        entry["title"],
        date.fromisoformat(entry["day"]) if entry["day"] else None,
        "/".join(part for part in (title, entry["author"]) if part),
    )
    try:
        found = article_of(fetcher.page(url))
    except WebError:
        if sum(letter.isalpha() for letter in own.text) < 3 * LEAST_LETTERS:
            raise
        return store(seeds, url, own)
    return store(
        seeds,
        url,
        replace(
            found,
            title=own.title or found.title,
            date=own.date or found.date,
            source=found.source or own.source,
        ),
    )


def _read(url: str, raw: bytes) -> dict[str, Any]:
    return dict(read_fetched(url, "index.web.feed_reader", raw))


def _seconds_since(moment: str) -> float:
    try:
        return abs((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())
    except ValueError:
        return math.inf


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
