"""Pictures of digits on paper as people take them: light, rulings, marks, other symbols.

Made anew for each test, from digits that the program draws itself, so that no picture has to be
kept. The same kind and seed give the same picture. A label with more than one character means that
there is more than one symbol.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from digitpad.data.synthetic.digits import synthetic_drawing
from digitpad.ink.picture import Picture, decode_picture

if TYPE_CHECKING:
    from collections.abc import Callable

FINE = 2
"""Pixels, along a side, that become one: for smooth edges."""

Point = tuple[float, float]


@dataclass
class Page:
    """Paper with light on it, and what has been drawn there; lengths are pixels."""

    random: np.random.Generator
    side: int = 420
    labels: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.paper = np.full((self.side, self.side, 3), 235.0) + self.random.normal(0, 5, 3)
        self.y, self.x = np.mgrid[0 : self.side, 0 : self.side] / self.side
        # From one side to the other the light falls off.
        self.light = 1.0 - self.random.uniform(0.0, 0.3) * (self.x + self.y) / 2
        self.pen = np.array([(20, 20, 70), (20, 20, 20), (110, 25, 25)][self.random.integers(3)])
        self.ink = Image.new("L", (self.side * FINE, self.side * FINE))
        self.print = self.ink.copy()

    def digit(self, height: float = 130.0, at: Point | None = None, width: float = 8.0) -> None:
        """A digit around a place, the middle or near it; `box` and `size` are then its own."""
        label = int(self.random.integers(10))
        strokes = [stroke.points for stroke in synthetic_drawing(label, self.random).strokes]
        every = np.concatenate(strokes)
        low, extent = every.min(axis=0), np.ptp(every, axis=0)
        scale = height / max(extent[1], 0.7 * extent[0])
        middle = np.array(at or self.side / 2 + self.random.uniform(-30, 30, 2))
        for points in strokes:
            self.stroke((points - low - extent / 2) * scale + middle, width)
        half = extent * scale / 2 + width / 2
        self.box = (*(middle - half), *(middle + half))
        self.size, self.width = height + width, width
        self.labels.append(str(label))

    def stroke(self, points: object, width: float) -> None:
        draw, path = ImageDraw.Draw(self.ink), np.asarray(points, float) * FINE
        draw.line([tuple(p) for p in path], 255, round(width * FINE), "curve")
        for x, y in path:
            r = width * FINE / 2
            draw.ellipse((x - r, y - r, x + r, y + r), fill=255)

    def shadow(self, depth: np.ndarray, softness: float, dark: float = 0.45) -> None:
        """Darkens where the depth is above 0; both in shares of the side."""
        self.light = self.light * (1 - dark / (1 + np.exp(np.clip(-depth / softness, -50, 50))))

    def words(self, text: str, x: float, y: float, height: float) -> None:
        """Print, from its upper left corner."""
        font = ImageFont.load_default(height * FINE)
        ImageDraw.Draw(self.print).text((x * FINE, y * FINE), text, fill=255, font=font)

    def photo(self, blur: float = 0.7, grain: float = 3.0) -> Picture:
        """What a camera makes of it."""
        scene = self.paper
        for layer, colour in ((self.print, np.array((50, 50, 50))), (self.ink, self.pen)):
            small = layer.resize((self.side, self.side), Image.Resampling.BOX)
            share = 0.9 * np.asarray(small, float)[..., None] / 255
            scene = scene * (1 - share) + colour * share
        image = Image.fromarray((scene * self.light[..., None]).clip(0, 255).astype(np.uint8))
        soft = np.asarray(image.filter(ImageFilter.GaussianBlur(blur)), float)
        noisy = soft + self.random.normal(0, grain, soft.shape)
        file = io.BytesIO()
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
        return decode_picture(file.getvalue(), "The scene")


def _plain(page: Page) -> None:
    page.digit(page.random.uniform(60, 180))


def _shadow_across(page: Page) -> None:
    page.digit()
    angle = page.random.uniform(0, 2 * np.pi)
    depth = (page.x - 0.5) * math.cos(angle) + (page.y - 0.5) * math.sin(angle)
    page.shadow(depth, page.random.choice([0.002, 0.01, 0.03]))


def _shadow_beside(page: Page) -> None:
    page.digit()
    page.shadow(page.x - page.random.uniform(0.72, 0.8), 0.003)


def _shadow_of_a_hand(page: Page) -> None:
    page.digit()
    middle = page.random.uniform(0.4, 0.6)
    page.shadow(0.4 - np.hypot(page.x - middle, page.y - 0.9), 0.01)


def _underlined(page: Page) -> None:
    page.digit()
    _line_below(page, page.random.uniform(0.1, 0.4))


def _underlined_close(page: Page) -> None:
    page.digit()
    _line_below(page, 0.0, 1.5)


def _line_below(page: Page, gap: float, length: float = 1.2) -> None:
    left, _, right, bottom = page.box
    middle, y = (left + right) / 2, bottom + gap * page.size
    half, slant = length * page.size / 2, page.random.normal(0, 3)
    page.stroke([(middle - half, y - slant), (middle + half, y + slant)], page.width)


def _ringed(page: Page) -> None:
    page.digit(90)
    _ring(page, 0.75 * math.hypot(page.box[2] - page.box[0], page.box[3] - page.box[1]))


def _ring(page: Page, radius: float) -> None:
    left, top, right, bottom = page.box
    turn = page.random.uniform(0, 6) + np.linspace(0, 6.1, 60)
    radii = radius * (1 + 0.04 * np.sin(2 * turn))
    x, y = (left + right) / 2 + radii * np.cos(turn), (top + bottom) / 2 + radii * np.sin(turn)
    page.stroke(np.stack((x, y), axis=1), page.width)


def _framed(page: Page) -> None:
    page.digit(90)
    left, top, right, bottom = np.add(page.box, (-25, -25, 25, 25))
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    page.stroke(corners, 3)


def _captioned(page: Page) -> None:
    page.digit()
    height = page.size * page.random.uniform(0.15, 0.3)
    page.words("Figure 3: a digit", 40, page.box[3] + 0.3 * page.size, height)


def _with_unit(page: Page) -> None:
    page.digit(at=(150, 210))
    height = 0.6 * page.size
    page.words("kg", page.box[2] + 0.5 * page.size, page.box[3] - height, height)


def _with_period(page: Page) -> None:
    page.digit()
    x, y = page.box[2] + 0.3 * page.size, page.box[3] - page.width
    page.stroke([(x, y), (x + 1, y)], 1.3 * page.width)


def _ruled(page: Page) -> None:
    page.paper[(page.y * 8.3 + 0.1 * page.x) % 1 < 0.03] = (140, 160, 200)
    page.digit()


def _squared(page: Page) -> None:
    page.paper[((page.y * 12) % 1 < 0.05) | ((page.x * 12) % 1 < 0.05)] = (130, 130, 140)
    page.digit()


def _dotted(page: Page) -> None:
    dots = np.hypot((page.x * 12) % 1 - 0.5, (page.y * 12) % 1 - 0.5) < 0.08
    page.paper[dots] = (90, 90, 90)
    page.digit()


def _on_a_table(page: Page) -> None:
    page.digit(100, at=(210, 210))
    u, v = page.x - 0.5 + 0.2 * (page.y - 0.5), page.y - 0.5 - 0.2 * (page.x - 0.5)
    page.paper[(np.abs(u) > 0.36) | (np.abs(v) > 0.33)] = (70, 50, 40)


def _under_a_finger(page: Page) -> None:
    page.digit(110, at=(170, 170))
    page.paper[np.hypot((page.x - 0.85) / 0.14, (page.y - 1) / 0.4) < 1] = (190, 140, 120)


def _fat(page: Page) -> None:
    page.digit(260, at=(210, 210), width=48)


def _light_on_dark(page: Page) -> None:
    page.paper[:] = (35, 60, 45)
    page.pen = np.array((225, 225, 215))
    page.digit()


def _broken(page: Page) -> None:
    page.digit(200, at=(210, 210))
    ink = np.array(page.ink)
    ink[:, ::90] = ink[:, 1::90] = ink[:, 2::90] = ink[:, 3::90] = 0
    page.ink = Image.fromarray(ink)


def _two(page: Page) -> None:
    page.digit(110, at=(130, 210))
    gap = page.random.uniform(0.15, 0.5) * page.size
    page.digit(110, at=(page.box[2] + gap + 45, 210))


def _two_far(page: Page) -> None:
    page.digit(90, at=(70, 210))
    page.digit(90, at=(340, 210))


def _two_unlike(page: Page) -> None:
    page.digit(130, at=(120, 200))
    page.digit(75, at=(260, 240))


def _two_in_a_shadow(page: Page) -> None:
    _two(page)
    page.shadow(page.y - 0.5, 0.005)


def _two_ringed(page: Page) -> None:
    page.digit(80, at=(170, 210))
    page.digit(80, at=(250, 210))
    page.box = (130.0, 170.0, 290.0, 250.0)
    _ring(page, 130)


def _column(page: Page) -> None:
    page.digit(110, at=(210, 110))
    page.digit(110, at=(210, 310))


def _negative(page: Page) -> None:
    page.digit(130, at=(250, 210))
    left, middle = page.box[0], (page.box[1] + page.box[3]) / 2
    page.stroke([(left - 90, middle), (left - 35, middle)], page.width)
    page.labels.insert(0, "-")


def _decimal(page: Page) -> None:
    page.digit(110, at=(120, 210))
    x = page.box[2] + 30
    page.stroke([(x, page.box[3] - 5), (x + 1, page.box[3] - 5)], 11)
    page.digit(110, at=(x + 80, 210))


def _row(page: Page) -> None:
    for x in (70, 160, 250, 340):
        page.digit(75, at=(x, 210), width=6)


def _kind(function: Callable[[Page], None]) -> str:
    return function.__name__.strip("_").replace("_", " ")


ONE = {
    _kind(f): f
    for f in (
        *(_plain, _shadow_across, _shadow_beside, _shadow_of_a_hand, _underlined),
        *(_underlined_close, _ringed, _framed, _captioned, _with_unit, _with_period, _ruled),
        *(_squared, _dotted, _on_a_table, _under_a_finger, _fat, _light_on_dark, _broken),
    )
}
SEVERAL = {
    _kind(f): f
    for f in (
        *(_two, _two_far, _two_unlike, _two_in_a_shadow, _two_ringed, _column, _negative),
        *(_decimal, _row),
    )
}


def scene(kind: str, seed: int) -> tuple[Picture, str]:
    """A picture of this kind, and its label."""
    kinds = ONE | SEVERAL
    page = Page(np.random.default_rng([seed, list(kinds).index(kind)]))
    kinds[kind](page)
    return page.photo(), "".join(page.labels)
