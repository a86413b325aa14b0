"""The settings of the form: each with its editor, in rows under headings, and their help."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.train.form.editors import ChoiceEdit, NumberEdit, PathEdit, dress
from digitpad.app.widgets.layout import fill, plain_label, plain_tip, scaled
from digitpad.app.widgets.texts import ProblemLine, RoomyLabel
from digitpad.app.widgets.theme import paint_focus_ring, smooth_painter, theme_for
from digitpad.errors import DigitpadError
from digitpad.fields import FieldInfo, check
from digitpad.learning.configuration.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PySide6.QtGui import QIcon, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QLayout

    from digitpad.app.widgets.icons import Icons

_CHEVRON = 18
"""Width and height, in device-independent pixels."""


class FieldEditor(QWidget):
    """A setting with its title above its editor.

    Args:
        info: title, help and, for a number, the range.
        editor: shows and takes the value.
        warning_icon: shown beside a problem.
        parent: a field is made before its layout; without a parent it would be a window.
        check_value: raises DigitpadError for a bad value; by default `info` decides.
        optional: whether the editor may be empty; its value is then None.

    Attributes:
        receiver: the part of the editor that gets the focus.
        note: a quiet text below the editor; see `set_note`.
        problem_line: says what is wrong. It is placed by the layout, below the whole row.

    Signals:
        edited: the user has changed the value.
    """

    edited = Signal()

    def __init__(
        self,
        info: FieldInfo,
        editor: NumberEdit | ChoiceEdit | PathEdit,
        warning_icon: QIcon,
        parent: QWidget,
        check_value: Callable[[Any], None] | None = None,
        *,
        optional: bool = False,
    ) -> None:
        super().__init__(parent)
        self.info = info
        self.editor = editor
        self.problem_line = ProblemLine(warning_icon, self)
        self._check = check_value or partial(check, info)
        self._optional = optional
        self._matters = True
        self._last_good: Any = None
        self._title = plain_label(wrap=True)
        self._title.setBuddy(editor)
        self.note = RoomyLabel()
        self.note.hide()
        # The gap above the title keeps the editors of a row level when one title takes two lines.
        fill(QVBoxLayout(self), None, self._title, editor, self.note, spacing=3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.receiver = editor.line if isinstance(editor, PathEdit) else editor
        self.receiver.installEventFilter(self)
        editor.edited.connect(self._on_edited)
        self.describe(info)

    @property
    def problem(self) -> str:
        """A sentence that says what is wrong; "" if nothing is."""
        return self.problem_line.text

    def value(self) -> Any:
        """The value; if it is wrong or does not matter, the last one that was right."""
        return self._last_good

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self.editor.set_value(value)
        self._validate()

    def set_choices(self, choices: Mapping[str, str]) -> None:
        """Offer other names if the editor is a choice."""
        if isinstance(self.editor, ChoiceEdit):
            self.editor.set_choices(choices)
            self._validate()

    def set_matters(self, matters: bool) -> None:
        """Show the setting, or hide it; a wrong value becomes the last one that was right."""
        if self._matters and not matters and self.problem:
            self.editor.set_value(self._last_good)
        self._matters = matters
        self.setVisible(matters)
        self._validate()

    def set_note(self, text: str) -> None:
        """Show a quiet text below the editor; "" hides it."""
        self.note.setText(translated(text))
        self.note.setVisible(bool(text))

    def describe(self, info: FieldInfo) -> None:
        """Take another title, help and range, and check the value again."""
        self.info = info = replace(info, title=translated(info.title), help=translated(info.help))
        self._title.setText(info.title)
        self.receiver.setAccessibleName(info.title)
        for part in (self._title, self.receiver):
            part.setToolTip(plain_tip(info.help))
        self._validate()

    def _validate(self) -> None:
        problem, value = "", self.editor.value()
        if self._matters:
            try:
                if value is None and not self._optional:
                    low, high = self.info.limits or (None, None)
                    problem = self.tr("{title} needs a number from {low} to {high}.").format(
                        title=self.info.title, low=low, high=high
                    )
                elif value is not None or isinstance(self.editor, PathEdit):
                    self._check(value)
            except DigitpadError as error:
                problem = translated(error)
        if not problem:
            self._last_good = value
        self.problem_line.show_problem(problem)
        dress(self.receiver, invalid=bool(problem))
        self.receiver.setAccessibleDescription(f"{problem} {self.info.help}".strip())

    @Slot()
    def _on_edited(self) -> None:
        self._validate()
        self.edited.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel scroll the form unless the editor has the focus."""
        if event.type() == QEvent.Type.Wheel and not self.receiver.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            dress(self.receiver, invalid=bool(self.problem))


def make_field(
    name: str, warning_icon: QIcon, parent: QWidget, placeholder: str = ""
) -> FieldEditor:
    """Make the field of a number or a choice.

    Args:
        name: its name in FIELDS.
        warning_icon: shown beside a problem.
        parent: see `FieldEditor`.
        placeholder: shown while a number is not set; if it is "", the number must be set.

    Raises:
        TypeError: the setting is neither a number nor a choice.
    """
    info = FIELDS[name]
    editor: ChoiceEdit | NumberEdit
    if info.choices is not None:
        editor = ChoiceEdit(info.choices)
    elif info.limits is not None:
        editor = NumberEdit(*info.limits, whole=info.whole, placeholder=placeholder)
    else:
        raise TypeError(f"{name} is neither a number nor a choice")
    return FieldEditor(info, editor, warning_icon, parent, optional=bool(placeholder))


def field_group(rows: Iterable[Sequence[FieldEditor]]) -> QWidget:
    """Lay settings out in rows, with the problems of each row below it."""
    parts: list[QWidget | QLayout] = []
    for fields in rows:
        parts.append(fill(QHBoxLayout(), *((field, 1) for field in fields), spacing=10))
        parts.extend(field.problem_line for field in fields)
    group = QWidget()
    fill(QVBoxLayout(group), *parts, spacing=8)
    return group


class Heading(QAbstractButton):
    """A title with a chevron that shows and hides what is below.

    Attributes:
        is_marked: whether it shows a warning.
    """

    def __init__(self, title: str, icons: Icons) -> None:
        super().__init__()
        self._icons = icons.icon("chevron-right"), icons.icon("chevron-down")
        self._mark = icons.icon("warning")
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(scaled(self.font(), bold=True))
        self.setAccessibleName(title)
        self.mark("")

    def mark(self, problem: str) -> None:
        """Warn of a problem in the hidden settings; "" removes the warning."""
        self.is_marked = bool(problem)
        self.setToolTip(plain_tip(problem))
        self.setAccessibleDescription(problem or self.tr("Show or hide these settings."))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the chevron, the title and the warning."""
        metrics = self.fontMetrics()
        width = _CHEVRON + metrics.horizontalAdvance(self.text()) + _CHEVRON + 8
        return QSize(width, metrics.height() + 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return press it, too, like the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chevron and the title, a ground under the pointer, and a ring for the focus."""
        painter = smooth_painter(self)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme_for(self.palette()).track)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 4, 4)
        paint_focus_ring(painter, self)
        top = (self.height() - _CHEVRON) // 2
        # The icon has a margin of its own.
        self._icons[self.isChecked()].paint(painter, -1, top, _CHEVRON, _CHEVRON)
        if self.is_marked:
            self._mark.paint(painter, self.width() - _CHEVRON - 4, top, _CHEVRON, _CHEVRON)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        room = self.rect().adjusted(_CHEVRON + 2, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())


class Section(QWidget):
    """Rows of settings under a heading that shows and hides them. At first they are hidden."""

    def __init__(self, title: str, icons: Icons, rows: Sequence[Sequence[FieldEditor]]) -> None:
        super().__init__()
        self._fields = [field for row in rows for field in row]
        self.group = field_group(rows)
        self.heading = Heading(title, icons)
        fill(QVBoxLayout(self), self.heading, self.group, spacing=6)
        self.heading.toggled.connect(self.set_open)
        self.set_open(False)

    @property
    def problem(self) -> str:
        """A sentence for the first setting that is wrong; "" if none is."""
        return next((field.problem for field in self._fields if field.problem), "")

    @Slot(bool)
    def set_open(self, is_open: bool) -> None:
        """Show or hide the settings."""
        self.heading.setChecked(is_open)
        self.group.setVisible(is_open)
        self.show_problem()

    def show_problem(self) -> None:
        """Mark the heading if a hidden setting is wrong."""
        self.heading.mark("" if self.heading.isChecked() else self.problem)


class HelpPane(QWidget):
    """Shows the help of one setting in a fixed place, so that the form does not move.

    It is the setting that the pointer or the focus came to last. When the pointer leaves a setting,
    the one with the focus is explained again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[QObject, FieldEditor] = {}
        self._hovered: FieldInfo | None = None
        self._focused: FieldInfo | None = None
        self._title = plain_label(scale=0.9, bold=True)
        self._text = RoomyLabel()
        fill(QVBoxLayout(self), self._title, self._text, spacing=2, margins=(2, 8, 2, 0))
        self.setAccessibleName(self.tr("What the setting does"))
        self._show()

    def explain(self, fields: Sequence[FieldEditor]) -> None:
        """Explain these settings. The pane is made as high as the longest help needs."""
        self._text.make_room(field.info.help for field in fields)
        for field in fields:
            for part in (field, field.receiver):
                self._fields[part] = field
                part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer and the focus."""
        kind, kinds = event.type(), QEvent.Type
        if kind in {kinds.Enter, kinds.Leave, kinds.FocusIn, kinds.FocusOut}:
            field = self._fields[watched]
            info = field.info if kind in {kinds.Enter, kinds.FocusIn} else None
            by_pointer = kind in {kinds.Enter, kinds.Leave}
            # The pointer enters the whole field, but the focus only its editor.
            if by_pointer == (watched is field):
                (self.set_hovered if by_pointer else self.set_focused)(info)
        return super().eventFilter(watched, event)

    def set_hovered(self, info: FieldInfo | None) -> None:
        """Explain the setting under the pointer; None if there is none."""
        self._hovered = info
        self._show()

    def set_focused(self, info: FieldInfo | None) -> None:
        """Explain the setting with the focus; None if there is none."""
        self._focused = info
        if info is not None:
            # A pointer that only rests on a setting no longer counts.
            self._hovered = None
        self._show()

    def _show(self) -> None:
        title = self.tr("What a setting does")
        text = self.tr(
            "Point at a setting, or move to it with the Tab key, to see here what it does."
        )
        info = self._hovered or self._focused or FieldInfo(title, text)
        self._title.setText(info.title)
        self._text.setText(info.help)
        self.setAccessibleDescription(info.help)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a hairline between the form and its help."""
        painter = QPainter(self)
        painter.setPen(QPen(theme_for(self.palette()).outline, 1))
        painter.drawLine(0, 0, self.width(), 0)
