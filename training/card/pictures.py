"""MNIST's digits as pictures that somebody might open: large, small, inverted, coloured, noisy.

They take the whole way that `digitpad classify FILE` and the pad take for a picture: paper, ink,
polarity, threshold, and the glyph rule.
"""

from __future__ import annotations

import io
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import FIELD
from digitpad.ink.picture import Picture, decode_picture
from digitpad.ink.preprocessing import preprocess

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Kind = Literal["large", "small", "inverted", "gradient", "colour", "noise"]
KINDS: tuple[Kind, ...] = ("large", "small", "inverted", "gradient", "colour", "noise")

_PAGE = (200, 240)
"""Height and width in pixels of an ordinary picture."""

_SCALES = (5.0, 7.0)
"""Pixels of an ordinary picture to one of a glyph, along a side."""

_LARGE = (280, 280), 8.0
_SMALL = (300, 400), 2.0
"""Pages on which a digit is about 160 pixels high, and 40."""

_BLACK, _WHITE = np.full(3, 20.0, np.float32), np.full(3, 245.0, np.float32)

_APART = 150.0
"""Least distance between the colours of ink and paper, in levels, as in space."""

_NOISE = 10.0
"""Standard deviation of the paper's noise in levels of 255."""

_JPEG_QUALITY = 80

_CHUNK = 50
"""Pictures that a process takes at a time."""


def picture_glyphs(
    glyphs: NDArray[np.uint8], kind: Kind, seed: int, processes: int = 0
) -> NDArray[np.uint8]:
    """Glyphs of digits that were pasted into pictures and found there again.

    Args:
        glyphs: uint8 (n, 28, 28), ink 255 on 0, whole digits.
        kind: of the pictures.
        seed: at least 0; the same seed gives the same pictures, whatever the processes.
        processes: to work in; 0 takes as many as there are cores, 1 works in this one.

    Returns:
        uint8 (n, 28, 28); all 0 where no ink was found.
    """
    tasks = [
        (glyphs[start : start + _CHUNK], kind, seed, start)
        for start in range(0, len(glyphs), _CHUNK)
    ]
    processes = min(processes or os.cpu_count() or 1, len(tasks))
    if processes <= 1:
        return np.concatenate([_chunk(*task) for task in tasks])
    # Not forked: the caller may hold threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        return np.concatenate(list(pool.map(_chunk, *zip(*tasks, strict=True))))


def _chunk(glyphs: NDArray[np.uint8], kind: Kind, seed: int, start: int) -> NDArray[np.uint8]:
    found = np.zeros_like(glyphs)
    for i, glyph in enumerate(glyphs):
        random = np.random.default_rng([seed, KINDS.index(kind), start + i])
        try:
            found[i] = preprocess(Drawing(picture=pasted(glyph, kind, random))).glyph
        except DigitpadError:
            continue
    return found


def pasted(glyph: NDArray[np.uint8], kind: Kind, random: np.random.Generator) -> Picture:
    """A picture with one digit in it.

    Args:
        glyph: uint8 (28, 28), ink 255 on 0.
        kind: of the picture.
        random: place, size and colours come from it.
    """
    match kind:
        case "large":
            ink = _on_page(glyph, *_LARGE, random)
        case "small":
            ink = _on_page(glyph, *_SMALL, random)
        case _:
            ink = _on_page(glyph, _PAGE, random.uniform(*_SCALES), random)
    paper: Floats = _WHITE
    pen: Floats = _BLACK
    if kind == "inverted":
        paper, pen = _BLACK, _WHITE
    elif kind == "colour":
        paper, pen = _colours(random)
    elif kind == "gradient":
        paper = _gradient(ink.shape, random)
    levels = paper + ink[..., None] * (pen - paper)
    if kind == "noise":
        levels = levels + random.normal(0.0, _NOISE, levels.shape).astype(np.float32)
        return _compressed(levels)
    return Picture(np.dstack((_bytes(levels), np.full(ink.shape, 255, np.uint8))))


def _on_page(
    glyph: NDArray[np.uint8], page: tuple[int, int], scale: float, random: np.random.Generator
) -> Floats:
    """How much ink each pixel of a page holds, float32 in [0, 1]: the digit enlarged, somewhere."""
    side = round(FIELD * scale)
    image = Image.fromarray(glyph).resize((side, side), Image.Resampling.BICUBIC)
    digit = np.asarray(image, dtype=np.float32) / 255.0
    top, left = (int(random.integers(0, length - side + 1)) for length in page)
    ink = np.zeros(page, dtype=np.float32)
    ink[top : top + side, left : left + side] = digit
    return ink


def _colours(random: np.random.Generator) -> tuple[Floats, Floats]:
    """Two colours that are well told apart."""
    while True:
        paper, pen = random.uniform(0.0, 255.0, (2, 3)).astype(np.float32)
        if np.sqrt(((paper - pen) ** 2).sum()) >= _APART:
            return paper, pen


def _gradient(shape: tuple[int, ...], random: np.random.Generator) -> Floats:
    """Grey paper (h, w, 1) that grows darker in one direction, from about 230 to about 120."""
    angle = random.uniform(0.0, 2 * np.pi)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    along = x * np.cos(angle) + y * np.sin(angle)
    share = (along - along.min()) / np.ptp(along)
    light, dark = random.uniform(215.0, 245.0), random.uniform(100.0, 140.0)
    paper: Floats = (light + share * (dark - light)).astype(np.float32)
    return paper[..., None]


def _compressed(levels: Floats) -> Picture:
    file = io.BytesIO()
    Image.fromarray(_bytes(levels)).save(file, "JPEG", quality=_JPEG_QUALITY)
    return decode_picture(file.getvalue(), "The picture")


def _bytes(levels: Floats) -> NDArray[np.uint8]:
    return np.rint(levels).clip(0, 255).astype(np.uint8)
