"""What is left out of UNIPEN's digits, site by site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.recipe.drawings import read_drawings
from training.recipe.splits import site_of

if TYPE_CHECKING:
    from pathlib import Path


def site_counts(folder: Path) -> dict[str, dict[str, int]]:
    """How many "drawings" there are of each site, of how many "writers", and "fragments" of them.

    Args:
        folder: holds ``pen``.

    Raises:
        DigitpadError: the file is missing or damaged.
    """
    drawings = read_drawings(folder, "unipen")
    counts = {}
    for site in sorted({site_of(one.writer) for one in drawings}):
        theirs = [one for one in drawings if site_of(one.writer) == site]
        counts[site] = {
            "drawings": len(theirs),
            "writers": len({one.writer for one in theirs}),
            "fragments": sum(one.is_fragment for one in theirs),
        }
    return counts
