"""The probabilities of all classes before the first step and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.widgets.layout import elided, scaled, widest
from digitpad.app.widgets.numbers import probability
from digitpad.app.widgets.theme import quiet_text, smooth_painter, theme_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_WIDEST_NAME = 60


class ChangeBars(QWidget):
    """A bar for each class, a mark where it was before the first step, and both numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        self._label = -1
        self._before: tuple[float, ...] = ()
        self._now: tuple[float, ...] = ()
        self.setFont(scaled(self.font(), 0.95))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Probabilities before and now"))

    def show_change(
        self, classes: tuple[str, ...], label: int, before: Sequence[float], now: Sequence[float]
    ) -> None:
        """Show probabilities.

        Args:
            classes: their names.
            label: the number of the one that it should be.
            before: of each class before the first step, in [0, 1].
            now: likewise after the last one.
        """
        if classes != self._classes:
            self._classes = classes
            self.updateGeometry()
        self._label, self._before, self._now = label, tuple(before), tuple(now)
        rows = zip(classes, self._before, self._now, strict=True)
        self.setAccessibleDescription(
            ", ".join(
                self.tr("{name}: {before}, now {now}").format(
                    name=name, before=probability(first), now=probability(last)
                )
                for name, first, last in rows
            )
        )
        self.update()

    def _row(self) -> float:
        return QFontMetricsF(self.font()).height() + 2

    def sizeHint(self) -> QSize:
        """Room for a row a class."""
        return QSize(240, round(max(len(self._classes), 1) * self._row() + 4))

    def minimumSizeHint(self) -> QSize:
        """Likewise."""
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a row for each class."""
        painter = smooth_painter(self)
        theme, metrics = theme_for(self.palette()), QFontMetricsF(self.font())
        names = min(widest(self._classes, self.font()), _WIDEST_NAME) + 8
        texts = metrics.horizontalAdvance(self._text(0.999, 0.999_99)) + 8
        height = self._row()
        for number, (name, before, now) in enumerate(
            zip(self._classes, self._before, self._now, strict=True)
        ):
            row = QRectF(0, number * height, self.width(), height)
            is_label = number == self._label
            painter.setFont(scaled(self.font(), bold=is_label))
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            middle = Qt.AlignmentFlag.AlignVCenter
            text = elided(name, painter.font(), _WIDEST_NAME)
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, text)
            painter.setFont(self.font())
            painter.setPen(quiet_text(self.palette()))
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, self._text(before, now))
            track = row.adjusted(names, 4, -texts, -4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.track)
            painter.drawRoundedRect(track, 3, 3)
            bar = QRectF(track.topLeft(), QSize(round(track.width() * now), round(track.height())))
            painter.setBrush(theme.accent if is_label else theme.muted)
            painter.drawRoundedRect(bar, 3, 3)
            if before != now:
                x = track.left() + before * track.width()
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
                painter.drawLine(
                    round(x), round(track.top() - 2), round(x), round(track.bottom() + 2)
                )

    def _text(self, before: float, now: float) -> str:
        if before == now:
            return probability(now)
        return self.tr("{before} → {now}").format(before=probability(before), now=probability(now))
