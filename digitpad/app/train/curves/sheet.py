"""The sheet with the three plots, one above the other on the same epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QGraphicsSimpleTextItem, QSizePolicy

from digitpad.app.train.curves.data import CurveData
from digitpad.app.train.curves.legend import CurveLegend
from digitpad.app.train.curves.plot import CurvePlot, ValueAxis
from digitpad.app.train.curves.scale import (
    Range,
    accuracy_range,
    epochs_shown,
    log_loss_range,
    loss_range,
    rate_range,
)
from digitpad.app.train.curves.style import style_for
from digitpad.app.train.curves.values_box import ValuesBox
from digitpad.app.train.curves.words import best_text, reading_html

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

_HOVER_MS = 16
_ZOOM = 0.8
_SHIFT = 0.15
_FEWEST_STEPS = 4
_BEYOND = 1.015
"""Of the last epoch that can be shown: a marker at its end is then whole."""

_SMALL_FONT = 0.88
_ROWS = (5, 5, 2)
"""Shares of the height."""

_MARGINS = (4, 2, 16, 2)
_TITLE_ROOM = 60
_BETWEEN = 5
_APART = 12

_LOG_LIMITS = Range(-9.5, 9.0)
_ACCURACY_LIMITS = Range(0.0, 103.0)


class CurveSheet(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Loss, accuracy and learning rate over the epochs.

    The view follows the training until somebody zooms or moves it; `fit` lets it follow again.

    Signals:
        moved: other epochs or values are in view; what is drawn is to be drawn anew.
    """

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = CurveData()
        self._steps_per_epoch, self._epochs = 1, 1
        self._is_live = False
        self._follows = True
        self._sets_ranges = False
        self._pointer: QPointF | None = None
        self.loss = CurvePlot()
        self.accuracy = CurvePlot("percent", 100.0)
        self.rate = CurvePlot(has_batches=False)
        self._plots = (self.loss, self.accuracy, self.rate)
        self._bottom = ValueAxis("bottom", "epochs")
        self._bottom.setStyle(hideOverlappingLabels=15)
        self._bottom.linkToView(self.rate.box)
        self._epoch_label = pg.LabelItem(justify="right")
        # Not in the plot, where it would cover a curve.
        self._best_label = QGraphicsSimpleTextItem()
        self._best_label.hide()
        self.scene().addItem(self._best_label)
        self._titles = [pg.LabelItem(justify="left") for _ in self._plots]
        for label in (*self._titles, self._epoch_label):
            label.item.document().setDocumentMargin(0)
        self.reading = ValuesBox(self)
        self.legend = CurveLegend(self)
        self._hover = QTimer(self, singleShot=True, interval=_HOVER_MS)
        self._hover.timeout.connect(self._read)
        self._arrange()
        for plot in self._plots:
            plot.box.sigXRangeChanged.connect(self._on_x_range)
            plot.box.sigRangeChangedManually.connect(self._hold)
            plot.box.sigRangeChanged.connect(self._on_range)
            plot.box.sigResized.connect(self._on_range)
            plot.box.fit_wanted.connect(self.fit)
        self.scene().sigMouseMoved.connect(self._on_pointer)
        self.setAccessibleName(self.tr("Curves of the training"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.apply_palette(self.palette())

    def _arrange(self) -> None:
        self.ci.setContentsMargins(*_MARGINS)
        self.ci.setSpacing(0)
        for index, (plot, title) in enumerate(zip(self._plots, self._titles, strict=True)):
            self.ci.addItem(title, 2 * index, 1)
            self.ci.addItem(plot.axis, 2 * index + 1, 0)
            self.ci.addItem(plot.box, 2 * index + 1, 1)
            self.ci.layout.setRowStretchFactor(2 * index + 1, _ROWS[index])
            self.ci.layout.setRowSpacing(2 * index + 1, _BETWEEN)
        below = 2 * len(self._plots)
        self.ci.addItem(self._epoch_label, below, 0)
        self.ci.addItem(self._bottom, below, 1)
        self.ci.layout.setColumnStretchFactor(1, 1)
        self.rate.box.setMouseEnabled(x=True, y=False)

    def apply_palette(self, palette: QPalette, ratio: float | None = None) -> None:
        """Paint in the colours that go with a palette, and with the widget's font.

        Args:
            palette: of the program, or of a picture.
            ratio: pixels to a unit of length; None is the screen's.
        """
        self._style = style_for(palette)
        self._ratio = ratio or self.devicePixelRatioF()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _SMALL_FONT)
        metrics = QFontMetricsF(font)
        width = round(max(map(metrics.horizontalAdvance, ("99.95 %", "0.0005"))) + 12)
        self.setBackground(self._style.ground)
        for plot in self._plots:
            plot.apply_style(self._style, font, self._ratio)
            # The same for all, so that the same epochs are above each other.
            plot.axis.setWidth(width)
        self._bottom.setTickFont(font)
        self._bottom.setTextPen(self._style.text)
        self._bottom.setPen(self._style.grid)
        self._bottom.setHeight(round(metrics.height() + 4))
        texts = (self.tr("Loss"), self.tr("Accuracy"), self.tr("Learning rate"))
        size = f"{font.pointSizeF():.1f}pt"
        for title, text in zip(self._titles, texts, strict=True):
            title.setText(text, color=self._style.text, size=size, bold=True)
            title.setFixedHeight(round(metrics.height() + 4))
        self._epoch_label.setText(
            f"{self.tr('Epoch')}&nbsp;&nbsp;&nbsp;", color=self._style.text, size=size
        )
        self._best_label.setFont(font)
        self._best_label.setBrush(self._style.text)
        self.legend.dress(palette, font)
        self._place_legend()
        self.reading.setFont(font)
        self._hide_reading()

    def sharpen(self, wanted: bool) -> None:
        """Paint for a picture that is larger than the screen shows it, or for the screen."""
        for plot in self._plots:
            plot.sharpen(wanted)

    @property
    def follows(self) -> bool:
        """Whether the view changes with the data."""
        return self._follows

    @property
    def is_logarithmic(self) -> bool:
        """Whether the losses stand by their powers of ten."""
        return self.loss.is_logarithmic

    @is_logarithmic.setter
    def is_logarithmic(self, wanted: bool) -> None:
        self.loss.is_logarithmic = wanted
        self._set_limits()
        self._fit_loss()
        self.moved.emit()

    def start(self, data: CurveData, steps_per_epoch: int, epochs: int, *, is_live: bool) -> None:
        """Show another training, and follow it.

        Args:
            data: its curves; drawn by `draw`.
            steps_per_epoch: at least 1.
            epochs: that there will be, at least 1.
            is_live: whether it may go on; otherwise only the epochs that it had are shown.
        """
        self._data, self._steps_per_epoch = data, max(steps_per_epoch, 1)
        self._epochs, self._is_live = max(epochs, 1), is_live
        self._follows = True
        self._hide_reading()
        self._set_limits()
        self.draw()

    @property
    def _progress(self) -> float:
        return self._data.last_step / self._steps_per_epoch

    @property
    def _span(self) -> float:
        """Epochs of the whole training."""
        if self._is_live or not self._data.last_step:
            return max(float(self._epochs), self._progress)
        return self._progress

    def _set_limits(self) -> None:
        losses = _LOG_LIMITS if self.is_logarithmic else Range(-0.5, 1e9)
        limits = (losses, _ACCURACY_LIMITS, Range(-1.0, 1e6))
        for plot, limit in zip(self._plots, limits, strict=True):
            plot.box.setLimits(
                xMin=0.0,
                xMax=self._span * _BEYOND,
                minXRange=min(_FEWEST_STEPS / self._steps_per_epoch, self._span),
                yMin=limit.low,
                yMax=limit.high,
                minYRange=0.02 if plot is self.accuracy else 1e-7,
            )

    @Slot()
    def fit(self) -> None:
        """Show everything, and follow the training."""
        self._follows = True
        self.moved.emit()
        self.draw()

    @Slot()
    def _hold(self) -> None:
        self._follows = False

    def draw(self) -> None:
        """Draw what the data holds now."""
        if self._ratio != self.devicePixelRatioF():
            self.apply_palette(self.palette())
        if self._follows:
            self._fit_ranges()
        data, per_epoch = self._data, self._steps_per_epoch
        self.loss.draw(data.loss, data.validation_loss, per_epoch)
        self.accuracy.draw(data.accuracy, data.validation_accuracy, per_epoch)
        self.rate.draw(data.rate, None, per_epoch)
        best = data.best
        if best is None:
            self.loss.show_best(None)
            self.accuracy.show_best(None)
            self._best_label.hide()
        else:
            epochs = best.step / per_epoch
            self.loss.show_best(epochs, best.validation_loss)
            self.accuracy.show_best(epochs, best.validation_accuracy)
            self._name_best(epochs, best_text(best))
        if self._pointer is not None:
            self._read()
        self.scene().prepareForPaint()  # what moves during a painting is painted twice

    def _name_best(self, epochs: float, text: str) -> None:
        """Write which epoch is the best, between the plots at the end of its line."""
        low, high = self.accuracy.box.viewRange()[0]
        self._best_label.setVisible(low <= epochs <= high)
        if not self._best_label.isVisible():
            return
        self._best_label.setText(text)
        title = self._titles[1].sceneBoundingRect()
        width = self._best_label.boundingRect().width()
        x = self.accuracy.box.mapViewToScene(QPointF(epochs, 0.0)).x() - width / 2
        first = title.left() + self._titles[1].itemRect().width() + _APART
        x = max(min(x, self.width() - _MARGINS[2] - width), first)
        self._best_label.setPos(x, title.top())

    def _fit_ranges(self) -> None:
        self._sets_ranges = True
        self._set_limits()
        shown = epochs_shown(self._progress, self._span) if self._is_live else Range(0, self._span)
        for plot in self._plots:
            plot.box.setXRange(shown.low, shown.high * _BEYOND, padding=0)
        self._fit_loss()
        self.accuracy.box.setYRange(*accuracy_range(self._data), padding=0)
        self.rate.box.setYRange(*rate_range(self._data), padding=0)
        self._sets_ranges = False

    def _fit_loss(self) -> None:
        found = log_loss_range(self._data) if self.is_logarithmic else loss_range(self._data)
        self.loss.box.setYRange(*found, padding=0)

    @Slot(object, object)
    def _on_x_range(self, box: object, shown: tuple[float, float]) -> None:
        if not self._sets_ranges:
            for plot in self._plots:
                if plot.box is not box:
                    plot.box.setXRange(*shown, padding=0)

    @Slot()
    def _on_range(self) -> None:
        if not self._sets_ranges:
            self.moved.emit()

    def zoom(self, factor: float) -> None:
        """Show more or fewer epochs about the middle; a factor below 1 shows fewer."""
        self._hold()
        self.rate.box.scaleBy(x=factor)

    def shift(self, across: float, up: float = 0.0) -> None:
        """Move by a share of what is in view: later epochs, higher losses and accuracies."""
        self._hold()
        low, high = self.rate.box.viewRange()[0]
        self.rate.box.translateBy(x=across * (high - low))
        if up:
            for plot in (self.loss, self.accuracy):
                low, high = plot.box.viewRange()[1]
                plot.box.translateBy(y=up * (high - low))

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Plus, minus, 0 and the arrows."""
        key = ev.key()
        if key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(_ZOOM)
        elif key in {Qt.Key.Key_Minus, Qt.Key.Key_Underscore}:
            self.zoom(1 / _ZOOM)
        elif key in {Qt.Key.Key_0, Qt.Key.Key_Home}:
            self.fit()
        elif key == Qt.Key.Key_Left:
            self.shift(-_SHIFT)
        elif key == Qt.Key.Key_Right:
            self.shift(_SHIFT)
        elif key == Qt.Key.Key_Up:
            self.shift(0.0, _SHIFT)
        elif key == Qt.Key.Key_Down:
            self.shift(0.0, -_SHIFT)
        else:
            # Not to the scene: pyqtgraph's plots have keys of their own.
            ev.ignore()
            return
        ev.accept()

    @Slot(object)
    def _on_pointer(self, place: QPointF) -> None:
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            # The values would lie in the way of what is dragged.
            self._hide_reading()
            return
        self._pointer = QPointF(place)
        if not self._hover.isActive():
            self._hover.start()

    def leaveEvent(self, ev: QEvent) -> None:
        """Nothing is read without a pointer."""
        super().leaveEvent(ev)
        self._hide_reading()

    def hide_reading(self) -> None:
        """Take the values beside the pointer away until it moves."""
        self._hide_reading()

    def _hide_reading(self) -> None:
        self._pointer = None
        self._hover.stop()
        if self.reading.isVisible():
            self.reading.hide()
            for plot in self._plots:
                plot.show_reading(None)

    @Slot()
    def _read(self) -> None:
        """Show the values of the step that is nearest to the pointer."""
        place = self._pointer
        if place is None:
            return
        data, per_epoch = self._data, self._steps_per_epoch
        reading = None
        if any(plot.box.sceneBoundingRect().contains(place) for plot in self._plots):
            reading = data.reading(self.loss.box.mapSceneToView(place).x() * per_epoch)
        if reading is None:
            self._hide_reading()
            self._pointer = place
            return
        at = reading.step / per_epoch
        checked = None if reading.check_step is None else reading.check_step / per_epoch
        self.loss.show_reading(
            at, _points((at, reading.smoothed_loss), (checked, reading.validation_loss))
        )
        self.accuracy.show_reading(
            at, _points((at, reading.smoothed_accuracy), (checked, reading.validation_accuracy))
        )
        self.rate.show_reading(at, _points((at, reading.rate)))
        text = reading_html(reading, per_epoch, self._style, is_smooth=data.loss.weight > 0)
        self.reading.show_at(place.toPoint(), text)

    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """Another width needs other points, and moves the legend."""
        super().resizeEvent(ev)
        # pyqtgraph calls this before there is anything.
        if hasattr(self, "legend"):
            self._place_legend()
            self.moved.emit()

    def _place_legend(self) -> None:
        """Beside the first title, at the right."""
        left = self._titles[0].sceneBoundingRect().left()
        room = self.width() - _MARGINS[2] - left - _TITLE_ROOM
        size = self.legend.sizeHint()
        width = round(min(size.width(), room))
        self.legend.setGeometry(self.width() - _MARGINS[2] - width, 0, width, size.height())


def _points(*points: tuple[float | None, float | None]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in points if x is not None and y is not None]
