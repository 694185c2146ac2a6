"""Draws what bench/scale.py measured: growth from a thousand passages to a million."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

Figures = Mapping[str, float]

# File name, title, unit, logarithmic, and the figures drawn with their labels.
_PLOTS = (
    (
        "latency",
        "Time to an answer",
        "seconds",
        True,
        {
            "plain script, s": "sentence-transformers + FAISS script, cold",
            "txtai, s": "txtai, cold",
            "cold ask, s": "danis ask, cold",
            "warm question p95, ms": "warm question, p95",
            "warm question p50, ms": "warm question, median",
            "of it the model, p50 ms": "of it the model",
        },
    ),
    (
        "memory",
        "Peak memory of one cold question",
        "MB",
        True,
        {
            "plain script, peak MB": "sentence-transformers + FAISS script",
            "txtai, peak MB": "txtai",
            "cold ask, peak MB": "danis ask",
        },
    ),
    (
        "changes",
        "danis index, from command to published",
        "seconds",
        True,
        {
            "one seed of 10 paragraphs added, s": "one seed of ten paragraphs added",
            "nothing changed, s": "nothing changed",
        },
    ),
    (
        "recall",
        "What the search finds",
        "share",
        False,
        {
            "recall@10 of the dense leg": "recall@10 of the dense leg against exact search",
            "R@1 of hidden paragraphs": "hidden real paragraphs found first",
        },
    ),
)


def draw(results: Mapping[int, Figures], folder: Path) -> None:
    """Writes scale-*.svg into the folder."""
    from matplotlib import pyplot

    pyplot.rcParams["svg.hashsalt"] = "danis"  # the same figures give the same file
    for name, title, unit, logarithmic, lines in _PLOTS:
        figure, axes = pyplot.subplots(figsize=(6.4, 4.0), layout="constrained")
        for key, label in lines.items():
            points = [(size, f[key]) for size, f in results.items() if key in f]
            if not points:
                continue
            scale = 1000 if key.endswith("ms") and unit == "seconds" else 1
            axes.plot(
                [size for size, _ in points],
                [value / scale for _, value in points],
                marker="o",
                label=label,
            )
        axes.set(title=title, xlabel="passages", ylabel=unit, xscale="log")
        if logarithmic:
            axes.set_yscale("log")
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False, fontsize=8)
        figure.savefig(folder / f"scale-{name}.svg", metadata={"Date": None})
        figure.savefig(folder / f"scale-{name}.png", dpi=110)
        pyplot.close(figure)
