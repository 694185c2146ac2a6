"""Memory that the bot does not need any more goes back to the system."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from bot import memory


def own_mb() -> float:
    """The process's own resident memory, MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_freed_memory_between_what_is_used_goes_back() -> None:
    pieces = [bytes(3_000) + bytes([n % 256]) for n in range(30_000)]
    used = pieces[::100]  # so that nothing around them can be given back by itself
    pieces.clear()
    before = own_mb()
    memory.give_back()
    assert own_mb() < before - 40
    assert len(used) == 300


def test_nothing_to_give_back_does_no_harm() -> None:
    memory.give_back()
    memory.give_back()
