"""JSON lines: an object on each line, with its text under one of the usual names."""

from __future__ import annotations

import json

from index.encodings import decode
from index.errors import SeedError
from index.formats.extract import Blocks, Extract
from index.formats.records import TEXT_NAMES, TITLE_NAMES, Record, add_records, named, no_text


def extract(raw: bytes) -> Extract:
    """The records' texts in order; they need not call their texts by the same name."""
    records: list[Record] = []
    names: dict[str, None] = {}
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
        words = {name: value for name, value in record.items() if isinstance(value, str)}
        names |= dict.fromkeys(words)
        records.append(_record({name: value for name, value in words.items() if value.strip()}))
    if not named(names, TEXT_NAMES):
        raise no_text(names)
    blocks = Blocks()
    add_records(blocks, records)
    return blocks.extract()


def _record(words: dict[str, str]) -> Record:
    text = named(words, TEXT_NAMES)
    title = named([name for name in words if name != text], TITLE_NAMES)
    return Record(words.get(title, ""), words.get(text, ""))
