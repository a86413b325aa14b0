"""What numbers are written on and with, and what a camera makes of it."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from PIL import Image, ImageFilter

from digitpad.ink.picture import decode_picture

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from digitpad.ink.picture import Picture

    Floats: TypeAlias = NDArray[np.float64]

_Name = TypeVar("_Name", bound=str)

Surface = Literal["plain", "ruled", "squared", "dark"]
Tool = Literal["pen", "pencil", "marker", "chalk"]

SURFACES: dict[Surface, float] = {"plain": 0.3, "ruled": 0.3, "squared": 0.25, "dark": 0.15}
"""Shares of what is written on; "dark" is written on in white, with chalk or a marker."""

_TOOLS: dict[Tool, float] = {"pen": 0.6, "pencil": 0.1, "marker": 0.3}

_WIDTHS: dict[Tool, tuple[float, float]] = {
    "pen": (0.045, 0.09),
    "pencil": (0.04, 0.07),
    "marker": (0.1, 0.17),
    "chalk": (0.06, 0.12),
}
"""Width of the ink, in heights of a digit."""

_COLOURS: dict[Tool, tuple[tuple[int, int, int], ...]] = {
    "pen": ((25, 25, 30), (30, 40, 120), (20, 20, 70), (120, 30, 35)),
    "pencil": ((95, 95, 98), (75, 75, 80)),
    "marker": ((20, 20, 20), (25, 50, 150), (190, 30, 35), (20, 110, 60)),
    "chalk": ((235, 235, 225), (240, 235, 180)),
}

_PAPERS = ((248, 248, 246), (240, 238, 230), (228, 228, 226), (250, 244, 220))
_DARK = ((30, 34, 32), (35, 60, 45), (25, 25, 40), (12, 12, 12))
_PRINTED = ((165, 185, 215), (185, 185, 190), (210, 175, 175), (150, 160, 175))

_SHADOWED = 0.3
"""Share of the photos with a shadow across."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a number is written on and with.

    Attributes:
        surface: the paper or board.
        tool: what it is written with.
        width: of the ink, in heights of a digit.
        colour: of the ink: red, green, blue.
    """

    surface: Surface
    tool: Tool
    width: float
    colour: tuple[int, int, int]

    @classmethod
    def drawn(cls, random: np.random.Generator) -> Look:
        """One by lot."""
        surface = _one_of(SURFACES, random)
        tool: Tool = "chalk" if surface == "dark" else _one_of(_TOOLS, random)
        colours = _COLOURS[tool]
        width = float(random.uniform(*_WIDTHS[tool]))
        return cls(surface, tool, width, colours[int(random.integers(len(colours)))])


def _one_of(shares: dict[_Name, float], random: np.random.Generator) -> _Name:
    return list(shares)[int(random.choice(len(shares), p=list(shares.values())))]


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """Paper under light.

    Attributes:
        colours: float64 (h, w, 3), its levels in [0, 255] under even light, with what is printed.
        light: float64 (h, w), share of the light that falls on each pixel.
    """

    colours: Floats
    light: Floats


def paper_of(
    look: Look, shape: tuple[int, int], height: float, random: np.random.Generator
) -> Paper:
    """A sheet for a number.

    Args:
        look: what it is.
        shape: rows and columns of the photo.
        height: of a digit in pixels; lines are printed in keeping with it.
        random: where the random numbers come from.
    """
    papers = _DARK if look.surface == "dark" else _PAPERS
    base = np.array(papers[int(random.integers(len(papers)))]) + random.normal(0.0, 3.0, 3)
    colours = np.broadcast_to(base, (*shape, 3)).copy()
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float64)
    tilt = random.normal(0.0, 0.012)
    down, across = y - tilt * x, x + tilt * y
    printed = np.array(_PRINTED[int(random.integers(len(_PRINTED)))], dtype=np.float64)
    thick = max(random.uniform(0.012, 0.03) * height, 0.8)
    if look.surface == "ruled":
        _print(colours, _lines(down, random.uniform(1.2, 2.2) * height, thick, random), printed)
    elif look.surface == "squared":
        period = random.uniform(0.45, 1.1) * height
        _print(colours, _lines(down, period, thick, random), printed)
        _print(colours, _lines(across, period, thick, random), printed)
    return Paper(colours, _light(x, y, random))


def _lines(along: Floats, period: float, thick: float, random: np.random.Generator) -> Floats:
    """How much of each pixel a printed line covers, float64 (h, w) in [0, 1]."""
    phase = (along + random.uniform(0.0, period)) % period
    covered: Floats = np.clip(thick / 2 + 0.5 - np.minimum(phase, period - phase), 0.0, 1.0)
    return covered


def _print(colours: Floats, covered: Floats, colour: Floats) -> None:
    share = 0.85 * covered[..., None]
    colours *= 1.0 - share
    colours += share * colour


def _light(x: Floats, y: Floats, random: np.random.Generator) -> Floats:
    """Light from one side, brightest at some place, and sometimes a shadow."""
    longer = max(x.shape)
    angle = random.uniform(0.0, 2 * math.pi)
    along = (x * math.cos(angle) + y * math.sin(angle)) / longer
    along -= along.min()
    light: Floats = 1.0 - random.uniform(0.0, 0.35) * along / max(float(along.max()), 1e-9)
    centre = random.uniform(0.2, 0.8, 2) * (x.shape[1], x.shape[0])
    apart = np.hypot(x - centre[0], y - centre[1]) / longer
    light *= 1.0 - random.uniform(0.0, 0.25) * apart**2
    if random.random() < _SHADOWED:
        angle = random.uniform(0.0, 2 * math.pi)
        depth = ((x - centre[0]) * math.cos(angle) + (y - centre[1]) * math.sin(angle)) / longer
        soft = random.choice([0.004, 0.015, 0.05])
        dark = random.uniform(0.2, 0.45)
        light *= 1.0 - dark / (1.0 + np.exp(np.clip(-depth / soft, -50.0, 50.0)))
    return light * random.uniform(0.85, 1.0)


def photographed(
    ink: NDArray[np.uint8], paper: Paper, look: Look, blur: float, random: np.random.Generator
) -> Picture:
    """What a camera makes of ink on paper.

    Args:
        ink: uint8 (h, w), how much ink each pixel holds.
        paper: of the same size.
        look: has the colour of the ink.
        blur: standard deviation in pixels.
        random: noise and compression come from it.
    """
    share = ink[..., None] / 255.0 * random.uniform(0.85, 1.0)
    if look.tool in ("pencil", "chalk"):
        # The grain of the paper shows through.
        grain = Image.fromarray(random.integers(0, 256, ink.shape, dtype=np.uint8))
        rough = np.asarray(grain.filter(ImageFilter.GaussianBlur(0.8)), np.float64) / 255.0
        share = share * np.clip(0.75 + 1.2 * (rough[..., None] - 0.5), 0.45, 1.0)
    scene = paper.colours * (1.0 - share) + np.array(look.colour, dtype=np.float64) * share
    lit = (scene * paper.light[..., None]).clip(0, 255).astype(np.uint8)
    soft = np.asarray(Image.fromarray(lit).filter(ImageFilter.GaussianBlur(blur)), np.float64)
    noisy = soft + random.normal(0.0, random.uniform(1.0, 5.0), soft.shape)
    file = io.BytesIO()
    levels = np.rint(noisy).clip(0, 255).astype(np.uint8)
    Image.fromarray(levels).save(file, "JPEG", quality=int(random.integers(70, 95)))
    return decode_picture(file.getvalue(), "The photo")
