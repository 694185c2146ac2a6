"""Questions about today, tomorrow or this week, which what was written long ago does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from index.metadata_questions import DAYS_AGO, NUMERIC_DATE, month_of, this_week
from index.text import ascii_fold, words

_AHEAD = frozenset("yarin yarinki tomorrow morgen завтра".split())
THESE_DAYS = timedelta(days=7)  # before and after the day asked about


def days_asked(question: str, today: date) -> tuple[date, date] | None:
    """The first and last day that "bugün", "yarın" or "bu hafta" means, None where none is said."""
    folded = [ascii_fold(word.text) for word in words(question)]
    for word in folded:
        ahead = 1 if word in _AHEAD else -DAYS_AGO[word] if word in DAYS_AGO else None
        if ahead is not None:
            day = today + timedelta(days=ahead)
            return day, day
    return this_week(" ".join(folded), today)


def speaks_of(text: str, written: date | None, first: date, last: date) -> bool:
    """Whether a text says a date from `first` to `last`, or was `written` in these days."""
    if written is not None and first - THESE_DAYS <= written <= last + THESE_DAYS:
        return True
    return any(first <= said <= last for said in _dates(text, first.year))


def _dates(text: str, year: int) -> Iterator[date]:
    """The dates in a text; one without its year is of `year`."""
    found: list[tuple[str | int, str | int, str]] = []
    for day, month, its_year, iso_year, iso_month, iso_day in NUMERIC_DATE.findall(text):
        found.append((its_year or iso_year, month or iso_month, day or iso_day))
    said = [ascii_fold(word.text) for word in words(text)]
    for day, month, after in zip(said, said[1:], [*said[2:], ""], strict=False):
        if day.isdecimal() and (number := month_of(month)):
            found.append((after if after.isdecimal() and len(after) == 4 else year, number, day))
    for each in found:
        try:
            yield date(*map(int, each))
        except ValueError:
            continue
