"""Seeds and an index of any size, by rule: texts as in bench/corpus.py, vectors made up.

The index is written as a build writes it, segment by segment, but nothing is embedded except what
is real: the shipped seeds, and the paragraphs of a questions file where one is given. They lie
hidden in the first segment. A million passages take some minutes and 4 GB.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bench.corpus import _SUFFIXES, PARAGRAPHS, WORDS, lexicon
from bench.made_up import MadeUpVectors
from index.calibrate import PROBES
from index.centring import question_means
from index.confidence import Calibration
from index.documents import read, scan
from index.embedder import Embedder, TokenEmbedder
from index.engines import open_embedder
from index.files import sums_of
from index.manifest import Manifest, Model, SegmentEntry
from index.passages import Passage, Span
from index.prepare import Prepared, PreparedDocument, _key, _prepared, lead_of, prepare
from index.records import DocumentRecord
from index.segment import PassageVectorsOf, SegmentWriter
from index.segment_series import MOST_PASSAGES_PER_SEGMENT
from index.sentence_vectors import encode
from index.store import Store
from index.text import terms
from index.vectors import Floats
from index.vocabulary import vocabulary_entries

ROOT = Path(__file__).parent.parent
SENTENCES = 4
PIECES = 30  # of a made-up sentence's fifteen words
FILES_A_FOLDER = 100
TOKEN_BYTES = 32  # of the bundled model's codes
AT_ONCE = 200  # documents
MTIME_NS = 1_767_225_600_000_000_000

# What a token gives, worked out once: made-up words are few.
_terms = cache(lambda token: tuple(terms(token)))
_entries = cache(lambda token: frozenset(vocabulary_entries(token)))


class MadeUpPassage(Prepared):
    """A passage whose terms and words are put together from those of its tokens."""

    __slots__ = ()

    def terms(self) -> list[str]:
        """As `Prepared.terms`."""
        tokens = (*self.text.split(), *self.context.split())
        return [term for token in tokens for term in _terms(token.rstrip("."))]

    def vocabulary(self) -> set[tuple[str, str]]:
        """As `Prepared.vocabulary`, but for a few capitals."""
        tokens = (*self.text.split(), *self.context.split())
        return set().union(*(_entries(token.rstrip(".")) for token in tokens))


class MadeUpTexts:
    """Draws documents of ten paragraphs, each of four sentences of fifteen words."""

    def __init__(self, words: int, seed: int) -> None:
        known = lexicon(words, random.Random(0))
        self._forms = [word + suffix for word in known for suffix in _SUFFIXES]
        self._suffixes = len(_SUFFIXES)
        self._weights = np.cumsum(1 / np.arange(1, len(known) + 1))
        self._chance = np.random.default_rng(seed)

    def documents(self, n: int) -> Iterator[list[list[str]]]:
        """The sentences of each paragraph of n documents."""
        shape = (n, PARAGRAPHS, SENTENCES, WORDS // SENTENCES)
        drawn = self._chance.random(shape) * self._weights[-1]
        suffixes = self._chance.integers(self._suffixes, size=shape)
        forms = np.searchsorted(self._weights, drawn) * self._suffixes + suffixes
        for document in forms.tolist():
            yield [
                [" ".join(self._forms[form] for form in s).capitalize() + "." for s in paragraph]
                for paragraph in document
            ]


def made_up_document(path: str, paragraphs: list[list[str]]) -> tuple[PreparedDocument, bytes]:
    """The document as `index.prepare.prepare` would give it, and its file's content."""
    prepared: list[Prepared] = []
    at, lead = 0, ""
    for ordinal, sentences in enumerate(paragraphs, 1):
        spans = []
        start = at
        for sentence in sentences:
            spans.append(Span(at, at + len(sentence)))
            at += len(sentence) + 1
        text = " ".join(sentences)
        passage = Passage(start, at - 1, ordinal, (), None, tuple(spans))
        plain = _prepared(passage, lead, text, _key(path, text, 0), "tr")
        fields = {name: getattr(plain, name) for name in Prepared.__slots__}
        prepared.append(MadeUpPassage(**fields))
        lead = lead or lead_of(prepared[0])
        at += 1  # the empty line
    raw = "\n\n".join(" ".join(sentences) for sentences in paragraphs).encode() + b"\n"
    record = DocumentRecord(
        id=-1,
        path=path,
        title="",
        date=None,
        source="",
        language="tr",
        digest=sha256(raw).hexdigest(),
        size=len(raw),
        mtime_ns=MTIME_NS,
        indexed_ns=time.time_ns(),
        first_row=-1,
        passages=len(prepared),
    )
    return PreparedDocument(record, prepared), raw


def write_document(path: Path, raw: bytes) -> None:
    """Writes a seed with the time that its record has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    os.utime(path, ns=(MTIME_NS, MTIME_NS))


def add_made_up(writer: SegmentWriter, seeds: Path, files: range, words: int, like: Floats) -> None:
    """Writes the seeds with these numbers, and adds them to the segment."""
    texts, vectors = MadeUpTexts(words, files.start + 1), MadeUpVectors(like, files.start + 1)
    chance = np.random.default_rng(files.start + 1)
    for begin in range(files.start, files.stop, AT_ONCE):
        some = range(begin, min(begin + AT_ONCE, files.stop))
        passages = vectors.passages(len(some) * PARAGRAPHS)
        sentences = vectors.sentences(passages, SENTENCES).reshape(len(passages), SENTENCES, -1)
        rows = zip(passages, sentences, strict=True)
        for number, paragraphs in zip(some, texts.documents(len(some)), strict=True):
            path = f"made-up/{number // FILES_A_FOLDER:04}/{number:06}.txt"
            document, raw = made_up_document(path, paragraphs)
            write_document(seeds / path, raw)
            writer.catalog.add_document(document.record)
            for passage in document.passages:
                own, parts = next(rows)
                tokens = chance.integers(256, size=(SENTENCES, PIECES, TOKEN_BYTES), dtype=np.uint8)
                vectors_of = PassageVectorsOf(own, *encode(parts, own), tuple(tokens))
                writer.add(passage, vectors_of)


def add_real(writer: SegmentWriter, seeds: Path, embedder: TokenEmbedder) -> None:
    """Adds the seeds that are in the folder already, really embedded."""
    for file in scan(seeds, 10**7)[0]:
        if file.path.startswith("made-up/"):
            continue
        document = prepare(file, read(seeds, file), time.time_ns())
        writer.catalog.add_document(document.record)
        for passage in document.passages:
            texts = [passage.embedded_text, *passage.sentence_texts]
            rows, (_, *tokens) = embedder.passages_and_tokens(texts)
            codes = encode(rows[1:], rows[0])
            vectors = PassageVectorsOf(rows[0], *codes, tuple(tokens))
            writer.add(passage, vectors)


def write_segment(
    store: Store, seeds: Path, files: range, words: int, like: Floats
) -> SegmentEntry:
    """One segment of made-up documents, the real ones before them in the first."""
    embedder = open_embedder()
    writer = SegmentWriter(store.new_segment_folder(), embedder.dimensions)
    if files.start == 0:
        assert isinstance(embedder, TokenEmbedder)
        add_real(writer, seeds, embedder)
    add_made_up(writer, seeds, files, words, like)
    writer.close()
    folder = writer.files.folder
    return SegmentEntry(folder.name, writer.catalog.rows, sums_of(folder, writer.files.all()))


def paragraphs_of(squad: Path) -> Iterator[str]:
    """The paragraphs of a file in SQuAD's format."""
    for article in json.loads(squad.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"]


def write_index(folder: Path, passages: int, squad: Path | None = None) -> None:
    """Fills `folder`/seeds and `folder`/index with about so many passages."""
    seeds, store = folder / "seeds", Store(folder / "index")
    shutil.copytree(ROOT / "seeds", seeds / "real")
    for number, text in enumerate(paragraphs_of(squad) if squad else ()):
        write_document(seeds / f"asked/{number:04}.txt", text.encode())
    embedder = open_embedder()
    like = sample(seeds / "real", embedder)
    documents_in_all = passages // PARAGRAPHS
    each = MOST_PASSAGES_PER_SEGMENT // PARAGRAPHS
    parts = [
        range(start, min(start + each, documents_in_all))
        for start in range(0, documents_in_all, each)
    ]
    words = min(60_000, 2_000 + passages)
    context = get_context("spawn")  # FAISS's threads do not survive a fork
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        tasks = [processes.submit(write_segment, store, seeds, part, words, like) for part in parts]
        entries = tuple(task.result() for task in tasks)
    rows = sum(entry.passages for entry in entries)
    means = question_means(embedder)
    store.publish(
        Manifest(
            number=1,
            created=datetime.now(UTC),
            model=Model(embedder.name, embedder.revision, embedder.dimensions),
            segments=entries,
            documents=len(scan(seeds, 10**7)[0]),
            passages=rows,
            skipped=(),
            # As of an index that was fitted when it was built; made-up vectors would teach it.
            calibration=replace(Calibration(), probes=PROBES, passages=rows).to_json(),
            question_means={name: mean.round(6).tolist() for name, mean in means.items()},
        )
    )


def sample(seeds: Path, embedder: Embedder) -> Floats:
    """Vectors of real passages and sentences: (n, dim) float32."""
    prepared = [prepare(file, read(seeds, file), 0) for file in scan(seeds, 10**7)[0]]
    passages = [passage for document in prepared for passage in document.passages]
    texts = [text for p in passages for text in (p.embedded_text, *p.sentence_texts)]
    return embedder.passages(texts)
