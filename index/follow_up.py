"""Finds what a question of a conversation asks, completed from the turn before where it needs that.

A follow-up has several readings: it stands alone, it asks about the subject of the turn before, or,
where that asked for a name ("Kardeş şehri hangisi?"), "it" is what was answered. The surest wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.answer import Turn, Verdict
from index.confidence import verdict_of
from index.conversation import (
    Kind,
    classify,
    leans,
    new_names,
    points_to_answer,
    standalone,
    with_topic,
)
from index.finder import Finder, Found
from index.highlight import highlight
from index.idioms import terms_asked, words_asked
from index.judge import SIGNAL_HITS
from index.languages import guess_language
from index.metadata_questions import parse

CONTINUED_HITS = 50  # of a follow-up, among which the last document's are put forward
MOST_NAMES = 3  # of the answering sentence that are tried
HELD_ALONE = 0.3  # share of a question that its passage must have to be taken as it stands
LOST = 0.2  # share of that at most which the passage of the other reading has
# So many words say themselves what they are about: less of it need be lost, and where next to
# nothing of it is found they are about something else.
WHOLE, LOST_OF_WHOLE, NOTHING = 3, 0.4, 0.1
MARGIN_OF_AN_ANSWER = 0.05  # by which the old subject must be the surer one


def leaned_on(finder: Finder, turns: Sequence[Turn]) -> Turn | None:
    """The turn that a follow-up may lean on: the last one but for those of which nothing is known.

    None where that asked for documents: "son haberler" is no subject.
    """
    for turn in reversed(turns):
        if parse(turn.standalone, date.today()) is not None:
            return None
        asked = terms_asked(turn.question, guess_language(turn.question))
        if any(finder.index.document_frequencies(asked)):
            return turn
        found = finder.find(turn.standalone, k=SIGNAL_HITS)
        refused = verdict_of(found.confidence, "normal") is Verdict.REFUSED
        if not refused or all(hit.other_language for hit in found.ranking.hits):
            return turn
    return None


def understood(finder: Finder, question: str, before: Turn | None, k: int) -> Found:
    """What is found for `question`, which was asked after `before`; at least k hits."""
    language = guess_language(question)
    kind = classify(question, language)
    if before is None or kind not in (Kind.FOLLOW_UP, Kind.UNCLEAR, Kind.OTHER_NAME):
        return finder.find(question, k=k)
    completed = _completed(finder, question, kind, before, language, k)
    if kind is Kind.FOLLOW_UP and verdict_of(completed.confidence, "normal") is not Verdict.REFUSED:
        return completed
    alone = finder.find(question, k=k)
    if kind is Kind.FOLLOW_UP:
        answered = verdict_of(alone.confidence, "normal") is Verdict.ANSWERED
        return alone if answered else completed
    if _is_about_something_else(alone, completed, language):
        return alone
    return completed if leans(kind, alone.confidence, completed.confidence) else alone


def _is_about_something_else(alone: Found, completed: Found, language: str) -> bool:
    """Whether the reading that leans on the turn before has lost what was asked about."""
    said, kept = _covered(alone, alone), _covered(completed, alone)
    whole = sum(1 for _ in words_asked(alone.standalone, language)) >= WHOLE
    if said > HELD_ALONE and kept <= (LOST_OF_WHOLE if whole else LOST) * said:
        return True
    if whole and kept <= NOTHING:
        return True
    # What is refused all the same is better refused as it was asked.
    refused = verdict_of(completed.confidence, "normal") is Verdict.REFUSED
    return refused and kept <= HELD_ALONE


def _covered(found: Found, asked: Found) -> float:
    """The share of what was asked, by weight, that the first passage found has, 0 to 1."""
    if not len(found.ranking.matches):
        return 0.0
    held = dict(zip(found.ranking.wanted.terms, found.ranking.matches[0], strict=True))
    weights = dict(zip(asked.ranking.wanted.terms, asked.ranking.wanted.idf, strict=True))
    total = sum(weights.values())
    return float(sum(w for term, w in weights.items() if held.get(term)) / (total or 1.0))


def _completed(
    finder: Finder, question: str, kind: Kind, before: Turn, language: str, k: int
) -> Found:
    """What is found for the surest reading that leans on the turn before."""

    def continued(whole: str) -> Found:
        return finder.continuing(finder.find(whole, k=CONTINUED_HITS), before.keys)

    def found_about(subject: Turn) -> Found:
        return continued(standalone(question, subject, language, finder.index))

    same = found_about(before)
    if kind is Kind.UNCLEAR and (added := with_topic(question, before, language, finder.index)):
        both = continued(added)
        if both.confidence > same.confidence - MARGIN_OF_AN_ANSWER:
            same = both
    if not points_to_answer(question, language, before.question):
        return same
    answers = [found_about(Turn(name, name)) for name in _answered(finder, before, k)]
    surest = max(answers, key=lambda found: found.confidence, default=same)
    return surest if surest.confidence > same.confidence - MARGIN_OF_AN_ANSWER else same


def _answered(finder: Finder, before: Turn, k: int) -> list[str]:
    """The names that the turn before was answered with."""
    found = finder.find(before.standalone, k=k)
    names: list[str] = []
    for hit, record in found.passages():
        if record.key in before.keys[:1]:
            for span in highlight(found, hit, record):
                sentence = record.sentence_texts[record.sentences.index(span)]
                names += new_names(sentence, record.language, found.standalone)
    return names[:MOST_NAMES]
