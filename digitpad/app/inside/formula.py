"""A typeset formula, in the present colour of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, QSizeF
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.widgets.theme import smooth_painter
from digitpad.paths import resources_dir

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_LETTERS = 16.0
"""Size of the letters in the files, in their unit (see `packaging/formulas.py`)."""


class Formula(QWidget):
    """A formula from the resources.

    Args:
        name: of its file.
        words: what it says, for screen readers and as a tip.
        scale: size of its letters, relative to those of texts.
    """

    def __init__(self, name: str, words: str, scale: float = 1.2) -> None:
        super().__init__()
        self._source = (resources_dir() / "formulas" / f"{name}.svg").read_bytes()
        self._scale = scale
        self._size = QSizeF(QSvgRenderer(self._source).viewBoxF().size())
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Its size beside text of the present font."""
        # Letters are as high as a line less what is above and below them.
        letters = QFontMetricsF(self.font()).ascent() * self._scale
        return (self._size * (letters / _LETTERS)).toSize()

    def minimumSizeHint(self) -> QSize:
        """It may become smaller, where a column is narrow."""
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the formula at the left."""
        colour = self.palette().color(QPalette.ColorRole.WindowText).name().encode()
        renderer = QSvgRenderer(self._source.replace(b"currentColor", colour))
        wanted = QSizeF(self.sizeHint())
        if wanted.width() > self.width():
            wanted *= self.width() / wanted.width()
        top = (self.height() - wanted.height()) / 2
        renderer.render(smooth_painter(self), QRectF(0, top, wanted.width(), wanted.height()))
