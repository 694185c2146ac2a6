"""What the top of a seed says about it: title, date, source, and where its body begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

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
# A key is one word, or up to three with a blank behind the colon; a line of prose is none.
_YAML_KEY = re.compile(r"[\"']?(\w[\w.-]*)[\"']?[ \t]*:[ \t]*(.*)|\w+(?: \w+){1,2}:(?: .*)?")
_YAML_CONTINUED = re.compile(r"[ \t]|-(?:[ \t]|$)")
_YAML_BLOCK = re.compile(r"[>|][-+\d]*(?:[ \t]+#.*)?")
_YAML_QUOTED = re.compile(r"([\"'])(.*?)\1[ \t]*(?:#.*)?")
_YAML_COMMENT = re.compile(r"(?:^|[ \t]+)#(?:[ \t].*)?$")  # a title may hold "#1"
_YAML_QUOTABLE = re.compile(r"^[\"'>|]|(?:^|\s)#")
_KEY_LINE = re.compile(r"[ \t]*(\w+)[ \t]*:[ \t]*(.*?)[ \t]*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_WORD = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.\w|\bwww\.")
_LABELLED = re.compile(r"([^:]+):\s*(\S.*)")
_USUAL_LABEL = re.compile(
    r"(?:.*\s)?(?:"
    r"(?:adres|telefon|tel|gsm|faks|e-posta|web|site|iletişim|başkan|müdür|sorumlu|yer|tarih|saat"
    r"|gün|ücret|fiyat)(?:l[ae]r)?(?:s?[ıiuü])?"
    r"|address|phone|fax|e-?mail|website|contact|place|date|time|price|fee"
    r"|adresse|ort|datum|uhrzeit|preis"
    r")"
)
_AMOUNT = re.compile(
    r".*(?:\d\s?(?:TL|lira|euro|avro|dolar|TRY|EUR|USD|GBP|[₺€$£%]"
    r"|[kcm]?m[²³]?|ha|k?g|ton|litre|[kMG]Wh?|°C)"
    r"|[₺€$£%]\s?\d[\d.,]*)"
)
_LIST_ITEM = re.compile(r"\s*(?:[-*+•‣▪–—|>]\s|\d{1,3}[.)]\s|[a-zçğıöşü]\)\s)")
_H1 = re.compile(r" {0,3}#[ \t]+(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)", re.DOTALL)


def _lower_cases(word: str) -> tuple[str, str]:
    """A word in lower case as Turkish and as other languages have it: I is ı, or i."""
    word = word.replace("İ", "i")
    return word.replace("I", "ı").lower(), word.lower()


def _key(word: str) -> str:
    """Which key of a header a word in any case names, "" for none."""
    return next((_KEYS[lower] for lower in _lower_cases(word) if lower in _KEYS), "")


def is_heading(line: str) -> bool:
    """Whether a line that stands alone reads as a heading: short, without closing punctuation."""
    line = line.strip()
    return (
        0 < len(line) <= MAX_HEADING
        and line[-1] not in ".!?…:;,>\"'”’»"
        and "://" not in line
        and "](" not in line
        and "```" not in line
        and _LETTER.search(line) is not None
        and _LIST_ITEM.match(line) is None
    )


def is_question(line: str) -> bool:
    """Whether a line that stands alone asks something, as those of questions and answers do."""
    line = line.strip()
    return (
        0 < len(line) <= MAX_HEADING
        and line[-1] in "?？؟"
        and "://" not in line
        and _LETTER.search(line) is not None
        and (_LIST_ITEM.match(line) is None or line[0].isdecimal())
    )


def states_a_value(line: str) -> bool:
    """Whether a line tells a fact, though it looks like a heading: `Telefon: 0232 …`, `150 TL`."""
    line = line.strip()
    if _ADDRESS.search(line) or _AMOUNT.fullmatch(line):
        return True
    labelled = _LABELLED.fullmatch(line)
    if labelled is None:
        return False
    label, value = labelled.groups()
    digits = sum(letter.isdecimal() for letter in value)
    return digits >= max(1, sum(letter.isalpha() for letter in value)) or any(
        _USUAL_LABEL.fullmatch(folded) for folded in _lower_cases(label)
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
    turkish, other = _lower_cases(month)
    number = int(month) if month.isdecimal() else _MONTHS.get(turkish) or _MONTHS.get(other, 0)
    try:
        return date(int(year), number, int(day))
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
    entries: list[tuple[str, list[str]]] = []  # each key with the lines of its value
    for _, end, line in islice(lines, _FRONT_MATTER_LINES):
        key = _YAML_KEY.fullmatch(line.rstrip())
        if key:
            entries.append((_key(key[1] or ""), [key[2] or ""]))
        elif entries and line.rstrip() in ("---", "..."):
            values: dict[str, str] = {}
            for name, value in entries:
                values.setdefault(name, _yaml_text(*value))
            return Header(
                values.get("title", "")[:TITLE_LENGTH],
                parse_date(values.get("date", "")),
                _source([values.get("source", "")], [values.get("author", "")]),
                end,
                _web_address(values.get("url", "")),
            )
        elif entries and _YAML_CONTINUED.match(line):
            entries[-1][1].append(line)
        elif line.strip() and not line.startswith("#"):
            break
    return Header()


def _yaml_text(first: str, *others: str) -> str:
    """The text of a value: a block of lines joined, or a line without its quotes and comment."""
    if _YAML_BLOCK.fullmatch(first):
        return " ".join(" ".join(others).split())
    quoted = _YAML_QUOTED.fullmatch(first)
    text = quoted[2] if quoted else _YAML_COMMENT.sub("", first).strip("\"'")
    return " ".join(text.split())


def yaml_value(text: str) -> str:
    """A text as a value of front matter: in quotes where it would not be read as it stands."""
    value = " ".join(text.split())
    return f'"{value}"' if _YAML_QUOTABLE.search(value) else value


def _source(sources: Iterable[str], authors: Iterable[str]) -> str:
    """Outlets and authors as `Outlet/Author`, each once."""
    return "/".join(dict.fromkeys(filter(None, (*sources, *authors))))[:TITLE_LENGTH]


def _web_address(value: str) -> str:
    """An http(s) address as it is, "" for anything else."""
    return value if re.fullmatch(r"https?://[!-~]{1,2000}", value) else ""


def _top_lines(text: str, header: Header, *, markdown: bool) -> Header:
    """Reads a title line and date lines; the body moves behind them only if there is a date."""
    title, source, when = header.title, header.source, header.date
    credited: dict[str, list[str]] = {"source": [], "author": []}
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
        key = _key(match[1]) if match else ""
        day = parse_date(match[2] if match and key == "date" else stripped)
        if day is not None:
            when, body = day, end
        elif match and key in ("title", *credited) and len(match[2]) <= TITLE_LENGTH:
            if key == "title":
                title = match[2]
            else:
                credited[key].append(match[2])
                source = header.source or _source(credited["source"], credited["author"])
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
        or (key is not None and _key(key[1]) != "")
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
    fence = ""
    for _, _, line in _lines(text, start):
        fence = fence_after(line, fence)
        match = _H1.fullmatch(line.rstrip())
        if match and not fence:
            return heading_text(match[1])[:TITLE_LENGTH]  # it is lent to every passage
    return ""


def fence_after(line: str, fence: str) -> str:
    """The marks of the code fence that is open behind `line`, "" for none; `fence` is the one
    before it (https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
    """
    match = _FENCE.match(line)
    if fence:
        closed = match and match[1].startswith(fence) and not match[2].strip()
        return "" if closed else fence
    return match[1] if match and not ("`" in match[1] and "`" in match[2]) else ""


def _lines(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """The lines of the top of `text` from `start`, without line ends: (start, next, line)."""
    for match in _LINE.finditer(text[: start + _TOP], start):
        yield match.start(), match.end(), match.group().rstrip("\r\n")
