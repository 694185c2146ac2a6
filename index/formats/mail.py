"""Mail: subject, date, sender and the text of a message; attachments are left out."""

from __future__ import annotations

from contextlib import suppress
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from index.encodings import decode
from index.errors import SeedError
from index.formats.extract import Blocks, Extract
from index.formats.markup import add_markup
from index.formats.web_encoding import decode_html


def extract(raw: bytes) -> Extract:
    """The message's plain text, or its HTML where it has no other."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    if not any(message[name] for name in ("from", "subject", "date")):
        raise SeedError(
            "bir ileti değil (From, Subject, Date satırları yok); metnini .txt olarak kaydedin.",
            "no message (without From, Subject and Date lines); save its text as .txt.",
        )
    blocks = Blocks()
    part = message.get_body(("plain", "html"))
    if part is not None:
        content = part.get_payload(decode=True)
        declared = str(part.get_content_charset(""))
        if isinstance(content, bytes) and part.get_content_type() == "text/html":
            add_markup(blocks, decode_html(content, declared))
        elif isinstance(content, bytes):
            for paragraph in _decoded(content, declared).replace("\r", "").split("\n\n"):
                blocks.paragraph(paragraph)
    name, address = parseaddr(str(message["from"] or ""))
    when = None
    with suppress(ValueError, TypeError):
        when = parsedate_to_datetime(str(message["date"])).date()
    return blocks.extract(str(message["subject"] or ""), when, name or address)


def _decoded(content: bytes, declared: str) -> str:
    try:
        return content.decode(declared or "utf-8")
    except (LookupError, UnicodeError):
        return decode(content) if content.strip() else ""
