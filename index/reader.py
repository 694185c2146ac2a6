"""One state of the index, opened for reading: all segments behind one numbering of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.contents import Contents
from index.errors import DamagedIndexError
from index.files import damaged, is_fault, reason_of
from index.lexical import term_hashes
from index.manifest import Manifest
from index.records import DocumentRecord, PassageRecord
from index.segment import Segment
from index.token_codes import Codes
from index.vectors import Floats

Rows = npt.NDArray[np.int64]


class Index:
    """One state of the index, opened for reading: all segments behind one numbering of rows."""

    def __init__(
        self, segments: Path, manifest: Manifest, *, fallback: DamagedIndexError | None = None
    ) -> None:
        self.manifest = manifest
        self.fallback = fallback  # why the published state could not be used, if it could not
        self.segments: list[Segment] = []
        for entry in manifest.segments:
            folder = segments / entry.name
            try:
                self.segments.append(Segment(folder, entry.dead_documents))
            except BaseException as error:
                if not is_fault(error):
                    raise
                raise damaged(folder, reason_of(error)) from error
            if len(self.segments[-1]) != entry.passages:
                raise damaged(folder, f"{len(self.segments[-1])} rows instead of {entry.passages}")
        self._offsets = np.cumsum([0, *(len(segment) for segment in self.segments)])

    @property
    def version(self) -> str:
        """See `Manifest.version`."""
        return self.manifest.version

    def __len__(self) -> int:
        return self.manifest.passages

    def _by_segment(self, rows: Rows) -> Iterator[tuple[Segment, npt.NDArray[np.intp], Rows]]:
        """Each segment with the places in `rows` that are its own, and their rows inside it."""
        owners = np.searchsorted(self._offsets, rows, side="right") - 1
        for number in np.unique(owners):
            places = np.nonzero(owners == number)[0]
            yield self.segments[number], places, rows[places] - self._offsets[number]

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the passages."""
        return frozenset(name for segment in self.segments for name in segment.language_names)

    def in_language(self, language: str, rows: Rows) -> npt.NDArray[np.bool_]:
        """(len(rows),) bool: which of the passages are in this language."""
        found = np.zeros(len(rows), dtype=bool)
        for segment, places, local in self._by_segment(rows):
            if language in segment.language_names:
                number = segment.language_names.index(language)
                found[places] = segment.languages[local] == number
        return found

    def search_vectors(
        self, query: Floats, k: int, without_language: str = ""
    ) -> tuple[Rows, Floats]:
        """The k nearest passages to a unit query (dim,): rows and cosines, best first."""
        found = [segment.search_vectors(query, k, without_language) for segment in self.segments]
        rows = [near + offset for (near, _), offset in zip(found, self._offsets, strict=False)]
        if not rows:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores = np.concatenate([cosines for _, cosines in found])
        best = np.argsort(-scores, kind="stable")[:k]
        return np.concatenate(rows)[best], scores[best]

    def search_words(self, weights: dict[str, float], k: int) -> Rows:
        """The k passages of each segment that share most with the weighted terms."""
        found = [
            segment.search_words(weights, k) + offset
            for segment, offset in zip(self.segments, self._offsets, strict=False)
        ]
        return np.concatenate([*found, np.empty(0, np.int64)])

    def document_frequencies(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """In how many passages each term stands."""
        return np.array(
            [
                sum(segment.words.document_frequency(term) for segment in self.segments)
                for term in terms
            ],
            dtype=np.int64,
        )

    def matches(self, terms: Sequence[str], rows: Rows) -> npt.NDArray[np.bool_]:
        """(len(rows), len(terms)) bool: which terms stand in which passages."""
        hashes = term_hashes(terms)
        found = np.zeros((len(rows), len(terms)), dtype=bool)
        for segment, places, local in self._by_segment(rows):
            found[places] = segment.words.matches(hashes, local)
        return found

    @property
    def centre(self) -> Floats:
        """The mean of all vectors, passages and sentences by halves: (dim,) float32."""
        if not self.segments:
            return np.zeros(self.manifest.model.dimensions, np.float32)
        sums = np.sum([segment.sums for segment in self.segments], axis=0)  # (2, dim)
        counts = np.sum([segment.counts for segment in self.segments], axis=0)  # (2,)
        return centre_of(sums, counts)

    def products(self, vectors: Floats, rows: Rows) -> Floats:
        """(len(rows), m) float32: products of the passages `rows` with `vectors` (m, dim)."""
        found = np.zeros((len(rows), len(vectors)), dtype=np.float32)
        for segment, places, local in self._by_segment(rows):
            found[places] = segment.vectors.rows(local) @ vectors.T
        return found

    def sentence_products(
        self, vectors: Floats, rows: Rows, passages: Floats | None = None
    ) -> list[Floats]:
        """For each of the passages `rows`, (sentences, m): their products with `vectors`.

        `passages` are the passages' own `products` where they are known already.
        """
        if passages is None:
            passages = self.products(vectors, rows)
        found: list[Floats] = [np.empty((0, len(vectors)), np.float32)] * len(rows)
        for segment, places, local in self._by_segment(rows):
            flat, counts = segment.sentences.products(vectors, local, passages[places])
            for place, part in zip(places, np.split(flat, np.cumsum(counts)[:-1]), strict=True):
                found[place] = part
        return found

    def passages(self, rows: Rows) -> list[PassageRecord]:
        """What the index knows of these passages, in order; `row` is that of the whole index."""
        found: dict[int, PassageRecord] = {}
        for segment, places, local in self._by_segment(rows):
            for place, record in zip(places, segment.catalog.passages(local.tolist()), strict=True):
                found[int(place)] = record
        return [found[place] for place in range(len(rows))]

    def rows_where(self, wanted: Callable[[DocumentRecord], bool]) -> Rows:
        """The rows, in order, of the passages of every live document that is wanted."""
        found = [np.arange(rows.start, rows.stop) for d, rows in self.placed() if wanted(d)]
        return np.concatenate([np.empty(0, np.int64), *found])

    def placed(self) -> Iterator[tuple[DocumentRecord, range]]:
        """All live documents, by rising row, each with the rows of its passages."""
        for segment, offset in zip(self.segments, self._offsets.tolist(), strict=False):
            for record in segment.documents():
                first = offset + record.first_row
                yield record, range(first, first + record.passages)

    def first_row_of(self, document: DocumentRecord) -> int:
        """The row of a live document's first passage."""
        return int(self.rows_where(lambda record: record == document)[0])

    def row_of(self, key: str) -> int | None:
        """The row of the live passage with this key, None where there is none."""
        if not key.isascii():  # no key is, and SQLite takes no lone surrogate
            return None
        for segment, offset in zip(self.segments, self._offsets, strict=False):
            for row in segment.catalog.row_of(key):
                if segment.dead is None or not segment.dead[row]:
                    return int(row + offset)
        return None

    def sentence_vectors(self, row: int) -> Floats:
        """The vectors of one passage's sentences: (sentences, dim) float32."""
        ((segment, _, local),) = self._by_segment(np.array([row]))
        return segment.vectors_of(int(local[0])).sentences

    def sentence_tokens(self, row: int) -> tuple[Codes, ...]:
        """The codes of the pieces of one passage's sentences, none where they are not kept."""
        ((segment, _, local),) = self._by_segment(np.array([row]))
        return segment.tokens_of(int(local[0]))

    def neighbours(self, row: int) -> tuple[PassageRecord | None, PassageRecord | None]:
        """The passages before and after `row` in the same document."""
        (record,) = self.passages(np.array([row]))
        around: list[PassageRecord | None] = []
        for near in (row - 1, row + 1):
            if not 0 <= near < self._offsets[-1]:
                around.append(None)
                continue
            (other,) = self.passages(np.array([near]))
            same = other.document.path == record.document.path
            around.append(other if same and self._together(row, near) else None)
        return around[0], around[1]

    def _together(self, row: int, near: int) -> bool:
        owners = np.searchsorted(self._offsets, [row, near], side="right")
        return bool(owners[0] == owners[1])

    def documents(self) -> Iterator[DocumentRecord]:
        """All live documents."""
        for segment in self.segments:
            yield from segment.documents()

    def contents(
        self, wanted: Callable[[DocumentRecord], bool] = lambda _: True
    ) -> Iterator[Contents]:
        """The wanted documents with their passages and vectors, as another index takes them."""
        for segment in self.segments:
            for record in segment.documents():
                if wanted(record):
                    rows = range(record.first_row, record.first_row + record.passages)
                    vectors = [segment.vectors_of(row) for row in rows]
                    yield Contents(record, segment.catalog.passages(rows), vectors)

    def lookup(self, keys: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        """For each known ASCII form, the words of that form and in how many passages they stand."""
        counts: dict[str, Counter[str]] = {}
        wanted = list(dict.fromkeys(keys))
        for segment in self.segments:
            for ascii_form, word, count in segment.catalog.words(wanted):
                counts.setdefault(ascii_form, Counter())[word] += count
        return {ascii_form: counter.most_common() for ascii_form, counter in counts.items()}

    def close(self) -> None:
        """Closes what holds files open."""
        for segment in self.segments:
            segment.close()


def centre_of(sums: npt.NDArray[np.floating[Any]], counts: npt.ArrayLike) -> Floats:
    """The mean vector from the sums (2, dim) and counts (2,) of passages and of sentences."""
    means = sums / np.maximum(counts, 1)[:, None]
    centre: Floats = means.mean(axis=0).astype(np.float32)
    return centre
