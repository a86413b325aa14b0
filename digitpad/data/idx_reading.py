"""Sets in MNIST's form, read into memory with progress, wholly or in part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.idx import read_mnist
from digitpad.data.progress import Loading, Ticker
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from digitpad.data.idx import MnistFiles

_PIECE = 2000


def read_glyphs(
    files: MnistFiles, highest: int, total: int, chosen: NDArray[np.int64]
) -> Generator[Loading, None, NDArray[np.uint8]]:
    """Some glyphs of a set; the whole of it is read and checked.

    Args:
        files: the two files.
        highest: the highest label.
        total: how many the files have.
        chosen: int64 (k,), rising indices below the total.

    Returns:
        uint8 (k, 28, 28).

    Raises:
        DigitpadError: a file is damaged.
    """
    glyphs = np.empty((len(chosen), FIELD, FIELD), dtype=np.uint8)
    ticker = Ticker()
    start = 0
    for batch, _ in read_mnist(files, _PIECE, highest):
        low, high = np.searchsorted(chosen, (start, start + len(batch)))
        glyphs[low:high] = batch[chosen[low:high] - start]
        start += len(batch)
        if ticker.is_due():
            yield Loading("reading", start, total, "drawings")
    return glyphs
