"""Numbers in the middle of a digit, as examples for the weights of the division."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.recognition.prediction import Prediction
from training.numbers.fit import begun
from training.numbers.lattices import PARTS, UNFINISHED, lattices_of, of_strokes
from training.numbers.truth import ComposedNumber, Span, TruePart

NUMBER = ComposedNumber(
    Drawing.of([[(0, 0), (0, 100)], [(30, 0), (20, 60), (70, 60)], [(60, 30), (60, 100)]]),
    (TruePart("1", (Span(0, 0, 1),)), TruePart("4", (Span(1, 0, 2), Span(2, 0, 1)))),
    "somebody",
    ("apart",),
)
RECOGNIZER = SimpleNamespace(
    info=SimpleNamespace(calibration=SimpleNamespace(reject_below=0.5)),
    predict=lambda glyphs: [Prediction(("1", "4"), (0.99, 0.01)) for _ in glyphs],
)


def test_a_begun_number_has_its_first_strokes():
    whole, part = begun(NUMBER, 3), begun(NUMBER, 2)
    assert whole.parts == NUMBER.parts
    assert [one.text for one in part.parts] == ["1", UNFINISHED]
    assert part.drawing.strokes == NUMBER.drawing.strokes[:2]
    assert [one.text for one in begun(NUMBER, 1).parts] == ["1"]


def test_what_is_unfinished_may_be_any_symbol_or_none():
    (lattice,) = lattices_of([of_strokes(begun(NUMBER, 2))], RECOGNIZER)
    right = {kind: np.flatnonzero(lattice.right[:, i]).tolist() for i, kind in enumerate(PARTS)}
    # The one, the begun four, and both together.
    assert len(lattice.features) == 3
    assert (right["symbol"], right["other"], right["ligature"]) == ([0, 1], [1], [])
    assert lattice.is_possible
