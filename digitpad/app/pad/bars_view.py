"""A bar for each class of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.theme import theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from digitpad.recognition.prediction import Prediction

_GAP = 10.0
_TALLEST_ROW = 34.0
_WIDEST_NAME = 0.35
"""Share of the width that the names of the classes may take."""


def percent(probability: float, locale: QLocale | None = None) -> str:
    """A probability in [0, 1] as "98.3 %", without decimals that would only say 0.0 or 100.0."""
    value = round(100.0 * probability, 1)
    decimals = 0 if value in {0.0, 100.0} else 1
    return f"{(locale or QLocale()).toString(value, 'f', decimals)} %"


class BarsView(QWidget):
    """The probabilities in the order of the classes, the best one marked by colour and weight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._prediction: Prediction | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Probabilities"))

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that have a bar."""
        return self._classes

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Show empty bars for these classes."""
        self._classes = classes
        self._prediction = None
        self.updateGeometry()
        self.update()

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show a prediction; None leaves empty bars."""
        if prediction is not None and prediction.classes != self._classes:
            self.show_classes(prediction.classes)
        self._prediction = prediction
        self.setAccessibleDescription(self._in_words())
        self.update()

    def _in_words(self) -> str:
        if self._prediction is None:
            return ""
        pairs = zip(self._classes, self._prediction.probabilities, strict=True)
        return ", ".join(f"{name}: {percent(share)}" for name, share in pairs)

    def _row_height(self) -> float:
        return self.fontMetrics().height() + 1.0

    def sizeHint(self) -> QSize:
        """Comfortable rows."""
        return QSize(280, round(max(len(self._classes), 1) * self._row_height() * 1.5))

    def minimumSizeHint(self) -> QSize:
        """Rows as low as their text."""
        return QSize(170, round(max(len(self._classes), 1) * self._row_height()))

    def row_rect(self, index: int) -> QRectF:
        """Where the row of a class lies."""
        room = self.height() / max(len(self._classes), 1)
        height = max(min(room, _TALLEST_ROW), self._row_height())
        return QRectF(0, index * height, self.width(), height)

    def bar_rect(self, index: int) -> QRectF:
        """Where the full length of a class's bar lies."""
        row = self.row_rect(index)
        left = row.left() + self._name_width() + _GAP
        right = row.right() - self._percent_width() - _GAP
        height = min(max(row.height() * 0.46, 5.0), 14.0)
        return QRectF(left, row.center().y() - height / 2, max(right - left, 8.0), height)

    def _name_width(self) -> float:
        metrics = self._bold_metrics()
        widest = max((metrics.horizontalAdvance(name) for name in self._classes), default=0.0)
        return min(max(widest, 12.0), self.width() * _WIDEST_NAME)

    def _percent_width(self) -> float:
        return self._bold_metrics().horizontalAdvance(percent(0.888))

    def _bold_metrics(self) -> QFontMetricsF:
        font = self.font()
        font.setBold(True)
        return QFontMetricsF(font)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that can be seen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(len(self._classes)):
            if self.row_rect(index).intersects(QRectF(event.rect())):
                self._paint_row(painter, index)

    def _paint_row(self, painter: QPainter, index: int) -> None:
        theme = theme_for(self.palette())
        prediction = self._prediction
        row, bar = self.row_rect(index), self.bar_rect(index)
        refused = prediction is not None and prediction.rejected
        is_best = prediction is not None and not refused and prediction.best == index
        painter.setPen(Qt.PenStyle.NoPen)
        radius = bar.height() / 2
        painter.setBrush(theme.track)
        painter.drawRoundedRect(bar, radius, radius)
        if prediction is not None:
            share = prediction.probabilities[index]
            filled = QRectF(bar)
            filled.setWidth(bar.width() * share)
            painter.setBrush(theme.accent if is_best else theme.muted)
            # Below its own height a rounded bar has no shape: it is cut out of one that has.
            painter.save()
            painter.setClipRect(filled)
            full = QRectF(filled)
            full.setWidth(max(filled.width(), bar.height()))
            painter.drawRoundedRect(full, radius, radius)
            painter.restore()
        font = self.font()
        font.setBold(is_best)
        painter.setFont(font)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        faint = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(faint if prediction is None or refused else text)
        vertical = Qt.AlignmentFlag.AlignVCenter
        name = QRectF(row.left(), row.top(), self._name_width(), row.height())
        elided = QFontMetricsF(font).elidedText(
            self._classes[index], Qt.TextElideMode.ElideRight, name.width() + 0.5
        )
        painter.drawText(name, int(vertical | Qt.AlignmentFlag.AlignRight), elided)
        if prediction is not None:
            right = QRectF(bar.right(), row.top(), row.right() - bar.right(), row.height())
            label = percent(prediction.probabilities[index])
            painter.drawText(right, int(vertical | Qt.AlignmentFlag.AlignRight), label)
