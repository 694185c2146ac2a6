"""Memory that the bot does not need any more goes back to the system."""

from __future__ import annotations

import platform
import subprocess
import sys
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


HEAPS = """
import ctypes, threading
from bot import memory
{first}
held, ready, end = [], threading.Barrier(5), threading.Event()
def hold():
    held.append([bytearray(5_000) for _ in range(500)])
    ready.wait()
    end.wait()
for _ in range(4):
    threading.Thread(target=hold).start()
ready.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
end.set()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
@pytest.mark.parametrize(("first", "shared"), [("memory.share_one_heap()", True), ("", False)])
def test_all_threads_take_memory_from_one_heap(first: str, shared: bool) -> None:
    command = [sys.executable, "-c", HEAPS.format(first=first)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert (told.count("<heap nr") == 1) is shared


def test_nothing_to_give_back_does_no_harm() -> None:
    memory.give_back()
    memory.give_back()
