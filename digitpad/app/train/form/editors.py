"""What a setting is edited with: a number, a choice, the path of a folder or file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import fill, plain_tip
from digitpad.app.widgets.numbers import format_number, parse_number, step_number
from digitpad.app.widgets.theme import quiet_text, theme_for
from digitpad.data.forms.content import TABLE_SUFFIXES
from digitpad.ink.files.kinds import STROKE_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_NUMBER = 40
"""Characters; more would be no number that any setting takes."""
_NARROWEST_CHOICE = 6
"""Characters that a choice shows at least, so that a narrow column can hold it."""


def _set_up(editor: QAbstractSpinBox | QComboBox | QLineEdit | QPushButton) -> None:
    """The same height for all, as styles draw numbers lower than choices; no focus by the wheel."""
    editor.setMinimumHeight(editor.fontMetrics().height() + 11)
    if isinstance(editor, QAbstractSpinBox | QComboBox):
        editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def dress(editor: QWidget, *, invalid: bool) -> None:
    """Give an editor its colours in the theme of now.

    What cannot be edited can still be read, which a palette's own colour for it hardly allows.
    What is invalid has the ground of a notice.
    """
    general = QApplication.palette()
    palette, roles = QPalette(), QPalette.ColorRole
    for role in (roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, quiet_text(general))
    if invalid:
        for role in (roles.Base, roles.Button):
            palette.setColor(role, theme_for(general).warning)
    editor.setPalette(palette)


class NumberEdit(QAbstractSpinBox):
    """Takes a number as it is written: ``0.004``, ``0,004`` and ``4e-3`` are the same.

    It never corrects what is typed; whether the number will do is for others to say. Arrow keys
    stay in the range from low to high. A placeholder is shown for no number.

    Signals:
        edited: by the user.
    """

    edited = Signal()

    def __init__(self, low: float, high: float, *, whole: bool, placeholder: str = "") -> None:
        super().__init__()
        self._low, self._high, self._whole = low, high, whole
        _set_up(self)
        self.setMinimumWidth(60)
        self.lineEdit().setMaxLength(_LONGEST_NUMBER)
        self.lineEdit().setPlaceholderText(placeholder)
        self.lineEdit().textEdited.connect(self._on_edited)

    def value(self) -> int | float | str | None:
        """The number; the text itself where it is none; None for no text."""
        text = self.text().strip()
        if not text:
            return None
        number = parse_number(text, whole=self._whole)
        return text if number is None else number

    def set_value(self, value: float | None) -> None:
        """Show a number, or none."""
        self.lineEdit().setText("" if value is None else format_number(value, self.locale()))

    def stepBy(self, steps: int) -> None:
        """Arrow keys and arrows."""
        value = self.value()
        if isinstance(value, int | float):
            value = min(max(value, self._low), self._high)
            self.set_value(step_number(value, steps, self._low, self._high, whole=self._whole))
            self.selectAll()
            self.edited.emit()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """No steps out of the range, and none from no number."""
        value, flags = self.value(), QAbstractSpinBox.StepEnabledFlag
        if not isinstance(value, int | float):
            return flags.StepNone
        up = flags.StepUpEnabled if value < self._high else flags.StepNone
        return up | (flags.StepDownEnabled if value > self._low else flags.StepNone)

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        # The arrows follow the number.
        self.update()
        self.edited.emit()


class ChoiceEdit(QComboBox):
    """One of several names, each with its title.

    Signals:
        edited: by the user.
    """

    edited = Signal()

    def __init__(self, choices: Mapping[str, str]) -> None:
        super().__init__()
        self._wanted = ""
        _set_up(self)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_NARROWEST_CHOICE)
        self.set_choices(choices)
        self.activated.connect(self._on_activated)

    def set_choices(self, choices: Mapping[str, str]) -> None:
        """Offer other names; what was wanted stays chosen where it is among them."""
        self.clear()
        for name, text in choices.items():
            title = translated(text)
            self.addItem(title, name)
            tip = plain_tip(title)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.set_value(self._wanted)

    def value(self) -> str:
        """The chosen name."""
        return self.currentData() or ""

    def set_value(self, name: str) -> None:
        """Choose a name. One that is not offered (yet) leaves the first one chosen."""
        self._wanted = name
        self.setCurrentIndex(max(self.findData(name), 0))

    @Slot(int)
    def _on_activated(self, _index: int) -> None:
        if self.value() != self._wanted:
            self._wanted = self.value()
            self.edited.emit()


class PathEdit(QWidget):
    """The path of a folder or file, typed or chosen in a dialog.

    Signals:
        edited: by the user.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_folder = True
        self.line = QLineEdit()
        self.line.setClearButtonEnabled(True)
        self.line.textEdited.connect(self.edited)
        self.browse = QPushButton(self.tr("Browse…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        _set_up(self.line)
        _set_up(self.browse)
        self.setFocusProxy(self.line)
        fill(QHBoxLayout(self), (self.line, 1), self.browse, spacing=6)

    def ask_for(self, placeholder: str, *, folder: bool) -> None:
        """Ask for the path of a folder or of a file, with a text for while there is none."""
        self._is_folder = folder
        self.line.setPlaceholderText(placeholder)
        name = self.tr("Browse for a folder") if folder else self.tr("Browse for a file")
        self.browse.setAccessibleName(name)

    def value(self) -> str | None:
        """The path with ``~`` resolved; None for no text.

        Around it may be the quotation marks that "Copy as path" of Windows sets.
        """
        text = self.line.text().strip()
        if len(text) > 1 and text[0] == text[-1] == '"':
            text = text[1:-1]
        if not text.startswith("~"):
            return text or None
        try:
            return str(Path(text).expanduser())
        except RuntimeError:  # there is no such user
            return text

    def set_value(self, path: str | None) -> None:
        """Show a path, or none."""
        self.line.setText(path or "")

    def _browse(self) -> None:
        start = Path(self.value() or Path.home())
        if not start.is_dir():
            start = start.parent if start.parent.is_dir() else Path.home()
        dialog = QFileDialog(self.window(), self.tr("Choose a folder"), str(start))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        if not self._is_folder:
            dialog.setWindowTitle(self.tr("Choose a file of drawings"))
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            drawings = self.tr("Strokes and tables of pixels ({patterns})").format(
                patterns=" ".join(f"*{suffix}" for suffix in (*STROKE_SUFFIXES, *TABLE_SUFFIXES))
            )
            dialog.setNameFilters([drawings, self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.line.setText)
        dialog.fileSelected.connect(self.edited)
        dialog.open()
