"""Rows of glyphs, each followed by its versions after augmentation."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.i18n import translated
from digitpad.app.widgets.glyph import glyph_rect, glyph_side, paint_glyph
from digitpad.app.widgets.numbers import whole
from digitpad.app.widgets.theme import theme_for
from digitpad.ink.glyph import FIELD
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

_SIDE = 56.0
"""Preferred side of a glyph, in device-independent pixels."""

_VERSIONS = 8
"""Versions of each glyph for which there is room before they are known."""

_SPACE = 3.0
_BETWEEN_ROWS = 6.0
_AFTER_ORIGINAL = 12.0
_BETWEEN_COLUMNS = 28.0
_EDGE = 2.0
_FEWEST, _MOST = 2, 4
"""Least and largest number of originals shown, if there is room."""


class AugmentedView(QWidget):
    """Shows each original glyph in a row, followed by its changed versions.

    Rows that do not fit are left out.

    Attributes:
        originals: the originals, uint8 (k, 28, 28).
    """

    def __init__(self) -> None:
        super().__init__()
        self.originals: NDArray[np.uint8] = np.zeros((0, FIELD, FIELD), np.uint8)
        self._versions: NDArray[np.uint8] | None = None
        self._rows = _FEWEST
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(self.tr("Drawings as augmentation changes them"))

    def show_originals(self, glyphs: NDArray[np.uint8]) -> None:
        """Show originals, uint8 (k, 28, 28), with empty places for their versions."""
        self.originals = glyphs
        self._versions = None
        self.setAccessibleDescription("")
        self.update()

    def show_versions(self, versions: NDArray[np.uint8]) -> None:
        """Show m versions of each of the k originals, uint8 (k, m, 28, 28)."""
        self._versions = versions
        count, copies = versions.shape[:2]
        changed = Sentence(
            Plural("{count} changed version", "{count} changed versions", copies),
            count=whole(copies),
        )
        said = Sentence(
            Plural(
                "{count} drawing, followed by {versions}",
                "{count} drawings, each followed by {versions}",
                count,
            ),
            count=whole(count),
            versions=changed,
        )
        self.setAccessibleDescription(translated(said))
        self.update()

    def _copies(self) -> int:
        return _VERSIONS if self._versions is None else self._versions.shape[1]

    def _row_width(self, side: float) -> float:
        return side + _AFTER_ORIGINAL + self._copies() * (side + _SPACE) - _SPACE

    def _side(self, share: float = 1.0) -> float:
        """Side of a glyph, as a share of the preferred one, in whole pixels of the screen."""
        return glyph_side(share * _SIDE, self.devicePixelRatioF())

    def _room(self, width: int, height: int, side: float) -> tuple[int, int]:
        """How many columns and how many rows fit, maybe none."""
        across = self._row_width(side) + _BETWEEN_COLUMNS
        columns = (width - 2 * _EDGE + _BETWEEN_COLUMNS) // across
        rows = (height - 2 * _EDGE + _BETWEEN_ROWS) // (side + _BETWEEN_ROWS)
        return int(columns), int(rows)

    def fit(self, width: int, height: int) -> None:
        """Choose the number of rows for this room, in device-independent pixels."""
        columns, rows = self._room(width, height, self._side())
        self._rows = max(min(rows, ceil(_MOST / max(columns, 1))), _FEWEST)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the rows that `fit` chose, in one column."""
        return self._size_of(self._rows, self._side())

    def minimumSizeHint(self) -> QSize:
        """Room for one row of small glyphs."""
        return self._size_of(1, self._side(0.5))

    def _size_of(self, rows: int, side: float) -> QSize:
        height = rows * (side + _BETWEEN_ROWS) - _BETWEEN_ROWS
        return QSize(round(self._row_width(side) + 2 * _EDGE), round(height + 2 * _EDGE) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, with empty places for versions that are not known yet."""
        painter = QPainter(self)
        theme = theme_for(self.palette())
        side = self._side()
        columns, rows = self._room(self.width(), self.height(), side)
        if columns * rows < min(max(len(self.originals), 1), _FEWEST):
            # Too few glyphs of the preferred size fit.
            side = self._side(0.5)
            columns, rows = self._room(self.width(), self.height(), side)
        columns = max(columns, 1)
        for index, original in enumerate(self.originals[: columns * max(rows, 1)]):
            left = _EDGE + index % columns * (self._row_width(side) + _BETWEEN_COLUMNS)
            top = _EDGE + index // columns * (side + _BETWEEN_ROWS)
            square = glyph_rect(QPointF(left, top), side, self)
            paint_glyph(painter, square, original)
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRect(square.adjusted(-1, -1, 1, 1))
            for copy in range(self._copies()):
                x = left + side + _AFTER_ORIGINAL + copy * (side + _SPACE)
                square = glyph_rect(QPointF(x, top), side, self)
                if self._versions is None:
                    painter.fillRect(square, theme.track)
                else:
                    paint_glyph(painter, square, self._versions[index, copy])
