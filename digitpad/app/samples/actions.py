"""The actions of the Samples page, for the menu, the buttons and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from digitpad.app.widgets.controls import make_action, set_tip_with_key

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from digitpad.app.widgets.icons import Icons


class SamplesActions(QObject):
    """The actions of the Samples page; `SamplesController` connects them.

    They can be used only while the page is in front.

    Args:
        icons: for menus and buttons.
        undo: of the menu Edit, which belongs to the page in front.
        redo: likewise.
        parent: owns the actions.

    Attributes:
        undo: see there.
        redo: see there.
        play: shows how the drawing that is looked at was drawn.
        on_pad: puts it on the pad.
        relabel: gives the selected samples another label.
        flag: flags them, or no longer.
        delete: deletes them.
        show_all: no filter any more.
        collect: asks for drawings, one class after another.
        import_file: adds samples from a file.
        import_folder: adds samples from a folder.
        export_strokes: writes what is shown into a file of strokes.
        export_pictures: writes it as pictures, a folder for each class.
        export_mnist: writes it as MNIST's files.
        delete_everything: deletes all that was taught.
        exports: the three of them.
        of_wall: those whose keys are the wall's alone.
    """

    def __init__(
        self, icons: Icons, undo: QAction, redo: QAction, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.undo, self.redo = undo, redo
        self.play = make_action(self, self.tr("&Play the strokes"), "Space", icons.icon("play"))
        self.on_pad = make_action(
            self, self.tr("&Open on the pad"), "Ctrl+Return", icons.icon("pen")
        )
        self.relabel = make_action(self, self.tr("La&bel…"), "Ctrl+Shift+L")
        self.flag = make_action(
            self, self.tr("&Flag as a possible slip"), "F", icons.icon("flag"), checkable=True
        )
        # Where F is a class, its key labels.
        self.flag.setShortcuts([QKeySequence("F"), QKeySequence("Ctrl+Shift+F")])
        self.delete = make_action(
            self, self.tr("&Delete"), QKeySequence.StandardKey.Delete, icons.icon("trash")
        )
        self.show_all = make_action(self, self.tr("&Show all"), "Ctrl+Shift+A")
        self.collect = make_action(self, self.tr("Dra&w these…"), "Ctrl+K", icons.icon("pen"))
        self.import_file = make_action(
            self, self.tr("Import drawin&gs…"), "Ctrl+Shift+O", icons.icon("open")
        )
        self.import_folder = make_action(self, self.tr("Import a folde&r…"), "Ctrl+Alt+O")
        self.export_strokes = make_action(
            self, self.tr("&Export strokes…"), "Ctrl+Shift+S", icons.icon("save")
        )
        self.export_pictures = make_action(self, self.tr("Export pi&ctures…"), "Ctrl+Alt+S")
        self.export_mnist = make_action(self, self.tr("Export as &MNIST's files…"), "Ctrl+Alt+M")
        self.delete_everything = make_action(
            self, self.tr("Delete e&verything I taught…"), "Ctrl+Shift+Backspace"
        )
        tips = {
            self.play: self.tr("Show how this was drawn"),
            self.relabel: self.tr("Say what the selected drawings are"),
            self.flag: self.tr("Flag the selected drawings as possible slips, or no longer"),
            self.delete: self.tr("Delete the selected drawings; this can be undone"),
            self.show_all: self.tr("Show all drawings again"),
            self.collect: self.tr("Draw one class after another, as the program asks for them"),
            self.import_file: self.tr("Add drawings from a file of strokes or a table of pixels"),
            self.import_folder: self.tr(
                "Add drawings from a folder of pictures for each class, or of MNIST's files"
            ),
            self.export_strokes: self.tr("Write the strokes of what is shown into a file"),
            self.export_pictures: self.tr(
                "Write what is shown as pictures, a folder for each class"
            ),
            self.export_mnist: self.tr("Write what is shown as files that torchvision reads"),
        }
        for action, tip in tips.items():
            set_tip_with_key(action, tip)
        self.exports = (self.export_strokes, self.export_pictures, self.export_mnist)
        self.of_wall = (self.play, self.flag, self.delete)
        for action in self.of_wall:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._is_shown = False
        self._possible: dict[QAction, bool] = {}
        for group in self.groups:
            for action in group:
                self.allow(action, possible=False)

    @property
    def groups(self) -> list[list[QAction]]:
        """All actions but undo and redo, in the order and the groups of the menu."""
        return [
            [self.collect],
            [self.play, self.on_pad],
            [self.relabel, self.flag, self.delete],
            [self.show_all],
            [self.import_file, self.import_folder],
            [self.export_strokes, self.export_pictures, self.export_mnist],
            [self.delete_everything],
        ]

    def menu(self, parent: QWidget, retrain: QAction) -> QMenu:
        """Make a menu of all actions; first comes that of a training with the samples."""
        menu = QMenu(self.tr("Samp&les"), parent)
        menu.addAction(retrain)
        for group in self.groups:
            menu.addSeparator()
            menu.addActions(group)
        return menu

    def menu_of_sample(self, parent: QWidget) -> QMenu:
        """Make a menu of what can be done with the selected samples."""
        menu = QMenu(parent)
        menu.addActions([self.play, self.on_pad])
        menu.addSeparator()
        menu.addActions([self.relabel, self.flag, self.delete])
        return menu

    def allow(self, action: QAction, *, possible: bool) -> None:
        """Say whether an action can be used while the page is in front."""
        self._possible[action] = possible
        action.setEnabled(possible and self._is_shown)

    def set_shown(self, *, shown: bool) -> None:
        """Enable or disable the actions as the page comes to the front or leaves it."""
        self._is_shown = shown
        for action, possible in self._possible.items():
            self.allow(action, possible=possible)
