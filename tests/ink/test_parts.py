import numpy as np
import pytest

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.parts import whole_drawing
from digitpad.ink.photo.preprocessing import WORKING_SIDE
from digitpad.ink.picture import Picture
from digitpad.ink.preprocessing import preprocess, preprocess_part


def page(side: int) -> Picture:
    """White paper with a black block: a tenth of the side wide, from two tenths on."""
    pixels = np.full((side, side // 2, 4), 255, np.uint8)
    pixels[side // 5 : side // 2, side // 10 : side // 5, :3] = 0
    return Picture(pixels)


def test_strokes_are_one_part_in_their_own_units() -> None:
    drawing = Drawing((Stroke.of([[0, 10], [30, 20]], width=4.0), Stroke.of([[-5, 60]], width=10)))
    part = whole_drawing(drawing)
    assert part.bounds == (-10.0, 8.0, 32.0, 65.0)
    assert part.ink == drawing.strokes


@pytest.mark.parametrize("side", [400, 2 * WORKING_SIDE])
def test_the_bounds_in_a_picture_are_in_its_own_pixels(side: int) -> None:
    part = whole_drawing(Drawing(picture=page(side)))
    assert part.bounds == (side // 10, side // 5, side // 5, side // 2)


def test_a_second_block_beside_the_first_is_not_passed_over() -> None:
    alone = whole_drawing(Drawing(picture=page(400)))
    pixels = page(400).pixels.copy()
    pixels[80:200, 120:160, :3] = 0
    one = whole_drawing(Drawing(picture=Picture(pixels)))
    assert (alone.is_alone, one.is_alone) == (True, False)


@pytest.mark.parametrize(
    "drawing",
    [Drawing.of([[[0, 0], [50, 100]]]), Drawing(picture=page(200))],
    ids=["strokes", "picture"],
)
def test_one_symbol_has_the_glyph_of_the_whole_drawing(drawing: Drawing) -> None:
    part = whole_drawing(drawing)
    glyph = preprocess(drawing).glyph
    assert np.array_equal(preprocess_part(part).glyph, glyph)


def test_an_empty_drawing_has_no_parts() -> None:
    with pytest.raises(ValueError, match="no strokes"):
        whole_drawing(Drawing())
