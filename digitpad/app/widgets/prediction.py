"""Widgets for a prediction: large letters for the best class, and a bar for each class."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from digitpad.app.widgets.layout import elided, scaled, widest
from digitpad.app.widgets.numbers import probability
from digitpad.app.widgets.theme import mixed, quiet_text, smooth_painter, theme_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from digitpad.app.widgets.theme import Theme
    from digitpad.recognition.prediction import Prediction

_MEASURED_PX = 100
"""Font size at which a text is measured; all lengths are proportional to it."""

_SMALLEST_PX = 8

_ONE_LINE_PX, _ONE_WORD_PX = 26, 15
"""A line of a text is broken at a space only where it would be smaller than this, and a word."""

_LINE_STEP = 1.1
"""Distance of two base lines, as a multiple of the font size."""

_FILLED = 0.94
"""Share of the room that is used: font sizes are whole pixels, so a fit is not exact."""

_LOWEST = 0.7
"""Least height of a text's ink, as a share of a capital letter's: lower ink is not made larger."""

_GAP = 10.0
_TALLEST_ROW = 34.0
_WIDEST_NAME = 0.35
"""The names of the classes take at most this share of the width."""


class BigText(QWidget):
    """Shows a phrase in one line or in two, or a text of any length, as large as it fits."""

    def __init__(self) -> None:
        super().__init__()
        self._phrase = ""
        self._is_answer = True
        self._has_lines = False
        # Even so it has the largest letters of the window.
        self.setMinimumSize(80, 86)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Answer"))

    @property
    def text(self) -> str:
        """The phrase in one line; "" if there is none."""
        return self._phrase.replace("\n", " ")

    def show_text(
        self,
        phrase: str,
        *,
        is_answer: bool = True,
        has_lines: bool = False,
        in_words: str = "",
    ) -> None:
        """Show a phrase.

        Args:
            phrase: may have one line feed, where it can be broken into two lines; "" for none.
            is_answer: whether it is a class; anything else is shown in a muted colour.
            has_lines: whether it is a text: any line feed begins another line, and lines may be
                broken at spaces, too.
            in_words: the text for screen readers, if the phrase says too little.
        """
        self.setAccessibleDescription(in_words or phrase.replace("\n", " "))
        shown = phrase, is_answer, has_lines
        if shown != (self._phrase, self._is_answer, self._has_lines):
            self._phrase, self._is_answer, self._has_lines = shown
            self.update()

    def sizeHint(self) -> QSize:
        """Room for one large digit."""
        return QSize(130, 142)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the phrase as large as it fits."""
        if not self._phrase:
            return
        size, texts = self._best_way()
        font = self._font(max(int(size * _FILLED), _SMALLEST_PX))
        if size * _FILLED < _SMALLEST_PX:
            # Of a very long name, at least the beginning is shown.
            texts = [elided(text, font, self.width()) for text in texts]
        places, box = _laid_out(texts, font)
        painter = QPainter(self)
        painter.setFont(font)
        theme = theme_for(self.palette())
        painter.setPen(theme.accent if self._is_answer else theme.muted)
        corner = QRectF(self.rect()).center() - box.center()
        for place, text in zip(places, texts, strict=True):
            painter.drawText(corner + place, text)

    def _best_way(self) -> tuple[float, list[str]]:
        """The lines in which the phrase is largest, and their font size."""
        lines = self._phrase.split("\n")
        if not self._has_lines:
            return max((self._fitting(texts), texts) for texts in ([self.text], lines))
        best = self._fitting(lines), lines
        for least, breaks_words in ((_ONE_LINE_PX, False), (_ONE_WORD_PX, True)):
            if best[0] * _FILLED < least:
                ways = _wrapped(lines, breaks_words=breaks_words)
                best = max(best, *((self._fitting(texts), texts) for texts in ways))
        return best

    def _font(self, size: int) -> QFont:
        font = self.font()
        font.setPixelSize(size)
        return font

    def _fitting(self, texts: Sequence[str]) -> float:
        """The largest font size, in pixels, at which these lines fit."""
        font = self._font(_MEASURED_PX)
        _, box = _laid_out(texts, font)
        # A dot alone would fill the room.
        lowest = _LOWEST * QFontMetricsF(font).capHeight()
        across, down = (
            self.width() / max(box.width(), 1.0),
            self.height() / max(box.height(), lowest),
        )
        return _MEASURED_PX * min(across, down)


def _wrapped(lines: Sequence[str], *, breaks_words: bool) -> list[list[str]]:
    """Lines broken into about two to twelve rows each, in every such way."""
    longest = max(map(len, lines))
    widths = {-(-longest // rows) for rows in range(2, 13)}
    return [
        [
            row
            for line in lines
            for row in textwrap.wrap(
                line, most, break_long_words=breaks_words, break_on_hyphens=False
            )
        ]
        for most in sorted(widths)
    ]


def _laid_out(texts: Sequence[str], font: QFont) -> tuple[list[QPointF], QRectF]:
    """Lay out texts below each other, centred.

    Returns:
        The starts of their base lines, and the bounds of their ink: the height of the font would
        include room for descenders, which digits lack.
    """
    metrics = QFontMetricsF(font)
    places, whole = [], QRectF()
    for number, text in enumerate(texts):
        box = metrics.tightBoundingRect(text)
        place = QPointF(-box.center().x(), number * _LINE_STEP * font.pixelSize())
        places.append(place)
        whole |= box.translated(place)
    return places, whole


class _Row(NamedTuple):
    """What a row shows; equal rows look alike, though their predictions may differ a little."""

    label: str = ""
    share: float = 0.0
    is_best: bool = False
    is_faint: bool = True


def _rows(prediction: Prediction) -> list[_Row]:
    rejected = prediction.rejected
    return [
        # A thousandth of a bar is less than half a pixel.
        _Row(probability(p), round(p, 3), not rejected and index == prediction.best, rejected)
        for index, p in enumerate(prediction.probabilities)
    ]


class BarsView(QWidget):
    """A bar for the probability of each class. The best one differs in colour and weight.

    Attributes:
        classes: the classes that have a bar, from top to bottom.

    Signals:
        class_named: a bar was clicked; the name of its class.
    """

    class_named = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.classes: tuple[str, ...] = ()
        self._tip_of: Callable[[str], str] | None = None
        self._can_name = False
        self._pointed: int | None = None
        self._pressed: int | None = None
        self._rows: list[_Row] = []
        self._column_widths: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Probabilities"))

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Show empty bars for these classes."""
        self.classes = classes
        self._rows = [_Row()] * len(classes)
        self._column_widths = None
        self._pointed = self._pressed = None
        self.updateGeometry()
        self.update()

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show a prediction; None leaves empty bars."""
        if prediction is not None and prediction.classes != self.classes:
            self.show_classes(prediction.classes)
        rows = [_Row()] * len(self.classes) if prediction is None else _rows(prediction)
        if rows == self._rows:
            return
        for index, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            if old != new:
                self.update(self.row_rect(index).toAlignedRect())
        self._rows = rows
        pairs = () if prediction is None else zip(self.classes, rows, strict=True)
        self.setAccessibleDescription(", ".join(f"{name}: {row.label}" for name, row in pairs))

    def offer_naming(self, tip_of: Callable[[str], str]) -> None:
        """Let clicks on bars name their classes, while that is allowed.

        Args:
            tip_of: says what a click on the bar of a class does.
        """
        self._tip_of = tip_of
        self.setMouseTracking(True)

    def allow_naming(self, *, possible: bool) -> None:
        """Let clicks on bars name their classes now, or not."""
        if possible != self._can_name:
            self._can_name = possible
            self._point(self._pointed)

    def _row_at(self, place: QPointF) -> int | None:
        rows = range(len(self.classes))
        return next((index for index in rows if self.row_rect(index).contains(place)), None)

    def _point(self, row: int | None) -> None:
        """Show the row under the pointer."""
        row = row if self._tip_of is not None and self._can_name else None
        for index in {self._pointed, row} - {None}:
            if index is not None and index < len(self.classes):
                self.update(self.row_rect(index).toAlignedRect())
        self._pointed = row
        if row is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which bar a click would name."""
        self._point(self._row_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at no bar any more."""
        self._point(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click; it counts when the button is released on the same bar."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._point(self._row_at(event.position()))
            self._pressed = self._pointed
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Name the class of the bar that was clicked."""
        row, pressed = self._row_at(event.position()), self._pressed
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            if row is not None and row == pressed and self._can_name:
                self.class_named.emit(self.classes[row])
        else:
            super().mouseReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say in a tip what a click on a bar does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._row_at(QPointF(event.pos())) if self._can_name else None
            if row is not None and self._tip_of is not None:
                where = self.row_rect(row).toAlignedRect()
                QToolTip.showText(event.globalPos(), self._tip_of(self.classes[row]), self, where)
                return True
            QToolTip.hideText()
        return super().event(event)

    def _row_height(self) -> float:
        return self.fontMetrics().height() + 1.0

    def sizeHint(self) -> QSize:
        """Room for rows of comfortable height."""
        return QSize(280, round(max(len(self.classes), 1) * self._row_height() * 1.5))

    def minimumSizeHint(self) -> QSize:
        """Room for rows just as high as their text."""
        return QSize(170, round(max(len(self.classes), 1) * self._row_height()))

    def row_rect(self, index: int) -> QRectF:
        """The place of the row of a class."""
        room = self.height() / max(len(self.classes), 1)
        height = max(min(room, _TALLEST_ROW), self._row_height())
        return QRectF(0, index * height, self.contentsRect().width(), height)

    def bar_rect(self, index: int) -> QRectF:
        """The place of the bar of a class at full length."""
        row = self.row_rect(index)
        names, percents = self._widths()
        left = row.left() + names + _GAP
        right = row.right() - percents - _GAP
        height = min(max(row.height() * 0.46, 5.0), 14.0)
        return QRectF(left, row.center().y() - height / 2, max(right - left, 8.0), height)

    def _widths(self) -> tuple[float, float]:
        """Widths of the names and of the percentages beside the bars."""
        # Measured once for a font.
        if self._column_widths is None:
            font = scaled(self.font(), bold=True)
            names = max(widest(self.classes, font), 12.0)
            self._column_widths = names, widest([probability(1.0)], font)
        names, percents = self._column_widths
        return min(names, self.width() * _WIDEST_NAME), percents

    def changeEvent(self, event: QEvent) -> None:
        """Measure the columns again for another font or style."""
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._column_widths = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that have changed."""
        painter = smooth_painter(self)
        theme = theme_for(self.palette())
        # Each row that changed, and not all rows between them.
        changed = event.region()
        for index in range(len(self.classes)):
            if changed.intersects(self.row_rect(index).toAlignedRect()):
                self._paint_row(painter, index, theme)

    def _paint_row(self, painter: QPainter, index: int, theme: Theme) -> None:
        shown = self._rows[index]
        row, bar = self.row_rect(index), self.bar_rect(index)
        painter.setPen(Qt.PenStyle.NoPen)
        if index == self._pointed:
            painter.setBrush(mixed(theme.track, self.palette().color(QPalette.ColorRole.Base), 0.4))
            painter.drawRoundedRect(row, 4, 4)
        radius = bar.height() / 2
        painter.setBrush(theme.track)
        painter.drawRoundedRect(bar, radius, radius)
        if shown.share > 0:
            filled = QRectF(bar.topLeft(), QSizeF(bar.width() * shown.share, bar.height()))
            painter.setBrush(theme.accent if shown.is_best else theme.muted)
            # A rounded bar shorter than its height is cut out of a longer one.
            painter.save()
            painter.setClipRect(filled)
            shape = QSizeF(max(filled.width(), bar.height()), bar.height())
            painter.drawRoundedRect(QRectF(bar.topLeft(), shape), radius, radius)
            painter.restore()
        font = scaled(self.font(), bold=shown.is_best)
        painter.setFont(font)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setPen(quiet_text(self.palette()) if shown.is_faint else text)
        place = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        name = QRectF(row.left(), row.top(), self._widths()[0], row.height())
        painter.drawText(name, place, elided(self.classes[index], font, name.width() + 0.5))
        if shown.label:
            right = QRectF(bar.right(), row.top(), row.right() - bar.right(), row.height())
            painter.drawText(right, place, shown.label)
