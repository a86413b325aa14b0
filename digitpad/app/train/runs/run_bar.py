"""Which training is shown, and what can be done with it."""

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
"""Width of an accuracy's range, from which on it is shown in the list."""


class RunBar(QWidget):
    """A list of all trainings, the newest first, and the actions of the chosen one.

    Attributes:
        runs: all trainings that can be chosen.

    Signals:
        chosen: another training is to be shown; its id.
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
        """What the button is called that resumes a training."""
        return plain_text(self._actions.resume.text())

    @property
    def run(self) -> Run | None:
        """The training that is shown."""
        index = self.list.currentIndex()
        return self.runs[index] if 0 <= index < len(self.runs) else None

    def show_runs(
        self, runs: Sequence[Run], current: Run | None = None, live: Run | None = None
    ) -> None:
        """Show the trainings there are.

        Args:
            runs: the newest first.
            current: the one to choose; the first where none of this id is among them.
            live: the one that is going on in this window.
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
            # A few drawings say little: nobody should compare two runs by them.
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
        # While one is trained, the form shows its settings.
        allow(actions.settings, possible=run is not None and self._live is None)
        allow(actions.rename, possible=run is not None)
        allow(actions.delete, possible=not elsewhere)

    @Slot()
    def _on_activated(self) -> None:
        self._update()
        run = self.run
        if run is not None:
            self.chosen.emit(run.id)
