"""What a message is, where a few set phrases tell: small talk, and commands in words."""

from __future__ import annotations

import enum
import re

from index.text import ascii_fold, words


class Kind(enum.StrEnum):
    """What a message is."""

    QUESTION = "question"  # stands alone
    FOLLOW_UP = "follow-up"  # cannot be understood without the turn before
    UNCLEAR = "unclear"  # either: search both
    OTHER_NAME = "other-name"  # "Nevruz?": probably the same question about something else
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


def set_phrase(message: str) -> Kind | None:
    """The kind of a message that is nothing but small talk or a command, None for any other."""
    bare = _bare(message)
    trimmed = " ".join(word for word in bare.split() if word not in _FILLING)
    for kind, phrases in _TALK.items():
        if bare in phrases or (trimmed and trimmed in phrases):
            return kind
    return None
