"""Ink drawn with rectangles, as the later steps of picture reading get it."""

from __future__ import annotations

import numpy as np

from digitpad.ink.photo.components import Components, find_components
from digitpad.ink.photo.ink_mask import InkMask
from digitpad.ink.photo.paper import Level, Mixture
from digitpad.ink.photo.symbol import Symbol, find_symbol

Box = tuple[float, float, float, float]
"""Left, top, width, height."""


def drawn(*boxes: Box, side: int = 240) -> np.ndarray:
    """A mask, bool (side, side), with these rectangles."""
    mask = np.zeros((side, side), bool)
    for left, top, width, height in boxes:
        mask[round(top) : round(top + height), round(left) : round(left + width)] = True
    return mask


def ring(radius: float = 50.0, thick: float = 5.0, side: int = 240, flat: float = 1.0):
    """A mask with an ellipse in the middle; `flat` is its width over its height."""
    y, x = np.mgrid[0:side, 0:side] - (side - 1) / 2
    return np.abs(np.hypot(x / flat, y) - radius + thick / 2) <= thick / 2


def ink_of(mask: np.ndarray) -> InkMask:
    return InkMask(mask, mask, mask.astype(np.float32), 0.0)


def level_of(mask: np.ndarray, window: int = 97) -> Level:
    """Black ink on white paper."""
    grey = np.where(mask, 20, 240).astype(np.float32)
    mixture = Mixture(np.full(3, 1 / 3, np.float32), is_dark=True)
    paper = np.full(mask.shape, 240, np.float32)
    return Level(grey, paper, mask.astype(np.float32), mixture, window, is_widest=True)


def pieces_of(*boxes: Box, side: int = 240) -> Components:
    return find_components(ink_of(drawn(*boxes, side=side)))


def symbol_of(*boxes: Box, side: int = 240) -> Symbol:
    mask = drawn(*boxes, side=side)
    return find_symbol(level_of(mask), ink_of(mask))


def holds(symbol: Symbol, box: Box) -> bool:
    """Whether a rectangle is a part of the symbol."""
    left, top, width, height = box
    return bool(symbol.mask[int(top + height / 2), int(left + width / 2)])
