from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.parts import stroke_bounds
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition, RecognizedPart
from training.numbers.settled import settled
from training.numbers.truth import ComposedNumber, Span, TruePart

STROKES = tuple(Stroke.of([(x, 0.0), (x, 100.0)]) for x in (0.0, 200.0, 400.0))
NUMBER = ComposedNumber(
    Drawing(STROKES),
    tuple(TruePart("1", (Span(at, 0, 1),)) for at in range(3)),
    "somebody",
    ("apart", "apart"),
)


def part(strokes: tuple[Stroke, ...], text: str) -> RecognizedPart:
    prediction = Prediction((text,), (1.0,))
    return RecognizedPart(stroke_bounds(strokes), None, prediction, ink=strokes)


def each_alone(drawing: Drawing) -> Recognition:
    return Recognition(drawing, tuple(part((stroke,), "1") for stroke in drawing.strokes))


def test_digits_that_stay_have_not_changed():
    assert settled([NUMBER], each_alone) == (2, 0, 1, 1)


def test_a_digit_that_is_read_in_another_way_later_has_changed():
    def read(drawing: Drawing) -> Recognition:
        last = "7" if len(drawing.strokes) == 3 else "1"
        first, *others = drawing.strokes
        return Recognition(
            drawing, (part((first,), last), *(part((stroke,), "1") for stroke in others))
        )

    assert settled([NUMBER], read) == (2, 1, 1, 0)


def test_a_digit_that_is_joined_with_its_neighbour_later_has_changed():
    def read(drawing: Drawing) -> Recognition:
        if len(drawing.strokes) < 3:
            return each_alone(drawing)
        return Recognition(drawing, (part(drawing.strokes[:2], "4"), part(STROKES[2:], "1")))

    assert settled([NUMBER], read) == (2, 2, 1, 0)


def test_joined_numbers_are_passed_over():
    joined = ComposedNumber(NUMBER.drawing, NUMBER.parts, "somebody", ("joined", "apart"))
    assert settled([joined], each_alone) == (0, 0, 0, 0)
