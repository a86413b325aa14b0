"""Runs in the bundle before the program does: stand-ins for modules that are imported in vain.

`scipy.ndimage` imports `scipy.special` for its `rotate`, and pyqtgraph imports two modules of Qt
for curves that OpenGL draws. Nothing in Digitpad uses either; with them would come 45 MB.
"""

import sys
import types

sys.modules["scipy.special"] = types.ModuleType("scipy.special")

sys.modules["PySide6.QtOpenGL"] = types.ModuleType("PySide6.QtOpenGL")
widgets = sys.modules["PySide6.QtOpenGLWidgets"] = types.ModuleType("PySide6.QtOpenGLWidgets")
# One class is derived from, and never made.
widgets.QOpenGLWidget = type("QOpenGLWidget", (), {})
