"""Augmentation of whole batches of glyphs, as tensors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from digitpad.learning.config import Augmentation


_ELASTIC_KNOTS = 6
"""Random displacements along each side of a glyph, so one about every five pixels."""


def augment(glyphs: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    """Change the glyphs of a batch at random, each its own way.

    Args:
        glyphs: float32 or uint8 (n, 1, 28, 28), 0 where there is no ink; of any scale, since every
            change is linear in the levels or takes the least or the largest of some.
        settings: how far to go; a value of 0 leaves that change out. A translation alone goes by
            whole pixels, which blurs nothing and costs next to nothing.
        generator: of the random numbers, on the device of the glyphs.

    Returns:
        (n, 1, 28, 28) of the same scale; float32 unless whole pixels or nothing moved.
    """
    if settings.augmented_share >= 1:
        return _changed(glyphs, settings, generator)
    chosen = torch.rand((len(glyphs), 1, 1, 1), generator=generator, device=generator.device)
    changed = _changed(glyphs, settings, generator)
    return torch.where(chosen < settings.augmented_share, changed, glyphs)


def _changed(glyphs: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    if settings.stroke_width > 0:
        glyphs = _change_stroke_width(glyphs.float(), settings.stroke_width, generator)
    bends = (
        settings.rotation_degrees or settings.scale or settings.shear_degrees or settings.elastic_px
    )
    if not bends and settings.translation_px >= 1:
        return _shift(glyphs, int(settings.translation_px), generator)
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


def _resampled(glyphs: Tensor, grid: Tensor) -> Tensor:
    """Glyphs (n, 1, side, side) at the places of a grid, by bicubic interpolation (Keys 1981).

    Bilinear interpolation blurs, and a network that learns from blurred glyphs alone reads sharp
    ones, which all are that it is asked about, less well: its negative log-likelihood on MNIST's
    validation digits is a tenth higher. Bicubic swings over, so levels are kept in range.
    """
    found = functional.grid_sample(glyphs, grid, mode="bicubic", align_corners=False)
    return found.clamp_(min=0.0, max=glyphs.amax().item())


def _uniform(shape: tuple[int, ...], largest: float, generator: Generator) -> Tensor:
    return (torch.rand(shape, generator=generator, device=generator.device) * 2 - 1) * largest


def _change_stroke_width(glyphs: Tensor, largest: float, generator: Generator) -> Tensor:
    # Affine sampling blurs, which only ever thickens; erosion and dilation go both ways.
    amount = _uniform((len(glyphs), 1, 1, 1), largest, generator)
    dilated = functional.max_pool2d(glyphs, 3, stride=1, padding=1)
    eroded = -functional.max_pool2d(-glyphs, 3, stride=1, padding=1)
    return (
        glyphs + amount.clamp(min=0) * (dilated - glyphs) + amount.clamp(max=0) * (glyphs - eroded)
    )


def _shift(glyphs: Tensor, largest_px: int, generator: Generator) -> Tensor:
    """Each glyph moved by whole pixels, each direction by itself; what comes in is empty."""
    count, _, height, width = glyphs.shape
    device = generator.device
    down, right = torch.randint(
        0, 2 * largest_px + 1, (2, count), generator=generator, device=device
    )
    # A view of every place of the field on a larger one; of each glyph one is taken.
    places = functional.pad(glyphs, [largest_px] * 4).unfold(2, height, 1).unfold(3, width, 1)
    chosen = torch.arange(count, device=device), slice(None), down, right
    if device.type == "cpu":
        # NumPy copies rows, torch one pixel after the other.
        rows = (one.numpy() if isinstance(one, torch.Tensor) else one for one in chosen)
        return torch.from_numpy(places.numpy()[tuple(rows)])
    return places[chosen]


def _elastic(count: int, side: int, largest_px: float, generator: Generator) -> Tensor:
    """Smooth displacements (n, side, side, 2) in halves of the side, as affine_grid measures.

    Simard, Steinkraus and Platt 2003 blur a random field with a wide Gaussian. Here few random
    numbers are interpolated to the whole field, which gives the same kind of field for less work.
    """
    coarse = _uniform((count, 2, _ELASTIC_KNOTS, _ELASTIC_KNOTS), largest_px * 2 / side, generator)
    field = functional.interpolate(coarse, size=(side, side), mode="bicubic", align_corners=True)
    return field.permute(0, 2, 3, 1)


def _affine(count: int, side: int, settings: Augmentation, generator: Generator) -> Tensor:
    """Matrices (n, 2, 3) from places in the new glyph to places in the old one."""
    angle = _uniform((count,), math.radians(settings.rotation_degrees), generator)
    shear = torch.tan(_uniform((count,), math.radians(settings.shear_degrees), generator))
    scale = 1 / (1 + _uniform((count, 2), settings.scale, generator))
    # affine_grid measures in halves of the side.
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
