"""Makes citations of passages, each checked against its seed before it is shown."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np

from index.answer import Citation, PassageView
from index.finder import Found
from index.highlight import highlight
from index.opened import OpenedIndex
from index.quotes import Seeds
from index.records import PassageRecord
from index.sentences import Span

logger = logging.getLogger(__name__)


def citations_of(found: Found, seeds: Seeds, k: int, skip: int = 0) -> tuple[Citation, ...]:
    """At most k citations after `skip`.

    What its seed does not hold any more is dropped; of those that would answer with the same
    sentences the newest is cited, and names the others; of copies the first.
    """
    citations: dict[str, Citation] = {}
    for hit, record in found.passages():
        if len(citations) == skip + k:
            break
        spans = highlight(found, hit, record)
        citation = citation_of(record, seeds, len(citations) + 1, spans, hit.score)
        if citation is None:
            continue
        answer = " ".join(" ".join(citation.highlighted).split())
        first = citations.get(answer, citation)
        paths = (*first.also, first.path, citation.path)
        if _is_newer(citation, first):
            first = replace(citation, number=first.number, score=first.score)
        paths = (*paths, *found.ranking.copies.get(record.row, ()))
        others = tuple(path for path in dict.fromkeys(paths) if path != first.path)
        citations[answer] = replace(first, also=others)
    return tuple(citations.values())[skip:]


def _is_newer(one: Citation, other: Citation) -> bool:
    """Whether a passage is of a newer document, and no copy of the other one."""
    copied = one.quote.split() == other.quote.split()
    return bool(one.date and other.date and one.date > other.date and not copied)


def citation_of(
    record: PassageRecord,
    seeds: Seeds,
    number: int,
    highlights: tuple[Span, ...] = (),
    score: float = 0.0,
) -> Citation | None:
    """A citation of a passage; None, and a line in the log, where its seed has changed."""
    document = record.document
    if not seeds.holds(document.path, record.start, record.end, record.text):
        logger.warning("citation dropped, its seed has changed: passage %s", record.key)
        return None
    return Citation(
        number=number,
        key=record.key,
        path=document.path,
        title=document.title,
        date=document.date,
        source=document.source,
        headings=record.headings,
        paragraph=record.ordinal,
        page=record.page,
        url=document.url,
        start=record.start,
        end=record.end,
        quote=record.text,
        highlights=highlights,
        score=score,
    )


def view_of(index: OpenedIndex, seeds: Seeds, key: str, number: int) -> PassageView | None:
    """A passage with the paragraphs around it; None where it changed or is gone."""
    row = index.row_of(key)
    if row is None:
        return None
    (record,) = index.passages(np.array([row]))
    citation = citation_of(record, seeds, number)
    if citation is None:
        return None
    before, after = index.neighbours(row)
    return PassageView(
        citation,
        before.text if before else "",
        after.text if after else "",
        index.version,
    )
