"""Which pixels of a picture are ink, and how much ink each of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.photo.colours import with_room
from digitpad.ink.photo.ruled_lines import ruled_lines
from digitpad.ink.photo.windows import dilated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

_MIN_CONTRAST = 0.05
"""Least difference between ink and paper that counts, as a share of the whole range."""

_NEAR = 2
"""Pixels from certain ink to the end of a stroke's soft edge."""

_NOISE_MARGIN = 6.0
"""Ink starts this many standard deviations of the noise above the paper; noise that was
blurred is a little larger than it seems from neighbours."""


def _no_ink() -> DigitpadError:
    return DigitpadError(
        "No digit can be seen in the picture: nothing stands out from its background. Try one with"
        " more contrast, or crop it closer to the digit."
    )


class InkMask(NamedTuple):
    """Which pixels of a picture are ink.

    Attributes:
        possible: bool (h, w), what may be ink, its faint edges included; no ruled lines.
        certain: bool (h, w), what is surely ink.
        strength: float32 (h, w), how far each pixel is from paper towards ink, less its noise.
        noise: standard deviation of the paper's grain before that.
        ruled: bool (h, w), the ruled lines that were taken away, None where that is not known.
    """

    possible: Mask
    certain: Mask
    strength: Floats
    noise: float
    ruled: Mask | None = None

    def near_certain(self) -> InkMask:
        """The same without ink that is far from certain ink."""
        return self._replace(possible=self.possible & dilated(self.certain, _NEAR))


def find_ink(strength: Floats) -> InkMask:
    """Tell ink from paper by how far each pixel is towards ink; a `DigitpadError` without ink."""
    from scipy import ndimage

    noise = _noise(strength)
    seen = strength
    if noise > _MIN_CONTRAST / _NOISE_MARGIN:
        blur = float(np.clip(noise / 0.1, 0.5, 1.0))
        seen = ndimage.gaussian_filter(strength, blur, mode="nearest")
    floor = max(_NOISE_MARGIN * _noise(seen), _MIN_CONTRAST)
    core = _core(seen, floor)
    lines = ruled_lines(_possible(seen, core, floor))
    if lines.any():
        seen = np.where(lines, np.float32(0.0), seen)
        core = _core(seen, floor)
    return InkMask(_possible(seen, core, floor), seen > 0.5 * core, seen, noise, lines)


def soft_ink(found: InkMask, symbol: Mask) -> Floats:
    """How much of a symbol's ink each pixel holds, float32 (h, w) in [0, 1], soft at the edges.

    The symbol, bool (h, w), is a part of what was found; empty, it is a `DigitpadError`.
    """
    if not symbol.any():
        raise _no_ink()
    full = float(np.percentile(found.strength[symbol & found.certain], 95))
    start = min(2.0 * found.noise, 0.3 * full)
    # One more pixel takes the soft edge in.
    place = with_room(symbol, 1)
    soft = np.where(
        dilated(symbol[place], 1), (found.strength[place] - start) / (full - start), 0.0
    )
    ink = np.zeros(symbol.shape, np.float32)
    ink[place] = soft.clip(0.0, 1.0)
    return ink


def cut_soft(strength: Floats, around: Mask) -> Floats:
    """The same of a cut-out, from its strength alone; the symbol's soft edges are in the mask."""
    held = strength[around]
    full = float(np.percentile(held[held > otsu(held)], 95)) if held.size else 0.0
    if full <= 0.0:
        return np.zeros_like(strength)
    start = min(2.0 * _noise(strength), 0.3 * full)
    ink: Floats = np.where(around, (strength - start) / (full - start), 0.0).clip(0.0, 1.0)
    return ink.astype(np.float32)


def _core(strength: Floats, floor: float) -> float:
    """How strong the ink is where it is surely ink."""
    certain = strength[strength > floor]
    if certain.size == 0:
        raise _no_ink()
    return float(certain[certain >= otsu(certain)].mean())


def _possible(strength: Floats, core: float, floor: float) -> Mask:
    return strength > max(0.15 * core, 0.6 * floor)


def otsu(values: Floats) -> float:
    """The threshold that splits the values into two classes of least variance (Otsu 1979)."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return low
    # Doubles: float32 values that are next to each other leave no room for bins between them.
    counts, edges = np.histogram(values.astype(np.float64), bins=256, range=(low, high))
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1].astype(np.float64)
    above = values.size - below
    total_below = np.cumsum(counts * centres)[:-1]
    total = float((counts * centres).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (total * below / values.size - total_below) ** 2 / (below * above)
    return float(edges[1:-1][np.nanargmax(np.nan_to_num(between, nan=-1.0))])


def _noise(strength: Floats) -> float:
    """Standard deviation of the paper's grain, from differences of neighbours (median)."""
    # Every few pixels are enough for a median.
    step = max(min(strength.shape) // 100, 1)
    few = (slice(None, None, step),) * 2
    steps = (strength[:, 1:][few] - strength[:, :-1][few], strength[1:][few] - strength[:-1][few])
    every = np.abs(np.concatenate([one.ravel() for one in steps]))
    return float(1.4826 * np.median(every) / np.sqrt(2)) if every.size else 0.0
