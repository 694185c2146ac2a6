"""What the top of a seed says about it: title, date, source, and where its body begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

MAX_HEADING = 120
TITLE_LENGTH = 200
_TOP = 8_000  # characters of a document in which its title and date are looked for
_FRONT_MATTER_LINES = 100


@dataclass(frozen=True, slots=True)
class Header:
    """`body` is the offset in the text where the document's own words begin."""

    title: str = ""
    date: date | None = None
    source: str = ""
    body: int = 0
    url: str = ""


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ocak january",
            "şubat february",
            "mart march",
            "nisan april",
            "mayıs may",
            "haziran june",
            "temmuz july",
            "ağustos august",
            "eylül september",
            "ekim october",
            "kasım november",
            "aralık december",
        ),
        start=1,
    )
    for name in names.split()
}
_DAYS = (
    "pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_DATE = re.compile(
    rf"(?:(?:{_DAYS}),?\s+)?"
    r"(?:(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)"
    r"|(?P<d2>\d\d?)[./](?P<m2>\d\d?)[./](?P<y2>\d{4})"
    r"|(?P<d3>\d\d?)\s+(?P<m3>[^\W\d_]+),?\s+(?P<y3>\d{4})"
    r"|(?P<m4>[^\W\d_]+)\s+(?P<d4>\d\d?),\s+(?P<y4>\d{4}))"
    rf"(?:,?\s+(?:{_DAYS}))?"
    r"(?:(?:[T,]|\s|\s-)\s*\d\d?[:.]\d\d(?:[:.]\d\d)?(?:\.\d+)?\s*(?:Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"date[ \t]+(?P<date>\d{4}-\d\d-\d\d)(?![\w-])[ \t]*"
    r"(?:(?P<source>[^\s–][^\n\r,;!?\"“”]{0,79}?)[ \t]?(?:-|–)[ \t]+(?=\S))?"
)
_KEYS = {
    "title": "title",
    "başlık": "title",
    "date": "date",
    "tarih": "date",
    "source": "source",
    "kaynak": "source",
    "author": "author",
    "yazar": "author",
    "url": "url",
    "link": "url",
    "address": "url",
    "adres": "url",
}
_KEY_LINE = re.compile(r"[ \t]*(\w+)[ \t]*:[ \t]*(.*?)[ \t]*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_WORD = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
_LIST_ITEM = re.compile(r"\s*(?:[-*+•‣▪–—|>]\s|\d{1,3}[.)]\s|[a-zçğıöşü]\)\s)")
_H1 = re.compile(r"#[ \t]+(.*)")
_FENCE = ("```", "~~~")


def is_heading(line: str) -> bool:
    """Whether a line that stands alone reads as a heading: short, without closing punctuation."""
    line = line.strip()
    return (
        0 < len(line) <= MAX_HEADING
        and line[-1] not in ".!?…:;,>\"'”’»"
        and "://" not in line
        and "](" not in line
        and _LETTER.search(line) is not None
        and _LIST_ITEM.match(line) is None
    )


def heading_text(line: str) -> str:
    """A heading without Markdown marks, its white space made single."""
    words = line.strip().strip("#").replace("**", "").replace("`", "")
    return " ".join(words.strip().strip("*_").split())


def parse_date(text: str) -> date | None:
    """The date that `text` consists of, in the forms people write; None if there is no such day."""
    match = _DATE.fullmatch(text.strip().replace("İ", "i"))
    if match is None:
        return None
    found = match.groupdict()
    year, month, day = next(
        (found["y" + form], found["m" + form], found["d" + form])
        for form in ("", "2", "3", "4")
        if found["y" + form]
    )
    number = int(month) if month.isdecimal() else _MONTHS.get(month.replace("I", "ı").lower())
    try:
        return date(int(year), number or _MONTHS.get(month.lower(), 0), int(day))
    except ValueError:
        return None


def plain_header(text: str) -> Header:
    """The header of a `.txt`: title line, date lines, `date YYYY-MM-DD Outlet/Byline- `."""
    return _checked(text, _top_lines(text, Header(), markdown=False))


def markdown_header(text: str) -> Header:
    """The header of a `.md`: front matter, first `# heading`, and what a `.txt` may have."""
    header = _top_lines(text, _front_matter(text), markdown=True)
    if not header.title:
        header = replace(header, title=_first_h1(text, header.body))
    return _checked(text, header)


def _checked(text: str, header: Header) -> Header:
    """A document that is all header is read as its own body."""
    return header if _WORD.search(text, header.body) else replace(header, body=0)


def _front_matter(text: str) -> Header:
    lines = _lines(text, 0)
    if next(lines, (0, 0, ""))[2].rstrip() != "---":
        return Header()
    values: dict[str, str] = {}
    for number, (_, end, line) in enumerate(lines):
        if line.rstrip() in ("---", "..."):
            source = "/".join(values[key] for key in ("source", "author") if values.get(key))
            return Header(
                values.get("title", "")[:TITLE_LENGTH],
                parse_date(values.get("date", "")),
                source[:TITLE_LENGTH],
                end,
                _web_address(values.get("url", "")),
            )
        match = _KEY_LINE.fullmatch(line)
        key = _KEYS.get(match[1].lower()) if match else None
        if match and key:
            values.setdefault(key, " ".join(match[2].strip("\"'").split()))
        if number > _FRONT_MATTER_LINES:
            break
    return Header()


def _web_address(value: str) -> str:
    """An http(s) address as it is, "" for anything else."""
    return value if re.fullmatch(r"https?://[!-~]{1,2000}", value) else ""


def _top_lines(text: str, header: Header, *, markdown: bool) -> Header:
    """Reads a title line and date lines; the body moves behind them only if there is a date."""
    title, source, when = header.title, header.source, header.date
    titled = False
    body = header.body
    lines = list(_lines(text, body))
    for number, (start, end, line) in enumerate(lines):
        stripped = line.strip()
        dateline = _DATELINE.match(text, start + len(line) - len(line.lstrip()))
        if dateline and (day := parse_date(dateline["date"])):
            named = dateline["source"]
            if named and _names_an_outlet(named):
                return Header(title, day, named.strip(), dateline.end(), header.url)
            return Header(title, day, source, dateline.end("date"), header.url)
        if not stripped:
            continue
        match = _KEY_LINE.fullmatch(line)
        key = _KEYS.get(match[1].replace("I", "ı").lower()) if match else None
        day = parse_date(match[2] if match and key == "date" else stripped)
        if day is not None:
            when, body = day, end
        elif match and key in ("title", "source", "author") and len(match[2]) <= TITLE_LENGTH:
            title, source = (match[2], source) if key == "title" else (title, source or match[2])
            if when is not None:
                body = end
        elif not titled and _is_title(lines, number, markdown=markdown):
            titled = True
            title = title or heading_text(line)
        else:
            break
    return Header(title, when, source, body, header.url)


def _is_title(lines: list[tuple[int, int, str]], number: int, *, markdown: bool) -> bool:
    """A heading that stands alone or above a date line, and not at the end of the text."""
    line = lines[number][2].strip()
    if markdown and not _H1.fullmatch(line):
        return False
    following = [text.strip() for _, _, text in lines[number + 1 :]]
    if not is_heading(line) or not any(following):
        return False
    below = following[0]
    key = _KEY_LINE.fullmatch(below)
    return (
        not below
        or markdown
        or parse_date(below) is not None
        or (key is not None and key[1].replace("I", "ı").lower() in _KEYS)
    )


def _names_an_outlet(source: str) -> bool:
    """Whether the words before the hyphen are names, and not the beginning of a sentence."""
    outlet, slash, _ = source.partition("/")
    if slash:
        source = outlet
    words = source.split()
    return not re.search(r"\.\s", source) and not any(
        word[0].islower() and "." not in word and word != "ve" for word in words
    )


def _first_h1(text: str, start: int) -> str:
    fenced = False
    for _, _, line in _lines(text, start):
        if line.lstrip().startswith(_FENCE):
            fenced = not fenced
        match = _H1.fullmatch(line.strip())
        if match and not fenced:
            return heading_text(match[1])[:TITLE_LENGTH]  # it is lent to every passage
    return ""


def _lines(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """The lines of the top of `text` from `start`, without line ends: (start, next, line)."""
    for match in _LINE.finditer(text[: start + _TOP], start):
        yield match.start(), match.end(), match.group().rstrip("\r\n")
