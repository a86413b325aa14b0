"""The numbers that are shown of a cell are those of its explanation, for every kind of network."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inside_kit import MODELS, glyph_of_chance
from PySide6.QtCore import QLocale

from digitpad.app.inside.cell.blocks.block import Choices, Flow, Formula, Grid, Maps, Mark
from digitpad.app.inside.cell.blocks.drawing import blocks_of, strongest_source, way_to_pixel
from digitpad.app.inside.cell.blocks.scene import Scene
from digitpad.app.inside.cell.blocks.words import cell_name, decimals_of, exact, written
from digitpad.app.widgets.numbers import parse_number
from digitpad.paths import resources_dir
from digitpad.recognition.inside import cell_kinds as kinds
from digitpad.recognition.inside.cell import explain
from digitpad.recognition.inside.fields import Cell
from digitpad.recognition.inside.inside import NONE_SILENT
from digitpad.recognition.inside.layers import GLYPH


def _parts(blocks):
    for block in blocks:
        yield from block.blocks if isinstance(block, Flow) else (block,)


def _grids(blocks) -> dict[str, Grid]:
    return {part.name: part for part in _parts(blocks) if isinstance(part, Grid)}


def _numbers(grid: Grid) -> np.ndarray:
    """The numbers as they are read, NaN where there is none."""
    return np.array(
        [
            [float("nan") if not text else parse_number(text, whole=False) for text in row]
            for row in grid.texts
        ]
    )


def _unit(grid: Grid) -> np.ndarray:
    """What the last digit of each shown number is worth."""
    return np.array([[10.0 ** -len(text.partition(".")[2]) for text in row] for row in grid.texts])


def _cells(inside, data):
    for layer in inside.layers:
        yield Cell(layer.name, tuple(data.draw(st.integers(0, size - 1)) for size in layer.shape))


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=3)
@given(data=st.data())
def test_each_shown_number_is_the_explanations(name, insides, data) -> None:
    inside = insides[name]
    values = inside.exact(glyph_of_chance(data.draw(st.integers(0, 1000))))
    for cell in _cells(inside, data):
        scene = Scene(inside, values, Choices(largest_first=data.draw(st.booleans())))
        found = explain(inside, values, cell)
        blocks = blocks_of(scene, found)
        for grid in _grids(blocks).values():
            shown, unit = _numbers(grid), _unit(grid)
            assert shown.shape == grid.numbers.shape
            np.testing.assert_array_equal(np.isnan(shown), np.isnan(grid.numbers))
            there = ~np.isnan(shown)
            off = np.abs(shown - grid.numbers)[there]
            assert (off <= 0.5 * unit[there] * (1 + 1e-6)).all(), (cell, grid.name)
        results = [
            grid.numbers[row, -1]
            for grid in _grids(blocks).values()
            for (row, _), mark in grid.marks.items()
            if mark == Mark.RESULT
        ]
        if not isinstance(found, kinds.Level):
            assert results
        assert results == pytest.approx([values[cell.layer][cell.place]] * len(results), abs=1e-9)


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=3)
@given(data=st.data())
def test_what_a_sum_shows_adds_up_as_it_stands(name, insides, data) -> None:
    inside = insides[name]
    values = inside.exact(glyph_of_chance(data.draw(st.integers(0, 1000))))
    for cell in _cells(inside, data):
        found = explain(inside, values, cell)
        scene = Scene(inside, values, Choices())
        grids = _grids(blocks_of(scene, found))
        if isinstance(found, kinds.Convolved):
            _check_convolved(found, grids)
        if isinstance(found, kinds.Weighted | kinds.WithLessons):
            title = "The largest, by name"
            named = grids[title if title in grids else "The points that add most"]
            _check_lines(named)
        for title in ("The whole sum", "The sum"):
            if title in grids:
                _check_lines(grids[title])
        if isinstance(found, kinds.Softmaxed):
            shares = _numbers(grids["Class by class"])[:, 3]
            assert shares[-1] == 1
            assert shares[:-1].sum() == pytest.approx(1, abs=0.5e-3)


def _check_lines(grid: Grid) -> None:
    """The last line is the sum of those above it, but for what rounding takes."""
    shown = _numbers(grid)[:, -1]
    unit = _unit(grid)[-1, -1] if shown[-1] else _unit(grid)[:, -1].min()
    assert abs(shown[:-1].sum() - shown[-1]) <= 0.5 * unit * len(shown) * (1 + 1e-6)


def _check_convolved(found: kinds.Convolved, grids: dict[str, Grid]) -> None:
    patch, kernel, products = (
        next(grid for title, grid in grids.items() if title.startswith(start))
        for start in ("Patch", "Kernel", "Products")
    )
    np.testing.assert_array_equal(products.numbers, patch.numbers * kernel.numbers)
    strip = next((grid for grid in grids.values() if grid.choices), None)
    channel = 0
    if strip is not None:
        chosen = next(spot for spot, mark in strip.marks.items() if mark == Mark.CHOSEN)
        channel = strip.choices[chosen[1]]
        assert strip.numbers[chosen] == pytest.approx(products.numbers.sum(), abs=1e-9)
        assert strip.numbers.sum() + found.bias == pytest.approx(found.value, abs=1e-9)
    np.testing.assert_array_equal(patch.numbers, found.patch[channel])
    np.testing.assert_array_equal(kernel.numbers, found.kernel[channel])
    for spot, cell in patch.targets.items():
        assert patch.marks.get(spot) != Mark.PADDING
        assert cell.place[0] == channel
    padding = sum(mark == Mark.PADDING for mark in patch.marks.values())
    assert padding + len(patch.targets) == patch.numbers.size
    assert (_numbers(products).sum() - products.numbers.sum()) <= (
        0.5 * _unit(products).sum() * (1 + 1e-6)
    )


@pytest.mark.parametrize("name", MODELS)
def test_every_number_leads_to_the_cell_that_it_is(name, insides) -> None:
    inside = insides[name]
    values = inside.exact(glyph_of_chance(3))
    scene = Scene(inside, values, Choices())
    for layer in inside.layers:
        cell = Cell(layer.name, tuple(size // 2 for size in layer.shape))
        found = explain(inside, values, cell)
        for part in _parts(blocks_of(scene, found)):
            if isinstance(part, Grid) and part.name.startswith(("Patch", "Window")):
                for spot, target in part.targets.items():
                    assert values[target.layer][target.place] == part.numbers[spot]
                    assert exact(part.numbers[spot]) in part.say(*spot)
            if isinstance(part, Maps) and part.is_ink:
                assert part.target((0, 3, 4)) == Cell(GLYPH, (0, 3, 4))
            elif isinstance(part, Maps):
                assert isinstance(found, kinds.Weighted)
                assert np.nansum(part.values) == pytest.approx(found.products.sum(), abs=1e-9)
                target = part.target(part.current)
                assert target is not None
                assert target == strongest_source(scene, found)


@pytest.mark.parametrize("name", MODELS)
def test_the_strongest_sources_lead_from_each_logit_to_a_pixel(name, insides) -> None:
    inside = insides[name]
    values = inside.exact(glyph_of_chance(4))
    scene = Scene(inside, values, Choices())
    for number, layer in itertools.product(range(10), (inside.logits_name, "probabilities")):
        cell = Cell(layer, (number,))
        way = way_to_pixel(scene, cell, NONE_SILENT)
        assert way[-1].layer == GLYPH
        for before, source in itertools.pairwise([cell, *way]):
            assert inside.layer(source.layer).contains(source.place)
            names = [layer.name for layer in inside.layers]
            assert names.index(source.layer) < names.index(before.layer)


def test_the_strongest_source_is_never_padding(insides) -> None:
    inside = insides["padnet"]
    values = inside.exact(np.zeros((28, 28), np.uint8))
    scene = Scene(inside, values, Choices())
    for place in ((0, 0, 0), (3, 27, 27), (1, 0, 27)):
        found = explain(inside, values, Cell("conv1", place))
        source = strongest_source(scene, found)
        assert source is not None
        assert inside.layer(source.layer).contains(source.place)


def test_a_way_ends_at_what_is_switched_off(insides) -> None:
    inside = insides["quicknet"]
    silent = frozenset(("relu3", channel) for channel in range(64))
    values = inside.exact(glyph_of_chance(1), silent)
    way = way_to_pixel(Scene(inside, values, Choices()), Cell("fc1", (0,)), silent)
    assert [cell.layer for cell in way] == ["relu3"]


def test_names_count_from_one_and_logits_have_the_names_of_classes(insides) -> None:
    inside = insides["surenet"]
    assert cell_name(inside, Cell("conv2", (4, 2, 3))) == "conv2, map 5, row 3, column 4"
    assert cell_name(inside, Cell("fc1", (7,))) == "fc1, class 7"
    assert cell_name(inside, Cell("flatten1", (7,))) == "flatten1, feature 8"
    assert cell_name(inside, Cell(GLYPH, (0, 2, 3))) == "pixel in row 3, column 4"


@pytest.mark.parametrize(
    ("values", "decimals"), [([0.0], 2), ([12.3, 0.1], 2), ([1.5], 3), ([-0.04], 5)]
)
def test_the_largest_of_some_numbers_has_four_digits(values, decimals) -> None:
    assert decimals_of(values) == decimals


def test_exactly_zero_is_told_from_what_is_small() -> None:
    assert written(0.0, 3) == "0"
    assert written(1e-9, 3) == "0.000"
    assert written(-1e-9, 3) == "0.000"
    assert written(255.0, 4) == "255"


def test_numbers_are_written_in_the_users_way(insides) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        inside = insides["surenet"]
        values = inside.exact(glyph_of_chance(1))
        found = explain(inside, values, Cell("conv2", (3, 4, 5)))
        grids = _grids(blocks_of(Scene(inside, values, Choices()), found))
        texts = [text for row in grids["The whole sum"].texts for text in row]
        assert all("," in text and "." not in text for text in texts)
        assert "," in grids["Kernel"].say(0, 0).split(": ")[1]
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize("name", MODELS)
def test_the_strongest_source_adds_most(name, insides) -> None:
    inside = insides[name]
    values = inside.exact(glyph_of_chance(7))
    scene = Scene(inside, values, Choices())
    random = np.random.default_rng(0)
    for layer in inside.layers[1:]:
        place = tuple(int(random.integers(size)) for size in layer.shape)
        found = explain(inside, values, Cell(layer.name, place))
        source = strongest_source(scene, found)
        assert source is not None
        taken = values[source.layer][source.place]
        if isinstance(found, kinds.Pooled):
            assert taken == found.values.max()
        if isinstance(found, kinds.Convolved):
            row, column = (
                source.place[1] - found.window.rows.start,
                source.place[2] - found.window.columns.start,
            )
            added = found.products[source.place[0], row, column]
            assert abs(added) == np.abs(found.products).max()
        if isinstance(found, kinds.Weighted):
            assert taken in found.features[np.abs(found.products) == np.abs(found.products).max()]


def test_of_two_that_are_added_the_larger_one_is_the_strongest_source(insides) -> None:
    inside = insides["surenet"]
    values = inside.exact(glyph_of_chance(7))
    scene = Scene(inside, values, Choices())
    seen = set()
    for place in np.ndindex(8, 5, 5):
        found = explain(inside, values, Cell("sum1", place))
        source = strongest_source(scene, found)
        assert source is not None
        sizes = [abs(found.kept_value), abs(found.change_value)]
        assert abs(values[source.layer][source.place]) == max(sizes)
        if min(sizes) > 0:
            seen.add(source.layer)
    assert seen == {"relu4", "relu5"}


def test_the_formulas_that_are_typeset_are_there(insides) -> None:
    names = set()
    for inside in insides.values():
        values = inside.exact(glyph_of_chance(1))
        for layer in inside.layers:
            cell = Cell(layer.name, tuple(size // 2 for size in layer.shape))
            blocks = blocks_of(Scene(inside, values, Choices()), explain(inside, values, cell))
            names |= {block.name for block in blocks if isinstance(block, Formula) and block.name}
    assert {"convolution", "fully-connected", "softmax", "max-pooling"} <= names
    assert names <= {path.stem for path in (resources_dir() / "formulas").glob("*.svg")}
