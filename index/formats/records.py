"""Tables and JSON lines: each record's text as a paragraph, under its title where it has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.errors import SeedError
from index.formats.extract import Blocks

TEXT_NAMES = (
    "text", "metin", "content", "içerik", "icerik", "body", "gövde", "govde", "answer", "yanıt",
    "yanit", "cevap", "paragraph", "paragraf", "description", "açıklama", "aciklama", "özet",
    "summary", "abstract",
)  # fmt: skip
TITLE_NAMES = (
    "title", "başlık", "baslik", "question", "soru", "heading", "name", "ad", "adı", "konu",
    "subject",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """What a row of a table or an object says, "" where it has no title or no text."""

    title: str
    text: str


def named(names: Iterable[str], wanted: Sequence[str]) -> str:
    """The one of `names` that comes first in `wanted`, "" where none does."""
    folded = {_folded(name): name for name in names}
    return next((folded[each] for each in wanted if each in folded), "")


def add_records(blocks: Blocks, records: Sequence[Record]) -> None:
    """Adds records; among records with titles, one without stands under its number."""
    titled = any(record.title.strip() for record in records)
    above = ""
    for number, record in enumerate(records, 1):
        if not record.text.strip():
            continue
        heading = (record.title.strip() or str(number)) if titled else ""
        if heading != above:
            blocks.heading(2, heading)
        above = heading
        blocks.paragraph(record.text)


def no_text(names: Iterable[str]) -> SeedError:
    """The error for a file without a column of text."""
    shown = ", ".join(" ".join(name.split())[:30] for name in list(names)[:8])
    return SeedError(
        f"metin sütunu bulunamadı (sütunlar: {shown}); metnin sütununa “metin” adını verin.",
        f"it has no column of text (columns: {shown}); call the one with the text “text”.",
    )


def _folded(name: str) -> str:
    return name.strip().replace("I", "ı").replace("İ", "i").lower()
