"""A light guess of the language of a text, and the words that say nothing in each."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["STOP_WORDS", "guess_language"]

_TURKISH = """
a acaba ama ancak arada artık asla aslında ayrıca az bana bazen bazı bazıları belki ben benden beni
benim beri bile bir birçok biri birisi birkaç biz bizden bizi bizim böyle böylece bu buna bunda
bundan bunlar bunları bunların bunu bunun burada çok çoğu çünkü da daha dahi de defa değil diğer
diye dolayı dolayısıyla e eğer en fakat falan gibi göre hala hangi hangileri hangisi hani hatta hem
henüz hep hepsi her herhangi herkes hiç hiçbir için içinde ile ilgili ise işte kaç kaça kaçıncı
kadar kaçta karşı kendi kendine kendisi ki kim kimde kimden kimdi kimdir kime kimi kimin kiminle
kimler kimlerdi kimlerdir kimlere kimleri kimlerin kimse mademki mı mi mu mü mıdır midir mudur müdür
mıydı miydi muydu müydü mısın misin musun müsün mıyım miyim muyum müyüm mıyız miyiz nasıl nasıldı
nasıldır ne neden nedeniyle nedir neler nelerdi nelerdir nelere neleri nelerin nerde nerden nerede
neredeydi nerededir nereden nereye nereli neresi neresidir nesi neydi neye neyi neyin niçin niye o
olan olarak oldu olduğu olduğunu olmak olması olup olur olursa ona onda ondan onlar onlara onları
onların onu onun oysa öyle pek peki sadece sanki sen senden seni senin siz sizden sizi sizin son ta
te sonra şayet şey şeyler şimdi şöyle şu şuna şunda şundan şunlar şunu şunun tabii tarafından tüm
üzere üzerinde var vardı vardır ve veya ya yani yapılan ye yine yok yoksa zaten zira acep hakkında
"""
_ENGLISH = """
a about after all also am an and any are as at be because been being between both but by can could
did do does doing during each for from had has have having he her here hers him his how i if in into
is it its itself just me more most my no nor not of off on once only or other our out over own she
should so some such than that the their them then there these they this those through to too under
until up very was we were what when where which while who whom whose why will with would you your
please tell
"""
_GERMAN = """
aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dein dem den der des
dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer
eines er es euch für gegen haben hat hatte hatten hier ich ihm ihn ihr ihre im in ist ja jede jedem
jeden jeder kann kein keine können man mehr mein mit nach nicht noch nun nur ob oder ohne sehr sein
seine sich sie sind so um und uns unter viel vom von vor wann war waren warum was weil welche
welchem welchen welcher welches wem wen wenn wer werden weshalb wessen wie wieso wieviel wieviele
wird wo wobei wodurch wofür wogegen woher wohin womit wonach woran worauf woraus worden worin
worüber wovon wozu wurde wurden zu zum zur zwischen über
"""
_RUSSIAN = """
а без бы был была были было быть в вам вас во вот все всё вы где да для до его ее её если есть еще
ещё же за и из или им их к как какая какие какой каком когда кого кому которая которые который кто
куда ли мне можно мы на над не нет него нее ней но о об один он она они оно от по под почему при с
сколько со так также такой там то только том тот ты у уже что чтобы чем чего это этого этой этом
этот эти я какую какое каких чей чья
"""
_SPANISH = """
al cómo como con cuál cuáles cuándo cuánto cuántos cuántas de del dónde el ella en es eran esta este
fue fueron ha la las lo los más no para pero por que qué quién quiénes se sido son su sus un una y
"""
_FRENCH = """
au aux avec ce cette combien comment dans de des du elle en est et était il ils la le les leur mais
ont où ou par pas plus pour pourquoi quand que quel quelle quelles quels qui quoi sa se ses son sont
sur un une
"""

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "tr": _TURKISH,
        "az": _TURKISH,
        "en": _ENGLISH,
        "de": _GERMAN,
        "ru": _RUSSIAN,
        "es": _SPANISH,
        "fr": _FRENCH,
    }.items()
}

_SCRIPTS = {
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
}
_LETTERS = {
    "tr": re.compile("[ğışĞİŞ]"),
    "de": re.compile("[äßÄ]"),
    "es": re.compile("[ñ¿¡]"),
    "fr": re.compile("[èêàœ]"),
    "az": re.compile("[əƏ]"),
}
_ASCII = str.maketrans("çğıöşü", "cgiosu")
# Words that two of the languages share say nothing about which one it is.
_TELLING = {
    "tr": STOP_WORDS["tr"] | {word.translate(_ASCII) for word in STOP_WORDS["tr"]},
    **{language: STOP_WORDS[language] for language in ("en", "de", "es", "fr")},
}
_TELLING["en"] |= {"hello", "hi", "hey", "good", "thanks", "thank", "bye", "goodbye", "please"}
_TELLING["en"] |= {"name", "list", "give", "describe", "define", "explain", "show", "find"}
_TELLING["de"] |= {"hallo", "guten", "danke", "bitte", "tschüss"}
_WAS_IN_ENGLISH = re.compile(r"\W*[Ww]as\s+[A-Z]")
_SAMPLE = 2000


def guess_language(text: str, default: str = "tr") -> str:
    """The language of a question or a document, as "tr", "en", "de", "ru" and a few more.

    It looks at scripts, telling letters and function words of the first 2,000 characters, and
    says `default` when nothing speaks for any language.
    """
    sample = unicodedata.normalize("NFC", text[:_SAMPLE])
    letters = sum(map(str.isalpha, sample)) or 1
    for language, script in _SCRIPTS.items():
        if len(script.findall(sample)) * 2 > letters:
            return language
    # What stands behind the apostrophe of a Turkish name is no word: Kirgizistan'in is not English.
    tokens = re.findall(
        r"(?<![^\W\d_])(?<![^\W\d_]{3}['’])[^\W\d_]+", sample.replace("İ", "i").lower()
    )
    scores = dict.fromkeys(("tr", "az", *_TELLING), 0.0)
    for language, pattern in _LETTERS.items():
        scores[language] += 2 * min(len(pattern.findall(sample)), len(tokens) / 4)
    for token in tokens:
        holders = [language for language, listed in _TELLING.items() if token in listed]
        for language in holders:
            scores[language] += 1 / len(holders)
    # Opening words are the question's own, where later ones may be a name's: Wie oft reist Doctor
    # Who? English "was" opens a question about a name: Was umgibt Chloroplasten? Was Newton rich?
    if tokens and tokens[0] in _TELLING["de"] and not _WAS_IN_ENGLISH.match(sample):
        scores["de"] += 0.1
    best = max(scores, key=lambda language: scores[language])
    if not scores[best]:
        return default
    return best if scores[best] > scores["tr"] else "tr"
