"""The panel of one cell: four clicks from a logit to a pixel, keys, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inside_kit import MODELS
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from digitpad.app.inside.cell import grid as grid_module
from digitpad.app.inside.cell.blocks.words import exact
from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.numbers import fixed
from digitpad.recognition.inside.cell import explain
from digitpad.recognition.inside.fields import Cell
from digitpad.recognition.inside.layers import GLYPH

if TYPE_CHECKING:
    from digitpad.app.inside.cell.grid import NumberGrid
    from digitpad.app.inside.cell.maps import MapsPicture

_IN = QPoint(2, 2)


def _grid(panel, start: str) -> NumberGrid:
    return next(
        grid for grid in panel.blocks.grids if grid.grid and grid.grid.name.startswith(start)
    )


def _ink(panel) -> MapsPicture:
    """The glyph below the numbers."""
    return next(one for one in panel.blocks.pictures if one.maps and one.maps.is_ink)


def _click(qtbot, widget: QWidget, area) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=area.center().toPoint())


@pytest.mark.parametrize("name", MODELS)
def test_two_clicks_lead_from_each_logit_to_a_pixel(qtbot, make_viewer, name) -> None:
    viewer = make_viewer(name)
    panel = viewer.panel
    for number in range(10):
        panel.clear()
        viewer.show(Cell(viewer.subject.inside.logits_name, (number,)))
        viewer.events.clear()
        qtbot.mouseClick(panel.header.strongest, Qt.MouseButton.LeftButton)
        picture = _ink(panel)
        lit = picture.maps.lit
        _click(qtbot, picture, picture.area((0, lit.rows[0], lit.columns[-1])))
        assert panel.cell == Cell(GLYPH, (0, lit.rows[0], lit.columns[-1]))
        assert viewer.events.count("source-followed") == 2
        assert viewer.events[-2:] == ["cell-shown:glyph", "pixel-reached"]


@pytest.mark.parametrize("name", MODELS)
def test_one_click_follows_the_strongest_sources_to_a_pixel_and_back_has_each(
    qtbot, make_viewer, name
) -> None:
    viewer = make_viewer(name)
    panel = viewer.panel
    viewer.show(Cell("probabilities", (3,)))
    qtbot.mouseClick(panel.header.pixel, Qt.MouseButton.LeftButton)
    assert panel.cell.layer == GLYPH
    way = list(panel.trail.cells)
    assert len(way) > 3
    for cell in reversed(way[:-1]):
        panel.back()
        assert panel.cell == cell
    assert not panel.header.crumbs.back.isEnabled()


def test_a_click_on_the_contributions_leads_to_their_cell(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    viewer.show(Cell("fc1", (3,)))
    picture = next(one for one in viewer.panel.blocks.pictures if not one.maps.is_ink)
    _click(qtbot, picture, picture.area((17, 2, 3)))
    assert viewer.panel.cell == Cell("sum1", (17, 2, 3))


def test_all_can_be_done_by_keys(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv4", (7, 2, 2)))
    panel.activateWindow()
    panel.setFocus()
    seen = []
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget() or panel, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused in seen:
            break
        seen.append(focused)
    assert set(panel.blocks.grids) | set(panel.blocks.pictures) <= set(seen)
    assert {
        panel.header.strongest,
        panel.header.pixel,
        panel.slide.picture,
        panel.slide.play,
        panel.slide.step,
    } <= set(seen)
    patch = _grid(panel, "Patch")
    patch.setFocus()
    patch.spot = (0, 0)
    qtbot.keyClick(patch, Qt.Key.Key_Right)
    qtbot.keyClick(patch, Qt.Key.Key_Down)
    assert patch.spot == (1, 1)
    target = patch.grid.targets[1, 1]
    qtbot.keyClick(patch, Qt.Key.Key_Return)
    assert panel.cell == target
    # The keys are at the numbers of that cell.
    assert panel.blocks.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backspace)
    assert panel.cell == Cell("conv4", (7, 2, 2))
    qtbot.keyClick(panel, Qt.Key.Key_S)
    assert panel.cell.layer == "pool1"
    qtbot.keyClick(panel, Qt.Key.Key_P)
    assert panel.cell.layer == GLYPH


def test_arrow_keys_choose_the_map_that_is_shown_in_large(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv4", (7, 2, 2)))
    strip = next(grid for grid in panel.blocks.grids if grid.grid.choices)
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    assert _grid(panel, "Patch").grid.name == "Patch of map 1"
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert _grid(panel, "Patch").grid.name == "Patch of map 2"
    box = next(child for child in panel.blocks.children() if hasattr(child, "switched"))
    box.click()
    sizes = [abs(number) for number in strip.grid.numbers[0]]
    assert sizes == sorted(sizes, reverse=True)
    # The chosen map stays the chosen one.
    assert _grid(panel, "Patch").grid.name == "Patch of map 2"
    assert strip.grid.choices[strip.spot[1]] == 1


def test_numbers_change_in_place_while_one_draws(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    cell = Cell("conv2", (3, 4, 5))
    viewer.show(cell)
    patch = _grid(panel, "Patch")
    patch.setFocus()
    patch.spot = (2, 1)
    viewer.events.clear()
    viewer.look(viewer.subject.inside, seed=2)
    viewer.show(cell)
    assert _grid(panel, "Patch") is patch
    assert patch.spot == (2, 1)
    assert viewer.events == []
    found = explain(viewer.subject.inside, viewer.values, cell)
    assert _grid(panel, "The whole sum").grid.numbers[-1, 0] == found.value


def test_a_hidden_panel_shows_nothing_until_it_is_shown(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv1", (3, 4, 5)))
    panel.hide()
    before = panel.blocks.grids
    viewer.show(Cell("fc1", (3,)))
    assert panel.blocks.grids == before
    panel.show()
    assert panel.blocks.grids != before


def test_another_network_forgets_the_way(make_viewer, insides) -> None:
    viewer = make_viewer()
    viewer.show(Cell("conv1", (3, 4, 5)))
    viewer.show(Cell("conv2", (3, 4, 5)))
    viewer.look(insides["padnet"])
    viewer.show(Cell("fc1", (3,)))
    assert viewer.panel.trail.cells == [Cell("fc1", (3,))]
    viewer.panel.clear()
    assert viewer.panel.cell is None


def test_a_tip_has_all_digits(make_viewer, monkeypatch) -> None:
    tips = []
    monkeypatch.setattr(grid_module, "show_tip", lambda _widget, _event, text: tips.append(text))
    viewer = make_viewer()
    viewer.show(Cell("conv1", (3, 4, 5)))
    kernel = _grid(viewer.panel, "Kernel")
    for place in (kernel.area((1, 2)).center().toPoint(), kernel.rect().topLeft()):
        event = QHelpEvent(QHelpEvent.Type.ToolTip, place, kernel.mapToGlobal(place))
        QApplication.sendEvent(kernel, event)
    number = exact(kernel.grid.numbers[1, 2])
    assert tips == [f"Weight in row 2, column 3: {number}", ""]


def test_the_names_say_the_sum_in_words(make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("conv4", (7, 2, 2)))
    assert panel.blocks.accessibleName().startswith("conv4, map 8, row 3, column 3: ")
    patch = _grid(panel, "Patch")
    patch.spot = (0, 0)
    patch.setFocus()
    assert patch.accessibleName().startswith("Patch of map ")
    for grid in panel.blocks.grids:
        assert grid.accessibleName()
        assert grid.accessibleDescription()
    for picture in panel.blocks.pictures:
        assert picture.accessibleName()
        assert picture.accessibleDescription()


@pytest.fixture
def letters(qapp):
    """Make all letters so many times as large."""
    before = QApplication.font()
    yield lambda scale: QApplication.setFont(scaled(before, scale))
    QApplication.setFont(before)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [300, 740])
def test_no_number_is_clipped(qtbot, make_viewer, letters, scale, width) -> None:
    letters(scale)
    viewer = make_viewer(size=(width, 430))
    panel = viewer.panel
    inside = viewer.subject.inside
    for layer in inside.layers:
        viewer.show(Cell(layer.name, tuple(size // 2 for size in layer.shape)))
        qtbot.waitUntil(lambda: not _clipped(panel))


def _clipped(panel) -> list[str]:
    """The names of what has not all the room that it needs."""
    numbers = [*panel.blocks.grids, *panel.blocks.pictures]
    small = [one for one in numbers if not _has_room(one, one.minimumSizeHint())]
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible()]
    small += [
        one
        for one in [*panel.blocks.pictures, *labels]
        if one.height() < one.heightForWidth(one.width())
    ]
    return [one.accessibleName() or one.text() for one in small]


def _has_room(widget: QWidget, size: QSize) -> bool:
    return widget.width() >= size.width() and widget.height() >= size.height()


def test_a_channel_that_is_switched_off_says_so(make_viewer) -> None:
    viewer = make_viewer()
    silent = frozenset({("relu1", 2)})
    values = viewer.subject.inside.exact(viewer.subject.glyph, silent)
    viewer.panel.show_cell(viewer.subject, values, Cell("relu1", (2, 3, 3)), silent)
    assert viewer.events == ["cell-shown:silent"]
    assert not viewer.panel.header.strongest.isEnabled()


def test_points_of_the_widgets_are_found_again(make_viewer) -> None:
    viewer = make_viewer()
    viewer.show(Cell("fc1", (3,)))
    for picture in viewer.panel.blocks.pictures:
        count, rows, columns = picture.maps.values.shape
        for place in ((0, 0, 0), (count - 1, rows - 1, columns - 1), (count // 2, 1, 2)):
            assert picture.place_at(picture.area(place).center()) == place
        assert picture.place_at(QPointF(-1, -1)) is None
    for grid in viewer.panel.blocks.grids:
        for spot in ((0, 0), (len(grid.grid.texts) - 1, len(grid.grid.texts[0]) - 1)):
            assert grid.spot_at(grid.area(spot).center()) == spot


def test_the_two_maps_lead_to_a_neighbour_and_to_a_source(qtbot, make_viewer) -> None:
    viewer = make_viewer()
    panel = viewer.panel
    viewer.show(Cell("relu3", (3, 4, 5)))
    viewer.show(Cell("pool1", (3, 2, 1)))
    picture = panel.slide.picture
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    qtbot.keyClick(picture, Qt.Key.Key_Down)
    assert panel.cell == Cell("pool1", (3, 3, 2))
    for _ in range(9):
        qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert panel.cell == Cell("pool1", (3, 3, 0))
    left, right = picture.areas()
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=right.topLeft().toPoint() + _IN)
    assert panel.cell == Cell("pool1", (3, 0, 0))
    # A neighbour is no further step on the way.
    assert panel.trail.cells == [Cell("relu3", (3, 4, 5)), Cell("pool1", (3, 0, 0))]
    assert "source-followed" not in viewer.events
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=left.bottomRight().toPoint() - _IN)
    assert panel.cell == Cell("relu3", (3, 9, 9))
    assert "source-followed" in viewer.events


def test_what_is_read_aloud_has_the_sum_and_the_numbers(make_viewer) -> None:
    viewer = make_viewer()
    viewer.show(Cell("fc1", (3,)))
    said = viewer.panel.blocks.accessibleDescription()
    assert "all products are added" in said
    assert f"= {fixed(viewer.values['fc1'][3], 4)[:4]}" in said


def test_numbers_have_their_places_before_they_are_painted(make_viewer) -> None:
    viewer = make_viewer()
    for layer in viewer.subject.inside.layers:
        viewer.show(Cell(layer.name, tuple(size // 2 for size in layer.shape)))
        grids = viewer.panel.blocks.grids
        assert [one for one in grids if not _has_room(one, one.minimumSizeHint())] == []
