"""The plots of an evaluation's page, as SVG that takes its colours from the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.reliability import Bin, interval

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 14, 44
_ACROSS = WIDTH - LEFT - RIGHT
_DOWN = HEIGHT - TOP - BOTTOM


def reliability_plot(
    bins: Sequence[Bin], thresholds: Sequence[tuple[float, str]], words: tuple[str, str, str]
) -> str:
    """Confidence against the share that is right, with 95 % intervals; a dot's area is its cases.

    `words` are the title and the names of the two axes; `thresholds` stand as named lines.
    """
    title, across, down = words
    most = max((each.count for each in bins), default=1) or 1
    parts = [_line(0, 0, 1, 1, "ideal"), *(_threshold(at, name) for at, name in thresholds)]
    for each in bins:
        if not each.count:
            continue
        low, high = interval(each.share, each.count)
        radius = 3 + 7 * (each.count / most) ** 0.5
        parts += [
            _line(each.confidence, low, each.confidence, high, "spread"),
            f'<circle class="dot" cx="{_x(each.confidence)}" cy="{_y(each.share)}" '
            f'r="{radius:.1f}"><title>{each.low:.1f}–{each.high:.1f}: {each.right:.4g} / '
            f"{each.count}</title></circle>",
        ]
    ticks = [(share, f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)]
    return _plot(title, across, down, ticks, parts)


def histogram(bins: Sequence[Bin], words: tuple[str, str, str], series: tuple[str, str]) -> str:
    """How many answerable and absent cases were given each confidence, bars side by side."""
    title, across, down = words
    most = max((max(each.answerable, each.absent) for each in bins), default=1)
    most += most % 2 or 2 * (most == 0)
    parts = []
    for each in bins:
        half = (each.high - each.low) * 0.42
        middle = (each.high + each.low) / 2
        for count, start, name, kind in (
            (each.answerable, middle - half, series[0], "answerable"),
            (each.absent, middle, series[1], "absent"),
        ):
            top = _y(count / most)
            parts.append(
                f'<rect class="{kind}" x="{_x(start)}" y="{top}" width="{half * _ACROSS:.1f}" '
                f'height="{HEIGHT - BOTTOM - top:.1f}">'
                f"<title>{escape(name)}: {count}</title></rect>"
            )
    ticks = [(share, f"{share * most:.0f}") for share in (0, 0.5, 1)]
    return _plot(title, across, down, ticks, parts)


def _plot(
    title: str, across: str, down: str, ticks: Sequence[tuple[float, str]], parts: Sequence[str]
) -> str:
    axes = []
    for at, label in ticks:
        axes += [
            _line(0, at, 1, at, "grid"),
            f'<text x="{LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{label}</text>',
        ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        axes.append(
            f'<text x="{_x(share)}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
            f"{share:.2g}</text>"
        )
    axes.append(
        f'<text class="axis" x="{LEFT + _ACROSS / 2}" y="{HEIGHT - 8}" text-anchor="middle">'
        f"{escape(across)}</text>"
    )
    body = "".join([*axes, *parts])
    return (
        f'<figure><figcaption>{escape(title)} <span class="note">{escape(down)}</span></figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{body}</svg>'
        "</figure>"
    )


def _threshold(at: float, name: str) -> str:
    return (
        _line(at, 0, at, 1, "threshold") + '<text class="threshold-name" text-anchor="end" '
        f'transform="translate({_x(at) - 4} {_y(0.98)}) rotate(-90)">{escape(name)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{_x(x1)}" y1="{_y(y1)}" x2="{_x(x2)}" y2="{_y(y2)}"/>'


def _x(share: float) -> float:
    return round(LEFT + share * _ACROSS, 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * _DOWN, 1)
