"""Pictures of numbers on paper as people take them; see `paper_scenes`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from paper_scenes import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.ink.picture import Picture

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass
class NumberPage(Page):
    """Paper with numbers on it; `lines` are the boxes of the digits of each line."""

    lines: list[list[Box]] = field(default_factory=list)

    def line(
        self,
        count: int,
        y: float,
        height: float,
        width: float = 6.0,
        gap: float = 0.25,
        x: float = 40.0,
    ) -> None:
        """A line of digits, from x on; the gap between them is a share of their height."""
        boxes = []
        for _ in range(count):
            size = height * self.random.uniform(0.9, 1.1)
            left = self._digit_from(x, y + self.random.normal(0, 0.03 * height), size, width)
            boxes.append(self.box)
            x = left + gap * height * self.random.uniform(0.7, 1.3)
        self.lines.append(boxes)
        if len(self.lines) > 1:
            self.labels.insert(-count, " ")

    def _digit_from(self, x: float, y: float, height: float, width: float) -> float:
        """A digit whose left edge is at x; its right edge."""
        state = self.random.bit_generator.state
        layers = self.ink.copy()
        self.digit(height, (x, y), width)
        # Drawn once to see how wide it is, and again in its place.
        self.ink, _ = layers, self.labels.pop()
        self.random.bit_generator.state = state
        self.digit(height, (2 * x - self.box[0], y), width)
        return self.box[2]

    def rule(self, points: list[tuple[float, float]], width: float = 2.0) -> None:
        """A printed line."""
        from paper_scenes import FINE
        from PIL import ImageDraw

        path = [(x * FINE, y * FINE) for x, y in points]
        ImageDraw.Draw(self.print).line(path, 255, round(width * FINE))

    def frame(
        self, left: float, top: float, right: float, bottom: float, width: float = 2.0
    ) -> None:
        """A printed box."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        self.rule(corners, width)


def _row(page: NumberPage) -> None:
    page.line(4, 210, 75)


def _eight(page: NumberPage) -> None:
    page.line(8, 210, 40, 4, 0.3, 20)


def _telephone(page: NumberPage) -> None:
    page.line(3, 210, 42, 4, 0.2, 25)
    page.line(4, 210, 42, 4, 0.2, page.box[2] + 60)


def _ruled(page: NumberPage) -> None:
    page.paper[(page.y * 8.3 + 0.1 * page.x) % 1 < 0.03] = (140, 160, 200)
    page.line(4, 210, 70)


def _dark_ruled(page: NumberPage) -> None:
    page.paper[(page.y * 6.3 + 0.1 * page.x) % 1 < 0.025] = (60, 60, 90)
    page.line(4, 205, 70)


def _squared(page: NumberPage) -> None:
    page.paper[((page.y * 20) % 1 < 0.07) | ((page.x * 20) % 1 < 0.07)] = (130, 130, 150)
    page.line(4, 210, 70)


def _dark_squared(page: NumberPage) -> None:
    page.paper[((page.y * 14) % 1 < 0.06) | ((page.x * 14) % 1 < 0.06)] = (60, 60, 90)
    page.line(4, 210, 75)


def _wide_boxes(page: NumberPage) -> None:
    """Two boxes, each with two digits that touch it."""
    boxes = []
    for x in (60, 230):
        page.line(2, 211, 58, 5, 0.15, x + 4)
        boxes.extend(page.lines.pop())
        page.frame(x, 182, x + 145, 250)
    page.lines.append(boxes)


def _boxes(page: NumberPage) -> None:
    _in_boxes(page, 0.25, 3)


def _tight_boxes(page: NumberPage) -> None:
    _in_boxes(page, 0.06, 6)


def _in_boxes(page: NumberPage, room: float, apart: float) -> None:
    boxes = []
    for i in range(4):
        x, y = page.random.normal(0, apart, 2)
        page.digit(60, (70 + 90 * i + x, 210 + y), 5)
        boxes.append(page.box)
    page.lines.append(boxes)
    half = 30 * (1 + 2 * room)
    for i in range(4):
        x = 70 + 90 * i
        page.frame(x - half, 210 - half, x + half, 210 + half)


def _comb(page: NumberPage) -> None:
    boxes = []
    for i in range(6):
        page.digit(52, (65 + 58 * i, 210 + page.random.normal(0, 4)), 4)
        boxes.append(page.box)
    page.lines.append(boxes)
    page.frame(36, 180, 384, 240, 1.5)
    for i in range(1, 6):
        page.rule([(36 + 58 * i, 180), (36 + 58 * i, 240)], 1.5)


def _underlined(page: NumberPage) -> None:
    page.line(4, 210, 70)
    _line_under(page, 12)


def _underlined_close(page: NumberPage) -> None:
    page.line(4, 210, 70)
    _line_under(page, -6)


def _line_under(page: NumberPage, gap: float) -> None:
    (boxes,) = page.lines
    y = max(box[3] for box in boxes) + gap
    page.stroke([(boxes[0][0] - 20, y + 3), (boxes[-1][2] + 20, y - 3)], 4)


def _marker(page: NumberPage) -> None:
    page.line(4, 210, 75, 15, 0.3, 20)


def _blackboard(page: NumberPage) -> None:
    page.paper[:] = (35, 60, 45)
    page.pen = np.array((225, 225, 215))
    page.line(4, 210, 70, 7)


def _three_lines(page: NumberPage) -> None:
    for y in (90, 210, 330):
        page.line(int(page.random.integers(2, 6)), y, 56, 5)


def _touching(page: NumberPage) -> None:
    page.line(4, 210, 80, 7, -0.03, 40)


def _touching_marker(page: NumberPage) -> None:
    page.line(4, 210, 80, 15, -0.05, 40)


def _broken(page: NumberPage) -> None:
    page.line(4, 210, 75)
    from PIL import Image

    ink = np.array(page.ink)
    for i in range(4):
        ink[:, i::67] = 0
    page.ink = Image.fromarray(ink)


def _pencil(page: NumberPage) -> None:
    page.pen = np.array((120, 120, 125))
    page.line(4, 210, 70, 2.5)


def _far_apart(page: NumberPage) -> None:
    page.line(3, 210, 60, 5, 1.3, 30)


def _unlike(page: NumberPage) -> None:
    page.digit(120, (90, 200), 7)
    boxes = [page.box]
    page.digit(60, (200, 215), 6)
    boxes.append(page.box)
    page.digit(95, (300, 190), 7)
    page.lines.append([*boxes, page.box])


def _shadow(page: NumberPage) -> None:
    page.line(4, 210, 70)
    angle = page.random.uniform(0, 2 * np.pi)
    depth = (page.x - 0.5) * math.cos(angle) + (page.y - 0.5) * math.sin(angle)
    page.shadow(depth, page.random.choice([0.004, 0.01, 0.03]))


def _ringed(page: NumberPage) -> None:
    page.line(3, 210, 60, 5, 0.2, 120)
    left, right = page.lines[0][0][0], page.lines[0][-1][2]
    turn = page.random.uniform(0, 6) + np.linspace(0, 6.15, 80)
    x = (left + right) / 2 + (0.75 * (right - left)) * np.cos(turn)
    page.stroke(np.stack((x, 210 + 75 * np.sin(turn)), axis=1), 5)


def _captioned(page: NumberPage) -> None:
    page.line(4, 190, 70)
    page.words("Figure 3: a number", 60, 290, 20)


def _form(page: NumberPage) -> None:
    page.words("Amount", 25, 120, 18)
    page.words("EUR", 300, 120, 18)
    page.frame(20, 150, 400, 270)
    page.line(4, 210, 70)


def _on_a_table(page: NumberPage) -> None:
    page.line(4, 210, 50, 5, 0.2, 100)
    u, v = page.x - 0.5 + 0.15 * (page.y - 0.5), page.y - 0.5 - 0.15 * (page.x - 0.5)
    page.paper[(np.abs(u) > 0.38) | (np.abs(v) > 0.33)] = (70, 50, 40)


def _under_a_finger(page: NumberPage) -> None:
    page.line(3, 170, 70, 6)
    page.paper[np.hypot((page.x - 0.85) / 0.14, (page.y - 1) / 0.4) < 1] = (190, 140, 120)


def _dotted(page: NumberPage) -> None:
    dots = np.hypot((page.x * 16) % 1 - 0.5, (page.y * 16) % 1 - 0.5) < 0.08
    page.paper[dots] = (110, 110, 110)
    page.line(4, 210, 70)


def _margin(page: NumberPage) -> None:
    page.paper[np.abs(page.x - 0.08 - 0.01 * page.y) < 0.004] = (200, 90, 90)
    page.line(4, 210, 70, x=60)


def _tiny(page: NumberPage) -> None:
    page.line(4, 900, 60, 5, x=600)


def _column(page: NumberPage) -> None:
    for y in (110, 310):
        page.line(1, y, 90, x=180)


def _kind(function: Callable[[NumberPage], None]) -> str:
    return function.__name__.strip("_").replace("_", " ")


KINDS = {
    _kind(f): f
    for f in (
        *(_row, _eight, _telephone, _ruled, _dark_ruled, _squared, _boxes, _tight_boxes, _comb),
        *(_underlined, _underlined_close, _marker, _blackboard, _three_lines, _touching),
        *(_touching_marker, _broken, _pencil, _far_apart, _unlike, _shadow, _ringed, _captioned),
        *(_form, _on_a_table, _under_a_finger, _dotted, _margin, _tiny, _column),
        *(_dark_squared, _wide_boxes),
    )
}

_SIDES = {"tiny": 1600}


def number_scene(kind: str, seed: int) -> tuple[Picture, str, list[list[Box]]]:
    """A picture of this kind, its lines of digits parted by spaces, and the digits' boxes."""
    page = NumberPage(np.random.default_rng([seed, list(KINDS).index(kind)]), _SIDES.get(kind, 420))
    KINDS[kind](page)
    return page.photo(), "".join(page.labels), page.lines
