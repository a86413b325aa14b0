"""The wall of mistakes: every misread drawing as its strokes, in one SVG file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from digitpad.ink.curve import distinct
from training.study.report import by_confusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.ink.drawing import Drawing
    from training.study.report import ReadDrawing

COLUMNS = 10
LARGE_GROUP = 4
"""A confusion of so many drawings has a heading of its own; smaller ones stand together."""

_WIDTH, _HEIGHT, _GAP, _MARGIN = 92, 124, 8, 16
"""Of a cell, between cells and around all of them, in pixels."""
_DRAWING = 72
"""Longer side of a drawing, in pixels."""
_INK = 3.5
"""Width of the ink in pixels: thin enough to see how the strokes run."""
_HEADING = 34

# A viewer that knows no style sheets shows the light colours on a paper of their own, so that
# the wall is readable on any page. What is dark follows the viewer.
_STYLE = """<style>
text { font-family: sans-serif; fill: #222; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #1b1b1d; }
  .cell { fill: #29292c; stroke: #55555a; }
  .rejected { stroke: #b0b0b4; }
  .ink { stroke: #f0f0f0; }
  .start { fill: #ff9f4a; }
  text { fill: #e6e6e6; }
}
</style>"""


def wall(entries: Sequence[ReadDrawing]) -> str:
    """The mistakes among some entries as a grid of small drawings, sorted by confusion.

    Under each drawing stand what was drawn and what was read, the confidence, and the writer.
    A dot marks where a stroke begins; a dashed frame, that the drawing was rejected.

    Args:
        entries: right ones are counted and not shown.

    Returns:
        A standalone SVG file.
    """
    groups = by_confusion(entries)
    count = sum(map(len, groups))
    parts: list[str] = []
    top = _MARGIN + _HEADING
    headed = [group for group in groups if len(group) >= LARGE_GROUP]
    others = [entry for group in groups if len(group) < LARGE_GROUP for entry in group]
    for group in headed:
        writers = len({entry.writer for entry in group})
        title = (
            f"{group[0].true} read as {group[0].read}: {len(group)} drawings of"
            f" {writers} writer{'s' if writers > 1 else ''}"
        )
        top = _add_group(parts, title, group, top)
    if others:
        title = f"All others: {len(others)}" if headed else ""
        top = _add_group(parts, title, others, top)
    width = 2 * _MARGIN + COLUMNS * (_WIDTH + _GAP) - _GAP
    height = top + _MARGIN - _GAP
    title = f"{count} of {len(entries):,} drawings are misread"
    legend = f"{title}. Dots: where strokes begin. Dashed frame: rejected as no digit."
    body = "\n".join(parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img">\n'
        f"<title>{title}</title>\n{_STYLE}\n"
        f'<rect class="paper" width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text x="{_MARGIN}" y="{_MARGIN + 14}" font-size="14">{legend}</text>\n'
        f"{body}\n</svg>\n"
    )


def _add_group(parts: list[str], title: str, group: Sequence[ReadDrawing], top: int) -> int:
    """Append a group's elements; returns where the next one begins."""
    if title:
        parts.append(
            f'<text x="{_MARGIN}" y="{top + 20}" font-size="16" font-weight="bold">'
            f"{escape(title)}</text>"
        )
        top += _HEADING
    for place, entry in enumerate(group):
        row, column = divmod(place, COLUMNS)
        x, y = _MARGIN + column * (_WIDTH + _GAP), top + row * (_HEIGHT + _GAP)
        parts.append(_cell(entry, x, y))
    return top + -(-len(group) // COLUMNS) * (_HEIGHT + _GAP)


def _cell(entry: ReadDrawing, x: int, y: int) -> str:
    confidence = f"{entry.confidence:.0%}"
    kind, dashed = "cell", ""
    if entry.rejected:
        kind, dashed = "cell rejected", ' stroke-width="1.5" stroke-dasharray="5 3"'
    words = (
        f"{entry.true} by {entry.writer}, read as {entry.read} with {confidence}"
        f"{', rejected' if entry.rejected else ''} ({entry.key_id})"
    )
    return (
        f'<g transform="translate({x} {y})"><title>{escape(words)}</title>'
        f'<rect class="{kind}" width="{_WIDTH}" height="{_HEIGHT}" rx="4" fill="#f6f6f4"'
        f' stroke="{"#555" if entry.rejected else "#c4c4c0"}"{dashed}/>'
        f"{_strokes(entry.drawing)}"
        f'<text x="{_WIDTH // 2}" y="{_HEIGHT - 22}" font-size="13" text-anchor="middle">'
        f"{escape(entry.true)} → {escape(entry.read)}, {confidence}</text>"
        f'<text x="{_WIDTH // 2}" y="{_HEIGHT - 7}" font-size="11" text-anchor="middle">'
        f"{escape(entry.writer)}</text></g>"
    )


def _strokes(drawing: Drawing) -> str:
    """The strokes, as large as the upper part of a cell takes them, in its middle."""
    every = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = every.min(axis=0), every.max(axis=0)
    scale = _DRAWING / (float((high - low).max()) or 1.0)
    middle = np.array([_WIDTH / 2, _DRAWING / 2 + 8])
    lines, starts = [], []
    for stroke in drawing.strokes:
        points = distinct(((stroke.points - (low + high) / 2) * scale + middle).round(1))
        # Points of a tablet lie so close together that straight pieces look smooth at this size.
        first, *rest = (f"{px:g} {py:g}" for px, py in points.tolist())
        lines.append(f"M{first}L{' '.join(rest or [first])}")
        starts.append(
            f'<circle class="start" cx="{points[0, 0]:g}" cy="{points[0, 1]:g}" r="2.6"/>'
        )
    return (
        f'<path class="ink" d="{"".join(lines)}" fill="none" stroke="#1a1a1a"'
        f' stroke-width="{_INK}" stroke-linecap="round" stroke-linejoin="round"/>'
        f'<g fill="#d2500a">{"".join(starts)}</g>'
    )
