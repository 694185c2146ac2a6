"""JSON lines: an object on each line, with its text under one of the usual names."""

from __future__ import annotations

import json

from index.encodings import decode
from index.errors import SeedError
from index.formats.extract import Blocks, Extract
from index.formats.records import TEXT_NAMES, TITLE_NAMES, add_records, named, no_text


def extract(raw: bytes) -> Extract:
    """The records' texts in order."""
    records: list[dict[str, str]] = []
    for number, line in enumerate(decode(raw).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            raise SeedError(
                f"{number}. satırı bir JSON nesnesi değil; düzeltin ya da silin.",
                f"line {number} is not a JSON object; mend or delete it.",
            )
        records.append({name: value for name, value in record.items() if isinstance(value, str)})
    names = dict.fromkeys(name for record in records for name in record)
    wanted = named(names, TEXT_NAMES)
    if not wanted:
        raise no_text(names)
    blocks = Blocks()
    title = named([name for name in names if name != wanted], TITLE_NAMES)
    add_records(blocks, records, wanted, title)
    return blocks.extract()
