from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from ink_strategies import drawings
from sentences import raises_error

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.files.svg import parse_svg
from digitpad.ink.picture import Picture
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.svg import to_svg

SEVEN = Drawing(
    (
        Stroke.of([[-200, -300], [200, -310.5], [-50, 300]], [0.2, 0.9, 1.0], 60),
        Stroke.of([[-100, 0], [150, 0]], width=75),
        Stroke.of([[10, 10]], width=20),
    )
)


def reopened(drawing: Drawing) -> Drawing:
    return parse_svg(to_svg(drawing).encode(), "seven.svg")


def test_a_drawing_comes_back_stroke_by_stroke() -> None:
    again = reopened(SEVEN)
    assert len(again.strokes) == 3
    for before, after in zip(SEVEN.strokes, again.strokes, strict=True):
        assert after.points == pytest.approx(before.points, abs=0.01)
        assert after.widths == pytest.approx(before.widths, rel=0.15)
    ours, theirs = (preprocess(one).glyph.astype(float) for one in (SEVEN, again))
    assert np.abs(ours - theirs).max() < 10


@given(drawings())
@settings(deadline=None, max_examples=50)
def test_any_drawing_opens_again(drawing: Drawing) -> None:
    again = reopened(drawing)
    assert len(again.strokes) == len(drawing.strokes)
    extent = max(float(np.abs(one.points).max()) + one.width for one in drawing.strokes)
    for before, after in zip(drawing.strokes, again.strokes, strict=True):
        moved = np.append(True, np.any(np.diff(before.points, axis=0) != 0, axis=1))
        assert after.points == pytest.approx(before.points[moved], abs=extent * 1e-3)


def test_a_picture_comes_back_as_it_was() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (17, 23, 4), np.uint8)
    again = reopened(Drawing(picture=Picture(pixels)))
    assert again.picture is not None
    np.testing.assert_array_equal(again.picture.pixels, pixels)


FRAME = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg">\n{}\n</svg>\n'
)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<rect/>",
        "seven",
        '<path stroke-width="1" d="M0 0"/>',
        '<path stroke-width="1" d="M0 0C1 1 2 2"/>',
        '<path stroke-width="1" d="M0 0C1 1 2 2 3 1e9"/>',
        '<path stroke-width="1" d="M0 0C1 1 2 2 3 9999999999"/>',
        '<path stroke-width="-1" d="M0 0C1 1 2 2 3 3"/>',
        '<path stroke-width="1" d="M0 0C1 1 2 2 3 1.2.3"/>',
        '<circle cx="1" cy="1" r="-1" fill="#000" stroke="none"/>',
        '<image width="1" height="1" xlink:href="data:image/png;base64,!"/>',
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<script>alert("7")</script>',
    ],
)
def test_other_svg_is_refused(content: str) -> None:
    with raises_error("{name} is an SVG drawing of another program", name="seven.svg"):
        parse_svg(FRAME.format(content).encode(), "seven.svg")


def test_bytes_that_are_no_text_are_refused() -> None:
    with raises_error("{name} is an SVG drawing of another program"):
        parse_svg(b"<svg>\xff\n", "seven.svg")


def test_a_huge_file_is_refused() -> None:
    with raises_error("{name} is larger than {megabytes} MB"):
        parse_svg(b"<svg>" * 2**23, "seven.svg")


def test_a_drawing_of_too_many_points_is_refused() -> None:
    line = '<path stroke-width="1" d="M0 0' + "C1 1 2 2 3 3" * 130_000 + '"/>'
    with raises_error("{name} is an SVG drawing of another program"):
        parse_svg(FRAME.format(f"{line}\n{line}").encode(), "seven.svg")
