"""The actions for sets of symbols, for the menu of models and for keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from digitpad.app.widgets.controls import make_action, set_tip_with_key

if TYPE_CHECKING:
    from PySide6.QtGui import QAction


class SymbolActions(QObject):
    """The actions for the user's own symbols; `SymbolsController` connects them.

    Attributes:
        new: makes a set of symbols.
        change: changes the set that the active model reads.
        draw: asks for drawings of its symbols.
        train: shows the settings with which a network is trained on them.
        every: all of them, in the order of the menu.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.new = make_action(self, self.tr("New &symbols…"), "Ctrl+Shift+N")
        self.change = make_action(self, self.tr("&Change these symbols…"), "Ctrl+Shift+E")
        self.draw = make_action(self, self.tr("&Draw these symbols"), "Ctrl+Shift+D")
        self.train = make_action(self, self.tr("&Train on my symbols"), "Ctrl+Shift+I")
        tips = {
            self.new: self.tr("Name symbols of your own, and draw a few of each: they are read"),
            self.change: self.tr("Add, remove or rename symbols, or delete them all"),
            self.draw: self.tr("Draw three more of each symbol, as the program asks for them"),
            self.train: self.tr("Train a network on your drawings of these symbols"),
        }
        for action, tip in tips.items():
            set_tip_with_key(action, tip)
        self.every: tuple[QAction, ...] = (self.new, self.change, self.draw, self.train)
        self.show_set(is_set=False)

    def show_set(self, *, is_set: bool) -> None:
        """Enable what can be done only while the active model reads a set of symbols."""
        for action in (self.change, self.draw, self.train):
            action.setEnabled(is_set)
