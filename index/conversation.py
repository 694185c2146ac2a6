"""Small talk, commands in words, and questions that lean on the turn before them.

A message that cannot stand alone is completed with the previous question's subject; one that can
is left as it is, so that a new subject is never mixed with the old. Where the words do not tell
(`Kind.UNCLEAR`), the caller searches both and `leans` decides.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from index.answer import Turn
from index.text import APOSTROPHES, Word, ascii_fold, fold, is_stop_word, words

MOST_CARRIED = 6  # content words taken over from the previous question
MARGIN = 0.05  # by which the question alone must be the surer one to be left alone


class Kind(enum.StrEnum):
    """What a message is."""

    QUESTION = "question"  # stands alone
    FOLLOW_UP = "follow-up"  # cannot be understood without the turn before
    UNCLEAR = "unclear"  # either: search both
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    SHORTER = "shorter"  # the same answer in fewer words
    SHOW_SOURCE = "show-source"  # the passage behind the last answer
    MORE = "more"  # further passages for the last question


_GREETINGS = """
merhaba|merhabalar|selam|selamlar|selamün aleyküm|günaydın|tünaydın|iyi günler|iyi akşamlar
iyi geceler|hayırlı günler|nasılsın|nasılsınız|naber|kolay gelsin|hello|hi|hey|hi there|hello there
good morning|good afternoon|good evening|how are you|hallo|guten tag|guten morgen|guten abend
servus|grüß gott|moin|привет|здравствуйте|здравствуй|добрый день|добрый вечер|доброе утро
"""
_THANKS = """
teşekkürler|teşekkür|teşekkür ederim|teşekkür ederiz|çok teşekkürler|çok teşekkür ederim|sağ ol
sağol|sağ olun|sağolun|çok sağ ol|çok sağ olun|eyvallah|eline sağlık|elinize sağlık|mersi|tamam
tamamdır|süper|harika|çok iyi|anladım|tamam teşekkürler|tamam sağ ol|thanks|thank you|thx|ty
thanks a lot|thank you very much|many thanks|great thanks|ok thanks|ok|okay|great|perfect|got it
danke|danke schön|dankeschön|vielen dank|besten dank|super danke|спасибо|большое спасибо
спасибо большое|благодарю|ясно|понятно
"""
_GOODBYES = """
hoşça kal|hoşça kalın|hoşçakal|hoşçakalın|güle güle|görüşürüz|görüşmek üzere|kendine iyi bak|bay bay
bye|goodbye|bye bye|see you|see you later|good night|tschüss|auf wiedersehen|bis später|bis bald
пока|до свидания|до встречи|спокойной ночи
"""
_SHORTER = """
daha kısa|daha kısa söyle|daha kısa anlat|kısaca|kısaca söyle|kısaca anlat|kısalt|kısa kes|özetle
özet geç|özet|daha kısa lütfen|tek cümleyle|bir cümleyle|shorter|shorter please|make it shorter
in short|briefly|be brief|summarize|summarise|tl;dr|in one sentence|kürzer|kürzer bitte|kurz
kurz bitte|короче|кратко|покороче
"""
_SHOW_SOURCE = """
kaynak|kaynağı|kaynak göster|kaynağı göster|kaynağını göster|kaynağı ne|kaynağın ne|kaynak ne
kaynak nedir|nereden biliyorsun|bunu nereden biliyorsun|nerede yazıyor|bu nerede yazıyor
kaynakları göster|tamamını göster|bölümü göster|paragrafı göster|source|sources|show source
show the source|show me the source|show sources|whats the source|what is the source
where does it say that|where did you get that|how do you know|quelle|quelle zeigen|quellen
zeig die quelle|zeige die quelle|woher weißt du das|источник|покажи источник|откуда ты знаешь
"""
_MORE = """
daha fazla|devam|devam et|devamı|daha fazlası|başka|başka var mı|başka ne var|diğerleri|sıradaki
daha fazla göster|more|show more|more please|continue|go on|anything else|next|mehr|mehr zeigen
weiter|ещё|еще|дальше|покажи ещё
"""


_FILLERS = "lütfen|please|bitte|пожалуйста|danış|bot|hocam|dostum|abi|çok"

# Turkish and English (German, Russian) words that point back to what was said.
_POINTING = {
    "tr": """
        o onu ona onun onda ondan onunla onlar onları onlara onların onlarda onlardan onunki
        bunu buna bunun bunda bundan bununla bunlar bunları bunlara bunların bunlarda bunlardan
        şunu şuna şunun şunlar orası orada oradaki oradan oraya orayı oranın burası burada buradaki
        buradan buraya burayı buranın kendisi kendisini kendisine kendisinin bu şu öyle böyle
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
_VERB = re.compile(
    r".{2,}(?:[dt][ıiuü](?:m|n|k|lar|ler)?|m[ıiuü]ş(?:t[ıiuü])?(?:lar|ler)?|[ıiuü]yor(?:du|lar|muş)?"
    r"|[ae]ca[kğ](?:t[ıiuü]|lar|ler)?|m[ae]l[ıi](?:y[ıi]m|y[ıi]z)?|[dt][ıiuü]r|[ae]rs[ae][mn]?"
    r"|[ıiuü]rs[ae][mn]?|m[ae]z(?:lar|ler|s[ae]m?)?)"
)
_AORIST = re.compile(r".{2,}[aeıiuü]r(?:ler|lar|im|ım|um|üm)?")
_NOUNS_LIKE_VERBS = _listed(
    """
    adı kadı tadı katı kutu kentti nasıldı şehir nehir kadar nedir kimdir lider haber eser değer
    asır demir ömür kültür müdür mimar pazar duvar karar numara var vardır kişidir
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
    ne nedir neydi neler nelerdir neyi neye neyin neyle nere nerede nereden nereye neresi
    neresidir nereyi nereli nerelidir nerededir kim kime kimi kimin kimler kimdir kimdi kimden kaç
    kaça kaçta kaçı kaçıncı hangi hangisi hangileri hangisidir nasıl nasıldır niçin niye neden mi
    mı mu mü midir mıdır mudur müdür miydi mıydı muydu müydü mısın misin what which who whom whose
    when where why how is are was were does do did can wer wen wem wessen was welche welcher
    welches welchen welchem wann wo wohin woher warum wie wieviel кто кого кому что какой какая
    какое какие когда где куда откуда почему сколько как
    """
)
_POINTING_WORDS = {language: _listed(listed) for language, listed in _POINTING.items()}


def _bare(message: str) -> str:
    """The message's words as people type them in a hurry: no Turkish letters, no punctuation."""
    return " ".join(ascii_fold(word.text) for word in words(message))


def _phrases(listed: str) -> frozenset[str]:
    return frozenset(_bare(phrase) for phrase in re.split(r"[|\n]", listed) if phrase)


_TALK = {
    Kind.GREETING: _phrases(_GREETINGS),
    Kind.THANKS: _phrases(_THANKS),
    Kind.GOODBYE: _phrases(_GOODBYES),
    Kind.SHORTER: _phrases(_SHORTER),
    Kind.SHOW_SOURCE: _phrases(_SHOW_SOURCE),
    Kind.MORE: _phrases(_MORE),
}
_FILLING = _phrases(_FILLERS)


def classify(message: str, language: str = "tr") -> Kind:
    """What a message is, by its words alone; a question may turn out UNCLEAR."""
    bare = _bare(message)
    trimmed = " ".join(word for word in bare.split() if word not in _FILLING)
    for kind, phrases in _TALK.items():
        if bare in phrases or (trimmed and trimmed in phrases):
            return kind
    return _Parsed(message, language).kind


def standalone(question: str, previous: Turn | None, language: str = "tr") -> str:
    """The question with what it lacks taken from the previous turn; itself where there is none."""
    if previous is None:
        return question
    asked = _Parsed(question, language)
    before = _Parsed(previous.standalone or previous.question, language)
    if asked.fragment:
        return _changed(before, asked)
    lacks_only_the_subject = asked.asks_something or asked.pointing
    carried = before.topic if lacks_only_the_subject else before.content
    held = {fold(word.text) for word in asked.words}
    kept = [word.text for word in carried if fold(word.text) not in held][:MOST_CARRIED]
    rest = " ".join(word.text for word in asked.words if word not in asked.pointing)
    return f"{' '.join(kept)} {rest}?" if kept else question


def leans(alone: float, completed: float) -> bool:
    """Whether an UNCLEAR question leans on the turn before, by the confidence of both searches."""
    return completed > alone - MARGIN


class _Parsed:
    """A message taken apart, as far as word forms allow."""

    def __init__(self, message: str, language: str) -> None:
        self.language = language
        change = _CHANGE.get(language, _CHANGE["tr"]).match(message)
        self.changes = change is not None and bool(change.group().strip())
        everything = list(words(message))
        opening = len(list(words(change.group()))) if change else 0
        self.words = everything[opening:] if opening < len(everything) else everything
        self.folded = [fold(word.text, language) for word in self.words]
        self.pointing = list(self._pointing())
        self.names = [word for place, word in enumerate(self.words) if self._is_name(place)]
        self.content = [word for word, folded in self._pairs() if self._is_content(word, folded)]
        self.verbs = [word for word in self.content if self._is_verb(word)]
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

    def _is_name(self, place: int) -> bool:
        text = self.words[place].text
        if self.folded[place] in _QUESTION_WORDS or is_stop_word(text, self.language):
            return False
        if text[0].isdigit() or not text[0].isupper():
            return False
        following = self.words[place + 1].text if place + 1 < len(self.words) else ""
        return (
            place > 0
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

    def _is_verb(self, word: Word) -> bool:
        folded = fold(word.text, self.language)
        if self.language != "tr" or word in self.names or folded in _NOUNS_LIKE_VERBS:
            return False
        last = word == self.content[-1]
        return bool(_VERB.fullmatch(folded) or (last and _AORIST.fullmatch(folded)))

    @property
    def asks_something(self) -> bool:
        """Whether it says what is asked, and lacks only what it is asked about."""
        return bool(self.verbs or self.subject)

    @property
    def fragment(self) -> bool:
        """Whether it is only a name or a number that takes the place of another."""
        if self.asks or self.verbs or self.pointing or not 0 < len(self.words) <= 3:
            return False
        return not self._is_property(0)

    @property
    def kind(self) -> Kind:
        if not self.asks_something or (self.pointing and not self._speaks_for_itself):
            return Kind.FOLLOW_UP
        if self.fragment:
            suffixed = bool(_SUFFIXED.search(self.words[0].text))
            return Kind.FOLLOW_UP if self.changes or suffixed else Kind.UNCLEAR
        if not self.subject or (not self.names and self._lacks_subject):
            return Kind.FOLLOW_UP
        if self.changes or self.pointing:
            return Kind.UNCLEAR
        return Kind.QUESTION if self._speaks_for_itself else Kind.UNCLEAR

    @property
    def topic(self) -> list[Word]:
        """What it is about: the names that speak for themselves, else all its nouns."""
        return self._telling_names or self.subject

    @property
    def _telling_names(self) -> list[Word]:
        """Names of several words, or whose it is; not just where or whither something happened."""
        telling: list[Word] = []
        for start, end in _runs(self, numbers=False):
            if end - start > 1 or _case(self.words[end - 1].text) in ("of", "what"):
                telling += self.words[start:end]
        return telling

    @property
    def _speaks_for_itself(self) -> bool:
        if self.language != "tr":
            return self.asks and bool(self.names)
        return self.asks and not self.pointing and bool(self._telling_names)

    @property
    def _lacks_subject(self) -> bool:
        """Whether its one noun is what is asked for, not what it is asked about."""
        if self._is_property(0):
            return True
        if len(self.subject) > 1 or not self.asks:
            return False
        asks_at_once = self.folded[0] in _QUESTION_WORDS and self.language == "tr"
        return asks_at_once or bool(_ADJECTIVE.fullmatch(fold(self.subject[0].text, self.language)))

    def _is_property(self, place: int) -> bool:
        """Whether the word is somebody's or something's, and does not say whose: yüksekliği."""
        if self.language != "tr" or not self.words:
            return False
        alone = len(self.words) == place + 1 or not self._is_content(
            self.words[place + 1], self.folded[place + 1]
        )
        return alone and bool(_PROPERTY.fullmatch(self.folded[place]))


def _changed(before: _Parsed, asked: _Parsed) -> str:
    """The previous question about something else: `asked` in the place of what is like it."""
    fragment = " ".join(word.text for word in asked.words)
    taken = [word.text for word in before.words]
    is_number = asked.words[0].text[0].isdigit()
    runs = list(_runs(before, numbers=is_number))
    if not runs:
        return f"{fragment} {' '.join(taken)}?"
    case = _case(asked.words[-1].text)
    start, end = next((run for run in runs if _case(taken[run[1] - 1]) == case), runs[0])
    return " ".join([*taken[:start], fragment, *taken[end:]]) + "?"


def _runs(parsed: _Parsed, *, numbers: bool) -> Iterator[tuple[int, int]]:
    """Places [start, end) of the numbers, or of the names; a name may also open the question."""
    start: int | None = None
    for place, word in enumerate(parsed.words):
        if numbers:
            inside = word.text[0].isdigit()
        else:
            opens = place == 0 and word in parsed.content
            inside = word.text[0].isupper() and (word in parsed.names or opens)
        if inside and start is None:
            start = place
        ends = inside and _SUFFIXED.search(word.text)
        if start is not None and (not inside or ends):
            yield start, place + 1 if inside else place
            start = None
    if start is not None:
        yield start, len(parsed.words)


def _case(word: str) -> str:
    """The kind of suffix behind the apostrophe, "" for none."""
    found = _SUFFIXED.search(word)
    if found is None:
        return ""
    suffix = fold(found.group(1))
    return next((name for name, form in _CASES.items() if form.fullmatch(suffix)), "other")
