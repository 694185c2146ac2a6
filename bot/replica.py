"""The processes that share a database: who this one is, and which of the others have died.

Each says every `BEAT_SECONDS` that it lives. One that has been silent for `LEASE_SECONDS` counts as
dead, one of this machine as soon as its process is gone; what it had taken is free for the others.
"""

from __future__ import annotations

import os
import platform
import secrets
from pathlib import Path

import sqlalchemy as sa

from bot import schema
from bot.state import State

BEAT_SECONDS = 2.0
LEASE_SECONDS = 10.0


def new_owner() -> str:
    """A name for this process as an owner of updates, never the same twice."""
    return f"{_machine()}|{os.getpid()}|{_born(os.getpid())}|{secrets.token_hex(6)}"


def is_gone(owner: str) -> bool:
    """Whether this owner was a process of this machine and has ended."""
    machine, pid, born, _ = [*owner.split("|"), "", "", "", ""][:4]
    return machine == _machine() and pid.isdecimal() and _born(int(pid)) != born


def beat(state: State, db: sa.Connection, owner: str) -> bool:
    """Says that `owner` lives; False where it had been declared dead, or was never heard of."""
    table = schema.replicas
    seen = {"seen": state.now(db)}
    if db.execute(table.update().where(table.c.owner == owner).values(seen)).rowcount:
        return True
    take_turn(db)
    insert = state.insert(table).values(owner=owner, **seen)
    db.execute(insert.on_conflict_do_update(index_elements=["owner"], set_=seen))
    return False


def bury_dead(state: State, db: sa.Connection) -> None:
    """Removes the dead from the list of replicas; the transaction has to hold the turn."""
    table = schema.replicas
    silent = table.c.seen < state.now(db) - LEASE_SECONDS
    gone = [owner for (owner,) in db.execute(sa.select(table.c.owner)) if is_gone(owner)]
    db.execute(table.delete().where(sa.or_(silent, table.c.owner.in_(gone))))


def living(state: State) -> int:
    """How many processes use the database now."""
    with state.begin() as db:
        take_turn(db)
        bury_dead(state, db)
        return len(db.execute(schema.replicas.select()).all())


def take_turn(db: sa.Connection) -> None:
    """Waits until no other transaction decides who lives and who owns what."""
    facts = schema.facts
    db.execute(facts.update().where(facts.c.name == "salt").values(value=facts.c.value))


def _machine() -> str:
    """Names the running system and, in containers, the space in which process numbers count."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return platform.node().replace("|", "")


def _born(pid: int) -> str:
    """When a process started, in the system's own count; "" where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        if Path("/proc/self/stat").exists():
            return ""
        try:  # a system without /proc: a number that was given again counts as alive
            os.kill(pid, 0)
        except ProcessLookupError:
            return ""
        except PermissionError:
            pass
        return "?"
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]  # a zombie has ended
