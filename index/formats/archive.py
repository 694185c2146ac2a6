"""ZIP containers of documents: opened with limits, their XML parsed without entities."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from index.errors import SeedError

MOST_ENTRIES = 10_000
MOST_BYTES = 60_000_000  # of all XML in it, unpacked
_PARTS = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")


def open_archive(raw: bytes) -> ZipFile:
    """The container, of which no more than MOST_BYTES of markup can be unpacked.

    Raises:
        SeedError: it is broken, encrypted, or unpacks to too much.
    """
    try:
        archive = ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise broken() from error
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted()
    if len(entries) > MOST_ENTRIES:
        raise SeedError(
            f"içinde {len(entries)} dosya var, sınır {MOST_ENTRIES}; bölün.",
            f"there are {len(entries)} files in it, the limit is {MOST_ENTRIES}; split it.",
        )
    # zipfile unpacks no more than the size that an entry declares.
    size = sum(e.file_size for e in entries if e.filename.lower().endswith(_PARTS))
    if size > MOST_BYTES:
        raise SeedError(
            f"açılınca çok büyüyor ({size} bayt, sınır {MOST_BYTES}); bölün.",
            f"it unpacks to too much ({size} bytes, limit {MOST_BYTES}); split it.",
        )
    return archive


def part(archive: ZipFile, name: str) -> bytes:
    """One file of the container.

    Raises:
        SeedError: it is missing or damaged.
    """
    try:
        if archive.getinfo(name).file_size > MOST_BYTES:
            raise broken()
        return archive.read(name)
    except SeedError:
        raise
    except Exception as error:  # zlib, CRC, unknown compression, …
        raise broken() from error


def tree(raw: bytes) -> Any:
    """The root element of an XML file; one that declares entities is refused.

    Raises:
        SeedError: it is not well formed, or declares entities.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        return fromstring(raw)
    except DefusedXmlException:
        raise SeedError(
            "XML varlıkları tanımlıyor (“billion laughs” saldırısı gibi); okunmaz.",
            "it declares XML entities, as in a “billion laughs” attack; it is not read.",
        ) from None
    except (ParseError, ValueError) as error:
        raise broken() from error


def local(element: Any) -> str:
    """An element's name without its namespace, "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def first_text(root: Any, *names: str) -> str:
    """The text of the first element with one of these names; the first name counts most."""
    for name in names:
        for element in root.iter():
            if local(element) == name and (text := "".join(element.itertext()).strip()):
                return text
    return ""


def attributes(element: Any) -> Iterator[tuple[str, str]]:
    """An element's attributes by their names without namespaces."""
    for name, value in element.attrib.items():
        yield name.rpartition("}")[2], value


def broken() -> SeedError:
    """The error for a container that is not what its name says."""
    return SeedError(
        "bozuk, açılamıyor; dosyayı yeniden kaydedin ya da kopyalayın.",
        "broken, it cannot be opened; save or copy the file again.",
    )


def encrypted() -> SeedError:
    """The error for a document that asks for a password."""
    return SeedError(
        "parola korumalı; parolasız kaydedin.",
        "protected by a password; save it without one.",
    )
