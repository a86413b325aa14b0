"""Numbers that are not finished."""

from __future__ import annotations

from digitpad.ink.drawing import Drawing, Stroke
from training.numbers.begun import begun
from training.numbers.truth import ComposedNumber, Span, TruePart

STROKES = tuple(Stroke.of([(x, 0.0), (x, 100.0)]) for x in (0.0, 100.0, 200.0, 300.0))


def number(*parts: tuple[int, ...]) -> ComposedNumber:
    """A number whose parts have these strokes."""
    return ComposedNumber(
        Drawing(STROKES),
        tuple(TruePart(str(i), tuple(Span(at, 0, 1) for at in one)) for i, one in enumerate(parts)),
        "somebody",
        ("apart",) * (len(parts) - 1),
    )


def test_a_number_ends_within_a_digit_after_a_finished_one():
    (one,) = begun([number((0,), (1, 2), (3,))], 0)
    assert one.kind == "begun"
    assert one.drawing.strokes == STROKES[:2]
    assert [(part.text, len(part.spans)) for part in one.parts] == [("0", 1), (None, 1)]
    assert one.text is None
    assert len(one.joints) == 1


def test_a_number_without_such_an_end_is_passed_over():
    assert list(begun([number((0,), (1,), (2,), (3,)), number((0, 1, 2, 3))], 0)) == []


def test_a_digit_that_is_finished_last_is_begun_for_long():
    ends = {len(one.drawing.strokes) for one in begun([number((0, 3), (1,), (2,))] * 40, 0)}
    assert ends == {2, 3}
