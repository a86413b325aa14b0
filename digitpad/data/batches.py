"""Drawings as readers give them: a batch of glyphs, with what each shows and where it came from."""

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
    """Where a drawing came from.

    Attributes:
        file: the picture, or the file that holds it with others.
        line: which line, or which digit of MNIST's files, it is, from 1; None for a picture.
        key_id: the file's own name for it, where it has one.
    """

    file: Path
    line: int | None = None
    key_id: str | None = None

    def name_in(self, source: Path) -> str:
        """What to call it within a dataset."""
        if self.line is not None:
            return f"line {self.line}"
        inside = self.file.is_relative_to(source)
        return str(self.file.relative_to(source) if inside else self.file)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some drawings, in their order.

    Attributes:
        glyphs: uint8 (n, 28, 28).
        names: what each is said to show.
        places: int64 (n,), which of all drawings they are, from 0; those that are left out keep
            their places.
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
    """Batches as `digitpad.data.readers.Reader` promises them.

    Args:
        named: the name of each drawing, where it came from, and what its glyph is made of.
        glyph: makes it; asked for the chosen drawings only.
        size: drawings that make a batch.
        chosen: rising places of the drawings that are wanted; None wants all.
        failed: called for a drawing of which no glyph can be made; may raise.
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
