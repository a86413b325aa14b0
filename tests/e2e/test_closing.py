"""The program is closed in the middle of anything: it ends at once, and well."""

import signal
import subprocess
import sys
import textwrap

import pytest
from sample_kit import sample

from digitpad.paths import Profile
from digitpad.samples.store import SampleStore
from digitpad.settings import load_settings

PATIENCE_S = 90
"""Without a limit of its own, the program would wait for what never ends."""

UNFINISHED = ("loading", "download", "busy", "training")
"""Where the program may have to end without waiting for its threads."""

START = """
    build = application.Program.__init__
    def watched(built, *arguments):
        global program
        program = built
        build(program, *arguments)
        made()
    application.Program.__init__ = watched
    sys.exit(cli.run(["--profile", folder]))
"""
"""The end of each program below, whose `made` is called when `program` has been made."""

PROGRAM = """
    import os, signal, subprocess, sys, time
    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox
    from digitpad import cli
    from digitpad.app import application, deadline
    from digitpad.app.services import recognition

    folder, situation, way, has_time = sys.argv[1:]
    if has_time == "yes":
        # On a busy machine threads take longer to end by themselves.
        deadline.Deadline.__init__.__defaults__ = (60.0,)
    if situation == "loading":
        recognition.load_active = lambda *_: time.sleep(1000)

    def leave(widget):
        if way == "key":
            QTest.keyClick(widget, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        elif way == "cross":
            program.window.close()
        else:
            # From outside, so that it meets the loop, or what keeps it.
            subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -{way} {os.getpid()}"])

    def soon(widget):
        # When it has the keys.
        timer = QTimer(widget, interval=20)
        timer.timeout.connect(lambda: look(widget, timer))
        timer.start()
        widget.activateWindow()

    def look(widget, timer):
        if widget in (QApplication.activePopupWidget(), QApplication.activeWindow()):
            timer.stop()
            leave(widget)

    def forever():
        yield
        time.sleep(1000)

    def nothing(): soon(program.window)
    def loading(): soon(program.window)
    def settings():
        program.settings.change(pen_width=77.0)
        soon(program.window)
    def file_dialog():
        program.pad_actions.open.trigger()
        soon(program.window.findChild(QFileDialog))
    def about():
        program.actions.about.trigger()
        soon(QApplication.activeModalWidget())
    def dialog_over_dialog():
        program.actions.problems.trigger()
        report = QApplication.activeModalWidget()
        report.save_button.click()
        soon(report.findChild(QFileDialog))
    def box():
        alone = QMessageBox()
        alone.setText("Something")
        alone.open()
        program.alone = alone
        soon(alone)
    def running_box():
        alone = QMessageBox()
        soon(alone)
        alone.exec()
    def threshold():
        program.pad_actions.threshold.trigger()
        soon(program.window.findChild(QDialog))
    def menu():
        file = program.window.menuBar().actions()[0].menu()
        file.popup(QPoint(10, 10))
        soon(file)
    def stroke():
        QTest.mousePress(program.pad.canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
        QTest.mouseMove(program.pad.canvas, QPoint(150, 150))
        soon(program.window)
    def download():
        data = program.show_train().data
        data._thread.produced.connect(lambda _: soon(program.window))
        data._thread.start(forever)
    def busy():
        leave(program.window)
        time.sleep(1000)
    def training():
        from dataclasses import replace
        from digitpad.data.choice import DataChoice
        from digitpad.learning.configuration.presets import PRESETS
        train = program.show_train()
        train.training.begun.connect(lambda _: soon(program.window))
        config = replace(PRESETS["quick"].config, data=DataChoice("synthetic", count=500))
        train.training.start(config)

    def teaching():
        from digitpad.ink.drawing import Drawing
        program.pad.document.replace(Drawing.of([[[-200, -300], [200, -300], [-100, 300]]]))
        teach()
    def teach():
        lessons = program.pad_controller.lessons
        lessons.correct("1")
        if not program.teaching.can_take_back:
            QTimer.singleShot(20, teach)  # it is not read yet
        else:
            soon(program.window)

    def made():
        window, service = program.window, program.recognition
        needs_model = situation in ("training", "teaching")
        moment = service.ready if needs_model else window.first_painted
        moment.connect(globals()[situation])
"""


def close(tmp_path, situation, way):
    has_time = "no" if situation in UNFINISHED else "yes"
    program = textwrap.dedent(PROGRAM + START)
    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), situation, way, has_time],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert "QThread" not in result.stderr
    assert not list((tmp_path / "reports").iterdir()) or situation in UNFINISHED


@pytest.mark.parametrize(
    "situation",
    [
        *("loading", "file_dialog", "stroke", "download"),
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in (
                *("nothing", "about", "dialog_over_dialog", "box", "running_box", "menu"),
                *("threshold", "training"),
            )
        ),
    ],
)
def test_the_key_ends_it(tmp_path, situation):
    close(tmp_path, situation, "key")


@pytest.mark.parametrize("situation", ["loading", pytest.param("box", marks=pytest.mark.slow)])
def test_closing_the_window_ends_it(tmp_path, situation):
    close(tmp_path, situation, "cross")


@pytest.mark.skipif(sys.platform == "win32", reason="ends processes otherwise")
@pytest.mark.parametrize(
    "name", ["TERM", *(pytest.param(n, marks=pytest.mark.slow) for n in ("INT", "HUP"))]
)
@pytest.mark.parametrize(
    "situation", ["running_box", "busy", pytest.param("file_dialog", marks=pytest.mark.slow)]
)
def test_signals_end_it(tmp_path, situation, name):
    assert hasattr(signal, f"SIG{name}")
    close(tmp_path, situation, name)


def test_what_was_just_chosen_is_kept(tmp_path):
    close(tmp_path, "settings", "key")
    assert load_settings(Profile(tmp_path).settings_path).settings.pen_width == 77.0


DRAWING = """
    import os, signal, sys
    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtTest import QTest
    from digitpad import cli
    from digitpad.app import application

    folder, *pen = sys.argv[1:]

    def draw():
        canvas, left = program.pad.canvas, Qt.MouseButton.LeftButton
        if pen:
            QTest.mousePress(canvas, left, pos=QPoint(50, 50))
            QTest.mouseMove(canvas, QPoint(150, 150))
            QTest.mouseRelease(canvas, left, pos=QPoint(150, 250))
        print(len(program.pad.document.drawing.strokes), flush=True)
        if not pen:
            program.window.close()

    def made():
        program.window.first_painted.connect(lambda: QTimer.singleShot(0, program.window, draw))
"""


def begin(tmp_path, *pen):
    command = [sys.executable, "-c", textwrap.dedent(DRAWING + START), str(tmp_path), *pen]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_kill_loses_no_stroke_of_a_second_before(qtbot, tmp_path):
    kept = Profile(tmp_path).drawings_dir / "drawing-1"
    for count in ("1\n", "2\n"):
        with begin(tmp_path, "pen") as process:
            assert process.stdout.readline() == count
            qtbot.waitUntil(
                lambda n=int(count): kept.exists() and kept.read_text().count("\n") == n
            )
            process.kill()
    with begin(tmp_path) as process:
        assert process.stdout.readline() == "2\n"
        assert process.wait(PATIENCE_S) == 0


@pytest.mark.slow
def test_two_windows_of_one_profile_lose_neither_drawing(qtbot, tmp_path):
    with begin(tmp_path, "pen") as first:
        assert first.stdout.readline() == "1\n"
        with begin(tmp_path, "pen") as second:
            assert second.stdout.readline() == "1\n"
            for process in (second, first):
                process.terminate()
                assert process.wait(PATIENCE_S) == 0
    names = sorted(path.name for path in Profile(tmp_path).drawings_dir.glob("drawing-?"))
    assert names == ["drawing-1", "drawing-2"]


FULL = """
    import resource, sys
    from PySide6.QtCore import QTimer
    from digitpad import cli
    from digitpad.app import application

    folder, disk = sys.argv[1:]

    def change():
        program.settings.change(pen_width=77.0)
        program.settings.save_waiting()
        QTimer.singleShot(0, program.window, look)

    def look():
        print(program.window.notices.text, flush=True)
        program.window.close()

    def made():
        program.window.first_painted.connect(change)
    if disk == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs limits and a folder that takes nothing")
@pytest.mark.parametrize("disk", ["full", "read-only"])
def test_where_nothing_can_be_written_the_window_opens_and_says_so(tmp_path, disk):
    folder = tmp_path if disk == "full" else "/proc/no-such-profile"
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL + START), str(folder), disk],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert result.returncode == 0, result.stderr
    assert "could not be written" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("way", ["key", pytest.param("cross", marks=pytest.mark.slow)])
def test_a_lesson_is_kept_though_all_others_are_being_learned(tmp_path, way):
    store = SampleStore(Profile(tmp_path).samples_path)
    store.add(sample(str(number % 10), number) for number in range(300))
    close(tmp_path, "teaching", way)
    assert len(store.list()) == 301
