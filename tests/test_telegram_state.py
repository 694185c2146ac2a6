"""What the bot remembers: kept across restarts, forgotten in time, and on demand."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import schema, shelf
from bot.access import approve, pairing_code
from bot.feedback import Opinion, export_feedback, note_opinion
from bot.inbox import Inbox
from bot.state import ANSWER_DAYS, DAY, FEEDBACK_DAYS, UPDATE_DAYS, State, open_state
from index.answer import Turn
from index.questions_file import read_questions
from tests.telegram_bot import FakeAnswerer

QUESTION = "Çok gizli bir soru"


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(tmp_path: Path, clock: Clock) -> Iterator[State]:
    opened = open_state(tmp_path, clock)
    yield opened
    opened.close()


def update(number: int, user: int = 7) -> dict[str, object]:
    return {"update_id": number, "message": {"text": QUESTION, "from": {"id": user}}}


def leave_traces(state: State, user: int) -> None:
    """Everything that the bot ever keeps of a user."""
    Inbox(state).receive([update(1000 + user, user)])
    state.set_language(user, "de")
    state.keep_turns(user, "1/0", (Turn(QUESTION, QUESTION, ("k",)),))
    state.count(f"asks:{state.who(user)}", 60)
    kept = shelf.put(state, user, 1, FakeAnswerer().ask(QUESTION))
    note_opinion(state, kept, user, Opinion.GOOD)
    approve(state, pairing_code(state, user, "Gizli Kişi") or "")
    state_code = pairing_code(state, user, "Gizli Kişi")
    assert state_code
    with state.begin() as db:
        db.execute(schema.uploads.insert().values(id=str(user), user_id=user, name="x", at=1))


def rows(state: State) -> dict[str, int]:
    with state.begin() as db:
        tables = schema.metadata.sorted_tables
        return {table.name: len(db.execute(table.select()).all()) for table in tables}


def test_forget_removes_every_trace_of_one_user_alone(state: State, tmp_path: Path) -> None:
    leave_traces(state, 424242)
    one = rows(state)
    assert all(one[name] for name in one if name != "counters")
    leave_traces(state, 9)
    assert state.forget(424242) >= 9
    left = rows(state)
    assert {name: left[name] for name in left if name not in ("facts", "rates")} == {
        name: one[name] for name in one if name not in ("facts", "rates")
    }
    assert state.language(9) == "de"
    state.forget(9)
    state.close()
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        for trace in (QUESTION, "Gizli Kişi", "424242", "gizli bir soru"):
            assert trace.encode() not in content, (file, trace)


def test_an_update_is_fresh_once_and_pending_until_done(state: State) -> None:
    inbox = Inbox(state)
    assert [u["update_id"] for u in inbox.receive([update(5), update(3), update(5)])] == [5, 3]
    assert inbox.receive([update(3)]) == []
    assert [u["update_id"] for u in Inbox(state).pending()] == [3, 5]
    inbox.note_sent(5, 2)
    inbox.done(3)
    again = Inbox(state)
    assert again.pending() == [update(5)]
    assert (again.sent(5), again.sent(3)) == (2, 0)
    assert again.receive([update(3)]) == []


def test_an_answered_update_leaves_no_text_in_the_file(state: State, tmp_path: Path) -> None:
    inbox = Inbox(state)
    inbox.receive([update(5)])
    inbox.done(5)
    state.close()
    assert not any(b"gizli" in file.read_bytes() for file in tmp_path.iterdir())


def test_conversations_end_after_a_while(state: State, clock: Clock) -> None:
    turn = Turn("Soru", "Soru", ("a", "b"))
    state.keep_turns(7, "1/0", (turn,) * 5)
    assert state.turns(7, "1/0", clock.now - 900) == (turn,) * 3
    assert state.turns(7, "1/9", clock.now - 900) == ()
    assert state.turns(8, "1/0", clock.now - 900) == ()
    clock.now += 901
    assert state.turns(7, "1/0", clock.now - 900) == ()


def test_prune_forgets_each_thing_in_its_time(state: State, clock: Clock) -> None:
    leave_traces(state, 7)
    clock.now += 1000
    state.prune(900)
    left = rows(state)
    assert (left["conversations"], left["rates"]) == (0, 2)  # the hour of pairing still counts
    assert left["answers"] == left["feedback"] == left["updates"] == 1
    for days, table in ((UPDATE_DAYS, "updates"), (ANSWER_DAYS, "answers")):
        clock.now += days * DAY
        state.prune(900)
        assert rows(state)[table] == 0
    clock.now += FEEDBACK_DAYS * DAY
    state.prune(900)
    assert rows(state)["feedback"] == 0
    assert rows(state)["approved"] == 1


def test_counts_start_anew_in_each_window(state: State, clock: Clock) -> None:
    assert [state.count("k", 60) for _ in range(3)] == [1, 2, 3]
    assert state.counts(("k", "other"), 60) == [4, 1]
    clock.now += 60
    assert state.count("k", 60) == 1


def test_state_is_readable_by_its_owner_only(state: State, tmp_path: Path) -> None:
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0


def test_several_processes_may_open_a_new_state_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        states = list(threads.map(lambda _: open_state(tmp_path), range(16)))
    assert len({state.who(7) for state in states}) == 1
    for state in states:
        state.close()


def test_feedback_is_exported_as_cases_for_eval(state: State, clock: Clock, tmp_path: Path) -> None:
    import json

    answerer = FakeAnswerer()
    for question, opinion in (
        ("Gül nerede?", Opinion.GOOD),
        ("Bu yok mu?", Opinion.GOOD),
        ("Kayısı?", Opinion.WRONG_SOURCE),
    ):
        kept = shelf.put(state, 7, 1, answerer.ask(question))
        note_opinion(state, kept, 7, Opinion.BAD)
        clock.now += 1
        note_opinion(state, kept, 7, opinion)  # a second thought replaces the first
    cases = list(export_feedback(state))
    assert cases == [
        {
            "question": "Gül nerede?",
            "source": "haber-1.txt",
            "answer": "İzmir, Bişkek ile kardeş şehirdir.",
        },
        {"question": "Bu yok mu?", "source": None, "answer": None},
    ]
    complaint = list(export_feedback(state, complaints=True))[2]
    assert (complaint["feedback"], complaint["not_source"]) == ("wrong_source", "haber-1.txt")
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(case) for case in cases), encoding="utf-8")
    assert [case.source for case in read_questions(file).cases] == ["haber-1.txt", None]
