"""Questions about the sources themselves: which documents they mean, and the words for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from index.finder import Found
from index.metadata_questions import Kind, MetadataQuestion
from index.records import DocumentRecord
from index.text import ascii_fold

# "The newest about X": passages whose score is this near the best are about X.
ABOUT_WITHIN = 0.12

_COUNT = {
    "tr": "Kaynaklarımda{period} {documents} belge, {passages} paragraf var.",
    "en": "My sources{period} hold {documents} documents with {passages} paragraphs.",
    "de": "Meine Quellen{period} umfassen {documents} Dokumente mit {passages} Absätzen.",
    "ru": "В моих источниках{period} документов: {documents}, абзацев: {passages}.",
}
_LIST = {
    "tr": "Belgeler{period}, en yenisi önce ({documents}):",
    "en": "Documents{period}, the newest first ({documents}):",
    "de": "Dokumente{period}, die neuesten zuerst ({documents}):",
    "ru": "Документы{period}, сначала новые ({documents}):",
}
_NONE = {
    "tr": "Kaynaklarımda böyle bir belge yok{period}.",
    "en": "There is no such document in my sources{period}.",
    "de": "Ein solches Dokument gibt es in meinen Quellen nicht{period}.",
    "ru": "Такого документа в моих источниках нет{period}.",
}


def wanted_by(asked: MetadataQuestion) -> Callable[[DocumentRecord], bool]:
    """Whether a document is of the period and the source that are asked for."""
    source = ascii_fold(asked.source)

    def wanted(record: DocumentRecord) -> bool:
        if source and source not in ascii_fold(f"{record.source} {record.path}"):
            return False
        if asked.first is None and asked.last is None:
            return True
        on = record.date
        return on is not None and (asked.first or on) <= on <= (asked.last or on)

    return wanted


def newest_first(found: Found) -> Found:
    """The hits that are about the question, the newest document's first."""
    ranked = [
        (record.document.date or date.min, hit)
        for hit, record in found.passages()
        if hit.score >= found.ranking.best - ABOUT_WITHIN
    ]
    newest = sorted(ranked, key=lambda pair: pair[0], reverse=True)
    return replace(found, ranking=found.ranking.reordered([hit for _, hit in newest]))


def told(asked: MetadataQuestion, documents: int, passages: int, language: str) -> str:
    """The words before a list of documents, or their number."""
    words = _NONE if not documents else _COUNT if asked.kind is Kind.COUNT else _LIST
    return words.get(language, words["en"]).format(
        period=_period(asked), documents=documents, passages=passages
    )


def _period(asked: MetadataQuestion) -> str:
    if asked.first is None or asked.last is None:
        return ""
    if asked.first == asked.last:
        return f" ({asked.first.isoformat()})"
    return f" ({asked.first.isoformat()} – {asked.last.isoformat()})"
