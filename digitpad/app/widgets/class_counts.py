"""The classes of a dataset with their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import elided, plain_tip, scaled, widest
from digitpad.app.widgets.numbers import percent, whole
from digitpad.app.widgets.theme import quiet_text, theme_for
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

_Index = QModelIndex | QPersistentModelIndex

_COUNT = Qt.ItemDataRole.UserRole
_BAR_GAP = 7.0
_ROW_PAD = 6.0
_WIDEST_NAME = 0.42
"""The names of the classes take at most this share of the width."""


class ClassCounts(QListWidget):
    """A row for the whole dataset, and a row with a bar and a number for each class.

    Attributes:
        most: number of samples of the largest class, at least 1.

    Signals:
        chosen: the user has chosen the class with this index, or None for the whole dataset.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.most = 1
        self._columns: tuple[float, float] | None = None
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Drawings of each class"))
        self.currentRowChanged.connect(self._on_row)

    def show_counts(
        self, classes: Sequence[str], counts: Sequence[int], chosen: int | None = None
    ) -> None:
        """Show the counts of a dataset.

        Args:
            classes: their names.
            counts: number of samples of each of them.
            chosen: index of the class that is chosen now, without emitting `chosen`; None for the
                whole dataset.
        """
        self.blockSignals(True)
        self.clear()
        self.most = max((*counts, 1))
        self._columns = None
        total = sum(counts)
        for name, count in zip((self.tr("All"), *classes), (total, *counts), strict=True):
            said = Sentence(
                Plural(
                    "{name}: {count} drawing, {share}", "{name}: {count} drawings, {share}", count
                ),
                name=name,
                count=whole(count),
                share=percent(count / max(total, 1), 1),
            )
            in_words = translated(said)
            item = QListWidgetItem(name, self)
            item.setData(_COUNT, count)
            item.setToolTip(plain_tip(in_words))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, in_words)
        self.setCurrentRow(0 if chosen is None else chosen + 1)
        if chosen is None:
            self.scrollToTop()
        self.blockSignals(False)
        self.viewport().update()

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row - 1 if row else None)

    def columns(self) -> tuple[float, float]:
        """Widths of the names and of the numbers, in device-independent pixels."""
        # Measured once for a font.
        if self._columns is None:
            font = scaled(self.font(), bold=True)
            items = [self.item(row) for row in range(self.count())]
            names = widest((item.text() for item in items), font)
            counts = widest((whole(item.data(_COUNT)) for item in items), font)
            self._columns = names + 1, counts + 1
        names, counts = self._columns
        return min(names, self.viewport().width() * _WIDEST_NAME), counts

    def changeEvent(self, event: QEvent) -> None:
        """Measure the columns again for another font."""
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._columns = None
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Room for some rows."""
        return QSize(150, 4 * (self.fontMetrics().height() + 4))


class _RowDelegate(QStyledItemDelegate):
    """Paints a row of the list."""

    def __init__(self, view: ClassCounts) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Hardly higher than its text."""
        return QSize(0, self._view.fontMetrics().height() + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint name, bar and number. The chosen row differs in ground, weight and colour."""
        palette = self._view.palette()
        theme = theme_for(palette)
        row = QRectF(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.track)
            painter.setOpacity(1.0 if is_chosen else 0.5)
            painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setOpacity(1.0)
        count = int(index.data(_COUNT))
        names, numbers = self._view.columns()
        row.adjust(_ROW_PAD, 0, -_ROW_PAD, 0)
        number = QRectF(row.right() - numbers, row.top(), numbers, row.height())
        name = QRectF(row.left(), row.top(), names, row.height())
        if index.row() == 0:
            name.setRight(number.left() - _BAR_GAP)
        else:
            bar = QRectF(name.right() + _BAR_GAP, row.top(), 0, row.height())
            bar.setRight(number.left() - _BAR_GAP)
            painter.setBrush(theme.accent if is_chosen else theme.muted)
            _paint_bar(painter, bar, count / self._view.most)
        font = scaled(self._view.font(), bold=is_chosen)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text) if count else quiet_text(palette))
        vertical = Qt.AlignmentFlag.AlignVCenter
        text = elided(index.data(), font, name.width() + 0.5)
        painter.drawText(name, int(vertical | Qt.AlignmentFlag.AlignLeft), text)
        painter.drawText(number, int(vertical | Qt.AlignmentFlag.AlignRight), whole(count))
        painter.restore()


def _paint_bar(painter: QPainter, room: QRectF, share: float) -> None:
    if share <= 0 or room.width() <= 0:
        return
    width, height = max(room.width() * share, 2.0), min(room.height() * 0.5, 9.0)
    bar = QRectF(room.left(), room.center().y() - height / 2, width, height)
    painter.drawRoundedRect(bar, min(2.0, width / 2), min(2.0, width / 2))
