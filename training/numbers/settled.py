"""Whether digits that were read stay as they are while the writer goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.ink.parts import stroke_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digitpad.ink.parts import Bounds
    from digitpad.recognition.recognition import Recognition
    from training.numbers.truth import ComposedNumber

_NEAR = 1.0
"""Pad units by which the bounds of a part and those of a digit may differ."""


class Settled(NamedTuple):
    """Digits that were finished before the last stroke, and what became of them.

    Attributes:
        finished: how many there are.
        changed: how many of them changed afterwards.
        numbers: that were written.
        right: how many of these were right in the end.
    """

    finished: int
    changed: int
    numbers: int
    right: int

    @property
    def share(self) -> float:
        """That changed; 0 of none."""
        return self.changed / self.finished if self.finished else 0.0


def settled(numbers: Iterable[ComposedNumber], read: Callable[[Drawing], Recognition]) -> Settled:
    """Read numbers at the end of each stroke, and count the digits that do not stay as they were.

    A digit is what it is read as when its last stroke ends: the text of the part that has its ink
    and no other, or nothing where it is no part. It has changed if it is anything else at the end
    of a later stroke. Numbers with joined digits are passed over: there a digit ends within a
    stroke.

    Args:
        numbers: as they are written.
        read: reads a drawing as the pad does.
    """
    finished = changed = count = right = 0
    for number in numbers:
        if "joined" in number.joints:
            continue
        ends = [max(span.stroke for span in part.spans) for part in number.parts]
        bounds = [stroke_bounds(number.true_drawing(at).strokes) for at in range(len(number.parts))]
        first: dict[int, str] = {}
        moved: set[int] = set()
        strokes = number.drawing.strokes
        for last in range(len(strokes)):
            found = read(Drawing(strokes[: last + 1]))
            for at, end in enumerate(ends):
                if end == last:
                    first[at] = _text_within(found, bounds[at])
                elif end < last and first[at] != _text_within(found, bounds[at]):
                    moved.add(at)
        right += found.text == number.text
        count += 1
        finished += sum(end < len(strokes) - 1 for end in ends)
        changed += len(moved)
    return Settled(finished, changed, count, right)


def _text_within(found: Recognition, bounds: Bounds) -> str:
    return "".join(
        part.prediction.text
        for part in found.parts
        if part.prediction is not None and np.allclose(part.bounds, bounds, rtol=0.0, atol=_NEAR)
    )
