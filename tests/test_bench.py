"""The benchmarks' own parts: what they print and draw is what they measured."""

from __future__ import annotations

import json
from pathlib import Path

from bench import plots, scale

ROOT = Path(__file__).parent.parent
PNG = b"\x89PNG"


def test_table_has_a_row_for_each_figure_and_a_column_for_each_size() -> None:
    shown = scale.printed({1_000: {"cold ask, s": 0.5}, 10_000: {"cold ask, s": 0.6, "new, s": 2}})
    head, cold, new = shown.splitlines()
    assert head.split() == ["passages", "1,000", "10,000"]
    assert cold.split()[-2:] == ["0.500", "0.600"]
    assert new.split()[-1] == "2.000"


def test_every_picture_is_drawn_from_the_figures_that_there_are(tmp_path: Path) -> None:
    whole = {line.figure: 1.0 for plot in plots.PLOTS for line in plot.lines}
    plots.draw({1_000: whole, 10_000: {"cold ask, s": 0.6}}, tmp_path)
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn.keys() == {f"scale-{plot.name}.png" for plot in plots.PLOTS}
    assert all(picture.startswith(PNG) for picture in drawn.values())


def test_figures_of_the_docs_are_drawn(tmp_path: Path) -> None:
    file = ROOT / "docs" / "performance.json"
    plots.main([str(file), str(tmp_path)])
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(drawn) == len(plots.PLOTS)
    assert all(picture.startswith(PNG) for picture in drawn.values())
    sizes = json.loads(file.read_text(encoding="utf-8"))["sizes"]
    measured = {name for figures in sizes.values() for name in figures}
    assert {line.figure for plot in plots.PLOTS for line in plot.lines} <= measured


def test_docs_show_every_picture_that_is_drawn() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    for plot in plots.PLOTS:
        assert f"(scale-{plot.name}.png)" in page
        assert (ROOT / "docs" / f"scale-{plot.name}.png").read_bytes().startswith(PNG)
