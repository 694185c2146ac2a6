"""Bytes of a seed to text: a file that would be decoded wrongly is left out instead."""

from __future__ import annotations

import codecs
import re
from typing import AnyStr

from index.errors import SeedError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# windows-1254 is ISO-8859-9 with more punctuation and, but for six letters, windows-1252.
_TURKISH = "cp1254"
_LEGACY = [_TURKISH, "cp857", "mac_turkish", "cp1251", "cp1253"]
_SAMPLE_BYTES = 1 << 15
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
_ODD_NUL = 0.3  # share of pairs that a Latin text in UTF-16 surpasses by far
_ASCII = bytes(range(128))
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_UTF8_LETTER = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][^\w\s\x00-\x7f‘’“”´·–—…\xad][^\W\d_]")
_FOREIGN_LETTER = re.compile(r"[^\W\d_çğıöşüÇĞİÖŞÜâîûÂÎÛa-zA-Z]")
_HIGH_LETTER = re.compile(r"[^\W\d_a-zA-Z]")
_LETTER = re.compile(r"[^\W\d_]")


def decode(raw: bytes) -> str:
    """The text of a file, without byte order mark and with its line ends as they are.

    Reads UTF-8, UTF-16 and UTF-32, and windows-1254 (ISO-8859-9) with a few other old 8-bit
    encodings where the text speaks clearly for one.

    Raises:
        SeedError: the file is binary, or its encoding is not clear.
    """
    text = _decode(raw)
    if "\0" in text or _count(_CONTROLS, text) * 200 > len(text):
        raise _binary()
    return text


def _decode(raw: bytes) -> str:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            body = raw.removeprefix(bom)
            if encoding != "utf-8" and b"\0" not in body and (wrong := _strict(body, "utf-8")):
                return wrong  # a mark of UTF-16 before UTF-8 text
            text = _strict(body, encoding)
            if text is None:
                raise _broken(encoding.upper())
            return text
    if b"\0" in raw:
        text = _strict(raw, _unmarked_utf16(raw))
        if text is None:
            raise _binary()
        return text
    text = _strict(raw, "utf-8")
    return _legacy(raw) if text is None else text


def _strict(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _unmarked_utf16(raw: bytes) -> str:
    """UTF-16 by where its zero bytes stand, "" when that is not clear."""
    pairs = len(raw) // 2
    first, second = raw[::2].count(0), raw[1::2].count(0)
    if len(raw) % 2 == 0 and second > _ODD_NUL * pairs and first * 100 < pairs:
        return "utf-16-le"
    if len(raw) % 2 == 0 and first > _ODD_NUL * pairs and second * 100 < pairs:
        return "utf-16-be"
    return ""


def _legacy(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = _telling_lines(raw)
    matches = from_bytes(sample, cp_isolation=_LEGACY, enable_fallback=False)
    least = min((match.chaos for match in matches), default=0.0)
    if any(
        _TURKISH in match.could_be_from_charset and match.chaos <= least + 0.02 for match in matches
    ):
        text = _strict(raw, _TURKISH)
        if text is not None and not _UTF8_LETTER.search(raw) and _reads_well(sample, text):
            return text
    best = matches.best()
    if best is not None and best.encoding != _TURKISH and best.coherence > 0.3 and best.chaos < 0.1:
        text = _strict(raw, best.encoding)
        # Pairs of bytes that are letters in UTF-8 are rare in any other encoding.
        if text is not None and _count(_UTF8_PAIR, sample) * 40 < len(
            sample.translate(None, _ASCII)
        ):
            return text
    raise SeedError(
        "kodlaması karışık ya da belirsiz; UTF-8 olarak kaydedin.",
        "its encoding is mixed or not clear; save it as UTF-8.",
    )


def _telling_lines(raw: bytes) -> bytes:
    """A sample of the lines that are not plain ASCII, where encodings differ."""
    if len(raw) <= _SAMPLE_BYTES:
        return raw
    found, size = [], 0
    for line in raw.splitlines():
        if not line.isascii():
            found.append(line[: _SAMPLE_BYTES - size])
            size += len(found[-1]) + 1
            if size >= _SAMPLE_BYTES:
                break
    return b"\n".join(found)


def _reads_well(sample: bytes, text: str) -> bool:
    """Whether a text decoded as windows-1254 looks like Turkish or a Western language."""
    letters = sample.decode(_TURKISH, "replace")
    high = _count(_HIGH_LETTER, letters)
    if _SYMBOL_IN_WORD.search(text) or high * 2 > _count(_LETTER, letters):
        return False
    turkish = any(letter in letters for letter in "ğışĞİŞ")
    return not turkish or _count(_FOREIGN_LETTER, letters) * 10 <= high


def _count(pattern: re.Pattern[AnyStr], text: AnyStr) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _broken(encoding: str) -> SeedError:
    return SeedError(
        f"başı {encoding} diyor, içeriği öyle değil; UTF-8 olarak yeniden kaydedin.",
        f"it begins as {encoding} and goes on as something else; save it again as UTF-8.",
    )


def _binary() -> SeedError:
    return SeedError(
        "metin değil, ikili dosya; metnini .txt olarak kaydedin.",
        "binary, not text; save its text as .txt.",
    )
