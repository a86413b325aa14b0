"""One setting of the form: its title, its editor, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.train.form.editors import ChoiceEdit, NumberEdit, PathEdit, dress
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.texts import ProblemLine, RoomyLabel
from digitpad.errors import DigitpadError
from digitpad.fields import FieldInfo, check
from digitpad.learning.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QIcon


class FieldEditor(QWidget):
    """A setting with its title above its editor.

    Args:
        info: title and help; the range of a number.
        editor: shows and takes the value.
        warning_icon: for the sentence below.
        check_value: raises DigitpadError for a value that will not do; by default that of `info`.
        optional: whether no number is a value too.

    Attributes:
        receiver: the part of the editor that has the focus.
        note: a quiet text below the editor; see `set_note`.
        problem_line: for the layout that the field is in: it stands below the whole row.

    Signals:
        edited: by the user.
    """

    edited = Signal()

    def __init__(
        self,
        info: FieldInfo,
        editor: NumberEdit | ChoiceEdit | PathEdit,
        warning_icon: QIcon,
        check_value: Callable[[Any], None] | None = None,
        *,
        optional: bool = False,
    ) -> None:
        super().__init__()
        self.info = info
        self.editor = editor
        self.problem_line = ProblemLine(warning_icon)
        self._check = check_value or partial(check, info)
        self._optional = optional
        self._matters = True
        self._last_good: Any = None
        self._title = plain_label(wrap=True)
        self._title.setBuddy(editor)
        self.note = RoomyLabel()
        self.note.hide()
        # Titles of one and of two lines beside each other: the editors stand in one line.
        fill(QVBoxLayout(self), None, self._title, editor, self.note, spacing=3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.receiver = editor.line if isinstance(editor, PathEdit) else editor
        self.receiver.installEventFilter(self)
        editor.edited.connect(self._on_edited)
        self.describe(info)

    @property
    def problem(self) -> str:
        """The sentence that says what is wrong; empty while nothing is."""
        return self.problem_line.text

    def value(self) -> Any:
        """What is set. Where that is wrong, or does not matter, the last value that was right."""
        return self._last_good

    def set_value(self, value: Any) -> None:
        """Show a value."""
        self.editor.set_value(value)
        self._validate()

    def set_choices(self, choices: Mapping[str, str]) -> None:
        """Offer other names, where the editor is a choice."""
        if isinstance(self.editor, ChoiceEdit):
            self.editor.set_choices(choices)
            self._validate()

    def set_matters(self, matters: bool) -> None:
        """Show the setting, or hide it and whatever is wrong with it."""
        if self._matters and not matters and self.problem:
            self.editor.set_value(self._last_good)
        self._matters = matters
        self.setVisible(matters)
        self._validate()

    def set_note(self, text: str) -> None:
        """Show a quiet text below the editor, or nothing for an empty one."""
        self.note.setText(translated(text))
        self.note.setVisible(bool(text))

    def describe(self, info: FieldInfo) -> None:
        """Take another title and help, and check again: another setting has changed."""
        self.info = info = replace(info, title=translated(info.title), help=translated(info.help))
        self._title.setText(info.title)
        self.receiver.setAccessibleName(info.title)
        for part in (self._title, self.receiver):
            part.setToolTip(info.help)
        self._validate()

    def _validate(self) -> None:
        problem, value = "", self.editor.value()
        if self._matters:
            try:
                if value is None and not self._optional:
                    problem = self.tr("{title} needs a number from {low} to {high}.").format(
                        title=self.info.title, low=self.info.low, high=self.info.high
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
        """Without the focus of the editor the wheel scrolls past it."""
        if event.type() == QEvent.Type.Wheel and not self.receiver.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            dress(self.receiver, invalid=bool(self.problem))


def make_field(name: str, warning_icon: QIcon, placeholder: str = "") -> FieldEditor:
    """The editor of a number or choice of FIELDS.

    A placeholder is shown for no number, which is a value too where one is given.
    """
    info = FIELDS[name]
    editor: ChoiceEdit | NumberEdit
    if info.choices is not None:
        editor = ChoiceEdit(info.choices)
    elif info.low is not None and info.high is not None:
        editor = NumberEdit(info.low, info.high, whole=info.whole, placeholder=placeholder)
    else:
        raise TypeError(f"{name} is neither a number nor a choice")
    return FieldEditor(info, editor, warning_icon, optional=bool(placeholder))
