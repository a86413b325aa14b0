"""The page on which networks are trained: settings at the left, what comes of them at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from digitpad.app.train.curves.view import CurvesView
from digitpad.app.train.dataset.view import DataView
from digitpad.app.train.epochs.view import EpochsView
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.train.runs.control_row import ControlRow
from digitpad.app.train.runs.progress_row import ProgressRow
from digitpad.app.train.runs.run_bar import RunBar
from digitpad.learning.presets import PRESETS

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from digitpad.app.widgets.icons import Icons

_FORM_WIDTH = 330


class TrainPage(QWidget):
    """The widgets of the page and their places; `TrainController` makes them work together.

    Args:
        icons: for buttons.

    Signals:
        shown: the page has come to the front.
    """

    shown = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = ConfigForm(PRESETS, icons)
        self.controls = ControlRow(icons)
        self.runs = RunBar(icons)
        self.progress = ProgressRow()
        self.curves = CurvesView(icons)
        self.data = DataView()
        self.epochs = EpochsView()
        # Not a layout of the page's own: for words that wrap it would ask for its favourite height,
        # and an area that scrolls gives that even where there is room for the least one.
        self._body = QWidget(self)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.curves, self.tr("&Curves"))
        self.tabs.addTab(self.data, self.tr("&Data"))
        self._arrange()

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.form, 1)
        left.addWidget(self.controls)
        self.form.setFixedWidth(_FORM_WIDTH)
        self.controls.setFixedWidth(_FORM_WIDTH)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.runs)
        right.addWidget(self.progress)
        right.addWidget(self.tabs, 1)
        right.addWidget(self.epochs)
        columns = QHBoxLayout(self._body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addLayout(left)
        columns.addLayout(right, 1)

    def show_curves(self) -> None:
        """Bring the curves to the front."""
        self.tabs.setCurrentWidget(self.curves)

    def minimumSizeHint(self) -> QSize:
        """As small as what is on it can be."""
        return self._body.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the page."""
        super().resizeEvent(event)
        self._body.resize(event.size())

    def showEvent(self, event: QShowEvent) -> None:
        """What happened on the pad meanwhile is to be taken in."""
        super().showEvent(event)
        self.shown.emit()
