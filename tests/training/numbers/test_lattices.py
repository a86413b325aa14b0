"""The candidates of labelled pictures, and which of them are right."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitpad.data.dataset import DIGITS
from digitpad.ink.division.views import COLUMNS, LAYERS, ROWS
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.picture import Picture
from digitpad.recognition.division.rating import NOT_WHOLE, OTHER, PARTS
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognizer import Recognizer
from training.numbers.lattices import lattices_of, of_picture, of_strokes
from training.numbers.pictures import TrueInk
from training.numbers.truth import ComposedNumber, Span, TruePart

RING = np.linspace(-np.pi / 2, 3 * np.pi / 2, 60)
LEFT, RIGHT = 150, 270


def nought(x: int) -> list[tuple[float, float]]:
    return [(x + 35 * np.cos(a), 150 + 45 * np.sin(a)) for a in RING.tolist()]


def inked(points: list[tuple[float, float]]) -> np.ndarray:
    image = Image.new("L", (460, 300))
    ImageDraw.Draw(image).line(points, 255, 9, "curve")
    return np.asarray(image)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_model(bundled_model_path()))


def test_the_line_from_one_digit_to_the_next_in_a_picture_may_be_a_ligature(
    recognizer, monkeypatch
):
    # It is cut in many places.
    monkeypatch.setattr("training.numbers.lattices._MOST_IN_PICTURES", 1000)
    digits = [inked(nought(LEFT)), inked(nought(RIGHT))]
    line = inked([(LEFT, 105), (RIGHT, 105)])
    grey = 255 - np.max([*digits, line], axis=0)
    pixels = np.dstack((grey, grey, grey, np.full_like(grey, 255)))
    parts = [TrueInk("0", (0, 0, 460, 300), ink) for ink in digits]
    example = of_picture(Picture(pixels), parts)
    assert example is not None
    (one,) = lattices_of([example], recognizer)
    assert one.is_possible
    assert one.right[:, PARTS.index("ligature")].any()


def example(
    *strokes: Stroke, spans: list[tuple[Span, ...]], texts: list[str | None], kind="number"
):
    parts = tuple(TruePart(text, one) for text, one in zip(texts, spans, strict=True))
    return of_strokes(ComposedNumber(Drawing(strokes), parts, "somebody", kind=kind))


def bar(x: float, top: float = 0.0, bottom: float = 100.0) -> Stroke:
    return Stroke.of([(x, y) for y in np.linspace(top, bottom, 12).tolist()])


def whole(stroke: int) -> Span:
    return Span(stroke, 0, 11)


def test_a_crumb_more_or_less_is_right(recognizer):
    # A bar and a crumb under it, which is of the same symbol, and another bar beside it.
    one = example(
        bar(0.0, 0.0, 90.0),
        bar(0.0, 96.0, 100.0),
        bar(30.0),
        spans=[(whole(0), whole(1)), (whole(2),)],
        texts=["1", "1"],
    )
    (lattice,) = lattices_of([one], recognizer)
    assert lattice.is_possible
    symbols = lattice.right[:, PARTS.index("symbol")]
    # Each bar, alone and with the crumb.
    assert symbols.sum() == 4
    assert (lattice.classes[symbols] == 1).all()
    # Both bars together are no symbol.
    assert NOT_WHOLE in lattice.classes


def test_what_is_begun_may_be_a_symbol_or_not(recognizer):
    spans = [(whole(0),), (whole(1),)]
    for kind, count in (("begun", 2), ("symbol", 1)):
        one = example(bar(0.0), bar(30.0), spans=spans, texts=["1", None], kind=kind)
        (lattice,) = lattices_of([one], recognizer)
        assert lattice.right[:, PARTS.index("symbol")].sum() == count
        assert lattice.right[:, PARTS.index("other")].sum() == 1
        assert (lattice.classes == OTHER).sum() == 1


def test_the_views_of_a_lattice_are_those_of_its_candidates(recognizer):
    one = example(bar(0.0), bar(30.0), spans=[(whole(0),), (whole(1),)], texts=["1", "1"])
    (lattice,) = lattices_of([one], recognizer)
    assert lattice.views.shape == (len(lattice.features), LAYERS, ROWS, COLUMNS)
    own, others = lattice.views.astype(int).sum(axis=(2, 3)).T
    assert (own > 0).all()
    assert (others == 0).sum() == 1


def test_a_lattice_knows_what_the_model_says_of_each_candidate(recognizer):
    one = example(bar(0.0), bar(30.0), spans=[(whole(0),), (whole(1),)], texts=["1", "7"])
    (lattice,) = lattices_of([one], recognizer)
    assert lattice.told.shape == (lattice.parts, len(DIGITS))
    assert np.allclose(np.exp(lattice.told).sum(axis=1), 1.0, atol=0.01)
    is_all = lattice.trust[:, 1] == 0.0
    assert is_all.sum() == 1
    assert (lattice.trust[is_all] == (1.0, 0.0)).all()
    # What is written counts, not what the model says.
    assert sorted(lattice.classes[~is_all].tolist()) == [1, 7]
    assert (lattice.told.argmax(axis=1)[~is_all] == 1).all()
