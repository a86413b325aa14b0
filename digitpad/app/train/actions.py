"""Everything that can be done with trainings, as actions for the menu, buttons and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from digitpad.app.widgets.controls import make_action, set_tip_with_key
from digitpad.app.widgets.layout import plain_item, plain_tip

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from digitpad.app.services.training import State
    from digitpad.app.widgets.icons import Icons


class TrainActions(QObject):
    """The actions of the Train page; who connects them says what they do.

    Those that begin or change something can only be used where one sees what they are about: while
    the page is in front. A training that is going on can be held and stopped from everywhere.

    Attributes:
        start: a training with the settings of the form.
        hold: pauses a training, and continues one that is paused.
        stop: the training.
        use, resume, settings, rename, delete: of the run that is shown.
        picture, table: of its curves.
    """

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._play, self._pause = icons.icon("play"), icons.icon("pause")
        self._is_shown = False
        self.start = make_action(self, "", "F5", self._play)
        self.hold = make_action(self, self.tr("&Pause"), "F6", self._pause)
        self.stop = make_action(self, self.tr("St&op"), "Shift+F5", icons.icon("stop"))
        self.use = make_action(self, self.tr("&Use this model"), "Ctrl+U")
        self.resume = make_action(self, self.tr("Resume tra&ining"), "Ctrl+R")
        self.settings = make_action(self, self.tr("Ne&w from its settings"), "Ctrl+N")
        self.rename = make_action(self, self.tr("Rena&me run…"), "F2")
        self.delete = make_action(self, self.tr("&Delete run…"), "Ctrl+Shift+Del")
        self.picture = make_action(self, self.tr("Save &curves as picture…"), "Ctrl+Shift+P")
        self.table = make_action(self, self.tr("Save &values of the curves…"), "Ctrl+Shift+T")
        tips = {
            self.stop: self.tr("End the training; its best network is kept, and it can be resumed"),
            self.use: self.tr("Use this network on the pad from now on"),
            self.resume: self.tr("Resume this training run where it ended"),
            self.settings: self.tr("Let the form show the settings of this run, for a new one"),
        }
        for action, tip in tips.items():
            set_tip_with_key(action, tip)
        self._everywhere = (self.hold, self.stop)
        self._possible: dict[QAction, bool] = {}
        for group in self.groups:
            for action in group:
                self.allow(action, possible=False)
        self.show_start(possible=False)
        self.show_state("idle")

    @property
    def groups(self) -> list[list[QAction]]:
        """All actions as they stand in the menu."""
        return [
            [self.start, self.hold, self.stop],
            [self.use, self.resume, self.settings],
            [self.rename, self.delete],
            [self.picture, self.table],
        ]

    def menu(self, parent: QWidget) -> QMenu:
        """A menu with all actions."""
        menu = QMenu(self.tr("Tr&ain"), parent)
        for number, group in enumerate(self.groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)
        return menu

    def allow(self, action: QAction, *, possible: bool) -> None:
        """Say whether an action has something to do."""
        self._possible[action] = possible
        action.setEnabled(possible and (self._is_shown or action in self._everywhere))

    def set_shown(self, *, shown: bool) -> None:
        """Follow whether the page is in front."""
        self._is_shown = shown
        for action, possible in self._possible.items():
            self.allow(action, possible=possible)

    def show_start(self, *, possible: bool, obstacle: str = "", download: str = "") -> None:
        """Say what a start does now, and whether there can be one.

        Args:
            possible: whether no training is running.
            obstacle: a sentence that says why none can be started, shown as the tip; or "".
            download: what is downloaded first, such as "562 MB"; or "".
        """
        text, tip = self.tr("&Start"), self.tr("Train a network with these settings")
        if download:
            text = self.tr("Download {size} and &start").format(size=plain_item(download))
            tip = self.tr("Download the dataset, and train a network with these settings")
        self.start.setText(text)
        set_tip_with_key(self.start, plain_tip(obstacle) or tip)
        self.allow(self.start, possible=possible and not obstacle)

    def show_state(self, state: State) -> None:
        """Follow the training that is going on."""
        is_paused = state == "paused"
        self.hold.setText(self.tr("Co&ntinue") if is_paused else self.tr("&Pause"))
        self.hold.setIcon(self._play if is_paused else self._pause)
        tip = self.tr("Pause the training for a while; it stays in memory and continues at once")
        set_tip_with_key(self.hold, self.tr("Continue the training") if is_paused else tip)
        self.allow(self.hold, possible=state in {"running", "paused"})
        self.allow(self.stop, possible=state not in {"idle", "stopping"})
