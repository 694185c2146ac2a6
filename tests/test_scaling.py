"""What docs/scaling.md says of size is what the simulation says, and follows from the costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.scaling import SIZES, plan, printed, recorded

PAGE = Path(__file__).parent.parent / "docs" / "scaling.md"


def test_page_holds_the_table_of_the_recorded_costs() -> None:
    assert printed(recorded()) in PAGE.read_text(encoding="utf-8")


def test_ten_times_the_passages_scan_ten_times_as_long_in_a_folder() -> None:
    units = replace(recorded(), scan_ns=2.0)
    small, large = plan(1_000_000, units), plan(10_000_000, units)
    assert (small.where, large.where) == ("folder", "folder")
    assert small.search_ms == pytest.approx(2.0)
    assert large.search_ms == pytest.approx(20.0)
    assert large.memory_gb == pytest.approx(0.96)  # 96 bytes of codes a passage


def test_what_no_folder_and_no_memory_holds_goes_to_a_server_and_to_disk() -> None:
    kinds = [plan(size, recorded()).where for size in SIZES]
    assert kinds[0] == "folder"
    assert kinds[-2:] == ["server, HNSW", "server, DISKANN"]
    slow = replace(recorded(), scan_ns=100.0)
    assert plan(10_000_000, slow).where == "server, HNSW"
