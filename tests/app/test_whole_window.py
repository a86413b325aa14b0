"""What holds for everything in the window at once: pages, menus, dialogs, a training."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMenu, QTabWidget, QWidget
from training_run_kit import config, load_bars

from digitpad.learning.runs import training_run


class _ShownWindows(QObject):
    """Keeps the names of all windows that are shown, but for dialogs, menus and tips."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and watched.windowType() == Qt.WindowType.Window
        ):
            self.names.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@pytest.fixture
def shown_windows(qapp):
    shown = _ShownWindows()
    qapp.installEventFilter(shown)
    yield shown.names
    qapp.removeEventFilter(shown)


@pytest.fixture
def bars_are_the_data(monkeypatch):
    monkeypatch.setattr(training_run, "load_data", load_bars)


def menus_of(menu: QWidget) -> list[QMenu]:
    """All menus of a bar or a menu, also those within others."""
    own = [action.menu() for action in menu.actions() if action.menu() is not None]
    return [found for one in own for found in (one, *menus_of(one))]


def train_to_the_end(qtbot, program) -> None:
    train = program.show_train()
    train.page.form.set_config(config())
    with qtbot.waitSignal(train.training.finished) as finished:
        train.page.controls.start.click()
    assert finished.args[0] is not None


def test_no_window_is_ever_shown_beside_the_window(
    qtbot, make_program, shown_windows, bars_are_the_data
):
    program = make_program()
    for page in program.actions.pages:
        page.trigger()
    for menu in menus_of(program.window.menuBar()):
        # As if it opened: without a screen there is nothing to grab the pointer.
        menu.aboutToShow.emit()
    page = program.show_train().page
    for tabs in page.findChildren(QTabWidget):
        for number in range(tabs.count()):
            tabs.setCurrentIndex(number)
    for section in page.form.sections:
        section.set_open(True)
    train_to_the_end(qtbot, program)
    for theme in ("dark", "light"):
        program.actions.themes[theme].trigger()
    QApplication.processEvents()
    assert shown_windows == ["MainWindow "]
