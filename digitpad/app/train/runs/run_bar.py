"""The list of training runs, and buttons for the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QWidget

from digitpad.app.widgets.controls import ActionButton, FlatButton, plain_text
from digitpad.app.widgets.layout import fill
from digitpad.app.widgets.numbers import percent
from digitpad.app.widgets.theme import QuietLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.train.actions import TrainActions
    from digitpad.app.widgets.icons import Icons
    from digitpad.learning.runs.run import Run

_UNCERTAIN = 0.03
"""The range of an accuracy is shown in the list if it is wider than this share."""


class RunBar(QWidget):
    """The list of all training runs, the newest first, and buttons for the chosen one.

    Attributes:
        runs: all runs, in the order of the list.

    Signals:
        chosen: the user has chosen the run with this id.
    """

    chosen = Signal(str)

    def __init__(self, actions: TrainActions, icons: Icons) -> None:
        super().__init__()
        self._actions = actions
        self.runs: tuple[Run, ...] = ()
        self._live: str | None = None
        self.list = QComboBox()
        self.list.setAccessibleName(self.tr("Training run shown"))
        self.list.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.list.setMinimumContentsLength(16)
        self.list.activated.connect(self._on_activated)
        self.use, self.resume = ActionButton(actions.use), ActionButton(actions.resume)
        menu = QMenu(self)
        menu.addActions([actions.settings, actions.rename])
        menu.addSeparator()
        menu.addAction(actions.delete)
        self._more = FlatButton(
            icons.icon("more"), self.tr("More for this training run"), menu=menu
        )
        label = QuietLabel(self.tr("&Run"))
        label.setBuddy(self.list)
        widgets = (label, (self.list, 1), self.resume, self.use, self._more)
        fill(QHBoxLayout(self), *widgets, spacing=8)
        self.show_runs(())

    @property
    def resume_name(self) -> str:
        """Text of the button that resumes a run."""
        return plain_text(self._actions.resume.text())

    @property
    def run(self) -> Run | None:
        """The chosen run; None if there are no runs."""
        index = self.list.currentIndex()
        return self.runs[index] if 0 <= index < len(self.runs) else None

    def show_runs(
        self, runs: Sequence[Run], current: Run | None = None, live: Run | None = None
    ) -> None:
        """List these runs.

        Args:
            runs: the newest first.
            current: the run to choose, found by its id; the first if it is None or not listed.
            live: the run that is being trained in this window.
        """
        self.runs = tuple(runs)
        self._live = None if live is None else live.id
        self.list.clear()
        for row, run in enumerate(self.runs):
            self.list.addItem(self._text(run), run.id)
            created = run.created.astimezone().strftime("%x %X")
            self.list.setItemData(row, created, Qt.ItemDataRole.ToolTipRole)
        if not self.runs:
            self.list.addItem(self.tr("No training run yet"))
        self.list.setEnabled(bool(self.runs))
        self.list.setCurrentIndex(max(self.list.findData(current.id), 0) if current else 0)
        self._update()

    def _text(self, run: Run) -> str:
        if run.id == self._live:
            return self.tr("{name} · training now").format(name=run.name)
        parts = [run.name]
        if run.best_accuracy is not None:
            parts.append(percent(run.best_accuracy))
            # With few drawings the accuracy is so uncertain that it should not decide between runs.
            if (found := run.accuracy_range) is not None and found[1] - found[0] > _UNCERTAIN:
                own = {"low": percent(found[0]), "high": percent(found[1])}
                parts[-1] = self.tr("{accuracy} ({low} to {high})").format(
                    accuracy=parts[-1], **own
                )
        states = {
            "running": self.tr("training elsewhere"),
            "suspended": self.tr("suspended"),
            "interrupted": self.tr("interrupted"),
            "failed": self.tr("failed"),
            "stopped": self.tr("stopped"),
        }
        if run.status in states:
            parts.append(states[run.status])
        return " · ".join(parts)

    def _update(self) -> None:
        run = self.run
        elsewhere = run is None or run.id == self._live or run.status == "running"
        allow, actions = self._actions.allow, self._actions
        can_resume = run is not None and run.is_resumable and not elsewhere
        allow(actions.use, possible=run is not None and run.has_model)
        self.resume.setVisible(can_resume)
        allow(actions.resume, possible=can_resume and self._live is None)
        self._more.setEnabled(run is not None)
        # During a training the form shows the settings of that training.
        allow(actions.settings, possible=run is not None and self._live is None)
        allow(actions.rename, possible=run is not None)
        allow(actions.delete, possible=not elsewhere)

    @Slot()
    def _on_activated(self) -> None:
        self._update()
        run = self.run
        if run is not None:
            self.chosen.emit(run.id)
