"""From the choice of data to the drawings in memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.catalog import describe
from digitpad.data.drawings import Drawings
from digitpad.data.own import read_mnist_folder, read_pictures, read_stroke_file
from digitpad.data.progress import Loading, Ticker
from digitpad.data.remote.download import PATIENCE
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Generator

    from digitpad.data.choice import DataChoice
    from digitpad.data.remote.download import Patience
    from digitpad.data.training_data import LabelledData

__all__ = ["Loaded", "Loading", "load_data"]

_SYNTHETIC_COUNT = 20_000
"""Synthetic digits that are made where no number is asked for."""

_SYNTHETIC_BATCH = 50


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The data is there; the last event.

    Attributes:
        labelled: at least two classes.
    """

    labelled: LabelledData


def load_data(
    choice: DataChoice, folder: Path, seed: int, patience: Patience = PATIENCE
) -> Generator[Loading | Loaded]:
    """Bring the drawings of a choice into memory.

    Whoever iterates drives it, in the calling thread; closing the generator gives up at once.
    What has been downloaded is kept for the next time.

    Args:
        choice: what to load. The same choice and seed give the same drawings in the same order.
        folder: where downloaded sets are kept, those of each set as torchvision would lay them.
        seed: of the choice of some drawings out of many, and of synthetic digits.
        patience: with slow servers.

    Yields:
        Loading events, at least about every 100 ms whatever a network does, then Loaded.

    Raises:
        DigitpadError: the data cannot be had, is damaged, or cannot be learned from.
    """
    try:
        drawings = yield from _read(choice, folder, seed, patience)
    except MemoryError:
        raise DigitpadError(
            "{title} is larger than the memory: choose a smaller number of drawings.",
            title=describe(choice.kind).title,
        ) from None
    # torch is imported last: a choice that cannot be loaded is refused without it.
    import torch

    from digitpad.data.training_data import GlyphSet, LabelledData

    glyphs, labels = torch.from_numpy(drawings.glyphs), torch.from_numpy(drawings.labels)
    yield Loaded(LabelledData(drawings.classes, GlyphSet(glyphs, labels), drawings.title))


def _read(
    choice: DataChoice, folder: Path, seed: int, patience: Patience
) -> Generator[Loading, None, Drawings]:
    if choice.kind == "recipe":
        raise DigitpadError(
            "This configuration was trained on data that a program handed over, and that cannot be"
            " found by a name: choose other data."
        )
    if choice.kind == "synthetic":
        return (yield from _draw(choice.count or _SYNTHETIC_COUNT, seed))
    if choice.path is not None and choice.kind in {"mnist", "pictures", "strokes"}:
        if "\0" in choice.path:
            raise DigitpadError("{path!r} is not the name of a file or folder.", path=choice.path)
        place = Path(os.path.expanduser(choice.path))  # noqa: PTH111 - never fails
        readers = {
            "mnist": read_mnist_folder,
            "pictures": read_pictures,
            "strokes": read_stroke_file,
        }
        return (yield from readers[choice.kind](place, choice.count, seed))
    # torchvision takes seconds to import.
    yield Loading("checking", 0, None, "bytes")
    from digitpad.data.torchvision_sets import read_torchvision_set

    return (yield from read_torchvision_set(choice.kind, folder, choice.count, seed, patience))


def _draw(count: int, seed: int) -> Generator[Loading, None, Drawings]:
    from digitpad.data.synthetic.digits import CLASSES, synthetic_digits

    glyphs = np.empty((count, FIELD, FIELD), dtype=np.uint8)
    labels = np.empty(count, dtype=np.int64)
    ticker = Ticker()
    done = 0
    for some, theirs in synthetic_digits(count, seed, _SYNTHETIC_BATCH):
        glyphs[done : done + len(some)] = some
        labels[done : done + len(some)] = theirs
        done += len(some)
        if ticker.is_due():
            yield Loading("drawing", done, count, "drawings")
    return Drawings(describe("synthetic").title, CLASSES, glyphs, labels)
