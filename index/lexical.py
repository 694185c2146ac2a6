"""The lexical leg: tantivy proposes passages, a forward table says which terms a passage has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
import numpy.typing as npt
import tantivy

from index.ragged import gather, map_file, starts_of

Rows = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]

WRITER_HEAP_BYTES = 64_000_000
HASH_BYTES = 3


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Terms arrive analysed, parted by spaces. Without positions a passage takes about 70 bytes.
    builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("row", stored=False, indexed=False, fast=True)
    return builder.build()


def term_hashes(terms: Iterable[str]) -> Hashes:
    """The terms' 24-bit hashes; a passage seems to have a term it lacks once in 100,000 times."""
    hashes = (crc32(term.encode("utf-8", "replace")) >> 8 for term in terms)
    return np.fromiter(hashes, np.uint32)


class WordsWriter:
    """Writes both tables of a segment, passage by passage in row order."""

    def __init__(self, folder: Path, forward: Path) -> None:
        folder.mkdir(parents=True)
        self._forward = open(forward, "wb")  # noqa: SIM115
        self._writer = tantivy.Index(_schema(), path=str(folder)).writer(
            heap_size=WRITER_HEAP_BYTES, num_threads=1
        )
        self._counts: list[int] = []

    def add(self, terms: Sequence[str]) -> None:
        """The next passage's analysed terms."""
        document = tantivy.Document()
        document.add_text("terms", " ".join(terms))
        document.add_unsigned("row", len(self._counts))
        self._writer.add_document(document)
        hashes = np.unique(term_hashes(terms))
        self._forward.write(split(hashes).tobytes())
        self._counts.append(len(hashes))

    def abandon(self) -> None:
        """Closes the files of tables that will not be finished."""
        self._forward.close()

    def close(self, starts: Path) -> None:
        """Commits tantivy's files and completes the forward table."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._forward.close()
        starts_of(self._counts).astype("<i8").tofile(starts)


def _open(folder: Path) -> tantivy.Index:
    """Opens what `WordsWriter` wrote, also where nothing may be written.

    tantivy wants a lock file even to read; where it cannot have one, it gets it beside links.
    """
    if os.access(folder, os.W_OK):
        return tantivy.Index.open(str(folder))
    with TemporaryDirectory() as linked:
        for path in folder.iterdir():
            if path.suffix != ".lock":
                (Path(linked) / path.name).symlink_to(path.resolve())
        return tantivy.Index.open(linked)


class Words:
    """The words of one segment, opened for reading."""

    def __init__(self, folder: Path, forward: Path, starts: Path) -> None:
        index = _open(folder)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._forward = map_file(forward, "u1", HASH_BYTES)
        self._starts = map_file(starts, "<i8")

    def document_frequency(self, term: str) -> int:
        """How many passages have the term, dead ones included."""
        return int(self._searcher.doc_freq("terms", term))

    def search(self, weights: Mapping[str, float], k: int) -> Rows:
        """The k best rows by BM25 with each term's weight on top, best first."""
        if not weights:
            return np.empty(0, np.int64)
        terms = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, "terms", term, index_option="freq"),
                    weight,
                ),
            )
            for term, weight in weights.items()
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(terms), k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.asarray(rows, dtype=np.int64)

    def matches(self, hashes: Hashes, rows: Rows) -> npt.NDArray[np.bool_]:
        """(len(rows), len(hashes)) bool: which of the hashed terms each passage has."""
        flat, counts = gather(self._starts, rows)
        return matches_of(joined(self._forward[flat]), counts, hashes)


def split(hashes: Hashes) -> npt.NDArray[np.uint8]:
    """24-bit hashes as bytes, (n, 3)."""
    return hashes.astype("<u4").view("u1").reshape(-1, 4)[:, :HASH_BYTES]


def joined(parts: npt.NDArray[np.uint8]) -> Hashes:
    """The hashes that `split` took apart."""
    low, middle, high = parts.astype(np.uint32).T
    whole: Hashes = low | middle << 8 | high << 16
    return whole


def matches_of(present: Hashes, counts: Rows, hashes: Hashes) -> npt.NDArray[np.bool_]:
    """(len(counts), len(hashes)) bool: which hashes are among the `counts` of each passage."""
    order = np.argsort(hashes)
    ordered = hashes[order]
    places = np.searchsorted(ordered, present)
    places[places == len(ordered)] = 0
    hit = ordered[places] == present if len(ordered) else np.zeros(len(present), bool)
    owners = np.repeat(np.arange(len(counts)), counts)
    found = np.zeros((len(counts), len(hashes)), dtype=bool)
    found[owners[hit], order[places[hit]]] = True
    return found
