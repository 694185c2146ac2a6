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
    HELP = "help"  # who answers here, and what there is to ask
    NOTHING = "nothing"  # yes, no, what time it is: nothing to look up
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    SHORTER = "shorter"  # the same answer in fewer words
    SHOW_SOURCE = "show-source"  # the passage behind the last answer
    MORE = "more"  # further passages for the last question


_HELP = """
yardım|yardım et|yardımcı ol|kimsin|kimsiniz|sen kimsin|siz kimsiniz|sen nesin|robot musun
bot musun|insan mısın|adın ne|ne yapabiliyorsun|ne yapabilirsin|neler yapabiliyorsun
neler yapabilirsin|ne iş yaparsın|ne işe yararsın|nasıl çalışıyorsun|nasıl çalışıyorsunuz|help
help me|who are you|what are you|are you a bot|are you human|what can you do|how do you work|hilfe
wer bist du|wer sind sie|bist du ein bot|was kannst du|wie funktionierst du|помощь|помоги
кто ты|кто вы|ты бот|что ты умеешь|как ты работаешь
"""
_NOTHING = """
evet|hayır|saat kaç|şu an saat kaç|bugün günlerden ne|bugün hangi gün|bugün ayın kaçı|yes|no|nope
yep|what time is it now|what day is it today|what is the date today|ja|nein|wie spät ist es
welcher tag ist heute|да|нет|сколько времени|который час|какой сегодня день
"""
_GREETINGS = """
merhaba|merhabalar|mrb|mrhb|selam|slm|selamlar|selamün aleyküm|günaydın|tünaydın|iyi günler
iyi akşamlar|iyi geceler|hayırlı günler|hayırlı cumalar|iyi bayramlar|mutlu bayramlar
bayramınız kutlu olsun|nasılsın|nasılsınız|naber|nbr|kolay gelsin|bir sorum var|bir sorum olacak
bir şey soracağım|bir şey soracaktım|bir şey sorabilir miyim|hello|hi|hey|hi there|hello there
good morning|good afternoon|good evening|happy holidays|how are you|i have a question|hallo
guten tag|guten morgen|guten abend|servus|grüß gott|moin|wie geht es dir|wie geht es ihnen
frohe feiertage|ich habe eine frage|привет|здравствуйте|здравствуй|добрый день|добрый вечер
доброе утро|как дела|с праздником
"""
_THANKS = """
teşekkürler|teşekkür|teşekkür ederim|teşekkür ederiz|çok teşekkürler|çok teşekkür ederim|sağ ol
sağol|sağ olun|sağolun|çok sağ ol|çok sağ olun|eyvallah|eline sağlık|elinize sağlık|mersi|tamam
tamamdır|tmm|süper|harika|çok iyi|anladım|peki teşekkürler|peki sağ ol|peki tamam|tamam peki|tşk
tşkler|tskr|eyw|saol|saolun|sağolasın|sağ olasın|allah razı olsun|emeğinize sağlık|thanks|thank you
thx|ty|thanks a lot|thx a lot|thanks so much|thank you so much|thank you very much|many thanks
cheers|ok|okay|great|perfect|got it|i see|danke|danke schön|dankeschön|vielen dank|danke sehr
besten dank|super|alles klar|спасибо|большое спасибо|спасибо большое|благодарю|хорошо|ясно|понятно
"""
_GOODBYES = """
iyi çalışmalar|çalışmalarınızda başarılar|hoşça kal|hoşça kalın|hoşçakal|hoşçakalın|güle güle
görüşürüz|görüşmek üzere|kendine iyi bak|bay bay|bye|goodbye|bye bye|see you|see you later
good night|tschüss|auf wiedersehen|bis später|bis bald|пока|до свидания|до встречи|спокойной ночи
"""
_SHORTER = """
daha kısa|daha kısa söyle|daha kısa anlat|kısaca|kısaca söyle|kısaca anlat|kısalt|kısa kes|özetle
özet geç|özet|anlamadım|anlayamadım|daha kısa lütfen|tek cümleyle|bir cümleyle|shorter
shorter please|make it shorter|in short|briefly|be brief|summarize|summarise|tl;dr|i dont understand
i didnt understand|in one sentence|kürzer|kürzer bitte|kurz|kurz bitte|ich verstehe nicht
ich verstehe das nicht|короче|кратко|покороче|не понимаю|не понял|не поняла
"""
_SHOW_SOURCE = """
kaynak|kaynağı|kaynak göster|kaynağı göster|kaynağını göster|kaynağı ne|kaynağın ne|kaynak ne
kaynak nedir|nereden biliyorsun|emin misin|emin misiniz|bunu nereden biliyorsun|nerede yazıyor
bu nerede yazıyor|kaynakları göster|tamamını göster|bölümü göster|paragrafı göster|source|sources
show source|show the source|show me the source|show sources|whats the source|what is the source
where does it say that|where did you get that|how do you know|are you sure|quelle|bist du sicher
sind sie sicher|quelle zeigen|quellen|zeig die quelle|zeige die quelle|woher weißt du das|источник
покажи источник|откуда ты знаешь|ты уверен|вы уверены
"""
_MORE = """
daha fazla|devam|devam et|devamı|daha fazlası|başka|başka var mı|başka ne var|diğerleri|sıradaki
daha fazla göster|more|show more|more please|continue|go on|anything else|next|mehr|mehr zeigen
weiter|ещё|еще|дальше|покажи ещё
"""


_FILLERS = """
lütfen|please|bitte|пожалуйста|danış|bot|hocam|dostum|abi|abla|kardeşim|efendim|arkadaşlar|herkese
size|sana|de|çok|ve|and|und|и
"""


def _said(message: str) -> tuple[str, ...]:
    """A message's words as people type them in a hurry: no Turkish letters, no punctuation."""
    return tuple(ascii_fold(word.text) for word in words(message))


_FILLING = frozenset(_said(_FILLERS))


def _telling(message: str) -> tuple[str, ...]:
    """Its words but for the fillers, by which no phrase is told from another."""
    return tuple(word for word in _said(message) if word not in _FILLING)


_KINDS = {
    _telling(phrase): kind
    for kind, listed in (
        (Kind.HELP, _HELP),
        (Kind.NOTHING, _NOTHING),
        (Kind.GREETING, _GREETINGS),
        (Kind.THANKS, _THANKS),
        (Kind.GOODBYE, _GOODBYES),
        (Kind.SHORTER, _SHORTER),
        (Kind.SHOW_SOURCE, _SHOW_SOURCE),
        (Kind.MORE, _MORE),
    )
    for phrase in re.split(r"[|\n]", listed)
    if phrase
}
_LONGEST = max(map(len, _KINDS))  # words of a phrase


def set_phrase(message: str) -> Kind | None:
    """The kind of a message that is nothing but small talk or a command, None for any other.

    Of several phrases ("Tamam, daha kısa") the last one tells.
    """
    said = _telling(message)
    kinds: list[Kind] = []
    while said:
        ends = range(min(_LONGEST, len(said)), 0, -1)
        end = next((end for end in ends if said[:end] in _KINDS), None)
        if end is None:
            return None
        kinds.append(_KINDS[said[:end]])
        said = said[end:]
    if kinds[-1:] == [Kind.GREETING] and Kind.THANKS in kinds:
        return Kind.GOODBYE  # Teşekkürler, iyi günler.
    return kinds[-1] if kinds else None
