"""Batches of labelled glyphs, as readers give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

T = TypeVar("T")


class Origin(NamedTuple):
    """Where a sample came from.

    Attributes:
        file: the picture, or the file with many samples.
        line: its line, or its number in MNIST's files, from 1; None for a picture.
        key_id: its id in the file; None if it has none.
    """

    file: Path
    line: int | None = None
    key_id: str | None = None

    def name_in(self, source: Path) -> str:
        """Its name within a dataset: "line 4", or a path below the folder `source`."""
        if self.line is not None:
            return f"line {self.line}"
        inside = self.file.is_relative_to(source)
        return str(self.file.relative_to(source) if inside else self.file)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some samples of a dataset, in its order.

    Attributes:
        glyphs: uint8 (n, 28, 28).
        names: the label of each, as a name.
        places: int64 (n,), the index of each among all samples of the dataset. Samples that are
            left out count as well.
        origins: where each came from.
    """

    glyphs: NDArray[np.uint8]
    names: Sequence[str]
    places: NDArray[np.int64]
    origins: Sequence[Origin]

    def __len__(self) -> int:
        return len(self.names)


def batches_of(
    named: Iterable[tuple[str, Origin, T]],
    glyph: Callable[[T], NDArray[np.uint8]],
    size: int,
    chosen: NDArray[np.int64] | None,
    failed: Callable[[Origin, DigitpadError], None],
) -> Iterator[Batch]:
    """Make the batches that `digitpad.data.readers.Reader.batches` promises.

    Args:
        named: of each sample its label, its origin, and what its glyph is made of.
        glyph: makes a glyph, uint8 (28, 28); called for the chosen samples only.
        size: samples in a batch.
        chosen: ascending places of the wanted samples; None for all.
        failed: called if a glyph cannot be made; may raise.
    """
    wanted = None if chosen is None else frozenset(chosen.tolist())
    gathered: list[tuple[NDArray[np.uint8], str, int, Origin]] = []
    place = -1
    for place, (name, origin, drawing) in enumerate(named):
        if wanted is None or place in wanted:
            try:
                gathered.append((glyph(drawing), name, place, origin))
            except DigitpadError as error:
                failed(origin, error)
        if (place + 1) % size == 0:
            yield _batch(gathered)
            gathered = []
    if gathered:
        yield _batch(gathered)


def _batch(gathered: Sequence[tuple[NDArray[np.uint8], str, int, Origin]]) -> Batch:
    if not gathered:
        nothing = np.empty((0, FIELD, FIELD), dtype=np.uint8)
        return Batch(nothing, (), np.empty(0, dtype=np.int64), ())
    glyphs, names, places, origins = zip(*gathered, strict=True)
    return Batch(np.stack(glyphs), names, np.array(places, dtype=np.int64), origins)
