"""Mail: subject, date, sender and the text of a message; attachments are left out."""

from __future__ import annotations

from contextlib import suppress
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from index.encodings import decode
from index.errors import SeedError
from index.formats.extract import Blocks, Extract
from index.formats.markup import add_markup
from index.formats.web_encoding import decode_html

_PLAIN = "text/plain"
_HTML = "text/html"


def extract(raw: bytes) -> Extract:
    """The message's words; where they are given twice, as plain text and as HTML, the former."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    if not any(message[name] for name in ("from", "subject", "date")):
        raise SeedError(
            "bir ileti değil (From, Subject, Date satırları yok); metnini .txt olarak kaydedin.",
            "no message (without From, Subject and Date lines); save its text as .txt.",
        )
    blocks = Blocks()
    _add(blocks, message)
    name, address = parseaddr(str(message["from"] or ""))
    when = None
    with suppress(ValueError, TypeError):
        when = parsedate_to_datetime(str(message["date"])).date()
    return blocks.extract(str(message["subject"] or ""), when, name or address)


def _add(blocks: Blocks, part: MIMEPart) -> None:
    """Adds the texts of a part; of alternatives one that says anything, plain text before HTML."""
    if part.is_attachment():
        return
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        before = blocks.characters
        for each in sorted(part.iter_parts(), key=lambda each: each.get_content_type() != _PLAIN):
            if blocks.characters == before:
                _add(blocks, each)
    elif part.get_content_maintype() == "multipart":
        for each in part.iter_parts():
            _add(blocks, each)
    elif kind in (_PLAIN, _HTML) and isinstance(content := part.get_payload(decode=True), bytes):
        declared = str(part.get_content_charset(""))
        if kind == _HTML:
            add_markup(blocks, decode_html(content, declared))
        else:
            blocks.paragraph(_decoded(content, declared))


def _decoded(content: bytes, declared: str) -> str:
    try:
        return content.decode(declared or "utf-8")
    except (LookupError, UnicodeError):
        return decode(content) if content.strip() else ""
