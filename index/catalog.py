"""The texts of one segment in SQLite: its documents, passages and words."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index.passages import Span
from index.prepare import Prepared
from index.records import DocumentRecord, PassageRecord

_TABLES = """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, title TEXT NOT NULL, date TEXT, source TEXT NOT NULL,
  language TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  indexed_ns INTEGER NOT NULL, first_row INTEGER NOT NULL, passages INTEGER NOT NULL,
  url TEXT NOT NULL
);
CREATE TABLE passages (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL, "start" INTEGER NOT NULL,
  "end" INTEGER NOT NULL, ordinal INTEGER NOT NULL, page INTEGER, headings TEXT NOT NULL,
  sentences BLOB NOT NULL, "key" TEXT NOT NULL, content BLOB NOT NULL, packed BLOB NOT NULL
);
CREATE TABLE words (
  ascii TEXT NOT NULL, word TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (ascii, word)
) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX documents_path ON documents (path);
CREATE INDEX passages_key ON passages ("key");
"""
_QUERY_BATCH = 500  # SQLite allows at least 999 parameters in one statement


class CatalogWriter:
    """Writes a catalog; documents and passages get their ids in the order they are added."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        self._documents = 0
        self._words: Counter[tuple[str, str]] = Counter()
        self.rows = 0

    def add_document(self, record: DocumentRecord) -> None:
        """Adds the document; its id and first row are set here."""
        self._db.execute(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                self._documents,
                record.path,
                record.title,
                record.date.isoformat() if record.date else None,
                record.source,
                record.language,
                record.digest,
                record.size,
                record.mtime_ns,
                record.indexed_ns,
                self.rows,
                record.passages,
                record.url,
            ),
        )
        self._documents += 1

    def add_passage(self, passage: Prepared) -> None:
        """Adds a passage to the document that was added last, and counts its words."""
        spans = np.array([(span.start, span.end) for span in passage.sentences], dtype="<u4")
        self._db.execute(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                self.rows,
                self._documents - 1,
                passage.start,
                passage.end,
                passage.ordinal,
                passage.page,
                json.dumps(passage.headings, ensure_ascii=False) if passage.headings else "",
                spans.tobytes(),
                passage.key,
                passage.content,
                zlib.compress(passage.text.encode()),
            ),
        )
        self.rows += 1
        self._words.update(passage.vocabulary())

    def abandon(self) -> None:
        """Closes a file that will not be finished."""
        self._db.close()

    def close(self) -> None:
        """Writes the words and the indexes, and closes the file."""
        self._db.executemany(
            "INSERT INTO words VALUES (?,?,?)",
            ((ascii_form, word, n) for (ascii_form, word), n in sorted(self._words.items())),
        )
        self._db.executescript(_INDEXES)
        self._db.commit()
        self._db.close()


class Catalog:
    """A segment's catalog, opened for reading; safe for threads."""

    def __init__(self, path: Path) -> None:
        # A published segment never changes, so SQLite need not look for locks or journals.
        self._db = sqlite3.connect(
            path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        # An index is replaced while threads still read it, so nobody closes this one by hand; and
        # the connection stands in a cycle with its own statements, so letting it go is not enough.
        weakref.finalize(self, self._db.close).atexit = False

    def _all(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, parameters).fetchall()

    def documents(self) -> Iterator[DocumentRecord]:
        """All documents in row order."""
        for row in self._all("SELECT * FROM documents ORDER BY id"):
            yield _document(row)

    def document_count(self) -> int:
        """How many documents there are."""
        return int(self._all("SELECT count(*) FROM documents")[0][0])

    def rows_of_documents(self, ids: Iterable[int]) -> list[tuple[int, int]]:
        """(first row, passages) of each of these documents."""
        found: list[tuple[int, int]] = []
        for batch in _batches(list(ids)):
            marks = ",".join("?" * len(batch))
            found += self._all(
                f"SELECT first_row, passages FROM documents WHERE id IN ({marks})", batch
            )
        return found

    def passages(self, rows: Sequence[int]) -> list[PassageRecord]:
        """The passages of these rows in the order asked for, without rows that are not there."""
        found: dict[int, PassageRecord] = {}
        for batch in _batches([int(row) for row in rows]):
            marks = ",".join("?" * len(batch))
            for values in self._all(
                'SELECT p.id, p."start", p."end", p.ordinal, p.page, p.headings, p.sentences,'
                ' p."key", p.packed, d.* FROM passages p JOIN documents d ON d.id = p.document'
                f" WHERE p.id IN ({marks})",
                batch,
            ):
                record = _passage(values)
                found[record.row] = record
        return [found[int(row)] for row in rows if int(row) in found]

    def row_of(self, key: str) -> list[int]:
        """The rows that carry this passage key (several only where dead ones are among them)."""
        return [row for (row,) in self._all('SELECT id FROM passages WHERE "key" = ?', (key,))]

    def contents(self, first_row: int, count: int) -> list[tuple[int, bytes]]:
        """(row, content hash) of `count` passages from `first_row` on."""
        return [
            (row, content)
            for row, content in self._all(
                "SELECT id, content FROM passages WHERE id >= ? AND id < ?",
                (first_row, first_row + count),
            )
        ]

    def words(self, ascii_forms: Sequence[str]) -> list[tuple[str, str, int]]:
        """(ascii form, word, passages) of words that look like these without Turkish letters."""
        found: list[tuple[str, str, int]] = []
        for batch in _batches(ascii_forms):
            marks = ",".join("?" * len(batch))
            found += self._all(
                f"SELECT ascii, word, count FROM words WHERE ascii IN ({marks})", batch
            )
        return found

    def close(self) -> None:
        """Closes the file."""
        self._db.close()


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(values), _QUERY_BATCH):
        yield values[at : at + _QUERY_BATCH]


def _document(row: Sequence[Any]) -> DocumentRecord:
    values = list(row)
    values[3] = date.fromisoformat(str(values[3])) if values[3] else None
    return DocumentRecord(*values)


def _passage(values: Sequence[Any]) -> PassageRecord:
    row, start, end, ordinal, page, headings, sentences, key, packed, *document = values
    spans = np.frombuffer(sentences, dtype="<u4").reshape(-1, 2)
    return PassageRecord(
        row=row,
        document=_document(document),
        start=start,
        end=end,
        ordinal=ordinal,
        page=page,
        headings=tuple(json.loads(headings)) if headings else (),
        sentences=tuple(Span(int(a), int(b)) for a, b in spans),
        key=key,
        text=zlib.decompress(packed).decode(),
    )
