"""Tables and JSON lines: each record's text as a paragraph, under its title where it has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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


def named(names: Iterable[str], wanted: Sequence[str]) -> str:
    """The one of `names` that comes first in `wanted`, "" where none does."""
    folded = {_folded(name): name for name in names}
    return next((folded[each] for each in wanted if each in folded), "")


def add_records(
    blocks: Blocks, records: Iterable[Mapping[str, str]], text: str, title: str
) -> None:
    """Adds records by the names of their text and (or "") their title.

    Among records with titles, one without stands under its number.
    """
    above = ""
    for number, record in enumerate(records, 1):
        words = record.get(text, "")
        if not words.strip():
            continue
        heading = (record.get(title, "").strip() or str(number)) if title else ""
        if heading != above:
            blocks.heading(2, heading)
        above = heading
        for paragraph in words.replace("\r", "").split("\n\n"):
            blocks.paragraph(paragraph)


def no_text(names: Iterable[str]) -> SeedError:
    """The error for a file without a column of text."""
    shown = ", ".join(" ".join(name.split())[:30] for name in list(names)[:8])
    return SeedError(
        f"metin sütunu bulunamadı (sütunlar: {shown}); metnin sütununa “metin” adını verin.",
        f"it has no column of text (columns: {shown}); call the one with the text “text”.",
    )


def _folded(name: str) -> str:
    return name.strip().replace("I", "ı").replace("İ", "i").lower()
