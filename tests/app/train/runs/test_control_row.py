import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from train_actions import ICONS, shown_actions

from digitpad.app.train.actions import TrainActions
from digitpad.app.train.runs.control_row import ControlRow


@pytest.fixture
def row(qtbot):
    actions = shown_actions()
    row = ControlRow(actions)
    row.actions_ = actions
    qtbot.addWidget(row)
    with qtbot.waitExposed(row):
        row.show()
    return row


def usable(row) -> set[str]:
    names = ("start", "hold", "stop")
    return {n for n in names if getattr(row, n).isVisible() and getattr(row, n).isEnabled()}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("idle", {"start"}),
        ("preparing", {"stop"}),
        ("running", {"hold", "stop"}),
        ("paused", {"hold", "stop"}),
        ("stopping", set()),
    ],
)
def test_only_what_does_something_can_be_pressed(row, state, expected):
    row.show_state(state)
    assert usable(row) == expected


def test_an_obstacle_holds_the_start_and_says_why(row):
    row.show_obstacle("Learning rate: the value must be from 0 to 10, not 11.")
    assert usable(row) == set()
    assert "Learning rate" in row.start.toolTip()
    row.show_obstacle("")
    assert usable(row) == {"start"}


def test_the_keys_stay_with_the_row_when_a_button_goes(qtbot, row):
    row.activateWindow()
    row.start.setFocus()
    qtbot.waitUntil(row.start.hasFocus)
    with qtbot.waitSignal(row.actions_.start.triggered):
        QTest.keyClick(row.start, Qt.Key.Key_Space)
    row.show_state("running")
    assert row.stop.hasFocus()
    row.show_state("idle")
    assert row.start.hasFocus()


def test_one_button_pauses_and_continues(row):
    row.show_state("running")
    assert "Pause" in row.hold.text().replace("&", "")
    assert "stays in memory" in row.hold.toolTip()
    row.show_state("paused")
    assert "Continue" in row.hold.text().replace("&", "")
    assert "can be resumed" in row.stop.toolTip()


def test_what_is_downloaded_is_said_before_it_is(row):
    row.show_download("562 MB")
    assert row.start.text() == "Download 562 MB and &start"
    downloads = row.start.toolTip()
    row.show_download("")
    assert row.start.text() == "&Start"
    trains = row.start.toolTip()
    assert trains != downloads
    # As before the row was made.
    assert TrainActions(ICONS).start.toolTip() == trains
