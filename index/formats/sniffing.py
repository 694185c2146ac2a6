"""What a file is by its content, whatever its name says."""

from __future__ import annotations

import codecs
import io
import re

from index.errors import SeedError
from index.formats import Kind

_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "doc"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"\x7fELF", "elf"),
    (b"MZ\x90\x00", "exe"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"SQLite format 3", "sqlite"),
)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HEAD_BYTES = 2_000
_READABLE = {"pdf", "docx", "odt", "epub", "html"}


def content_of(raw: bytes) -> str:
    """ "pdf", "docx", "odt", "epub", "html", "zip" or another kind, "text" where it is no other."""
    head = raw[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8)
    if head.lstrip()[:5].lower() == b"%pdf-":
        return "pdf"
    if head.lstrip()[:4].lower() in (b"pk\x03\x04", b"pk\x05\x06"):
        return _archived(raw)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return "html" if _HTML.match(head) else "text"


def check_content(kind: Kind, raw: bytes) -> None:
    """Compares a file's content with the kind that its name says.

    Raises:
        SeedError: it is something else; the reason names what, and what to do.
    """
    content = content_of(raw)
    if content in kind.contents:
        return
    name = content.upper()
    if content in _READABLE:
        raise SeedError(
            f"adı öyle demese de içeriği {name}; adının sonunu .{content} yapın.",
            f"its content is {name} whatever its name says; let its name end in .{content}.",
        )
    if content == "doc" and "docx" in kind.contents:
        raise SeedError(
            "parola korumalı ya da eski .doc biçiminde; parolasız .docx olarak kaydedin.",
            "protected by a password or in the old .doc format; save it as .docx without one.",
        )
    if content == "text":
        raise SeedError(
            "bozuk: içeriği adının söylediği türde değil; dosyayı yeniden kopyalayın.",
            "broken: its content is not of the kind that its name says; copy the file again.",
        )
    raise SeedError(
        f"adı öyle demese de içeriği {name}; metnini .txt olarak kaydedin.",
        f"its content is {name} whatever its name says; save its text as .txt.",
    )


def _archived(raw: bytes) -> str:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return "docx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").strip()
                if declared == b"application/epub+zip":
                    return "epub"
                if declared.startswith(b"application/vnd.oasis.opendocument.text"):
                    return "odt"
    except Exception:  # a broken archive fails in many ways
        return "zip"
    return "zip"
