"""What only a real window system does; skipped where there is none to start."""

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("Xvfb", "xdotool")), reason="needs Xvfb and xdotool"
)

PROGRAM = """
import json, subprocess, sys
from PySide6.QtCore import QEventLoop, QTimer
from digitpad.app.application import create_application
from digitpad.app.pad.canvas.canvas import Canvas
from digitpad.app.pad.document import PadDocument

application = create_application()
document = PadDocument()
canvas = Canvas(document)
canvas.resize(400, 400)
canvas.move(0, 0)
canvas.show()
origin = lambda: canvas.mapToGlobal(canvas.rect().topLeft())

def draw():
    command = ["xdotool", "mousemove", str(origin().x() + 50), str(origin().y() + 50)]
    command += ["mousedown", "1"]
    for i in range(200):
        command += ["mousemove", str(origin().x() + 50 + i), str(origin().y() + 50 + i % 7)]
    # The window's thread is kept busy meanwhile: the points wait for it.
    subprocess.run([*command, "mouseup", "1"], check=True)

def on_changed():
    print(json.dumps(len(document.drawing.strokes[0].points)))
    application.quit()

def draw_when_shown():
    if canvas.windowHandle().isExposed():
        draw()
    else:
        QTimer.singleShot(50, draw_when_shown)

document.changed.connect(on_changed)
draw_when_shown()
QTimer.singleShot(120_000, application.quit)
application.exec()
"""


@pytest.fixture
def display():
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def test_no_point_is_lost_while_the_window_is_busy(display):
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == 200
