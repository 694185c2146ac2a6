"""Questions that lean on the turn before them.

A message that cannot stand alone is completed with the previous question's subject; one that can
is left as it is, so that a new subject is never mixed with the old. Where the words do not tell
(`Kind.UNCLEAR`, `Kind.OTHER_NAME`), the caller searches both and `leans` decides.
"""

from __future__ import annotations

import re

from index.answer import Turn
from index.expected import Expected
from index.expected import Kind as ExpectedKind
from index.idioms import without_idioms
from index.question_parts import Parts, case_of
from index.text import Word, ascii_fold, bare, fold, is_stop_word, terms, words
from index.utterance import Kind, set_phrase
from index.vocabulary import Vocabulary, spellings

__all__ = [
    "Kind",
    "classify",
    "leans",
    "new_names",
    "points_to_answer",
    "standalone",
    "with_topic",
]

MOST_CARRIED = 6  # content words taken over from the previous question
MARGIN = 0.04  # by which the question alone must be the surer one to be left alone
MARGIN_OF_A_NAME = 0.4  # a name alone finds its own passage too easily
MOST_OF_A_NAME = 3  # words; what stands before is a title

_SAME_LETTERS = 4
_NAME_ASKED = re.compile(
    r"\b(?:hangi\w*|ad[ıi]|which|name|welche\w*|heißt|hieß|как(?:ой|ая|ое|ие)|имя|название)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:[oş]|b)u?ra\w*|there|dort|da|там|туда|оттуда")


def classify(message: str, language: str = "tr") -> Kind:
    """What a message is, by its words alone; a question may turn out UNCLEAR."""
    return set_phrase(message) or _kind(Parts(message, language))


def _kind(asked: Parts) -> Kind:
    if not asked.asks_something or (asked.pointing and not asked.speaks_for_itself):
        return Kind.FOLLOW_UP
    if asked.fragment:
        if asked.changes or asked.suffixed:
            return Kind.FOLLOW_UP
        return Kind.OTHER_NAME if len(asked.words) == 1 else Kind.UNCLEAR
    if not asked.subject or (not asked.names and asked.lacks_subject):
        return Kind.FOLLOW_UP
    if asked.changes or asked.pointing or (not asked.names and asked.may_lack_subject):
        return Kind.UNCLEAR
    return Kind.QUESTION if asked.speaks_for_itself else Kind.UNCLEAR


def standalone(
    question: str,
    previous: Turn | None,
    language: str = "tr",
    vocabulary: Vocabulary | None = None,
) -> str:
    """The question with what it lacks taken from the previous turn; itself where there is none.

    `vocabulary` tells which words are names: the one that opens the previous question, and what
    is asked now in small letters.
    """
    if previous is None:
        return question
    asked = Parts(question, language)
    asked_before = previous.standalone or previous.question
    before = Parts(asked_before, language, vocabulary)
    if asked.fragment:
        return _changed(before, asked, is_common=_is_common(asked, vocabulary))
    if asked.asks_something or asked.pointing:
        carried = _inherited(previous, before) or before.topic
    else:
        carried = before.content
    if _names_subject_itself(asked, before, carried):
        return question
    own = {word.text for word in words(without_idioms(asked_before, language))}
    held = {ascii_fold(word.text) for word in asked.words}
    kept = [w.text for w in carried if w.text in own and ascii_fold(w.text) not in held]
    kept = kept[:MOST_CARRIED]
    if not kept:
        return question
    subject = " ".join(kept)
    if asked.pointing and language != "tr":
        # Where the pronoun stood: "Where is he buried?" becomes "Where is Chingiz Aitmatov buried?"
        first, others = asked.pointing[0], asked.pointing[1:]
        told = (subject if w is first else w.text for w in asked.words if w not in others)
        return " ".join(told) + "?"
    rest = " ".join(word.text for word in asked.words if word not in asked.pointing)
    return f"{subject} {rest}?"


def with_topic(
    question: str, previous: Turn, language: str = "tr", vocabulary: Vocabulary | None = None
) -> str:
    """What the previous question was about with a few common nouns added to it: Hafta sonu?

    "" where the question is something else, or takes the place of a name.
    """
    asked = Parts(question, language)
    before = Parts(previous.standalone or previous.question, language, vocabulary)
    common = asked.fragment and not any(word.text[0].isupper() for word in asked.words)
    if language != "tr" or not common or asked.changes or before.names or not before.topic:
        return ""
    return " ".join(word.text for word in [*before.topic[:MOST_CARRIED], *asked.words]) + "?"


def points_to_answer(question: str, language: str, previous: str) -> bool:
    """Whether "o", "orası" or "he" may be the name by which the previous question was answered."""
    pointing = [fold(word.text, language) for word in Parts(question, language).pointing]
    if Expected(previous).kind is ExpectedKind.NAME:
        return any(not _PLACE.match(word) for word in pointing)
    return bool(pointing and _NAME_ASKED.search(previous))


def new_names(sentence: str, language: str, question: str) -> list[str]:
    """The names of a sentence, of one or more words, that the question does not say itself."""
    said = {_beginning(word.text) for word in words(question)}
    parts = Parts(sentence, language)
    names: list[list[str]] = []
    end = -1  # of the name so far
    for word in parts.words:
        if word not in parts.names or _beginning(word.text) in said:
            continue
        if end < 0 or not sentence[end : word.start].isspace():
            names.append([])
        names[-1].append(bare(word.text))
        end = word.end
    return [" ".join(name[-MOST_OF_A_NAME:]) for name in names]


def _beginning(word: str) -> str:
    """By which a name is known again, whatever its suffixes and in other languages."""
    return ascii_fold(fold(bare(word)))[:_SAME_LETTERS]


def leans(kind: Kind, alone: float, completed: float) -> bool:
    """Whether an UNCLEAR or OTHER_NAME question leans on the turn before, by the confidence of both
    readings.
    """
    return completed > alone - (MARGIN_OF_A_NAME if kind is Kind.OTHER_NAME else MARGIN)


def _inherited(previous: Turn, before: Parts) -> list[Word]:
    """What the previous question itself took from the one before it: the subject is still that.

    Where it only changed the subject ("Peki ya plaj?"), that is it. None where it stood alone.
    """
    said = Parts(previous.question, before.language)
    own = {ascii_fold(word) for word in said.folded}
    if said.fragment and said.changes and not said.words[0].text[0].isdigit():
        return [word for word in before.subject if ascii_fold(fold(word.text)) in own]
    if said.fragment or len(before.words) <= len(said.words):
        return []
    return [word for word in before.subject if ascii_fold(fold(word.text)) not in own]


def _names_subject_itself(asked: Parts, before: Parts, carried: list[Word]) -> bool:
    """Whether a question says the old subject anew: Kurs ücreti ne kadar? Hangi kurslar var?"""
    if asked.pointing or before.telling_names or not carried:
        return False
    language = asked.language
    stems = {stem for word in asked.subject for stem in terms(word.text, language)}
    return not stems.isdisjoint(terms(carried[0].text, language))


def _is_common(asked: Parts, vocabulary: Vocabulary | None) -> bool:
    """Whether the sources know all its words, and none as a name: and the deadline?

    They know no numbers.
    """
    nouns = [word.text for word in asked.words if not is_stop_word(word.text, asked.language)]
    if vocabulary is None or not nouns or any(noun[0].isupper() for noun in nouns):
        return False
    keys = {ascii_fold(fold(bare(noun), asked.language)) for noun in nouns}
    known = spellings(vocabulary, keys)
    return known.keys() == keys and not any(way.is_name for ways in known.values() for way in ways)


def _changed(before: Parts, asked: Parts, *, is_common: bool) -> str:
    """The previous question about something else: `asked` in the place of what is like it.

    What is common, no name and no number, takes nothing's place: it is added to the whole question.
    """
    fragment = " ".join(word.text for word in asked.words)
    taken = [word.text for word in before.words]
    is_number = asked.words[0].text[0].isdigit()
    runs = [] if is_common else list(before.runs(numbers=is_number))
    if not runs:
        return f"{fragment} {' '.join(taken)}?"
    case = case_of(asked.words[-1].text)
    start, end = next((run for run in runs if case_of(taken[run[1] - 1]) == case), runs[0])
    return " ".join([*taken[:start], fragment, *taken[end:]]) + "?"
