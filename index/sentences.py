"""Where sentences end: Turkish first, with the abbreviations of English and German."""

from __future__ import annotations

import re
from dataclasses import dataclass

SHORT_SENTENCE = 15
UNMARKED_SENTENCE = 60  # Thai has no full stop: a blank after so many characters may end a sentence
_LOOK_BACK = 24  # longer than any abbreviation


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: `text[start:end]`."""

    start: int
    end: int


# None that is a common word at the end of a Turkish sentence, such as "der." or "kat.".
_ABBREVIATED = """
dr prof doç yrd öğr gör arş uzm av sn ecz müh mim op psk hz bn mr mrs ms st jr messrs
alb yb bnb yzb ütğm tğm asb çvş onb org korg tümg tuğg mrş kd ord yd
vb vs vd bkz bk krş örn çev bsk sf ss yy nr no num tel gsm
mah cad cd sok sk bulv blv apt bl şti ltd tic ith ihr koop
müd gn bşk bld üni fak enst yk kbb md fık şb ing alm osm
inc corp co dept est vol pp fig approx etc vgl bzw usw ca str bspw evtl ggf inkl ph.d
jan feb apr jun jul aug sept sep oct nov dec
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
# A run of marks, then what may close with it: quotes, brackets, emphasis, a note like [12].
_END = re.compile(
    r"[.!?…؟।]+(?:[\"'”’»›)\]}*_]|\[\d{1,3}\])*|[。！？]+[」』”’）]*"
    r"|\n[ \t]*(?=(?:[-*+•‣▪–—]|\d{1,3}[.)]|\|)\s)"
    r"|(?<=[\u0e01-\u0eff]) +(?=[\u0e01-\u0eff])"
)
_SPACE = re.compile(r"\s*")
_OPENERS = "\"'“‘„«‹([{*_-–—"
_NEXT = re.compile(rf"[{re.escape(_OPENERS)}\s]{{0,8}}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ORDINAL = re.compile(r"\d{1,2}|[IVXL]+")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """The sentences of `text[start:end]` in order, without white space around them.

    Together they hold every character that is not white space. A piece shorter than 15
    characters joins the sentence before it; at the beginning, the one after it.
    """
    end = len(text) if end is None else end
    lowered = text[start:end].islower()  # then lower case says nothing about sentence ends
    spans: list[Span] = []
    at = _skip_space(text, start, end)
    for match in _END.finditer(text, at, end):
        if match.end() >= end or match.end() <= at:
            continue
        if match[0][0] == "\n":
            stop = match.start()
        elif match[0][0] == " ":
            if match.start() - at < UNMARKED_SENTENCE:
                continue
            stop = match.start()
        elif _ends_sentence(text, at, match, end, lowered):
            stop = match.end()
        else:
            continue
        following = _skip_space(text, match.end(), end)
        _add(spans, at, _trim(text, at, stop))
        at = following
    _add(spans, at, _trim(text, at, end))
    return tuple(spans)


def _ends_sentence(text: str, at: int, match: re.Match[str], end: int, lowered: bool) -> bool:
    mark = match[0][0]
    if mark in "。！？":
        return True
    if not text[match.end()].isspace():
        return False
    opening = _NEXT.match(text, _skip_space(text, match.end(), end), end)
    if not lowered and opening and opening.end() < end and text[opening.end()].islower():
        return False
    if match[0] != ".":
        return True
    words = text[max(at, match.start() - _LOOK_BACK) : match.start()].split()
    if not words or text[match.start() - 1].isspace():
        return True
    word = words[-1].lstrip(_OPENERS + "/").rsplit("/", 1)[-1].rsplit("(", 1)[-1]
    tail = word.rsplit(".", 1)[-1]
    return not (
        _INITIALS.fullmatch(word)
        or _ORDINAL.fullmatch(word)
        or _is_abbreviation(word)
        or (tail[:1].isupper() and _is_abbreviation(tail))  # Prof.Dr., but not www.ornek.org.
    )


def _is_abbreviation(word: str) -> bool:
    return word.replace("İ", "i").lower() in _ABBREVIATIONS


def _skip_space(text: str, start: int, end: int) -> int:
    match = _SPACE.match(text, start, end)
    return match.end() if match else start


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _add(spans: list[Span], start: int, end: int) -> None:
    if start >= end:
        return
    short = spans and (
        end - start < SHORT_SENTENCE or spans[-1].end - spans[-1].start < SHORT_SENTENCE
    )
    if short:
        spans[-1] = Span(spans[-1].start, end)
    else:
        spans.append(Span(start, end))
