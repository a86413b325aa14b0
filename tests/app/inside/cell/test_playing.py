"""Play: the window slides over the map, ends, and costs nothing while nobody looks."""

from __future__ import annotations

import pytest
from inside_kit import MODELS
from PySide6.QtCore import Qt

from digitpad.app.inside.cell import panel as panel_module
from digitpad.app.inside.cell.sliding import SPEEDS, good_speed
from digitpad.recognition.inside.fields import Cell


def _all_cells(viewer, layer: str, channel: int) -> list[Cell]:
    _, rows, columns = viewer.subject.inside.layer(layer).shape
    return [Cell(layer, (channel, row, column)) for row in range(rows) for column in range(columns)]


@pytest.mark.parametrize("layer", ["conv5", "pool1", "sum1", "norm4"])
def test_the_window_makes_each_cell_and_ends(qtbot, make_viewer, layer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    cell = Cell(layer, (3, 2, 1))
    viewer.show(cell)
    panel.slide.speed.setValue(3)  # slow enough to make one cell at a time
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert panel.player.is_playing
    assert panel.slide.play.text() == "Pause"
    qtbot.waitUntil(lambda: not panel.player.is_under_way)
    # After its end it is back at the chosen cell.
    assert viewer.moved == [*_all_cells(viewer, layer, 3), cell]
    assert viewer.events[-1] == "played"
    assert panel.slide.picture.filled is None
    assert panel.slide.play.text() == "Play"


def test_the_numbers_follow_the_window_and_come_back(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv4", (3, 2, 1)))
    chosen = panel.blocks.accessibleName()
    for number in range(3):
        qtbot.keyClick(panel, Qt.Key.Key_Period)
        assert panel.slide.picture.filled == number + 1
        name = f"conv4, map 4, row 1, column {number + 1}: "
        assert panel.blocks.accessibleName().startswith(name)
    panel.player.stop()
    assert panel.blocks.accessibleName() == chosen
    assert panel.trail.cells == [Cell("conv4", (3, 2, 1))]
    assert "played" not in viewer.events


def test_space_pauses_and_a_step_goes_on(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv4", (3, 2, 1)))
    panel.slide.speed.setValue(0)
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert not panel.player.is_playing
    assert panel.player.is_under_way
    number = panel.player.number
    qtbot.mouseClick(panel.slide.step, Qt.MouseButton.LeftButton)
    assert panel.player.number == number + 1
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert panel.player.is_playing
    assert panel.player.number == number + 1


@pytest.mark.parametrize("leave", ["hide", "other", "clear"])
def test_it_ends_when_nobody_looks(qtbot, make_viewer, leave) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv4", (3, 2, 1)))
    panel.play()
    if leave == "hide":
        panel.hide()
    elif leave == "other":
        viewer.show(Cell("fc1", (1,)))
    else:
        panel.clear()
    assert not panel.player.is_playing
    assert not panel.player.is_under_way
    assert "played" not in viewer.events


def test_it_goes_on_while_one_draws(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    cell = Cell("conv4", (3, 2, 1))
    viewer.show(cell)
    panel.step()
    panel.step()
    viewer.look(viewer.subject.inside, seed=5)
    viewer.show(cell)
    assert panel.player.number == 1
    assert panel.blocks.accessibleName().startswith("conv4, map 4, row 1, column 2: ")


def test_little_motion_is_a_row_at_a_time(qtbot, make_viewer, monkeypatch) -> None:
    monkeypatch.setattr(panel_module, "wants_little_motion", lambda _widget: True)
    viewer = make_viewer()
    viewer.show(Cell("conv5", (3, 2, 1)))
    viewer.panel.play()
    qtbot.waitUntil(lambda: not viewer.panel.player.is_under_way)
    steps = [cell.place[1:] for cell in viewer.moved[:-1]]
    assert steps == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (4, 4)]


@pytest.mark.parametrize("name", MODELS)
def test_all_maps_can_be_played_and_nothing_else(make_viewer, name) -> None:
    viewer = make_viewer(name)
    for layer in viewer.subject.inside.layers:
        viewer.show(Cell(layer.name, tuple(size // 2 for size in layer.shape)))
        can_play = layer.has_maps and bool(layer.inputs)
        assert viewer.panel.slide.isVisibleTo(viewer.panel) == can_play
        viewer.panel.step()
        assert viewer.panel.player.is_under_way == can_play


def test_a_large_map_is_not_slow() -> None:
    assert SPEEDS[good_speed(25)] == 3
    assert SPEEDS[good_speed(26 * 26)] == 120
    assert good_speed(10**6) == len(SPEEDS) - 1


def test_the_window_stays_on_one_map(make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv4", (3, 2, 1)))
    patch = next(one for one in panel.blocks.grids if one.grid.name.startswith("Patch"))
    before = patch.grid.name
    names = set()
    for _ in range(25):
        panel.step()
        names.add((patch.grid.name, panel.slide.picture.accessibleName().split(" makes ")[0]))
    number = before.removeprefix("Patch of map ")
    assert names == {(before, f"The window on pool1, map {number}")}


def test_a_chosen_speed_stays_for_maps_of_the_same_size(make_viewer) -> None:
    viewer = make_viewer()
    viewer.show(Cell("conv4", (3, 2, 1)))
    viewer.panel.slide.speed.setValue(5)
    viewer.show(Cell("norm4", (3, 2, 2)))
    assert viewer.panel.slide.speed.value() == 5
    viewer.show(Cell("conv1", (3, 2, 2)))
    assert SPEEDS[viewer.panel.slide.speed.value()] == SPEEDS[good_speed(14 * 14)]
