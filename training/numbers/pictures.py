"""Pictures of numbers with the true ink of each digit: photo-like ones, and MNIST's digits in rows.

A photo shows a composed number that was written with a pen, a pencil or a marker on plain, ruled or
squared paper, or in chalk, under uneven light and now and then a shadow, as a camera with its blur,
its noise and JPEG shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from digitpad.ink.curve import sample_curve
from digitpad.ink.picture import Picture
from training.numbers.surfaces import Look, paper_of, photographed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from digitpad.ink.drawing import Drawing, Stroke
    from training.numbers.truth import ComposedNumber

_LONGER_SIDE = (420, 1200)
"""Pixels of a photo."""

_FILLED = (0.45, 0.85)
"""Share of the width or height of a photo that the number takes at most."""

_DIGIT = (24.0, 260.0)
"""Height of a digit in pixels of a photo, about."""

_FINE = 3
"""Pixels, along a side, that become one, for smooth edges."""

_THINNER = 0.75
"""Digits that stand apart are written with a pen that leaves them apart: so much thinner each time,
at least _THINNEST heights."""

_THINNEST = 0.035

_SHEET, _INK, _NOISE = 235.0, 0.8, 6.0
"""Of a scan: the level of its paper, how much darker ink is, as a share of 255, and the standard
deviation of its noise."""

_MARGIN = 6
"""Pixels around a digit that its blur may reach."""

MNIST_TOUCHING = 0.1
"""Share of MNIST's neighbours that are pushed together until their ink meets by a pixel or two."""

_MNIST_GAP = (1, 11)
"""Columns between the others' ink, in pixels of MNIST."""

_MNIST_SCALE = (1.0, 5.0)
"""Pixels of a picture to one of MNIST's."""


@dataclass(frozen=True, slots=True, eq=False)
class TrueInk:
    """The ink of one digit in a picture.

    Attributes:
        text: its digit; None for what is none.
        bounds: left, top, right, bottom in pixels, right and bottom excluded; of all of its ink,
            however faint.
        ink: uint8 (bottom - top, right - left), how much ink of this digit each pixel holds, as if
            there were no other one.
    """

    text: str | None
    bounds: tuple[int, int, int, int]
    ink: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class NumberPicture:
    """A picture of a number and what is known of it.

    Attributes:
        picture: the picture.
        text: the true text; None if a part is no digit.
        parts: in reading order.
        look: what it was written on and with; "mnist" for MNIST's digits in a row.
    """

    picture: Picture
    text: str | None
    parts: tuple[TrueInk, ...]
    look: Look | Literal["mnist"]


def photo_of(number: ComposedNumber, random: np.random.Generator) -> NumberPicture:
    """A photo of a composed drawing.

    Args:
        number: what is written.
        random: paper, pen, light, place and size come from it.
    """
    shown = _shown(number, random)
    look, shape = shown.look, shown.whole.shape
    paper = paper_of(look, shape, shown.height, random)
    blur = _blur(shown.height, random)
    picture = photographed(shown.whole, paper, look, blur, random)
    return NumberPicture(picture, number.text, shown.parts(number, blur), look)


def scan_of(number: ComposedNumber, random: np.random.Generator) -> NumberPicture:
    """A composed drawing on grey paper under even light: a photo at half the cost.

    Args:
        number: what is written.
        random: pen, place, size and noise come from it.
    """
    shown = _shown(number, random)
    blur = _blur(shown.height, random)
    ink = np.asarray(Image.fromarray(shown.whole).filter(ImageFilter.GaussianBlur(blur)))
    noisy = _SHEET - _INK * ink.astype(np.float64) + random.normal(0.0, _NOISE, ink.shape)
    levels = noisy.clip(0, 255).astype(np.uint8)
    pixels = np.dstack([levels] * 3 + [np.full_like(levels, 255)])
    parts = shown.parts(number, blur)
    return NumberPicture(Picture(pixels), number.text, parts, shown.look)


class _Shown(NamedTuple):
    """A composed drawing as ink on a sheet.

    Attributes:
        look: what it is written with.
        whole: uint8 (h, w), all ink.
        inks: uint8 (h, w), that of each digit.
        height: of a digit, in pixels.
    """

    look: Look
    whole: NDArray[np.uint8]
    inks: list[NDArray[np.uint8]]
    height: float

    def parts(self, number: ComposedNumber, blur: float) -> tuple[TrueInk, ...]:
        """The digits, blurred by this standard deviation in pixels."""
        pairs = zip(number.parts, self.inks, strict=True)
        return tuple(_true_ink(part.text, ink, blur) for part, ink in pairs)


def _shown(number: ComposedNumber, random: np.random.Generator) -> _Shown:
    look = Look.drawn(random)
    digits = [number.true_drawing(at) for at in range(len(number.parts))]
    height = float(np.median([_height(one) for one in digits]))
    width = look.width
    shape, scale, shift = _placed(number.drawing, height, random)
    while True:
        pen = _FINE * scale * height * width
        inks = [_inked(one, shape, scale, shift, pen) for one in digits]
        if width <= _THINNEST or not _meets_apart(inks, number):
            break
        width = max(width * _THINNER, _THINNEST)
    whole = _inked(number.drawing, shape, scale, shift, pen)
    return _Shown(look, whole, inks, scale * height)


def _blur(height: float, random: np.random.Generator) -> float:
    """Standard deviation of a picture's blur, for digits so high; all are in pixels."""
    return float(random.uniform(0.3, 1.1)) * min(max(height / 80.0, 0.6), 1.6)


def _height(drawing: Drawing) -> float:
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    return float(max(np.ptp(points[:, 1]), np.ptp(points[:, 0]) / 1.3, 1.0))


def _placed(
    drawing: Drawing, height: float, random: np.random.Generator
) -> tuple[tuple[int, int], float, NDArray[np.float64]]:
    """Rows and columns of a photo, its pixels to a unit of the drawing, and where that begins."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, extent = points.min(axis=0), np.maximum(np.ptp(points, axis=0), height)
    longer = random.uniform(*_LONGER_SIDE)
    # Most are taken lying; a long number hardly ever fills an upright one.
    aspect = random.choice([0.5, 0.67, 0.75, 1.0])
    sides = np.array([longer, longer * aspect])
    scale = random.uniform(*_FILLED) * float((sides / extent).min())
    scale = float(np.clip(scale * height, *_DIGIT)) / height
    sides = np.maximum(sides, 1.15 * extent * scale + 0.25 * height * scale)
    room = sides - extent * scale
    place = room * random.uniform(0.25, 0.75, 2)
    columns, rows = (round(float(side)) for side in sides)
    return (rows, columns), scale, place - low * scale


def _inked(
    drawing: Drawing,
    shape: tuple[int, int],
    scale: float,
    shift: NDArray[np.float64],
    pen: float,
) -> NDArray[np.uint8]:
    """How much ink each pixel holds, uint8 (h, w); the pen's width is in fine pixels."""
    paths = [_path(stroke, 2.0 / scale) * scale + shift for stroke in drawing.strokes]
    every = np.concatenate(paths)
    reach = pen / (2 * _FINE) + 2.0
    left, top = np.maximum(np.floor(every.min(axis=0) - reach), 0).astype(int).tolist()
    right, bottom = np.ceil(every.max(axis=0) + reach).astype(int).tolist()
    right, bottom = min(right, shape[1]), min(bottom, shape[0])
    image = Image.new("L", ((right - left) * _FINE, (bottom - top) * _FINE))
    draw = ImageDraw.Draw(image)
    for path in paths:
        fine = (path - (left, top)) * _FINE
        draw.line([(x, y) for x, y in fine.tolist()], 255, max(round(pen), 1), "curve")
        for x, y in (fine[0], fine[-1]):
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    ink = np.zeros(shape, dtype=np.uint8)
    ink[top:bottom, left:right] = np.asarray(image.reduce(_FINE))
    return ink


def _path(stroke: Stroke, spacing: float) -> NDArray[np.float64]:
    path = sample_curve(stroke.points, spacing)
    return path if len(path) > 1 else np.repeat(path, 2, axis=0)


def _meets_apart(inks: Sequence[NDArray[np.uint8]], number: ComposedNumber) -> bool:
    """Whether the ink of two digits that stand apart meets."""
    if number.reaching:
        return False
    return any(
        joint == "apart" and bool((_grown(inks[at]) & (inks[at + 1] > 0)).any())
        for at, joint in enumerate(number.joints)
    )


def _grown(ink: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels with ink and those beside them."""
    mask = np.pad(ink > 0, 1)
    across = mask[:, :-2] | mask[:, 1:-1] | mask[:, 2:]
    grown: NDArray[np.bool_] = across[:-2] | across[1:-1] | across[2:]
    return grown


def _true_ink(text: str | None, ink: NDArray[np.uint8], blur: float = 0.0) -> TrueInk:
    """The ink of one digit, blurred by this standard deviation in pixels."""
    left, top, right, bottom = _bounds(ink > 0)
    # Where the blur may reach.
    left, top = max(left - _MARGIN, 0), max(top - _MARGIN, 0)
    near = ink[top : bottom + _MARGIN, left : right + _MARGIN]
    if blur:
        near = np.asarray(Image.fromarray(near).filter(ImageFilter.GaussianBlur(blur)))
    inner = _bounds(near > 0)
    bounds = (left + inner[0], top + inner[1], left + inner[2], top + inner[3])
    return TrueInk(text, bounds, near[inner[1] : inner[3], inner[0] : inner[2]].copy())


def _bounds(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is true."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def mnist_rows(
    digits: Dataset, seed: int, touching: float = MNIST_TOUCHING
) -> Iterator[NumberPicture]:
    """Numbers of 2 to 6 of MNIST's digits side by side, without end; always the same ones.

    Some neighbours touch: they are pushed together until their ink meets by a pixel or
    two. Half of the pictures are white on black.

    Args:
        digits: glyphs and labels of MNIST.
        seed: at least 0.
        touching: share of the neighbours that touch.
    """
    random = np.random.default_rng([seed, 2])
    inked = [_cropped(glyph) for glyph in digits.glyphs]
    while True:
        chosen = random.integers(len(inked), size=int(random.integers(2, 7))).tolist()
        row, lefts = _row([inked[at] for at in chosen], random, touching)
        scale, is_dark = random.uniform(*_MNIST_SCALE), random.random() < 0.5
        margin = random.integers(4, 20, 4).tolist()
        width = row[-1].shape[1] + lefts[-1] + margin[0] + margin[2]
        rows = len(row[0])
        layers = np.zeros((len(row), rows + margin[1] + margin[3], width), dtype=np.uint8)
        for layer, ink, left in zip(layers, row, lefts, strict=True):
            layer[margin[1] : margin[1] + rows, margin[0] + left :][:, : ink.shape[1]] = ink
        size = (round(scale * width), round(scale * layers.shape[1]))
        inks = [_resized(layer, size) for layer in layers]
        whole = np.max(inks, axis=0)
        levels = whole if is_dark else 255 - whole
        pixels = np.dstack([levels] * 3 + [np.full_like(levels, 255)])
        texts = [str(digits.labels[at]) for at in chosen]
        parts = tuple(_true_ink(text, ink) for text, ink in zip(texts, inks, strict=True))
        yield NumberPicture(Picture(pixels), "".join(texts), parts, "mnist")


def _cropped(glyph: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A glyph without its empty columns."""
    columns = np.flatnonzero(glyph.any(axis=0))
    return glyph[:, columns[0] : columns[-1] + 1]


def _row(
    inks: Sequence[NDArray[np.uint8]], random: np.random.Generator, touching: float
) -> tuple[list[NDArray[np.uint8]], list[int]]:
    """Digits moved up or down by a pixel or two, and where the columns of each begin."""
    lifts = random.integers(0, 5, len(inks)).tolist()
    row = [np.pad(ink, ((lift, 4 - lift), (0, 0))) for lift, ink in zip(lifts, inks, strict=True)]
    lefts = [0]
    for before, after in pairwise(row):
        edge = lefts[-1] + before.shape[1]
        if random.random() < touching:
            lefts.append(max(edge - _slack(before, after) - int(random.integers(1, 3)), lefts[-1]))
        else:
            lefts.append(edge + int(random.integers(*_MNIST_GAP)))
    return row, lefts


def _slack(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> int:
    """Columns by which two boxes may overlap before their ink meets in a row; 0 if it cannot."""
    rooms = [
        int(np.argmax(left[::-1] > 0)) + int(np.argmax(right > 0))
        for left, right in zip(before, after, strict=True)
        if left.any() and right.any()
    ]
    return min(rooms, default=0)


def _resized(ink: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC))
