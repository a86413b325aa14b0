"""What the page for training does: form, service, runs and curves brought together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QMessageBox

from digitpad.app.i18n import translated
from digitpad.app.train.dataset.controller import DatasetController, loading_text
from digitpad.app.train.epochs.recognitions import EpochRecognitions
from digitpad.app.train.form.controller import FormController
from digitpad.app.train.runs.pace import Pace
from digitpad.errors import DigitpadError
from digitpad.learning.history import History, Row
from digitpad.learning.publish import publish_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.app.services.data import DataService
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.training import State, TrainingService
    from digitpad.app.train.page import TrainPage
    from digitpad.data.loading import Loading
    from digitpad.learning.events import Started
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_store import ModelStore
    from digitpad.recognition.recognition import Recognition


class TrainController(QObject):
    """Connects the page with the services behind it.

    Args:
        page: its widgets.
        training: trains.
        data: loads data to look at.
        recognition: the pad's model; its torch is needed before anything can be trained.
        runs: all trainings.
        models: where networks are kept that the pad may read with.
        parent: as usual.

    Signals:
        noticed: a sentence for the user.
        progressed: a few words on the training that is going on; empty when there is none.
        pad_wanted: the pad reads with a new network: it is to be shown.
    """

    noticed = Signal(str)
    progressed = Signal(str)
    pad_wanted = Signal()

    def __init__(
        self,
        page: TrainPage,
        training: TrainingService,
        data: DataService,
        recognition: RecognitionService,
        runs: RunStore,
        models: ModelStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._page = page
        self._training = training
        self._recognition = recognition
        self._runs = runs
        self._live: Run | None = None
        self._read_run: str | None = None
        self._history = History()
        self._started: Started | None = None
        self._pace: Pace | None = None
        self._on_pad: Recognition | None = None
        self._form = FormController(page.form, models, runs, recognition, self)
        self._data = DatasetController(page, data, self)
        self._recognitions = EpochRecognitions(self)
        self._connect()

    def start(self) -> None:
        """Show what there is, now that those who listen are there."""
        self._show_runs(None)
        self._update_start()

    def _connect(self) -> None:
        page, training = self._page, self._training
        page.controls.start_wanted.connect(self._start)
        page.controls.pause_wanted.connect(training.pause)
        page.controls.go_on_wanted.connect(training.go_on)
        page.controls.stop_wanted.connect(training.stop)
        page.runs.chosen.connect(self._show_run)
        page.runs.use_wanted.connect(self._use)
        page.runs.go_on_wanted.connect(self._take_up)
        page.runs.settings_wanted.connect(self._take_settings)
        page.runs.rename_wanted.connect(self._rename)
        page.runs.delete_wanted.connect(self._delete)
        page.curves.noticed.connect(self.noticed)
        page.shown.connect(self._on_shown)
        self._recognitions.changed.connect(self._show_recognitions)
        self._recognition.ready.connect(self._update_start)
        self._recognition.failed.connect(self._update_start)
        training.state_changed.connect(self._on_state)
        training.loading.connect(self._on_loading)
        training.created.connect(self._on_created)
        training.started.connect(self._on_started)
        training.rows.connect(self._on_rows)
        training.epoch_ended.connect(self._recognitions.add)
        training.finished.connect(self._on_finished)
        training.noticed.connect(self.noticed)

    @Slot(object)
    def take_recognition(self, recognition: Recognition) -> None:
        """Know what is on the pad; it is shown when the page is next shown."""
        self._on_pad = recognition

    @Slot()
    def _on_shown(self) -> None:
        self._form.refresh()
        self._take_in_runs()
        self._page.epochs.show_recognition(self._on_pad)
        self._recognitions.show_recognition(self._on_pad)

    @Slot()
    def _show_recognitions(self) -> None:
        # The networks of other runs' epochs are gone.
        shown = self._page.runs.run
        own = shown is not None and shown.id == self._read_run
        self._page.epochs.show_answers(self._recognitions.latest if own else [])

    @Slot()
    def _update_start(self) -> None:
        ready, problem = self._recognition.is_ready, self._recognition.problem
        self._page.controls.show_obstacle("" if ready else problem or self.tr("Getting ready…"))

    @Slot()
    def _start(self) -> None:
        config = self._page.form.config
        if config is None:
            self._page.form.show_problem()
        elif self._training.state == "idle":
            self._training.start(config)

    @Slot()
    def _take_up(self) -> None:
        run = self._page.runs.run
        if run is None or self._training.state != "idle":
            return
        if not self._recognition.is_ready:
            self.noticed.emit(
                self._recognition.problem
                or self.tr("Digitpad is still getting ready: try again in a moment.")
            )
            return
        self._page.form.set_config(run.config)
        self._training.take_up(run.id, run.config)

    @Slot(str)
    def _on_state(self, state: State) -> None:
        page = self._page
        page.controls.show_state(state)
        page.form.set_locked(state != "idle")
        if state == "preparing":
            self._pace = None
            page.progress.show_busy(self.tr("Getting ready…"))
            self.progressed.emit(self.tr("Training: getting ready"))
        elif state == "stopping":
            page.progress.show_busy(self.tr("Stopping…"))
        elif state == "idle":
            self._pace = None
            self.progressed.emit("")
        elif self._pace is not None:
            if state == "running":
                self._pace.go_on(time.monotonic())
            self._show_pace()

    @Slot(object)
    def _on_loading(self, loading: Loading) -> None:
        if self._training.state == "preparing":
            self._page.progress.show_busy(loading_text(loading), loading.done, loading.total)

    @Slot(object)
    def _on_created(self, run: Run) -> None:
        self._live = run
        self._history = self._told_before(run)
        self._started = None
        self._read_run = run.id
        self._recognitions.clear()
        self._show_runs(run.id)
        self._page.tabs.setCurrentWidget(self._page.curves)

    def _told_before(self, run: Run) -> History:
        if run.steps_done:
            try:
                return self._runs.history(run.id)
            except DigitpadError as error:
                self.noticed.emit(translated(error))
        return History()

    @Slot(object)
    def _on_started(self, started: Started) -> None:
        self._started = started
        self._history.truncate(started.done)
        self._pace = Pace(started.steps, started.done, time.monotonic())
        if self._shows_live():
            self._show_live()
        self._show_pace()

    @Slot(object)
    def _on_rows(self, rows: list[Row]) -> None:
        self._history.extend(rows)
        if self._shows_live():
            self._page.curves.add_rows(rows)
        if self._pace is not None:
            self._pace.add(rows, time.monotonic())
            self._show_pace()

    def _show_pace(self) -> None:
        if self._pace is None or self._started is None or self._training.state == "stopping":
            return
        paused = self._training.state == "paused"
        self._page.progress.show_pace(self._pace, self._started.epochs, paused=paused)
        self.progressed.emit(
            self.tr("Training: {percent} %").format(
                percent=int(100 * self._pace.done / self._started.steps)
            )
        )

    @Slot(object)
    def _on_finished(self, run: Run | None) -> None:
        # Of one that failed nothing is told: it stays, or without one what was chosen.
        over = run or self._live or self._page.runs.run
        # Who has zoomed in looks at something, which the last row does not take away.
        holds = self._shows_live() and not self._page.curves.sheet.follows
        self._live = None
        self._show_runs(None if over is None else over.id, holds=holds)
        self._form.refresh()

    def _summary(self, run: Run) -> str:
        if run.is_resumable and run.status != "running":
            return self.tr("{name} waits at {percent} %: “{button}” continues it there").format(
                name=run.name,
                percent=int(100 * run.steps_done / max(run.steps, 1)),
                button=self._page.runs.go_on.text().replace("&", ""),
            )
        if run.best_accuracy is None:
            return ""
        return self.tr("{name}: {percent} % of the validation data read rightly").format(
            name=run.name, percent=self._page.locale().toString(100 * run.best_accuracy, "f", 2)
        )

    def _shows_live(self) -> bool:
        shown = self._page.runs.run
        return self._live is not None and shown is not None and shown.id == self._live.id

    def _show_runs(self, current: str | None, *, holds: bool = False) -> None:
        live = None if self._live is None else self._live.id
        try:
            runs = self._runs.list()
        except DigitpadError as error:
            self.noticed.emit(translated(error))
            runs = ()
        notice = self._runs.take_notice()
        if notice is not None:
            self.noticed.emit(translated(notice))
        self._page.runs.show_runs(runs, current, live)
        shown = self._page.runs.run
        if shown is not None:
            self._show_run(shown.id, holds=holds)
        else:
            self._page.curves.clear()
            self._page.progress.show_idle("")

    def _take_in_runs(self) -> None:
        """The command line may have trained meanwhile; what is looked at stays."""
        before = self._page.runs.run
        try:
            runs = self._runs.list()
        except DigitpadError:
            return  # said when the runs are next needed
        # The row of the live one is its own.
        live = None if self._live is None else self._live.id
        known, found = (
            [run for run in each if run.id != live] for each in (self._page.runs.runs, runs)
        )
        if known != found:
            holds = self._shows_live() or before in found
            self._show_runs(None if before is None else before.id, holds=holds)

    @Slot(str)
    def _show_run(self, run_id: str, *, holds: bool = False) -> None:
        self._show_recognitions()
        if self._shows_live():
            if not holds:
                self._show_live()
            return
        try:
            run = self._runs.get(run_id)
            history = self._runs.history(run_id)
        except DigitpadError as error:
            self.noticed.emit(translated(error))
            return
        if not history.batches:
            self._page.curves.clear()
        elif not holds:
            steps_per_epoch = max(run.steps // run.config.epochs, 1)
            self._page.curves.show_history(history, steps_per_epoch, run.config.epochs)
        if self._training.state == "idle":
            done = run.steps_done / run.steps if run.steps else 0.0
            self._page.progress.show_idle(run.notice or self._summary(run), done)

    def _show_live(self) -> None:
        curves, live, started = self._page.curves, self._live, self._started
        if started is not None:
            curves.show_history(
                self._history, started.batches_per_epoch, started.epochs, is_live=True
            )
        elif live is not None and self._history.batches:
            # One that is taken up: what it was so far, while it gets ready.
            epochs = live.config.epochs
            steps_per_epoch = max(live.steps // epochs, 1)
            curves.show_history(self._history, steps_per_epoch, epochs, is_live=True)
        else:
            curves.clear(is_coming=True)

    @Slot()
    def _use(self) -> None:
        run = self._page.runs.run
        if run is None:
            return
        try:
            name = publish_model(run, self._runs, self._models)
        except DigitpadError as error:
            self.noticed.emit(translated(error))
            return
        self._recognition.use(name)
        self.pad_wanted.emit()

    @Slot()
    def _take_settings(self) -> None:
        run = self._page.runs.run
        if run is not None and self._training.state == "idle":
            self._page.form.set_config(run.config)

    @Slot()
    def _rename(self) -> None:
        run = self._page.runs.run
        if run is None:
            return
        dialog = QInputDialog(self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Rename"))
        dialog.setLabelText(self.tr("Name of this training:"))
        dialog.setTextValue(run.name)
        # A training that ends meanwhile brings another run to the front: this one is meant.
        dialog.textValueSelected.connect(lambda name: self._on_name(run, name))
        dialog.open()

    def _on_name(self, run: Run, name: str) -> None:
        if name.strip() != run.name:
            self._try(lambda: self._runs.rename(run.id, name))

    @Slot()
    def _delete(self) -> None:
        run = self._page.runs.run
        if run is None:
            return
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._page)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Delete"))
        box.setText(
            self.tr("Delete “{name}” with its curves and its network?").format(name=run.name)
        )
        box.setStandardButtons(buttons.Yes | buttons.Cancel)
        box.setDefaultButton(buttons.Cancel)
        box.button(buttons.Yes).setText(self.tr("&Delete"))
        box.accepted.connect(lambda: self._try(lambda: self._runs.delete(run.id)))
        box.open()

    def _try(self, change: Callable[[], object]) -> None:
        run = self._page.runs.run
        try:
            change()
        except DigitpadError as error:
            self.noticed.emit(translated(error))
        self._show_runs(None if run is None else run.id)
