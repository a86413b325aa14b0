"""Maps as small pictures, pixel by pixel, from which one can follow a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.inside.arrows import ARROWS
from digitpad.app.inside.cell.painting import MARK, paint_ring, reveal, show_tip
from digitpad.app.inside.scale import colours, image_of
from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from digitpad.app.inside.cell.blocks.block import Maps
    from digitpad.recognition.inside.layers import Place

_GAP = 3
"""Between maps, in device-independent pixels."""

_LEAST_SIDE, _ONE_SIDE = 20, 140
"""The side of a map among many, at least, and of one that stands alone, at most."""


class MapsPicture(QWidget):
    """Shows `Maps`, as many beside each other as fit.

    Arrow keys move from pixel to pixel, and with Ctrl from map to map; Return or a click follows.

    Attributes:
        place: the map, row and column that has the keys.

    Signals:
        followed: the cell of a pixel.
    """

    followed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.maps: Maps | None = None
        self.place: Place = (0, 0, 0)
        self._image = QImage()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_block(self, maps: Maps) -> None:
        """Show other values."""
        is_alike = self.maps is not None and self.maps.values.shape == maps.values.shape
        is_same = is_alike and self.maps is not None and self.maps.name == maps.name
        if not is_same or self.place == (self.maps.current if self.maps else None):
            self.place = maps.current
        self.maps = maps
        self._image = QImage()
        self.setAccessibleName(maps.name)
        self._describe()
        if not is_alike:
            self.updateGeometry()
        self.update()

    def _shape(self) -> tuple[int, int, int]:
        if self.maps is None:
            return 1, 1, 1
        count, rows, columns = self.maps.values.shape
        return count, rows, columns

    def _zoom(self, width: int = 0) -> int:
        """Sides of the pixels of a map, at a width of the picture; 0 for the present one."""
        width = width or self.width()
        count, rows, columns = self._shape()
        large = max(QFontMetricsF(self.font()).height() / 16, 1.0)
        if count == 1:
            side = width - 2 if columns > rows else min(width - 2, int(_ONE_SIDE * large))
            return min(max(side // columns, 2), int(16 * large))
        return max(round(large * 2), -(-int(_LEAST_SIDE * large) // columns), 2)

    def _beside(self, width: int) -> int:
        """How many maps are beside each other."""
        count, _, columns = self._shape()
        return min(max((width + _GAP) // (columns * self._zoom(width) + _GAP), 1), count)

    def sizeHint(self) -> QSize:
        """Room for the maps at this width."""
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        """Room for one map."""
        return QSize(self._shape()[2] * 2 + 2, 2)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all maps."""
        count, rows, _ = self._shape()
        lines = -(-count // self._beside(width))
        return lines * (rows * self._zoom(width) + _GAP) - _GAP + 2

    def area(self, place: Place) -> QRectF:
        """Where a pixel is."""
        zoom = self._zoom()
        left, top = self._corner(place[0])
        return QRectF(left + place[2] * zoom, top + place[1] * zoom, zoom, zoom)

    def _corner(self, number: int) -> tuple[int, int]:
        """Left and top of a map."""
        _, rows, columns = self._shape()
        zoom = self._zoom()
        line, column = divmod(number, self._beside(self.width()))
        return 1 + column * (columns * zoom + _GAP), 1 + line * (rows * zoom + _GAP)

    def place_at(self, point: QPointF) -> Place | None:
        """The pixel at a point; None where there is none."""
        count, rows, columns = self._shape()
        zoom = self._zoom()
        column, x = divmod(int(point.x()) - 1, columns * zoom + _GAP)
        line, y = divmod(int(point.y()) - 1, rows * zoom + _GAP)
        beside = self._beside(self.width())
        number = line * beside + column
        if not (0 <= column < beside and 0 <= number < count):
            return None
        if x >= columns * zoom or y >= rows * zoom:
            return None
        return number, y // zoom, x // zoom

    def event(self, event: QEvent) -> bool:
        """Tips show all digits of a value."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.place_at(QPointF(event.pos()))
            show_tip(self, event, self.maps.say(place) if place and self.maps else "")
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, or follow."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            down, right = ARROWS[key]
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._go_to_map(down * self._beside(self.width()) + right)
            else:
                self._go(down, right)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._follow()
        else:
            super().keyPressEvent(event)

    def _go_to_map(self, step: int) -> None:
        number = self.place[0] + step
        if 0 <= number < self._shape()[0]:
            self._take((number, *self.place[1:]))

    def _go(self, down: int, right: int) -> None:
        """Move by one pixel, at an edge to the next map."""
        count, rows, columns = self._shape()
        number, row, column = self.place
        row, column = row + down, column + right
        if not (0 <= row < rows and 0 <= column < columns):
            number += down * self._beside(self.width()) + right
            row, column = row % rows, column % columns
        if 0 <= number < count:
            self._take((number, row, column))

    def _take(self, place: Place) -> None:
        self.place = place
        reveal(self, self.area(place).toAlignedRect())
        self._describe()
        self.update()

    def _follow(self) -> None:
        target = None if self.maps is None else self.maps.target(self.place)
        if target is not None:
            self.followed.emit(target)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Follow the pixel under the pointer."""
        place = self.place_at(event.position())
        if place is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._take(place)
        self._follow()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand shows what can be followed."""
        leads = self.place_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the pixel that has the keys."""
        super().focusInEvent(event)
        reveal(self, self.area(self.place).toAlignedRect())
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Take other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._image = QImage()
            self.update()

    def _describe(self) -> None:
        if self.maps is not None:
            parts = (self.maps.summary, self.maps.say(self.place))
            self.setAccessibleDescription("\n".join(part for part in parts if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the maps, what is framed, and the pixel that has the keys."""
        if self.maps is None:
            return
        painter = QPainter(self)
        count, rows, columns = self._shape()
        zoom = self._zoom()
        if self._image.isNull():
            self._image = image_of(self._colours(self.maps))
        theme = theme_for(self.palette())
        for number in range(count):
            left, top = self._corner(number)
            target = QRectF(left, top, columns * zoom, rows * zoom)
            source = QRectF(0, number * rows, columns, rows)
            painter.drawImage(target, self._image, source)
            painter.setPen(QPen(theme.outline, 1))
            painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self.maps.lit is not None:
            self._paint_lit(painter)
        if self.hasFocus():
            paint_ring(painter, self.area(self.place), self)

    def _colours(self, maps: Maps) -> NDArray[np.uint8]:
        """Red, green and blue of all maps, one below the other."""
        values = maps.values.reshape(-1, maps.values.shape[2])
        if not maps.is_ink:
            return colours(values, maps.limit, self.palette())
        levels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
        return np.repeat(levels[..., None], 3, axis=2)

    def _paint_lit(self, painter: QPainter) -> None:
        """Frame what is lit, and cover the rest with a veil."""
        lit = self.maps.lit if self.maps is not None else None
        if lit is None:
            return
        _, rows, columns = self._shape()
        zoom = self._zoom()
        whole = self.area((0, 0, 0)).united(self.area((0, rows - 1, columns - 1)))
        frame = self.area((0, lit.rows.start, lit.columns.start)).united(
            self.area((0, lit.rows.stop - 1, lit.columns.stop - 1))
        )
        veil = QColor(127, 127, 127, 110)
        for part in (
            QRectF(whole.left(), whole.top(), whole.width(), frame.top() - whole.top()),
            QRectF(whole.left(), frame.bottom(), whole.width(), whole.bottom() - frame.bottom()),
            QRectF(whole.left(), frame.top(), frame.left() - whole.left(), frame.height()),
            QRectF(frame.right(), frame.top(), whole.right() - frame.right(), frame.height()),
        ):
            painter.fillRect(part, veil)
        painter.setPen(QPen(MARK, max(zoom / 3, 1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
