"""The map with the window and the map that fills, and the controls to play it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from digitpad.app.inside.cell.painting import MARK
from digitpad.app.inside.cell.sliding import SPEEDS
from digitpad.app.inside.scale import colours, image_of
from digitpad.app.widgets.layout import fill, scaled
from digitpad.app.widgets.theme import quiet_text, smooth_painter, theme_for

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from digitpad.app.inside.cell.sliding import Slide

_SIDE = 112
"""Of a map at the usual size of letters, in device-independent pixels."""

_LEAST_SIDE = 84

_OUTSIDE, _ARROW = 9, 20
"""Room around a map for a window that begins in the padding, and for the arrow between the two."""


class SlidePicture(QWidget):
    """Two maps: at the left the one with the window, at the right the one with its cell.

    Attributes:
        filled: the number of cells that are there already; None for all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.filled: int | None = None
        self._slide: Slide | None = None
        self.setFont(scaled(self.font(), 0.9))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_slide(self, slide: Slide, filled: int | None) -> None:
        """Show the window at another place."""
        self._slide, self.filled = slide, filled
        before, after = self._names(slide)
        self.setAccessibleName(
            self.tr("A window on {before} makes a cell of {after}").format(
                before=before, after=after
            )
        )
        self.setToolTip(self.accessibleName())
        self.update()

    def _names(self, slide: Slide) -> tuple[str, str]:
        form = self.tr("{layer}, map {map}")
        return (
            form.format(layer=slide.source, map=slide.channel + 1),
            form.format(layer=slide.cell.layer, map=slide.cell.place[0] + 1),
        )

    def _line(self) -> float:
        return QFontMetricsF(self.font()).height()

    def sizeHint(self) -> QSize:
        """Room for both maps and their names."""
        side = int(_SIDE * max(self._line() / 14, 1))
        height = side + round(self._line() + 0.5) + 2 * _OUTSIDE
        return QSize(2 * side + 4 * _OUTSIDE + _ARROW, height)

    def minimumSizeHint(self) -> QSize:
        """Room for both maps, as small as they may be."""
        return QSize(2 * _LEAST_SIDE + 4 * _OUTSIDE + _ARROW, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both maps, and an arrow between them."""
        slide = self._slide
        if slide is None:
            return
        painter = smooth_painter(self)
        top = self._line() + _OUTSIDE
        room = (self.width() - _ARROW) / 2 - 2 * _OUTSIDE
        side = round(min(self.height() - top - _OUTSIDE, room) + 0.5)
        left = _fitted(slide.before.shape, QRectF(_OUTSIDE, top, side, side))
        right = _fitted(slide.after.shape, QRectF(side + 3 * _OUTSIDE + _ARROW, top, side, side))
        self._paint_map(painter, left, slide.before, slide.limits[0])
        self._paint_map(painter, right, slide.after, slide.limits[1], self.filled)
        names = self._names(slide)
        painter.setPen(quiet_text(self.palette()))
        middle = left.left() + side + _OUTSIDE + _ARROW / 2
        for place, name in zip((0.0, right.left()), names, strict=True):
            painter.drawText(
                QRectF(place, 0, middle, self._line()), Qt.AlignmentFlag.AlignLeft, name
            )
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(
            QRectF(middle - _ARROW / 2, top, _ARROW, left.height()),
            Qt.AlignmentFlag.AlignCenter,
            "→",
        )
        _, row, column = slide.cell.place
        self._frame(painter, left, slide.before.shape, slide.window.rows, slide.window.columns)
        cell = range(row, row + 1), range(column, column + 1)
        self._frame(painter, right, slide.after.shape, *cell)

    def _paint_map(
        self,
        painter: QPainter,
        area: QRectF,
        values: NDArray[np.float64],
        limit: float,
        filled: int | None = None,
    ) -> None:
        """Paint a map, or as many of its cells as are there."""
        theme = theme_for(self.palette())
        rgb = colours(values, limit, self.palette()).copy()
        if filled is not None:
            track = theme.track
            rgb.reshape(-1, 3)[filled:] = track.red(), track.green(), track.blue()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(area, image_of(rgb))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.muted, 1))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _frame(
        self,
        painter: QPainter,
        area: QRectF,
        shape: tuple[int, ...],
        rows: range,
        columns: range,
    ) -> None:
        """Frame some rows and columns of a map."""
        height, width = area.height() / shape[0], area.width() / shape[1]
        frame = QRectF(
            area.left() + columns.start * width,
            area.top() + rows.start * height,
            len(columns) * width,
            len(rows) * height,
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, thickness in ((theme_for(self.palette()).paper, 4.0), (MARK, 2.0)):
            painter.setPen(QPen(colour, thickness))
            painter.drawRect(frame)


def _fitted(shape: tuple[int, ...], area: QRectF) -> QRectF:
    """Where a map is painted: each of its cells is a square of whole pixels."""
    zoom = max(int(min(area.width() / shape[1], area.height() / shape[0])), 1)
    return QRectF(area.left(), area.top(), shape[1] * zoom, shape[0] * zoom)


class SlideView(QWidget):
    """The two maps, and below them the controls.

    Signals:
        play_pressed: to play, or to pause.
        step_pressed: to go on by one cell.
        speed_chosen: the number of a speed.
    """

    play_pressed = Signal()
    step_pressed = Signal()
    speed_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.picture = SlidePicture()
        self.play = QPushButton()
        self.play.clicked.connect(self.play_pressed)
        self.step = QPushButton(self.tr("Step"))
        self.step.setToolTip(self.tr("Move the window by one cell (.)"))
        self.step.clicked.connect(self.step_pressed)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(0, len(SPEEDS) - 1)
        self.speed.setPageStep(1)
        self.speed.setMinimumWidth(60)
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.valueChanged.connect(self._on_speed)
        self._on_speed(0)
        row = fill(QHBoxLayout(), self.play, self.step, (self.speed, 1), spacing=6)
        fill(QVBoxLayout(self), self.picture, row, spacing=4)
        self.show_playing(is_playing=False)

    def show_slide(self, slide: Slide, filled: int | None) -> None:
        """Show the window at another place, and so many cells; None for all."""
        self.picture.show_slide(slide, filled)

    def show_playing(self, *, is_playing: bool) -> None:
        """Name the button for what it does now."""
        self.play.setText(self.tr("Pause") if is_playing else self.tr("Play"))
        self.play.setToolTip(
            self.tr("Stop the window (Space)")
            if is_playing
            else self.tr("Let the window slide over the map (Space)")
        )

    def _on_speed(self, number: int) -> None:
        self.speed.setToolTip(
            self.tr("Speed: {count} cells in a second").format(count=SPEEDS[number])
        )
        self.speed_chosen.emit(number)
