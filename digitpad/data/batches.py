"""Batches of labelled samples, as readers give them: as glyphs, or made into something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

T = TypeVar("T")
V = TypeVar("V")


class Origin(NamedTuple):
    """Where a sample came from.

    Attributes:
        file: the picture, or the file with many samples.
        line: its line, or its number in MNIST's files, from 1; None for a picture.
        key_id: its id in the file; None if it has none.
        is_flagged: whether the file says that its label may be a slip.
    """

    file: Path
    line: int | None = None
    key_id: str | None = None
    is_flagged: bool = False

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


@dataclass(frozen=True, slots=True, eq=False)
class Samples(Generic[T]):
    """Some samples of a dataset, in its order, each made into a T.

    Attributes:
        made: what was made of each.
        names: see `Batch`.
        places: see `Batch`.
        origins: see `Batch`.
    """

    made: Sequence[T]
    names: Sequence[str]
    places: Sequence[int]
    origins: Sequence[Origin]

    def __len__(self) -> int:
        return len(self.names)


def samples_of(
    named: Iterable[tuple[str, Origin, T]],
    make: Callable[[T], V],
    size: int,
    chosen: NDArray[np.int64] | None,
    failed: Callable[[Origin, DigitpadError], None],
) -> Iterator[Samples[V]]:
    """Samples by the batch, as `digitpad.data.readers.Reader.batches` promises.

    Args:
        named: of each sample its label, its origin, and its content.
        make: makes something of the content; called for the chosen samples only.
        size: samples in a batch.
        chosen: ascending places of the wanted samples; None for all.
        failed: called if `make` fails with a `DigitpadError`; may raise.
    """
    wanted = None if chosen is None else frozenset(chosen.tolist())
    gathered: list[tuple[V, str, int, Origin]] = []
    place = -1
    for place, (name, origin, content) in enumerate(named):
        if wanted is None or place in wanted:
            try:
                gathered.append((make(content), name, place, origin))
            except DigitpadError as error:
                failed(origin, error)
        if (place + 1) % size == 0:
            yield _samples(gathered)
            gathered = []
    if gathered:
        yield _samples(gathered)


def _samples(gathered: Sequence[tuple[V, str, int, Origin]]) -> Samples[V]:
    if not gathered:
        return Samples((), (), (), ())
    made, names, places, origins = zip(*gathered, strict=True)
    return Samples(made, names, places, origins)


def batches_of(
    named: Iterable[tuple[str, Origin, T]],
    glyph: Callable[[T], NDArray[np.uint8]],
    size: int,
    chosen: NDArray[np.int64] | None,
    failed: Callable[[Origin, DigitpadError], None],
) -> Iterator[Batch]:
    """As `samples_of`, where `glyph` makes a glyph, uint8 (28, 28)."""
    for samples in samples_of(named, glyph, size, chosen, failed):
        # Without samples there is nothing to stack.
        glyphs = np.array(samples.made, np.uint8).reshape(-1, FIELD, FIELD)
        places = np.array(samples.places, np.int64)
        yield Batch(glyphs, samples.names, places, samples.origins)
