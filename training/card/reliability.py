"""The reliability diagram: how often answers are right, by how sure they were.

After DeGroot and Fienberg 1983, as Guo and others 2017 (arXiv 1706.04599) draw it. A well
calibrated model's bars end on the diagonal. Since nearly all answers are sure, most bins hold few
drawings: whiskers show what share of right answers a bin of that size can come from (95 %, Wilson
1927).
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from training.card.svg import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digitpad.recognition.uncertainty import Bin

_SIDE, _LEFT, _TOP, _GAP, _BOTTOM = 300, 62, 52, 74, 92
"""Pixels: side of a panel, and what is around it."""

_QUANTILE = 1.96
"""Of the normal distribution, for 95 %."""

_STYLE = """\
.bar { fill: #6aa0d8 }
.ideal { stroke: #b03a2e; stroke-width: 1.5; stroke-dasharray: 5 4 }
.whisker { stroke: #1c3d5e; stroke-width: 1.2; fill: none }"""


def reliability_svg(panels: Mapping[str, Sequence[Bin]]) -> str:
    """The diagram as an SVG.

    Args:
        panels: bins of equal width from 0 to 1, by what the panel is called.
    """
    width = _LEFT + len(panels) * _SIDE + (len(panels) - 1) * _GAP + 24
    parts: list[str] = []
    for i, (title, bins) in enumerate(panels.items()):
        parts += _panel(title, bins, _LEFT + i * (_SIDE + _GAP))
    title = f"Reliability diagram: {', '.join(panels)}"
    return page(title, width, _TOP + _SIDE + _BOTTOM, _STYLE, parts)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error of the bins, in [0, 1]."""
    total = sum(part.count for part in bins)
    return sum(part.count * abs(part.accuracy - part.confidence) for part in bins) / max(total, 1)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Between what shares the true one lies, in 95 of 100 cases, where one was seen (Wilson 1927).

    Args:
        share: that was seen, in [0, 1].
        count: of how many, at least 1.
    """
    squared = _QUANTILE**2
    centre = (share + squared / (2 * count)) / (1 + squared / count)
    root = math.sqrt(share * (1 - share) / count + squared / (4 * count**2))
    half = _QUANTILE * root / (1 + squared / count)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def _panel(title: str, bins: Sequence[Bin], left: float) -> list[str]:
    bottom = _TOP + _SIDE
    step = _SIDE / len(bins)
    parts = [
        f'<text class="title" x="{left}" y="{_TOP - 28}">{escape(title)}</text>',
        (
            f'<text x="{left}" y="{_TOP - 10}">{sum(part.count for part in bins):,} drawings,'
            f" calibration error {calibration_error(bins):.2%}</text>"
        ),
    ]
    for tick in range(0, 101, 20):
        x, y = left + _SIDE * tick / 100, bottom - _SIDE * tick / 100
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{bottom}M{left} {y:.1f}h{_SIDE}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 34}" style="text-anchor: middle">{tick} %</text>'
        )
        parts.append(
            f'<text x="{left - 7}" y="{y + 4:.1f}" style="text-anchor: end">{tick} %</text>'
        )
    for i, part in enumerate(bins):
        if part.count:
            parts += _bar(part, left + i * step, bottom, step)
    middle = left + _SIDE / 2
    parts += [
        f'<path class="ideal" d="M{left} {bottom}L{left + _SIDE} {_TOP}"/>',
        f'<rect class="frame" x="{left}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>',
        (
            f'<text x="{middle}" y="{bottom + 54}" style="text-anchor: middle">confidence of the'
            " answer</text>"
        ),
        (
            f'<text class="count" x="{middle}" y="{bottom + 72}" style="text-anchor: middle">small'
            " numbers: drawings in the bin; whiskers: 95 %</text>"
        ),
        (
            f'<text transform="translate({left - 46} {_TOP + _SIDE / 2}) rotate(-90)"'
            ' style="text-anchor: middle">right answers</text>'
        ),
    ]
    return parts


def _bar(part: Bin, x: float, bottom: float, step: float) -> list[str]:
    high = _SIDE * part.accuracy
    at = x + step / 2
    low_end, high_end = (bottom - _SIDE * end for end in wilson(part.accuracy, part.count))
    return [
        (
            f'<rect class="bar" x="{x + 1:.1f}" y="{bottom - high:.1f}" width="{step - 2:.1f}"'
            f' height="{high:.1f}"/>'
        ),
        f'<path class="whisker" d="M{at - 3:.1f} {low_end:.1f}h6m-3 0V{high_end:.1f}m-3 0h6"/>',
        (
            f'<text class="count" x="{at:.1f}" y="{bottom + 13}" style="text-anchor: middle">'
            f"{part.count}</text>"
        ),
    ]
