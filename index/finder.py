"""Finds passages for a question in one opened state of the index, and judges how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from index.able import able_first
from index.confidence import Calibration
from index.copies import SEARCHED, without_copies
from index.embedder import Embedder, Tokens
from index.judge import Judge
from index.languages import guess_language
from index.late_interaction import LateInteraction
from index.opened import OpenedIndex
from index.records import DocumentRecord, PassageRecord
from index.remembered import Remembered, RememberingEmbedder, bytes_of
from index.repair import Repair, repair
from index.reranker import Reranker, reranked
from index.retriever import TURKISH, Hit, Ranking, Retriever, Weights
from index.token_reader import TokenReader, reader_of
from index.tuning import SHIPPED, Tuning, moved

QUESTIONS_REMEMBERED = 1_000
BYTES_REMEMBERED = 8_000_000

_OBJECT = 150  # bytes of an object with some fields, or of an array without its numbers

# What a follow-up's passage gains for standing in the document of the passage that was shown first,
# or in that of another one shown, and loses for being the one just read.
SAME_DOCUMENT = 0.05
ALSO_SHOWN = 0.025
JUST_READ = 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found before anything is quoted, best first.

    `language` is the question's, "" where nothing tells it. `reader` and the `tokens` of the
    standalone question are None where the model does not tell how it reads tokens.
    """

    question: str
    standalone: str
    repairs: tuple[Repair, ...]
    ranking: Ranking
    confidence: float
    language: str
    index: OpenedIndex
    tokens: Tokens | None = None
    reader: TokenReader | None = None

    @property
    def nbytes(self) -> int:
        """About what this takes in memory, the index and the model left out."""
        ranking = self.ranking
        arrays: list[npt.NDArray[Any]] = []
        for hit in ranking.hits:
            arrays += hit.sentence_cosines, hit.sentence_nearness
            if hit.reading:
                arrays.append(hit.reading.sentences)
        arrays += ranking.query, ranking.matches, ranking.wanted.idf, ranking.wanted.known
        if self.tokens:
            arrays += self.tokens.states, self.tokens.weights
        seeds = chain.from_iterable(ranking.copies.values())
        texts = (self.question, self.standalone, *ranking.wanted.weights, *seeds)
        return (
            sum(array.nbytes + _OBJECT for array in arrays)
            + sum(map(bytes_of, texts))
            + _OBJECT * (len(ranking.hits) + len(self.repairs))
        )

    def passages(self) -> Iterator[tuple[Hit, PassageRecord]]:
        """The hits with their texts, best first."""
        rows = np.array([hit.row for hit in self.ranking.hits], dtype=np.int64)
        yield from zip(self.ranking.hits, self.index.passages(rows), strict=True)


class Finder:
    """One opened state of the index and all that belongs to it; safe for threads.

    What was found for the last `remembered` questions is kept, and forgotten with this state: a
    new index begins with nothing. Quotes are never kept, they are checked whenever they are shown.
    """

    def __init__(
        self,
        index: OpenedIndex,
        embedder: Embedder,
        remembered: int = QUESTIONS_REMEMBERED,
        reranker: Reranker | None = None,
        tuning: Tuning = SHIPPED,
    ) -> None:
        self.index = index
        self._tuning = tuning
        self.calibration = Calibration.from_json(index.manifest.calibration)
        self._retriever = Retriever(
            index, RememberingEmbedder(embedder, remembered), tuning.weights
        )
        self._reader = reader_of(embedder, index)
        self._compare = LateInteraction(self._reader) if self._reader else None
        self._judge = Judge(index, self.calibration, self._compare, self._reader)
        self._reranker = reranker
        self._remembered = Remembered[tuple[str, int], Found](
            remembered, BYTES_REMEMBERED, lambda _, found: found.nbytes
        )

    def find(
        self,
        question: str,
        *,
        k: int,
        wanted: Callable[[DocumentRecord], bool] | None = None,
    ) -> Found:
        """Repairs and searches a question that stands alone, in the documents that are `wanted`.

        A repair that only guesses is undone where the question fits better without it. Of passages
        that say the same, word for word, only the best is found.
        """
        if wanted is not None:
            return self._find(question, k, wanted)
        return self._remembered.of((question, k), lambda: self._find(question, k, None))

    def _find(
        self, question: str, k: int, wanted: Callable[[DocumentRecord], bool] | None
    ) -> Found:
        language = guess_language(question, default="")
        rows = self.index.rows_where(wanted) if wanted else None
        repaired = repair(question, self.index, language or TURKISH)
        depth = max(k, self._reranker.candidates) if self._reranker else k
        searched = SEARCHED * depth
        ranking = self._retriever.search(repaired.text, language, searched, rows)
        if repaired.cautious is not None:
            cautious = self._retriever.search(repaired.cautious, language, searched, rows)
            if cautious.best > ranking.best:
                ranking, repaired = cautious, repaired.without_guesses
        ranking = able_first(without_copies(ranking, self.index, depth), self.index)
        tokens = self._reader.asked(repaired.text) if self._reader else None
        if self._compare and tokens:
            ranking = self._compare(ranking, tokens)
        if self._reranker:
            ranking = reranked(self._reranker, repaired.text, ranking, self.index)
            ranking = ranking.reordered(ranking.hits[:k])
        ranking, confidence = self._judged(repaired.text, ranking, tokens, language)
        return Found(
            question,
            repaired.text,
            repaired.repairs,
            ranking,
            confidence,
            language,
            self.index,
            tokens,
            self._reader,
        )

    def continuing(self, found: Found, shown: Sequence[str]) -> Found:
        """What was found for a follow-up, ranked anew knowing which passages were just `shown`.

        A follow-up mostly asks of the same documents, but not for the paragraph just read.
        """
        rows = [row for row in map(self.index.row_of, shown) if row is not None]
        before = self.index.passages(np.array(rows, dtype=np.int64))
        if not before:
            return found
        gains = {record.document.path: ALSO_SHOWN for record in before}
        gains[before[0].document.path] = SAME_DOCUMENT
        hits = []
        for hit, record in found.passages():
            gain = gains.get(record.document.path, 0.0) - JUST_READ * (record.key == before[0].key)
            hits.append(replace(hit, score=hit.score + gain))
        ranking = found.ranking.rescored(hits)
        ranking, confidence = self._judged(found.standalone, ranking, found.tokens, found.language)
        return replace(found, ranking=ranking, confidence=confidence)

    def reweighed(self, found: Found, weights: Weights) -> Found:
        """What was found, ranked by other weights."""
        ranking = found.ranking.rescored([hit.weighed(weights) for hit in found.ranking.hits])
        ranking, confidence = self._judged(found.standalone, ranking, found.tokens, found.language)
        return replace(found, ranking=ranking, confidence=confidence)

    def _judged(
        self, question: str, ranking: Ranking, tokens: Tokens | None, language: str
    ) -> tuple[Ranking, float]:
        ranking, confidence = self._judge(question, ranking, tokens, language)
        return ranking, moved(confidence, self._tuning.trust)
