"""Copies of a drawing, as its writer might draw it another time."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.learning.augmentation.augment import augment
from digitpad.learning.augmentation.redraw import Redrawing, redraw
from digitpad.learning.configuration.config import Augmentation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.samples.sample import Sample

_PICTURE_CHANGES = Augmentation(
    rotation_degrees=10.0, translation_px=1.0, scale=0.1, shear_degrees=12.0, stroke_width=0.4
)


def copies_of(sample: Sample, copies: int) -> NDArray[np.uint8]:
    """The glyph of a sample and others of its drawing, uint8 (copies, 28, 28).

    The same sample has the same copies always, whatever is beside it.
    """
    seed = zlib.crc32(sample.glyph.tobytes())
    if sample.drawing.strokes:
        found = redraw([sample.drawing], copies, Redrawing(), np.random.default_rng(seed))[0]
    else:
        same = torch.from_numpy(np.repeat(sample.glyph[None, None], copies, axis=0))
        changed = augment(same, _PICTURE_CHANGES, torch.Generator().manual_seed(seed))
        found = changed[:, 0].round().clamp(0, 255).numpy().astype(np.uint8)
    found[0] = sample.glyph
    return np.asarray(found)
