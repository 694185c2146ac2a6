"""CSV and TSV files that have a column of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from index.encodings import decode
from index.errors import SeedError
from index.formats.extract import Blocks, Extract
from index.formats.records import TEXT_NAMES, TITLE_NAMES, Record, add_records, named, no_text

_SAMPLE = 200  # rows by which an unnamed column of text is found
_SENTENCE = 25  # characters; a column whose cells are longer on average is text


def extract(raw: bytes) -> Extract:
    """The rows' texts; the first row names the columns, unless it is one of them itself."""
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
    texts = _columns(names, TEXT_NAMES)
    by_name = bool(texts)
    texts = texts or _longest(len(names), rows[1 : 1 + _SAMPLE])
    if not texts:
        raise no_text(names)
    others = ["" if column in texts else name for column, name in enumerate(names)]
    titles = _columns(others, TITLE_NAMES)
    headed = by_name or bool(titles) or len(names[texts[0]]) < _SENTENCE
    blocks = Blocks()
    add_records(
        blocks, [Record(_cells(row, titles), _cells(row, texts)) for row in rows[int(headed) :]]
    )
    return blocks.extract()


def _columns(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """The columns of the name that comes first in `wanted`."""
    name = named(names, wanted)
    return [column for column, each in enumerate(names) if name and each == name]


def _cells(row: Sequence[str], columns: Sequence[int]) -> str:
    return "\n\n".join(row[column] for column in columns if column < len(row))


def _longest(columns: int, rows: Sequence[Sequence[str]]) -> list[int]:
    """The column whose cells are longest, where they are as long as sentences."""
    sizes = [
        sum(len(row[column]) for row in rows if column < len(row)) / max(len(rows), 1)
        for column in range(columns)
    ]
    best = max(range(columns), key=sizes.__getitem__, default=-1)
    return [best] if best >= 0 and sizes[best] >= _SENTENCE else []
