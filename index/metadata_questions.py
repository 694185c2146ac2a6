"""Questions about the sources themselves: how many there are, which, the newest, those of a month.

Only a message that asks for documents is read so: it says "haber", "kaynak", "belge", "latest",
or is nothing but a period ("2026 ocak"). A date inside an ordinary question stays a part of it:
"21 Mart'ta ne kutlanacak?" asks for a passage, not for a list.
"""

from __future__ import annotations

import calendar
import enum
import re
from dataclasses import dataclass
from datetime import date, timedelta

from index.text import ascii_fold, words
from index.utterance import Kind as MessageKind
from index.utterance import set_phrase


class Kind(enum.StrEnum):
    """What is wanted of the sources."""

    COUNT = "count"  # how many documents
    LIST = "list"  # which documents
    SEARCH = "search"  # passages about `rest`, filtered or newest first


@dataclass(frozen=True, slots=True)
class MetadataQuestion:
    """A question about the sources. `first` and `last` are inclusive, None for no bound.

    `source` is the outlet or folder asked for, as it was typed, "" for any. `rest` is what is left
    to search for, in the words of the question; "" for a COUNT or a LIST of everything, else what
    the documents counted or listed are about.
    """

    kind: Kind
    first: date | None = None
    last: date | None = None
    newest_first: bool = False
    oldest_first: bool = False
    most: int = 0  # so many are asked for, 0 where that is not said
    source: str = ""
    rest: str = ""


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ocak january januar январь января январе",
            "subat february februar февраль февраля феврале",
            "mart march marz март марта марте",
            "nisan april апрель апреля апреле",
            "mayis may mai май мая мае",
            "haziran june juni июнь июня июне",
            "temmuz july juli июль июля июле",
            "agustos august август августа августе",
            "eylul september сентябрь сентября сентябре",
            "ekim october oktober октябрь октября октябре",
            "kasim november ноябрь ноября ноябре",
            "aralik december dezember декабрь декабря декабре",
        ),
        start=1,
    )
    for name in names.split()
}


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SUFFIXES = (
    r"(?:l[ae]r)?(?:[iu]n[iu]z|[iu]?[mn]|s?[iu])?(?:[yn]?[iua]|[yn]?e|n?[iu]n|n?[dt][ae]n?|[iu]z)?"
)
_DOCUMENT = re.compile(
    rf"(?:haber|duyuru|belge|dokuman|kayna[kg]|dosya|yazi|meti?n|makale|iceri[kg]){_SUFFIXES}"
)
# Başvuru belgesi: such a paper is spoken of, none of the sources.
_OF_A_NOUN = re.compile(
    r"(?:belge|dokuman|dosya|makale|yazi|metn|icerig|kaynag)(?:s?[iu]|l[ae]r[iu])(?:n[aeiud]\w*)?"
)
_ONE = re.compile(
    r"(?:haber|duyuru|belge|dokuman|kayna[kg]|dosya|yazi|meti?n|makale|iceri[kg])(?!l[ae]r)\w*|"
    r"document|doc|source|file|article|text|announcement|dokument|quelle|datei|nachricht|meldung|"
    r"документ|источник|файл|новость|статья"
)
_NEWS = re.compile(rf"(?:haber|duyuru){_SUFFIXES}|news|announcements|nachrichten|meldungen|новости")
_DOCUMENTS = _listed(
    """
    news document documents doc docs
    source sources file files article articles text texts announcement announcements dokument
    dokumente quelle quellen datei dateien nachricht nachrichten artikel meldung meldungen документ
    документы документов источник источники источников файл файлы файлов новость новости новостей
    статья статьи статей
    """
)
_NEWEST = _listed(
    """
    yeni son sonuncu guncel latest newest recent last neueste neuesten letzte letzten aktuelle
    aktuellen последние последняя свежие новые
    """
)
_SUPERLATIVES = re.compile(
    r"\b(?:en (?:yeni|son|guncel)\w*|most recent|latest|newest|neueste[nrs]?|последн\w+)\b"
)
_THE_NEWEST = re.compile(
    r"\b(?:son|sonuncu|en (?:yeni|guncel)|most recent|latest|newest|last|neueste[nrs]?|"
    r"letzte[nrs]?|последн\w+)$"
)
_OLDEST = re.compile(
    r"\b(?:en eski\w*|ilk(?= (?:haber|belge|duyuru|yazi))|oldest|earliest|"
    r"[aä]lteste[nrs]?|сам\w+ стар\w+)\b"
)
# Whole messages that ask what is here at all, or what is new.
_WHAT_IS_HERE = re.compile(
    r"(?:sen )?(?:neler|ne) biliyorsun(?:uz)?|(?:hangi konular\w*|neler?|ne) (?:hakkinda )?"
    r"(?:bilgin(?:iz)? var|bilgi verebilirsin(?:iz)?|biliyorsun(?:uz)?|sorabilirim)|"
    r"(?:hangi )?konular(?: neler| var)|what do you know(?: about)?|"
    r"what can i ask(?: you)?|was weißt du|was weisst du|"
    r"worüber weißt du etwas|was kann ich fragen|"
    r"что ты знаешь|о чем можно спросить|о чём можно спросить"
)
_WHAT_IS_NEW = re.compile(
    r"(?:yeni ne(?:ler)? var|neler? yeni|son dakika|what(?:['’]s| is| s)? new|any news|"
    r"was gibt es neues|gibt es etwas neues|что нового)"
)
_COUNTING = re.compile(r"\b(?:kac|how many|wie ?viele?|сколько)\b")
_LISTING = _listed(
    """
    hangi hangileri neler nelerdir listele listesi goster what which list show all tum butun welche
    zeige liste alle какие покажи список все
    """
)
_ABOUT = _listed(
    """
    hakkinda hakkindaki ilgili konusunda konulu uzerine dair about on regarding uber zu о об про
    """
)
_BEHIND_WHAT_IT_IS_ABOUT = _listed("hakkinda hakkindaki ilgili konusunda dair")
_BEFORE_WHAT_IT_IS_ABOUT = _listed("about regarding uber об про")
_NEEDED = _listed("gerek gerekli gereken gerekiyor lazim istenen isteniyor need needed required")
_HAPPENED = _listed("oldu olmus olan olanlar oluyor yasandi gelismeler happened passierte geschah")
_PARAGRAPHS = _listed("paragraf paragraflar bolum passage passages paragraphs absatze абзацев")
_FROM = _listed("kaynakli kaynagindan sitesinden gazetesinden")
_FILLING = _listed(
    """
    var mi mu ne nedir bana sende sizde elinde elinizde sistemde toplam tane adet getir ver
    soyle ac oku ile en bu gecen ay ayi ayin ayindaki ayinda yil yili yilin yilindaki yilinda hafta
    haftaki haftanin tarihli tarihinde gunku gunlu kayitli olan icin cikan gelen yayinlanan
    yayimlanan eklenen eklendi yazilan yazildi yazilmis yayinlandi yayimlandi cikti hangisi
    hangisidir the of are there do you have is in from for me any give tell this most week month
    year hast du gibt es sind im den die der das dem vom von diese diesen dieses у тебя есть за
    в из
    """
)
# What asks something of a document, with a question mark or without: yeni belge nasıl alınır.
_OF_A_DOCUMENT = _listed(
    """
    nasil neden nicin niye zaman nerede nereden nereye kim kime kimi kimin kimden how why when where
    who wie warum wann wo wer как почему когда где кто
    """
)
DAYS_AGO = {
    **dict.fromkeys(_listed("bugun bugunku today heute сегодня"), 0),
    **dict.fromkeys(_listed("dun dunku yesterday gestern вчера"), 1),
}
_SPAN = re.compile(
    r"\b(bu|gecen|this|last|diesen?r?s?|letzten?r?s?) (hafta|week|woche|ay|month|monat|yil|sene"
    r"|year|jahr)(?:\w{0,5})\b"
)
_WEEKS = _listed("hafta week woche")
_MONTHLY = _listed("ay month monat")
_THIS = re.compile(r"bu|this|dies")
_IN_MONTH = re.compile(r"(?<=[a-z]{4})[dt][ae](?:n|ki)?$")
_YEAR = re.compile(r"(?:19|20)\d\d")
NUMERIC_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})|(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class _Period:
    first: date
    last: date
    used: frozenset[str]  # the folded words that said it
    exact: bool  # a year or "this week" was said, not just a month's name


def parse(question: str, today: date) -> MetadataQuestion | None:
    """What a question asks of the sources, None for an ordinary question.

    `today` is what "dün", "bu ay" and a month without a year are counted from.
    """
    spoken = list(words(question))
    folded = [ascii_fold(word.text) for word in spoken]
    line = " ".join(folded)
    period = _period(question, folded, line, today)
    used = period.used if period else frozenset()
    counting = _COUNTING.search(line)
    for_help = set_phrase(question) is MessageKind.HELP
    if for_help or _WHAT_IS_HERE.fullmatch(line) or _WHAT_IS_NEW.fullmatch(line):
        return MetadataQuestion(Kind.LIST, newest_first=True)
    source, source_words = _source(question, folded)
    known = used | source_words | _NEWEST | _LISTING | _ABOUT | _FROM | _FILLING | _PARAGRAPHS
    documents = [place for place in range(len(folded)) if _is_document(folded, place, known)]
    if counting and not documents:
        documents = [place for place, word in enumerate(folded) if word in _PARAGRAPHS]
    about = any(word in _ABOUT for word in folded)
    superlative = bool(_SUPERLATIVES.search(line))
    oldest = _OLDEST.search(line)
    before = folded[: documents[-1]] if documents else []
    newest = superlative or any(word in _NEWEST for word in before)
    most = _most(folded, documents)
    listing = any(word in _LISTING for word in folded)
    said = " ".join(each.group() for each in _SUPERLATIVES.finditer(line))
    known |= frozenset(f"{said} {oldest.group() if oldest else ''}".split())
    if most:
        known |= {str(most)}
    if period and not _YEAR.fullmatch(" ".join(used)):
        known |= _HAPPENED
    counted = frozenset(counting.group().split()) if counting else frozenset()
    rest = " ".join(
        word.text
        for place, (word, plain) in enumerate(zip(spoken, folded, strict=True))
        if plain not in known | counted and not _is_document(folded, place, known)
    )
    first, last = (period.first, period.last) if period else (None, None)

    if documents and counting and (not rest or about):
        return MetadataQuestion(Kind.COUNT, first, last, source=source, rest=rest)
    if not documents and not (about and (superlative or oldest)):
        alone = period is not None and period.exact and not rest and not counting
        return MetadataQuestion(Kind.LIST, first, last, newest_first=True) if alone else None
    of_news = bool(documents) and documents[-1] == len(folded) - 1 and _NEWS.fullmatch(folded[-1])
    about_it = _are_about(folded, documents, known)
    named = newest or period or of_news or about_it
    if not (named or oldest or source or not rest or (listing and about)):
        return None
    asks = "?" in question or any(word in _OF_A_DOCUMENT for word in folded)
    if rest and asks and not about:
        return None  # asks something of a document, not for one
    sought = rest and (newest or oldest or period or source or not about_it)
    kind = Kind.SEARCH if sought else Kind.LIST
    if not rest and not most and documents and _ONE.fullmatch(folded[documents[-1]]):
        most = int(bool(_THE_NEWEST.search(" ".join(before))))
    newest = not oldest and bool(named)
    return MetadataQuestion(kind, first, last, newest, bool(oldest), most, source, rest)


def _is_document(folded: list[str], place: int, known: frozenset[str]) -> bool:
    word = folded[place]
    if word in _DOCUMENTS:
        return True
    of_a_noun = place > 0 and folded[place - 1] not in known and _OF_A_NOUN.fullmatch(word)
    return bool(_DOCUMENT.fullmatch(word)) and not of_a_noun


def _are_about(folded: list[str], documents: list[int], known: frozenset[str]) -> bool:
    """Whether documents about something are asked for: kale hakkında haber var mı."""
    if not documents or (_OF_A_DOCUMENT | _NEEDED).intersection(folded):
        return False
    before, behind = folded[: documents[-1]], folded[documents[-1] + 1 :]
    if _BEHIND_WHAT_IT_IS_ABOUT.intersection(before):
        return known.issuperset(behind)
    ends = (place for place, word in enumerate(behind) if word in _BEFORE_WHAT_IT_IS_ABOUT)
    return known.issuperset(behind[: next(ends, 0)]) and bool(
        _BEFORE_WHAT_IT_IS_ABOUT.intersection(behind)
    )


def _most(folded: list[str], documents: list[int]) -> int:
    """The number in "son 3 haber", 0 where there is none."""
    for place in documents:
        if place > 1 and folded[place - 1].isdecimal() and folded[place - 2] in _NEWEST:
            return int(folded[place - 1][:4])
    return 0


def _source(question: str, folded: list[str]) -> tuple[str, frozenset[str]]:
    """The outlet in "Son Mühür kaynaklı haberler", and its words folded."""
    place = next((number for number, word in enumerate(folded) if word in _FROM), None)
    if place is None:
        return "", frozenset()
    named: list[str] = []
    for word in reversed(list(words(question))[:place]):
        if not word.text[0].isupper():
            break
        named.insert(0, word.text)
    return " ".join(named), frozenset(ascii_fold(word) for word in named)


def _period(question: str, folded: list[str], line: str, today: date) -> _Period | None:
    written = NUMERIC_DATE.search(question)
    if written:
        day, month, year, iso_year, iso_month, iso_day = written.groups()
        try:
            said = date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
        except ValueError:
            return None
        return _Period(said, said, frozenset(_bare_words(written.group())), exact=True)
    ago = next((word for word in folded if word in DAYS_AGO), None)
    if ago is not None:
        said = today - timedelta(days=DAYS_AGO[ago])
        return _Period(said, said, frozenset([ago]), exact=True)
    span = _SPAN.search(line)
    if span:
        first, last = _span(span.group(2), bool(_THIS.match(span.group(1))), today)
        return _Period(first, last, frozenset(span.group().split()), exact=True)
    return _calendar(folded, today)


def this_week(line: str, today: date) -> tuple[date, date] | None:
    """The days of the week where "bu hafta" is said in a folded line, None where it is not."""
    span = _SPAN.search(line)
    if span is None or span.group(2) not in _WEEKS or not _THIS.match(span.group(1)):
        return None
    return _span("week", True, today)


def _span(unit: str, this: bool, today: date) -> tuple[date, date]:
    """This or the last whole week (from Monday), month or year."""
    if unit in _WEEKS:
        first = today - timedelta(days=today.weekday() + (0 if this else 7))
        return first, first + timedelta(days=6)
    if unit in _MONTHLY:
        return _month(today if this else today.replace(day=1) - timedelta(days=1))
    year = today.year if this else today.year - 1
    return date(year, 1, 1), date(year, 12, 31)


def _month(day: date) -> tuple[date, date]:
    _, length = calendar.monthrange(day.year, day.month)
    return day.replace(day=1), day.replace(day=length)


def _calendar(folded: list[str], today: date) -> _Period | None:
    """A day, month or year by name: "29 Ocak 2026", "2026 ocak", "ocak", "2026"."""
    year_word = next((word for word in folded if _YEAR.fullmatch(word)), None)
    place = next((number for number, word in enumerate(folded) if month_of(word)), None)
    if place is None:
        if year_word is None:
            return None
        year = int(year_word)
        return _Period(date(year, 1, 1), date(year, 12, 31), frozenset([year_word]), exact=True)
    month = month_of(folded[place])
    # A month without a year is the latest one that has begun.
    year = int(year_word) if year_word else today.year - (month > today.month)
    used = {folded[place], *([year_word] if year_word else [])}
    first, last = _month(date(year, month, 1))
    day = folded[place - 1] if place else ""
    if day.isdecimal() and 1 <= int(day) <= last.day:
        first = last = date(year, month, int(day))
        used.add(day)
    month_said = any(word.startswith("ayi") or word == "ay" for word in folded)
    return _Period(first, last, frozenset(used), exact=year_word is not None or month_said)


def month_of(word: str) -> int:
    """The month that a word names, also with a Turkish suffix (ocakta, marttaki); 0 for none."""
    if word in _MONTHS:
        return _MONTHS[word]
    return _MONTHS.get(_IN_MONTH.sub("", word), 0) if _IN_MONTH.search(word) else 0


def _bare_words(text: str) -> list[str]:
    return [ascii_fold(word.text) for word in words(text)]
