"""Augmentation of batches of glyphs, as tensors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from digitpad.learning.configuration.config import Augmentation


_ELASTIC_KNOTS = 6
"""Number of random displacements along each side of a glyph: one about every five pixels."""


def augment(glyphs: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Change each glyph of a batch at random.

    Args:
        glyphs: float32 or uint8 (n, 1, 28, 28), 0 where there is no ink. Any scale will do, because
            every change is linear in the levels, or takes a minimum or a maximum of some.
        settings: the sizes of the changes; 0 leaves a change out. A translation without any other
            change is by whole pixels, which does not blur and takes hardly any time.
        generator: of the random numbers, on the device of the glyphs.

    Returns:
        (n, 1, 28, 28) of the same scale: of the same dtype if glyphs were only moved by whole
        pixels or not changed, else float32.
    """
    if settings.augmented_share >= 1:
        return _changed(glyphs, settings, generator)
    chosen = torch.rand((len(glyphs), 1, 1, 1), generator=generator, device=generator.device)
    changed = _changed(glyphs, settings, generator)
    return torch.where(chosen < settings.augmented_share, changed, glyphs)


class Pool:
    """All glyphs that are learnt from; batches of them come out changed at random.

    Where whole pixels alone move they are taken from their new place at once.

    Args:
        glyphs: as `augment` takes them.
        settings: as `augment` takes them.
    """

    def __init__(self, glyphs: Tensor, settings: Augmentation) -> None:
        self._settings = settings
        moves = settings.translation_px >= 1 and not settings.stroke_width
        is_moved = moves and not _bends(settings) and settings.augmented_share >= 1
        # Empty pixels around all glyphs now, and not around those of each batch.
        self._border = int(settings.translation_px) if is_moved else 0
        self._glyphs = _framed(glyphs, self._border) if is_moved else glyphs

    def take(self, index: Tensor, generator: Generator) -> Tensor:
        """What `augment` gives of the glyphs at some places, int64 (n,), with the same numbers."""
        if self._border:
            return _shifted(self._glyphs, index, self._border, generator)
        return augment(self._glyphs.index_select(0, index), self._settings, generator)


def _changed(glyphs: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    if settings.stroke_width > 0:
        glyphs = _change_stroke_width(glyphs.float(), settings.stroke_width, generator)
    bends = _bends(settings)
    if not bends and settings.translation_px >= 1:
        border = int(settings.translation_px)
        each = torch.arange(len(glyphs), device=generator.device)
        return _shifted(_framed(glyphs, border), each, border, generator)
    if bends or settings.translation_px:
        grid = functional.affine_grid(
            _affine(len(glyphs), glyphs.shape[-1], settings, generator),
            list(glyphs.shape),
            align_corners=False,
        )
        if settings.elastic_px:
            grid = grid + _elastic(len(glyphs), glyphs.shape[-1], settings.elastic_px, generator)
        glyphs = _resampled(glyphs.float(), grid)
    return glyphs


def _bends(settings: Augmentation) -> bool:
    return bool(
        settings.rotation_degrees or settings.scale or settings.shear_degrees or settings.elastic_px
    )


def _resampled(glyphs: Tensor, grid: Tensor) -> Tensor:
    """Sample glyphs (n, 1, side, side) at the places of a grid, by bicubic interpolation.

    Bilinear interpolation blurs. A network that learns only from blurred glyphs is worse at sharp
    ones, which it later gets: its negative log-likelihood on MNIST's validation digits is a tenth
    higher. Bicubic interpolation (Keys 1981) overshoots, so levels are clipped to their range.
    """
    found = functional.grid_sample(glyphs, grid, mode="bicubic", align_corners=False)
    return found.clamp_(min=0.0, max=glyphs.amax().item())


def _uniform(shape: tuple[int, ...], largest: float, generator: Generator) -> Tensor:
    return (torch.rand(shape, generator=generator, device=generator.device) * 2 - 1) * largest


def _change_stroke_width(glyphs: Tensor, largest: float, generator: Generator) -> Tensor:
    # Resampling can only thicken strokes; erosion and dilation change them in both directions.
    amount = _uniform((len(glyphs), 1, 1, 1), largest, generator)
    dilated = functional.max_pool2d(glyphs, 3, stride=1, padding=1)
    eroded = -functional.max_pool2d(-glyphs, 3, stride=1, padding=1)
    return (
        glyphs + amount.clamp(min=0) * (dilated - glyphs) + amount.clamp(max=0) * (glyphs - eroded)
    )


def _framed(glyphs: Tensor, border: int) -> Tensor:
    """Glyphs with so many empty pixels at each edge."""
    # `functional.pad` takes three times as long with uint8.
    height, width = (side + 2 * border for side in glyphs.shape[2:])
    framed = glyphs.new_zeros(len(glyphs), 1, height, width)
    framed[:, :, border:-border, border:-border] = glyphs
    return framed


def _shifted(framed: Tensor, index: Tensor, border: int, generator: Generator) -> Tensor:
    """Some glyphs, each moved by whole pixels, each direction by itself; what comes in is empty.

    Args:
        framed: (m, 1, height, width), with `border` empty pixels at each edge, which is cut off
            again.
        index: int64 (n,), which of them.
        border: the farthest that a glyph moves, at least 1.
        generator: on their device.
    """
    _, _, height, width = framed.shape
    high, wide = height - 2 * border, width - 2 * border
    down, right = torch.randint(
        0, 2 * border + 1, (2, len(index)), generator=generator, device=generator.device
    )
    # From a glyph's first pixel to its last one is one stretch of memory, copied at once; pixels of
    # the frame between its rows are then passed over.
    length = (high - 1) * width + wide
    stretches = framed.as_strided((framed.numel() - length + 1, length), (1, 1))
    chosen = stretches.index_select(0, index * (height * width) + down * width + right)
    return chosen.as_strided((len(index), 1, high, wide), (length, length, width, 1))


def _elastic(count: int, side: int, largest_px: float, generator: Generator) -> Tensor:
    """Smooth random displacements (n, side, side, 2), in halves of the side as in affine_grid.

    Simard, Steinkraus and Platt 2003 blur a random field with a wide Gaussian. Here a few random
    numbers are interpolated, which gives the same kind of field with less work.
    """
    coarse = _uniform((count, 2, _ELASTIC_KNOTS, _ELASTIC_KNOTS), largest_px * 2 / side, generator)
    field = functional.interpolate(coarse, size=(side, side), mode="bicubic", align_corners=True)
    return field.permute(0, 2, 3, 1)


def _affine(count: int, side: int, settings: Augmentation, generator: Generator) -> Tensor:
    """Random matrices (n, 2, 3) that map places in the new glyph to places in the old one."""
    angle = _uniform((count,), math.radians(settings.rotation_degrees), generator)
    shear = torch.tan(_uniform((count,), math.radians(settings.shear_degrees), generator))
    scale = 1 / (1 + _uniform((count, 2), settings.scale, generator))
    # Lengths in affine_grid are in halves of the side.
    shift = _uniform((count, 2), settings.translation_px * 2 / side, generator)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    matrix = torch.stack(
        (
            torch.stack((cosine, shear * cosine - sine), dim=1) * scale[:, :1],
            torch.stack((sine, shear * sine + cosine), dim=1) * scale[:, 1:],
        ),
        dim=1,
    )
    return torch.cat((matrix, shift[:, :, None]), dim=2)
