"""A cluster that was divided, and which of its parts are rejected."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from digitpad.recognition.recognition import RecognizedPart

_LEAST_NUMBER, _LEAST_NARROW = math.log(0.2), math.log(0.9)
"""Linked ink of several parts is rejected if it is less probable than this that it is divided in
the right way and each part is a symbol. Letters have strokes that would pass for digits alone; they
are narrower than most numbers, so that of narrow strokes more is asked."""

_LEAST_SYMBOL = math.log(0.5)
"""A part beside one that is read is not rejected if it is at least so probable that it is a symbol:
by its place and size between digits, and by what the model says of it."""


@dataclass(frozen=True, slots=True, eq=False)
class DividedCluster:
    """A cluster's parts in no order, and the logarithm of their division's probability.

    Attributes:
        parts: predicted.
        doubtful: sources that may have to be cut.
        log_probability: of this division among all of the cluster. Together with the confidences of
            its parts it is that of the text.
        log_number: of several parts, how probable this division is, and that all are symbols.
        is_narrow: whether the ink is as narrow as a letter.
        keys: of the strokes of each part, see `Ink.key`; none for pictures.
        log_symbols: of each part, how probable it is that it is a symbol, by its shape and place,
            too; none where all is one symbol without doubt, and for pictures.
    """

    parts: tuple[RecognizedPart, ...]
    doubtful: tuple[int, ...]
    log_probability: float
    log_number: float = 0.0
    is_narrow: bool = False
    log_symbols: tuple[float, ...] = ()
    keys: tuple[Hashable, ...] = ()

    def settled(self) -> Iterator[Hashable]:
        """The keys of the parts that are clearly read."""
        for key, part in zip(self.keys, self.judged(is_alone=False), strict=False):
            prediction = part.prediction
            if prediction is not None and not prediction.rejected and prediction.is_sure:
                yield key

    def judged(self, *, is_alone: bool) -> tuple[RecognizedPart, ...]:
        """The parts, rejected if they are hardly a number.

        Among digits, what the model alone would reject by little is kept if it is probably one,
        too.

        Args:
            is_alone: whether nothing else in the drawing has been read.
        """
        may_be_letter = self.is_narrow and is_alone
        if self.log_number < (_LEAST_NARROW if may_be_letter else _LEAST_NUMBER):
            return tuple(_with_rejected(part, rejected=True) for part in self.parts)
        if may_be_letter or (is_alone and not is_read(self.parts)):
            return self.parts
        unknown = [-math.inf] * (len(self.parts) - len(self.log_symbols))
        return tuple(
            _with_rejected(part, rejected=False) if log_symbol >= _LEAST_SYMBOL else part
            for part, log_symbol in zip(self.parts, [*self.log_symbols, *unknown], strict=True)
        )


def is_read(parts: Iterable[RecognizedPart]) -> bool:
    """Whether one of the parts is not rejected."""
    return any(part.prediction is not None and not part.prediction.rejected for part in parts)


def _with_rejected(part: RecognizedPart, *, rejected: bool) -> RecognizedPart:
    prediction = part.prediction
    if prediction is None or prediction.rejected == rejected:
        return part
    return replace(part, prediction=replace(prediction, rejected=rejected))
