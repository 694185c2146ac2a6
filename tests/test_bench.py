"""The benchmarks' own parts: what they print and draw is what they measured."""

from __future__ import annotations

from pathlib import Path

from bench import plots, scale

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
