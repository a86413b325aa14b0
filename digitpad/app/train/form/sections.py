"""Settings that belong together, in rows, and a heading that shows and hides them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from digitpad.app.train.form.field import FieldEditor
    from digitpad.app.widgets.icons import Icons

_CHEVRON = 18


class FieldGroup(QWidget):
    """Rows of settings, each with what is wrong in it below.

    Attributes:
        cells: all settings in the order of the rows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells: list[FieldEditor] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def add_row(self, *cells: FieldEditor) -> None:
        """Append settings side by side."""
        row = QHBoxLayout()
        row.setSpacing(10)
        for cell in cells:
            row.addWidget(cell, 1)
        self._column.addLayout(row)
        for cell in cells:
            self._column.addWidget(cell.problem_line)
        self.cells.extend(cells)

    @property
    def problem(self) -> str:
        """The first sentence that says what is wrong; empty while nothing is."""
        return next((cell.problem for cell in self.cells if cell.problem), "")


class Heading(QAbstractButton):
    """A title with a chevron, which shows and hides what is below.

    Args:
        title: the text.
        icons: with the chevrons.
    """

    def __init__(self, title: str, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_marked = False
        self._closed_icon = icons.icon("chevron-right")
        self._open_icon = icons.icon("chevron-down")
        self._mark = icons.icon("warning")
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        self.setAccessibleName(title)
        self.mark("")

    @property
    def is_marked(self) -> bool:
        """Whether it tells of a problem."""
        return self._is_marked

    def mark(self, problem: str) -> None:
        """Tell of what is wrong below; an empty sentence takes the mark away."""
        self._is_marked = bool(problem)
        self.setToolTip(problem)
        self.setAccessibleDescription(problem or self.tr("Shows and hides these settings."))
        self.update()

    def sizeHint(self) -> QSize:
        """For chevron and title."""
        metrics = self.fontMetrics()
        width = _CHEVRON + metrics.horizontalAdvance(self.text()) + _CHEVRON + 8
        return QSize(width, metrics.height() + 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it too, as the space bar does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A chevron and the title; a ground under the pointer, a ring for the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_for(self.palette())
        area = self.rect().toRectF().adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse():
            painter.setBrush(theme.track)
            painter.drawRoundedRect(area, 4, 4)
        if self.hasFocus() and self.isActiveWindow():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent, 1.5))
            painter.drawRoundedRect(area, 4, 4)
        icon = self._open_icon if self.isChecked() else self._closed_icon
        # The drawing has a margin of its own.
        icon.paint(painter, -1, (self.height() - _CHEVRON) // 2, _CHEVRON, _CHEVRON)
        if self._is_marked:
            right = self.width() - _CHEVRON - 4
            self._mark.paint(painter, right, (self.height() - _CHEVRON) // 2, _CHEVRON, _CHEVRON)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        room = self.rect().adjusted(_CHEVRON + 2, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())


class Section(QWidget):
    """A group under a heading that shows and hides it, closed at first.

    Args:
        title: the heading.
        icons: with the chevrons and the warning.

    Attributes:
        group: the settings.
        heading: shows and hides them.
    """

    def __init__(self, title: str, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = FieldGroup()
        self.heading = Heading(title, icons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self.group)
        self.heading.toggled.connect(self.set_open)
        self.set_open(False)

    @property
    def is_open(self) -> bool:
        """Whether the settings are shown."""
        return self.heading.isChecked()

    @Slot(bool)
    def set_open(self, is_open: bool) -> None:
        """Show or hide the settings."""
        self.heading.setChecked(is_open)
        self.group.setVisible(is_open)
        self.show_problem()

    def show_problem(self) -> None:
        """Mark the heading while something is wrong that cannot be seen."""
        self.heading.mark("" if self.is_open else self.group.problem)
