"""Which pixels of a picture are ink, and how much of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.photo.rectangles import is_frame
from digitpad.ink.photo.ruled_lines import ruled_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

_MIN_CONTRAST = 0.05
"""Ink that differs less from its paper, as a share of the whole range, cannot be told from it."""

_NOISE_MARGIN = 5.0
"""Ink starts this many standard deviations of the noise above the paper."""

_SPECK = 0.03
"""A part with less than this share of the largest part's ink is a speck."""

_MAIN = 0.25
"""A part inside the picture with this share of the heaviest part's ink is preferred to one that
touches the picture's edge."""

_REACH = 0.6
"""How far from the main part, as a share of its longer side, other parts of a digit may lie."""

_IN_FRAME = 0.2
"""Longer side of a digit in a frame, as a share of the frame's."""

_REACH_AT_EDGE = 0.15
"""The same for a part at the picture's edge, a table's corner perhaps, where the main part is not
at the edge."""

_ALONG_EDGE = 0.45
"""A part whose contact with the picture's edge is more than this share of its own width and
height together lies along the edge: a table, a finger, a shadow."""


def no_ink() -> DigitpadError:
    """The sentence for a picture with nothing on it."""
    return DigitpadError(
        "There is no digit to be seen in the picture: nothing in it stands out from its"
        " background. Try one with more contrast, or cut it closer to the digit."
    )


def find_ink(strength: Floats) -> Floats:
    """How much ink each pixel holds, soft at the edges and 0 on the paper.

    Args:
        strength: float32 (h, w), how far each pixel is from paper towards ink: about 0 on paper.

    Returns:
        float32 (h, w) in [0, 1].

    Raises:
        DigitpadError: nothing stands out.
    """
    from scipy import ndimage

    noise = _noise(strength)
    seen = strength
    if noise > _MIN_CONTRAST / _NOISE_MARGIN:
        seen = ndimage.gaussian_filter(strength, _blur(noise), mode="nearest")
    floor = max(_NOISE_MARGIN * _noise(seen), _MIN_CONTRAST)
    core = _core(seen, floor)
    lines = ruled_lines(_possible(seen, core, floor))
    if lines.any():
        seen = np.where(lines, np.float32(0.0), seen)
        core = _core(seen, floor)
    mask = _connected(_possible(seen, core, floor), seen > 0.5 * core, seen)
    if not mask.any():
        raise no_ink()
    full = float(np.percentile(seen[mask & (seen > 0.5 * core)], 95))
    # One more pixel takes the soft edge in.
    around = ndimage.binary_dilation(mask, np.ones((3, 3), bool))
    start = min(2.0 * noise, 0.3 * full)
    ink = np.where(around, (seen - start) / (full - start), 0.0)
    return ink.clip(0.0, 1.0).astype(np.float32)


def _core(strength: Floats, floor: float) -> float:
    """How strong the ink is where it is surely ink."""
    certain = strength[strength > floor]
    if certain.size == 0:
        raise no_ink()
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
    steps = [np.abs(np.diff(strength, axis=axis)).ravel() for axis in (0, 1)]
    every = np.concatenate(steps)
    return float(1.4826 * np.median(every) / np.sqrt(2)) if every.size else 0.0


def _blur(noise: float) -> float:
    return float(np.clip(noise / 0.1, 0.5, 1.0))


def _connected(possible: Mask, certain: Mask, strength: Floats) -> Mask:
    """The parts of the possible ink that hold certain ink and make up one digit."""
    from scipy import ndimage

    labels, count = ndimage.label(possible, np.ones((3, 3), bool))
    holds = np.unique(labels[certain])
    mass = np.bincount(labels.ravel(), strength.ravel(), count + 1)
    boxes = ndimage.find_objects(labels)
    parts = sorted((int(part) for part in holds if part), key=lambda part: -mass[part])
    parts = _without_frames(labels, parts, boxes)
    if not parts:
        return np.zeros_like(possible)
    main = _main_part(labels, parts, mass, boxes)
    longer = max(piece.stop - piece.start for piece in boxes[main - 1])
    cut_off = not _is_inside(boxes[main - 1], possible.shape)
    keep = np.zeros(count + 1, bool)
    for part in parts:
        inside = cut_off or _is_inside(boxes[part - 1], possible.shape)
        reach = (_REACH if inside else _REACH_AT_EDGE) * longer
        near = _gap(boxes[part - 1], boxes[main - 1]) <= reach
        edge = part != main and _lies_along_edge(labels, part, boxes[part - 1])
        keep[part] = near and not edge and mass[part] >= _SPECK * mass[main]
    return keep[labels]


def _without_frames(
    labels: NDArray[np.signedinteger[Any]], parts: list[int], boxes: list[tuple[slice, ...]]
) -> list[int]:
    """The parts but for frames with a digit in them."""

    def surrounds(outer: tuple[slice, ...], inner: tuple[slice, ...]) -> bool:
        sides = [max(piece.stop - piece.start for piece in box) for box in (outer, inner)]
        return sides[1] >= _IN_FRAME * sides[0] and all(
            o.start < i.start and i.stop < o.stop for o, i in zip(outer, inner, strict=True)
        )

    return [
        part
        for part in parts
        if not any(surrounds(boxes[part - 1], boxes[other - 1]) for other in parts)
        or not is_frame(labels[boxes[part - 1]] == part)
    ]


def _main_part(
    labels: NDArray[np.signedinteger[Any]],
    parts: list[int],
    mass: NDArray[Any],
    boxes: list[tuple[slice, ...]],
) -> int:
    """The heaviest part, or a lighter one where that lies at the picture's edge."""
    for part in parts:
        if _is_inside(boxes[part - 1], labels.shape) and mass[part] >= _MAIN * mass[parts[0]]:
            return part
    across = [part for part in parts if not _lies_along_edge(labels, part, boxes[part - 1])]
    return (across or parts)[0]


def _is_inside(box: tuple[slice, ...], shape: tuple[int, ...]) -> bool:
    """Whether a box stays off the picture's edge."""
    return all(
        piece.start > 0 and piece.stop < side for piece, side in zip(box, shape, strict=True)
    )


def _gap(one: tuple[slice, ...], other: tuple[slice, ...]) -> int:
    """Pixels between two boxes, along the axis on which they are further apart."""
    gaps = [(a.start - b.stop, b.start - a.stop) for a, b in zip(one, other, strict=True)]
    return max(0, *(int(pixels) for gap in gaps for pixels in gap))


def _lies_along_edge(
    labels: NDArray[np.signedinteger[Any]], part: int, box: tuple[slice, ...]
) -> bool:
    lines = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    contact = sum(int((line == part).sum()) for line in lines)
    sides = (box[0].stop - box[0].start) + (box[1].stop - box[1].start)
    return bool(contact > _ALONG_EDGE * sides)
