"""Draws what bench/scale.py measured: growth from a thousand passages to a million.

python -m bench.plots FILE.json FOLDER     from what its --json wrote
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Figures = Mapping[str, float]

# The same colour for the same program in every plot (Okabe and Ito's, told apart by everybody).
DANIS, MODEL, PLAIN, TXTAI, OTHER = "#0072B2", "#56B4E9", "#D55E00", "#CC79A7", "#009E73"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure by its name in the table, and how it is drawn."""

    figure: str
    label: str
    colour: str
    dashed: bool = False
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture."""

    name: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    logarithmic: bool = True


PLOTS = (
    Plot(
        "latency",
        "Time to an answer",
        "seconds",
        (
            Line("txtai, s", "txtai, cold", TXTAI),
            Line("plain script, s", "sentence-transformers + FAISS, cold", PLAIN),
            Line("cold ask, s", "danis ask, cold", DANIS),
            Line("warm question p95, ms", "danis, warm, p95", OTHER, scale=0.001),
            Line("warm question p50, ms", "danis, warm, median", OTHER, True, 0.001),
            Line("of it the model, p50 ms", "of it the model", MODEL, True, 0.001),
        ),
    ),
    Plot(
        "memory",
        "Peak memory of one cold question",
        "MB",
        (
            Line("txtai, peak MB", "txtai", TXTAI),
            Line("plain script, peak MB", "sentence-transformers + FAISS", PLAIN),
            Line("cold ask, peak MB", "danis ask", DANIS),
        ),
    ),
    Plot(
        "build",
        "Building, and keeping up with changes",
        "seconds",
        (
            Line("txtai, building without embedding, s", "txtai, from nothing *", TXTAI),
            Line("building without embedding, s", "danis index, from nothing *", DANIS),
            Line(
                "plain script, building without embedding, s",
                "sentence-transformers + FAISS, from nothing *",
                PLAIN,
            ),
            Line("one seed of 10 paragraphs added, s", "danis index, one seed added", OTHER),
            Line("nothing changed, s", "danis index, nothing changed", OTHER, True),
        ),
    ),
    Plot(
        "recall",
        "What the search finds",
        "share",
        (
            Line("recall@10 of the dense leg", "recall@10 of the dense leg", DANIS),
            Line("R@1 of hidden paragraphs", "hidden XQuAD paragraphs found first", OTHER),
        ),
        logarithmic=False,
    ),
)


def draw(results: Mapping[int, Figures], folder: Path) -> None:
    """Writes scale-*.png into the folder."""
    from matplotlib import pyplot
    from matplotlib.ticker import NullFormatter

    for plot in PLOTS:
        figure, axes = pyplot.subplots(figsize=(7.2, 4.2), layout="constrained")
        for line in plot.lines:
            points = [
                (n, f[line.figure] * line.scale) for n, f in results.items() if line.figure in f
            ]
            if points:
                style = {"linestyle": "--" if line.dashed else "-", "marker": "o"}
                axes.plot(*zip(*points, strict=True), label=line.label, color=line.colour, **style)
        axes.set(title=plot.title, xlabel="passages", ylabel=plot.unit, xscale="log")
        axes.set_xticks(list(results), [f"{size:,}" for size in results])
        axes.xaxis.set_minor_formatter(NullFormatter())
        if plot.logarithmic:
            axes.set_yscale("log")
            axes.yaxis.set_minor_formatter(NullFormatter())
        else:
            axes.set_ylim(0.8, 1.01)
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        if any(line.label.endswith("*") for line in plot.lines):
            axes.annotate(
                "* the vectors are given",
                (1, -0.13),
                xycoords="axes fraction",
                ha="right",
                fontsize=8,
            )
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        figure.savefig(folder / f"scale-{plot.name}.png", dpi=120, metadata={"Software": None})
        pyplot.close(figure)


def main(arguments: list[str]) -> None:
    """Draws the figures of a file."""
    file, folder = map(Path, arguments)
    sizes = json.loads(file.read_text(encoding="utf-8"))["sizes"]
    draw({int(size): figures for size, figures in sizes.items()}, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
