"""A state on a Milvus server, opened for reading: what `index.reader.Index` is for a folder.

The server proposes candidates, by vectors and by weighted terms. What ranks them (vectors, sentence
vectors, terms) is fetched by key, once for each passage, and computed here as for a folder, so
that both give the same scores.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from index.contents import Contents
from index.errors import DamagedIndexError
from index.lexical import matches_of, term_hashes
from index.milvus.connection import ROWS_AT_ONCE, Row, Server
from index.milvus.kept import Kept
from index.milvus.layout import Collections, EngineOptions, storable, visible
from index.milvus.packing import Packed, document_of, passage_of, unpacked
from index.milvus.state import State
from index.query_terms import idf_of
from index.reader import centre_of
from index.records import DocumentRecord, PassageRecord
from index.segment import PassageVectorsOf
from index.sentence_vectors import FINE
from index.token_codes import Codes
from index.vectors import Floats

Rows = npt.NDArray[np.int64]

TERM, WORD = 0, 1  # kinds of rows in the collection of words
SETTLING_SECONDS = 10.0
LOOK_SECONDS = 30.0  # half of how long a state that was replaced stays, at least
MOST_HITS = 16_384  # that a server gives at once
KEPT_PASSAGES = 5_000  # about 2 kB each
KEPT_RECORDS = 2_000
KEPT_TERMS = 20_000


class MilvusIndex:
    """A state on a server, opened for reading; satisfies `index.opened.OpenedIndex`."""

    fallback: DamagedIndexError | None = None

    def __init__(self, server: Server, state: State, look_seconds: float = LOOK_SECONDS) -> None:
        self.state = state
        self.manifest = state.manifest
        self._server = server
        self._names = Collections(state.build)
        self._visible = visible(state.number)
        self._engine = EngineOptions(**state.engine)  # type: ignore[arg-type]
        self._opened = time.monotonic()
        self._look_seconds = look_seconds
        self._seen = time.time()  # which goes on while a machine sleeps
        self._packed: Kept[int, Packed] = Kept(KEPT_PASSAGES)
        self._records: Kept[int, PassageRecord] = Kept(KEPT_RECORDS)
        self._documents: Kept[int, DocumentRecord] = Kept(KEPT_RECORDS)
        self._frequencies: Kept[str, int] = Kept(KEPT_TERMS)

    @property
    def version(self) -> str:
        """See `Manifest.version`."""
        return self.manifest.version

    def __len__(self) -> int:
        return self.manifest.passages

    def counted(self) -> int:
        """How many passages of the state are on the server."""
        (row,) = self._server.rows(
            self._names.passages, self._visible, ["count(*)"], consistency_level="Strong"
        )
        return int(row["count(*)"])

    @property
    def _consistency(self) -> dict[str, str]:
        # A server may answer from what it knew some seconds ago. That is soon after the state was
        # published and costs nothing; until then it must look up what is newest.
        settled = time.monotonic() - self._opened > SETTLING_SECONDS
        return {"consistency_level": "Bounded" if settled else "Strong"}

    # -- candidates --------------------------------------------------------------------------

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the passages."""
        return frozenset(self.state.languages)

    def search_vectors(
        self, query: Floats, k: int, without_language: str = ""
    ) -> tuple[Rows, Floats]:
        """The k passages with the largest products with `query` (dim,): rows and products."""
        where = self._visible
        if without_language:
            where += f' and language != "{without_language}"'
        hits = self._search("dense", query, k, where, self._engine.search_parameters(k))
        rows = np.array([hit["id"] for hit in hits], dtype=np.int64)
        return rows, np.array([hit["distance"] for hit in hits], dtype=np.float32)

    def search_words(self, weights: dict[str, float], k: int) -> Rows:
        """The k passages that share most with the weighted terms, by BM25."""
        terms = list(weights)
        idf = idf_of(self.document_frequencies(terms), len(self))
        query: dict[int, float] = {}
        for term, weight in zip(terms, idf, strict=True):
            query[axis_of(term)] = weights[term] * float(weight)
        if not query:
            return np.empty(0, np.int64)
        hits = self._search("sparse", query, k, self._visible, {})
        return np.array([hit["id"] for hit in hits], dtype=np.int64)

    def _search(
        self, field: str, query: object, k: int, where: str, parameters: dict[str, int]
    ) -> list[dict[str, float]]:
        self._look()
        found = self._server.call(
            "search",
            self._names.passages,
            data=[query],
            anns_field=field,
            limit=min(k, max(len(self), 1), MOST_HITS),
            filter=where,
            output_fields=["id"],
            search_params={"metric_type": "IP", "params": parameters},
            **self._consistency,
        )
        return [{"id": hit["id"], "distance": hit["distance"]} for hit in found[0]]

    def _look(self) -> None:
        """
        Raises:
            LookupError: the state was replaced, and its passages are being removed.
        """
        if time.time() - self._seen < self._look_seconds:
            return
        number = f"number == {self.state.number}"
        if not self._server.rows(self._names.states, number, ["number"], **self._consistency):
            raise LookupError(f"the state {self.version} is gone")
        self._seen = time.time()

    def rows_where(self, wanted: Callable[[DocumentRecord], bool]) -> Rows:
        """The rows, in order, of the passages of every document that is wanted."""
        found = [np.arange(rows.start, rows.stop) for d, rows in self.placed() if wanted(d)]
        return np.concatenate([np.empty(0, np.int64), *found])

    # -- what ranks them ---------------------------------------------------------------------

    @property
    def centre(self) -> Floats:
        """The mean of all vectors, passages and sentences by halves: (dim,) float32."""
        return centre_of(np.array(self.state.sums), self.state.counts)

    def document_frequencies(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """In how many passages each term stands."""
        found = self._frequencies.those(list(terms), self._fetch_frequencies)
        return np.array([found[term] for term in terms], dtype=np.int64)

    def _fetch_frequencies(self, terms: list[str]) -> dict[str, int]:
        found = dict.fromkeys(terms, 0)
        for form, _, count in self._words(TERM, terms):
            found[form] = count
        return found

    def _words(self, kind: int, forms: Iterable[str]) -> Iterator[tuple[str, str, int]]:
        """(form, word, passages) of every row of the words with one of these forms."""
        rows = self._server.rows_among(
            self._names.words,
            "form",
            [form for form in dict.fromkeys(forms) if storable(form)],
            ["form", "word", "count"],
            f"kind == {kind} and {self._visible}",
            **self._consistency,
        )
        for row in rows:
            yield row["form"], row["word"], row["count"]

    def matches(self, terms: Sequence[str], rows: Rows) -> npt.NDArray[np.bool_]:
        """(len(rows), len(terms)) bool: which terms stand in which passages."""
        present = [passage.terms for passage in self._ranked_by(rows)]
        counts = np.array([len(hashes) for hashes in present], dtype=np.int64)
        flat = np.concatenate([np.empty(0, np.uint32), *present])
        return matches_of(flat, counts, term_hashes(terms))

    def in_language(self, language: str, rows: Rows) -> npt.NDArray[np.bool_]:
        """(len(rows),) bool: which of the passages are in this language."""
        return np.array([p.language == language for p in self._ranked_by(rows)], dtype=bool)

    def products(self, vectors: Floats, rows: Rows) -> Floats:
        """(len(rows), m) float32: products of the passages `rows` with `vectors` (m, dim)."""
        if len(rows) == 0:
            return np.zeros((0, len(vectors)), np.float32)
        found: Floats = np.stack([p.vectors.passage for p in self._ranked_by(rows)]) @ vectors.T
        return found

    def sentence_products(
        self, vectors: Floats, rows: Rows, passages: Floats | None = None
    ) -> list[Floats]:
        """For each of the passages `rows`, (sentences, m): their products with `vectors`."""
        if len(rows) == 0:
            return []
        if passages is None:
            passages = self.products(vectors, rows)
        stored = [passage.vectors for passage in self._ranked_by(rows)]
        counts = np.array([len(one.sentence_scales) for one in stored], dtype=np.int64)
        codes = np.concatenate([one.sentence_codes for one in stored])
        scales = np.concatenate([one.sentence_scales for one in stored])
        rest = FINE.decode(codes, scales, vectors.shape[1])
        flat: Floats = rest @ vectors.T + np.repeat(passages, counts, axis=0)
        return np.split(flat, np.cumsum(counts)[:-1])

    def _ranked_by(self, rows: Rows) -> list[Packed]:
        wanted = rows.tolist()
        found = self._packed.those(wanted, self._fetch_packed)
        return [found[row] for row in wanted]

    def _fetch_packed(self, rows: list[int]) -> dict[int, Packed]:
        fetched = self._passage_rows(rows, ["packed", "language"])
        return {row: unpacked(f["packed"], f["language"]) for row, f in fetched.items()}

    def _passage_rows(self, rows: list[int], fields: Sequence[str]) -> dict[int, Row]:
        """
        Raises:
            LookupError: some are not there any more, as the state was replaced long ago.
        """
        among = self._server.rows_among(
            self._names.passages, "id", rows, ["id", *fields], **self._consistency
        )
        found = {row["id"]: row for row in among}
        missing = [row for row in rows if row not in found]
        if missing:
            raise LookupError(
                f"{len(missing)} passages are not on the server, such as {missing[0]}"
            )
        return found

    def sentence_vectors(self, row: int) -> Floats:
        """The vectors of one passage's sentences: (sentences, dim) float32."""
        return self._ranked_by(np.array([row]))[0].vectors.sentences

    def sentence_tokens(self, row: int) -> tuple[Codes, ...]:
        """None: rows of a server stay small; ties are read now, and sentences go by words."""
        return ()

    # -- texts -------------------------------------------------------------------------------

    def passages(self, rows: Rows) -> list[PassageRecord]:
        """What the index knows of these passages, in order."""
        wanted = rows.tolist()
        found = self._records.those(wanted, self._fetch_records)
        return [found[row] for row in wanted]

    def _fetch_records(self, rows: list[int]) -> dict[int, PassageRecord]:
        fetched = self._passage_rows(rows, ["document", "record"])
        owners = [found["document"] for found in fetched.values()]
        documents = self._documents.those(owners, self._fetch_documents)
        return {
            row: passage_of(found["record"], row, documents[found["document"]])
            for row, found in fetched.items()
        }

    def _fetch_documents(self, ids: list[int]) -> dict[int, DocumentRecord]:
        rows = self._server.rows_among(
            self._names.documents, "id", ids, ["id", "record"], **self._consistency
        )
        return {row["id"]: document_of(row["record"]) for row in rows}

    def row_of(self, key: str) -> int | None:
        """The row of the passage with this key, None where there is none."""
        if not key.isalnum() or not key.isascii():  # no key is, and no expression is made of it
            return None
        where = f'key == "{key}" and {self._visible}'
        found = self._server.rows(self._names.passages, where, ["id"], **self._consistency)
        return int(found[0]["id"]) if found else None

    def neighbours(self, row: int) -> tuple[PassageRecord | None, PassageRecord | None]:
        """The passages before and after `row` in the same document."""
        (record,) = self.passages(np.array([row]))
        first = record.document.first_row
        near = [n for n in (row - 1, row + 1) if first <= n < first + record.document.passages]
        found = {other.row: other for other in self.passages(np.array(near, dtype=np.int64))}
        return found.get(row - 1), found.get(row + 1)

    def documents(self) -> Iterator[DocumentRecord]:
        """All documents, by rising row."""
        for row in self._server.every_row(
            self._names.documents, self._visible, ["record"], **self._consistency
        ):
            yield document_of(row["record"])

    def placed(self) -> Iterator[tuple[DocumentRecord, range]]:
        """All documents, by rising row, each with the rows of its passages."""
        for record in self.documents():
            yield record, range(record.first_row, record.first_row + record.passages)

    def first_row_of(self, document: DocumentRecord) -> int:
        """The row of a document's first passage."""
        return document.first_row

    def contents(
        self, wanted: Callable[[DocumentRecord], bool] = lambda _: True
    ) -> Iterator[Contents]:
        """The wanted documents with their passages and vectors, as another index takes them."""
        for record in self.documents():
            if wanted(record):
                rows = range(record.first_row, record.first_row + record.passages)
                passages: list[PassageRecord] = []
                vectors: list[PassageVectorsOf] = []
                for at in range(0, len(rows), ROWS_AT_ONCE):
                    some = np.array(rows[at : at + ROWS_AT_ONCE], dtype=np.int64)
                    passages += self.passages(some)
                    vectors += [packed.vectors for packed in self._ranked_by(some)]
                yield Contents(record, passages, vectors)

    def lookup(self, keys: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        """For each known ASCII form, the words of that form and in how many passages they stand."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for form, word, count in self._words(WORD, keys):
            found[form].append((word, count))
        return {form: sorted(words, key=lambda w: (-w[1], w[0])) for form, words in found.items()}

    def close(self) -> None:
        """Nothing is held: the connection is the server's."""


def axis_of(term: str) -> int:
    """Which of the sparse vectors' dimensions stands for a term; two may share one."""
    return crc32(term.encode("utf-8", "replace")) % (2**32 - 1)
