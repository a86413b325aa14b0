"""The page on which networks are trained: settings at the left, what comes of them at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.train.curves.view import CurvesView
from digitpad.app.train.dataset.view import DataView
from digitpad.app.train.epochs.view import EpochsView
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.train.runs.control_row import ControlRow
from digitpad.app.train.runs.progress import ProgressRow
from digitpad.app.train.runs.run_bar import RunBar
from digitpad.app.widgets.layout import fill
from digitpad.learning.presets import PRESETS

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent

    from digitpad.app.widgets.icons import Icons

_FORM_WIDTH = 330


class TrainPage(QScrollArea):
    """The widgets of the page and their places, with bars to scroll where there is little room.

    `TrainController` makes the widgets work together.

    Signals:
        shown: the page has come to the front.
    """

    shown = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.form = ConfigForm(PRESETS, icons)
        self.controls = ControlRow(icons)
        self.runs = RunBar(icons)
        self.progress = ProgressRow()
        self.curves = CurvesView(icons)
        self.data = DataView()
        self.epochs = EpochsView()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.curves, self.tr("&Curves"))
        self.tabs.addTab(self.data, self.tr("&Data"))
        left = fill(QVBoxLayout(), (self.form, 1), self.controls, spacing=8)
        self.form.setFixedWidth(_FORM_WIDTH)
        self.controls.setFixedWidth(_FORM_WIDTH)
        parts = (self.runs, self.progress, (self.tabs, 1), self.epochs)
        right = fill(QVBoxLayout(), *parts, spacing=8)
        self.setWidget(_Columns(left, right))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_curves(self) -> None:
        """Bring the curves to the front."""
        self.tabs.setCurrentWidget(self.curves)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the focus to the button that starts or stops.

        A focus proxy would do so too, but takes the Tab key past the whole form.
        """
        super().focusInEvent(event)
        self.controls.take_focus()

    def showEvent(self, event: QShowEvent) -> None:
        """What happened on the pad meanwhile is to be shown."""
        super().showEvent(event)
        self.shown.emit()


class _Columns(QWidget):
    """Two columns beside each other.

    They are not a layout of this widget's own: for words that wrap it would ask for its favourite
    height, and an area that scrolls gives that even where there is room for the least one.
    """

    def __init__(self, left: QLayout, right: QLayout) -> None:
        super().__init__()
        self._body = QWidget(self)
        fill(QHBoxLayout(self._body), left, (right, 1), spacing=16)

    def minimumSizeHint(self) -> QSize:
        """As small as what is on it can be."""
        return self._body.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the page."""
        super().resizeEvent(event)
        self._body.resize(event.size())
