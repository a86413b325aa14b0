"""Placed symbols become one drawing: its strokes in the order of writing, and its true borders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.drawing import Drawing
from training.numbers.geometry import ligature
from training.numbers.truth import ComposedNumber, Joint, Kind, Span, TruePart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.numbers.geometry import Points, Strokes

_HEIGHT = (110.0, 320.0)
"""Height of a digit in pad units."""

_ROOM = 940.0
"""Most that a drawing takes of the pad's width and height, which are 1000."""

_WIDTH = (0.06, 0.15)
"""Width of the ink, in heights of a digit."""


@dataclass(slots=True)
class Placed:
    """A symbol at its place.

    Attributes:
        text: its digit; None for what is none.
        strokes: in heights of a digit.
        joint: how it stands to the one before it.
        before: the text between it and the one before it.
        delayed: indexes of the strokes that are drawn after everything else.
    """

    text: str | None
    strokes: Strokes
    joint: Joint = "apart"
    before: str = ""
    delayed: set[int] = field(default_factory=set)


def assembled(
    placed: Sequence[Placed],
    writer: str,
    random: np.random.Generator,
    reaching: bool = False,
    kind: Kind = "number",
) -> ComposedNumber:
    """The drawing of placed symbols, somewhere on the pad.

    Args:
        placed: in reading order, which is the order of writing as well.
        writer: whose they are.
        random: size, place and width of the ink come from it.
        reaching: see `ComposedNumber`.
        kind: see `Kind`.
    """
    lines: Strokes = []
    spans: list[list[Span]] = [[] for _ in placed]
    for at, one in enumerate(placed):
        now = [stroke for i, stroke in enumerate(one.strokes) if i not in one.delayed]
        if one.joint == "joined" and lines:
            first = now.pop(0)
            before = lines[-1]
            bridge = ligature(before, first)
            lines[-1] = np.concatenate((before, bridge, first))
            start = len(before) + len(bridge)
            spans[at].append(Span(len(lines) - 1, start, len(lines[-1]) - 1))
        for stroke in now:
            lines.append(stroke)
            spans[at].append(Span(len(lines) - 1, 0, len(stroke) - 1))
    for at, one in enumerate(placed):
        for i in sorted(one.delayed):
            lines.append(one.strokes[i])
            spans[at].append(Span(len(lines) - 1, 0, len(one.strokes[i]) - 1))
    parts = tuple(
        TruePart(one.text, tuple(mine), one.before) for one, mine in zip(placed, spans, strict=True)
    )
    joints = tuple(one.joint for one in placed[1:])
    delayed = sum(len(one.delayed) for one in placed)
    return ComposedNumber(_on_pad(lines, random), parts, writer, joints, delayed, reaching, kind)


def _on_pad(lines: Strokes, random: np.random.Generator) -> Drawing:
    every: Points = np.concatenate(lines)
    low, size = every.min(axis=0), np.ptp(every, axis=0)
    height = min(random.uniform(*_HEIGHT), _ROOM / max(float(size.max()), 1e-9))
    place = random.uniform(0.0, np.maximum(1000.0 - size * height, 0.0))
    width = height * random.uniform(*_WIDTH)
    return Drawing.of([(line - low) * height + place for line in lines], width)
