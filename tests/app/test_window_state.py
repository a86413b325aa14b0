"""Place and size of the window between two starts."""

import base64
import json
import os
import struct
import subprocess
import sys
import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QWidget

from digitpad.app.actions import AppActions
from digitpad.app.window import MainWindow, Page
from digitpad.app.window_state import load_geometry, restore_geometry, save_geometry


def make_window(path):
    window = MainWindow(AppActions(), QIcon(), path)
    window.set_pages([Page("&One", "Ctrl+1", QWidget)])
    return window


def as_file(path, geometry):
    path.write_text(json.dumps({"geometry": base64.b64encode(geometry).decode()}))
    return path


@pytest.fixture(scope="module")
def real(qapp):
    """What Qt says of a window."""
    widget = QWidget()
    widget.setGeometry(120, 90, 500, 400)
    yield bytes(widget.saveGeometry().data())
    widget.deleteLater()


def test_a_place_is_kept(qtbot, tmp_path):
    path = tmp_path / "window.json"
    first = make_window(path)
    qtbot.addWidget(first)
    first.setGeometry(60, 50, 640, 480)
    first.show()
    first.close()
    assert set(json.loads(path.read_text())) == {"version", "geometry"}
    again = make_window(path)
    qtbot.addWidget(again)
    assert again.geometry() == QRect(60, 50, 640, 480)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"12",
        b'{"geometry": 12}',
        b'{"geometry": null}',
        b'{"geometry": "no base64!"}',
        b'{"geometry": "\xc3\xa4"}',
        b'{"geometry": "' + b"A" * 100_000 + b'"}',
        b"[" * 4000,
        b"\xff\xfe",
        b"[General]\ngeometry=@Variant(\\0)\n",
    ],
)
def test_nonsense_is_passed_over_and_logged(qtbot, tmp_path, caplog, content):
    path = tmp_path / "window.json"
    path.write_bytes(content)
    window = make_window(path)
    qtbot.addWidget(window)
    assert window.size().width() > 300
    (record,) = caplog.records
    assert str(path) in record.getMessage()


def test_no_file_is_nothing_to_log(tmp_path, caplog):
    assert load_geometry(tmp_path / "window.json") is None
    assert not caplog.records


def test_a_folder_or_a_pipe_in_its_place_hinders_nothing(tmp_path, caplog):
    path = tmp_path / "window.json"
    path.mkdir()
    assert load_geometry(path) is None
    save_geometry(b"x", path)
    assert len(caplog.records) == 2
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert load_geometry(tmp_path / "pipe") is None


def rect(x, y, width, height):
    return struct.pack(">4i", x, y, x + width - 1, y + height - 1)


@settings(max_examples=150)
@given(st.data())
@example(None)
def test_whatever_the_file_says_the_window_is_in_sight(qapp, real, tmp_path_factory, data):
    if data is None:  # a screen that is gone, far to the right
        place = rect(9000, 300, 500, 400)
        changed = real[:8] + place * 2 + real[40:50] + place
    else:
        numbers = st.sampled_from(
            [2**31 - 1, -(2**31), 10**6, -(10**6), 5000, -5000, 0, -1]
        ) | st.integers(-(2**31), 2**31 - 1)
        changed = bytearray(real[: data.draw(st.just(len(real)) | st.integers(0, len(real)))])
        for _ in range(data.draw(st.integers(0, 4))):
            at = data.draw(st.integers(0, max(len(changed) - 4, 0)))
            changed[at : at + 4] = struct.pack(">i", data.draw(numbers))
    path = as_file(tmp_path_factory.mktemp("state") / "window.json", bytes(changed))
    widget = QWidget()
    try:
        check_in_sight(widget, path)
    finally:
        widget.close()
        widget.deleteLater()


def check_in_sight(widget, path):
    if not restore_geometry(widget, path):
        widget.resize(500, 400)
    widget.show()
    seen = [
        screen.availableGeometry().intersected(widget.frameGeometry())
        for screen in QGuiApplication.screens()
    ]
    assert any(part.width() >= 40 and part.height() >= 40 for part in seen)
    assert widget.width() <= 2000
    assert widget.height() <= 2000
    assert widget.frameGeometry().top() > -80


CRAFTED = """
    import os, pathlib, sys
    folder = pathlib.Path(sys.argv[1])
    os.environ["XDG_CONFIG_HOME"] = str(folder)
    from PySide6.QtCore import QSettings, QTimer

    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(folder / "code ran"),)

    def craft(path, section, keys):
        settings = QSettings(str(folder / "craft.ini"), QSettings.Format.IniFormat)
        settings.setValue("trap", Trap())
        settings.sync()
        (line,) = [l for l in (folder / "craft.ini").read_text().splitlines() if "trap=" in l]
        value = line.partition("=")[2]
        path.write_text("\\n".join([section, *(f"{key}={value}" for key in keys)]))

    craft(folder / "window.ini", "[General]", ["geometry"])
    craft(folder / "window.json", "[General]", ["geometry"])
    dialog_keys = ["history", "lastVisited", "treeViewHeader", "sidebarWidth", "shortcuts"]
    craft(folder / "QtProject.conf", "[FileDialog]", dialog_keys)
    # The trap is one: who reads it as a value falls into it.
    if sys.argv[2] == "fall":
        QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat).value("geometry")
        raise SystemExit

    from PySide6.QtWidgets import QFileDialog
    from digitpad import cli
    from digitpad.app import application

    build = application.Program.__init__
    def watched(program, *arguments):
        build(program, *arguments)
        def look():
            program.pad_actions.open.trigger()
            assert program.window.findChild(QFileDialog) is not None
            QTimer.singleShot(0, program.window.close)
        program.window.first_painted.connect(look)
    application.Program.__init__ = watched
    sys.exit(cli.run(["--profile", str(folder)]))
"""


@pytest.mark.parametrize(("way", "falls"), [("fall", True), ("start", False)])
def test_a_crafted_file_of_settings_runs_no_code(tmp_path, way, falls):
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CRAFTED), str(tmp_path), way],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "code ran").exists() is falls
