import gc
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from digitpad.app.collector import Collector
from digitpad.app.crash import CrashReporter


@pytest.fixture
def reporter(qapp, tmp_path):
    hooks = sys.excepthook, threading.excepthook
    reporter = CrashReporter(tmp_path / "logs" / "digitpad.log")
    reporter.install()
    yield reporter
    reporter.uninstall()
    sys.excepthook, threading.excepthook = hooks


def fail(text):
    try:
        raise ValueError(text)
    except ValueError:
        sys.excepthook(*sys.exc_info())


def open_box(qtbot) -> QMessageBox:
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return box


def test_a_bug_is_logged_and_shown_with_a_report_to_copy(
    qtbot, reporter, tmp_path, clipboard, capfd
):
    fail("first bug")
    box = open_box(qtbot)
    report = box.detailedText()
    assert "ValueError: first bug" in report
    assert "Digitpad" in report
    assert "ValueError: first bug" in (tmp_path / "logs" / "digitpad.log").read_text()
    copy = next(b for b in box.buttons() if b.text() == "Copy report")
    copy.click()
    assert QGuiApplication.clipboard().text() == report
    assert box.isVisible()
    box.close()


def test_a_second_bug_opens_no_second_box_but_is_logged(qtbot, reporter, tmp_path, capfd):
    fail("first bug")
    box = open_box(qtbot)
    fail("second bug")
    QCoreApplication.sendPostedEvents()
    assert QApplication.activeModalWidget() is box
    assert "second bug" in (tmp_path / "logs" / "digitpad.log").read_text()
    box.close()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    fail("third bug")
    assert "third bug" in open_box(qtbot).detailedText()
    QApplication.activeModalWidget().close()


def test_a_bug_in_a_thread_is_shown_by_the_windows_thread(qtbot, reporter, capfd):
    def bug():
        raise ValueError("bug in a thread")

    thread = threading.Thread(target=bug)
    thread.start()
    thread.join()
    box = open_box(qtbot)
    assert "bug in a thread" in box.detailedText()
    box.close()


def test_a_place_that_takes_no_log_is_no_second_bug(qtbot, tmp_path, capfd):
    (tmp_path / "file").write_text("")
    reporter = CrashReporter(tmp_path / "file" / "digitpad.log")
    hooks = sys.excepthook, threading.excepthook
    reporter.install()
    try:
        fail("bug")
    finally:
        reporter.uninstall()
        sys.excepthook, threading.excepthook = hooks
    open_box(qtbot).close()


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
