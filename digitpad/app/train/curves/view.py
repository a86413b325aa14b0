"""The curves of a training, live or stored, with controls to look closely at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.train.curves.data import CurveData
from digitpad.app.train.curves.export import CurveExport
from digitpad.app.train.curves.sheet import CurveSheet
from digitpad.app.train.curves.style import summary
from digitpad.app.widgets.controls import Card, FlatButton
from digitpad.app.widgets.layout import fill
from digitpad.app.widgets.numbers import fixed
from digitpad.app.widgets.theme import QuietLabel
from digitpad.learning.events import BatchDone, History

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from digitpad.app.train.actions import TrainActions
    from digitpad.app.widgets.icons import Icons

_FRAME_MS = 66
"""Milliseconds between two frames of a live training: 15 a second."""

_SMOOTHING = 0.9
"""First weight of the past in the smoothed curves."""


class CurvesView(QWidget):
    """The metrics over the epochs, under a row of controls.

    While the view is visible, a timer draws what is new in the history.

    Args:
        actions: of the page. The view connects those that save the curves.
        icons: for the buttons.

    Signals:
        noticed: a sentence for the user, such as that a file could not be written.
    """

    noticed = Signal(str)

    def __init__(self, actions: TrainActions, icons: Icons) -> None:
        super().__init__()
        self._actions = actions
        self._history = History()
        self._data = CurveData(_SMOOTHING)
        self._drawn = 0
        self.sheet = CurveSheet()
        self.export = CurveExport(self.sheet, lambda: self._history, self)
        self.export.noticed.connect(self.noticed)
        self._empty = QuietLabel("")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(Card(self.sheet))
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._draw)
        # When the user drags, draw at once, but only once for several changes.
        self._at_once = QTimer(self, singleShot=True, interval=0)
        self._at_once.timeout.connect(self._draw)
        self.sheet.moved.connect(self._at_once.start)
        controls = self._controls(icons)
        fill(QVBoxLayout(self), controls, (self._pages, 1), spacing=4)
        self.clear()

    def _controls(self, icons: Icons) -> QHBoxLayout:
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setPageStep(10)
        self.smoothing.setMinimumWidth(70)
        self.smoothing.setMaximumWidth(180)
        self.smoothing.setAccessibleName(self.tr("Smoothing"))
        self.smoothing.setToolTip(
            self.tr(
                "How strongly each point of the training curves is averaged with the batches"
                " before it"
            )
        )
        self._smoothing_value = QLabel()
        self._smoothing_value.setMinimumWidth(
            QFontMetrics(self.font()).horizontalAdvance(fixed(0.88, 2)) + 2
        )
        self.smoothing.valueChanged.connect(self._on_smoothing)
        self.smoothing.setValue(round(100 * _SMOOTHING))
        label = QLabel(self.tr("Smoothing"))
        label.setBuddy(self.smoothing)
        self.logarithmic = QCheckBox(self.tr("Log a&xis"))
        self.logarithmic.setToolTip(self.tr("Show losses on a logarithmic axis"))
        self.logarithmic.toggled.connect(self.sheet.set_logarithmic)
        self.fit = FlatButton(
            icons.icon("fit"),
            self.tr("Fit"),
            self.tr(
                "Show everything and follow the training (double click, or 0)\n"
                "Wheel, + and -: zoom; Ctrl and wheel: zoom into the values\n"
                "Drag or arrow keys: move\n"
                "Shift and drag: zoom into a frame"
            ),
        )
        self.fit.clicked.connect(self.sheet.fit)
        menu = QMenu(self)
        self._actions.picture.triggered.connect(self.export.choose_picture)
        self._actions.table.triggered.connect(self.export.choose_table)
        menu.addActions([self._actions.picture, self._actions.table])
        tip = self.tr("Save the curves as a picture or a table")
        self.save = FlatButton(icons.icon("export"), self.tr("Export"), tip, menu)
        for button in (self.fit, self.save):
            button.setIconSize(QSize(22, 22))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = fill(
            QHBoxLayout(), label, (self.smoothing, 1), self._smoothing_value, self.logarithmic,
            self.fit, self.save, spacing=6,
        )  # fmt: skip
        row.insertSpacing(3, 10)
        row.insertStretch(5, 1)
        return row

    def show_history(
        self, history: History, steps_per_epoch: int, epochs: int, *, is_live: bool = False
    ) -> None:
        """Show the curves of a training.

        Args:
            history: its events. The caller adds more, and then calls `grow`.
            steps_per_epoch: at least 1.
            epochs: the number planned, at least 1.
            is_live: whether to leave room for epochs to come.
        """
        self._history, self._drawn = history, 0
        weight = self.smoothing.value() / 100
        self._data = CurveData(weight, steps_per_epoch, epochs, is_live=is_live)
        self._take()
        self.sheet.start(self._data)
        self._set_empty(False)
        self.sheet.setAccessibleDescription(summary(self._data))

    @property
    def follows(self) -> bool:
        """Whether the view follows the training, as the user has not zoomed or moved it."""
        return self.sheet.follows

    @Slot()
    def grow(self) -> None:
        """Draw soon what is new in the history."""
        if self.isVisible() and not self._frame.isActive():
            self._frame.start()

    def clear(self, why: Literal["none", "coming", "over"] = "none") -> None:
        """Show a sentence in place of the curves.

        Args:
            why: no run is chosen, its training is getting ready, or it ended without a batch.
        """
        sentences = {
            "none": self.tr("Press Start: the curves appear here."),
            "coming": self.tr("The curves appear here with the first batch."),
            "over": self.tr("This training run ended before its first batch: it has no curves."),
        }
        self._empty.setText(sentences[why])
        self.show_history(History(), 1, 1)
        self._set_empty(True)

    def _set_empty(self, empty: bool) -> None:
        self._pages.setCurrentIndex(0 if empty else 1)
        self.fit.setEnabled(not empty)
        self.save.setEnabled(not empty)
        for action in (self._actions.picture, self._actions.table):
            self._actions.allow(action, possible=not empty)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has come while the view was hidden."""
        super().showEvent(event)
        self._at_once.start()

    @Slot()
    def _draw(self) -> None:
        if not self.isVisible():
            return
        self._take()
        self.sheet.draw()

    def _take(self) -> None:
        """Add what is new in the history to the curves."""
        rows = self._history.since(self._drawn)
        self._drawn += len(rows)
        self._data.add(rows)
        # Screen readers get a new text after each validation, not in every frame.
        if any(not isinstance(row, BatchDone) for row in rows):
            self.sheet.setAccessibleDescription(summary(self._data))

    @Slot()
    def _on_smoothing(self) -> None:
        weight = self.smoothing.value() / 100
        self._smoothing_value.setText(fixed(weight, 2))
        self._data.set_weight(weight)
        self._at_once.start()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another palette, and the sizes of another font or style."""
        super().changeEvent(event)
        kinds = {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange}
        if event.type() in kinds and hasattr(self, "sheet"):
            self.sheet.apply_palette(self.palette())
