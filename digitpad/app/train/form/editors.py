"""Editors for a number, a choice, and the path of a folder or file."""

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
"""Most characters of a number: no setting needs more."""

_NARROWEST_CHOICE = 6
"""Least width of a choice in characters, so that it fits into a narrow column."""


def _set_up(editor: QAbstractSpinBox | QComboBox | QLineEdit | QPushButton) -> None:
    """Give all editors the same height, whatever the style, and no focus by the mouse wheel."""
    editor.setMinimumHeight(editor.fontMetrics().height() + 11)
    if isinstance(editor, QAbstractSpinBox | QComboBox):
        editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def dress(editor: QWidget, *, invalid: bool) -> None:
    """Give an editor its colours in the present theme.

    A disabled editor stays readable, which the theme's own colour for it hardly is. An invalid
    value has the ground of a warning.
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
    """A field for a number: ``0.004``, ``0,004`` and ``4e-3`` are the same.

    What is typed is never corrected, and its range is checked elsewhere. The arrow keys stay within
    the range.

    Args:
        low: the least value that the arrow keys reach.
        high: the largest value that the arrow keys reach.
        whole: whether only whole numbers are taken.
        placeholder: shown while the field is empty.

    Signals:
        edited: the user has changed the text.
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
        """The number; None for an empty field; the text itself if it is not a number."""
        text = self.text().strip()
        if not text:
            return None
        number = parse_number(text, whole=self._whole)
        return text if number is None else number

    def set_value(self, value: float | None) -> None:
        """Show a number, or an empty field for None."""
        self.lineEdit().setText("" if value is None else format_number(value, self.locale()))

    def stepBy(self, steps: int) -> None:
        """Step by an arrow key or an arrow button, within the range; see `step_number`."""
        value = self.value()
        if isinstance(value, int | float):
            value = min(max(value, self._low), self._high)
            self.set_value(step_number(value, steps, self._low, self._high, whole=self._whole))
            self.selectAll()
            self.edited.emit()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Which arrows can be used: none leaves the range, and without a number there are none."""
        value, flags = self.value(), QAbstractSpinBox.StepEnabledFlag
        if not isinstance(value, int | float):
            return flags.StepNone
        up = flags.StepUpEnabled if value < self._high else flags.StepNone
        return up | (flags.StepDownEnabled if value > self._low else flags.StepNone)

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        # Which arrows can be used depends on the number.
        self.update()
        self.edited.emit()


class ChoiceEdit(QComboBox):
    """A list from which one name is chosen.

    Args:
        choices: the title of each name.

    Signals:
        edited: the user has chosen another name.
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
        """Offer other names. The one chosen before stays chosen if it is among them."""
        self.clear()
        for name, text in choices.items():
            title = translated(text)
            self.addItem(title, name)
            tip = plain_tip(title)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.set_value(self._wanted)

    def value(self) -> str:
        """The chosen name; "" if none is offered."""
        return self.currentData() or ""

    def set_value(self, name: str) -> None:
        """Choose a name. If it is not offered, the first one is chosen until it is."""
        self._wanted = name
        self.setCurrentIndex(max(self.findData(name), 0))

    @Slot(int)
    def _on_activated(self, _index: int) -> None:
        if self.value() != self._wanted:
            self._wanted = self.value()
            self.edited.emit()


class PathEdit(QWidget):
    """A field for the path of a folder or file, with a button that opens a dialog.

    Signals:
        edited: the user has changed the path.
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
        """Ask for a folder or for a file; the placeholder is shown while the field is empty."""
        self._is_folder = folder
        self.line.setPlaceholderText(placeholder)
        name = self.tr("Browse for a folder") if folder else self.tr("Browse for a file")
        self.browse.setAccessibleName(name)

    def value(self) -> str | None:
        """The path, with ``~`` resolved and without quotation marks; None for an empty field.

        "Copy as path" of Windows puts quotation marks around a path.
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
        """Show a path, or an empty field for None."""
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
