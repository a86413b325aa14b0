"""The sheet with all plots, one above the other over the same epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QGraphicsSimpleTextItem

from digitpad.app.i18n import translated
from digitpad.app.train.curves.data import CurveData
from digitpad.app.train.curves.overlays import CurveLegend, ValuesBox
from digitpad.app.train.curves.plot import CurvePlot, ValueAxis
from digitpad.app.train.curves.scale import Range, epochs_shown, shown_range
from digitpad.app.train.curves.style import best_text, style_for, values_html
from digitpad.learning.metrics import METRICS

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

_HOVER_MS = 16
_ZOOMS: dict[int, float] = {
    **dict.fromkeys((Qt.Key.Key_Plus, Qt.Key.Key_Equal), 0.8),
    **dict.fromkeys((Qt.Key.Key_Minus, Qt.Key.Key_Underscore), 1.25),
}
_SHIFTS: dict[int, tuple[float, float]] = {
    Qt.Key.Key_Left: (-0.15, 0.0),
    Qt.Key.Key_Right: (0.15, 0.0),
    Qt.Key.Key_Up: (0.0, 0.15),
    Qt.Key.Key_Down: (0.0, -0.15),
}
"""Shares of the view by which arrow keys move it, across and up."""

_FEWEST_STEPS = 4
_BEYOND = 1.015
"""The view may end so much beyond the last epoch, so that a marker at its end is not cut."""

_SMALL_FONT = 0.88
_HIGH, _LOW = 5, 2
"""Relative heights of plots with validation and of those without."""

_MARGINS = (4, 2, 16, 2)
_TITLE_ROOM = 60
_BETWEEN = 5
_APART = 12

_LIMITS = Range(-1.0, 1e9)
_LOG_LIMITS = Range(-9.5, 9.0)
_SHARE_LIMITS = Range(0.0, 103.0)


class CurveSheet(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """The curves of all metrics over the epochs. Some metrics share a plot.

    The view follows the training until the user zooms or moves it; `fit` lets it follow again.

    Attributes:
        plots: by the name of the plot in `METRICS`.
        values: the box with the values beside the pointer.
        legend: names the curves.
        follows: whether the view follows the training.

    Signals:
        moved: another range is in view, so the curves must be drawn again.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._data = CurveData()
        self.follows = True
        self._sets_ranges = False
        self._pointer: QPointF | None = None
        names = dict.fromkeys(metric.plot for metric in METRICS)
        self.plots = {name: CurvePlot([m for m in METRICS if m.plot == name]) for name in names}
        self._plots = tuple(self.plots.values())
        self._bottom = ValueAxis("bottom", "epochs")
        self._bottom.setStyle(hideOverlappingLabels=15)
        self._bottom.linkToView(self._plots[-1].box)
        self._epoch_label = pg.LabelItem(justify="right")
        # Outside the plots, where it covers no curve.
        self._best_label = QGraphicsSimpleTextItem()
        self._best_label.hide()
        self.scene().addItem(self._best_label)
        for label in (*(plot.title for plot in self._plots), self._epoch_label):
            label.item.document().setDocumentMargin(0)
        self.values = ValuesBox(self)
        self.legend = CurveLegend(self)
        self._hover = QTimer(self, singleShot=True, interval=_HOVER_MS)
        self._hover.timeout.connect(self._show_values)
        self._arrange()
        for plot in self._plots:
            plot.box.sigXRangeChanged.connect(self._on_x_range)
            plot.box.sigRangeChangedManually.connect(self._hold)
            plot.box.sigRangeChanged.connect(self._on_range)
            plot.box.sigResized.connect(self._on_range)
            plot.box.fit_wanted.connect(self.fit)
        self.scene().sigMouseMoved.connect(self._on_pointer)
        self.setAccessibleName(self.tr("Training curves"))
        self.apply_palette(self.palette())

    def _arrange(self) -> None:
        self.ci.setContentsMargins(*_MARGINS)
        self.ci.setSpacing(0)
        for index, plot in enumerate(self._plots):
            row = 2 * index + 1
            self.ci.addItem(plot.title, row - 1, 1)
            self.ci.addItem(plot.axis, row, 0)
            self.ci.addItem(plot.box, row, 1)
            height = _HIGH if plot.metric.of_validation else _LOW
            self.ci.layout.setRowStretchFactor(row, height)
            self.ci.layout.setRowSpacing(row, _BETWEEN)
        below = 2 * len(self._plots)
        self.ci.addItem(self._epoch_label, below, 0)
        self.ci.addItem(self._bottom, below, 1)
        self.ci.layout.setColumnStretchFactor(1, 1)

    def apply_palette(self, palette: QPalette, ratio: float | None = None) -> None:
        """Take the colours for a palette.

        Args:
            palette: of the window or of a saved picture.
            ratio: pixels for each device-independent pixel; None for that of the screen.
        """
        self._style = style_for(palette)
        self._ratio = ratio or self.devicePixelRatioF()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _SMALL_FONT)
        metrics = QFontMetricsF(font)
        width = round(max(map(metrics.horizontalAdvance, ("99.95 %", "0.0005"))) + 12)
        self.setBackground(self._style.ground)
        size = f"{font.pointSizeF():.1f}pt"
        for plot in self._plots:
            plot.apply_style(self._style, font, self._ratio)
            # The same width for all, so that the epochs of all plots are aligned.
            plot.axis.setWidth(width)
            name = translated(plot.metric.title)
            plot.title.setText(name, color=self._style.text, size=size, bold=True)
            plot.title.setFixedHeight(round(metrics.height() + 4))
        self._bottom.apply_style(self._style, font)
        self._bottom.setHeight(round(metrics.height() + 4))
        self._epoch_label.setText(
            f"{self.tr('Epoch')}&nbsp;&nbsp;&nbsp;", color=self._style.text, size=size
        )
        self._best_label.setFont(font)
        self._best_label.setBrush(self._style.text)
        self.legend.dress(palette, font)
        self._place_legend()
        self.values.setFont(font)
        self.hide_values()

    def sharpen(self, wanted: bool) -> None:
        """Paint the markers for a large picture, or for the screen; see `CurvePlot.sharpen`."""
        for plot in self._plots:
            plot.sharpen(wanted)

    @Slot(bool)
    def set_logarithmic(self, wanted: bool) -> None:
        """Show the losses on a logarithmic axis, or on a linear one."""
        for plot in self._plots:
            plot.set_logarithmic(wanted)
        self._set_limits()
        for plot in self._plots:
            if plot.can_be_logarithmic:
                self._fit(plot)
        self.moved.emit()

    def start(self, data: CurveData) -> None:
        """Show another training, and follow it."""
        self._data = data
        self.follows = True
        self.hide_values()
        self._set_limits()
        self.draw()

    def _set_limits(self) -> None:
        data = self._data
        for plot in self._plots:
            is_share = plot.metric.form == "percent"
            limit = _SHARE_LIMITS if is_share else _LIMITS
            if plot.axis.is_logarithmic:
                limit = _LOG_LIMITS
            plot.box.setLimits(
                xMin=0.0,
                xMax=data.span * _BEYOND,
                minXRange=min(_FEWEST_STEPS / data.steps_per_epoch, data.span),
                yMin=limit.low,
                yMax=limit.high,
                minYRange=0.02 if is_share else 1e-7,
            )

    @Slot()
    def fit(self) -> None:
        """Show everything, and follow the training again."""
        self.follows = True
        self.moved.emit()
        self.draw()

    @Slot()
    def _hold(self) -> None:
        self.follows = False

    def draw(self) -> None:
        """Draw the curves again, with what is new in the data."""
        if self._ratio != self.devicePixelRatioF():
            self.apply_palette(self.palette())
        if self.follows:
            self._fit_ranges()
        best = self._data.best
        epochs = None if best is None else best.step / self._data.steps_per_epoch
        for plot in self._plots:
            plot.draw(self._data)
            if plot.metric.of_validation:
                value = None if best is None else best.validation.get(plot.metric.name)
                plot.show_best(epochs, value)
        self._name_best(epochs, "" if best is None else best_text(best))
        if self._pointer is not None:
            self._show_values()
        # Now, and not during painting: what moves then is painted twice.
        self.scene().prepareForPaint()

    def _name_best(self, epochs: float | None, text: str) -> None:
        """Write which epoch is the best, above the second plot at the line of that epoch."""
        box = self._plots[1].box
        low, high = box.viewRange()[0]
        if epochs is None or not low <= epochs <= high:
            self._best_label.hide()
            return
        self._best_label.show()
        self._best_label.setText(text)
        title = self._plots[1].title.sceneBoundingRect()
        width = self._best_label.boundingRect().width()
        x = box.mapViewToScene(QPointF(epochs, 0.0)).x() - width / 2
        first = title.left() + self._plots[1].title.itemRect().width() + _APART
        x = max(min(x, self.width() - _MARGINS[2] - width), first)
        self._best_label.setPos(x, title.top())

    def _fit_ranges(self) -> None:
        self._sets_ranges = True
        self._set_limits()
        data = self._data
        shown = epochs_shown(data.progress, data.span) if data.is_live else Range(0, data.span)
        for plot in self._plots:
            plot.box.setXRange(shown.low, shown.high * _BEYOND, padding=0)
            self._fit(plot)
        self._sets_ranges = False

    def _fit(self, plot: CurvePlot) -> None:
        name = plot.metric.name
        found = shown_range(
            plot.metric,
            self._data.training[name],
            self._data.validation[name],
            is_logarithmic=plot.axis.is_logarithmic,
        )
        plot.box.setYRange(*found, padding=0)

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
        """Show `factor` times as many epochs, with the same middle."""
        self._hold()
        self._plots[0].box.scaleBy(x=factor)

    def shift(self, across: float, up: float = 0.0) -> None:
        """Move the view by shares of itself: to later epochs, and to higher values."""
        self._hold()
        low, high = self._plots[0].box.viewRange()[0]
        self._plots[0].box.translateBy(x=across * (high - low))
        if up:
            for plot in self._plots:
                if plot.metric.is_noisy:
                    low, high = plot.box.viewRange()[1]
                    plot.box.translateBy(y=up * (high - low))

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Plus and minus zoom, the arrow keys move, 0 and Home show everything."""
        key = ev.key()
        ev.accept()
        if key in _ZOOMS:
            self.zoom(_ZOOMS[key])
        elif key in _SHIFTS:
            self.shift(*_SHIFTS[key])
        elif key in {Qt.Key.Key_0, Qt.Key.Key_Home}:
            self.fit()
        else:
            # Other keys are kept from the scene: pyqtgraph's plots have keys of their own.
            ev.ignore()

    @Slot(object)
    def _on_pointer(self, place: QPointF) -> None:
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            # The values would cover what is being dragged.
            self.hide_values()
            return
        self._pointer = QPointF(place)
        if not self._hover.isActive():
            self._hover.start()

    def leaveEvent(self, ev: QEvent) -> None:
        """Hide the values when the pointer leaves."""
        super().leaveEvent(ev)
        self.hide_values()

    def hide_values(self) -> None:
        """Hide the values beside the pointer until it moves."""
        self._pointer = None
        self._hover.stop()
        if self.values.isVisible():
            self.values.hide()
            for plot in self._plots:
                plot.show_values(None)

    @Slot()
    def _show_values(self) -> None:
        """Show the values of the step nearest to the pointer."""
        place = self._pointer
        if place is None:
            return
        data, per_epoch = self._data, self._data.steps_per_epoch
        values = None
        if any(plot.box.sceneBoundingRect().contains(place) for plot in self._plots):
            values = data.values_at(self._plots[0].box.mapSceneToView(place).x() * per_epoch)
        if values is None:
            self.hide_values()
            self._pointer = place
            return
        at = values.step / per_epoch
        validated = values.validation_step
        for plot in self._plots:
            name = plot.metric.name
            points = [(at, values.smoothed.get(name))]
            if validated is not None:
                points.append((validated / per_epoch, values.validation.get(name)))
            plot.show_values(at, [(x, y) for x, y in points if y is not None])
        text = values_html(values, data, self._style)
        self.values.show_at(place.toPoint(), text)

    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """Place the legend and draw again for the new size."""
        super().resizeEvent(ev)
        # pyqtgraph calls this before the sheet is complete.
        if hasattr(self, "legend"):
            self._place_legend()
            self.moved.emit()

    def _place_legend(self) -> None:
        """Place the legend at the right of the first title."""
        left = self._plots[0].title.sceneBoundingRect().left()
        room = self.width() - _MARGINS[2] - left - _TITLE_ROOM
        size = self.legend.sizeHint()
        width = round(min(size.width(), room))
        self.legend.setGeometry(self.width() - _MARGINS[2] - width, 0, width, size.height())
