"""Numbers that are not finished: what the pad has to read while the writer goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.drawing import Drawing
from training.numbers.truth import TruePart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training.numbers.truth import ComposedNumber, Joint


def begun(numbers: Iterable[ComposedNumber], seed: int) -> Iterator[ComposedNumber]:
    """Numbers up to the end of a stroke after which a digit is begun and another one is finished.

    What is begun has no text: the first stroke of a 5 may or may not be read as one. Numbers
    without such a stroke are passed over.

    Args:
        numbers: whole ones.
        seed: at least 0.
    """
    random = np.random.default_rng([seed, 77])
    for one in numbers:
        strokes = one.drawing.strokes
        first = [min(span.stroke for span in part.spans) for part in one.parts]
        last = [max(span.stroke for span in part.spans) for part in one.parts]
        pairs = list(zip(first, last, strict=True))
        ends = [
            end
            for end in range(1, len(strokes))
            if any(a < end <= b for a, b in pairs) and any(b < end for _, b in pairs)
        ]
        if ends:
            yield _up_to(one, ends[int(random.integers(len(ends)))])


def _up_to(one: ComposedNumber, end: int) -> ComposedNumber:
    parts = []
    for part in one.parts:
        spans = tuple(span for span in part.spans if span.stroke < end)
        if spans:
            is_whole = len(spans) == len(part.spans)
            parts.append(TruePart(part.text if is_whole else None, spans, part.before))
    apart: Joint = "apart"
    return replace(
        one,
        drawing=Drawing(one.drawing.strokes[:end]),
        parts=tuple(parts),
        joints=(apart,) * (len(parts) - 1),
        kind="begun",
    )
