"""How many drawings each class has, as bars, one of which can be chosen."""

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
from digitpad.app.widgets.layout import elided, scaled, widest
from digitpad.app.widgets.numbers import percent, whole
from digitpad.app.widgets.theme import quiet_text, theme_for
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.widgets.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_COUNT = Qt.ItemDataRole.UserRole
_GAP = 7.0
_PAD = 6.0
_WIDEST_NAME = 0.42
"""Share of the width that the names of the classes may take."""


class ClassCounts(QListWidget):
    """A row for the whole dataset, and one for each class with a bar and a number.

    Signals:
        chosen: an index of a class, or None for the whole dataset.
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

    def show_counts(self, classes: Sequence[str], counts: Sequence[int]) -> None:
        """Show the counts of a dataset, all of which is chosen; says nothing about that."""
        self.blockSignals(True)
        self.clear()
        self.most = max((*counts, 1))
        self._columns = None
        total = sum(counts)
        self._add(self.tr("All"), total, total)
        for name, count in zip(classes, counts, strict=True):
            self._add(name, count, total)
        self.setCurrentRow(0)
        self.scrollToTop()
        self.blockSignals(False)
        self.viewport().update()

    def _add(self, name: str, count: int, total: int) -> None:
        said = Sentence(
            Plural("{name}: {count} drawing, {share}", "{name}: {count} drawings, {share}", count),
            name=name,
            count=whole(count),
            share=percent(count / max(total, 1), 1),
        )
        in_words = translated(said)
        item = QListWidgetItem(name)
        item.setData(_COUNT, count)
        item.setToolTip(in_words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, in_words)
        self.addItem(item)

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row - 1 if row else None)

    def columns(self) -> tuple[float, float]:
        """Widths of the names and of the numbers beside the bars, measured once for a font."""
        if self._columns is None:
            font = scaled(self.font(), bold=True)
            items = [self.item(row) for row in range(self.count())]
            numbers = (whole(item.data(_COUNT)) for item in items)
            self._columns = (
                widest((item.text() for item in items), font) + 1,
                widest(numbers, font) + 1,
            )
        names, counts = self._columns
        return min(names, self.viewport().width() * _WIDEST_NAME), counts

    def changeEvent(self, event: QEvent) -> None:
        """Another font has other widths."""
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._columns = None
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Room for bars that can be compared."""
        return QSize(200, 12 * (self.fontMetrics().height() + 4))

    def minimumSizeHint(self) -> QSize:
        """Room for some rows."""
        return QSize(180, 4 * (self.fontMetrics().height() + 4))


class _RowDelegate(QStyledItemDelegate):
    """Paints a row of the list."""

    def __init__(self, view: ClassCounts) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As low as its text, nearly."""
        return QSize(0, self._view.fontMetrics().height() + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Name, bar and number; the chosen row stands out by ground, weight and colour."""
        palette = self._view.palette()
        theme = theme_for(palette)
        row = QRectF(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_chosen or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.track)
            painter.setOpacity(1.0 if is_chosen else 0.5)
            painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setOpacity(1.0)
        count = int(index.data(_COUNT))
        names, numbers = self._view.columns()
        row.adjust(_PAD, 0, -_PAD, 0)
        number = QRectF(row.right() - numbers, row.top(), numbers, row.height())
        name = QRectF(row.left(), row.top(), names, row.height())
        if index.row() == 0:
            name.setRight(number.left() - _GAP)
        else:
            bar = QRectF(name.right() + _GAP, row.top(), 0, row.height())
            bar.setRight(number.left() - _GAP)
            self._paint_bar(painter, bar, count / self._view.most, theme, is_chosen=is_chosen)
        font = scaled(self._view.font(), bold=is_chosen)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text) if count else quiet_text(palette))
        vertical = Qt.AlignmentFlag.AlignVCenter
        text = elided(index.data(), font, name.width() + 0.5)
        painter.drawText(name, int(vertical | Qt.AlignmentFlag.AlignLeft), text)
        painter.drawText(number, int(vertical | Qt.AlignmentFlag.AlignRight), whole(count))
        painter.restore()

    def _paint_bar(
        self, painter: QPainter, room: QRectF, share: float, theme: Theme, *, is_chosen: bool
    ) -> None:
        if share <= 0 or room.width() <= 0:
            return
        height = min(room.height() * 0.5, 9.0)
        width = max(room.width() * share, 2.0)
        bar = QRectF(room.left(), room.center().y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent if is_chosen else theme.muted)
        radius = min(2.0, width / 2)
        painter.drawRoundedRect(bar, radius, radius)
