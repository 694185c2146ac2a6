"""What answering asks of an opened index, wherever it is kept.

`index.reader.Index` reads a folder, `index.milvus.reader.MilvusIndex` a server. Rows are numbers of
passages, valid as long as the state is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndexError
from index.manifest import Manifest
from index.records import DocumentRecord, PassageRecord
from index.token_codes import Codes
from index.vectors import Floats

Rows = npt.NDArray[np.int64]


class OpenedIndex(Protocol):
    """One published state, opened for reading; safe for threads."""

    @property
    def manifest(self) -> Manifest:
        """What the state was published with."""

    @property
    def fallback(self) -> DamagedIndexError | None:
        """Why the newest state could not be used, if it could not."""

    @property
    def version(self) -> str:
        """A short name of the state."""

    def __len__(self) -> int:
        """Passages."""

    # -- candidates --------------------------------------------------------------------------

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the passages."""

    def search_vectors(
        self, query: Floats, k: int, without_language: str = ""
    ) -> tuple[Rows, Floats]:
        """The k passages with the largest products with `query` (dim,): rows and products."""

    def search_words(self, weights: dict[str, float], k: int) -> Rows:
        """About k passages that share most with the weighted terms."""

    def rows_where(self, wanted: Callable[[DocumentRecord], bool]) -> Rows:
        """The rows, in order, of the passages of every document that is wanted."""

    # -- what ranks them ---------------------------------------------------------------------

    @property
    def centre(self) -> Floats:
        """The mean of all vectors, passages and sentences by halves: (dim,) float32."""

    def document_frequencies(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """In how many passages each term stands."""

    def matches(self, terms: Sequence[str], rows: Rows) -> npt.NDArray[np.bool_]:
        """(len(rows), len(terms)) bool: which terms stand in which passages."""

    def in_language(self, language: str, rows: Rows) -> npt.NDArray[np.bool_]:
        """(len(rows),) bool: which of the passages are in this language."""

    def products(self, vectors: Floats, rows: Rows) -> Floats:
        """(len(rows), m) float32: products of the passages `rows` with `vectors` (m, dim)."""

    def sentence_products(
        self, vectors: Floats, rows: Rows, passages: Floats | None = None
    ) -> list[Floats]:
        """For each of the passages, (sentences, m): their products with `vectors`."""

    def sentence_vectors(self, row: int) -> Floats:
        """The vectors of one passage's sentences: (sentences, dim) float32."""

    def sentence_tokens(self, row: int) -> tuple[Codes, ...]:
        """The codes of the pieces of one passage's sentences, none where they are not kept."""

    # -- texts -------------------------------------------------------------------------------

    def passages(self, rows: Rows) -> list[PassageRecord]:
        """What the index knows of these passages, in order."""

    def row_of(self, key: str) -> int | None:
        """The row of the passage with this key, None where there is none."""

    def neighbours(self, row: int) -> tuple[PassageRecord | None, PassageRecord | None]:
        """The passages before and after `row` in the same document."""

    def documents(self) -> Iterator[DocumentRecord]:
        """All documents."""

    def placed(self) -> Iterator[tuple[DocumentRecord, range]]:
        """All documents, by rising row, each with the rows of its passages."""

    def first_row_of(self, document: DocumentRecord) -> int:
        """The row of a document's first passage."""

    def lookup(self, keys: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        """For each known ASCII form, the words of that form and in how many passages they stand."""

    def close(self) -> None:
        """Frees what the state holds."""


class PublishedStates(Protocol):
    """Where states are published, and read from."""

    def current_name(self) -> str:
        """The name of the published state, "" where there is none; cheap."""

    def open(self, *, thoroughly: bool = False) -> OpenedIndex:
        """Opens the published state.

        Raises:
            StoreError: there is none, or none that can be used.
        """

    def verify(self, manifest: Manifest) -> None:
        """Looks whether an opened state can still be read.

        Raises:
            DamagedIndexError: it cannot.
        """


def documents_with(index: OpenedIndex, rows: Rows) -> Iterator[DocumentRecord]:
    """The documents that the passages `rows`, sorted, stand in."""
    for record, own in index.placed():
        first, end = np.searchsorted(rows, (own.start, own.stop))
        if first < end:
            yield record
