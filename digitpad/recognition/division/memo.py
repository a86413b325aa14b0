"""What a model has been asked for: the latest candidates and clusters."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.recognition.division.divided import DividedCluster
    from digitpad.recognition.recognition import RecognizedPart

    Looks = NDArray[np.float32]

_REMEMBERED = 1500
"""Candidates that are remembered: those of some pages full of digits."""

_VIEWS = 3000
"""Their views that are remembered: a candidate looks otherwise when there is more ink beside it."""


@dataclass(eq=False)
class Memo:
    """The candidates that a model has been asked for, the latest ones.

    Attributes:
        known: candidates with their predictions.
        divided: clusters with their divisions.
        settled: strokes that were clearly read as one symbol when a drawing was read last. They
            stay one while the writer goes on, unless that is much less probable.
        seen: views of candidates with what the rating network sees there, float32 (SEEN,).
        asked: how many glyphs have been predicted.
        has_own_symbols: whether the model knows a set of the user's own symbols. They may be as
            wide as two digits: what it reads as one is one, and so is what it cannot read in parts.
    """

    known: OrderedDict[Hashable, RecognizedPart] = field(default_factory=OrderedDict)
    divided: OrderedDict[Hashable, DividedCluster] = field(default_factory=OrderedDict)
    seen: OrderedDict[Hashable, Looks] = field(default_factory=OrderedDict)
    settled: frozenset[Hashable] = frozenset()
    asked: int = 0
    has_own_symbols: bool = False

    def get(self, key: Hashable) -> RecognizedPart | None:
        """The candidate, predicted; None if it is not known."""
        found = self.known.get(key)
        if found is not None:
            self.known.move_to_end(key)
        return found

    def add(self, key: Hashable, part: RecognizedPart) -> None:
        """Remember a predicted candidate."""
        self.known[key] = part

    def copy(self) -> Memo:
        """The same for another thread; nothing has been asked for in it."""
        return Memo(
            OrderedDict(self.known),
            OrderedDict(self.divided),
            OrderedDict(self.seen),
            self.settled,
            has_own_symbols=self.has_own_symbols,
        )

    def update(self, other: Memo) -> None:
        """Take over what a copy has been asked for since, and forget what is too much."""
        self.known.update(other.known)
        self.divided.update(other.divided)
        self.seen.update(other.seen)
        self.settled = other.settled
        self.trim()

    def trim(self) -> None:
        """Forget what has not been used for long."""
        while len(self.known) > _REMEMBERED:
            self.known.popitem(last=False)
        while len(self.divided) > _REMEMBERED:
            self.divided.popitem(last=False)
        while len(self.seen) > _VIEWS:
            self.seen.popitem(last=False)
