"""The curve of teaching: how many errors are left after each lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.card.svg import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 492, 300, 68, 52, 24, 84
"""Pixels: sides of the panel, and what is around it."""

_TICK = 36
"""Pixels that a target is wide."""

_LOW = 0.1
"""A point with less has no room below it."""

_STYLE = """\
.line { stroke: #2f6aa8; stroke-width: 2; fill: none }
.point { fill: #2f6aa8 }
.share { font-weight: bold; fill: #1c3d5e }
.target { stroke: #b03a2e; stroke-width: 2 }
.named { fill: #b03a2e }"""


def curve_svg(errors: Sequence[int], targets: Mapping[int, float]) -> str:
    """The curve as an SVG.

    Args:
        errors: that are left after 0, 1, ... lessons; at least one before them.
        targets: most errors that may be left after so many lessons, as shares in [0, 1].
    """
    bottom, columns = _TOP + _HEIGHT, _columns(len(errors))
    shares = [count / errors[0] for count in errors]
    places = [(x, bottom - _HEIGHT * share) for x, share in zip(columns, shares, strict=True)]
    parts = [
        f'<text class="title" x="{_LEFT}" y="{_TOP - 24}">Errors left after lessons</text>',
        *_grid(columns),
        f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_WIDTH}" height="{_HEIGHT}"/>',
        *(
            _target(allowed, shares[lessons], columns[lessons], bottom)
            for lessons, allowed in targets.items()
        ),
        f'<path class="line" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>',
    ]
    for share, count, (x, y) in zip(shares, errors, places, strict=True):
        # On the left below the point, where a falling curve does not go; above it near the axis.
        right, down, anchor = (-7, 15, "end") if share > _LOW else (6, -20, "start")
        # Of the first point the axis says it.
        said = {"share": f"{100 * share:.0f} %"} if x > columns[0] else {}
        parts.append(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        for line, (kind, words) in enumerate({**said, "count": f"{count:,}"}.items()):
            parts.append(
                f'<text class="{kind}" x="{x + right:.1f}" y="{y + down + 12 * line:.1f}"'
                f' style="text-anchor: {anchor}">{words}</text>'
            )
    width, height = _LEFT + _WIDTH + _RIGHT, _TOP + _HEIGHT + _BOTTOM
    return page("Errors left after lessons", width, height, _STYLE, parts)


def _columns(count: int) -> list[float]:
    return [_LEFT + _WIDTH * (i + 0.5) / count for i in range(count)]


def _grid(columns: Sequence[float]) -> list[str]:
    """Lines with what is written beside them, and the titles of the axes."""
    bottom, middle = _TOP + _HEIGHT, _LEFT + _WIDTH / 2
    parts = []
    for tick in range(0, 101, 20):
        y = bottom - _HEIGHT * tick / 100
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}h{_WIDTH}"/>')
        parts.append(
            f'<text x="{_LEFT - 9}" y="{y + 4:.1f}" style="text-anchor: end">{tick} %</text>'
        )
    for lessons, x in enumerate(columns):
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}v{_HEIGHT}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 20}" style="text-anchor: middle">{lessons}</text>'
        )
    return [
        *parts,
        f'<text x="{middle}" y="{bottom + 44}" style="text-anchor: middle">lessons</text>',
        (
            f'<text class="count" x="{middle}" y="{bottom + 64}" style="text-anchor: middle">small'
            " numbers: errors; red: the most that may be left</text>"
        ),
        (
            f'<text transform="translate({_LEFT - 50} {_TOP + _HEIGHT / 2}) rotate(-90)"'
            ' style="text-anchor: middle">errors left</text>'
        ),
    ]


def _target(allowed: float, found: float, x: float, bottom: float) -> str:
    y = bottom - _HEIGHT * allowed
    # On the other side than the curve.
    y_text = y - 5 if found <= allowed else y + 12
    return (
        f'<path class="target" d="M{x:.1f} {y:.1f}h{_TICK}"/>'
        f'<text class="count named" x="{x + _TICK:.1f}" y="{y_text:.1f}" style="text-anchor: end">'
        f"≤ {100 * allowed:.0f} %</text>"
    )
