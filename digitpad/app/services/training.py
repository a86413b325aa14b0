"""Trainings in the background of the window: started, paused, stopped, told."""

from __future__ import annotations

import contextlib
import copy
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.services.job_thread import JobThread
from digitpad.learning.events import BatchDone, EpochDone, Finished, Started, Validated
from digitpad.learning.history import BatchRow, row_of
from digitpad.learning.runs.run_events import Created, ModelReady, Suspended, Warned

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from digitpad.app.services.recognition import Predictor
    from digitpad.learning.config import TrainingConfig
    from digitpad.learning.history import Row
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.learning.runs.training_run import SessionEvent
    from digitpad.recognition.model_store import ModelStore

State = Literal["idle", "preparing", "running", "paused", "stopping"]

_TELL_S = 0.1
"""Seconds between two deliveries of rows: a signal for each batch would flood the window."""

_PAUSE_S = 0.1
"""How often a paused training looks whether it may go on."""

_CHECKS_PER_EPOCH = 5


@dataclass(frozen=True, slots=True)
class EpochNetwork:
    """The network as it was after an epoch.

    Attributes:
        epoch: from 1.
        predictor: reads glyphs with it.
    """

    epoch: int
    predictor: Predictor


@dataclass(frozen=True, slots=True)
class _Begun:
    run: Run


@dataclass(frozen=True, slots=True)
class _Over:
    run: Run


class _Flags:
    """What the window asks of the training on the other thread."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.suspend = threading.Event()
        self.paused = threading.Event()


class TrainingService(QObject):
    """Owns the thread on which networks are trained; one training at a time.

    Args:
        runs: where trainings are kept.
        models: to start from.
        data_dir: where data sets are kept.
        parent: as usual.

    Signals:
        state_changed: a `State`.
        loading: how far the data is; a `Loading`.
        created: the run that has begun, or is taken up again; a `Run`.
        started: a `Started`.
        rows: a list of rows, in order.
        epoch_ended: an `EpochNetwork`.
        finished: the training is over or was put off; its `Run`, or None where it had none yet.
        noticed: a sentence for the user.
    """

    state_changed = Signal(str)
    loading = Signal(object)
    created = Signal(object)
    started = Signal(object)
    rows = Signal(object)
    epoch_ended = Signal(object)
    finished = Signal(object)
    noticed = Signal(str)

    def __init__(
        self,
        runs: RunStore,
        models: ModelStore,
        data_dir: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs = runs
        self._models = models
        self._data_dir = data_dir
        self._state: State = "idle"
        self._flags = _Flags()
        self._last: Run | None = None
        self._thread = JobThread("training", ends_itself=True, parent=self)
        self._thread.told.connect(self._on_told)
        self._thread.ended.connect(self._on_ended)

    @property
    def state(self) -> State:
        """What is going on."""
        return self._state

    def start(self, config: TrainingConfig) -> None:
        """Train a network."""
        self._begin(config, None)

    def take_up(self, run_id: str, config: TrainingConfig) -> None:
        """Go on with a training that was put off or interrupted."""
        self._begin(config, run_id)

    @Slot()
    def pause(self) -> None:
        """Hold the training before its next step."""
        if self._state == "running":
            self._flags.paused.set()
            self._become("paused")

    @Slot()
    def go_on(self) -> None:
        """Go on after a pause."""
        if self._state == "paused":
            self._flags.paused.clear()
            self._become("running")

    @Slot()
    def stop(self) -> None:
        """End the training; what it has learnt so far is kept."""
        if self._state not in {"preparing", "running", "paused"}:
            return
        # The session ends itself, also while it loads: closed from outside it could not keep what
        # it has learnt between its start there and the news of it here.
        self._flags.stop.set()
        self._flags.paused.clear()
        self._become("stopping")

    def shutdown(self) -> None:
        """Put the training off, to be taken up again later, and wait until the thread has ended."""
        self._flags.suspend.set()
        self._flags.paused.clear()
        self._thread.shutdown()

    def _begin(self, config: TrainingConfig, run_id: str | None) -> None:
        self._flags = flags = _Flags()
        self._become("preparing")
        self._thread.start(lambda: self._job(config, run_id, flags))

    def _job(self, config: TrainingConfig, run_id: str | None, flags: _Flags) -> Generator[object]:
        """Runs on the other thread."""
        import torch
        import torch._dynamo  # the first optimizer needs it, and seconds to import it

        from digitpad.learning.runs.training_run import run_training

        torch.set_num_threads(_cores())
        session = run_training(
            config,
            self._runs,
            self._models,
            self._data_dir,
            resume=run_id,
            should_stop=flags.stop.is_set,
            should_suspend=flags.suspend.is_set,
            checks_per_epoch=_CHECKS_PER_EPOCH,
        )
        with contextlib.closing(session):
            yield from _coalesced(session, config, flags)

    @Slot(object)
    def _on_told(self, item: object) -> None:
        match item:
            case list():
                self.rows.emit(item)
            case EpochNetwork():
                self.epoch_ended.emit(item)
            case Started():
                if self._state == "preparing":
                    self._become("running")
                self.started.emit(item)
            case _Begun():
                self.created.emit(item.run)
            case _Over():
                self._last = item.run
            case str():
                self.noticed.emit(item)
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
        self._state = state
        self.state_changed.emit(state)


def _coalesced(
    session: Iterator[SessionEvent], config: TrainingConfig, flags: _Flags
) -> Generator[object]:
    """What the window is told of a session: rows in lists, and networks that can read."""
    from digitpad.data.loading import Loaded, Loading

    waiting: list[Row] = []
    classes: tuple[str, ...] = ()
    told = time.monotonic()
    for event in session:
        row = row_of(event) if isinstance(event, BatchDone | Validated | EpochDone) else None
        if row is not None:
            waiting.append(row)
        now = time.monotonic()
        if waiting and (not isinstance(row, BatchRow) or now - told >= _TELL_S):
            yield waiting
            waiting, told = [], now
        match event:
            case EpochDone():
                yield EpochNetwork(event.epoch, _reader(event, config, classes))
            case Loaded():
                classes = event.labelled.classes
            case Created():
                yield _Begun(event.run)
            case ModelReady() | Suspended():
                yield _Over(event.run)
            case Warned():
                yield translated(event.sentence)
            case Finished():
                # Its network stays on this thread: the window gets it as a file.
                if event.notice is not None:
                    yield translated(event.notice)
            case Started() | Loading():
                yield event
        while flags.paused.is_set() and not flags.suspend.is_set():
            time.sleep(_PAUSE_S)


def _reader(event: EpochDone, config: TrainingConfig, classes: tuple[str, ...]) -> Predictor:
    """A copy of the network that reads glyphs."""
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.recognizer import Recognizer

    network = event.network
    if next(network.parameters()).device.type != "cpu":
        network = copy.deepcopy(network).cpu()
    info = ModelInfo("", config.architecture, classes, config.options)
    return Recognizer(Model(info, network))


def _cores() -> int:
    """Processors that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
