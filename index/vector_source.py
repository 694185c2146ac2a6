"""Where a build's vectors come from: carried over, resumed from the journal, or embedded now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from index.changes import Known
from index.embedder import Embedder, TokenEmbedder
from index.journal import Journal
from index.prepare import Prepared
from index.segment import PassageVectorsOf, Segment
from index.sentence_vectors import encode
from index.token_codes import Codes

# Of a huge document no more is embedded at once: bounds memory, and what a kill can lose.
PASSAGES_AT_ONCE = 1024


class VectorSource:
    """Vectors of passages: carried over from documents that leave, resumed, or embedded now."""

    def __init__(
        self, open_embedder: Callable[[], Embedder], leaving: Iterable[Known], journal: Journal
    ) -> None:
        self.embedded = 0  # passages that had to be embedded
        self._open_embedder = open_embedder
        self._journal = journal
        self._leaving: dict[bytes, tuple[Segment, int]] = {}
        for known in leaving:
            record, segment = known.record, known.segment
            if segment is None:
                continue
            for row, content in segment.catalog.contents(record.first_row, record.passages):
                self._leaving[content] = (segment, row)

    def of(self, passages: list[Prepared]) -> dict[bytes, PassageVectorsOf]:
        """Vectors by content; what had to be embedded is kept in the journal."""
        found: dict[bytes, PassageVectorsOf] = {}
        missing: dict[bytes, Prepared] = {}
        for passage in passages:
            content = passage.content
            if content in found or content in missing:
                continue
            if content in self._leaving:
                segment, row = self._leaving[content]
                found[content] = segment.vectors_of(row)
                continue
            resumed = self._journal.get(content)
            if resumed is not None:
                found[content] = resumed
            else:
                missing[content] = passage
        waiting = list(missing.values())
        for at in range(0, len(waiting), PASSAGES_AT_ONCE):
            for content, vectors in self._embedded(waiting[at : at + PASSAGES_AT_ONCE]):
                self._journal.put(content, vectors)
                found[content] = vectors
            self._journal.flush()
        return found

    def _embedded(self, missing: list[Prepared]) -> Iterator[tuple[bytes, PassageVectorsOf]]:
        # A passage of one sentence without headings is its own sentence: embed each text once.
        texts = dict.fromkeys(
            chain.from_iterable((p.embedded_text, *p.sentence_texts) for p in missing)
        )
        places = {text: place for place, text in enumerate(texts)}
        embedder = self._open_embedder()
        tokens: list[Codes] = []
        if isinstance(embedder, TokenEmbedder):
            rows, tokens = embedder.passages_and_tokens(list(texts))
        else:
            rows = embedder.passages(list(texts))
        self.embedded += len(missing)
        for passage in missing:
            own = rows[places[passage.embedded_text]].copy()  # a view would keep all rows alive
            sentences = [places[text] for text in passage.sentence_texts]
            codes, scales = encode(rows[sentences], own)
            read = tuple(tokens[place] for place in sentences) if tokens else ()
            yield passage.content, PassageVectorsOf(own, codes, scales, read)
