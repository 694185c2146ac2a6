"""Questions about the sources themselves: which documents they mean, and the words for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
_ABOUT = {
    "tr": "Kaynaklarımda{period} “{words}” geçen {documents} belge var, en yenisi önce:",
    "en": "“{words}” stands in {documents} documents of my sources{period}, the newest first:",
    "de": "„{words}“ steht in {documents} Dokumenten meiner Quellen{period}, die neuesten zuerst:",
    "ru": "Документов{period}, где встречается «{words}»: {documents}, сначала новые:",
}
_OLDEST = {
    "tr": "Belgeler{period}, en eskisi önce ({documents}):",
    "en": "Documents{period}, the oldest first ({documents}):",
    "de": "Dokumente{period}, die ältesten zuerst ({documents}):",
    "ru": "Документы{period}, сначала старые ({documents}):",
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


def ordered(
    documents: Iterable[DocumentRecord], *, newest_first: bool = True
) -> list[DocumentRecord]:
    """Documents by date, those without one last."""
    undated = date.min if newest_first else date.max
    return sorted(
        documents, key=lambda record: (record.date or undated, record.path), reverse=newest_first
    )


def by_date(found: Found, *, newest_first: bool) -> Found:
    """The hits that are about the question, the newest document's first, or the oldest one's."""
    ranked = [
        (record.document.date or date.min, hit)
        for hit, record in found.passages()
        if hit.score >= found.ranking.best - ABOUT_WITHIN
    ]
    ordered = sorted(ranked, key=lambda pair: pair[0], reverse=newest_first)
    return replace(found, ranking=found.ranking.reordered([hit for _, hit in ordered]))


def told(
    asked: MetadataQuestion, documents: int, passages: int, language: str, *, shown: int
) -> str:
    """The words before a list of `documents`, of which so many are shown, or their number."""
    listed = _OLDEST if asked.oldest_first else _LIST
    if asked.rest and documents:
        return _ABOUT.get(language, _ABOUT["en"]).format(
            period=_period(asked), documents=documents, words=asked.rest
        )
    words = _NONE if not documents else _COUNT if asked.kind is Kind.COUNT else listed
    counted = str(documents)
    if words is listed and shown < documents:
        counted = f"{shown}/{documents}"
    return words.get(language, words["en"]).format(
        period=_period(asked), documents=counted, passages=passages
    )


def _period(asked: MetadataQuestion) -> str:
    if asked.first is None or asked.last is None:
        return ""
    if asked.first == asked.last:
        return f" ({asked.first.isoformat()})"
    return f" ({asked.first.isoformat()} – {asked.last.isoformat()})"
