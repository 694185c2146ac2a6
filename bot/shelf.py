"""Answers behind buttons: kept as JSON, found again by a short id.

Callback data is `action:answer id:argument`, far below Telegram's 64 bytes.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from bot import schema
from bot.state import State, is_key
from index.answer import Answer, Citation, Repair, Verdict, Written, WrittenSentence
from index.passages import Span


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given, to whom (hashed) and where, and what "Daha fazla" added."""

    id: str
    who: str
    chat_id: int
    answer: Answer
    further: tuple[Citation, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All passages that buttons may ask for, by rising numbers."""
        return (*shown(self.answer), *self.further)

    @property
    def last_number(self) -> int:
        """The number of the last passage, 0 where there is none."""
        return self.citations[-1].number if self.citations else 0


def shown(answer: Answer) -> tuple[Citation, ...]:
    """The citations of an answer, or its nearest passages; those of parts numbered through."""
    if not answer.parts:
        return answer.citations or answer.nearest
    found: dict[str, Citation] = {}
    for part in answer.parts:
        for citation in part.citations or part.nearest:
            found.setdefault(citation.key, citation)
    return tuple(replace(citation, number=n) for n, citation in enumerate(found.values(), 1))


def put(state: State, user_id: int, chat_id: int, answer: Answer) -> Kept:
    """Keeps an answer and returns it with its new id."""
    kept = Kept(secrets.token_urlsafe(9), state.who(user_id), chat_id, answer)
    with state.begin() as db:
        db.execute(
            schema.answers.insert().values(
                id=kept.id, who=kept.who, chat_id=chat_id, at=state.clock(), answer=dumps(answer)
            )
        )
    return kept


def get(state: State, answer_id: str) -> Kept | None:
    """The answer with this id, None where it is no longer (or never was) kept."""
    table = schema.answers
    if not is_key(answer_id):
        return None
    with state.begin() as db:
        row = db.execute(table.select().where(table.c.id == answer_id)).first()
    if row is None:
        return None
    further = tuple(_citation(each) for each in json.loads(row.further))
    return Kept(row.id, row.who, row.chat_id, loads(row.answer), further)


def add_further(state: State, kept: Kept, citations: Sequence[Citation]) -> Kept:
    """Keeps further passages with an answer."""
    grown = replace(kept, further=(*kept.further, *citations))
    table = schema.answers
    with state.begin() as db:
        db.execute(
            table.update()
            .where(table.c.id == kept.id)
            .values(further=json.dumps([asdict(c) for c in grown.further], default=str))
        )
    return grown


def dumps(answer: Answer) -> str:
    """An answer as JSON."""
    return json.dumps(asdict(answer), default=str)


def loads(text: str) -> Answer:
    """An answer from `dumps`."""
    return _answer(json.loads(text))


def _answer(fields: dict[str, Any]) -> Answer:
    values = dict(fields)
    values["verdict"] = Verdict(values["verdict"])
    for name in ("citations", "nearest"):
        values[name] = tuple(_citation(each) for each in values[name])
    values["repairs"] = tuple(Repair(**each) for each in values["repairs"])
    values["parts"] = tuple(_answer(each) for each in values["parts"])
    values["reasons"] = tuple(values["reasons"])
    values["written"] = _written(values.get("written"))
    return Answer(**values)


def _written(fields: dict[str, Any] | None) -> Written | None:
    if fields is None:
        return None
    sentences = (
        WrittenSentence(each["text"], tuple(each["citations"])) for each in fields["sentences"]
    )
    return Written(tuple(sentences), fields["failure"])


def _citation(fields: dict[str, Any]) -> Citation:
    values = dict(fields)
    values["date"] = date.fromisoformat(values["date"]) if values["date"] else None
    values["headings"] = tuple(values["headings"])
    values["also"] = tuple(values.get("also", ()))
    values["highlights"] = tuple(Span(**each) for each in values["highlights"])
    return Citation(**values)
