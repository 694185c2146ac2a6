"""A document made ready for a segment: what is embedded, what is searched for, what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from index.documents import Document, SeedFile
from index.languages import language_of_part
from index.passages import Passage, Span, split
from index.records import DocumentRecord, PassageRecord
from index.repair import vocabulary_entries
from index.text import terms

KEY_BYTES = 8
CONTENT_BYTES = 16
LEAD_WORDS = 12


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage on its way into a segment.

    `context` is the title (or the first words of a document without one) and the headings above
    it. `content` identifies what is embedded: passages with the same content have the same
    vectors, wherever they stand. `key` identifies the passage for answers that are kept: it stays
    the same while path and text do. `language` is its own, of a document in two as well.
    """

    start: int
    end: int
    ordinal: int
    page: int | None
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]
    text: str
    context: str
    content: bytes
    key: str
    language: str

    @property
    def embedded_text(self) -> str:
        """What the passage's vector is made of."""
        return f"{self.context}. {self.text}" if self.context else self.text

    @property
    def sentence_texts(self) -> list[str]:
        """What the sentence vectors are made of."""
        return [self.text[s.start - self.start : s.end - self.start] for s in self.sentences]

    def terms(self) -> list[str]:
        """What the lexical leg finds the passage by."""
        return terms(self.text, self.language) + terms(self.context, self.language)

    def vocabulary(self) -> set[tuple[str, str]]:
        """The passage's (ascii form, word) pairs, for repairing questions."""
        return vocabulary_entries(self.text) | vocabulary_entries(self.context)


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document's record and its passages."""

    record: DocumentRecord
    passages: list[Prepared]


def prepare(file: SeedFile, document: Document, indexed_ns: int) -> PreparedDocument:
    """Splits a document into passages ready for a segment."""
    passages = split(document)
    seen: Counter[str] = Counter()
    prepared: list[Prepared] = []
    lead = ""
    for passage in passages:
        text = document.text[passage.start : passage.end]
        key = _key(document.path, text, seen[text])
        language = language_of_part(text, document.language)
        prepared.append(_prepared(passage, document.title or lead, text, key, language))
        lead = lead or lead_of(prepared[0])
        seen[text] += 1
    record = DocumentRecord(
        id=-1,
        path=document.path,
        title=document.title,
        date=document.date,
        source=document.source,
        language=document.language,
        url=document.url,
        digest=document.digest,
        size=file.size,
        mtime_ns=file.mtime_ns,
        indexed_ns=indexed_ns,
        first_row=-1,
        passages=len(prepared),
    )
    return PreparedDocument(record, prepared)


def prepared_again(document: DocumentRecord, passages: Sequence[PassageRecord]) -> PreparedDocument:
    """A document that moves from one segment to another, without its seed."""
    prepared: list[Prepared] = []
    lead = ""
    for passage in passages:
        subject = document.title or lead
        prepared.append(_prepared(passage, subject, passage.text, passage.key, passage.language))
        lead = lead or lead_of(prepared[0])
    return PreparedDocument(document, prepared)


def lead_of(first: Prepared) -> str:
    """The first words of a document: what it is about, where it has no title.

    News names its subject in the first sentence and speaks of "it" from then on; without this,
    the paragraphs further down are found by nobody who names the subject.
    """
    sentence = first.sentence_texts[0] if first.sentences else first.text
    return " ".join(sentence.split()[:LEAD_WORDS])


def _prepared(
    passage: Passage | PassageRecord, subject: str, text: str, key: str, language: str
) -> Prepared:
    context = ". ".join(dict.fromkeys(part for part in (subject, *passage.headings) if part))
    start, spans = passage.start, passage.sentences
    bounds = ",".join(f"{span.start - start}-{span.end - start}" for span in spans)
    content = blake2b(
        "\0".join((context, bounds, text)).encode("utf-8", "replace"), digest_size=CONTENT_BYTES
    ).digest()
    return Prepared(
        start,
        passage.end,
        passage.ordinal,
        passage.page,
        passage.headings,
        spans,
        text,
        context,
        content,
        key,
        language,
    )


def _key(path: str, text: str, occurrence: int) -> str:
    whole = f"{path}\0{occurrence}\0{text}".encode("utf-8", "replace")
    return blake2b(whole, digest_size=KEY_BYTES).hexdigest()
