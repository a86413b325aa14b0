import gc
import logging
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QMessageLogContext, Qt, QTimer, QtMsgType
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from digitpad.app.collector import Collector
from digitpad.app.diagnostics import hooks
from digitpad.app.diagnostics.hooks import CrashReporter, QtMessages
from digitpad.app.diagnostics.report_dialog import ReportDialog
from digitpad.diagnostics.crash_file import CrashFile
from digitpad.diagnostics.log import LogFile
from digitpad.paths import Profile


@pytest.fixture
def profile(tmp_path):
    return Profile(tmp_path / "profile")


@pytest.fixture
def log(profile):
    with LogFile(profile.log_path) as log:
        yield log


@pytest.fixture
def box(profile, log):
    with CrashFile(profile.reports_dir) as box:
        yield box


@pytest.fixture
def install(qapp):
    """Makes reporters, and takes them away again."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    made = []

    def install(profile, box):
        reporter = CrashReporter(profile, box)
        reporter.install()
        made.append(reporter)
        return reporter

    yield install
    for reporter in made:
        reporter.uninstall()
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


@pytest.fixture
def reporter(install, profile, box):
    return install(profile, box)


def fail(text):
    try:
        raise ValueError(text)
    except ValueError:
        sys.excepthook(*sys.exc_info())


def fail_otherwise(text):
    try:
        raise KeyError(text)
    except KeyError:
        sys.excepthook(*sys.exc_info())


def open_dialog(qtbot) -> ReportDialog:
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReportDialog)
    return dialog


def close(qtbot, dialog):
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()


def test_a_bug_is_logged_and_shown_with_a_report_to_copy(
    qtbot, reporter, profile, box, clipboard, capfd
):
    fail("first bug")
    dialog = open_dialog(qtbot)
    report = dialog.text.toPlainText()
    assert "ValueError: first bug" in report
    assert all(word in report for word in ("Digitpad", "Build", "Python", "Qt", "torch", "System"))
    assert "ValueError: first bug" in profile.log_path.read_text()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == report
    assert dialog.isVisible()
    # Who dies now has not had the report seen.
    assert "first bug" in box.path.read_text()
    close(qtbot, dialog)
    assert "first bug" not in box.path.read_text()
    assert capfd.readouterr().err.count("\n") == 1


def test_a_bug_that_comes_back_with_every_frame_is_shown_and_logged_once(
    qtbot, reporter, profile, capfd
):
    for _ in range(50):
        fail("bug in painting")
    dialog = open_dialog(qtbot)
    fail("bug in painting")
    QCoreApplication.sendPostedEvents()
    assert dialog.text.toPlainText().count("ValueError: bug in painting") == 1
    assert profile.log_path.read_text().count("ValueError: bug in painting") == 1
    close(qtbot, dialog)
    fail("again")
    close(qtbot, open_dialog(qtbot))


def test_another_bug_is_added_to_the_open_dialog(qtbot, reporter, profile, box, capfd):
    fail("first bug")
    dialog = open_dialog(qtbot)
    fail_otherwise("second bug")
    qtbot.waitUntil(lambda: "KeyError: 'second bug'" in dialog.text.toPlainText())
    assert QApplication.activeModalWidget() is dialog
    assert "second bug" in profile.log_path.read_text()
    close(qtbot, dialog)
    assert "bug" not in box.path.read_text()


def test_a_dialog_that_went_with_its_window_makes_place_for_the_next(qtbot, reporter, box, capfd):
    window = QWidget()
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    with qtbot.waitActive(window):
        window.show()
    fail("first bug")
    assert open_dialog(qtbot).parent() is window
    with qtbot.waitSignal(window.destroyed):
        window.close()
    fail_otherwise("second bug")
    dialog = open_dialog(qtbot)
    assert "second bug" in dialog.text.toPlainText()
    close(qtbot, dialog)


def test_the_log_before_a_bug_is_part_of_its_report(qtbot, reporter, profile, capfd):
    logging.getLogger("digitpad.room").warning("something odd")
    fail("bug")
    dialog = open_dialog(qtbot)
    assert "something odd" in dialog.text.toPlainText()
    close(qtbot, dialog)


def test_a_bug_in_a_thread_is_shown_by_the_windows_thread(qtbot, reporter, capfd):
    def bug():
        raise ValueError("bug in a thread")

    thread = threading.Thread(target=bug, name="errand")
    thread.start()
    thread.join()
    dialog = open_dialog(qtbot)
    assert "bug in a thread" in dialog.text.toPlainText()
    assert "thread errand" in dialog.text.toPlainText()
    close(qtbot, dialog)


def test_what_fails_while_an_object_goes_away_is_only_logged(reporter, profile, capfd):
    class Brittle:
        def __del__(self):
            raise ValueError("not gone")

    Brittle()
    assert "ValueError: not gone" in profile.log_path.read_text()
    assert capfd.readouterr().err == ""


def test_a_place_that_takes_no_log_is_no_second_bug(qtbot, install, tmp_path, capfd):
    (tmp_path / "file").write_text("")
    profile = Profile(tmp_path / "file")
    with LogFile(profile.log_path) as log, CrashFile(profile.reports_dir) as box:
        assert box.path is None
        install(profile, box)
        fail("bug")
        dialog = open_dialog(qtbot)
        assert "ValueError: bug" in dialog.text.toPlainText()
        assert isinstance(log.failure, OSError)
        assert "report is in" not in capfd.readouterr().err
        close(qtbot, dialog)


def test_a_bug_that_ends_the_program_is_shown_first(
    qtbot, reporter, profile, box, capfd, monkeypatch
):
    monkeypatch.setattr(hooks, "has_screen", lambda: True)
    shown = []

    def look():
        dialog = open_dialog(qtbot)
        shown.append(dialog.text.toPlainText())
        dialog.close()

    QTimer.singleShot(0, look)
    assert reporter.end(ValueError("last bug")) == 1
    assert "ValueError: last bug" in shown[0]
    assert "last bug" not in box.path.read_text()


def test_where_nobody_can_close_a_dialog_the_next_start_tells(reporter, box, capfd):
    assert reporter.end(ValueError("last bug")) == 1
    assert "ValueError: last bug" in box.path.read_text()


def test_a_sentence_without_a_window_is_shown_where_somebody_can_read_it(qtbot, qapp, monkeypatch):
    # Nothing waits for somebody here, as there is no screen.
    hooks.tell("Something is missing.")
    monkeypatch.setattr(hooks, "has_screen", lambda: True)
    shown = []

    def look():
        box = QApplication.activeModalWidget()
        shown.append((box.text(), box.textFormat()))
        box.close()

    QTimer.singleShot(0, look)
    hooks.tell("Something called <b>it</b> is missing.")
    assert shown == [("Something called <b>it</b> is missing.", Qt.TextFormat.PlainText)]


def test_warnings_of_qt_are_logged_once_and_printed(profile, box, capfd):
    messages = QtMessages(profile, box)
    messages.display_found()
    for text in ("odd", "odd", "also odd"):
        messages._on_message(QtMsgType.QtWarningMsg, QMessageLogContext(), text)
    messages._on_message(QtMsgType.QtDebugMsg, QMessageLogContext(), "chatter")
    log = profile.log_path.read_text()
    assert log.count("WARNING digitpad.qt: odd") == 1
    assert "also odd" in log
    assert "chatter" not in log
    assert capfd.readouterr().err.splitlines() == ["odd", "odd", "also odd", "chatter"]
    for number in range(500):
        messages._on_message(QtMsgType.QtWarningMsg, QMessageLogContext(), f"{number}" * 2000)
    assert profile.log_path.stat().st_size < 250_000


def test_the_last_words_of_qt_are_kept(profile, box, capfd):
    messages = QtMessages(profile, box)
    messages.display_found()
    messages._on_message(QtMsgType.QtFatalMsg, QMessageLogContext(), "no way on")
    kept = box.path.read_text()
    assert "no way on" in kept
    assert "test_the_last_words_of_qt_are_kept" in kept


def test_garbage_is_collected_on_the_windows_thread(qapp):
    collector = Collector()
    collector.start()
    try:
        assert not gc.isenabled()
        # First it sets aside what was imported, which is never garbage.
        collector._collect()
        assert gc.get_freeze_count() > 10_000
        count = _collections()
        keep = [[] for _ in range(2000)]
        collector._collect()
        assert _collections() > count
        assert len(keep) == 2000
    finally:
        collector.stop()
        gc.unfreeze()
    assert gc.isenabled()


def _collections() -> int:
    # Of any generation: which one is due depends on what ran before.
    return sum(generation["collections"] for generation in gc.get_stats())
