"""The actions of the Inside page, for the menu, the buttons and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from digitpad.app.widgets.controls import make_action, set_tip_with_key

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from digitpad.app.pad.actions import PadActions
    from digitpad.app.widgets.icons import Icons


class InsideActions(QObject):
    """The actions of the Inside page; `InsideController` connects them.

    They can be used only while the page is in front.

    Args:
        icons: for menus and buttons.
        pad: those of the pad. Some of them belong to the page in front.
        parent: owns the actions.

    Attributes:
        undo: takes back the latest change of the drawing.
        redo: does it again.
        clear: empties the pad.
        views: one of them is checked: the view in front.
        chapters: shows the guided tour beside the view.
        picture: saves the view as a picture.
        table: saves the numbers of a layer as a table.
    """

    def __init__(
        self,
        icons: Icons,
        pad: PadActions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.undo, self.redo, self.clear = pad.undo, pad.redo, pad.clear
        self._fills_pad = pad.open, pad.paste
        names = {
            self.tr("&Layers"): self.tr("What each layer of the network makes of your drawing"),
            self.tr("Loss and &step"): self.tr(
                "How wrong the answer is, and one step of learning from it"
            ),
            self.tr("What &matters"): self.tr("Which of your ink speaks for the answer"),
            self.tr("Through &training"): self.tr("How a network became what it is"),
        }
        self.views = [
            make_action(self, name, f"Alt+{number}", checkable=True)
            for number, name in enumerate(names, 1)
        ]
        group = QActionGroup(self)
        for action, tip in zip(self.views, names.values(), strict=True):
            set_tip_with_key(action, tip)
            group.addAction(action)
        self.views[0].setChecked(True)
        self.chapters = make_action(self, self.tr("C&hapters"), "F3", checkable=True)
        set_tip_with_key(self.chapters, self.tr("A guided tour in eight short chapters"))
        self.picture = make_action(
            self, self.tr("Save &view as picture…"), "Ctrl+Alt+P", icons.icon("export")
        )
        self.table = make_action(self, self.tr("Save &numbers of a layer…"), "Ctrl+Alt+T")
        self.set_shown(shown=False)

    @property
    def _own(self) -> list[QAction]:
        return [*self.views, self.chapters, self.picture, self.table, *self._fills_pad]

    def menu(self, parent: QWidget) -> QMenu:
        """The menu of the page."""
        menu = QMenu(self.tr("&Inside"), parent)
        for number, group in enumerate(
            ([*self.views], [self.chapters], [self.picture, self.table])
        ):
            if number:
                menu.addSeparator()
            menu.addActions(group)
        return menu

    def set_shown(self, *, shown: bool) -> None:
        """Let the actions be used while the page is in front."""
        for action in self._own:
            action.setEnabled(shown)
