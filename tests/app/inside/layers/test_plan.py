"""Places of layers, maps and cells: every cell is where it is found again."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from inside_kit import MODELS

from digitpad.app.inside.layers.plan import FOLDED_AT_FIRST, make_plan
from digitpad.recognition.inside.fields import Cell, Region

_TITLE = 40.0


def _plan(inside, height=400.0, folded=frozenset()):
    return make_plan(inside.layers, height, _TITLE, folded, len(inside.info.classes))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("height", [150.0, 400.0, 1100.0])
def test_each_cell_is_found_where_it_is_painted(insides, name, height) -> None:
    inside, random = insides[name], np.random.default_rng(1)
    plan = _plan(inside, height)
    for layer in inside.layers:
        column = plan.columns[layer.name]
        for _ in range(20):
            place = tuple(int(random.integers(0, size)) for size in layer.shape)
            centre = column.cell_rect(place).center()
            assert plan.cell_at(centre) == Cell(layer.name, place)
            assert column.left <= centre.x() <= column.right
            assert _TITLE <= centre.y() <= plan.height


@pytest.mark.parametrize("name", MODELS)
def test_columns_do_not_overlap_and_walls_are_no_higher_than_the_room(insides, name) -> None:
    plan = _plan(insides[name])
    columns = list(plan.columns.values())
    for before, after in pairwise(columns):
        assert before.right < after.left
    assert columns[-1].right <= plan.width
    for column in columns:
        if not column.has_bars:
            assert column.bottom <= 400 or column.rows == 1


def test_a_folded_layer_is_a_strip_without_cells(insides) -> None:
    inside = insides["tutorial-convnet"]
    folded = {layer.name for layer in inside.layers if layer.kind in FOLDED_AT_FIRST}
    assert folded == {"dropout1", "flatten1", "dropout2"}
    plan = _plan(inside, folded=folded)
    strip = plan.columns["flatten1"]
    assert strip.width < 30
    assert plan.cell_at(plan.columns["flatten1"].map_rect(0).center()) is None
    assert _plan(inside).columns["flatten1"].width > 200


def test_the_classes_have_bars(insides) -> None:
    plan = _plan(insides["taught"])
    bars = [column.layer.name for column in plan.columns.values() if column.has_bars]
    assert bars == ["fc1", "lessons", "probabilities"]


def test_a_region_has_a_frame_in_each_of_its_maps(insides) -> None:
    plan = _plan(insides["surenet"])
    column = plan.columns["conv1"]
    rects = column.region_rects(Region(range(2, 5), range(3, 6), range(4)))
    assert len(rects) == 3
    assert rects[0] == column.cell_rect((2, 3, 0)).united(column.cell_rect((2, 5, 3)))
    (frame,) = plan.columns["flatten1"].region_rects(Region(range(10)))
    assert frame.contains(plan.columns["flatten1"].map_rect(9))
