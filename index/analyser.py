"""A light analyser for Turkish: one key for all forms of a word, by rule.

Suffixes come off from the right, each checked for vowel harmony, consonant harmony and its buffer
letter, as long as what remains can be a word: two syllables, or one of the few roots known by
name (index/roots.py). What remains is brought to one spelling: softened consonants are hardened
(kitab-ı -> kitap), doubled ones made single (hakk-ı -> hak), and a vowel that fell out is put back
(şehr-i -> şehir). A key is for comparing, not for reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.roots import NOUNS, VERBS

__all__ = ["is_root", "stem"]

_IRREGULAR_FORMS = """
    suyu:su suyun:su suya:su suyla:su adı:ad adını:ad adına:ad adında:ad adının:ad ayında:ay
    ayının:ay eli:el ili:il ilin:il altında:alt altından:alt altına:alt kurdu:kur diyor:de diyen:de
    denir:de denen:de denilen:de yiyor:ye kızım:kız oğlum:oğul eşim:eş evim:ev işim:iş param:para
    giderim:git
    açılış:aç kapanış:kapa giriş:gir çıkış:çık satış:sat
"""
_SOFTENED_ROOTS = """
    kab:kap dib:dip uc:uç tac:taç gid:git ed:et tad:tat çoğ:çok göğ:gök yoğ:yok güd:güt çöb:çöp
    küb:küp grub:grup güc:güç ceb:cep
"""
# Clusters that could end a word, or whose vowel does not follow harmony.
_SHORTENED_ROOTS = """
    vakt:vakit nakt:nakit akt:akit nakl:nakil hacm:hacim bahs:bahis rahm:rahim kabr:kabir
    kavm:kavim ilm:ilim zulm:zulüm cürm:cürüm haps:hapis benz:beniz
"""


def _pairs(listed: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in listed.split())


_IRREGULAR = _pairs(_IRREGULAR_FORMS)
_SOFT_ROOTS = _pairs(_SOFTENED_ROOTS)
_DROPPED = _pairs(_SHORTENED_ROOTS)

_VOWELS = "aeıioöuü"
_CONSONANTS = "bcçdfgğhjklmnpqrsştvwxyz"
_VOICELESS = "fstkçşhp"
_HARDER = {"b": "p", "c": "ç", "d": "t", "ğ": "k"}
_HARMONY = {"a": "aı", "ı": "aı", "o": "au", "u": "au", "e": "ei", "i": "ei", "ö": "eü", "ü": "eü"}
_FRONTED = {"a": "e", "ı": "i", "o": "ö", "u": "ü"}
# saat-i, rol-ü: loans that take front suffixes after a back vowel.
_FRONT_LOAN = re.compile("(?:at|[aou]l|kalp|kalb|harf|akt|akd|bahs|rahm|hacm|kabr|kavm)$")
_VOWEL = re.compile(f"[{_VOWELS}]")
_AFTER_YOR = re.compile("(?<=[ıiuü]yor)(?:um|uz|sun|sunuz|lar)$")
_CAUSATIVE = re.compile(f"[{_VOWELS}][{_CONSONANTS}]*[dt][ıiuü]r$")
_LAST_VOWEL = re.compile(f"[{_VOWELS}](?=[^{_VOWELS}]*$)")
# One syllable closed by two consonants that Turkish does not end a word in: a vowel fell out.
_CLUSTER = re.compile(
    f"([{_CONSONANTS}]?([{_VOWELS}])(?![lrnm][pçtksf]|[sşfh][tk]|[rl]m)[{_CONSONANTS}])"
    f"([{_CONSONANTS}])"
)

# Templates: A is a or e, I is one of ı i u ü, D is d or t. Before the colon, what must stand there:
# a vowel, a consonant, or a possessive ending.
_NOMINAL = """
    lAr DA DAn ki lI lIk DIr C:I C:A C:In C:lA C:Im C:ImIz V:yI V:yA V:sI V:nIn V:ylA V:mIz V:ydI
    V:yIm V:m P:nI P:nA P:nDA P:nDAn C:InIz V:nIz
"""
_VERBAL = """
    C:Il V:n DI DIk mIş mA mAk mAz C:AcAk C:An C:ArAk C:Ip C:IncA C:Abil C:Abilir C:Ir
    V:yAcAk V:yAn V:yArAk V:yIp V:yIncA V:yAbil V:yAbilir
    DIm DInIz mAm mAyIz mAzsAm mAzsA V:yAmAm V:yAmAyIz V:yAmAz mAlI mAlIyIm mAlIyIz mAlIsInIz
    C:AcAğIz V:yAcAğIz C:InIz
"""
_AORIST_IN_IR = ("al", "bil", "bul", "dur", "gör", "kal", "ol", "öl", "san", "var", "ver", "vur")
# Who asks says "I" and "we" and "you": nasıl başvururum, ne yapmalıyız, giremiyor musunuz. Some of
# it nouns end in as well, so that it demands more of the verb.
_PERSONAL: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (
        "C:ArIm C:ArIz C:ArsIn C:ArsInIz C:ArsAm C:AmA V:yAmA C:In",
        lambda verb: _spelled(verb) in VERBS,
    ),
    ("C:Ar C:ArlAr C:ArsA", lambda verb: verb in VERBS or verb in _SOFT_ROOTS),
    # bekle-r, but kap-lar
    (
        "V:r V:rlAr V:rsA",
        lambda verb: verb in VERBS and not (verb[-2:] in ("la", "le") and verb[:-2] in NOUNS),
    ),
    (
        "C:IrsA C:IrIm C:IrIz C:IrsIn C:IrsInIz C:IrsAm",
        lambda verb: verb in _AORIST_IN_IR or _syllables(verb) > 1,
    ),
    (
        "V:rIm V:rIz V:rsIn V:rsInIz V:rsAm",
        lambda verb: verb in VERBS or verb.endswith(("la", "le")),
    ),
    (
        "V:yIn V:yInIz V:yAyIm",
        lambda verb: verb in VERBS or verb.endswith(("la", "le", "ma", "me")),
    ),
    # al-amam, but onayla-mam; çık-ayım, but burada-yım; gel-sem
    ("C:AmAm C:AmAyIz C:AmAz", lambda verb: verb in VERBS or verb[-1] != "l"),
    ("C:AyIm", lambda verb: verb in VERBS or verb[-1] not in "dt"),
    ("sAm", lambda verb: verb in VERBS or verb[-1] in _CONSONANTS),
)
_BEFORE = {
    "": frozenset(_VOWELS + _CONSONANTS),
    "V": frozenset(_VOWELS),
    "C": frozenset(_CONSONANTS),
    "P": frozenset("ıiuü"),
}


class _Suffix(NamedTuple):
    """A suffix in one of its written shapes, with the letters and vowels that it may follow.

    `demand` is what it asks of the verb before it, None where `_fits` knows its rule.
    """

    rule: str
    verbal: bool
    letters: frozenset[str]
    vowels: frozenset[str]
    demand: Callable[[str], bool] | None = None


def _shapes(template: str, vowel: str) -> Iterator[tuple[str, frozenset[str]]]:
    """How `template` is written after `vowel`, with the letters that each shape excludes."""
    low, high = tuple(_HARMONY[vowel])
    after_low = _HARMONY[low][1]
    written = ""
    for letter in template:
        if letter == "I":
            letter = after_low if low in written else high
        written += low if letter == "A" else letter
    if "D" not in written:
        yield written, frozenset()
    else:
        yield written.replace("D", "d"), frozenset(_VOICELESS)
        yield written.replace("D", "t"), _BEFORE[""] - frozenset(_VOICELESS)


def _all_suffixes() -> dict[str, list[_Suffix]]:
    found: dict[str, list[_Suffix]] = {}
    personal = ((True, templates, demand) for templates, demand in _PERSONAL)
    for verbal, templates, demand in ((False, _NOMINAL, None), (True, _VERBAL, None), *personal):
        for entry in templates.split():
            before, _, template = entry.rpartition(":")
            vowels: dict[tuple[str, frozenset[str]], set[str]] = {}
            for vowel in _HARMONY:
                for shape in _shapes(template, vowel):
                    vowels.setdefault(shape, set()).add(vowel)
            for (written, excluded), allowed in vowels.items():
                letters = _BEFORE[before] - excluded
                suffix = _Suffix(entry, verbal, letters, frozenset(allowed), demand)
                found.setdefault(written, []).append(suffix)
    return found


_SUFFIXES = _all_suffixes()
_LONGEST = max(map(len, _SUFFIXES))


def stem(word: str) -> str:
    """The key that the inflected forms of a folded Turkish `word` share."""
    first = True
    while True:
        if word in _IRREGULAR:
            return _IRREGULAR[word]
        word = _spelled(_AFTER_YOR.sub("", word))
        if word in NOUNS or word in VERBS:
            return word
        shorter = _progressive(word) if word.endswith("yor") else _cut(word, first)
        if not shorter:
            return word
        word, first = shorter, False


def is_root(word: str) -> bool:
    """Whether `word`, a key that `stem` gave, is one of the few roots known by name."""
    return word in NOUNS or word in VERBS


def _cut(word: str, first: bool) -> str | None:
    """`word` without its last suffix: the longest listed root, else without the longest suffix."""
    unlisted = None
    for length in range(1, min(_LONGEST, len(word) - 2) + 1):
        for suffix in _SUFFIXES.get(word[-length:], ()):
            rest = word[:-length]
            if not _fits(rest, suffix) or (suffix.rule == "DIr" and not first):
                continue
            if suffix.rule in ("C:I", "C:Im") and rest[-1] == "d" and rest[:-1] in VERBS:
                continue  # al-dı and al-dım, not ald-ı of alt
            root = _spelled(rest)
            if root in (VERBS if suffix.verbal else NOUNS):
                return root
            if _syllables(rest if suffix.verbal else root) > 1:
                unlisted = rest
    return unlisted


def _fits(rest: str, suffix: _Suffix) -> bool:
    """Whether `suffix` may follow `rest`, by sound and by the suffix's own demands."""
    last = _LAST_VOWEL.search(rest)
    if last is None or rest[-1] not in suffix.letters:
        return False
    if last[0] not in suffix.vowels:
        loan = _FRONTED.get(last[0]) in suffix.vowels and _FRONT_LOAN.search(rest)
        if not loan:
            return False
    if rest[-1] == "y" and rest[-2] in _CONSONANTS:
        return False
    if suffix.demand:
        return suffix.demand(rest)
    match suffix.rule:
        case "ki":
            return rest.endswith(("da", "de", "ta", "te"))
        case "C:Im":  # kimliğ-im, telefon-um, but al-dım, and eğit-im is its verb's noun
            root = _spelled(rest)
            owned = root in NOUNS and root not in VERBS  # kart-ım, diş-im
            softened = rest[-1] in _HARDER and not (rest[-1] == "d" and rest[:-1] in VERBS)
            proven = owned or softened or rest[-1] == rest[-2]
            return proven or (_syllables(rest) > 1 and rest not in VERBS)
        case "V:m":  # araba-m, dilekçe-m, but program, konum, İzmir'de mi
            inflected = rest.endswith(("da", "de", "ta", "te"))
            long = _syllables(rest) > 2 and not inflected
            return rest[-1] in "ae" and (rest in NOUNS or long)
        case "DI" | "DIm" | "DInIz":
            return (
                (rest[-1] in _CONSONANTS and not rest.endswith("is"))
                or rest.endswith(("la", "le", "ma", "me"))
                or rest in VERBS
            )
        case "lI":  # festival-i, but Amerika-lı
            return rest[-1] in _CONSONANTS or rest in NOUNS or _syllables(rest) > 2
        case "V:nIn":  # Kırgızistan-ın, televizyon-un
            return not rest.endswith(("ista", "syo", "zyo", "lyo"))
        case "C:Il" | "V:n":  # açıl-dı, söylen-di: the passive of a verb that is known
            known = _spelled(rest) in VERBS or _CAUSATIVE.search(rest) is not None
            return known and last[0] in suffix.vowels
        case "C:Ir":
            return rest in _AORIST_IN_IR or (_syllables(rest) > 1 and rest[-1] in "lnrş")
        case rule if rule.startswith("P:"):
            return _is_possessive(rest)
    return True


def _is_possessive(word: str) -> bool:
    if word in NOUNS:
        return False
    owned = _spelled(word[:-1])
    return owned in NOUNS or _syllables(owned) > 1


def _progressive(word: str) -> str | None:
    """The verb before -Iyor, whose last vowel it may have narrowed: başlıyor -> başla."""
    verb = word[:-3]
    bare = verb[:-1]
    last = _LAST_VOWEL.search(bare)
    if last is None or verb[-1] not in "ıiuü":
        return None
    widened = bare + _HARMONY[last[0]][0]
    for candidate in (verb, _spelled(bare), widened):
        if candidate in VERBS:
            return candidate
    if bare[-1] == "m" and _syllables(bare[:-1]):
        return _affirmed(bare[:-1])
    narrowed = len(bare) > 2 and bare[-1] == "l" and bare[-2] in _CONSONANTS
    return widened if narrowed else bare


def _affirmed(verb: str) -> str:
    """The verb of a denial, less what says that it cannot be: alamıyor, without -mıyor -> al."""
    if verb in VERBS or verb[-1] not in "ae":
        return verb
    able = verb[:-2] if verb.endswith(("ya", "ye")) else verb[:-1]
    unknown = _syllables(able) > 1 and able[-1] != "l"  # başvur-a-mıyor, but onayla-mıyor
    return able if able in VERBS or unknown else verb


def _spelled(word: str) -> str:
    """`word` as a dictionary would write it, had a suffix softened, doubled or shortened it."""
    if word in _SOFT_ROOTS:
        return _SOFT_ROOTS[word]
    if len(word) < 3:
        return word
    last, before = word[-1], word[-2]
    if last == before and last in _CONSONANTS and _syllables(word) == 1:
        return word[:-1]
    if word.endswith("ng"):
        return word[:-1] + "k"
    if last in _HARDER and (before in "rlny" or _syllables(word) > 1):
        word = word[:-1] + _HARDER[last]
    if word in _DROPPED:
        return _DROPPED[word]
    cluster = _CLUSTER.fullmatch(word)
    if cluster:
        return cluster[1] + _HARMONY[cluster[2]][1] + cluster[3]
    return word


def _syllables(word: str) -> int:
    return len(_VOWEL.findall(word))
