"""What is published on a server as one state, and how it lies there."""

from __future__ import annotations

import json
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from index.manifest import Manifest
from index.milvus.connection import Row
from index.milvus.layout import without_vector

_MOST_PARTS = 1_000  # rows of one state
_PART_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class State:
    """A published state on a server.

    `sums` (2, dim) and `counts` (2,) are those of all passage and sentence vectors, `languages`
    counts passages; `next_id` is the first number that no row has had; `mean_terms` is the terms
    of a passage that count as usual when words are weighed.
    """

    build: str
    number: int
    manifest: Manifest
    next_id: int
    mean_terms: float
    languages: dict[str, int]
    sums: list[list[float]]
    counts: list[int]
    engine: dict[str, str | int]


def rows_of(state: State) -> list[Row]:
    """The rows that publish a state: its JSON, in pieces."""
    body = asdict(state) | {"manifest": state.manifest.to_json()}
    text = b64encode(zlib.compress(json.dumps(body).encode())).decode("ascii")
    return [
        without_vector(
            {
                "id": state.number * _MOST_PARTS + at // _PART_BYTES,
                "number": state.number,
                "published": int(time.time()),
                "version": state.manifest.version,
                "body": text[at : at + _PART_BYTES],
            }
        )
        for at in range(0, len(text), _PART_BYTES)
    ]


def state_of(rows: Sequence[Row]) -> State:
    """The state that these rows publish.

    Raises:
        MismatchError: another version of Danış wrote it.
    """
    text = "".join(row["body"] for row in sorted(rows, key=lambda row: row["id"]))
    values = json.loads(zlib.decompress(b64decode(text)))
    values["manifest"] = Manifest.from_json(values["manifest"])
    return State(**values)
