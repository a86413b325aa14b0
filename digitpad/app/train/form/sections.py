"""Settings in rows, headings that show and hide them, and what each of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.widgets.texts import RoomyLabel, small
from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from digitpad.app.train.form.field import FieldEditor
    from digitpad.app.widgets.icons import Icons
    from digitpad.fields import FieldInfo

_CHEVRON = 18


class FieldGroup(QWidget):
    """Rows of settings side by side, what is wrong in a row below it.

    Attributes:
        fields: all settings in the order of the rows.
    """

    def __init__(self, rows: Iterable[Sequence[FieldEditor]]) -> None:
        super().__init__()
        self.fields: list[FieldEditor] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for fields in rows:
            row = QHBoxLayout()
            row.setSpacing(10)
            column.addLayout(row)
            for field in fields:
                row.addWidget(field, 1)
                column.addWidget(field.problem_line)
            self.fields.extend(fields)

    @property
    def problem(self) -> str:
        """The first sentence that says what is wrong; empty while nothing is."""
        return next((field.problem for field in self.fields if field.problem), "")


class Heading(QAbstractButton):
    """A title with a chevron, which shows and hides what is below."""

    def __init__(self, title: str, icons: Icons) -> None:
        super().__init__()
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
        """Whether it warns of a problem."""
        return self._is_marked

    def mark(self, problem: str) -> None:
        """Warn of what is wrong below; an empty sentence takes the mark away."""
        self._is_marked = bool(problem)
        self.setToolTip(problem)
        self.setAccessibleDescription(problem or self.tr("Show or hide these settings."))
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
    """A group under a heading that shows and hides it, closed at first."""

    def __init__(self, title: str, icons: Icons, rows: Iterable[Sequence[FieldEditor]]) -> None:
        super().__init__()
        self.group = FieldGroup(rows)
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


class HelpPane(QWidget):
    """Shows the help of one setting at a time, in one place: the form does not move for it.

    Whichever came last: the setting that the pointer went to, or that the focus went to. A pointer
    that leaves its setting gives way to the focus.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[QObject, FieldEditor] = {}
        self._hovered: FieldInfo | None = None
        self._focused: FieldInfo | None = None
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        font = small(self._title.font())
        font.setBold(True)
        self._title.setFont(font)
        self._text = RoomyLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 8, 2, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        self.setAccessibleName(self.tr("What the setting does"))
        self._show()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def explain(self, fields: Sequence[FieldEditor]) -> None:
        """Follow pointer and focus in these fields, and be as high as their longest help needs."""
        self._text.make_room(field.info.help for field in fields)
        for field in fields:
            for part in (field, field.receiver):
                self._fields[part] = field
                part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pointer or focus have come to a setting, or gone."""
        kind, kinds = event.type(), QEvent.Type
        if kind in {kinds.Enter, kinds.Leave, kinds.FocusIn, kinds.FocusOut}:
            field = self._fields[watched]
            if watched is not field and kind in {kinds.FocusIn, kinds.FocusOut}:
                self.set_focused(field.info if kind == kinds.FocusIn else None)
            elif watched is field and kind in {kinds.Enter, kinds.Leave}:
                self.set_hovered(field.info if kind == kinds.Enter else None)
        return super().eventFilter(watched, event)

    def set_hovered(self, info: FieldInfo | None) -> None:
        """The pointer is over a setting, or over none."""
        self._hovered = info
        self._show()

    def set_focused(self, info: FieldInfo | None) -> None:
        """A setting has the focus, or none has."""
        self._focused = info
        if info is not None:
            # A pointer that only rests there no longer counts.
            self._hovered = None
        self._show()

    def _show(self) -> None:
        info = self._hovered or self._focused
        self._title.setText(self.tr("What a setting does") if info is None else info.title)
        self._text.setText(
            self.tr("Point at a setting, or move to it with the Tab key, to see here what it does.")
            if info is None
            else info.help
        )
        self.setAccessibleDescription(self._text.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline between the form and its help."""
        painter = QPainter(self)
        painter.setPen(QPen(theme_for(self.palette()).outline, 1))
        painter.drawLine(0, 0, self.width(), 0)
