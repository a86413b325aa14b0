"""The colours of a picture, reduced, and on paper where it is transparent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def composite(pixels: NDArray[np.uint8], factor: int) -> Floats:
    """The mean over squares of a picture, transparency filled in: float32 (h, w, 3).

    Args:
        pixels: uint8 (h, w, 4), as in `Picture`.
        factor: side of the squares.
    """
    from PIL import Image

    if is_opaque(pixels):
        if factor > 1:
            # The fourth channel is not looked at.
            size = (pixels.shape[1], pixels.shape[0])
            image = Image.frombuffer("RGBX", size, pixels.tobytes(), "raw", "RGBX", 0, 1)
            pixels = np.asarray(image.reduce(factor))
        return pixels[..., :3].astype(np.float32)
    if factor > 1:
        # Pillow's mean over squares weighs colours by their opacity.
        pixels = np.asarray(Image.fromarray(pixels).reduce(factor))
    alpha = pixels[..., 3:].astype(np.float32) / 255.0
    colours: Floats = pixels[..., :3] * alpha
    if (alpha > 0.999).all():
        return colours
    return colours + (1.0 - alpha) * _fill(colours, alpha[..., 0])


def is_opaque(pixels: NDArray[np.uint8]) -> bool:
    """Whether nothing of a picture, uint8 (h, w, 4), is transparent."""
    return bool(pixels[..., 3].min() == 255)


def _fill(premultiplied: Floats, alpha: Floats) -> Floats:
    """What to put behind transparent pixels: float32 (3,).

    Either the picture shows paper with ink on it and has transparent margins, which then become
    paper; or what is not transparent is the ink, and it gets the paper that it stands out from.
    """
    opaque = alpha > 0.5
    if not opaque.any():
        return np.full(3, 255.0, dtype=np.float32)
    visible = premultiplied[opaque] / alpha[opaque][:, None]
    usual: Floats = np.median(visible, axis=0).astype(np.float32)
    left, top, right, bottom = extent(opaque)
    bounding = (right - left) * (bottom - top)
    other = np.abs(visible - usual).max(axis=1) > 48.0
    if opaque.sum() > 0.6 * bounding and other.mean() > 0.005:
        return usual
    return np.full(3, 255.0 if usual.mean() < 128.0 else 0.0, dtype=np.float32)


def extent(holds: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is set in a mask, bool (h, w), that is not empty."""
    rows, columns = np.flatnonzero(holds.any(axis=1)), np.flatnonzero(holds.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def with_room(holds: NDArray[np.bool_], room: int) -> tuple[slice, slice]:
    """The rows and columns of what is set in a mask that is not empty, with some room."""
    left, top, right, bottom = extent(holds)
    return slice(max(top - room, 0), bottom + room), slice(max(left - room, 0), right + room)
