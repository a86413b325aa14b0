"""Paints the outputs of all layers, and lets the user point at their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from digitpad.app.inside.cell.blocks.words import cell_name, kind_name
from digitpad.app.inside.layers.moves import cell_after
from digitpad.app.inside.layers.painting import (
    paint_bars,
    paint_title,
    size_text,
    small_font,
    wall_of,
)
from digitpad.app.inside.layers.plan import FOLDED_AT_FIRST, Plan, make_plan
from digitpad.app.inside.scale import limit_of
from digitpad.app.widgets.numbers import short_number
from digitpad.app.widgets.theme import theme_for
from digitpad.recognition.inside.fields import Cell
from digitpad.recognition.inside.inside import NONE_SILENT
from digitpad.recognition.inside.layers import GLYPH, PROBABILITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPaintEvent

    from digitpad.app.inside.layers.plan import Column
    from digitpad.recognition.inside.fields import Region
    from digitpad.recognition.inside.inside import Inside, Silent
    from digitpad.recognition.inside.layers import Layer

    Outputs = Mapping[str, NDArray[np.floating]]

_LEVELS = 255.0
_LEAST_HEIGHT = 220
_TITLE_LINES = 2.3
_MOST_FRAMES = 512
"""Frames around a receptive field that are painted in a layer."""


class WallsView(QWidget):
    """A column of small maps for each layer, from the glyph to the probabilities.

    Attributes:
        chosen: the cell that the arrow keys move; None before one was chosen.
        plan: where everything is painted.

    Signals:
        cell_pointed: the pointer is over this `Cell`, or over none.
        cell_chosen: by a click or by keys.
        channel_switched: a channel shall be silent, or no longer; the name of the layer and its
            number.
        seen: this rectangle shall come into view.
    """

    cell_pointed = Signal(object)
    cell_chosen = Signal(object)
    channel_switched = Signal(str, int)
    seen = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self.chosen: Cell | None = None
        self._inside: Inside | None = None
        self._outputs: Outputs = {}
        self._limits: dict[str, float] = {}
        self._images: dict[str, QImage] = {}
        self._silent: Silent = NONE_SILENT
        self._fields: Mapping[str, Region] = {}
        self._opened: dict[str, bool] = {}
        self._pointed: Cell | None = None
        self._room = _LEAST_HEIGHT
        self.plan = Plan({}, 0.0, 0.0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Layers of the network"))

    # What is shown

    def show_outputs(self, inside: Inside, outputs: Outputs, silent: Silent) -> None:
        """Show what a network makes of a glyph; another network gets another plan."""
        is_other = inside is not self._inside
        self._inside, self._outputs, self._silent = inside, outputs, silent
        self._limits.clear()
        self._images.clear()
        if is_other:
            if self.chosen is not None and not _has(inside, self.chosen):
                self.chosen = None
            self._fields = {}
            self._make_plan()
        self.update()

    def show_fields(self, fields: Mapping[str, Region]) -> None:
        """Light up these regions; none where it is empty."""
        self._fields = fields
        self.update()

    def choose(self, cell: Cell) -> None:
        """Choose a cell, and bring it into view."""
        self.chosen = cell
        self._open(cell.layer)
        self._describe()
        column = self.plan.columns.get(cell.layer)
        if column is not None and not column.is_folded:
            around = column.cell_rect(cell.place).adjusted(-40, -40, 40, 40)
            self.seen.emit(around.toAlignedRect())
        self.update()

    def limit(self, name: str) -> float:
        """The value of a layer that has the strongest colour, above 0."""
        if name not in self._limits:
            if name == GLYPH:
                self._limits[name] = _LEVELS
            elif name == PROBABILITIES:
                self._limits[name] = 1.0
            else:
                self._limits[name] = limit_of(self._outputs[name])
        return self._limits[name]

    def value(self, cell: Cell) -> float:
        """What a cell has now."""
        return float(self._outputs[cell.layer][cell.place])

    def set_room(self, height: int) -> None:
        """Make walls of about this height."""
        if height != self._room:
            self._room = height
            self._make_plan()

    def _is_folded(self, layer: Layer) -> bool:
        return not self._opened.get(layer.name, layer.kind not in FOLDED_AT_FIRST)

    def _open(self, name: str) -> None:
        if self._inside is not None and self._is_folded(self._inside.layer(name)):
            self._opened[name] = True
            self._make_plan()

    def _title_height(self) -> float:
        return QFontMetricsF(small_font(self)).height() * _TITLE_LINES + 6

    def _make_plan(self) -> None:
        if self._inside is None:
            return
        layers = self._inside.layers
        folded = {layer.name for layer in layers if self._is_folded(layer)}
        named = len(self._inside.info.classes)
        self.plan = make_plan(layers, self._room, self._title_height(), folded, named)
        self.setFixedSize(self.sizeHint())
        self._images.clear()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all columns."""
        return QSize(round(self.plan.width), round(max(self.plan.height, _LEAST_HEIGHT)))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns that are in view."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Window))
        if self._inside is None:
            return
        seen = QRectF(event.rect())
        for column in self.plan.columns.values():
            if column.left <= seen.right() and column.right >= seen.left():
                self._paint_column(painter, column)
        self._paint_marks(painter)

    def _paint_column(self, painter: QPainter, column: Column) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        paint_title(painter, column, self, self._room)
        if column.is_folded or self._inside is None:
            return
        if column.has_bars:
            values = self._outputs[column.layer.name]
            limit = self.limit(column.layer.name)
            paint_bars(painter, column, self, values, limit, self._inside.info.classes)
            return
        name = column.layer.name
        if name not in self._images:
            self._images[name] = wall_of(
                column, self._outputs[name], self.limit(name), self.palette()
            )
        image = self._images[name]
        side = column.scale
        area = QRectF(column.left, column.top, image.width() * side, image.height() * side)
        if not column.layer.has_maps:
            down, _ = column.step
            area = QRectF(column.left, column.top, column.columns * down, column.rows * down)
        painter.drawImage(area, image)

    def _paint_marks(self, painter: QPainter) -> None:
        theme = theme_for(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name, channel in self._silent:
            column = self.plan.columns.get(name)
            if column is not None and not column.is_folded:
                rect = column.map_rect(channel)
                painter.setPen(QPen(theme.muted, 1.5))
                painter.drawLine(rect.topLeft(), rect.bottomRight())
                painter.drawLine(rect.bottomLeft(), rect.topRight())
                painter.drawRect(rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for name, region in self._fields.items():
            column = self.plan.columns.get(name)
            if column is None or column.is_folded:
                continue
            painter.setPen(QPen(theme.accent, 1.25))
            for rect in column.region_rects(region)[:_MOST_FRAMES]:
                painter.drawRect(rect)
        if self.chosen is not None and self.chosen.layer in self.plan.columns:
            column = self.plan.columns[self.chosen.layer]
            if not column.is_folded:
                painter.setPen(QPen(theme.accent, 2.5))
                painter.drawRect(column.cell_rect(self.chosen.place).adjusted(-1, -1, 1, 1))

    # Pointer and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what the cell under the pointer sees."""
        cell = self.plan.cell_at(event.position())
        if cell != self._pointed:
            self._pointed = cell
            self.cell_pointed.emit(cell)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        if self._pointed is not None:
            self._pointed = None
            self.cell_pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell, switch its channel with Ctrl or the right button, or open a layer."""
        point = event.position()
        cell = self.plan.cell_at(point)
        if cell is None:
            column = self.plan.column_at(point.x())
            if column is not None and (column.is_folded or point.y() < column.top):
                self._opened[column.layer.name] = column.is_folded
                self._make_plan()
            return
        is_right = event.button() == Qt.MouseButton.RightButton
        if is_right or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._switch(cell)
        else:
            self._choose_by_user(cell)

    def _switch(self, cell: Cell) -> None:
        # The glyph and what is computed from all logits have no channels to switch off.
        if self._inside is not None and cell.layer not in {GLYPH, PROBABILITIES}:
            self.channel_switched.emit(cell.layer, cell.place[0])

    def _choose_by_user(self, cell: Cell) -> None:
        self.choose(cell)
        self.cell_chosen.emit(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move within a map, or with Ctrl between layers; Page Up and Down between maps."""
        if self._inside is None:
            super().keyPressEvent(event)
            return
        here = self.chosen or Cell(GLYPH, (0, 0, 0))
        if event.key() == Qt.Key.Key_X and not event.modifiers():
            self._switch(here)
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose_by_user(here)
            return
        opened = [one for one in self._inside.layers if not self._is_folded(one)]
        moved = cell_after(here, event, self._inside, opened)
        if moved is None:
            super().keyPressEvent(event)
        elif moved != self.chosen:
            self._choose_by_user(moved)

    def event(self, event: QEvent) -> bool:
        """The tip says what a layer is, or a cell has."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        column = self.plan.column_at(event.pos().x())
        text = ""
        if column is not None and (column.is_folded or event.pos().y() < column.top):
            text = self.tr("{kind}, {size}: a click opens or closes it").format(
                kind=kind_name(column.layer.kind), size=size_text(column.layer)
            )
        QToolTip.showText(event.globalPos(), text, self)

    def _describe(self) -> None:
        cell = self.chosen
        if cell is None or self._inside is None:
            return
        self.setAccessibleDescription(
            self.tr("{cell}: {value}").format(
                cell=cell_name(self._inside, cell), value=short_number(self.value(cell))
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        """Other colours or letters: paint anew."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._images.clear()
            self._make_plan()


def _has(inside: Inside, cell: Cell) -> bool:
    names = {layer.name for layer in inside.layers}
    return cell.layer in names and inside.layer(cell.layer).contains(cell.place)
