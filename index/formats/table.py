"""CSV and TSV files that have a column of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from index.encodings import decode
from index.errors import SeedError
from index.formats.extract import Blocks, Extract
from index.formats.records import TEXT_NAMES, TITLE_NAMES, add_records, named, no_text

_SAMPLE = 200  # rows by which an unnamed column of text is found
_SENTENCE = 25  # characters; a column whose cells are longer on average is text


def extract(raw: bytes) -> Extract:
    """The rows' texts; the first row names the columns."""
    text = decode(raw)
    csv.field_size_limit(10_000_000)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t;,|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise SeedError(
            f"CSV olarak okunamıyor ({error}); UTF-8 CSV olarak yeniden kaydedin.",
            f"it cannot be read as CSV ({error}); save it again as CSV in UTF-8.",
        ) from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    names = [name.strip() for name in rows[0]] if rows else []
    wanted = named(names, TEXT_NAMES) or _longest(names, rows[1 : 1 + _SAMPLE])
    if not wanted:
        raise no_text(names)
    blocks = Blocks()
    title = named([name for name in names if name != wanted], TITLE_NAMES)
    add_records(blocks, _records(names, rows[1:]), wanted, title)
    return blocks.extract()


def _records(names: list[str], rows: list[list[str]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield dict(zip(names, row, strict=False))


def _longest(names: list[str], rows: list[list[str]]) -> str:
    """The column whose cells are longest, where they are as long as sentences."""
    sizes = [
        sum(len(row[column]) for row in rows if column < len(row)) / max(len(rows), 1)
        for column in range(len(names))
    ]
    best = max(range(len(names)), key=sizes.__getitem__, default=-1)
    return names[best] if best >= 0 and sizes[best] >= _SENTENCE else ""
