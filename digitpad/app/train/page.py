"""The Train page: the form, the controls of a training, and its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QTabBar, QWidget

from digitpad.app.train.curves.view import CurvesView
from digitpad.app.train.dataset.view import DataView
from digitpad.app.train.epochs.view import EpochsView
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.train.runs.comparison_bar import ComparisonBar
from digitpad.app.train.runs.control_row import ControlRow
from digitpad.app.train.runs.progress import ProgressRow
from digitpad.app.train.runs.run_bar import RunBar
from digitpad.learning.configuration.presets import PRESETS

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent

    from digitpad.app.train.actions import TrainActions
    from digitpad.app.widgets.icons import Icons

_FORM_WIDTH = 330
"""Width of the form beside the rest, in device-independent pixels, with the usual font."""

_USUAL_LETTER = 15
"""Height of a line of the usual font, in device-independent pixels."""

_SPACING = 8
_BETWEEN_COLUMNS = 16
_CURVES_HEIGHT = 260
"""Least height at which the curves are of use, in device-independent pixels."""

_NO_LIMIT = 2**24 - 1
"""The width that stands for "no limit" in Qt (QWIDGETSIZE_MAX)."""

_SETTINGS, _CURVES, _DATA, _EPOCHS = range(4)


class TrainPage(QWidget):
    """The widgets of the page and their places.

    In a wide window the form stands at the left; in a narrow one it is a tab. In a high window the
    answers after each epoch stand below the curves; in a low one they are a tab. The buttons that
    start and stop a training, and the list of runs, are always in view. No part that scrolls lies
    within another one that scrolls.

    `TrainController` makes the widgets work together.

    Attributes:
        commands: the actions of the menu Train and of the buttons.
        tabs: choose which of the parts that share a place is in front.
        is_narrow: whether the form is a tab.
        is_low: whether the answers after each epoch are a tab.

    Signals:
        shown: the page has come to the front.
    """

    shown = Signal()

    def __init__(self, commands: TrainActions, icons: Icons) -> None:
        super().__init__()
        self.commands = commands
        self.form = ConfigForm(PRESETS, icons)
        self.controls = ControlRow(commands)
        self.runs = RunBar(commands, icons)
        self.progress = ProgressRow()
        self.comparison = ComparisonBar(commands)
        self.tabs = QTabBar()
        self.tabs.setDocumentMode(True)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(self.tr("Parts of this page"))
        for title in (
            self.tr("Setti&ngs"),
            self.tr("&Curves"),
            self.tr("&Data"),
            self.tr("&Your drawing"),
        ):
            self.tabs.addTab(title)
        self._above = (self.runs, self.progress, self.comparison, self.tabs)
        self.curves = CurvesView(commands, icons)
        self.data = DataView()
        self.epochs = EpochsView()
        self.is_narrow = self.is_low = self._wants_form = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(_SPACING)
        self._grid.setHorizontalSpacing(_BETWEEN_COLUMNS)
        self._arrange()
        self.tabs.setCurrentIndex(_CURVES)
        self.tabs.currentChanged.connect(self._show_tab)
        self.comparison.changed.connect(self._fit)

    def _form_width(self) -> int:
        return round(_FORM_WIDTH * max(self.fontMetrics().height() / _USUAL_LETTER, 1.0))

    def _heights(self) -> tuple[int, int]:
        """Least heights of what stands above the tabs' content, and of the curves as content."""
        shown = [widget for widget in self._above if not widget.isHidden()]
        fixed = sum(widget.minimumSizeHint().height() + _SPACING for widget in shown)
        return fixed, max(self.curves.minimumSizeHint().height(), _CURVES_HEIGHT)

    @Slot()
    def _fit(self) -> None:
        """Choose the arrangement for the size of the page."""
        beside = (self.runs, self.curves, self.data, self.epochs)
        right = max(widget.minimumSizeHint().width() for widget in beside)
        is_narrow = self.width() < self._form_width() + _BETWEEN_COLUMNS + right
        fixed, content = self._heights()
        if is_narrow:
            fixed += self.controls.minimumSizeHint().height() + _SPACING
        strip = self.epochs.minimumSizeHint().height() + _SPACING
        is_low = self.height() < fixed + content + strip
        if (is_narrow, is_low) != (self.is_narrow, self.is_low):
            becomes_narrow = is_narrow and not self.is_narrow
            self.is_narrow, self.is_low = is_narrow, is_low
            self._arrange()
            if becomes_narrow and self._wants_form:
                self.show_form()

    def _arrange(self) -> None:
        """Put each widget into its place. None changes its parent, so none loses the focus."""
        grid, narrow = self._grid, self.is_narrow
        while (item := grid.takeAt(0)) is not None:
            # A widget tells of a new size the first item that it had, which must be gone then.
            shiboken6.delete(item)
        content = len(self._above)
        strip, last = content + 1, content + 2
        column = 0 if narrow else 1
        for row, widget in enumerate(self._above):
            grid.addWidget(widget, row, column)
        # In a wide window the buttons stand below the form, and the content reaches down to them.
        rows = 3 if self.is_low and not narrow else 1
        for widget in (self.curves, self.data):
            grid.addWidget(widget, content, column, rows, 1)
        policy = QSizePolicy.Policy.Expanding if self.is_low else QSizePolicy.Policy.Fixed
        self.epochs.setSizePolicy(QSizePolicy.Policy.Expanding, policy)
        if self.is_low:
            grid.addWidget(self.epochs, content, column, rows, 1)
        else:
            grid.addWidget(self.epochs, strip, column, 1 if narrow else 2, 1)
        if narrow:
            grid.addWidget(self.form, content, 0)
            self.form.setMinimumWidth(0)
            self.form.setMaximumWidth(_NO_LIMIT)
        else:
            grid.addWidget(self.form, 0, 0, last, 1)
            self.form.setFixedWidth(self._form_width())
        grid.addWidget(self.controls, last, 0, Qt.AlignmentFlag.AlignBottom)
        grid.setRowStretch(content, 1)
        grid.setColumnStretch(0, 1 if narrow else 0)
        grid.setColumnStretch(1, 0 if narrow else 1)
        self.tabs.setTabVisible(_SETTINGS, narrow)
        self.tabs.setTabVisible(_EPOCHS, self.is_low)
        if not self.tabs.isTabVisible(self.tabs.currentIndex()):
            self.tabs.setCurrentIndex(_CURVES)
        self._show_tab()

    @Slot()
    def _show_tab(self) -> None:
        front = self.tabs.currentIndex()
        self._wants_form &= front in {_SETTINGS, _CURVES}
        self.form.setVisible(not self.is_narrow or front == _SETTINGS)
        self.curves.setVisible(front == _CURVES)
        self.data.setVisible(front == _DATA)
        self.epochs.setVisible(not self.is_low or front == _EPOCHS)

    def show_curves(self) -> None:
        """Bring the curves to the front."""
        self._wants_form = False
        self.tabs.setCurrentIndex(_CURVES)

    def show_data(self) -> None:
        """Bring the dataset to the front."""
        self.tabs.setCurrentIndex(_DATA)

    def show_form(self) -> None:
        """Bring the form to the front, now or, in a wide window, when it next becomes a tab."""
        self._wants_form = True
        if self.is_narrow:
            self.tabs.setCurrentIndex(_SETTINGS)

    def minimumSizeHint(self) -> QSize:
        """The least size, with each part behind a tab."""
        fixed, _ = self._heights()
        parts = (self.form, self.curves, self.data, self.epochs)
        hints = [part.minimumSizeHint() for part in parts]
        controls, runs = self.controls.minimumSizeHint(), self.runs.minimumSizeHint()
        width = max(controls.width(), runs.width(), *(hint.width() for hint in hints))
        content = max(hint.height() for hint in hints)
        return QSize(width, fixed + content + _SPACING + controls.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the arrangement again for the new size."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Arrange again for another font or style, which needs other room."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._arrange()
            self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the focus to the button that starts or stops.

        A focus proxy would do the same, but Tab would then skip the whole form.
        """
        super().focusInEvent(event)
        self.controls.take_focus()

    def showEvent(self, event: QShowEvent) -> None:
        """Emit `shown`, so that what changed on the pad meanwhile is shown."""
        super().showEvent(event)
        self.shown.emit()
