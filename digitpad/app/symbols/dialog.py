"""The dialog that names a set of symbols and its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
)

from digitpad.app.i18n import translated
from digitpad.app.widgets.controls import Card
from digitpad.app.widgets.layout import fill, plain_label, plain_tip, resize_on_screen
from digitpad.app.widgets.numbers import whole
from digitpad.app.widgets.texts import ProblemLine
from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.symbol_sets import check_classes, classes_in, why_not_added
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QWidget

_WIDTH, _HEIGHT = 460, 420
"""In device-independent pixels."""


class SymbolsDialog(QDialog):
    """Lets the user name a set of symbols: a new one, or one that there is.

    What is wrong is said beside the field.

    Args:
        why_not: why a set cannot be called so; "" if it can.
        icon: of warnings.
        parent: the parent widget.
        name: of the set that there is; "" for a new one.
        counts: how many drawings each of its classes has.

    Signals:
        chosen: the name and the classes, a tuple, that the user wants. Whoever saves them accepts
            the dialog.
        unwanted: the user wants the set deleted.
    """

    chosen = Signal(str, object)
    unwanted = Signal()

    def __init__(
        self,
        why_not: Callable[[str], str],
        icon: QIcon,
        parent: QWidget,
        name: str = "",
        counts: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._why_not, self._former, self._counts = why_not, name, dict(counts or {})
        self.setWindowTitle(self.tr("Your symbols") if name else self.tr("New symbols"))
        self.name = QLineEdit(name)
        self.name.setAccessibleName(self.tr("Name of the set"))
        self.name.setPlaceholderText(self.tr("Such as Runes"))
        self.name.setToolTip(self.tr("What the set and its model are called"))
        self.name_problem = ProblemLine(icon)
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Symbols to add"))
        self.field.setPlaceholderText(self.tr("Type one, or paste several: star, moon, sun"))
        self.field.setToolTip(
            self.tr("Enter adds them; spaces, commas and lines are between several")
        )
        self.add_button = QPushButton(self.tr("&Add"))
        self.add_button.setToolTip(self.tr("Add what is in the field (Enter)"))
        self.add_button.setAutoDefault(False)
        self.problem = ProblemLine(icon)
        self.list = _SymbolList(self.tr("Symbols of the set"))
        self.count = plain_label(quiet=True, wrap=True)
        self.remove_button = QPushButton(self.tr("&Remove"))
        self.remove_button.setToolTip(self.tr("Remove the selected symbols (Del)"))
        self.remove_button.setAutoDefault(False)
        for one in self._counts:
            self._add_item(one)
        self._arrange()
        self._connect()
        self._show_count()
        resize_on_screen(self, _WIDTH, _HEIGHT)
        (self.field if name else self.name).setFocus()

    @property
    def classes(self) -> tuple[str, ...]:
        """The symbols that are listed."""
        return tuple(self.list.item(row).data(_NAME) for row in range(self.list.count()))

    def _arrange(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole
        text = self.tr("Save") if self._former else self.tr("Create")
        self.accept_button = self.buttons.addButton(text, role.AcceptRole)
        self.accept_button.setToolTip(self.tr("Save the set, and read its symbols (Ctrl+Enter)"))
        self.delete_button = QPushButton(self.tr("De&lete these symbols…"))
        self.delete_button.setToolTip(self.tr("Delete the set and its model"))
        self.delete_button.setAutoDefault(False)
        if self._former:
            self.buttons.addButton(self.delete_button, role.DestructiveRole)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        name_label, field_label = QLabel(self.tr("&Name")), QLabel(self.tr("&Symbols"))
        name_label.setBuddy(self.name)
        field_label.setBuddy(self.field)
        fill(
            QVBoxLayout(self),
            *(name_label, self.name, self.name_problem),
            *(field_label, fill(QHBoxLayout(), (self.field, 1), self.add_button, spacing=6)),
            *(self.problem, (Card(self.list), 1)),
            fill(QHBoxLayout(), (self.count, 1), self.remove_button, spacing=6),
            self.buttons,
            spacing=6,
            margins=None,
        )
        # Now that it is in the dialog.
        self.accept_button.setDefault(True)

    def _connect(self) -> None:
        self.name.textChanged.connect(lambda: self.name_problem.show_problem(""))
        self.field.textChanged.connect(lambda: self.problem.show_problem(""))
        self.add_button.clicked.connect(self.add)
        self.remove_button.clicked.connect(self.remove)
        self.list.unwanted.connect(self.remove)
        self.list.itemSelectionChanged.connect(self._show_count)
        self.buttons.accepted.connect(self.choose)
        self.buttons.rejected.connect(self.reject)
        self.delete_button.clicked.connect(self.unwanted)
        self.field.installEventFilter(self)

    @Slot()
    def add(self) -> bool:
        """Add what is in the field; whether all of it could be added. The rest stays there."""
        refused: list[tuple[str, DigitpadError]] = []
        for one in classes_in(self.field.text()):
            reason = why_not_added(one, self.classes)
            if reason is None:
                self._add_item(one)
            else:
                refused.append((one, reason))
        self.field.setText(" ".join(one for one, _ in refused))
        self._show_problem(self.problem, translated(refused[0][1]) if refused else "")
        self.list.scrollToBottom()
        self._show_count()
        return not refused

    @Slot()
    def remove(self) -> None:
        """Remove the selected symbols."""
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._show_problem(self.problem, "")
        self._show_count()

    @Slot()
    def choose(self) -> None:
        """Take the set as it is shown, if nothing is wrong with it."""
        name = self.name.text().strip()
        why_not = "" if name == self._former and name else self._why_not(name)
        self._show_problem(self.name_problem, why_not)
        if not self.add():
            self.field.setFocus()
            return
        try:
            check_classes(self.classes)
        except DigitpadError as error:
            self._show_problem(self.problem, translated(error))
            self.field.setFocus()
            return
        if why_not:
            self.name.setFocus()
            self.name.selectAll()
            return
        self.chosen.emit(name, self.classes)

    def show_failure(self, sentence: str) -> None:
        """Say why the set cannot be saved; what was typed stays."""
        self._show_problem(self.problem, sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the field adds what is there, before it means that all is done."""
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            and self.field.text().strip()
        ):
            self.add()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter is done everywhere."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.choose()
        else:
            super().keyPressEvent(event)

    def _add_item(self, name: str) -> None:
        item = QListWidgetItem(name, self.list)
        item.setData(_NAME, name)
        if name in self._counts:
            count = self._counts[name]
            said = Sentence(
                Plural("{name}: {count} drawing", "{name}: {count} drawings", count),
                name=name,
                count=whole(count),
            )
            item.setToolTip(plain_tip(translated(said)))

    def _show_count(self) -> None:
        count = self.list.count()
        said = Sentence(Plural("{count} symbol", "{count} symbols", count), count=whole(count))
        kept = sum(number for name, number in self._counts.items() if name not in self.classes)
        if kept:
            said = Sentence(
                Plural(
                    "{count} drawing of a symbol that you have removed is kept, and used again once"
                    " the symbol is back.",
                    "{count} drawings of symbols that you have removed are kept, and used again"
                    " once the symbols are back.",
                    kept,
                ),
                count=whole(kept),
            )
        self.count.setText(translated(said))
        self.remove_button.setEnabled(bool(self.list.selectedItems()))

    def _show_problem(self, line: ProblemLine, sentence: str) -> None:
        line.show_problem(sentence)
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(line, QAccessible.Event.Alert))


_NAME = Qt.ItemDataRole.UserRole


class _SymbolList(QListWidget):
    """Symbols beside and below each other.

    Signals:
        unwanted: the selected ones are to be removed.
    """

    unwanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(4)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setToolTip("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del removes."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.unwanted.emit()
        else:
            super().keyPressEvent(event)
