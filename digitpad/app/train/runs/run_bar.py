"""Which training is shown, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QWidget

from digitpad.app.widgets.controls import FlatButton
from digitpad.app.widgets.layout import fill
from digitpad.app.widgets.numbers import percent
from digitpad.app.widgets.theme import QuietLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        use_wanted: the pad is to read with its network.
        resume_wanted: it is to be resumed.
        settings_wanted: the form is to show its settings.
        rename_wanted, delete_wanted: as they say.
    """

    chosen = Signal(str)
    use_wanted = Signal()
    resume_wanted = Signal()
    settings_wanted = Signal()
    rename_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.runs: tuple[Run, ...] = ()
        self._live: str | None = None
        self.list = QComboBox()
        self.list.setAccessibleName(self.tr("Training run shown"))
        self.list.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.list.setMinimumContentsLength(16)
        self.list.activated.connect(self._on_activated)
        self.use = QPushButton(self.tr("&Use this model"))
        self.use.setToolTip(self.tr("Use this network on the pad from now on"))
        self.use.clicked.connect(self.use_wanted)
        self.resume = QPushButton(self.tr("Resume &it"))
        self.resume.setToolTip(self.tr("Resume this training run where it was suspended"))
        self.resume.clicked.connect(self.resume_wanted)
        menu = QMenu(self)
        self.settings = menu.addAction(self.tr("Use its &settings"))
        self.settings.triggered.connect(self.settings_wanted)
        self.rename = menu.addAction(self.tr("Re&name…"))
        self.rename.triggered.connect(self.rename_wanted)
        menu.addSeparator()
        self.delete = menu.addAction(self.tr("&Delete…"))
        self.delete.triggered.connect(self.delete_wanted)
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
        return self.resume.text().replace("&", "")

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
        self.use.setEnabled(run is not None and run.has_model)
        self.resume.setVisible(run is not None and run.is_resumable and not elsewhere)
        self.resume.setEnabled(self._live is None)
        self._more.setEnabled(run is not None)
        # While one is trained, the form shows its settings.
        self.settings.setEnabled(self._live is None)
        self.delete.setEnabled(not elsewhere)

    @Slot()
    def _on_activated(self) -> None:
        self._update()
        run = self.run
        if run is not None:
            self.chosen.emit(run.id)
