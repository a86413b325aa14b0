"""All drawings of a kind, redrawn many times; kept on disk, since several trainings share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.dataset import DIGITS, Dataset
from digitpad.learning.augmentation.redraw import Redrawing, redraw
from training.recipe.drawings import read_drawings
from training.sources import key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from training.recipe.drawings import Kind, Labelled

_ORDER: tuple[Kind, ...] = ("pen", "unipen", "letters", "characters", "symbols")

_MADE_BY = ("digitpad.learning.augmentation.redraw", "digitpad.ink.stroke_file")


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """Drawings of one kind.

    Attributes:
        drawings: as they were drawn.
        glyphs: uint8 (len(drawings), copies, 28, 28); the first of each is the drawing itself.
    """

    drawings: list[Labelled]
    glyphs: NDArray[np.uint8]

    def dataset(self, wanted: Callable[[Labelled], bool]) -> Dataset:
        """All copies of some of the drawings; of any number, maybe none."""
        copies = self.glyphs.shape[1]
        chosen = np.array([wanted(one) for one in self.drawings], dtype=bool)
        labels = np.array([one.label for one in self.drawings], dtype=np.int64)[chosen]
        glyphs = self.glyphs[chosen]
        return Dataset(glyphs.reshape(-1, *glyphs.shape[2:]), np.repeat(labels, copies), DIGITS)


def redrawn(
    folder: Path,
    kind: Kind,
    copies: int,
    seed: int,
    redrawing: Redrawing | None,
    kept: Path | None = None,
) -> Redrawn:
    """Redraw the drawings of a kind.

    Args:
        folder: holds ``pen``.
        kind: names the file.
        copies: glyphs of each drawing, at least 1.
        seed: of the changes.
        redrawing: how far they go; None repeats the drawings as they are.
        kept: folder where the glyphs are kept, and found again while neither the data nor the
            program that makes them has changed; None keeps nothing.

    Raises:
        DigitpadError: the file is missing or damaged.
    """
    drawings = read_drawings(folder, kind)
    path = None
    if kept is not None:
        # Who is held out is decided later, and changes nothing here.
        name = key((copies, seed, redrawing), _MADE_BY, folder / "pen")
        path = kept / f"redrawn-{kind}-{name}.npy"
        if path.exists():
            return Redrawn(drawings, np.load(path, mmap_mode="r", allow_pickle=False))
    random = np.random.default_rng([seed, _ORDER.index(kind)])
    plain = [one.drawing for one in drawings]
    if redrawing is None:
        glyphs = np.repeat(redraw(plain, 1, Redrawing(), random), copies, axis=1)
    else:
        glyphs = redraw(plain, copies, redrawing, random)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part.npy")
        np.save(partial, glyphs)
        partial.replace(path)
    return Redrawn(drawings, glyphs)
