"""The actions of the pad, for menus, buttons and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from digitpad.app.widgets.controls import key_text, make_action

if TYPE_CHECKING:
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
        self.groups: dict[MenuName, list[list[QAction]]] = {
            "file": [[self.open, self.save]],
            "edit": [
                [self.undo, self.redo],
                [self.copy, self.copy_answer, self.paste],
                [self.clear],
            ],
            "tools": [[self.pen, self.eraser], [self.thinner, self.thicker], [self.threshold]],
            "view": [[self.stages]],
        }
        tools = [action for group in self.groups["tools"] for action in group]
        self.always = (self.open, self.paste, self.stages, *tools)
