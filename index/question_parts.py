"""A question taken apart, as far as word forms allow: names, verb, pointing words, what is left.

Turkish needs most of it: its pronouns, verbs and possessives are told by their suffixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text import APOSTROPHES, Word, ascii_fold, bare, fold, is_stop_word, words
from index.vocabulary import Vocabulary, spellings

# Turkish and English (German, Russian) words that point back to what was said.
_POINTING = {
    "tr": """
        o onu ona onun onda ondan onunla onlar onları onlara onların onlarda onlardan onunki
        bunu buna bunun bunda bundan bununla bunlar bunları bunlara bunların bunlarda bunlardan
        şunu şuna şunun şunlar orası orada oradaki oradan oraya orayı oranın burası burada buradaki
        buradan buraya burayı buranın kendisi kendisini kendisine kendisinin bu şu öyle böyle
        sonrakiler öncekiler ötekiler diğerleri
    """,
    "en": """
        it its he him his she her hers they them their theirs there that this these those then
        itself himself herself one
    """,
    "de": """
        er ihn ihm sie ihr ihre ihrer seine sein seiner es dort da dorthin damals dies diese
        dieser dieses dessen deren davon dafür dazu darüber
    """,
    "ru": """
        он его ему ним она её ее ей оно они их им там туда оттуда это этот эта этого тогда
    """,
}


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# "bu yıl", "this week": a time, not something that was said.
_TODAY = _listed(
    """
    yıl yıllık ay hafta gün sabah akşam gece sene sezon year month week day morning jahr woche
    monat год месяц неделя
    """
)
_CHANGE = {  # openers after which only the thing asked about changes
    "tr": re.compile(r"(?:peki\s+ya|peki|ya)\b\s*,?\s*", re.IGNORECASE),
    "en": re.compile(r"(?:and|but|so)?\s*(?:(?:what|how)\s+about|and)\b\s*,?\s*", re.IGNORECASE),
    "de": re.compile(r"(?:und|aber)?\s*(?:was\s+ist\s+mit|und)\b\s*,?\s*", re.IGNORECASE),
    "ru": re.compile(r"(?:а|и)\b\s*(?:как\s+насч[её]т)?\s*", re.IGNORECASE),
}
# Content words that only say what kind of answer is wanted.
_SCAFFOLD = _listed(
    """
    zaman yıl yılda yılında yılı tarih tarihte gün günü günde günler günlüğüne ay ayda saat saatte
    saatler kişi tane adet lira tl metre kilometre yer yerde yüzyıl yüzyılda yaşında yıldan dakika
    ücret fiyat sonuç lazım gerekli year date day month time century people much many old long far
    high tall jahr datum tag monat uhr год году число день месяц
    """
)
_MEASURES = _listed("lira tl metre kilometre yaşında")
_VERB = re.compile(
    r".{2,}(?:[dt][ıiuü](?:m|n|k|lar|ler)?|m[ıiuü]ş(?:t[ıiuü])?(?:lar|ler)?"
    r"|[ıiuü]yo(?:r(?:du|lar|muş|um|uz)?)?|[ae]c[ae][kğ](?:t[ıi]|lar|ler|[ıi]m|[ıi]z)?"
    r"|m[ae]l[ıi](?:y[ıi]m|y[ıi]z)?|[dt][ıiuü]r|[ae]rs[ae][mn]?"
    r"|[ıiuü]rs[ae][mn]?|m[ae]z(?:lar|ler|s[ae]m?)?)"
)
_AORIST = re.compile(r".{2,}[aeıiuü]r(?:ler|lar|im|ım|um|üm)?")
# ilan etti, kabul edildi: the noun before says what was done.
_HELPING = re.compile(r"(?:et|ed|ol)(?:t[ıi]|[ıi]l|[ıi]y|ecek|er|mi[şs]|du|mu[şs]|uyor|acak|ur).*")
# Kim yönetti kazıyı? What follows one of these may be the verb, wherever the question ends.
_BEFORE_A_VERB = _listed("kim kimler nasıl neden niçin niye nerede nereye nereden zaman")
_NOUNS_LIKE_VERBS = _listed(
    """
    adı kadı tadı katı kutu kentti nasıldı şehir nehir kadar nedir kimdir lider haber eser değer
    asır demir ömür kültür müdür mimar pazar duvar karar numara sefer yiyecek içecek giyecek var
    vardır kişidir
    """
)

_SUFFIXED = re.compile(f"[{APOSTROPHES}]([^\\W\\d_]+)$")
_CASES = {
    "in": re.compile("[dt][ae]"),
    "from": re.compile("[dt][ae]n"),
    "of": re.compile("n?[ıiuü]n"),
    "to": re.compile("[yn]?[ae]"),
    "what": re.compile("[yn]?[ıiuü]"),
}
_PROPERTY = re.compile(
    r".{2,}(?:l[ıiuü]ğ[ıiuü]|[aeıioöuü]s[ıiuü]|l[ae]r[ıi]|[ıiuü]n[ıiuü]|ğ[ıiuü]|[nz]u)(?:n[ıiuü])?"
)
_ADJECTIVE = re.compile(r".{2,}(?:l[ıiuü]|s[ıiuü]z)")
_QUESTION_WORDS = _listed(
    """
    ne nedir neydi neler nelerdir neyi neye neyin neyle nere nerede nereden nereye neresi neresidir
    nereyi nereler nereleri nerelere nerelerde nerelerden nereli nerelidir nerededir kim kime kimi
    kimin kimler kimdir kimdi kimden kaç kaça kaçta kaçı kaçıncı hangi hangisi hangileri hangisidir
    nasıl nasıldır niçin niye neden mi mı mu mü midir mıdır mudur müdür miydi mıydı muydu müydü
    mısın misin what which who whom whose when where why how is are was were does do did can wer wen
    wem wessen was welche welcher welches welchen welchem wann wo wohin woher warum wie wieviel кто
    кого кому что какой какая какое какие когда где куда откуда почему сколько как
    """
)
_POINTING_WORDS = {language: _listed(listed) for language, listed in _POINTING.items()}


class Parts:
    """A message taken apart, as far as word forms allow."""

    def __init__(self, message: str, language: str, vocabulary: Vocabulary | None = None) -> None:
        self.language = language
        change = _CHANGE.get(language, _CHANGE["tr"]).match(message)
        self.changes = change is not None and bool(change.group().strip())
        everything = list(words(message))
        opening = len(list(words(change.group()))) if change else 0
        self.words = everything[opening:] if opening < len(everything) else everything
        self.folded = [fold(word.text, language) for word in self.words]
        self.opens_with_name = bool(vocabulary and self._opens_with_name(vocabulary))
        self.pointing = list(self._pointing())
        self.names = [word for place, word in enumerate(self.words) if self._is_name(place)]
        self.content = [word for word, folded in self._pairs() if self._is_content(word, folded)]
        self.verbs = list(self._verbs())
        self.subject = [word for word in self.content if word not in self.verbs]
        self.asks = any(folded in _QUESTION_WORDS for folded in self.folded)

    def _pairs(self) -> Iterator[tuple[Word, str]]:
        return zip(self.words, self.folded, strict=True)

    def _pointing(self) -> Iterator[Word]:
        pointing = _POINTING_WORDS.get(self.language, _POINTING_WORDS["en"])
        for place, folded in enumerate(self.folded):
            if folded not in pointing:
                continue
            near = self.folded[place - 1 : place] + self.folded[place + 1 : place + 2]
            if any(word in _TODAY for word in near[-1:]) or (
                folded == "there" and set(near) & {"is", "are", "was", "were"}
            ):
                continue
            yield self.words[place]

    def _opens_with_name(self, vocabulary: Vocabulary) -> bool:
        if not self.words:
            return False
        folded = fold(bare(self.words[0].text), self.language)
        key = ascii_fold(folded)
        ways = spellings(vocabulary, {key}).get(key, ())
        return any(way.written[:1].isupper() for way in ways if way.folded == folded)

    def _is_name(self, place: int) -> bool:
        text = self.words[place].text
        if self.folded[place] in _QUESTION_WORDS or is_stop_word(text, self.language):
            return False
        if text[0].isdigit() or not text[0].isupper():
            return False
        following = self.words[place + 1].text if place + 1 < len(self.words) else ""
        return (
            place > 0
            or self.opens_with_name
            or bool(_SUFFIXED.search(text))
            or (len(text) > 1 and text.isupper())
            or following[:1].isupper()
        )

    def _is_content(self, word: Word, folded: str) -> bool:
        return (
            word not in self.pointing
            and folded not in _QUESTION_WORDS
            and (folded not in _SCAFFOLD or word in self.names)
            and not is_stop_word(word.text, self.language)
        )

    def _verbs(self) -> Iterator[Word]:
        """The verb of a Turkish question, and the noun that makes a compound with it."""
        if self.language != "tr" or not self.content:
            return
        place = self.words.index(self.content[-1])
        # kartı için ne lazım: what only asks may follow the verb
        ends = all(later in _QUESTION_WORDS for later in self.folded[place + 1 :])
        if not ends or not self._is_verb(place):
            yield from self._inverted_verb()
            return
        word, folded = self.words[place], self.folded[place]
        yield word
        compound = self.content[-2:-1]
        if compound and _HELPING.fullmatch(folded) and self.words[place - 1] == compound[0]:
            yield compound[0]

    def _inverted_verb(self) -> Iterator[Word]:
        for place in range(1, len(self.words) - 1):
            asked, word = self.folded[place - 1], self.words[place]
            if asked in _BEFORE_A_VERB and word in self.content and self._is_verb(place):
                yield word
                return

    def _is_verb(self, place: int) -> bool:
        folded = self.folded[place]
        if self.words[place] in self.names or folded in _NOUNS_LIKE_VERBS:
            return False
        return bool(_VERB.fullmatch(folded) or _AORIST.fullmatch(folded))

    @property
    def asks_something(self) -> bool:
        """Whether it says what is asked, and lacks only what it is asked about."""
        return bool(self.verbs or self.subject) or self._asks_for_a_measure

    @property
    def _asks_for_a_measure(self) -> bool:
        """Kaç metre? What is so tall needs no verb, unlike what is done so many times."""
        pairs = zip(self.folded, self.folded[1:], strict=False)
        return any(first == "kaç" and second in _MEASURES for first, second in pairs)

    @property
    def suffixed(self) -> bool:
        """Whether its first word has a suffix behind an apostrophe."""
        return bool(self.words and _SUFFIXED.search(self.words[0].text))

    @property
    def fragment(self) -> bool:
        """Whether it is only a name or a number that takes the place of another."""
        if self.asks or self.verbs or self.pointing or not 0 < len(self.words) <= 3:
            return False
        return not self.is_property(0)

    @property
    def topic(self) -> list[Word]:
        """What it is about: the names that speak for themselves, else all its nouns."""
        return self.telling_names or self.subject

    @property
    def telling_names(self) -> list[Word]:
        """Names of several words, or whose it is; not just where or whither something happened."""
        telling: list[Word] = []
        for start, end in self.runs(numbers=False):
            case = case_of(self.words[end - 1].text)
            opens = start == 0 and self.opens_with_name and not case
            if opens or end - start > 1 or case in ("of", "what"):
                telling += self.words[start:end]
        return telling

    @property
    def speaks_for_itself(self) -> bool:
        if self.language != "tr":
            return self.asks and bool(self.names)
        return self.asks and not self.pointing and bool(self.telling_names)

    @property
    def lacks_subject(self) -> bool:
        """Whether its one noun is what is asked for, not what it is asked about."""
        if self.is_property(0):
            return True
        if len(self.subject) > 1 or not self.asks:
            return False
        adjective = bool(_ADJECTIVE.fullmatch(fold(self.subject[0].text, self.language)))
        return adjective or (self._asks_at_once and not self.verbs)

    @property
    def may_lack_subject(self) -> bool:
        """Whether its one noun may be what is asked for: Kaç kitap alınır? Neden yağmur yağar?"""
        return self._asks_at_once and bool(self.verbs) and len(self.subject) == 1

    @property
    def _asks_at_once(self) -> bool:
        return self.language == "tr" and self.folded[0] in _QUESTION_WORDS

    def is_property(self, place: int) -> bool:
        """Whether the word is somebody's or something's, and does not say whose: yüksekliği."""
        if self.language != "tr" or not self.words:
            return False
        alone = len(self.words) == place + 1 or not self._is_content(
            self.words[place + 1], self.folded[place + 1]
        )
        return alone and bool(_PROPERTY.fullmatch(self.folded[place]))

    def runs(self, *, numbers: bool) -> Iterator[tuple[int, int]]:
        """Places [start, end) of the numbers, or of the names, or of the opening word."""
        start: int | None = None
        for place, word in enumerate(self.words):
            if numbers:
                inside = word.text[0].isdigit()
            else:
                opens = place == 0 and word in self.content
                inside = word.text[0].isupper() and (word in self.names or opens)
            if inside and start is None:
                start = place
            ends = inside and _SUFFIXED.search(word.text)
            if start is not None and (not inside or ends):
                yield start, place + 1 if inside else place
                start = None
        if start is not None:
            yield start, len(self.words)


def case_of(word: str) -> str:
    """The kind of suffix behind the apostrophe, "" for none."""
    found = _SUFFIXED.search(word)
    if found is None:
        return ""
    suffix = fold(found.group(1))
    return next((name for name, form in _CASES.items() if form.fullmatch(suffix)), "other")
