"""How the sentences of passages are read: token by token, as the index keeps it or now, or together
with a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np

from index.embedder import Embedder, PairEmbedder, Reading, TokenEmbedder, Tokens
from index.opened import OpenedIndex
from index.records import PassageRecord
from index.token_codes import unpack
from index.vectors import Floats


class TokenReader:
    """Reads for one opened state of the index; safe for threads."""

    def __init__(self, embedder: TokenEmbedder, index: OpenedIndex) -> None:
        self._embedder = embedder
        self._index = index

    def asked(self, question: str) -> Tokens:
        """A question's tokens; next to no work where it was just embedded."""
        return self._embedder.asked(question)

    def kept(self, row: int) -> list[Floats]:
        """(pieces, dim) of length 1 for each sentence of a passage; none where none are kept."""
        return [unpack(codes) for codes in self._index.sentence_tokens(row)]

    def read(self, wanted: Mapping[int, Sequence[int]]) -> list[list[Floats]]:
        """For each passage by its row, the same of those of its sentences that are `wanted`.

        What the index does not keep is read now: some six milliseconds a sentence.
        """
        kept = {row: self._index.sentence_tokens(row) for row in wanted}
        found = {row: [kept[row][s] for s in wanted[row]] for row in wanted if kept[row]}
        missing = [row for row in wanted if not kept[row]]
        if missing:
            records = self._index.passages(np.array(missing, np.int64))
            texts = [
                record.sentence_texts[sentence]
                for row, record in zip(missing, records, strict=True)
                for sentence in wanted[row]
            ]
            now = iter(self._embedder.tokens(texts))
            found |= {row: list(islice(now, len(wanted[row]))) for row in missing}
        return [[unpack(codes) for codes in found[row]] for row in wanted]

    def reading(
        self, question: str, record: PassageRecord, sentences: Sequence[int]
    ) -> Reading | None:
        """Some sentences of a passage, in their order, read together with a question; None where
        the model never learnt that."""
        if not isinstance(self._embedder, PairEmbedder):
            return None
        title = " — ".join((record.document.title, *record.headings))
        texts = record.sentence_texts
        read = self._embedder.read_pair(question, title, [texts[place] for place in sentences])
        return read and read.placed(sentences, len(texts))


def reader_of(embedder: Embedder, index: OpenedIndex) -> TokenReader | None:
    """What reads with this embedder, None where it does not tell how it reads tokens."""
    return TokenReader(embedder, index) if isinstance(embedder, TokenEmbedder) else None
