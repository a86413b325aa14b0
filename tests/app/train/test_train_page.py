"""Everything on the page can be reached whatever the room, and the letters."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from digitpad.app.widgets.layout import scaled

SIZES = [(1280, 900), (1024, 600), (960, 540), (960, 470), (640, 480)]
"""The second is that of small netbooks; the third is 1920x1080 at 200 %, and the fourth what a
title and a task bar leave of it."""


@pytest.fixture(params=[1.0, 1.4], ids=["usual letters", "large letters"])
def letters(request, qapp):
    before = QApplication.font()
    QApplication.setFont(scaled(before, request.param))
    yield request.param
    QApplication.setFont(before)


def is_in_view(widget: QWidget) -> bool:
    """Whether all of a widget can be seen."""
    window = widget.window()
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return widget.isVisible() and window.rect().contains(place)


def nested_bars(page: QWidget) -> list[QWidget]:
    """Areas that scroll up and down within others that do."""

    def scrolls(area: QAbstractScrollArea) -> bool:
        return area.isVisible() and area.verticalScrollBar().maximum() > 0

    areas = [area for area in page.findChildren(QAbstractScrollArea) if scrolls(area)]
    return [area for area in areas if any(o is not area and o.isAncestorOf(area) for o in areas)]


@pytest.mark.parametrize("size", SIZES)
def test_what_starts_and_stops_is_in_view_whatever_the_room(qtbot, make_program, size, letters):
    if letters > 1 and size < (960, 540):
        pytest.skip("the window is larger with such letters")
    program = make_program(size=size)
    page = program.show_train().page
    window = program.window
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    assert letters > 1 or page.is_narrow == (size[0] < 900)
    for state, buttons in (
        ("idle", [page.controls.start]),
        ("running", [page.controls.hold, page.controls.stop]),
        ("paused", [page.controls.hold, page.controls.stop]),
    ):
        page.controls.show_state(state)
        for tab in range(page.tabs.count()):
            page.tabs.setCurrentIndex(tab)
            QApplication.processEvents()
            for button in (*buttons, page.runs.use):
                assert is_in_view(button), (state, page.tabs.tabText(tab))
            assert nested_bars(page) == []
    page.controls.show_state("idle")


@pytest.mark.parametrize("size", SIZES)
def test_each_part_can_be_brought_to_the_front(qtbot, make_program, size):
    program = make_program(size=size)
    page = program.show_train().page
    window = program.window
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    seen = set()
    for tab in range(page.tabs.count()):
        if page.tabs.isTabVisible(tab):
            page.tabs.setCurrentIndex(tab)
            QApplication.processEvents()
            parts = (page.form, page.curves, page.data, page.epochs)
            seen |= {part for part in parts if is_in_view(part)}
    assert len(seen) == 4


def test_a_window_that_grows_and_shrinks_keeps_what_is_in_front_and_the_keys(qtbot, make_program):
    program = make_program(size=(1280, 900))
    page = program.show_train().page
    page.show_data()
    window = program.window
    window.activateWindow()
    line = page.form._fields["epochs"].receiver
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    window.resize(700, 480)
    qtbot.waitUntil(lambda: page.is_narrow and page.is_low)
    assert page.data.isVisible()
    assert not page.form.isVisible()
    page.show_form()
    assert page.form.isVisible()
    window.resize(1280, 900)
    qtbot.waitUntil(lambda: not page.is_narrow and not page.is_low)
    # The settings stand beside the rest: they are no tab any more.
    assert page.form.isVisible()
    assert page.curves.isVisible()
    assert page.epochs.isVisible()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert page.form.isAncestorOf(QApplication.focusWidget())


def test_a_newcomer_in_a_narrow_window_sees_the_settings_first(qtbot, make_program):
    program = make_program(size=(640, 480))
    page = program.show_train().page
    qtbot.waitUntil(page.form.isVisible)
    # There is nothing to be far with yet.
    assert not page.progress.bar.isVisible()


def test_the_line_below_the_bar_grows_with_its_text(qtbot, make_program):
    progress = make_program(size=(1000, 720)).show_train().page.progress
    label = progress.label
    QApplication.processEvents()
    progress.show_busy("Short.", 1, 10)
    qtbot.waitUntil(lambda: 0 < label.height() == label.heightForWidth(label.width()))
    QApplication.processEvents()
    progress.show_idle("A sentence that takes more than one line. " * 3, 1.0)
    qtbot.waitUntil(lambda: label.height() == label.heightForWidth(label.width()))
