"""What the bot remembers: kept across restarts, forgotten in time, and on demand."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot import replica, schema, shelf
from bot.access import approve, pairing_code
from bot.feedback import Opinion, export_feedback, note_opinion
from bot.inbox import Inbox
from bot.state import ANSWER_DAYS, DAY, FEEDBACK_DAYS, UPDATE_DAYS, State, open_state
from index.answer import Turn
from index.questions_file import read_questions
from tests.postgres import server
from tests.telegram_bot import FakeAnswerer

ROOT = Path(__file__).parent.parent
QUESTION = "Çok gizli bir soru"


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else server().new_database()


@pytest.fixture
def state(tmp_path: Path, clock: Clock, url: str) -> Iterator[State]:
    opened = open_state(tmp_path, clock, url=url)
    yield opened
    opened.close()


def update(number: int, user: int = 7, chat: int = 7) -> dict[str, object]:
    message = {"text": QUESTION, "from": {"id": user}, "chat": {"id": chat}}
    return {"update_id": number, "message": message}


def numbers(updates: Iterable[Mapping[str, Any]]) -> list[int]:
    return [each["update_id"] for each in updates]


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
    assert all(one[name] for name in one if name not in ("counters", "replicas"))
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
    assert numbers(inbox.receive([update(5), update(3), update(5)])) == [5, 3]
    assert inbox.receive([update(3)]) == []
    assert numbers(inbox.pending()) == [3, 5]
    inbox.note_sent(5, 2)
    inbox.done(3)
    inbox.release()
    again = Inbox(state)
    assert again.adopt() == [update(5)]
    assert (again.sent(5), again.sent(3)) == (2, 0)
    assert again.receive([update(3)]) == []


def test_an_update_belongs_to_the_first_that_receives_it(state: State) -> None:
    one, two = Inbox(state), Inbox(state)
    one.beat()
    two.beat()
    assert numbers(one.receive([update(1), update(2)])) == [1, 2]
    assert numbers(two.receive([update(2), update(3)])) == [3]
    assert (one.adopt(), two.adopt()) == ([], [])
    one.done(3)  # not its own
    assert numbers(two.pending()) == [1, 2, 3]


def test_updates_received_by_many_at_once_belong_to_one_each(state: State) -> None:
    inboxes = [Inbox(state) for _ in range(4)]
    same = [update(number, chat=number) for number in range(50)]
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda inbox: numbers(inbox.receive(same)), inboxes))
    assert sorted(number for each in taken for number in each) == list(range(50))


def test_what_a_dead_process_held_is_adopted_once(state: State, clock: Clock) -> None:
    one, two, three = Inbox(state), Inbox(state), Inbox(state)
    for inbox in (one, two, three):
        inbox.beat()
    one.receive([update(1), update(2)])
    clock.now += replica.LEASE_SECONDS + 1
    two.beat()
    three.beat()
    with ThreadPoolExecutor(2) as threads:
        taken = list(threads.map(lambda inbox: numbers(inbox.adopt()), (two, three)))
    assert sorted(taken) == [[], [1, 2]]
    assert one.holds(1)  # it does not know yet
    one.beat()
    assert not one.holds(1)
    assert one.adopt() == []
    one.done(1)
    assert numbers(two.pending()) == [1, 2]


def test_a_process_of_this_machine_that_ended_is_noticed_at_once(state: State) -> None:
    script = "from bot.replica import new_owner; print(new_owner())"
    gone = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert replica.is_gone(gone.stdout.strip())
    assert not replica.is_gone(replica.new_owner())
    assert not replica.is_gone("another-machine|1|1|x")
    dead, living = Inbox(state), Inbox(state)
    dead._owner = gone.stdout.strip()
    dead.beat()
    dead.receive([update(1)])
    assert numbers(living.adopt()) == [1]


def test_updates_of_a_chat_wait_for_earlier_ones_elsewhere(state: State) -> None:
    one, two = Inbox(state), Inbox(state)
    one.beat()
    two.beat()
    two.adopt()  # it learns that it is not alone
    one.receive([update(1, chat=7), update(2, chat=8)])
    two.receive([update(3, chat=7), update(4, chat=9), update(5, chat=7)])
    assert all(two.is_behind(number) for number in (3, 4, 5))
    assert not two.must_wait(4)
    assert two.must_wait(3)
    one.done(1)
    assert not two.must_wait(3)
    assert two.must_wait(5)  # behind 3
    two.out_of_order(3)
    assert not two.must_wait(5)
    assert not two.is_behind(5)


def test_what_was_given_back_is_adopted_anew(state: State) -> None:
    inbox = Inbox(state)
    inbox.receive([update(1)])
    inbox.note_sent(1, 1)
    inbox.give_back(1)
    assert not inbox.holds(1)
    assert numbers(inbox.adopt()) == [1]
    assert inbox.sent(1) == 1


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


def test_state_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    open_state(tmp_path).close()
    assert (tmp_path / "state.sqlite").exists()
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0


def test_several_processes_may_open_a_new_state_at_once(tmp_path: Path, url: str) -> None:
    script = (
        "import sys, pathlib; from bot.state import open_state; "
        "print(open_state(pathlib.Path(sys.argv[1]), url=sys.argv[2]).who(7))"
    )
    command = [sys.executable, "-c", script, str(tmp_path), url]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    with ThreadPoolExecutor(8) as threads:
        states = list(threads.map(lambda _: open_state(tmp_path, url=url), range(8)))
    told = {process.communicate(timeout=60)[0].strip() for process in running}
    assert told == {state.who(7) for state in states}
    assert len(told) == 1
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
