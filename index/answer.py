"""What an answer is: the quoted passages, how sure it is, and where each word stands."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date

from index.repair import Repair
from index.sentences import Span


class Verdict(enum.StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    UNSURE = "unsure"  # answered, with a caveat
    REFUSED = "refused"  # not in the sources
    TALK = "talk"  # a greeting or thanks, nothing to look up
    LISTING = "listing"  # a question about the sources themselves


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage, word for word: `seed_text[start:end] == quote` was checked when it was made.

    `highlights` are the answering sentences, offsets in the seed's text inside [start, end).
    `key` names the passage across rebuilds for as long as its path and text stay the same.
    `also` are other seeds that were found to answer with the same sentences, word for word.
    """

    number: int
    key: str
    path: str
    title: str
    date: date | None
    source: str
    headings: tuple[str, ...]
    paragraph: int
    page: int | None
    url: str
    start: int
    end: int
    quote: str
    highlights: tuple[Span, ...]
    score: float
    also: tuple[str, ...] = ()

    @property
    def also_named(self) -> str:
        """The file names of two of the other seeds, and whether there are more."""
        names = [path.rpartition("/")[2] for path in self.also[:2]]
        return ", ".join(names) + (" …" if len(self.also) > len(names) else "")

    @property
    def highlighted(self) -> tuple[str, ...]:
        """The answering sentences, word for word."""
        return tuple(self.quote[s.start - self.start : s.end - self.start] for s in self.highlights)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, as searched, and the passages that were shown for it.

    `shown` is how many passages have been shown for it so far, further ones included.
    """

    question: str
    standalone: str
    keys: tuple[str, ...] = ()
    shown: int = 0


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that a language model wrote, and the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model made of the citations; without sentences, `failure` says why."""

    sentences: tuple[WrittenSentence, ...] = ()
    failure: str = ""

    @property
    def cited(self) -> tuple[int, ...]:
        """The numbers of all citations that it rests on, rising."""
        return tuple(sorted({n for sentence in self.sentences for n in sentence.citations}))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one message.

    `confidence` is the calibrated probability (0 to 1) that the first citation answers it.
    A refusal has no citations but the `nearest` passages. Where a message held several
    questions, `parts` are their answers and the other fields are those of the first. A `brief`
    answer shows only its answering sentences.
    `text` holds the words of a TALK or LISTING answer. `written` is what a language model made
    of the citations, None where none was asked.
    """

    question: str
    standalone: str
    verdict: Verdict
    confidence: float
    language: str
    index_version: str
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    disagreement: bool = False
    brief: bool = False
    reasons: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    text: str = ""
    seconds: float = 0.0
    written: Written | None = None
    parts: tuple[Answer, ...] = field(default=())

    @property
    def last(self) -> Answer:
        """The answer to the last of several questions, itself where there is but one."""
        return self.parts[-1] if self.parts else self

    @property
    def turn(self) -> Turn:
        """What a follow-up needs to know of this answer; of several questions, of the last."""
        last = self.last
        shown = last.citations or last.nearest
        keys = tuple(citation.key for citation in shown)
        return Turn(last.question, last.standalone, keys, shown[-1].number if shown else 0)


@dataclass(frozen=True, slots=True)
class PassageView:
    """A whole passage with the paragraphs around it ("" where there are none)."""

    citation: Citation
    before: str
    after: str
    index_version: str
