"""What people said of answers, kept for a year and exported as cases for `danis eval`."""

from __future__ import annotations

import enum
from collections.abc import Iterator

from bot import schema, shelf
from bot.state import State
from index.answer import Verdict


class Opinion(enum.StrEnum):
    """What a button says of an answer."""

    GOOD = "good"
    BAD = "bad"
    WRONG_SOURCE = "wrong_source"


def note_opinion(state: State, kept: shelf.Kept, user_id: int, opinion: Opinion) -> None:
    """Keeps an opinion; the same user's later one replaces it. Who: only as a salted hash."""
    changed = {"kind": str(opinion), "answer": shelf.dumps(kept.answer), "at": state.clock()}
    with state.begin() as db:
        db.execute(
            state.insert(schema.feedback)
            .values(answer_id=kept.id, who=state.who(user_id), **changed)
            .on_conflict_do_update(index_elements=["answer_id", "who"], set_=changed)
        )


def export_feedback(state: State, *, complaints: bool = False) -> Iterator[dict[str, object]]:
    """Cases for `danis eval`, one JSON object each, oldest first.

    A 👍 makes a case: the seed and the answering sentence, or null for a refusal. Complaints say
    only what was wrong (`not_passages`), and so that a person can add what is right; they come on
    demand.
    """
    with state.begin() as db:
        rows = db.execute(schema.feedback.select().order_by(schema.feedback.c.at)).all()
    for row in rows:
        answer = shelf.loads(row.answer)
        opinion = Opinion(row.kind)
        case: dict[str, object] = {"question": answer.standalone or answer.question}
        cited = answer.citations[0] if answer.citations else None
        if opinion is not Opinion.GOOD:
            if complaints:
                yield case | {
                    "feedback": str(opinion),
                    "not_source": cited.path if cited else None,
                    "not_passages": [cited.key] if cited else [],
                }
        elif answer.verdict is Verdict.REFUSED:
            yield case | {"source": None, "answer": None}
        elif cited:
            yield case | {"source": cited.path, "answer": " ".join(cited.highlighted)}
