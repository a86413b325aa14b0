from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from sentences import raises_error

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import BOX, FIELD, StrokeStages, preprocess_strokes
from digitpad.ink.photo.ink_mask import otsu
from digitpad.ink.photo.preprocessing import (
    WORKING_SIDE,
    PictureStages,
    box_ink,
)
from digitpad.ink.picture import Picture, decode_picture
from digitpad.ink.preprocessing import preprocess

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A four of two strokes: thin and thick places, a corner, a crossing, an open side.
FOUR = [[(55, 0), (5, 60), (85, 60)], [(60, 30), (60, 110)]]


def coverage(side: int = 280, pen: float = 0.1, angle: float = 0.0) -> NDArray[np.float64]:
    """A four in the middle of a square, antialiased, in [0, 1]."""
    fine = 4 * side
    image = Image.new("L", (fine, fine))
    draw = ImageDraw.Draw(image)
    scale, radius = fine / 160, pen * fine / 2
    for stroke in FOUR:
        points = [((x + 35) * scale, (y + 25) * scale) for x, y in stroke]
        draw.line(points, fill=255, width=round(2 * radius), joint="curve")
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    turned = image.rotate(angle, Image.Resampling.BICUBIC)
    small = turned.resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64) / 255


def picture(colours: NDArray[np.floating]) -> Picture:
    """From (h, w) or (h, w, 3) levels."""
    rgb = colours if colours.ndim == 3 else np.repeat(colours[..., None], 3, axis=2)
    alpha = np.full((*rgb.shape[:2], 1), 255.0)
    return Picture(np.concatenate((rgb, alpha), axis=2).round().clip(0, 255).astype(np.uint8))


def mixed(
    ink: NDArray[np.float64], paper: NDArray[np.float64] | tuple[int, ...], pen: tuple[int, ...]
) -> NDArray[np.float64]:
    return np.asarray(paper) * (1 - ink[..., None]) + np.asarray(pen) * ink[..., None]


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean over the field of the absolute difference of levels."""
    return float(np.abs(one.astype(int) - other).mean())


PLAIN = coverage()


def preprocess_picture(of: Picture) -> PictureStages:
    stages = preprocess(Drawing(picture=of))
    assert isinstance(stages, PictureStages)
    return stages


BEST = preprocess_picture(picture(255 * PLAIN)).glyph


def shaded(side: int = 280) -> NDArray[np.float64]:
    """Light that falls off over the picture, (side, side, 1) in (0, 1]."""
    y, x = np.mgrid[0:side, 0:side] / side
    light = 1.0 - 0.45 * x - 0.25 * y**2
    return np.asarray(light[..., None])


def with_alpha(level: int) -> Picture:
    rgba = np.full((*PLAIN.shape, 4), level, np.uint8)
    rgba[..., 3] = np.rint(255 * PLAIN)
    return Picture(rgba)


def noise(spread: float, shape: tuple[int, ...] = (280, 280, 3)) -> NDArray[np.float64]:
    return np.random.default_rng(1).normal(0.0, spread, shape)


def as_jpeg(colours: NDArray[np.float64], quality: int) -> Picture:
    file = io.BytesIO()
    Image.fromarray(picture(colours).pixels[..., :3]).save(file, "JPEG", quality=quality)
    return decode_picture(file.getvalue(), "a photo")


def phone_photo() -> Picture:
    """Ink on paper in bad light, a shadow across it, a dark table beside it, blur and grain."""
    side = 600
    ink = np.zeros((side, side))
    ink[180:460, 220:500] = PLAIN
    scene = mixed(0.85 * ink, (232, 226, 212), (40, 40, 75))
    y, x = np.mgrid[0:side, 0:side]
    scene[x + 0.1 * y < 90] = (70, 52, 38)
    scene[y - 0.05 * x > 560] = (70, 52, 38)
    scene *= shaded(side)
    scene *= (1 - 0.3 / (1 + np.exp((x + 0.4 * y - 560) / 12)))[..., None]
    soft = Image.fromarray(picture(scene).pixels[..., :3]).filter(ImageFilter.GaussianBlur(1.2))
    return as_jpeg(np.asarray(soft) + noise(5.0, (side, side, 3)), 75)


PICTURES = {
    "dark on light": lambda: picture(255 - 255 * PLAIN),
    "pale": lambda: picture(200 - 40 * PLAIN),
    "huge": lambda: picture(255 * coverage(1600)),
    "small": lambda: picture(255 * coverage(48)),
    "in a corner": lambda: picture(np.pad(255 - 255 * PLAIN, ((0, 300), (0, 500)), "edge")),
    "black with alpha": lambda: with_alpha(0),
    "white with alpha": lambda: with_alpha(255),
    "grey with alpha": lambda: with_alpha(130),
    "red on green of one brightness": lambda: picture(mixed(PLAIN, (0, 118, 0), (232, 0, 0))),
    "blue on yellow": lambda: picture(mixed(PLAIN, (250, 240, 90), (30, 40, 160))),
    "yellow on blue": lambda: picture(mixed(PLAIN, (30, 40, 160), (250, 240, 90))),
    "dark in uneven light": lambda: picture(mixed(PLAIN, (255, 255, 255), (0, 0, 0)) * shaded()),
    "light on a gradient": lambda: picture(mixed(PLAIN, 150 * shaded() * [1, 1, 1], (255,) * 3)),
    "noise": lambda: picture(mixed(PLAIN, (230,) * 3, (20,) * 3) + noise(25)),
    "noise, inverted": lambda: picture(mixed(PLAIN, (20,) * 3, (230,) * 3) + noise(25)),
    "jpeg": lambda: as_jpeg(mixed(PLAIN, (240,) * 3, (10,) * 3), 20),
    "photo": phone_photo,
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_digit_gives_the_same_glyph(name: str) -> None:
    glyph = preprocess_picture(PICTURES[name]()).glyph
    # Beside it: the glyph moved by one pixel differs by 16, another pen by 10 and more.
    assert difference(glyph, BEST) < 8.0
    assert glyph.max() == 255


def test_a_picture_of_strokes_gives_the_glyph_of_the_strokes() -> None:
    drawn = preprocess_strokes(Drawing.of(FOUR)).glyph
    # The pen that MNIST's rule redraws with: 13 % of the box.
    pen = 2.6 / 20 * (110 + 14) / 160
    straight = preprocess_picture(picture(255 * coverage(pen=pen))).glyph
    # Corners are round in the one and sharp in the other.
    assert difference(drawn, straight) < 16.0


def test_every_step_can_be_looked_at() -> None:
    steps = preprocess_picture(picture(mixed(PLAIN, (200, 180, 160), (30, 60, 90))))
    assert steps.original.dtype == np.uint8
    assert steps.original.shape == (280, 280, 3)
    for level in (steps.grey, steps.background):
        assert level.dtype == np.float32
        assert level.shape == (280, 280)
        assert level.min() >= 0
        assert level.max() <= 255
    assert (steps.grey[PLAIN == 1].max()) < steps.background.min() - 50
    np.testing.assert_allclose(steps.ink, PLAIN, atol=0.03)
    left, top, right, bottom = steps.bounds
    assert not steps.ink[:top].max() > 0.5
    assert not steps.ink[:, right:].max() > 0.5
    assert steps.ink[top].max() > 0.4
    assert steps.ink[:, left].max() > 0.4
    assert steps.ink[bottom - 1].max() > 0.4
    assert steps.boxed.box.shape == (BOX, BOX)
    assert steps.glyph.shape == (FIELD, FIELD)


def test_a_large_picture_is_worked_on_in_a_small_copy() -> None:
    steps = preprocess_picture(picture(255 * np.pad(coverage(900), ((0, 0), (400, 401)))))
    assert max(steps.original.shape) <= WORKING_SIDE


def test_paper_with_transparent_margins_stays_paper() -> None:
    rgba = np.zeros((400, 400, 4), np.uint8)
    rgba[60:340, 60:340, :3] = np.rint(255 - 255 * PLAIN)[..., None]
    rgba[60:340, 60:340, 3] = 255
    assert difference(preprocess_picture(Picture(rgba)).glyph, BEST) < 3.0


def test_specks_and_the_edges_of_a_photo_are_no_ink() -> None:
    dirty = 255 - 255 * PLAIN
    rng = np.random.default_rng(0)
    dirty[rng.integers(0, 280, 40), rng.integers(0, 280, 40)] = 60
    dirty[:, :8] = 20
    dirty[274:, :] = 20
    assert difference(preprocess_picture(picture(dirty)).glyph, BEST) < 8.0


def written(paper: NDArray[np.float64], shape: tuple[int, int] = (480, 420)) -> NDArray[np.float64]:
    """The four, black on a paper, (h, w) levels."""
    top, left = (shape[0] - 280) // 2, (shape[1] - 280) // 2
    ink = np.zeros(shape)
    ink[top : top + 280, left : left + 280] = PLAIN
    return np.asarray(paper * (1 - ink))


def lined(gap: int, slope: float = 0.0, thick: int = 2, level: float = 30.0) -> NDArray[np.float64]:
    y, x = np.mgrid[0:480, 0:420]
    return np.where((y + slope * x + gap / 2) % gap < thick, level, 250.0)


LINES = {
    "ruled": lambda: lined(80),
    "ruled aslant": lambda: lined(80, 0.05),
    "one line under it": lambda: lined(800, 0.0, 3) * np.ones((480, 1)),
    "squares": lambda: np.minimum(
        lined(70), np.where(np.arange(420) % 70 < 2, 30.0, 250.0)[None, :]
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_as_dark_as_the_ink_are_no_ink(name: str) -> None:
    # A stroke along a line may be a little thicker for it.
    assert difference(preprocess_picture(picture(written(LINES[name]()))).glyph, BEST) < 8.0


def test_a_frame_around_a_digit_is_no_ink() -> None:
    paper = np.full((480, 420), 250.0)
    paper[80:400, 60:360] = 30.0
    paper[84:396, 64:356] = 250.0
    assert difference(preprocess_picture(picture(written(paper))).glyph, BEST) < 3.0


@pytest.mark.parametrize("margin", [0, 1, 4])
def test_a_hairline_stroke_across_the_picture_is_ink(margin: int) -> None:
    ink = np.zeros((300, 200))
    ink[:, 120:122] = 1.0  # a four's stem, from edge to edge
    ink[160:162, :] = 1.0
    ink[np.arange(160), np.arange(160) * 3 // 4] = 1.0
    bounds = preprocess_picture(picture(255 * np.pad(ink, margin))).bounds
    assert bounds == (margin, margin, margin + 200, margin + 300)


@pytest.mark.parametrize("angle", [0, 9, 30])
@pytest.mark.parametrize("pen", [30.0, 140.0])
def test_a_sheet_on_a_table_is_paper(angle: int, pen: float) -> None:
    scene = np.full((600, 600), 80.0)
    scene[150:450, 160:460] = 235.0
    scene[160:440, 170:450] = 235.0 - (235.0 - pen) * PLAIN
    turned = Image.fromarray(scene).rotate(angle, Image.Resampling.BICUBIC, fillcolor=80)
    best = preprocess_picture(picture(255 * coverage(angle=angle))).glyph
    assert difference(preprocess_picture(picture(np.asarray(turned))).glyph, best) < 8.0


def test_a_block_alone_is_no_sheet() -> None:
    block = np.zeros((200, 200))
    block[40:160, 50:150] = 255.0
    assert preprocess_picture(picture(block)).bounds == (50, 40, 150, 160)


def test_ink_that_runs_out_of_the_picture_is_ink() -> None:
    cut = 255 - 255 * PLAIN[:, :200]
    steps = preprocess_picture(picture(cut[:, 60:]))
    assert steps.bounds[0] == 0


def test_a_small_digit_in_a_large_picture_is_cut_from_its_own_pixels() -> None:
    small = np.full((1600, 1200), 250.0)
    small[700:780, 500:580] -= 230 * coverage(80)
    steps = preprocess_picture(picture(small))
    assert difference(steps.glyph, BEST) < 8.0
    left, top, right, bottom = (4 * edge for edge in steps.bounds)
    assert 500 <= left < right <= 580
    assert 700 <= top < bottom <= 780


@pytest.mark.parametrize("strength", [0.2, 0.35])
@pytest.mark.parametrize("softness", [1.0, 8.0])
def test_a_shadow_with_an_edge_is_no_ink(strength: float, softness: float) -> None:
    y, x = np.mgrid[0:280, 0:280]
    light = 1 - strength / (1 + np.exp(np.clip((150 - x + 0.4 * y - 50) / softness, -50, 50)))
    scene = (245 - 225 * PLAIN) * light
    assert difference(preprocess_picture(picture(scene)).glyph, BEST) < 8.0


def test_a_ring_and_a_line_below_are_no_ink() -> None:
    y, x = np.mgrid[0:600, 0:600]
    scene = np.full((600, 600), 240.0)
    scene[160:440, 160:440] -= 220 * PLAIN
    ringed = np.where(np.abs(np.hypot(x - 300, y - 300) - 200) < 5, 20.0, scene)
    lined = np.where((np.abs(y - 430) < 5) & (np.abs(x - 300) < 140), 20.0, scene)
    for marked in (ringed, lined):
        steps = preprocess_picture(picture(marked))
        assert steps.is_alone
        assert difference(steps.glyph, BEST) < 8.0


def test_parts_of_one_digit_stay_together() -> None:
    ink = np.zeros((100, 100))
    ink[20:80, 30:36] = 1.0  # a five's body, roughly
    ink[20:26, 42:70] = 1.0  # and its hat, apart from it
    assert preprocess_picture(picture(255 * ink)).bounds == (30, 20, 70, 80)


NOTHING = {
    "white": picture(np.full((50, 60), 255.0)),
    "black": picture(np.zeros((50, 60))),
    "one pixel": picture(np.full((1, 1), 80.0)),
    "one row": picture(np.full((1, 300), 80.0)),
    "a colour": picture(np.full((50, 60, 3), (200.0, 30.0, 90.0))),
    "transparent": Picture(np.zeros((50, 60, 4), np.uint8)),
    "grain": picture(200 + noise(6.0)),
    "light that falls off": picture(np.linspace(250.0, 90.0, 200) * np.ones((150, 1))),
}


@pytest.mark.parametrize("name", NOTHING)
def test_no_ink_is_said(name: str) -> None:
    with raises_error("No digit can be seen in the picture: "):
        preprocess_picture(NOTHING[name])


@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (2, 2), (3, 50), (50, 3), (1, 2000), (2000, 1)])
@pytest.mark.parametrize("seed", range(5))
def test_any_pixels_give_a_glyph_or_a_sentence(shape: tuple[int, int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    noisy = Picture(rng.integers(0, 256, (*shape, 4), dtype=np.uint8))
    halves = Picture(np.where(rng.random((*shape, 1)) < 0.5, 255, 0).repeat(4, 2).astype(np.uint8))
    for each in (noisy, halves):
        sentence, glyph = "", None
        try:
            glyph = preprocess_picture(each).glyph
        except DigitpadError as error:
            sentence = str(error)
        assert (glyph is None) == bool(sentence)


def test_a_drawing_is_traced_by_what_it_holds() -> None:
    assert isinstance(preprocess(Drawing.of(FOUR)), StrokeStages)
    of_picture = preprocess(Drawing(picture=picture(255 * PLAIN)))
    assert isinstance(of_picture, PictureStages)
    np.testing.assert_array_equal(of_picture.glyph, BEST)
    with pytest.raises(ValueError, match="no strokes"):
        preprocess(Drawing())


@pytest.mark.parametrize(
    ("shape", "filled"),
    [((40, 20), (20, 10)), ((7, 50), (3, 20)), ((20, 20), (20, 20)), ((1, 1), (20, 20))],
)
def test_ink_fills_the_box_with_whole_pixels(
    shape: tuple[int, int], filled: tuple[int, int]
) -> None:
    box = box_ink(np.full(shape, 0.3, np.float32))
    rows, columns = np.flatnonzero(box.any(axis=1)), np.flatnonzero(box.any(axis=0))
    assert (len(rows), len(columns)) == filled
    # Evenly filled, centred, at full level.
    assert box.sum() == 255 * filled[0] * filled[1]
    assert abs(rows[0] - (BOX - 1 - rows[-1])) <= 1
    assert abs(columns[0] - (BOX - 1 - columns[-1])) <= 1


@pytest.mark.parametrize("pen", [0.005, 0.01, 0.03])
def test_a_thin_pen_leaves_a_line_that_can_be_read(pen: float) -> None:
    glyph = preprocess_picture(picture(255 - 255 * coverage(600, pen))).glyph
    # About as much ink as the same digit in MNIST's own width, and no less than its thinnest.
    drawn = preprocess_strokes(Drawing.of(FOUR)).glyph
    assert 0.6 < glyph.sum() / drawn.sum() < 1.1


@pytest.mark.parametrize("pen", [0.1, 0.14, 0.18])
def test_a_fat_pen_is_not_taken_for_paper(pen: float) -> None:
    ink = coverage(400, pen)
    steps = preprocess_picture(picture(255 - 255 * ink))
    np.testing.assert_allclose(steps.ink, ink, atol=0.05)


def test_otsu_splits_two_heaps() -> None:
    rng = np.random.default_rng(0)
    low, high = rng.normal(20, 4, 5000), rng.normal(80, 8, 700)
    assert 30 < otsu(np.concatenate((low, high)).astype(np.float32)) < 60
    assert otsu(np.full(9, 0.5, np.float32)) == 0.5


@pytest.mark.data
def test_mnists_digits_come_out_as_they_went_in(mnist: NDArray[np.uint8]) -> None:
    differences = np.array(
        [
            difference(preprocess_picture(picture(level)).glyph, glyph)
            for glyph in mnist[:150]
            for level in (glyph.astype(float), 255.0 - glyph)
        ]
    )
    assert np.median(differences) < 0.3
    # A digit that MNIST's own field has cut is brought back to its size, so not every one.
    assert (differences < 1.0).mean() > 0.97
