"""What holds for everything in the window at once: pages, menus, dialogs, a training."""

from __future__ import annotations

import pytest
from fakes import SEVEN, prediction
from mnemonics import assert_each_once, letters
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence
from PySide6.QtGui import Qt as Markup
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QInputDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QTabBar,
    QToolTip,
    QWidget,
)
from training_run_kit import bars, config, load_bars

from digitpad.app.services.recognition import ActiveModel
from digitpad.data import loading
from digitpad.data.choice import DataChoice
from digitpad.data.loading import Loaded
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
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
    for section in page.form.sections:
        section.set_open(True)
    train_to_the_end(qtbot, program)
    for theme in ("dark", "light"):
        program.actions.themes[theme].trigger()
    QApplication.processEvents()
    assert shown_windows == ["MainWindow "]


HOSTILE = "<img src=file:///nowhere.png><b>x</b>&y"


def texts_of(window: QWidget) -> list[str]:
    """All that anybody can see or point at, as far as Qt might take it for markup."""
    found = []
    widgets = [*window.findChildren(QWidget), *QApplication.topLevelWidgets()]
    for widget in widgets:
        found.append(widget.toolTip())
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            found.append(widget.text())
        if isinstance(widget, QMessageBox):
            found.append("" if widget.textFormat() == Qt.TextFormat.PlainText else widget.text())
        if isinstance(widget, QAbstractItemView | QComboBox):
            model = widget.model()
            indices = [model.index(row, 0) for row in range(model.rowCount())]
            found += [index.data(Qt.ItemDataRole.ToolTipRole) or "" for index in indices]
        if isinstance(widget, QTabBar):
            found += [widget.tabToolTip(number) for number in range(widget.count())]
        found += [action.toolTip() for action in widget.actions()]
    return found


def tip_at(qtbot, widget: QWidget, place: QPoint) -> str:
    """The tip that is shown where the pointer rests."""
    help_event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, help_event)
    shown = QToolTip.text()
    QToolTip.hideText()
    return shown


# There is no window manager to bring dialogs to the front.
@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_words_from_files_are_shown_as_they_are(qtbot, make_program, predictor, monkeypatch):
    classes = (HOSTILE, "tall")

    def load(choice, _folder, _seed):
        yield Loaded(bars(choice.count or 60, 1, classes))

    monkeypatch.setattr(training_run, "load_data", load)
    monkeypatch.setattr(loading, "load_data", load)
    predictor.answer = prediction(0, 0.9, classes)
    program = make_program(load=lambda: ActiveModel(predictor, HOSTILE, HOSTILE, classes))
    seen: list[str] = []

    def look() -> None:
        seen.extend(texts_of(program.window))

    program.pad.document.replace(SEVEN)
    program.pad_controller.live.update_now()
    look()
    train_to_the_end(qtbot, program)
    page = program.show_train().page
    page.commands.rename.trigger()
    look()
    dialog = page.findChild(QInputDialog)
    dialog.setTextValue(HOSTILE)
    dialog.accept()
    assert page.runs.run.name == HOSTILE
    page.commands.delete.trigger()
    look()
    page.findChild(QMessageBox).reject()
    seen.append(tip_at(qtbot, page.epochs.columns.viewport(), QPoint(10, 10)))
    page.show_data()
    with qtbot.waitSignal(program.train.data.loaded):
        page.data.message.button.click()
    look()
    # A path, a warm start and a notice with such words.
    page.form.set_config(config(data=DataChoice("strokes", HOSTILE), warm_start=HOSTILE))
    program.window.notices.show_notice(HOSTILE)
    for section in page.form.sections:
        section.set_open(False)
    look()
    page.form.set_config(config())
    page.runs.use.click()
    for menu in menus_of(program.window.menuBar()):
        menu.aboutToShow.emit()
        for action in menu.actions():
            seen.append(action.toolTip())
            assert "&" not in HOSTILE or HOSTILE not in action.text()
    look()
    assert any("img" in text for text in seen), "the words were nowhere to be seen"
    assert [text for text in seen if Markup.mightBeRichText(text) and "<img" in text] == []


@pytest.mark.parametrize("size", [(1280, 900), (640, 480)])
def test_no_letter_and_no_key_means_two_things(qtbot, make_program, bars_are_the_data, size):
    program = make_program(size=size)
    window = program.window
    assert_each_once(letters(window), "drawing")
    page = program.show_train().page
    assert page.is_narrow == (size[0] < 1000)
    assert_each_once(letters(window), "before a training")
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        assert_each_once(letters(window), page.tabs.tabText(number))
    for state in ("preparing", "running", "paused", "stopping", "idle"):
        page.controls.show_state(state)
        assert_each_once(letters(window), state)
    train_to_the_end(qtbot, program)
    page.runs.resume.show()
    page.controls.show_download("562 MB")
    assert {"Alt+S", "Alt+A", "Alt+C", "Alt+R"} <= set(letters(window))
    assert_each_once(letters(window), "after a training")
    program.samples.show()
    assert_each_once(letters(window), "no samples")
    program.samples.collect_each(1)
    assert_each_once(letters(window), "drawing what is asked for")
    actions = window.findChildren(QAction) + program.findChildren(QAction)
    keys = [key.toString() for action in set(actions) for key in action.shortcuts()]
    assert {"F5", "Ctrl+Q", "Ctrl+Z"} <= set(keys)
    assert_each_once(keys, "keys")
    for menu in menus_of(window.menuBar()):
        menu.aboutToShow.emit()
        own = [QKeySequence.mnemonic(action.text()).toString() for action in menu.actions()]
        assert_each_once([key for key in own if key], menu.title())
