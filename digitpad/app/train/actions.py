"""The actions of the Train page, for the menu, the buttons and the keys."""

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
    """The actions of the Train page, connected by its controllers and by `CurvesView`.

    Most of them can be used only while the page is in front, where the user sees what they change.
    A training can be paused, continued and stopped from any page.

    Attributes:
        start: starts a training with the settings of the form.
        hold: pauses the training, or continues it after a pause.
        stop: stops the training.
        use: publishes the network of the shown run to the pad.
        resume: resumes the shown run.
        settings: shows the settings of the shown run in the form.
        retrain: shows the settings in the form with which the active model learns from the user's
            samples; also while another page is in front.
        keep: lets the pad keep the model that the shown run began with.
        rename: renames the shown run.
        delete: deletes the shown run.
        picture: saves its curves as a picture.
        table: saves their values as a table.
    """

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._play, self._pause = icons.icon("play"), icons.icon("pause")
        self._is_shown = False
        self.start = make_action(self, "", "F5", self._play)
        self.hold = make_action(self, self.tr("&Pause"), "F6", self._pause)
        self.stop = make_action(self, self.tr("St&op"), "Shift+F5", icons.icon("stop"))
        self.use = make_action(self, self.tr("&Use this model"), "Ctrl+U")
        self.resume = make_action(self, self.tr("Resume trainin&g"), "Ctrl+R")
        self.settings = make_action(self, self.tr("Ne&w from its settings"), "Ctrl+N")
        self.retrain = make_action(self, self.tr("Retrain with m&y samples"), "Ctrl+Shift+R")
        self.keep = make_action(self, self.tr("&Keep the former model"), "Ctrl+Shift+U")
        self.rename = make_action(self, self.tr("Rena&me run…"), "F2")
        self.delete = make_action(self, self.tr("&Delete run…"), "Ctrl+Shift+Del")
        self.picture = make_action(self, self.tr("Save &curves as picture…"), "Ctrl+Shift+P")
        self.table = make_action(self, self.tr("Save &values of the curves…"), "Ctrl+Shift+T")
        tips = {
            self.stop: self.tr("End the training; its best network is kept, and it can be resumed"),
            self.use: self.tr("Use this network on the pad from now on"),
            self.resume: self.tr("Resume this training run where it ended"),
            self.retrain: self.tr(
                "Let the model in use learn your hand from what you have drawn and labelled"
            ),
            self.keep: self.tr("Use the model on the pad that this training began with"),
            self.settings: self.tr("Show the settings of this run in the form, for a new run"),
        }
        for action, tip in tips.items():
            set_tip_with_key(action, tip)
        self._everywhere = (self.hold, self.stop, self.retrain)
        self._possible: dict[QAction, bool] = {}
        for group in self.groups:
            for action in group:
                self.allow(action, possible=False)
        self.show_start(possible=False)
        self.show_state("idle")

    @property
    def groups(self) -> list[list[QAction]]:
        """All actions, in the order and the groups of the menu."""
        return [
            [self.start, self.hold, self.stop],
            [self.retrain],
            [self.use, self.keep, self.resume, self.settings],
            [self.rename, self.delete],
            [self.picture, self.table],
        ]

    def menu(self, parent: QWidget) -> QMenu:
        """Make a menu of all actions."""
        menu = QMenu(self.tr("Tr&ain"), parent)
        for number, group in enumerate(self.groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)
        return menu

    def allow(self, action: QAction, *, possible: bool) -> None:
        """Say whether an action can be used; most also need the page to be in front."""
        self._possible[action] = possible
        action.setEnabled(possible and (self._is_shown or action in self._everywhere))

    def set_shown(self, *, shown: bool) -> None:
        """Enable or disable the actions as the page comes to the front or leaves it."""
        self._is_shown = shown
        for action, possible in self._possible.items():
            self.allow(action, possible=possible)

    def show_start(self, *, possible: bool, obstacle: str = "", download: str = "") -> None:
        """Update the text, the tip and the state of `start`.

        Args:
            possible: whether no training is running.
            obstacle: a sentence that says why no training can start. It becomes the tip. "" if
                there is no obstacle.
            download: the size of what a start downloads first, such as "562 MB"; "" for nothing.
        """
        text, tip = self.tr("&Start"), self.tr("Train a network with these settings")
        if download:
            text = self.tr("Download {size} and &start").format(size=plain_item(download))
            tip = self.tr("Download the dataset, and train a network with these settings")
        self.start.setText(text)
        set_tip_with_key(self.start, plain_tip(obstacle) or tip)
        self.allow(self.start, possible=possible and not obstacle)

    def show_state(self, state: State) -> None:
        """Update `hold` and `stop` for the state of the training."""
        is_paused = state == "paused"
        self.hold.setText(self.tr("Continue") if is_paused else self.tr("&Pause"))
        self.hold.setIcon(self._play if is_paused else self._pause)
        tip = self.tr("Pause the training for a while; it stays in memory and continues at once")
        set_tip_with_key(self.hold, self.tr("Continue the training") if is_paused else tip)
        self.allow(self.hold, possible=state in {"running", "paused"})
        self.allow(self.retrain, possible=state == "idle")
        self.allow(self.stop, possible=state not in {"idle", "stopping"})
