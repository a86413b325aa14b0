"""The actions of the pad, for menus, buttons and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from digitpad.app.widgets.controls import key_text, make_action, plain_text, set_tip_with_key

if TYPE_CHECKING:
    from digitpad.app.answer.class_kind import ClassKind
    from digitpad.app.widgets.controls import Keys
    from digitpad.app.widgets.icons import Icons
    from digitpad.app.window import MenuName


class PadActions(QObject):
    """The actions of the pad. `PadController` connects them.

    Attributes:
        always: actions that can be used whenever the page is in front, whatever is on the pad.
        groups: all actions, in the order and the groups of each menu.
    """

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)

        def add(icon: str, text: str, keys: Keys, *, checkable: bool = False) -> QAction:
            drawn = icons.icon(icon) if icon else None
            return make_action(self, text, keys, drawn, checkable=checkable)

        keys = QKeySequence.StandardKey
        self.open = add("open", self.tr("&Open…"), keys.Open)
        self.save = add("save", self.tr("&Save as…"), keys.Save)
        self.undo = add("undo", self.tr("&Undo"), keys.Undo)
        self.redo = add("redo", self.tr("&Redo"), keys.Redo)
        self.copy = add("copy", self.tr("&Copy picture"), keys.Copy)
        self.copy_answer = add("", self.tr("Copy &answer"), "Ctrl+Shift+C")
        self.paste = add("paste", self.tr("&Paste"), keys.Paste)
        self.clear = add("clear", self.tr("C&lear"), "Esc")
        self.stages = add("steps", self.tr("&How it got there"), "Ctrl+I", checkable=True)
        self.pen = add("pen", self.tr("&Pen"), "P", checkable=True)
        self.eraser = add("eraser", self.tr("&Eraser"), "E", checkable=True)
        self.eraser.setToolTip(
            self.tr("Eraser ({key}); the right mouse button erases too").format(
                key=key_text(self.eraser)
            )
        )
        either = QActionGroup(self)
        for tool in (self.pen, self.eraser):
            either.addAction(tool)
        self.pen.setChecked(True)
        self.thinner = add("", self.tr("&Thinner pen"), "[")
        self.thicker = add("", self.tr("Th&icker pen"), "]")
        self.threshold = add("", self.tr("Re&jection threshold…"), "Ctrl+D")
        self.as_one = add("", self.tr("Read as &one digit"), "O", checkable=True)
        self.signs = add("", self.tr("Read points and &signs"), "S", checkable=True)
        self.previous_part = add("", self.tr("Pre&vious part"), "Ctrl+Left")
        self.next_part = add("", self.tr("&Next part"), "Ctrl+Right")
        self.whole = add("", self.tr("&Whole number"), "Ctrl+Up")
        self._clears, self._shows_whole = self.clear.shortcut(), self.whole.shortcut()
        self.groups: dict[MenuName, list[list[QAction]]] = {
            "file": [[self.open, self.save]],
            "edit": [
                [self.undo, self.redo],
                [self.copy, self.copy_answer, self.paste],
                [self.clear],
            ],
            "tools": [
                [self.pen, self.eraser],
                [self.thinner, self.thicker],
                [self.as_one, self.signs, self.threshold],
            ],
            "view": [[self.stages], [self.previous_part, self.next_part, self.whole]],
        }
        tools = [action for group in self.groups["tools"] for action in group]
        self.always = (self.open, self.paste, self.stages, *tools)

    def groups_with(self, tools: list[QAction]) -> dict[MenuName, list[list[QAction]]]:
        """The groups with one more in the menu Tools."""
        return {**self.groups, "tools": [*self.groups["tools"], tools]}

    def name_classes(self, kind: ClassKind) -> None:
        """Name what the model reads: one digit or a number, say."""
        one, whole = {
            "digits": (self.tr("Read as &one digit"), self.tr("&Whole number")),
            "letters": (self.tr("Read as &one letter"), self.tr("&Whole word")),
            "characters": (self.tr("Read as &one digit or letter"), self.tr("&Whole text")),
            "others": (self.tr("Read as &one symbol"), self.tr("&Whole text")),
        }[kind]
        for action, text in ((self.as_one, one), (self.whole, whole)):
            action.setText(text)
            set_tip_with_key(action, plain_text(text))

    def give_escape(self, *, to_whole: bool) -> None:
        """Let the key that clears lead from a part to the whole first."""
        self.clear.setShortcut(QKeySequence() if to_whole else self._clears)
        self.whole.setShortcuts(
            [self._clears, self._shows_whole] if to_whole else [self._shows_whole]
        )
        for action in (self.clear, self.whole):
            set_tip_with_key(action, plain_text(action.text()))
