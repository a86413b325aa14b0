"""Icons outlive the Python objects that were made for them."""

from __future__ import annotations

import os
import subprocess
import sys

# Memory that was given back is overwritten, so that its use shows.
_STRICT = {"PYTHONMALLOC": "malloc", "MALLOC_PERTURB_": "165", "QT_QPA_PLATFORM": "offscreen"}

_COLLECT = """
import gc
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from digitpad.app.widgets.icons import Icons
from digitpad.paths import resources_dir

class Holder:
    pass

app = QApplication([])
icons = Icons(resources_dir() / "icons")
gc.disable()
for _ in range(50):
    icon = icons.icon("warning")
    copy = QIcon(icon)
    holder = Holder()
    holder.itself, holder.icon = holder, icon
    del icon, holder
    gc.collect()
    image = copy.pixmap(QSize(24, 24)).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
"""


def test_an_icon_in_a_circle_is_collected_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COLLECT],
        env=os.environ | _STRICT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
