from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ink_strategies import stroke_lists

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.glyph import (
    BOX,
    CENTRE,
    FIELD,
    glyphs_of,
    place,
    place_in_box,
    preprocess_all,
    preprocess_points,
    preprocess_strokes,
)
from digitpad.ink.stroke_file import read_strokes

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from numpy.typing import NDArray

SEVEN = [[(0, 0), (60, 0), (30, 100)], [(15, 50), (50, 50)]]


def centre_of_mass(glyph: NDArray[np.uint8]) -> tuple[float, float]:
    mass, index = glyph.astype(float), np.arange(FIELD)
    return (
        float(mass.sum(axis=0) @ index / mass.sum()),
        float(mass.sum(axis=1) @ index / mass.sum()),
    )


def sides(glyph: NDArray[np.uint8]) -> tuple[int, int]:
    rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
    return int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)


def touches_edge(glyph: NDArray[np.uint8]) -> bool:
    return bool(glyph[[0, -1], :].any() or glyph[:, [0, -1]].any())


def check_rule(glyph: NDArray[np.uint8]) -> None:
    """MNIST's rule as its own files obey it; what the field cuts off is no longer there to see."""
    assert glyph.shape == (FIELD, FIELD)
    assert glyph.dtype == np.uint8
    assert glyph.max() >= 254
    if not touches_edge(glyph):
        x, y = centre_of_mass(glyph)
        assert abs(x - CENTRE) <= 0.501
        assert abs(y - CENTRE) <= 0.501
        assert max(sides(glyph)) == BOX


@given(stroke_lists)
@settings(max_examples=150)
def test_every_drawing_becomes_a_glyph_by_mnists_rule(strokes: list[list[tuple[int, int]]]) -> None:
    stages = preprocess_strokes(Drawing.of(strokes))
    x, y = stages.boxed.centre_of_mass
    # In the box, before the field cuts: always.
    assert abs(x + stages.boxed.shift[0] - CENTRE) <= 0.501
    assert abs(y + stages.boxed.shift[1] - CENTRE) <= 0.501
    every = {point for stroke in strokes for point in stroke}
    if len(every) > 1:
        assert max(sides(stages.boxed.box)) == BOX
    assert stages.boxed.box.max() == 255
    assert stages.glyph.max() >= 254 or touches_edge(stages.glyph)


@given(
    st.lists(st.tuples(stroke_lists, st.floats(0.5, 19.0), st.floats(1e-170, 1e170)), max_size=5)
)
def test_drawings_together_give_what_each_gives_alone(
    drawn: list[tuple[list[list[tuple[int, int]]], float, float]],
) -> None:
    drawings = [[scale * np.array(points, float) for points in many] for many, _, scale in drawn]
    widths = [width for _, width, _ in drawn]
    together = preprocess_all(drawings, widths)
    alone = [preprocess_points(*one) for one in zip(drawings, widths, strict=True)]
    for one, other in zip(together, alone, strict=True):
        assert np.array_equal(one.glyph, other.glyph)
        assert one.stroke_width == other.stroke_width
        for path, same in zip(one.paths, other.paths, strict=True):
            assert np.array_equal(path, same)
    glyphs = glyphs_of(drawings, widths)
    assert glyphs.shape == (len(drawn), FIELD, FIELD)
    assert all(np.array_equal(*pair) for pair in zip(glyphs, (s.glyph for s in alone), strict=True))


@given(stroke_lists, st.floats(0.5, 19.0))
def test_a_pixel_is_covered_by_how_near_the_stroke_is(
    strokes: list[list[tuple[int, int]]], width: float
) -> None:
    stages = preprocess_points([np.array(points, float) for points in strokes], width)
    centres = np.stack(np.meshgrid(np.arange(BOX), np.arange(BOX)), axis=2) + 0.5
    apart = centres[:, :, None] - np.concatenate(stages.paths)
    nearest = np.sqrt((apart**2).sum(axis=3)).min(axis=2)
    expected = 255 * np.clip(width / 2 + 0.5 - nearest, 0, 1)
    assert np.abs(stages.boxed.box - expected).max() <= 0.5 + 1e-9


@given(
    stroke_lists,
    st.floats(1e-3, 1e6),
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
    st.floats(0.1, 500),
    st.randoms(use_true_random=False),
)
@settings(max_examples=200)
def test_size_place_pen_and_pressure_do_not_matter(
    strokes: list[list[tuple[int, int]]],
    scale: float,
    offset: tuple[float, float],
    width: float,
    random: Random,
) -> None:
    # The place is in units of the drawing, as a window's is: far beyond it digits run out.
    shift = np.array(offset) * min(scale, 1.0)
    moved = Drawing(
        tuple(
            Stroke.of(
                np.array(points) * scale + shift,
                [random.random() for _ in points],
                width,
            )
            for points in strokes
        )
    )
    one, other = preprocess_strokes(Drawing.of(strokes)), preprocess_strokes(moved)
    difference = np.abs(one.boxed.box.astype(int) - other.boxed.box)
    assert difference.max() <= 1
    if one.boxed.shift == other.boxed.shift:
        assert np.abs(one.glyph.astype(int) - other.glyph).max() <= 1
    else:
        # The centre of mass may lie on the line between two places, within rounding.
        sums = np.array(one.boxed.centre_of_mass) - np.array(other.boxed.centre_of_mass)
        assert np.abs(sums).max() <= 0.01


@pytest.mark.parametrize("scale", [1e300, 1.7e306, 1e155, 1e-155, 1e-300, 5e-320])
def test_huge_and_tiny_units_give_the_same_glyph(scale: float) -> None:
    strokes = [np.array(points, dtype=np.float64) for points in SEVEN]
    scaled = [points * scale for points in strokes]
    np.testing.assert_allclose(
        preprocess_points(scaled).glyph.astype(int), preprocess_points(strokes).glyph, atol=1
    )


def test_points_at_both_ends_of_the_number_line() -> None:
    largest = np.finfo(np.float64).max
    strokes = [np.array([(-largest, -largest), (largest, largest)])]
    diagonal = [np.array([(0.0, 0.0), (1.0, 1.0)])]
    np.testing.assert_array_equal(
        preprocess_points(strokes).glyph, preprocess_points(diagonal).glyph
    )


@pytest.mark.parametrize("points", [[(7, 7)], [(7, 7), (7, 7)], [(1e300, -1e300)], [(0, 0)]])
def test_a_dot_becomes_a_dot_in_the_middle(points: list[tuple[float, float]]) -> None:
    stages = preprocess_strokes(Drawing.of([points]))
    check = stages.glyph
    assert check.max() == 255
    assert sides(check) == (4, 4)
    assert all(abs(value - CENTRE) <= 0.501 for value in centre_of_mass(check))


def test_repeated_points_change_nothing() -> None:
    repeated = [[point for point in points for _ in range(3)] for points in SEVEN]
    np.testing.assert_array_equal(
        preprocess_strokes(Drawing.of(repeated)).glyph, preprocess_strokes(Drawing.of(SEVEN)).glyph
    )


def test_a_long_scribble_is_drawn() -> None:
    points = np.random.default_rng(0).random((100_000, 2))
    glyph = preprocess_points([points]).glyph
    # The curves swing out beyond the points; between the points everything is ink.
    assert glyph[8:20, 8:20].min() == 255


def test_a_long_scribble_has_a_bounded_number_of_points() -> None:
    strokes = [np.random.default_rng(seed).random((10_000, 2)) for seed in range(3)]
    count = sum(len(path) for path in preprocess_points(strokes).paths)
    assert 30_000 < count < 150_000


def test_ways_of_the_lifted_pen_make_no_curve_coarser() -> None:
    random = np.random.default_rng(0)
    starts = random.random((10_000, 1, 2))
    strokes = list(starts + np.array([[0.0, 0.0], [0.1, 0.1]]))
    steps = [
        np.linalg.norm(np.diff(path, axis=0), axis=1) for path in preprocess_points(strokes).paths
    ]
    assert np.concatenate(steps).max() < 0.36


def test_paths_lie_in_the_box() -> None:
    stages = preprocess_strokes(Drawing.of(SEVEN))
    every = np.concatenate(stages.paths)
    half = stages.stroke_width / 2
    assert len(stages.paths) == len(SEVEN)
    assert every.min() >= half - 1e-9
    assert every.max() <= BOX - half + 1e-9
    # The longer side fills the box.
    assert np.ptp(every, axis=0).max() == pytest.approx(BOX - stages.stroke_width)


@given(stroke_lists)
def test_points_are_found_again_in_the_box(strokes: list[list[tuple[int, int]]]) -> None:
    points = [np.array(stroke, np.float64) for stroke in strokes]
    stages = preprocess_points(points)
    scale, offset = place_in_box(points, stages)
    for given_points, path in zip(points, stages.paths, strict=True):
        for point in given_points * scale + offset:
            assert np.hypot(*(path - point).T).min() < 1e-3


def test_neither_nothing_nor_blank_ink_is_traced() -> None:
    with pytest.raises(ValueError, match="no strokes"):
        preprocess_strokes(Drawing())
    with pytest.raises(ValueError, match="no ink"):
        place(np.zeros((BOX, BOX), np.uint8))


def test_ink_beyond_the_field_is_cut() -> None:
    # All of the mass in one corner, and a faint line to the other one.
    box = np.zeros((BOX, BOX), np.uint8)
    box[:6, :6] = 255
    box[-1, -1] = 1
    boxed = place(box)
    assert boxed.shift == (11, 11)
    assert boxed.glyph[11:17, 11:17].min() == 255
    assert boxed.glyph.astype(int).sum() == 36 * 255


@pytest.mark.data
def test_mnists_own_digits_obey_the_rule(mnist: NDArray[np.uint8]) -> None:
    cut = sum(touches_edge(glyph) for glyph in mnist)
    assert cut == 107
    for glyph in mnist:
        check_rule(glyph)


@pytest.mark.data
def test_placing_a_box_out_of_mnist_gives_mnist_again(mnist: NDArray[np.uint8]) -> None:
    same = 0
    whole = [glyph for glyph in mnist[:1000] if not touches_edge(glyph)]
    for glyph in whole:
        width, height = sides(glyph)
        top, left = (int(np.flatnonzero(glyph.any(axis=axis))[0]) for axis in (1, 0))
        box = np.zeros((BOX, BOX), np.uint8)
        box[:height, :width] = glyph[top : top + height, left : left + width]
        same += np.array_equal(place(box).glyph, glyph)
    # All but ties: a centre of mass just between two pixels.
    assert same >= 0.99 * len(whole)


@pytest.mark.data
def test_redrawn_pen_digits_have_mnists_mean_and_spread(pen_path: Path) -> None:
    glyphs = []
    for record, _ in zip(read_strokes(pen_path), range(2000), strict=False):
        glyphs.append(preprocess_strokes(record.drawing).glyph)
        check_rule(glyphs[-1])
    levels = np.array(glyphs) / 255
    assert levels.mean() == pytest.approx(0.1307, abs=0.02)
    assert levels.std() == pytest.approx(0.3081, abs=0.02)
