"""A passage as it lies on the server: text for what is shown, one packed field for what ranks it.

Vectors and term hashes are those of the folder, bit for bit: half precision for the passage,
eight or four bits for its sentences (see `index.sentence_vectors`). They travel as base64 text,
the one way in which a Milvus row holds bytes of any length.
"""

from __future__ import annotations

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from index.lexical import HASH_BYTES, Hashes, joined, split
from index.milvus.layout import pieces
from index.passages import Span
from index.records import DocumentRecord, PassageRecord
from index.segment import PassageVectorsOf
from index.sentence_vectors import COMPACT, FINE, narrowed, widened
from index.vectors import Floats

_HEAD = struct.Struct("<IHIB")  # dimensions, sentences, terms, bits of the sentences' codes


@dataclass(frozen=True, slots=True)
class Packed:
    """What ranks a passage: its vectors, the hashes of its terms, its language."""

    vectors: PassageVectorsOf
    terms: Hashes
    language: str


def packed(vectors: PassageVectorsOf, terms: Hashes) -> list[str]:
    """The packed field."""
    coding, codes, scales = FINE, vectors.sentence_codes, vectors.sentence_scales
    if (codes % 16 == 8).all():  # they were compact in the folder, and lose nothing as such
        coding, (codes, scales) = COMPACT, narrowed(codes, scales)
    body = (
        _HEAD.pack(len(vectors.passage), len(scales), len(terms), coding.bits)
        + vectors.passage.astype("<f2").tobytes()
        + scales.astype("<f4").tobytes()
        + codes.tobytes()
        + split(terms).tobytes()
    )
    return pieces(b64encode(body).decode("ascii"))


def unpacked(field: Sequence[str], language: str) -> Packed:
    """What `packed` wrote."""
    body = b64decode("".join(field))
    dimensions, sentences, terms, bits = _HEAD.unpack_from(body)
    at = _HEAD.size
    passage = np.frombuffer(body, "<f2", dimensions, at)
    at += passage.nbytes
    scales = np.frombuffer(body, "<f4", sentences, at)
    at += scales.nbytes
    width = (COMPACT if bits == COMPACT.bits else FINE).width(dimensions)
    codes = np.frombuffer(body, "u1", sentences * width, at).reshape(sentences, width)
    at += codes.nbytes
    if bits == COMPACT.bits:
        codes, scales = widened(codes, scales, dimensions)
    hashes = np.frombuffer(body, "u1", terms * HASH_BYTES, at).reshape(terms, HASH_BYTES)
    half: Floats = passage.astype(np.float32)
    return Packed(PassageVectorsOf(half, codes, scales), joined(hashes), language)


def document_field(record: DocumentRecord) -> list[str]:
    """A document's record as JSON."""
    return pieces(json.dumps(asdict(record), ensure_ascii=False, default=str))


def document_of(field: Sequence[str]) -> DocumentRecord:
    """What `document_field` wrote."""
    values: dict[str, Any] = json.loads("".join(field))
    values["date"] = date.fromisoformat(values["date"]) if values["date"] else None
    return DocumentRecord(**values)


def passage_field(record: PassageRecord) -> list[str]:
    """A passage's record as JSON, without its document and its row."""
    values = {
        "start": record.start,
        "end": record.end,
        "ordinal": record.ordinal,
        "page": record.page,
        "headings": record.headings,
        "sentences": [(span.start, span.end) for span in record.sentences],
        "key": record.key,
        "text": record.text,
    }
    return pieces(json.dumps(values, ensure_ascii=False))


def passage_of(field: Sequence[str], row: int, document: DocumentRecord) -> PassageRecord:
    """What `passage_field` wrote."""
    values: dict[str, Any] = json.loads("".join(field))
    values["headings"] = tuple(values["headings"])
    values["sentences"] = tuple(Span(start, end) for start, end in values["sentences"])
    return PassageRecord(row=row, document=document, **values)
