"""The whole program, with the bundled model, as it is started by people."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from digitpad.diagnostics.crash_file import CrashFile
from digitpad.diagnostics.log import LogFile
from digitpad.ink.curve import sample_curve
from digitpad.paths import Profile
from digitpad.settings import Settings, save_settings

# In shares of the pad's shorter side, from its centre.
DIGITS = {
    "1": [[(0.0, -0.3), (0.0, 0.3)]],
    "3": [
        [(-0.18, -0.22), (-0.08, -0.3), (0.07, -0.29), (0.13, -0.19), (0.06, -0.08), (-0.05, -0.03),
         (0.08, 0.0), (0.17, 0.1), (0.13, 0.24), (-0.02, 0.3), (-0.18, 0.24)]
    ],
    "7": [[(-0.24, -0.26), (0.1, -0.28), (0.25, -0.27), (0.09, 0.0), (0.0, 0.17), (-0.05, 0.31)]],
}  # fmt: skip


def draw(canvas, strokes, scale=1.0, offset=(0, 0)):
    side = min(canvas.width(), canvas.height()) * scale
    centre = np.array([canvas.width() / 2, canvas.height() / 2]) + offset
    left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for stroke in strokes:
        curve = sample_curve(np.array(stroke) * side + centre, side / 12)
        points = [QPoint(round(x), round(y)) for x, y in curve.tolist()]
        QTest.mousePress(canvas, left, keys, points[0])
        for point in points[1:]:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, left, keys, points[-1])


def test_digits_are_read_wherever_and_however_large_they_are_drawn(open_program):
    program = open_program()
    for digit, strokes in DIGITS.items():
        for scale, offset in ((1.0, (0, 0)), (0.45, (-130, 90))):
            draw(program.pad.canvas, strokes, scale, offset)
            assert program.pad.answer.big.text == digit
            program.pad_actions.clear.trigger()
            assert program.pad.answer.big.text == ""


def test_a_seven_is_read_before_the_pen_has_left_the_pad(qtbot, open_program):
    pad = open_program().pad
    canvas = pad.canvas
    corners = np.array(DIGITS["7"][0]) * 400 + (canvas.width() / 2, canvas.height() / 2)
    points = [QPoint(round(x), round(y)) for x, y in corners]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
    qtbot.waitUntil(lambda: pad.answer.big.text == "7")
    assert canvas.is_drawing
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=points[-1])
    assert pad.answer.big.text == "7"


@pytest.mark.parametrize("content", [b"", b"no model", b"\x10\0\0\0\0\0\0\0{}"])
def test_a_broken_active_model_gives_way_to_the_bundled_one_and_that_is_said(
    open_program, tmp_path, content
):
    profile = Profile(tmp_path)
    profile.models_dir.mkdir(parents=True)
    (profile.models_dir / "mine.safetensors").write_bytes(content)
    save_settings(Settings(active_model="mine"), profile.settings_path)
    program = open_program()
    window = program.window
    assert "bundled" in window.notices.text
    assert window.notices.isVisible()
    draw(program.pad.canvas, DIGITS["7"])
    assert program.pad.answer.big.text == "7"


def test_damaged_settings_are_kept_aside_and_that_is_said(open_program, tmp_path):
    path = Profile(tmp_path).settings_path
    path.write_text("{not json")
    window = open_program().window
    assert "damaged" in window.notices.text
    assert [file.read_text() for file in tmp_path.glob("settings.json.*")] == ["{not json"]


PROGRAM = """
import json, os, subprocess, sys
from PySide6.QtCore import QTimer
from digitpad import cli
from digitpad.app import application

folder, moment = sys.argv[1:]
build = application.Program.__init__

def watched(program, *arguments):
    build(program, *arguments)
    close = program.window.close
    heavy = ("torch", "torchvision", "scipy", "PIL", "pyqtgraph", "sqlite3", "safetensors")
    program.window.first_painted.disconnect()
    program.window.first_painted.connect(
        lambda: print(json.dumps([name for name in heavy if name in sys.modules]))
    )
    program.window.first_painted.connect(program.recognition.start)
    if moment == "ready":
        program.recognition.ready.connect(close)
    elif moment == "painted":
        program.window.first_painted.connect(close)
    elif moment.startswith("SIG"):
        # From outside, while Qt waits and Python does nothing.
        kill = f"sleep 0.3; kill -{moment[3:]} {os.getpid()}"
        program.recognition.ready.connect(lambda: subprocess.Popen(["sh", "-c", kill]))
    else:
        QTimer.singleShot(int(moment), close)

application.Program.__init__ = watched
sys.exit(cli.run(["--profile", folder]))
"""


def run(tmp_path, moment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", PROGRAM, str(tmp_path), moment],
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    "moment",
    [
        *("0", "ready"),
        *(pytest.param(moment, marks=pytest.mark.slow) for moment in ("painted", "120", "450")),
    ],
)
def test_closing_at_any_moment_ends_with_code_0(tmp_path, moment):
    result = run(tmp_path, moment)
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert "QThread" not in result.stderr
    assert not list((tmp_path / "reports").iterdir())
    assert not (tmp_path / "digitpad.log").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="ends processes otherwise")
@pytest.mark.parametrize("name", ["SIGTERM", pytest.param("SIGHUP", marks=pytest.mark.slow)])
def test_a_process_that_is_ended_closes_its_window(tmp_path, name):
    result = run(tmp_path, name)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "window.json").exists()
    assert not list((tmp_path / "reports").iterdir())


CRASHING = """
import faulthandler, os, signal, sys
from PySide6.QtCore import QTimer
from digitpad import cli
from digitpad.app import application
from digitpad.errors import DigitpadError

folder, end = sys.argv[1:]
build = application.Program.__init__

def bug():
    raise ValueError("deliberately")

ends = {
    "fault": faulthandler._sigsegv,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "bug": bug,
}

def watched(program, *arguments):
    if end == "start":
        bug()
    if end == "sentence":
        raise DigitpadError("Something is missing: please do something.")
    build(program, *arguments)
    program.window.first_painted.connect(lambda: QTimer.singleShot(0, ends[end]))
    if end == "bug":
        # Its dialog is open by then, and nobody closes it.
        QTimer.singleShot(3000, ends["kill"])

application.Program.__init__ = watched
sys.exit(cli.run(["--profile", folder]))
"""


def crash(tmp_path, end: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CRASHING, str(tmp_path), end],
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize(
    ("end", "words"), [("fault", "Segmentation fault"), ("bug", "ValueError: deliberately")]
)
def test_a_bad_end_is_offered_by_the_next_start_until_it_was_seen(
    qtbot, open_program, tmp_path, end, words
):
    result = crash(tmp_path, end)
    assert result.returncode < 0
    assert "Traceback" not in result.stderr
    assert "Fatal" not in result.stderr
    profile = Profile(tmp_path)
    with LogFile(profile.log_path), CrashFile(profile.reports_dir) as box:
        program = open_program(box)
        notice = program.problems.notice
        assert notice is not None
        assert notice.isVisible()
        notice.findChild(QPushButton).click()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
        dialog = QApplication.activeModalWidget()
        assert words in dialog.text.toPlainText()
        assert "Build: " in dialog.text.toPlainText()
        dialog.close_button.click()
        qtbot.waitUntil(notice.isHidden)
    with CrashFile(Profile(tmp_path).reports_dir) as box:
        assert open_program(box).problems.notice is None
    assert words in (tmp_path / "digitpad.log").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_killed_process_has_nothing_to_tell(open_program, tmp_path):
    assert crash(tmp_path, "kill").returncode < 0
    assert len(list((tmp_path / "reports").iterdir())) == 1
    with CrashFile(Profile(tmp_path).reports_dir) as box:
        assert open_program(box).problems.notice is None
        assert list((tmp_path / "reports").iterdir()) == [box.path]


def test_a_bug_before_there_is_a_window_gives_a_sentence_and_a_report(open_program, tmp_path):
    result = crash(tmp_path, "start")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "ValueError: deliberately" in result.stderr
    assert "ValueError: deliberately" in (tmp_path / "digitpad.log").read_text()
    with CrashFile(Profile(tmp_path).reports_dir) as box:
        assert open_program(box).problems.notice is not None


def test_an_error_of_the_world_before_there_is_a_window_gives_its_sentence(tmp_path):
    result = crash(tmp_path, "sentence")
    assert result.returncode == 2
    assert result.stderr == "digitpad: Something is missing: please do something.\n"
    assert not list((tmp_path / "reports").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="needs a platform that can lack a display")
def test_without_a_display_there_is_one_sentence(tmp_path):
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": ":no-such-display"}
    result = subprocess.run(
        [sys.executable, "-m", "digitpad", "--profile", str(tmp_path)],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "no display" in result.stderr
    assert not list((tmp_path / "reports").iterdir())
    assert "Qt" in (tmp_path / "digitpad.log").read_text()


def test_the_window_is_painted_before_anything_heavy_is_imported(tmp_path):
    result = run(tmp_path, "painted")
    assert json.loads(result.stdout) == []
