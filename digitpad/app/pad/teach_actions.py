"""The actions that teach, for the menu, the answer, and the keys."""

from __future__ import annotations

from string import digits
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from digitpad.app.answer.several import quoted
from digitpad.app.widgets.controls import make_action, set_tip_with_key
from digitpad.app.widgets.layout import plain_item, plain_tip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digitpad.app.widgets.icons import Icons

_MOST = 100
"""Classes that have an entry in the menu; beyond, the bars alone name them."""


class TeachActions(QObject):
    """The actions that teach. `LessonController` connects them.

    Attributes:
        confirm: the answer is right.
        take_back: takes the latest lesson back.
        show_lessons: shows all that was taught.
        used: whether the pad uses what was taught.
        named: says what the drawing is, by the name of the class.

    Signals:
        class_named: the user says what the drawing is; the name of the class.
    """

    class_named = Signal(str)

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.confirm = make_action(self, self.tr("That's &right"), "Return", icons.icon("check"))
        self.confirm.setShortcuts([QKeySequence("Return"), QKeySequence("Enter")])
        self.take_back = make_action(self, self.tr("Take the &lesson back"), "Ctrl+Backspace")
        self.show_lessons = make_action(self, self.tr("Sho&w the lessons"), "Ctrl+L")
        self.used = make_action(self, self.tr("Use what I tau&ght"), "Ctrl+T", checkable=True)
        self.used.setChecked(True)
        tips = {
            self.confirm: self.tr("Teach that this answer is right"),
            self.take_back: self.tr("Unlearn the latest lesson of this time"),
            self.show_lessons: self.tr("Show all that you have taught"),
        }
        for action, tip in tips.items():
            set_tip_with_key(action, tip)
        self.named: dict[str, QAction] = {}
        self._names = QMenu(self.tr("T&his is"))
        self._names.setToolTipsVisible(True)
        self._can_name = True
        self.allow_names(possible=False)

    @property
    def group(self) -> list[QAction]:
        """The actions as a group of a menu."""
        return [
            *(self.confirm, self._names.menuAction(), self.take_back),
            *(self.used, self.show_lessons),
        ]

    def name_classes(self, classes: tuple[str, ...], taken: Iterable[QAction]) -> None:
        """Offer these classes, each by its own key if that is a digit or a letter, and free.

        Args:
            classes: of the model.
            taken: actions whose keys are not free.
        """
        classes = classes[:_MOST] if len(classes) <= _MOST else ()
        if tuple(self.named) == classes:
            return
        for action in self.named.values():
            self._names.removeAction(action)
            action.deleteLater()
        used = {key for action in taken for key in action.shortcuts()}
        self.named = {}
        for name, key in _keys_of(classes).items():
            free = key is not None and key not in used
            action = QAction(plain_item(name), self)
            if free and key is not None:
                action.setShortcut(key)
            tip = self.tr("Teach that this is {name}").format(name=quoted(name))
            set_tip_with_key(action, plain_tip(tip))
            action.triggered.connect(lambda _=False, name=name: self.class_named.emit(name))
            action.setEnabled(self._can_name)
            self.named[name] = action
            self._names.addAction(action)

    def allow_names(self, *, possible: bool) -> None:
        """Enable the naming of classes, or not."""
        if possible != self._can_name:
            self._can_name = possible
            self._names.menuAction().setEnabled(possible)
            for action in self.named.values():
                action.setEnabled(possible)

    def show_use(self, tip: str, *, possible: bool, used: bool) -> None:
        """Show whether what was taught is used, and why that cannot be chosen now."""
        self.used.setEnabled(possible)
        self.used.setChecked(used)
        set_tip_with_key(self.used, plain_tip(tip))

    def tip_of(self, name: str) -> str:
        """What a click on the bar of a class does."""
        action = self.named.get(name)
        if action is not None:
            return action.toolTip()
        return plain_tip(self.tr("Teach that this is {name}").format(name=quoted(name)))


def _keys_of(classes: Iterable[str]) -> dict[str, QKeySequence | None]:
    """The key that writes each class; Shift where both cases of a letter are classes."""
    classes = tuple(classes)
    keys: dict[str, QKeySequence | None] = {}
    for name in classes:
        lower, upper = name.lower(), name.upper()
        is_letter = lower != upper
        if len(name) != 1 or not (is_letter or name in digits):
            keys[name] = None
        elif name != lower and lower in classes:
            keys[name] = QKeySequence(f"Shift+{upper}")
        else:
            keys[name] = QKeySequence(upper)
    return keys
