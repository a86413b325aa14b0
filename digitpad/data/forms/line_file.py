"""The common part of the readers of files with a sample on each line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from digitpad.data.batches import Origin, batches_of
from digitpad.data.forms.content import count_lines
from digitpad.data.left_out import leave_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.data.batches import Batch
    from digitpad.data.left_out import LeftOut
    from digitpad.errors import DigitpadError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LineFile(ABC, Generic[T]):
    """A reader of a file with a sample on each line, from which a T is parsed.

    Attributes:
        source: see `digitpad.data.readers.Reader`.
    """

    source: Path
    classes: ClassVar[None] = None

    def count(self) -> int | None:
        """See `Reader`. Empty lines count, too."""
        return count_lines(self.source)

    def names(self, left_out: LeftOut | None = None) -> Iterator[str]:
        """See `Reader`. No glyph is made."""
        for name, _, _ in self._drawings(left_out):
            yield name

    def batches(
        self,
        size: int,
        chosen: NDArray[np.int64] | None = None,
        left_out: LeftOut | None = None,
    ) -> Iterator[Batch]:
        """See `Reader`. Only the chosen samples become glyphs."""
        failed = partial(self._failed, left_out)
        return batches_of(self._drawings(left_out), self._glyph, size, chosen, failed)

    def _failed(self, left_out: LeftOut | None, origin: Origin, error: DigitpadError) -> None:
        leave_out(left_out, origin.name_in(self.source), error)

    def _leave_out(self, left_out: LeftOut | None, line: int, error: DigitpadError) -> None:
        self._failed(left_out, Origin(self.source, line), error)

    @abstractmethod
    def _drawings(self, left_out: LeftOut | None) -> Iterator[tuple[str, Origin, T]]:
        """The label, the origin and the parsed content of each sample."""

    @abstractmethod
    def _glyph(self, drawing: T) -> NDArray[np.uint8]:
        """Make a glyph, uint8 (28, 28).

        Raises:
            DigitpadError: none can be made.
        """
