"""A grid of thousands of pictures with a line of text below each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QListView

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class Wall(QListView):
    """A list in rows and columns, which share the width. It scrolls by wheel, bar and keys.

    A subclass gives the least size of a cell, and calls `fit_grid` when it is ready.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        # Always shown: a bar that comes and goes would change the number of columns.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    def least_cell(self) -> tuple[float, int]:
        """Least width of a cell, and its height, in device-independent pixels."""
        raise NotImplementedError

    def fit_grid(self) -> None:
        """Divide the width among as many columns as fit. The cell at the top stays there."""
        width, height = self.least_cell()
        # One pixel less: Qt wraps a row that reaches the last one.
        room = self.viewport().width() - 1
        size = QSize(room // max(int(room // width), 1), height)
        if size == self.gridSize():
            return
        top = self.indexAt(self.viewport().rect().topLeft())
        self.setGridSize(size)
        self.verticalScrollBar().setSingleStep(size.height() // 2)
        if top.isValid():
            self.scrollTo(top, QListView.ScrollHint.PositionAtTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the grid to the new width."""
        self.fit_grid()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Fit the grid again for another screen, font or style."""
        done, kinds = super().event(event), QEvent.Type
        if event.type() in {kinds.DevicePixelRatioChange, kinds.FontChange, kinds.StyleChange}:
            self.fit_grid()
        return done
