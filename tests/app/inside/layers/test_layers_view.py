"""The view of all layers: cells by pointer and keys, receptive fields, silent channels."""

from __future__ import annotations

import numpy as np
import pytest
from inside_kit import MODELS
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from digitpad.app.inside.layers.view import LayersView
from digitpad.recognition.inside.fields import Cell
from digitpad.recognition.inside.layers import GLYPH, PROBABILITIES


@pytest.fixture
def view(show_view, background) -> LayersView:
    return show_view(LayersView(background), 900, 480)


def _centre(view: LayersView, cell: Cell):
    return view.walls.plan.columns[cell.layer].cell_rect(cell.place).center().toPoint()


def _click(view: LayersView, cell: Cell, button=Qt.MouseButton.LeftButton) -> None:
    QTest.mouseClick(view.walls, button, pos=_centre(view, cell))


def test_it_says_what_to_do_before_something_is_drawn(view, subject_of, happened) -> None:
    view.show_subject(None)
    assert not view.walls.isVisible()
    view.show_subject(subject_of("4"))
    assert view.walls.isVisible()
    assert happened == ["drawn"]


@pytest.mark.parametrize("name", MODELS)
def test_every_network_is_painted(view, insides, subject_of, name) -> None:
    view.show_subject(subject_of("3", insides[name]))
    for layer in insides[name].layers:
        view.walls._opened[layer.name] = True
    view.walls._make_plan()
    image = view.walls.grab().toImage()
    for layer in insides[name].layers:
        column = view.walls.plan.columns[layer.name]
        seen = {
            image.pixel(int(point.x()), int(point.y()))
            for channel in range(layer.shape[0])
            for point in [column.map_rect(channel).center()]
        }
        assert len(seen) >= 1


def test_the_colours_are_those_of_the_values(view, subject_of) -> None:
    subject = subject_of("7")
    view.show_subject(subject)
    image = view.walls.grab().toImage()
    ink = np.argwhere(subject.glyph == 255)[0]
    column = view.walls.plan.columns[GLYPH]

    def colour(place):
        point = column.cell_rect(place).center()
        return image.pixelColor(int(point.x()), int(point.y()))

    assert colour((0, 0, 0)).lightness() == 255
    assert colour((0, *ink)).lightness() < 100


def test_a_click_shows_the_cell_and_what_it_looks_at(view, subject_of, happened) -> None:
    view.show_subject(subject_of("4"))
    cell = Cell("conv1", (3, 5, 6))
    _click(view, cell)
    assert view.walls.chosen == view.panel.cell == cell
    assert "cell-shown:conv" in happened
    assert list(view.walls._fields) == [GLYPH, "input", "conv1"]
    assert "conv1" in view.walls.accessibleDescription()
    # The same cell of the next drawing.
    view.show_subject(subject_of("8"))
    assert view.panel.cell == cell


def test_pointing_lights_up_for_as_long_as_it_lasts(view, subject_of) -> None:
    view.show_subject(subject_of("4"))
    point = QPointF(_centre(view, Cell("conv1", (2, 1, 1))))
    QTest.mouseMove(view.walls, point.toPoint())
    assert "conv1" in view.walls._fields
    view.walls.cell_pointed.emit(None)
    assert not view.walls._fields


def test_keys_move_through_cells_maps_and_layers(view, subject_of) -> None:
    view.show_subject(subject_of("4"))
    view.walls.choose(Cell("conv1", (3, 5, 6)))
    walls, control = view.walls, Qt.KeyboardModifier.ControlModifier
    for key, modifiers, wanted in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, Cell("conv1", (3, 5, 7))),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, Cell("conv1", (3, 4, 7))),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, Cell("conv1", (4, 4, 7))),
        (Qt.Key.Key_Right, control, Cell("norm1", (4, 4, 7))),
        (Qt.Key.Key_Left, control, Cell("conv1", (4, 4, 7))),
        (Qt.Key.Key_Left, control, Cell("input", (0, 8, 14))),
        (Qt.Key.Key_Left, control, Cell(GLYPH, (0, 8, 14))),
        (Qt.Key.Key_Left, control, Cell(GLYPH, (0, 8, 14))),
    ):
        QTest.keyClick(walls, key, modifiers)
        assert walls.chosen == wanted
    walls.choose(Cell("fc1", (4,)))
    QTest.keyClick(walls, Qt.Key.Key_Down)
    assert walls.chosen == Cell("fc1", (5,))
    QTest.keyClick(walls, Qt.Key.Key_Right, control)
    assert walls.chosen == Cell(PROBABILITIES, (5,))


def test_a_number_that_is_followed_is_chosen_in_the_walls(view, subject_of, happened) -> None:
    view.show_subject(subject_of("4"))
    _click(view, Cell(PROBABILITIES, (4,)))
    view.panel.follow_to_pixel()
    assert view.walls.chosen.layer == GLYPH
    assert "pixel-reached" in happened


def test_a_layer_is_opened_by_a_click_on_its_name(view, subject_of) -> None:
    view.show_subject(subject_of("4"))
    strip = view.walls.plan.columns["flatten1"]
    assert strip.is_folded
    QTest.mouseClick(
        view.walls, Qt.MouseButton.LeftButton, pos=QPointF(strip.left + 5, 60).toPoint()
    )
    assert not view.walls.plan.columns["flatten1"].is_folded


def test_a_silent_channel_is_off_everywhere_and_its_cost_is_told(
    qtbot, view, background, subject_of, happened
) -> None:
    view.show_subject(subject_of("4"))
    before = view.walls.value(Cell(PROBABILITIES, (4,)))
    _click(view, Cell("relu1", (2, 3, 3)), Qt.MouseButton.RightButton)
    assert view.silent == {("relu1", 2)}
    assert view.walls.value(Cell("relu1", (2, 7, 7))) == 0
    assert view.walls.value(Cell(PROBABILITIES, (4,))) != before
    assert "channel-silenced" in happened
    qtbot.waitUntil(lambda: not background.is_busy, timeout=60_000)
    assert "1,000" in view._silence.text() or "1000" in view._silence.text()
    view.walls.choose(Cell("relu1", (3, 0, 0)))
    QTest.keyClick(view.walls, Qt.Key.Key_X)
    assert view.silent == {("relu1", 2), ("relu1", 3)}
    QTest.keyClick(view.walls, Qt.Key.Key_X)
    assert view.silent == {("relu1", 2)}
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    QTest.keyClick(view.walls, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    assert not view.silent
    assert view.walls.value(Cell(PROBABILITIES, (4,))) == before
    assert not view.all_on.isVisible()


def test_channels_of_another_network_are_not_silent(view, insides, subject_of) -> None:
    view.show_subject(subject_of("4"))
    view.switch("relu1", 40)
    view.show_subject(subject_of("4", insides["quicknet"]))
    assert not view.silent
