"""Reports of what went wrong before, and the dialog that shows them."""

import logging

import pytest
import shiboken6
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from digitpad.app.diagnostics.problems import Problems
from digitpad.app.diagnostics.report_dialog import ReportDialog
from digitpad.app.widgets.theme import choose_theme, is_dark
from digitpad.diagnostics.crash_file import CrashFile
from digitpad.diagnostics.log import LogFile
from digitpad.paths import Profile

FAULT = "Digitpad 1.0, process 1\n\nFatal Python error: Segmentation fault"


@pytest.fixture
def profile(tmp_path):
    return Profile(tmp_path / "profile")


@pytest.fixture(autouse=True)
def log(profile):
    with LogFile(profile.log_path):
        yield logging.getLogger("digitpad.room")


@pytest.fixture
def box(profile):
    with CrashFile(profile.reports_dir) as box:
        yield box


@pytest.fixture
def left(profile):
    profile.reports_dir.mkdir(parents=True)
    (profile.reports_dir / "1.report").write_text(FAULT)


@pytest.fixture
def problems(window, profile, box):
    return Problems(window, profile, box, QIcon())


@pytest.fixture
def dialog(qtbot, window, tmp_path):
    dialog = ReportDialog("What", "And why.", "line 1\nline 2", tmp_path / "folder", window)
    with qtbot.waitExposed(dialog):
        dialog.open()
    yield dialog
    if shiboken6.isValid(dialog):
        dialog.close()


def front(qtbot) -> ReportDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ReportDialog))
    return QApplication.activeModalWidget()


def test_without_a_bad_end_there_is_no_notice(problems):
    problems.offer()
    assert problems.notice is None


def test_a_bad_end_is_offered_and_its_report_shown(qtbot, left, profile, problems, box, log):
    log.warning("something before it")
    problems.offer()
    assert problems.notice.isVisible()
    assert problems.notice.text == "Digitpad ended unexpectedly last time."
    problems.notice.findChild(QPushButton).click()
    dialog = front(qtbot)
    text = dialog.text.toPlainText()
    assert FAULT in text
    assert text.index("Build: ") < text.index(FAULT) < text.index("something before it")
    assert problems.notice.isVisible()
    # Killed now, it has not been seen.
    assert FAULT in box.path.read_text()
    dialog.close()
    qtbot.waitUntil(problems.notice.isHidden)
    assert FAULT not in box.path.read_text()
    assert FAULT in profile.log_path.read_text()


def test_who_does_not_want_to_know_is_not_asked_again(left, profile, problems, box):
    problems.offer()
    problems.notice.dismiss()
    assert problems.notice.isHidden()
    assert FAULT not in box.path.read_text()


def test_a_report_that_the_log_has_is_not_logged_again(left, profile, problems, log):
    log.warning(FAULT)
    problems.offer()
    assert profile.log_path.read_text().count("Segmentation fault") == 1


def test_the_keyboard_reaches_the_notice(qtbot, left, window, problems):
    problems.offer()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    front(qtbot).close()


def test_the_menu_shows_the_newest_lines_of_the_log(qtbot, window, problems, log):
    for number in range(500):
        log.warning(f"line {number}")
    window.actions_.problems.trigger()
    dialog = front(qtbot)
    text = dialog.text.toPlainText()
    assert text.startswith("Digitpad ")
    assert text.endswith("line 499")
    assert "line 100\n" not in text
    bar = dialog.text.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    dialog.close()


def test_the_menu_says_so_when_nothing_went_wrong(qtbot, window, problems):
    window.actions_.problems.trigger()
    dialog = front(qtbot)
    assert "Nothing has gone wrong" in dialog.accessibleDescription()
    assert "Build: " in dialog.text.toPlainText()
    dialog.close()


def test_a_report_can_be_copied(dialog, clipboard):
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "line 1\nline 2"
    dialog.add_report("line 3")
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "line 1\nline 2\n\nline 3"


def test_a_report_can_be_saved(qtbot, dialog, tmp_path):
    dialog.save_button.click()
    asking = dialog.findChild(QFileDialog)
    qtbot.waitUntil(asking.isVisible)
    path = tmp_path / "mine.txt"
    asking.fileSelected.emit(str(path))
    asking.close()
    assert path.read_text() == "line 1\nline 2\n"
    assert str(path) in dialog.status.text()
    assert dialog.status.isVisible()


def test_a_place_that_takes_no_report_is_told(dialog, tmp_path):
    (tmp_path / "file").write_text("")
    dialog.save_to(tmp_path / "file" / "report.txt")
    assert "could not be written" in dialog.status.text()


def test_the_folder_is_opened_or_named(dialog, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    dialog.folder_button.click()
    assert str(tmp_path / "folder") in dialog.status.text()
    (tmp_path / "folder").mkdir()
    dialog.status.hide()
    dialog.folder_button.click()
    assert opened == [QUrl.fromLocalFile(str(tmp_path / "folder"))]
    assert dialog.status.isHidden()


def test_everything_has_a_name_and_is_reached_by_the_keyboard(qtbot, dialog):
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert QApplication.focusWidget() is dialog.copy_button
    reached = set()
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    buttons = {
        dialog.copy_button,
        dialog.save_button,
        dialog.folder_button,
        dialog.close_button,
    }
    assert reached == buttons | {dialog.text}
    assert all(widget.accessibleName() or widget.text() for widget in reached)
    with qtbot.waitSignal(dialog.destroyed):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_the_colours_of_the_theme(qtbot, dialog, theme):
    choose_theme(theme)
    for widget in (dialog, dialog.text, dialog.copy_button):
        qtbot.waitUntil(lambda widget=widget: is_dark(widget.palette()) == (theme == "dark"))


def test_a_long_report_makes_no_larger_dialog_than_the_screen(qtbot, window, tmp_path):
    report = "\n".join(["x" * 5000] * 2000)
    dialog = ReportDialog("What " * 200, "And why. " * 200, report, tmp_path, window)
    qtbot.addWidget(dialog)
    dialog.show()
    screen = dialog.screen().availableSize()
    assert dialog.width() <= screen.width()
    assert dialog.height() <= screen.height()
