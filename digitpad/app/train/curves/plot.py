"""One plot: its axis, its curves, and how the mouse zooms and moves it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPen

from digitpad.app.train.curves.data import band, extremes, means
from digitpad.app.train.curves.scale import SMALLEST_LOSS, log_ticks, tick_text, ticks
from digitpad.app.widgets.numbers import localised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QFont

    from digitpad.app.train.curves.data import CurveData
    from digitpad.app.train.curves.style import CurveStyle
    from digitpad.learning.metrics import Metric

Unit = Literal["plain", "percent", "epochs"]

_Level = tuple[float | None, list[float]]
"""Ticks in the form of pyqtgraph: their distance, or None if it varies, and their places."""

_WIDTH = 1.6
_LONG_PATH = 80
_MARKER_ROOM = 12
_MARKER_SIZE = 6
_BEST_MARKER_SIZE = 11
_VALUE_MARKER_SIZE = 8
_SMALLEST_DRAG = 4
_TICK_GAP = 1.7
_FEWEST_TICKS = 3
_BAND_STEP = 6
"""Width of a bin of the band, in device-independent pixels."""

_TICK_ROOM = 80
_TICK_BEYOND = 12.0


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with a few round ticks, written in the user's locale.

    Attributes:
        is_logarithmic: whether its numbers are powers of ten.
    """

    def __init__(self, side: Literal["left", "bottom"], unit: Unit = "plain") -> None:
        super().__init__(side, maxTickLength=0)
        self._unit = unit
        self.is_logarithmic = False
        self.enableAutoSIPrefix(False)
        self.setStyle(tickAlpha=255, maxTickLevel=0)
        if side == "left":
            self.setGrid(255)
            # The grid lies below the curves.
            self.setZValue(-200)

    def apply_style(self, style: CurveStyle, font: QFont) -> None:
        """Take these colours and this font."""
        self.setTickFont(font)
        self.setTextPen(style.text)
        self.setPen(style.grid)
        self.setTickPen(style.grid)

    def boundingRect(self) -> QRectF:
        """Room for half a number above and below: pyqtgraph drops numbers that stand out."""
        beyond = 0.0 if self.orientation == "bottom" else _TICK_BEYOND
        bounds: QRectF = super().boundingRect()
        return bounds.adjusted(0, -beyond, 0, beyond)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[_Level]:  # noqa: N803
        """Ticks for this range of values and this length in pixels, as one level."""
        if not maxVal > minVal:
            return []
        if self._unit == "epochs":
            return [ticks(minVal, maxVal, int(size / _TICK_ROOM))]
        height = QFontMetricsF(self.style["tickFont"]).height()
        most = max(round(size / (_TICK_GAP * height)), _FEWEST_TICKS)
        if self.is_logarithmic:
            return [(None, log_ticks(minVal, maxVal, most))]
        step, values = ticks(minVal, maxVal, most)
        highest = 100 + 1e-9 if self._unit == "percent" else math.inf
        return [(step, [value for value in values if -1e-12 <= value <= highest])]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """Numbers for these ticks, which are `spacing` apart; None on a logarithmic axis."""
        if spacing is None:
            powers = [10.0**value for value in values]
            texts = [tick_text(value, float(f"{value:.0e}")) for value in powers]
        else:
            texts = [tick_text(value, spacing) for value in values]
        unit = " %" if self._unit == "percent" else ""
        return [localised(text) + unit for text in texts]


class CurveBox(pg.ViewBox):  # type: ignore[misc]
    """The inside of a plot.

    The wheel zooms into the epochs, and with Ctrl into the values. Dragging moves the view.
    Dragging with Shift or with the right button frames the part to show.

    Signals:
        fit_wanted: a double click asks for the view of everything.
    """

    fit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.disableAutoRange()
        self._framing = False

    def set_frame_colours(self, pen: QPen) -> None:
        """Paint the frame of a part with this pen."""
        self.rbScaleBox.setPen(pen)
        wash = pen.color()
        wash.setAlpha(40)
        self.rbScaleBox.setBrush(wash)

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        """Zoom along one axis: with both at once, the curves would soon be out of view."""
        if axis is None:
            with_control = bool(ev.modifiers() & Qt.KeyboardModifier.ControlModifier)
            axis = 1 if with_control else 0
        super().wheelEvent(ev, axis)

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Frame a part, or move as pyqtgraph does."""
        if ev.isStart():
            with_shift = bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            right = ev.button() == Qt.MouseButton.RightButton
            self._framing = axis is None and (with_shift or right)
        if not self._framing:
            # With the right button pyqtgraph would zoom in a way that is hard to control.
            if ev.button() != Qt.MouseButton.RightButton:
                super().mouseDragEvent(ev, axis)
            return
        ev.accept()
        start, end = QPointF(ev.buttonDownPos(ev.button())), QPointF(ev.pos())
        if not ev.isFinish():
            self.updateScaleBox(start, end)
            return
        self._framing = False
        self.rbScaleBox.hide()
        framed = QRectF(start, end).normalized() & self.rect()
        if min(framed.width(), framed.height()) >= _SMALLEST_DRAG:
            self.showAxRect(self.childGroup.mapRectFromParent(framed), padding=0)

    def mouseClickEvent(self, ev: Any) -> None:
        """Emit `fit_wanted` for a double click."""
        if ev.double() and ev.button() == Qt.MouseButton.LeftButton:
            ev.accept()
            self.fit_wanted.emit()


class CurvePlot:
    """The title, the axis, the inside and the curves of one plot.

    Args:
        metrics: what it shows. The first one has the axis, the batches, the markers and the mark of
            the best epoch; the others are dashed lines.

    Attributes:
        metric: the first metric.
        title: placed by the sheet.
        axis: placed by the sheet.
        box: the inside with the curves, placed by the sheet.
        can_be_logarithmic: whether a logarithmic axis makes sense for the first metric.
    """

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metric, *self._others = metrics
        is_share = self.metric.form == "percent"
        self.can_be_logarithmic = self.metric.is_noisy and not is_share
        self.axis = ValueAxis("left", "percent" if is_share else "plain")
        self.box = CurveBox()
        # Only the values of a noisy metric can be zoomed and moved.
        self.box.setMouseEnabled(y=self.metric.is_noisy)
        self.axis.linkToView(self.box)
        self.title = pg.LabelItem(justify="left")
        self._scale = 100.0 if is_share else 1.0
        self._raw = pg.PlotCurveItem(antialias=False)
        self._band_edges = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._band = pg.FillBetweenItem(*self._band_edges)
        self._band.setZValue(-100)
        self._smooth = pg.PlotCurveItem(antialias=True)
        self._validation = pg.PlotCurveItem(antialias=True)
        if self.metric.is_noisy:
            # Qt is much slower at painting a long rough line as one path.
            self._smooth.setSegmentedLineMode("on")
        self._dashed = {
            (metric.name, is_validation): pg.PlotCurveItem(antialias=True)
            for metric in self._others
            for is_validation in (False, True)
        }
        self._markers, self._best_marker, self._value_markers = (
            pg.ScatterPlotItem(size=size, antialias=True)
            for size in (_MARKER_SIZE, _BEST_MARKER_SIZE, _VALUE_MARKER_SIZE)
        )
        self._best_line = pg.InfiniteLine(angle=90)
        self._values_line = pg.InfiniteLine(angle=90)
        for item in (
            self._band, self._raw, self._best_line, self._values_line, *self._dashed.values(),
            self._smooth, self._validation, self._markers, self._best_marker, self._value_markers,
        ):  # fmt: skip
            self.box.addItem(item, ignoreBounds=True)
        self._style: CurveStyle | None = None
        self._ratio = 1.0
        self._drawn: tuple[object, ...] | None = None
        self._best: tuple[object, ...] | None = None
        self.show_best(None)
        self.show_values(None)

    def apply_style(self, style: CurveStyle, font: QFont, ratio: float) -> None:
        """Take colours and a font.

        Args:
            style: the colours.
            font: of the ticks.
            ratio: pixels of the screen or of the picture for each device-independent pixel.
        """
        self._style, self._ratio = style, ratio
        self.axis.apply_style(style, font)
        self._set_raw_pen()
        self._band.setBrush(style.band)
        wide = _WIDTH * ratio
        self._smooth.setPen(_pen(style.training, wide))
        self._validation.setPen(_pen(style.validation, wide))
        for (_, is_validation), curve in self._dashed.items():
            colour = style.validation if is_validation else style.training
            curve.setPen(_pen(colour, wide, Qt.PenStyle.DashLine))
        for markers, pen, fill in (
            (self._markers, _pen(style.ground, 1.0), style.validation),
            (self._best_marker, _pen(style.validation, wide), style.ground),
            (self._value_markers, _pen(style.ground, 1.0), style.text),
        ):
            markers.setPen(pen)
            markers.setBrush(fill)
        self._best_line.setPen(_pen(style.best, ratio, Qt.PenStyle.DashLine))
        self._values_line.setPen(_pen(style.text, ratio))
        self.box.set_frame_colours(_pen(style.training, ratio))

    def sharpen(self, wanted: bool) -> None:
        """Paint the markers as shapes for a large picture, or as cached images for the screen."""
        for markers in (self._markers, self._best_marker):
            markers.opts["useCache"] = not wanted
            markers.updateSpots()

    def set_logarithmic(self, wanted: bool) -> None:
        """Make the axis logarithmic, if that makes sense, or linear."""
        self.axis.is_logarithmic = wanted and self.can_be_logarithmic
        self.axis.picture = None
        self.axis.update()

    def draw(self, data: CurveData) -> None:
        """Draw the part of the curves that is in view."""
        low, high = (edge * data.steps_per_epoch for edge in self.box.viewRange()[0])
        columns = max(int(self.box.width()), 2)

        def show(curve: pg.PlotCurveItem, steps: NDArray[Any], values: NDArray[np.float64]) -> None:
            places = steps / data.steps_per_epoch
            curve.setData(places, self._heights(values), skipFiniteCheck=True)

        training = data.training[self.metric.name]
        # A wide line needs a point for every two pixels; the thin one through the batches has two
        # points for each pixel.
        if self.metric.is_noisy:
            is_smooth = training.weight > 0
            crowd = band(training.steps, training.values, low, high, columns // _BAND_STEP)
            is_crowded = is_smooth and len(crowd[0]) > 0
            if is_crowded:
                for edge, values in zip(self._band_edges, crowd[1:], strict=True):
                    show(edge, crowd[0], values)
            else:
                show(self._raw, *extremes(training.steps, training.values, low, high, columns))
            self._band.setVisible(is_crowded)
            self._raw.setVisible(not is_crowded)
            if is_smooth:
                averages = means(training.steps, training.smoothed, low, high, columns // 2)
                show(self._smooth, *averages)
            if is_smooth != self._smooth.isVisible():
                self._smooth.setVisible(is_smooth)
                self._set_raw_pen()
        else:
            show(self._smooth, *extremes(training.steps, training.values, low, high, columns // 4))
        validation = data.validation[self.metric.name]
        drawn = (validation, validation.revision, low, high, columns, self.axis.is_logarithmic)
        # Markers are slow to draw, and mostly nothing has changed.
        if drawn != self._drawn:
            self._drawn = drawn
            points = extremes(validation.steps, validation.values, low, high, columns // 4)
            many = len(points[0]) > _LONG_PATH
            self._validation.setSegmentedLineMode("on" if many else "off")
            show(self._validation, *points)
            first = int(np.searchsorted(validation.steps, low))
            last = int(np.searchsorted(validation.steps, high, side="right"))
            # Counted from the first validation, so that the markers stay while the curve grows.
            apart = 1 << int((last - first) * _MARKER_ROOM / columns).bit_length()
            chosen = slice(-(-first // apart) * apart, last, apart)
            show(self._markers, validation.steps[chosen], validation.values[chosen])
        for (name, is_validation), curve in self._dashed.items():
            series = (data.validation if is_validation else data.training)[name]
            show(curve, *means(series.steps, series.smoothed, low, high, columns // 2))

    def _set_raw_pen(self) -> None:
        if self._style is not None:
            # Without a smoothed curve over it, this one has the full colour.
            is_faint = self._smooth.isVisible()
            colour = self._style.faint if is_faint else self._style.training
            # A hairline, as there may be many batches.
            self._raw.setPen(_pen(colour, max(1.0, self._ratio / 2)))

    def _heights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Heights of values on the axis, float64 (n,)."""
        if self.axis.is_logarithmic:
            return np.log10(np.maximum(values * self._scale, SMALLEST_LOSS))
        return values * self._scale

    def show_best(self, epochs: float | None, value: float | None = None) -> None:
        """Mark the end of the best epoch.

        Args:
            epochs: where it ended; None removes the mark.
            value: of the first metric; without one, only a line is drawn.
        """
        best = (epochs, value, self.axis.is_logarithmic)
        if best == self._best:
            return
        self._best = best
        self._best_line.setVisible(epochs is not None)
        self._best_marker.hide()
        if epochs is None:
            return
        self._best_line.setPos(epochs)
        if value is not None and math.isfinite(value):
            self._best_marker.setData([epochs], self._heights(np.array([value])))
            self._best_marker.show()

    def show_values(self, epochs: float | None, points: Sequence[tuple[float, float]] = ()) -> None:
        """Mark the step whose values stand beside the pointer.

        Args:
            epochs: where to draw a line; None removes it.
            points: of the curves, as (epochs, value).
        """
        self._values_line.setVisible(epochs is not None)
        self._value_markers.setVisible(bool(points))
        if epochs is not None:
            self._values_line.setPos(epochs)
        places, values = np.reshape(points, (-1, 2)).T
        self._value_markers.setData(places, self._heights(values))


def _pen(colour: QColor, width: float, line: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    # Square caps would show as a bead at every joint.
    pen = QPen(colour, width, line, Qt.PenCapStyle.FlatCap)
    pen.setCosmetic(True)
    return pen
