"""The controller of the runs: it shows one of them, and uses, renames or deletes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QMessageBox

from digitpad.app.i18n import translated
from digitpad.app.widgets.dialogs import message_box
from digitpad.app.widgets.numbers import percent, progress, whole
from digitpad.errors import DigitpadError
from digitpad.learning.runs.publish import publish_model
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.app.services.training import TrainingService
    from digitpad.app.train.actions import TrainActions
    from digitpad.app.train.curves.view import CurvesView
    from digitpad.app.train.runs.comparison_bar import ComparisonBar
    from digitpad.app.train.runs.progress import ProgressRow
    from digitpad.app.train.runs.run_bar import RunBar
    from digitpad.learning.events import Started
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_store import ModelStore


class RunsController(QObject):
    """Connects the list of runs and the curves with the store of runs.

    Args:
        bar: the list of runs.
        curves: show the curves of the chosen run.
        progress: shows the result of the chosen run while no training is running.
        comparison: shows then what the chosen run has changed, if it learned from the user's
            samples.
        actions: those for the chosen run.
        training: runs trainings. The run that it trains now is the live one.
        store: the store of runs.
        models: the store of models that the pad can use.
        parent: the parent object.

    Signals:
        noticed: a sentence for the user.
        shown: another run is shown, or the same one again.
        published: the pad should use the model with this name.
        kept: the pad should go on using, or use again, the model with this name.
    """

    noticed = Signal(str)
    shown = Signal()
    published = Signal(str)
    kept = Signal(str)

    def __init__(
        self,
        bar: RunBar,
        curves: CurvesView,
        progress: ProgressRow,
        comparison: ComparisonBar,
        actions: TrainActions,
        training: TrainingService,
        store: RunStore,
        models: ModelStore,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bar, self._curves, self._progress = bar, curves, progress
        self._training, self._store, self._models = training, store, models
        self._comparison, self._actions = comparison, actions
        self._live: Run | None = None
        self._started: Started | None = None
        bar.chosen.connect(self._show)
        actions.use.triggered.connect(self._use)
        actions.keep.triggered.connect(self._keep)
        actions.rename.triggered.connect(self._rename)
        actions.delete.triggered.connect(self._delete)
        curves.noticed.connect(self.noticed)
        training.begun.connect(self._on_begun)
        training.started.connect(self._on_started)
        training.events.connect(self._on_events)

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self._bar.run

    @property
    def _shows_live(self) -> bool:
        return self._live is not None and self.run is not None and self.run.id == self._live.id

    def refresh(self, current: Run | None = None, *, holds: bool = False) -> None:
        """List the runs again.

        Args:
            current: the run to show; the newest if it is None or gone.
            holds: whether to leave the curves as they are.
        """
        try:
            runs = self._store.list()
        except DigitpadError as error:
            self.noticed.emit(translated(error))
            runs = ()
        notice = self._store.take_notice()
        if notice is not None:
            self.noticed.emit(translated(notice))
        self._bar.show_runs(runs, current, self._live)
        if self.run is not None:
            self._show(self.run.id, holds=holds)
        else:
            self._curves.clear()
            self._progress.show_idle("")
            self.hide_comparison()
            self.shown.emit()

    def refresh_if_changed(self) -> None:
        """List the runs again if other processes changed some. Curves of an unchanged run stay."""
        before = self.run
        try:
            runs = self._store.list()
        except DigitpadError:
            return  # reported when the runs are next needed
        # The row of the live run changes all the time.
        live = None if self._live is None else self._live.id
        known, found = ([run for run in each if run.id != live] for each in (self._bar.runs, runs))
        if known != found:
            holds = self._shows_live or before in found
            self.refresh(before, holds=holds)

    def end(self, run: Run | None) -> None:
        """Show the result of the training that has ended.

        Args:
            run: the run with its result; None if it has none. Then the live run stays shown, or
                the chosen one if no run had begun.
        """
        over = run or self._live or self.run
        # Curves that the user has zoomed or moved stay as they are.
        holds = self._shows_live and not self._curves.follows
        self._live = None
        self.refresh(over, holds=holds)

    def hide_comparison(self) -> None:
        """Show nothing of before and after: a training has started, say."""
        self._show_comparison(None)

    def _show_comparison(self, run: Run | None) -> None:
        found = None if run is None or not run.has_model else self._store.comparison(run.id)
        self._comparison.show_comparison(found)
        self._actions.allow(self._actions.keep, possible=found is not None and found.is_complete)

    @Slot(object)
    def _on_begun(self, run: Run) -> None:
        self._live, self._started = run, None
        self.refresh(run)

    @Slot(object)
    def _on_started(self, started: Started) -> None:
        self._started = started
        if self._shows_live:
            self._show_live()

    @Slot()
    def _on_events(self) -> None:
        if self._shows_live:
            self._curves.grow()

    @Slot(str)
    def _show(self, run_id: str, *, holds: bool = False) -> None:
        self.shown.emit()
        if self._shows_live:
            if not holds:
                self._show_live()
            return
        try:
            run = self._store.get(run_id)
            history = self._store.history(run_id)
        except DigitpadError as error:
            self.noticed.emit(translated(error))
            return
        if not len(history):
            self._curves.clear("over")
        elif not holds:
            self._curves.show_history(history, *_epochs_of(run))
        if self._training.state == "idle":
            done = run.steps_done / run.steps if run.steps else 0.0
            self._progress.show_idle(run.notice or self._summary(run), done)
            self._show_comparison(run)

    def _show_live(self) -> None:
        live, started, history = self._live, self._started, self._training.history
        if live is None or (started is None and not len(history)):
            self._curves.clear("coming")
            return
        # Until a resumed run has started, the numbers of its configuration stand in.
        planned = _epochs_of(live)
        if started is not None:
            planned = started.batches_per_epoch, started.epochs
        self._curves.show_history(history, *planned, is_live=True)

    def _summary(self, run: Run) -> str:
        accuracy = "" if run.best_accuracy is None else percent(run.best_accuracy, 2)
        if run.status == "running":
            sentence = self.tr("{name} is being trained by another window or on a command line.")
        elif run.is_resumable and run.status == "stopped" and run.best_accuracy is not None:
            sentence = self.tr(
                "{name} was stopped at {percent}, with a validation accuracy of {accuracy}. Its"
                " network can be used. Press “{button}” to resume it."
            )
        elif run.is_resumable and run.steps_done:
            sentence = self.tr("{name} is suspended at {percent}. Press “{button}” to resume it.")
        elif run.is_resumable:
            sentence = self.tr(
                "{name} ended before its first step. Press “{button}” to begin it again."
            )
        elif run.accuracy_range is not None and run.data is not None:
            low, high = run.accuracy_range
            said = Sentence(
                Plural(
                    "{name}: validation accuracy {accuracy} of {count} drawing (on others like it,"
                    " likely {low} to {high})",
                    "{name}: validation accuracy {accuracy} of {count} drawings (on others like"
                    " them, likely {low} to {high})",
                    run.data.validated,
                ),
                name=run.name,
                accuracy=accuracy,
                count=whole(run.data.validated),
                low=percent(low),
                high=percent(high),
            )
            return translated(said)
        elif run.best_accuracy is not None:
            sentence = self.tr("{name}: validation accuracy {accuracy}")
        else:
            return ""
        return sentence.format(
            name=run.name,
            percent=progress(run.steps_done, run.steps),
            accuracy=accuracy,
            button=self._bar.resume_name,
        )

    @Slot()
    def _use(self) -> None:
        if self.run is None:
            return
        try:
            name = publish_model(self.run, self._store, self._models)
        except DigitpadError as error:
            self.noticed.emit(translated(error))
        else:
            self.published.emit(name)

    @Slot()
    def _keep(self) -> None:
        found = None if self.run is None else self._store.comparison(self.run.id)
        if found is not None:
            self.kept.emit(found.model)

    @Slot()
    def _rename(self) -> None:
        run = self.run
        if run is None:
            return
        dialog = QInputDialog(self._bar)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Rename"))
        dialog.setLabelText(self.tr("Name of this training run:"))
        dialog.setTextValue(run.name)
        # A training that ends meanwhile may show another run. The name is for this one.
        dialog.textValueSelected.connect(lambda name: self._on_name(run, name))
        dialog.open()

    def _on_name(self, run: Run, name: str) -> None:
        if name.strip() != run.name:
            self._change(lambda: self._store.rename(run.id, name))

    @Slot()
    def _delete(self) -> None:
        run = self.run
        if run is None:
            return
        buttons = QMessageBox.StandardButton
        text = self.tr("Delete “{name}” with its curves and its network?").format(name=run.name)
        box = message_box(QMessageBox.Icon.Question, self.tr("Delete"), text, self._bar)
        box.setStandardButtons(buttons.Yes | buttons.Cancel)
        box.setDefaultButton(buttons.Cancel)
        box.button(buttons.Yes).setText(self.tr("&Delete"))
        box.accepted.connect(lambda: self._change(lambda: self._store.delete(run.id)))
        box.open()

    def _change(self, change: Callable[[], object]) -> None:
        shown = self.run
        try:
            change()
        except DigitpadError as error:
            self.noticed.emit(translated(error))
        self.refresh(shown)


def _epochs_of(run: Run) -> tuple[int, int]:
    """Steps in each epoch, at least 1, and the number of epochs planned."""
    return max(run.steps // run.config.epochs, 1), run.config.epochs
