"""Takes a message apart: greetings and politeness go, and each question stands alone."""

from __future__ import annotations

import re

__all__ = ["questions"]

_GREETING = r"""
merhabalar|merhaba|slm|nbr|naber|selamlar|selam|mrb|selamun aleykum|gunaydin|
iyi (?:gunler|aksamlar|geceler|sabahlar)|kolay gelsin|hocam|arkadaslar|dostum|pls|plz|ltf|
hello there|hello|hi there|hi|hey|dear all|
good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|здравствуйте|привет|
добрый (?:день|вечер)
"""
_LEAD_IN = r"""
(?:bir|bi) (?:sey|soru) (?:sorabilir miyim|soracagim|soracaktim|sormak istiyorum)|
(?:bir|bi) sorum (?:var|vardi|olacak|olacakti)|sunu (?:soracaktim|sormak istiyorum)|
(?:sana|size) (?:bir|bi) (?:sey|soru) (?:soracagim|sormak istiyorum)|
merak ediyorum(?: da)?|acaba|lutfen|rica etsem|
(?:sayin|degerli) (?:yetkili|ilgili)(?:ler)?|
(?:bana|bize)(?= .* (?:soyle|anlat|acikla|yaz|bilgi ver|cevap ver)\w* m[iu]s[iu]n)|
(?:can|could|would) you(?: please)? tell me|please tell me|tell me(?: please)?|please|
do you know|i(?: would|['’]d) like to know|i want to know|i have a question|
(?:konnen|konnten) sie mir(?: bitte)? sagen|kannst du mir(?: bitte)? sagen|bitte|
скажите(?:, пожалуйста| пожалуйста)?|подскажите(?:, пожалуйста| пожалуйста)?
"""
# Ayrıca otopark var mı? But not: Ayrıca ödenir mi? There it says how.
_ALSO = r"(?:(?:bir|bi) ?de|ayrica(?! \w*(?:yor|[aeiu]r)(?:lar|ler)? m[iu]\b))"
_LEAVE = r"""
(?:bana |bize )?
(?:soyler|soyleyebilir|anlatir|anlatabilir|aciklar|aciklayabilir|yazar) m[iu]s[iu]n(?:[iu]z)?|
(?:bana |bize )?(?:bilgi|cevap) (?:verir|verebilir) m[iu]s[iu]n(?:[iu]z)?|
(?:yardimci olur|biliyor|bilir) m[iu]s[iu]n(?:[iu]z)?|
(?:bunu )?(?:ogrenebilir|sorabilir) m[iu]y[iu]m|acaba|lutfen|rica ederim|
rica etsem|(?:bir|bi) bakar m[iu]s[iu]n(?:[iu]z)?|
(?:simdiden |cok )?tesekkur(?:ler| ederim| ederiz)|tsk(?:ler)?|tskr|
pls|plz|ltf|sag ?ol(?:un)?|eyvallah|
please|thanks(?: a lot)?|thank you(?: very much)?|many thanks|
bitte|danke(?: schon)?|vielen dank|спасибо|пожалуйста
"""


def _pattern(listed: str) -> str:
    return "(?:" + listed.replace("\n", "") + ")"


# Merhaba şarkısını kim yazdı? There it is a name.
_NAMED = (
    r" (?:sarkisi|filmi|siiri|romani|turkusu|kitabi|dizisi|gazetesi|dergisi|oyunu|albumu)"
    r"(?:n\w*)?\b"
)
_OPENING = re.compile(
    rf"(?![\"“”‘'«])\W*(?:{_pattern(_GREETING)}|{_pattern(_LEAD_IN)}|{_ALSO})(?![\w-]|{_NAMED})[\W]*"
)
# İyi günler, ben Ayşe. A film may be called Ben Hur, so a greeting or a small letter comes first.
_MY_NAME = re.compile(r"(?:ben|(?<=\s)Ben)(?: [A-ZÇĞİÖŞÜ][\w'’]+){1,2}(?:[.,!;]\W*|$)")
_CLOSING = re.compile(rf"(?<!\w){_pattern(_LEAVE)}\W*$")
_END = re.compile(r"[?？؟][?!？؟.]*\s*|[.!…]+\s+|\n+\s*")
_ASKING = re.compile(
    r"[?？؟]|\b(?:ne|nedir|neler|neden|nicin|niye|nasil|kim|kimdir|kimin|kimler|kac|hangi|hangisi|"
    r"nerede|nerde|nereye|nereden|neresi|m[iu]|m[iu]d[iu]r|who|what|when|where|which|why|how|whose|"
    r"wer|was|wann|wo|welche[rsmn]?|warum|wie|кто|что|когда|где|какой|какая|почему|как|сколько)\b"
)
_AND = re.compile(rf",? (?:(?:ve )?(?:{_ALSO}|peki)|ve|and|und|и),? |, ")
# A Turkish question that is whole ends in its verb or in what it asks for.
_WHOLE = re.compile(
    r"\w (?:.* )?(?:nedir|kim|kimdir|nerede|nerededir|neresi|hangisi|kac|ne zaman|ne kadar|m[iu]|"
    r"ne (?:lazim|gerekli|gerek)|kac (?:lira|tl|para|kurus|euro|dolar|kisilik|k?m|(?:kilo)?metre)|"
    r"\w{2,}(?:[dt][iu]|m[iu]s|[iu]yor|[ae]cak|[aeiu]r))$"
)
# Nerede ve ne zaman doğdu? Both ask of one verb.
_SHARED = re.compile(r"\b(?:nerede|nereye|nereden|ne zaman|ne kadar|kac \w+)$")
_SHARES = re.compile(r"(?:nerede|nereye|nereden|nasil|ne zaman|kac|hangi|kim)\b.*[dt][iu]\W*$")
_OPENS = re.compile(
    r"(?:who|what|when|where|which|why|how|wer|was|wann|wo|warum|wie|кто|что|когда|где)\b"
)
# One letter for one letter, so that offsets found in the plain form hold in the message.
_PLAIN = {"İ": "i", "I": "i", "ı": "i", "ç": "c", "ğ": "g", "ö": "o", "ş": "s", "ü": "u", "â": "a"}


def questions(message: str) -> list[str]:
    """The questions of a message in order, without greetings; [] only where it is blank.

    A sentence that asks nothing stays with the question that it leads to. A message that holds
    nothing but courtesy is returned as it is.
    """
    found: list[str] = []
    context = ""
    for sentence in (part for whole in _sentences(message) for part in _joined(whole)):
        kept = _without_courtesy(sentence)
        if not _ASKING.search(_plain(sentence)):
            context = f"{context} {kept}".strip()
        elif kept:
            found.append(f"{context} {kept}".strip())
            context = ""
    if context and found:
        found[-1] = f"{found[-1]} {context}"
    elif context:
        found.append(context)
    return found or ([message.strip()] if message.strip() else [])


def _sentences(message: str) -> list[str]:
    ends = [match.end() for match in _END.finditer(message)]
    pieces = [message[a:b].strip() for a, b in zip([0, *ends], [*ends, len(message)], strict=True)]
    return [piece for piece in pieces if piece]


def _joined(sentence: str) -> list[str]:
    """The questions of "Kim yaptı ve ne zaman açıldı?": all ask, and all but the last are whole."""
    plain = _plain(sentence)
    for conjunction in _AND.finditer(plain):
        left, right = plain[: conjunction.start()], plain[conjunction.end() :]
        if not (_ASKING.search(left) and _ASKING.search(right)):
            continue
        joined = conjunction.group() != ", "
        if joined and _SHARED.search(left) and _SHARES.match(right):
            return [sentence]
        whole = _WHOLE.search(left) or (len(left.split()) > 2 and _OPENS.match(right))
        if whole:
            first = f"{sentence[: conjunction.start()].strip()}?"
            return [first, *_joined(sentence[conjunction.end() :])]
    return [sentence]


def _without_courtesy(sentence: str) -> str:
    plain = _plain(sentence)
    start, end = 0, len(sentence)
    while opening := _OPENING.match(plain, start) or _MY_NAME.match(sentence, start):
        start = opening.end()
    while closing := _CLOSING.search(plain, start, end):
        end = closing.start()
    kept = sentence[start:end]
    if end < len(sentence):
        kept = kept.rstrip(" ,;:-–") + ("?" if "?" in sentence[end:] else "")
    return kept.strip() if re.search(r"\w", kept) else ""


def _plain(text: str) -> str:
    return "".join(_plain_letter(letter) for letter in text)


def _plain_letter(letter: str) -> str:
    lower = letter.lower()
    plain = _PLAIN.get(letter) or _PLAIN.get(lower) or lower
    return plain if len(plain) == 1 else letter
