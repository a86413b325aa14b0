"""The controller of the Train page: it drives the training and connects the rooms of the page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.train.dataset.controller import DatasetController, loading_text
from digitpad.app.train.epochs.recognitions import EpochRecognitions
from digitpad.app.train.form.controller import FormController
from digitpad.app.train.runs.controller import RunsController
from digitpad.app.train.runs.progress import Pace
from digitpad.app.widgets.numbers import progress, size

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.app.services.data import DataService
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.app.services.training import State, TrainingService
    from digitpad.app.train.form.memory import FormMemory
    from digitpad.app.train.page import TrainPage
    from digitpad.data.loading import Loading
    from digitpad.learning.events import Row, Started
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_store import ModelStore
    from digitpad.recognition.recognition import Recognition


class TrainController(QObject):
    """Connects the page with the services behind it.

    Args:
        page: the widgets.
        training: runs trainings in the background.
        data: loads the datasets that the page shows.
        recognition: the pad's model. No training can start before it is ready, because torch is
            imported with it.
        runs: the store of training runs.
        models: the store of models that the pad can use.
        memory: the settings that the form showed last.
        teaching: knows the user's samples.
        data_dir: the folder of the datasets.

    Signals:
        noticed: a sentence for the user.
        progressed: a few words about the progress of the training; "" when none is running.
        pad_wanted: the pad has a new model, so its page should come to the front.
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
        memory: FormMemory,
        teaching: TeachingService,
        data_dir: Path,
    ) -> None:
        super().__init__()
        self._page = page
        self._controls, self._progress, self._epochs = page.controls, page.progress, page.epochs
        self._training = training
        self._recognition = recognition
        self._epochs_run: str | None = None
        self._pace: Pace | None = None
        self._on_pad: Recognition | None = None
        self._form = FormController(
            page.form, memory, models, runs, teaching, data_dir, recognition, self
        )
        self._data = DatasetController(page, data, self)
        self._recognitions = EpochRecognitions(self)
        self._runs = RunsController(
            page.runs,
            page.curves,
            page.progress,
            page.comparison,
            page.commands,
            training,
            runs,
            models,
            self,
        )
        self._connect()

    def start(self) -> None:
        """Show the runs and the form. Call this once all signals are connected."""
        self._runs.refresh()
        self._update_start()
        self._form.show_download()
        if not self._page.runs.runs:
            self._page.show_form()

    def _connect(self) -> None:
        actions, training, runs = self._page.commands, self._training, self._runs
        actions.start.triggered.connect(self._start)
        actions.hold.triggered.connect(training.hold)
        actions.stop.triggered.connect(training.stop)
        runs.noticed.connect(self.noticed)
        runs.shown.connect(self._show_recognitions)
        actions.resume.triggered.connect(self._resume)
        actions.settings.triggered.connect(self._take_settings)
        self._form.to_download.connect(self._show_download)
        self._data.loaded.connect(self._form.show_download)
        self._form.noticed.connect(self.noticed)
        runs.published.connect(self._use)
        runs.kept.connect(self._keep)
        self._page.shown.connect(self._on_shown)
        self._recognitions.changed.connect(self._show_recognitions)
        self._recognition.ready.connect(self._update_start)
        self._recognition.failed.connect(self._update_start)
        training.state_changed.connect(self._on_state)
        training.loading.connect(self._on_loading)
        training.begun.connect(self._on_begun)
        training.started.connect(self._on_started)
        training.events.connect(self._on_events)
        training.epoch_ended.connect(self._recognitions.add)
        training.finished.connect(self._on_finished)
        training.noticed.connect(self.noticed)

    @Slot(object)
    def take_recognition(self, recognition: Recognition) -> None:
        """Remember the recognition of the pad's drawing, to show it when the page is next shown."""
        self._on_pad = recognition

    @Slot()
    def _on_shown(self) -> None:
        self._form.refresh()
        self._runs.refresh_if_changed()
        self._epochs.show_recognition(self._on_pad)
        self._recognitions.show_recognition(self._on_pad)

    @Slot()
    def _show_recognitions(self) -> None:
        # Only the networks of the last training are in memory.
        shown = self._runs.run
        own = shown is not None and shown.id == self._epochs_run
        if shown is None:
            reason = ""
        elif not own:
            reason = self.tr(
                "There are no answers for this run: they are kept only for the latest training"
                " since Digitpad was started."
            )
        elif self._training.state == "idle":
            reason = self.tr(
                "This training ended before its first epoch did, so it has no answers."
            )
        else:
            reason = self.tr("An answer appears here after each epoch.")
        self._epochs.show_answers(self._recognitions.latest if own else [], reason)

    @Slot()
    def _update_start(self) -> None:
        ready, problem = self._recognition.is_ready, self._recognition.problem
        self._controls.show_obstacle("" if ready else problem or self.tr("Getting ready…"))

    @Slot()
    def _start(self) -> None:
        config = self._page.form.config
        if config is None:
            self._page.show_form()
            self._page.form.show_problem()
        elif self._training.state == "idle":
            self._form.keep()
            self._training.start(config)

    @Slot()
    def _resume(self) -> None:
        run = self._runs.run
        if run is None or self._training.state != "idle":
            return
        if self._recognition.is_ready:
            self._show_settings()
            self._training.start(run.config, run.id)
        else:
            self.noticed.emit(
                self._recognition.problem
                or self.tr("Digitpad is still getting ready: try again in a moment.")
            )

    @Slot()
    def _show_settings(self) -> None:
        if self._runs.run is not None and self._training.state == "idle":
            self._page.form.set_config(self._runs.run.config)

    @Slot()
    def _take_settings(self) -> None:
        self._show_settings()
        self._form.keep()
        self._page.show_form()

    @Slot(object)
    def _show_download(self, count: int) -> None:
        # Rounded as in the sentences of the catalog.
        needed = size(count, 0) if count else ""
        self._controls.show_download(needed)
        self._data.show_download(needed)

    @Slot(str)
    def _use(self, name: str) -> None:
        self._recognition.use(name)
        self.pad_wanted.emit()

    @Slot(str)
    def _keep(self, name: str) -> None:
        """Let the pad use the model that a training began with, if it does not."""
        if name != self._recognition.chosen.name:
            self._recognition.use(name)
        self._progress.show_idle(self.tr("The pad uses the model {name}.").format(name=name), 1.0)

    @Slot()
    def retrain_with_samples(self) -> None:
        """Show the settings with which the active model learns from the user's samples.

        The user looks at them, and starts the training.
        """
        if self._training.state != "idle":
            self.noticed.emit(self.tr("A training is running: stop it first, or let it end."))
        elif self._form.show_retraining():
            self._page.show_form()
            self._page.form.show_setting("samples_share")

    def train_on_symbols(self, file: str, name: str) -> None:
        """Show the settings of a training on symbols; see `FormController.show_symbols`."""
        if self._training.state != "idle":
            self.noticed.emit(self.tr("A training is running: stop it first, or let it end."))
        elif self._form.show_symbols(file, name):
            self._page.show_form()

    @Slot(str)
    def _on_state(self, state: State) -> None:
        self._controls.show_state(state)
        self._show_recognitions()
        self._page.form.set_locked(state != "idle")
        if state in {"preparing", "idle"}:
            self._pace = None
        if state == "preparing":
            self._runs.hide_comparison()
            self._progress.show_busy(self.tr("Getting ready…"))
            self.progressed.emit(self.tr("Training: getting ready"))
        elif state == "stopping":
            self._progress.show_busy(self.tr("Stopping…"))
        elif state == "idle":
            self.progressed.emit("")
        elif self._pace is not None:
            if state == "running":
                self._pace.continue_(time.monotonic())
            self._show_pace()

    @Slot(object)
    def _on_loading(self, loading: Loading) -> None:
        if self._training.state == "preparing":
            self._progress.show_busy(loading_text(loading), loading.done, loading.total)

    @Slot(object)
    def _on_begun(self, run: Run) -> None:
        self._epochs_run = run.id
        self._recognitions.clear()
        self._page.show_curves()

    @Slot(object)
    def _on_started(self, started: Started) -> None:
        self._pace = Pace(started, time.monotonic())
        self._show_pace()

    @Slot(object)
    def _on_events(self, rows: list[Row]) -> None:
        if self._pace is not None:
            self._pace.add(rows, time.monotonic())
            self._show_pace()

    def _show_pace(self) -> None:
        pace = self._pace
        if pace is None or self._training.state == "stopping":
            return
        self._progress.show_pace(pace, paused=self._training.state == "paused")
        percent = progress(pace.done, pace.steps)
        self.progressed.emit(self.tr("Training: {percent}").format(percent=percent))

    @Slot(object)
    def _on_finished(self, run: Run | None) -> None:
        self._runs.end(run)
        self._form.refresh()
        self._form.show_download()
