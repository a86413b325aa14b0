"""One setting of the form: its title, its editor, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.train.form.editors import ChoiceEdit, NumberEdit, PathEdit, dress
from digitpad.app.widgets.notes import ProblemLine, RoomyLabel
from digitpad.errors import DigitpadError
from digitpad.learning.fields import FIELDS, check_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QEnterEvent, QIcon

    from digitpad.fields import FieldInfo


def _take_anything(_value: object) -> None:
    """Check nothing."""


class FieldEditor(QWidget):
    """A setting with its title above its editor.

    Args:
        info: title and help; the range of a number.
        editor: shows and takes the value.
        warning_icon: for the sentence below.
        check: raises DigitpadError for a value that will not do.
        optional: whether no number is a value too.

    Attributes:
        editor: the editor.
        problem_line: for the layout that the cell lies in: it stands below the whole row.

    Signals:
        edited: by the user.
        hovered: the pointer has come, with title and help, or gone, with None.
        focused: the same of the focus.
    """

    edited = Signal()
    hovered = Signal(object)
    focused = Signal(object)

    def __init__(
        self,
        info: FieldInfo,
        editor: NumberEdit | ChoiceEdit | PathEdit,
        warning_icon: QIcon,
        check: Callable[[Any], None] = _take_anything,
        *,
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.info = info
        self.editor = editor
        self.problem_line = ProblemLine(warning_icon)
        self._check = check
        self._optional = optional
        self._matters = True
        self._last_good: Any = None
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._title.setBuddy(editor)
        self._note = RoomyLabel()
        self._note.hide()
        self._arrange()
        self._receiver = editor.line if isinstance(editor, PathEdit) else editor
        self._receiver.installEventFilter(self)
        editor.edited.connect(self._on_edited)
        self.describe(info)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        # Titles of one and of two lines beside each other: the editors stand in one line.
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self.editor)
        column.addWidget(self._note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def problem(self) -> str:
        """The sentence that says what is wrong; empty while nothing is."""
        return self.problem_line.text

    @property
    def note(self) -> str:
        """The quiet text below the editor."""
        return self._note.text()

    def value(self) -> Any:
        """What is set. Where that is wrong, or does not matter, the last value that was right."""
        return self._last_good

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self.editor.set_value(value)
        self._judge()

    def set_choices(self, choices: Mapping[str, str]) -> None:
        """Offer other names, where the editor is a choice."""
        if isinstance(self.editor, ChoiceEdit):
            self.editor.set_choices(choices)
            self._judge()

    def set_matters(self, matters: bool) -> None:
        """Show the setting, or hide it and whatever is wrong with it."""
        if self._matters and not matters and self.problem:
            self.editor.set_value(self._last_good)
        self._matters = matters
        self.setVisible(matters)
        self._judge()

    def make_room(self, notes: Iterable[str]) -> None:
        """Let the quiet text be any of these without moving what is below."""
        self._note.make_room(notes)

    def set_note(self, text: str) -> None:
        """Show a quiet text below the editor, or nothing for an empty one."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def describe(self, info: FieldInfo) -> None:
        """Take another title and help, and check again: another setting has changed."""
        self.info = info
        self._title.setText(info.title)
        self._receiver.setAccessibleName(info.title)
        for part in (self._title, self._receiver):
            part.setToolTip(info.help)
        self._judge()

    def _judge(self) -> None:
        problem = ""
        value = self.editor.value()
        if self._matters:
            try:
                if value is None and not self._optional:
                    raise DigitpadError(self._what_is_missing())
                if value is not None or isinstance(self.editor, PathEdit):
                    self._check(value)
            except DigitpadError as error:
                problem = translated(error)
        if not problem:
            self._last_good = value
        self.problem_line.show_problem(problem)
        dress(self._receiver, invalid=bool(problem))
        self._receiver.setAccessibleDescription(f"{problem} {self.info.help}".strip())

    def _what_is_missing(self) -> str:
        return self.tr("{title} needs a number from {low} to {high}.").format(
            title=self.info.title, low=self.info.low, high=self.info.high
        )

    @Slot()
    def _on_edited(self) -> None:
        self._judge()
        self.edited.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer has come."""
        super().enterEvent(event)
        self.hovered.emit(self.info)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The focus has come or gone."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.focused.emit(self.info if event.type() == QEvent.Type.FocusIn else None)
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            dress(self._receiver, invalid=bool(self.problem))


def number_field(name: str, warning_icon: QIcon, placeholder: str = "") -> FieldEditor:
    """A cell for a number of FIELDS.

    Args:
        name: one of FIELDS.
        warning_icon: for the sentence below.
        placeholder: shown for no number, which is a value too where this is given.
    """
    info = FIELDS[name]
    if info.low is None or info.high is None:
        raise TypeError(f"{name} takes no numbers")
    return FieldEditor(
        info,
        NumberEdit(info.low, info.high, whole=info.whole, placeholder=placeholder),
        warning_icon,
        lambda value: check_value(name, value),
        optional=bool(placeholder),
    )


def choice_field(name: str, warning_icon: QIcon) -> FieldEditor:
    """A cell for a choice of FIELDS."""
    info = FIELDS[name]
    editor = ChoiceEdit(info.choices or {})
    return FieldEditor(info, editor, warning_icon, lambda value: check_value(name, value))
