"""What would answer a question: a time, an amount of money, a name; and whether a text has one."""

from __future__ import annotations

import re
from enum import Enum, auto

from index.numerals import numbers
from index.text import fold


class Kind(Enum):
    """What is expected of an answer."""

    PHONE = auto()
    ONLINE = auto()  # an address of a site or for mail
    CLOCK = auto()
    PERCENTAGE = auto()
    MONEY = auto()
    AREA = auto()
    VOLUME = auto()
    LENGTH = auto()
    WEIGHT = auto()
    TEMPERATURE = auto()
    DURATION = auto()
    HOW_LONG = auto()
    YEAR = auto()
    DAY = auto()
    WHEN = auto()
    NUMBER = auto()
    NAME = auto()
    PLACE = auto()
    ANYTHING = auto()


_MONTHS_AND_DAYS = (
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık pazartesi salı "
    "çarşamba perşembe cuma cumartesi pazar january february march april may june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday "
    "januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag "
    "freitag samstag sonntag"
).replace(" ", "|")
_UNITS_OF_TIME = (
    "yıl sene ay hafta gün saat dakika saniye year decade month week day hour minute second jahr "
    "monat woche tag stunde sekunde"
).replace(" ", "|")
_YEAR = r"(?<![\d.,])\d{3,4}(?!\d|[.,]\d)"
_ERA = r"\b(?:m\.?ö|m\.?s|bc|ad|milattan (?:önce|sonra))\.? ?\d|\d (?:bc|ad|[vn]\. ?chr)"
_CENTURY = r"yüzyıl|century|centuries|jahrhundert"
_FREE = (
    r"ücretsiz|bedava|parasız|bedelsiz|(?:ücret|para|bedel)\w* (?:yok|alınm|ödenm|istenm)"
    r"|\bfree\b|no (?:charge|fee)|kostenlos|gratis|eintritt frei"
)
_TIME = rf"\b(?:{_UNITS_OF_TIME})\w*"
# What may follow a noun that is asked for, whose it is and its case: kira is not found in kiracı,
# nor yıl in yıldız.
_OWN = r"(?:l[ae]r)?(?:s?[ıiuü]|[ıiuü]?[mn](?:[ıiuü]z)?)?"
_CASE = r"(?:l[ae]r)?(?:[yn]?[ıiuü]n?|[dt][ae](?:n|ki)?|[yn]?[ae])?"
# "How much" is the question, and not of another thing: aidat kaç; not aidat kaç günde ödenir.
_HOW_MANY = r"kaç(?:[dt][ıiuü]r)?(?=\W*$|,| ve | ol| acaba)"
_WHAT = r"ne(?:dir|ydi)?(?=\W*$|,| ve | ol| acaba)"
_CLOCK_WORDS = "iki|üç|dört|dörd|beş|altı|yedi|sekiz|dokuz|on (?:bir|iki|üç|dört|beş)|yirmi"

# How each is asked for in Turkish, English, German and Russian, as whole words, and what it looks
# like in an answer. The first that a question fits counts.
_FORMS: dict[Kind, tuple[str, str]] = {
    Kind.PHONE: (
        rf"(?:telefon|whatsapp|faks){_OWN} (?:numara{_OWN} )?(?:{_HOW_MANY}|{_WHAT})"
        r"|hangi numara(?:yı|dan|ya)"
        r"|(?:telefon|çağrı merkezi|santral|ihbar hattı) numara\w*"
        r"|(?:phone|telephone) number|telefonnummer",
        r"(?:\d[ -]?){6,}\d|\b0[ .]?(?:\d[ .-]?){9}\d|\b444\b|\b1[1-9]\d\b"
        r"|dahili|extension|durchwahl",
    ),
    Kind.ONLINE: (
        r"(?:e-?posta|e-?mail|mail) (?:adresi|hesabı)\w*"
        rf"|(?:internet|web) (?:adres|site)\w*(?: adresi)? (?:{_WHAT}|hangisi)\w*"
        r"|(?:e-?mail|web ?site|web) address|mail-?adresse|internetadresse",
        r"@|[(\[]at[)\]]|www\.|https?:|\w\.(?:com|org|net|gov|edu|info|tr|de|eu)\b",
    ),
    Kind.CLOCK: (
        r"saat kaç\w*|saatleri (?:ne(?:ler)?(?:dir)?|kaç)|kaçta(?! kaç)|kaça (?:kadar|dek)"
        r"|hangi saat(?:te|ler|ten|e)\w*|(?:at )?what time(?! of| ?frame)"
        r"|wie ?viel uhr|welcher? uhrzeit|в котором часу|во сколько",
        r"(?<![\d.])\d{1,2}[.:]\d{2}(?![\d.])"
        r"|\bsaat(?:ler[ıi])? (?:\d|\w+[dt][ae]\b|\w+ (?:ile|ve))"
        rf"|\b(?:{_CLOCK_WORDS})(?:[dt][ae]n?|y?[ae] (?:kadar|dek|doğru))\b"
        r"|\b\d{1,2} ?[-–] ?\d{1,2}\b"
        r"|\b\d{1,2} (?:ile|ve|to|bis|and) \d{1,2} (?:aras|saat|uhr|o)"
        r"|(?:sabah|öğleden sonra|akşam|gece)(?:ları|leri)? (?:saat )?\w+[dt][ae]n?\b"
        r"|buçuk|çeyrek|gün boyu|günün her|half past|quarter|\d{4} hours"
        r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
        r" (?:sharp|till|until|in the|at night)|halb \w+"
        r"|\b\d{1,2}['’](?:[dt][ae]|[dt]en|y?[ae])\b"
        r"|\b\d{1,2} ?(?:am|pm|a\.m|p\.m|uhr)\b|o['’]clock|24 (?:saat|hours|stunden)"
        r"|öğle|gece ?yarısı|noon|midday|midnight|mittag|mitternacht",
    ),
    Kind.PERCENTAGE: (
        r"yüzde (?:kaç|ne kadar)\w*|yüzdesi (?:kaç|ne(?:dir)?)"
        r"|(?:what|which) (?:percentage|per ?cent|share)|wie ?viel prozent",
        r"%|yüzde|per ?cent|\d ?pc\b|prozent|v\. ?h\.|yarısı|[dt][ae] (?:bir|iki|üç)\w*"
        r"|half|third|quarter|hälfte|drittel",
    ),
    Kind.MONEY: (
        r"kaç (?:lira|para(?!graf|metre)|tl|kuruş|dolar|avro|euro)\w*|kaça (?:mal|sat|al)\w*"
        rf"|ne kadar (?:para|ücret|maaş|burs|harç|kira){_CASE}"
        rf"|(?:ücret|fiyat|bedel|aidat|maaş|maliyet|kira|burs|har[cç]|tarife){_OWN}"
        r" (?:ne kadar(?:d[ıi]r)?(?! süre| zaman| art| yüksel| düş| azal| in| kes| değiş)"
        rf"|{_HOW_MANY}|{_WHAT})"
        r"|how much (?:money|(?:do|does|did|is|was) .*\b(?:costs?|paid|pay|earn))"
        r"|what does .*\bcost|(?:what|how much) (?:is|was) the (?:price|fee|cost)|how expensive"
        r"|was kostet|wie ?viel (?:geld|kostet)|wie teuer",
        r"[$€₺£¥]|(?<![^\W\d_])(?:lira|tl|kuruş|dolar|avro|euro|dollar|pound|cent|mark|sterlin|frank|altın)"
        r"|\d ?(?:eur|usd|gbp|chf|try)\b|\b\d+,\d0\b"
        r"|(?:bilet|ücret|tarife|fiyat|aidat)\w*(?:\W+[^\W\d]+){0,3}\W+\d+(?![.:]?\d)"
        rf"|\b(?:akçe|ruble|som)|(?:ücret|para|bedel)\w* (?:al|öde|iste|talep)|{_FREE}",
    ),
    Kind.AREA: (
        r"kaç (?:hektar|dönüm|(?:kilo)?metre ?kare|k?m(?:[2²]| ?kare))\w*"
        rf"|(?:yüzölçümü|alanı) (?:ne kadar|{_HOW_MANY})"
        r"|how many (?:hectares|acres|square \w+)|wie viele (?:hektar|quadrat\w+)",
        r"metrekare|hektar|dönüm|dekar|(?<![^\W\d_])[kc]?m[²2]\b|\bqm\b|\bha\b|hectare|acre|square|\bsq\b|quadrat",
    ),
    Kind.VOLUME: (
        r"kaç (?:litre|mililitre|metreküp|ml)\w*|how many (?:litres|liters|gallons|cubic \w+)"
        r"|wie viele (?:liter|kubik\w+)",
        r"litre|liter|metreküp|\d ?(?:l|lt|ml|cl|dl|m³|m3)\b|gallon|pint|cubic|kubik",
    ),
    Kind.LENGTH: (
        r"kaç (?:metre|kilometre|km|santim|santimetre|cm|milimetre)(?! ?kare| ?küp|[23²³])\w*"
        r"|how tall|how many (?:metres|meters|kilometres|kilometers|miles|feet)"
        r"|wie viele (?:meter|kilometer|zentimeter)",
        r"\d ?(?:m|km|k|cm|mm|ft|mi)\b|metre(?!kare|küp)|meter|santim|\bmil\b|mile|feet|foot"
        r"|inch|yard|fuß|adım|arşın|karış|kulaç",
    ),
    Kind.WEIGHT: (
        r"kaç (?:kilo|kilogram|kg|gram|ton)(?!metre|litre|m)\w*"
        rf"|ağırlığı (?:ne kadar|{_HOW_MANY}|{_WHAT})"
        r"|how heavy|how many (?:kilos|kilograms|grams|tons|tonnes|pounds)|does .* weigh"
        r"|wie schwer|wie viele (?:tonnen|kilo|gramm|zentner)|wie ?viel wiegt",
        r"\d ?(?:kg|g|gr|gt|t|lb|lbs|oz|cwt)\b|kilo(?!met)|gram(?!my)|\btons?\b|\bton[ladu]|tonne"
        r"|pound|ounce|zentner|okka",
    ),
    Kind.TEMPERATURE: (
        r"kaç derece\w*|how many degrees|what temperature|wie ?viel grad",
        r"derece|°|\d ?[cf]\b|degree|\bgrad\b|termomet|thermomet|celsius|fahrenheit",
    ),
    Kind.DURATION: (
        r"kaç (?:yıl|gün|ay|saat|dakika|dk|hafta)(?:[dt][ae])?"
        r"|how many (?:years|days|hours|months|weeks|minutes)"
        r"|wie viele (?:jahre|tage|stunden|monate|wochen)",
        rf"{_TIME}|{_YEAR}|\d ?(?:dk|sn|h|hrs?|mins?|secs?|std)\b",
    ),
    Kind.HOW_LONG: (
        r"ne kadar (?:süre|zaman|sür)\w*|süresi (?:ne|kaç)\w*|how long|wie lange",
        _TIME,
    ),
    Kind.YEAR: (
        rf"hangi (?:yıl|sene){_CASE}|kaç (?:yılı|senesi)(?:n\w+)?"
        r"|(?:what|which) year|welche[mns]? jahr|в каком году",
        rf"{_YEAR}|\d['’]?l[aeıiuü]\w+|{_CENTURY}|{_ERA}|(?:bu|geçen|gelecek) yıl|yıl önce"
        r"|(?:this|last|next) year|years ago|vor \w+ jahren|\bbin (?:\w+ )?yüz|iki bin"
        r"|(?:sixteen|seventeen|eighteen|nineteen|twenty)[- ]\w+|two thousand|\w+zehnhundert\w+",
    ),
    Kind.DAY: (
        rf"hangi (?:tarih(?!î|i\b)|ay|gün){_CASE}|(?:what|which) (?:date|month|day)s?"
        r"|welche[mnrs]? (?:datum|monat|tag)|в каком месяце|какого числа",
        rf"\d|\b(?:{_MONTHS_AND_DAYS})|her gün|hafta ?(?:son|iç)|arife|bayram"
        r"|every day|weekend|wochenende",
    ),
    Kind.WHEN: (
        r"ne zaman\w*|hangi yüzyıl\w*|when|(?:what|which) century|wann|welche[mns]? jahrhundert"
        r"|когда|в каком веке",
        rf"{_YEAR}|\b(?:{_MONTHS_AND_DAYS})|{_CENTURY}|\d\.\d+\.\d|\b(?:MÖ|MS|BC|AD)\b|chr\.",
    ),
    Kind.NUMBER: (
        r"kaç\w*|ne kadar|how (?:many|much|old|far|tall|high|big|large|often|wide|deep)"
        r"|at what age|wie ?viele?|wie (?:hoch|alt|groß|weit|oft|tief)|сколько",
        "",
    ),
    Kind.NAME: (
        r"kim(?:in|e|i|den|ler|dir|di)?|who(?:se|m)?|we[rmn]|wessen|кто|кого|кому|кем",
        "",
    ),
    Kind.PLACE: (
        r"nere(?:de|ye|den|si|li)\w*|hangi (?:şehir|şehr|ülke|kent|il|ilçe|köy)\w*"
        r"|where|(?:what|which) (?:city|country|town|state)|wo|woher|wohin"
        r"|welche[mnrs]? (?:stadt|land)|где|куда|откуда",
        "",
    ),
}
_ASKED = {
    kind: re.compile(rf"\b(?:{asked})\b", re.IGNORECASE) for kind, (asked, _) in _FORMS.items()
}
_HELD = {kind: held for kind, (_, held) in _FORMS.items() if held}  # compiled when one is needed
# Of these the question says the unit itself: what is new is the number.
_MEASURED = frozenset(
    {Kind.PERCENTAGE, Kind.MONEY, Kind.AREA, Kind.VOLUME, Kind.LENGTH, Kind.WEIGHT}
    | {Kind.TEMPERATURE, Kind.DURATION, Kind.HOW_LONG}
)
# Without any of it nothing answers. "How long" and "when" may be answered in many other ways.
_INDISPENSABLE = frozenset(_HELD) - {Kind.HOW_LONG, Kind.WHEN}
# Who asks how, why, when or where of an address or a number does not ask what it is.
_OTHERWISE_ASKED = re.compile(
    r"\b(?:nasıl|neden|niçin|niye|ne zaman|nere\w+|kim\w*|m[ıiuü]|how|why|when|where|who|wann"
    r"|warum|wo|wer|wie(?! ist| lautet| heißt))\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<=\s)[^\W\d_]\w+")
_SAME_LETTERS = 4  # names whose first letters are alike are one: suffixes vary


class Expected:
    """What a question expects that it does not say itself; `asking` are its words for that."""

    def __init__(self, question: str) -> None:
        self.kind, self.asking = Kind.ANYTHING, ""
        for kind, asked in _ASKED.items():
            found = asked.search(question)
            if kind in (Kind.PHONE, Kind.ONLINE) and _OTHERWISE_ASKED.search(question):
                continue
            if found:
                self.kind, self.asking = kind, found.group()
                break
        named = self.kind in (Kind.NAME, Kind.PLACE)
        counted = self.kind is Kind.NUMBER or self.kind in _MEASURED
        self._words = {_beginning(word) for word in re.findall(r"\w+", question) if named}
        self._numbers = numbers(question) if counted else frozenset()
        self._marks = self._marks_of(question)

    @property
    def is_indispensable(self) -> bool:
        """Whether nothing can answer that has none of it: kaç lira, a passage without an amount."""
        return self.kind in _INDISPENSABLE

    def is_missing_in(self, passage: str) -> bool:
        """Whether a passage in Turkish, English or German has none of what is indispensable."""
        return self.is_indispensable and not self._marks_of(passage)

    def stands_in(self, text: str) -> bool:
        """Whether a sentence has what is expected and is new; never where anything may answer."""
        match self.kind:
            case Kind.ANYTHING:
                return False
            case Kind.NAME | Kind.PLACE:
                return any(
                    word[0].isupper() and _beginning(word) not in self._words
                    for word in _CAPITALISED.findall(text)
                )
            case Kind.NUMBER:
                return self._has_new_number(text)
            case Kind.MONEY if re.search(_FREE, text, re.IGNORECASE):
                return True
            case kind if kind in _MEASURED:
                return bool(self._marks_of(text)) and self._has_new_number(text)
            case _:
                return bool(self._marks_of(text) - self._marks)

    def _marks_of(self, text: str) -> set[str]:
        """What in `text` looks like an answer, in small letters."""
        pattern = _HELD.get(self.kind)
        if pattern is None:
            return set()
        return {found.group().lower() for found in re.finditer(pattern, text, re.IGNORECASE)}

    def _has_new_number(self, text: str) -> bool:
        return bool(numbers(text) - self._numbers)


def _beginning(word: str) -> str:
    return fold(word)[:_SAME_LETTERS]
