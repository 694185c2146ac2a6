"""PDF by pypdfium2: the lines of each page, where they stand, and the file's own metadata."""

from __future__ import annotations

from ctypes import byref, c_double
from math import hypot
from typing import Any

from index.errors import SeedError
from index.formats.archive import encrypted
from index.formats.extract import Extract, dated
from index.formats.pdf_layout import Line, blocks_of

MOST_PAGES = 5_000
_LEAST_LETTERS = 15  # a page with fewer is a picture with a page number
_MOST_UNKNOWN = 0.2  # share of characters that the fonts give no letters for
_BOLD = 600
_NOBODY = ("(unspecified)", "anonymous", "(anonymous)", "unknown")
_HYPHENS = "\x02\ufffe"  # what PDFium puts for a hyphen between two lines, which it joins


def extract(raw: bytes) -> Extract:
    """The text page by page, form feeds between them; headings by their size."""
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise encrypted() from None
        raise _broken() from None
    if len(file) > MOST_PAGES:
        raise SeedError(
            f"{len(file)} sayfası var, sınır {MOST_PAGES}; bölün.",
            f"it has {len(file)} pages, the limit is {MOST_PAGES}; split it.",
        )
    pages: list[list[Line]] = []
    pictures = False
    for number in range(len(file)):
        try:
            page = file[number]
            pages.append(_lines(page))
            if not pages[-1]:
                pictures = pictures or _has_picture(page)
            page.close()
        except pypdfium2.PdfiumError:  # one damaged page; the others go on
            pages.append([])
    words = "".join(line.text for page in pages for line in page)
    letters = sum(letter.isalpha() for letter in words)
    if letters < _LEAST_LETTERS * max(sum(bool(page) for page in pages), 1):
        raise _scan() if pictures or letters else _no_text()
    unknown = sum(letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" for letter in words)
    if unknown > _MOST_UNKNOWN * len(words):
        raise SeedError(
            "yazı tipleri harfleri söylemiyor, metni okunamıyor; OCR'dan geçirin (ör. ocrmypdf "
            "--force-ocr) ya da metnini .txt olarak kaydedin.",
            "its fonts do not tell the letters, so its text cannot be read; run OCR on it (such as "
            "ocrmypdf --force-ocr) or save its text as .txt.",
        )
    about = file.get_metadata_dict()
    when = dated(about.get("CreationDate", "")) or dated(about.get("ModDate", ""))
    return blocks_of(pages).extract(_given(about, "Title"), when, _given(about, "Author"))


def _given(about: dict[str, str], name: str) -> str:
    value = about.get(name, "").strip()
    return "" if value.lower() in _NOBODY else value


def _lines(page: Any) -> list[Line]:
    from pypdfium2 import raw as pdfium

    text = page.get_textpage()
    handle = text.raw
    letters = [
        chr(pdfium.FPDFText_GetUnicode(handle, place) or 0xFFFD)
        for place in range(text.count_chars())
    ]
    lines: list[Line] = []
    start = 0
    for end in range(len(letters) + 1):
        if end < len(letters) and letters[end] not in "\r\n" + _HYPHENS:
            continue
        inked = [place for place in range(start, end) if not letters[place].isspace()]
        if inked:
            x, y = c_double(), c_double()
            pdfium.FPDFText_GetCharOrigin(handle, inked[0], byref(x), byref(y))
            _, _, right, _ = text.get_charbox(inked[-1])
            middle = inked[len(inked) // 2]
            lines.append(
                Line(
                    "".join(letters[start:end]).strip(),
                    x.value,
                    right,
                    y.value,
                    size=_size(handle, middle),
                    bold=pdfium.FPDFText_GetFontWeight(handle, middle) >= _BOLD,
                    hyphen=end < len(letters) and letters[end] in _HYPHENS,
                )
            )
        start = end + 1
    text.close()
    return lines


def _size(handle: Any, place: int) -> float:
    """A letter's size in points as it stands on the page."""
    from pypdfium2 import raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(handle, place, byref(matrix))
    scale = hypot(matrix.c, matrix.d) or 1.0
    return float(pdfium.FPDFText_GetFontSize(handle, place) * scale)


def _has_picture(page: Any) -> bool:
    from pypdfium2 import raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _broken() -> SeedError:
    return SeedError(
        "bozuk PDF, açılamıyor; dosyayı yeniden kaydedin ya da kopyalayın.",
        "a broken PDF, it cannot be opened; save or copy the file again.",
    )


def _scan() -> SeedError:
    return SeedError(
        "taranmış sayfalar, içinde metin yok; OCR'dan geçirin (ör. ocrmypdf) ve yeniden koyun.",
        "a scan: pictures of pages without text; run OCR on it (such as ocrmypdf) and put it back.",
    )


def _no_text() -> SeedError:
    return SeedError(
        "içinde metin yok; metnini .txt olarak kaydedin ya da dosyayı silin.",
        "there is no text in it; save its text as .txt or delete the file.",
    )
