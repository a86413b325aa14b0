"""Trainings in the background of the window."""

from __future__ import annotations

import contextlib
import copy
import os
import threading
import time
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.services.job_thread import JobThread
from digitpad.errors import DigitpadError
from digitpad.learning.events import BatchDone, EpochDone, Finished, History, Started, Validated
from digitpad.learning.runs.run import Begun, ModelReady, Suspended, Warned

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from digitpad.app.services.recognition import Predictor
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.events import Row
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.learning.runs.training_run import TrainingRun
    from digitpad.recognition.model_store import ModelStore

State = Literal["idle", "preparing", "running", "paused", "stopping"]

_DELIVERY_S = 0.1
"""Seconds between two deliveries of events: a signal for each batch would overload the window."""

_PAUSE_S = 0.1
"""Seconds between two looks of a paused training whether it may continue."""

_VALIDATIONS_PER_EPOCH = 5


class EpochNetwork(NamedTuple):
    """The network of a training after an epoch.

    Attributes:
        epoch: counted from 1.
        predictor: gives the predictions of this network.
    """

    epoch: int
    predictor: Predictor


class _Flags:
    """What the window wants of the training on the other thread."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.suspend = threading.Event()
        self.paused = threading.Event()


class TrainingService(QObject):
    """Owns the thread on which networks are trained; one training at a time.

    Args:
        runs: the store of training runs.
        models: the store of models, for a warm start.
        data_dir: the folder of the datasets.
        samples: the file of the user's samples; None if there is none.

    Attributes:
        state: the state of the training.
        history: events of the training that is running, or of the last one.

    Signals:
        state_changed: the state is now this `State`.
        loading: the progress of loading the data, a `Loading`.
        begun: a `Run` has begun or is being resumed.
        started: the first step is next; a `Started`.
        events: the events since the last delivery, a list in order. `history` already has them.
        epoch_ended: an `EpochNetwork`.
        finished: the training has ended or is suspended; its `Run`, or None if it has no result.
        noticed: a sentence for the user.
    """

    state_changed = Signal(str)
    loading = Signal(object)
    begun = Signal(object)
    started = Signal(object)
    events = Signal(object)
    epoch_ended = Signal(object)
    finished = Signal(object)
    noticed = Signal(str)

    def __init__(
        self, runs: RunStore, models: ModelStore, data_dir: Path, samples: Path | None = None
    ) -> None:
        super().__init__()
        self._runs, self._models, self._data_dir = runs, models, data_dir
        self._samples = samples
        self.state: State = "idle"
        self.history = History()
        self._flags = _Flags()
        self._last: Run | None = None
        self._thread = JobThread("training", ends_itself=True, parent=self)
        self._thread.produced.connect(self._on_produced)
        self._thread.ended.connect(self._on_ended)

    def start(self, config: TrainingConfig, resume: str | None = None) -> None:
        """Start a training.

        Args:
            config: its configuration.
            resume: id of the run to resume; None begins a new one.
        """
        self._flags = flags = _Flags()
        self._become("preparing")
        self._thread.start(lambda: self._job(config, resume, flags))

    @Slot()
    def hold(self) -> None:
        """Pause the training before its next step, or continue it after a pause."""
        if self.state == "running":
            self._flags.paused.set()
            self._become("paused")
        elif self.state == "paused":
            self._flags.paused.clear()
            self._become("running")

    @Slot()
    def stop(self) -> None:
        """Stop the training. What it has learned is kept, and it can be resumed."""
        if self.state in {"idle", "stopping"}:
            return
        # The run ends by itself, also while it loads. If this thread closed it, what it has learned
        # before its start is known here would be lost.
        self._flags.stop.set()
        self._flags.paused.clear()
        self._become("stopping")

    def shutdown(self) -> None:
        """Suspend the training, to be resumed later, and wait until the thread has ended."""
        self._flags.suspend.set()
        self._flags.paused.clear()
        self._thread.shutdown()

    def _job(self, config: TrainingConfig, resume: str | None, flags: _Flags) -> Generator[object]:
        """Runs on the other thread."""
        import torch
        import torch._dynamo  # the first optimizer needs it, and seconds to import it

        from digitpad.learning.runs.training_run import TrainingRun

        torch.set_num_threads(_cores())
        run = TrainingRun(
            config,
            self._runs,
            self._models,
            self._data_dir,
            samples=self._samples,
            resume=resume,
            should_stop=flags.stop.is_set,
            should_suspend=flags.suspend.is_set,
            validations_per_epoch=_VALIDATIONS_PER_EPOCH,
        )
        yield from _deliveries(run, config, flags)

    @Slot(object)
    def _on_produced(self, item: object) -> None:
        match item:
            case list():
                self.history.extend(item)
                self.events.emit(item)
            case EpochNetwork():
                self.epoch_ended.emit(item)
            case Started():
                if self.state == "preparing":
                    self._become("running")
                self.started.emit(item)
            case Begun():
                self.history = item.history
                self.begun.emit(item.run)
            case ModelReady() | Suspended():
                self._last = item.run
            case DigitpadError():
                self.noticed.emit(translated(item))
            case _:
                self.loading.emit(item)

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        if problem:
            self.noticed.emit(problem)
        self._become("idle")
        run, self._last = self._last, None
        self.finished.emit(run)

    def _become(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)


def _deliveries(run: TrainingRun, config: TrainingConfig, flags: _Flags) -> Generator[object]:
    """What the window gets of a run: its events in lists, and the networks of its epochs."""
    from digitpad.data.loading import Loaded

    rows: list[Row] = []
    classes: tuple[str, ...] = ()
    delivered = time.monotonic()
    with contextlib.closing(run.events()) as events:
        for event in events:
            if isinstance(event, BatchDone | Validated | EpochDone):
                rows.append(event)
            now = time.monotonic()
            is_due = not isinstance(event, BatchDone) or now - delivered >= _DELIVERY_S
            if rows and is_due:
                yield rows
                rows, delivered = [], now
            match event:
                case EpochDone():
                    yield EpochNetwork(event.epoch, _predictor(run, config, classes))
                case Loaded():
                    classes = event.dataset.classes
                case Warned():
                    yield event.problem
                case Finished():
                    if event.notice is not None:
                        yield event.notice
                case BatchDone() | Validated():
                    pass
                case _:
                    yield event
            while flags.paused.is_set() and not flags.suspend.is_set():
                time.sleep(_PAUSE_S)


def _predictor(run: TrainingRun, config: TrainingConfig, classes: tuple[str, ...]) -> Predictor:
    """A predictor with a copy of the network as it is now."""
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.recognizer import Recognizer

    network = run.network()
    if next(network.parameters()).device.type != "cpu":
        network = copy.deepcopy(network).cpu()
    info = ModelInfo("", config.architecture, classes, dict(config.options))
    return Recognizer(Model(info, network))


def _cores() -> int:
    """Number of processor cores that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
