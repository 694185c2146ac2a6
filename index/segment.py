"""One immutable part of the index: some documents' texts, vectors and words, written once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.catalog import Catalog, CatalogWriter, DocumentRecord
from index.lexical import Words, WordsWriter
from index.prepare import Prepared
from index.ragged import map_file
from index.sentence_tokens import SentenceTokens, SentenceTokensWriter, TokenFiles
from index.sentence_vectors import (
    Codes,
    SentenceFiles,
    SentenceVectors,
    SentenceVectorsWriter,
    decode,
)
from index.token_codes import Codes as TokenCodes
from index.vectors import Floats, PassageVectors, PassageVectorsWriter

MOST_EXTRA_ROWS = 5_000

# From so many passages on, four-bit codes propose the candidates of the dense leg, and sentence
# vectors take four bits as well.
LARGE_FROM = 30_000

# Up to so many passages it is kept how the model read their sentences, piece by piece: some 3 kB a
# passage. In a larger segment ties are read when they are asked for, and sentences go by words.
TOKENS_UP_TO = 120_000


@dataclass(frozen=True, slots=True)
class SegmentFiles:
    """The names of a segment's files inside its folder."""

    folder: Path

    @property
    def catalog(self) -> Path:
        return self.folder / "catalog.sqlite"

    @property
    def passages(self) -> Path:
        return self.folder / "passages.faiss"

    @property
    def compressed(self) -> Path:
        return self.folder / "passages-4bit.faiss"

    @property
    def sentences(self) -> SentenceFiles:
        return SentenceFiles(
            fine=self.folder / "sentences.uint8",
            compact=self.folder / "sentences.uint4",
            scales=self.folder / "sentence-scales.float32",
            starts=self.folder / "sentence-starts.int64",
        )

    @property
    def tokens(self) -> TokenFiles:
        return TokenFiles(
            codes=self.folder / "tokens.uint2", starts=self.folder / "token-starts.int64"
        )

    @property
    def words(self) -> Path:
        return self.folder / "words"

    @property
    def terms(self) -> Path:
        return self.folder / "terms.uint24"

    @property
    def term_starts(self) -> Path:
        return self.folder / "term-starts.int64"

    @property
    def sums(self) -> Path:
        return self.folder / "sums.float32"

    @property
    def languages(self) -> Path:
        return self.folder / "languages.uint8"

    @property
    def language_names(self) -> Path:
        return self.folder / "languages.json"

    def all(self) -> Iterator[Path]:
        """Every file of the segment, tantivy's lock files left out."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.name.startswith(".tantivy"):
                yield path


@dataclass(frozen=True, slots=True)
class PassageVectorsOf:
    """One passage's vectors: (dim,) float32, its sentences' codes and scales, and where they are
    known the codes of each sentence's pieces."""

    passage: Floats
    sentence_codes: Codes
    sentence_scales: Floats
    tokens: tuple[TokenCodes, ...] = ()

    @property
    def sentences(self) -> Floats:
        """(sentences, dim) float32, as far as the codes tell."""
        return decode(self.sentence_codes, self.sentence_scales, self.passage)


class SegmentWriter:
    """Writes a segment: documents in order, each followed by its passages and their vectors."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        folder.mkdir(parents=True)
        self.files = SegmentFiles(folder)
        self.catalog = CatalogWriter(self.files.catalog)
        self.words = WordsWriter(self.files.words, self.files.terms)
        self._vectors = PassageVectorsWriter(dimensions)
        self._sentences = SentenceVectorsWriter(self.files.sentences)
        self._tokens = SentenceTokensWriter(self.files.tokens)
        self._language_names: list[str] = []
        self._languages = bytearray()
        self._sums = np.zeros((2, dimensions), np.float64)  # of passages, of sentences

    def add(self, passage: Prepared, vectors: PassageVectorsOf) -> None:
        """The next passage of the document that was added to the catalog last."""
        self.catalog.add_passage(passage)
        self.words.add(passage.terms())
        if passage.language not in self._language_names:
            self._language_names.append(passage.language)
        self._languages.append(self._language_names.index(passage.language))
        self._vectors.add(vectors.passage[None, :])
        self._sums[0] += vectors.passage
        self._sums[1] += vectors.sentences.sum(axis=0)
        self._sentences.add(vectors.sentence_codes, vectors.sentence_scales)
        # Of a segment that has grown too large none are kept, so none are written any more.
        tokens = vectors.tokens if self.catalog.rows <= TOKENS_UP_TO else ()
        self._tokens.add(tokens, len(vectors.sentence_scales))

    def abandon(self) -> None:
        """Closes the files of a segment that will not be finished."""
        self.catalog.abandon()
        self.words.abandon()
        self._sentences.abandon()
        self._tokens.abandon()

    def close(self) -> None:
        """Writes everything that is still in memory."""
        self.catalog.close()
        self.words.close(self.files.term_starts)
        large = self.catalog.rows >= LARGE_FROM
        self._vectors.close(self.files.passages, self.files.compressed if large else None)
        self._sentences.close(self._sums.shape[1], compact=large)
        self._tokens.close(keep=self.catalog.rows <= TOKENS_UP_TO)
        self._sums.astype("<f4").tofile(self.files.sums)
        self.files.languages.write_bytes(self._languages)
        self.files.language_names.write_text(json.dumps(self._language_names))


class Segment:
    """A segment opened for reading; `dead` marks the rows that later builds replaced or removed."""

    def __init__(self, folder: Path, dead_documents: Sequence[int]) -> None:
        files = SegmentFiles(folder)
        self.name = folder.name
        self.catalog = Catalog(files.catalog)
        self.vectors = PassageVectors(files.passages, files.compressed)
        self.sentences = SentenceVectors(files.sentences, self.vectors.dimensions)
        self.tokens = SentenceTokens(files.tokens)
        self.words = Words(files.words, files.terms, files.term_starts)
        self.sums = np.fromfile(files.sums, "<f4").reshape(2, -1)
        self.counts = (len(self.vectors), len(self.sentences))
        self.languages = map_file(files.languages, "uint8")  # (passages,): place in the names
        self.language_names: list[str] = json.loads(files.language_names.read_text())
        self.dead_documents = frozenset(dead_documents)
        self.dead = self._dead_rows()

    def _dead_rows(self) -> npt.NDArray[np.bool_] | None:
        if not self.dead_documents:
            return None
        dead = np.zeros(len(self.vectors), dtype=bool)
        for first_row, passages in self.catalog.rows_of_documents(self.dead_documents):
            dead[first_row : first_row + passages] = True
        return dead

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def live(self) -> int:
        """Passages that are not dead."""
        return len(self) - (int(self.dead.sum()) if self.dead is not None else 0)

    def live_without(self, gone: Set[int]) -> int:
        """Passages that will be left when these documents leave too."""
        leaving = self.catalog.rows_of_documents(gone - self.dead_documents)
        return self.live - sum(passages for _, passages in leaving)

    @property
    def live_documents(self) -> int:
        """Documents that are not dead."""
        return self.catalog.document_count() - len(self.dead_documents)

    def documents(self) -> Iterator[DocumentRecord]:
        """The documents that are not dead."""
        for document in self.catalog.documents():
            if document.id not in self.dead_documents:
                yield document

    def vectors_of(self, row: int) -> PassageVectorsOf:
        """A passage's stored vectors, for a build that carries them over."""
        codes, scales = self.sentences.stored(row)
        passage = self.vectors.rows(np.array([row]))[0]
        return PassageVectorsOf(passage, codes, scales, self.tokens_of(row))

    def tokens_of(self, row: int) -> tuple[TokenCodes, ...]:
        """The codes of the pieces of a passage's sentences, none where they are not kept."""
        return self.tokens.of(self.sentences.span(row))

    def in_language(self, language: str) -> npt.NDArray[np.bool_]:
        """(passages,) bool: which are in this language."""
        if language not in self.language_names:
            return np.zeros(len(self), dtype=bool)
        return np.asarray(self.languages == self.language_names.index(language))

    def search_vectors(
        self, query: Floats, k: int, without_language: str = ""
    ) -> tuple[npt.NDArray[np.int64], Floats]:
        """The k nearest live rows, best first, with their cosines; none in `without_language`."""
        left_out = self.dead
        if without_language in self.language_names:
            left_out = self.in_language(without_language)
            if self.dead is not None:
                left_out = left_out | self.dead
        return self.vectors.search(query, k, left_out)

    def search_words(self, weights: dict[str, float], k: int) -> npt.NDArray[np.int64]:
        """The k live rows that share most with these terms, best first."""
        if self.dead is None:
            return self.words.search(weights, k)
        # tantivy does not know which rows are dead: ask for as many more and leave them out.
        rows = self.words.search(weights, k + min(int(self.dead.sum()), MOST_EXTRA_ROWS))
        return rows[~self.dead[rows]][:k]

    def close(self) -> None:
        """Closes what holds a file open."""
        self.catalog.close()
