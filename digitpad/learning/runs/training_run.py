"""A whole training, from a configuration to a model, with everything kept on disk."""

from __future__ import annotations

import logging
import time
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import torch

from digitpad.data.dataset import TrainingData
from digitpad.data.loading import Loaded, Loading, load_data
from digitpad.errors import DigitpadError
from digitpad.learning.checkpoint import BadCheckpointError, Checkpoint, Progress
from digitpad.learning.devices import choose_device
from digitpad.learning.events import (
    BatchDone,
    EpochDone,
    Event,
    Finished,
    History,
    Started,
    Validated,
)
from digitpad.learning.loop import Training, never
from digitpad.learning.prepare import prepare
from digitpad.learning.result import make_model, save_checked
from digitpad.learning.runs.data_mark import check_same, mark_of
from digitpad.learning.runs.epoch_weights import EpochKeeper
from digitpad.learning.runs.own_data import Found, OwnData, find_samples, origin_of
from digitpad.learning.runs.repair import refuse_checkpoint
from digitpad.learning.runs.run import Begun, ModelReady, Suspended, Warned
from digitpad.learning.warm_start import first_network, hints
from digitpad.recognition.model_file import load_model
from digitpad.recognition.networks import build_network

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from torch import nn

    from digitpad.data.dataset import Dataset
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.events import Outcome, Row
    from digitpad.learning.runs.run import Run, Status
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_store import ModelStore

RunEvent: TypeAlias = Begun | Loading | Loaded | Event | Warned | ModelReady | Suspended

_LOGGER = logging.getLogger(__name__)

_WRITE_SECONDS = 0.5
"""Seconds between two writes of events."""

_CHECKPOINT_SECONDS = 60.0
"""Largest number of seconds between two checkpoints, about, however long an epoch is."""

_STATUS: dict[Outcome, Status] = {
    "completed": "completed",
    "stopped early": "completed",
    "stopped": "stopped",
    "diverged": "stopped",
}


class TrainingRun:
    """A training that is kept as a run in the store. Iterate over `events` once.

    Args:
        config: the configuration; that of the run counts if one is resumed.
        store: where the run is kept.
        models: the store of models, for a warm start.
        data_folder: the folder of downloaded datasets.
        samples: the file of the user's samples; None if there is none.
        name: of a new run; None finds one.
        resume: id of the run to resume; None begins a new one.
        should_stop: called after each event. True ends the training: its best network becomes the
            model, and the run can still be resumed. Before the first step the run is suspended.
        should_suspend: called after each event. True writes a checkpoint and ends the events.
        validations_per_epoch: see `Training`.
    """

    def __init__(
        self,
        config: TrainingConfig,
        store: RunStore,
        models: ModelStore,
        data_folder: Path,
        *,
        samples: Path | None = None,
        name: str | None = None,
        resume: str | None = None,
        should_stop: Callable[[], bool] = never,
        should_suspend: Callable[[], bool] = never,
        validations_per_epoch: int = 5,
    ) -> None:
        self._config = config
        self._store = store
        self._models = models
        self._data_folder = data_folder
        self._samples_path = samples
        self._samples = Found()
        self._name = name
        self._resume = resume
        self._should_stop = should_stop
        self._should_suspend = should_suspend
        self._validations_per_epoch = validations_per_epoch
        self._warm_start: Model | None = None
        self._training: Training | None = None
        self._unwritten: list[Row] = []
        self._written = self._saved = self._waits_until = time.monotonic()
        self._warned: set[str] = set()
        self._is_left = False

    def events(self) -> Generator[RunEvent]:
        """Train, in the calling thread. The caller that iterates drives it.

        The run can be resumed from its last checkpoint if the generator is closed or the process
        ends at any time: there is a checkpoint after each epoch and each minute.

        Yields:
            Begun, Loading while data is prepared, Loaded, the events of the training, and finally
            ModelReady or Suspended. Warned comes when there is something that the user should know.

        Raises:
            DigitpadError: the configuration, the data or the model for a warm start cannot be used,
                the run cannot be resumed or is trained elsewhere, or something essential cannot be
                written. A run that has begun is then "failed", with the sentence as its notice.
        """
        if self._resume is None:
            self._check()
            holding = self._store.begin(self._config, self._name)
        else:
            holding = self._store.hold(self._resume)
        with holding as run:
            if run.status in {"completed", "stopped"} and not run.is_resumable:
                raise DigitpadError(
                    "The run {run!r} has come to its end and cannot be resumed: begin a new one,"
                    " with its model as the warm start if you like.",
                    run=run.name,
                )
            self._config = run.config
            try:
                yield from self._held(run)
            except BadCheckpointError as error:
                refusal = refuse_checkpoint(self._store, run, error)
                self._leave(run, "suspended", str(refusal))
                raise refusal from error
            except DigitpadError as error:
                self._leave(run, "failed", str(error))
                raise
            except Exception:
                self._leave(run, "failed", "An error in Digitpad itself ended this training.")
                raise
            finally:
                self._leave(run, "suspended")

    def network(self) -> nn.Module:
        """See `Training.network`; only after the event Started."""
        if self._training is None:
            raise RuntimeError("the training has not started")
        return self._training.network()

    def _held(self, run: Run) -> Iterator[RunEvent]:
        checkpoint, history, progress = None, History(), Progress()
        if self._resume is not None:
            self._store.set_status(run.id, "running")
            if (content := self._store.load_checkpoint(run.id)) is not None:
                source = str(self._store.checkpoint_path(run.id))
                checkpoint = Checkpoint.from_bytes(content, source)
                progress = checkpoint.progress
            # Later events stay on the disk until the checkpoint has been checked.
            step = progress.step
            run, history = self._store.get(run.id), self._store.history(run.id).until(step)
            run = replace(run, steps_done=min(run.steps_done, step))
        seconds = sum(row.seconds for row in history.batches)
        yield Begun(run, history)
        if (notice := self._store.take_notice()) is not None:
            yield Warned(notice)
        own = self._own_data(run)
        dataset = yield from self._load(run)
        if dataset is None:
            yield self._suspended(run)
            return
        mark = mark_of(dataset, own.samples)
        data = yield from self._prepare(dataset, own)
        # The splits are copies, so the whole dataset would double the memory.
        del dataset
        if data is None:
            yield self._suspended(run)
            return
        check_same(run, mark)
        if run.data is None:
            validated = sum(map(len, data.validation.values()))
            self._store.set_data(run.id, replace(mark, validated=validated))
        training = self._training = self._make_training(data, checkpoint, own)
        step, weights = progress.step, EpochKeeper(self._store, run, data.classes, progress)
        if checkpoint is None:
            yield from map(Warned, hints(self._config, data, self._models.bundled_path))
            yield from self._warnings(lambda: own.look_before(training.network(), data))
        del checkpoint
        if self._resume is not None:
            self._store.truncate(run.id, step)
        with closing(iter(training)) as events:
            for event in events:
                if isinstance(event, BatchDone):
                    seconds += event.seconds
                    step = event.step
                # Before the checkpoint, so that no epoch is without its weights.
                yield from weights.keep(event, training.network())
                yield from self._keep(run, event)
                yield event
                if isinstance(event, Finished):
                    if event.outcome == "stopped":
                        # The user who has stopped it may want to resume it.
                        yield from self._warnings(lambda: self._save(run))
                    # Before the first step there is no network to keep.
                    ended = (event, data, own, seconds)
                    yield self._ended(run, *ended) if step else self._suspended(run)
                    return
                if self._should_suspend():
                    yield from self._warnings(lambda: self._save(run))
                    yield self._suspended(run)
                    return

    def _check(self) -> None:
        """Check what can be checked before any data is loaded.

        Raises:
            DigitpadError: the network, the device or the model for a warm start cannot be used.
        """
        config = self._config
        choose_device(config.device)
        # On the meta device this takes neither time nor memory.
        with torch.device("meta"):
            build_network(config.architecture, 2, config.options)
        self._warm_start = self._load_warm_start()
        if self._warm_start is not None:
            first_network(config, self._warm_start.info.classes, self._warm_start)
        if config.samples_share:
            self._samples = find_samples(self._samples_path, self._warm_start)

    def _own_data(self, run: Run) -> OwnData:
        """The user's samples in this run; empty if it learns from none."""
        own = OwnData(self._store, run)
        if self._resume is None:
            own.keep(self._samples)
        elif self._config.samples_share and not own.read():
            # It was suspended before it had begun.
            own.keep(find_samples(self._samples_path, self._load_warm_start()))
        return own

    def _load_warm_start(self) -> Model | None:
        name = self._config.warm_start
        return None if name is None else load_model(self._models.find(name))

    def _load(self, run: Run) -> Generator[Loading | Loaded | Warned, None, Dataset | None]:
        """Load the data; None if the run was stopped or suspended meanwhile."""
        loaded: Loaded | None = None
        with closing(load_data(self._config.data, self._data_folder, self._config.seed)) as events:
            for event in events:
                yield event
                if self._should_suspend() or self._should_stop():
                    return None
                if isinstance(event, Loaded):
                    loaded = event
                    yield from map(Warned, event.notices)
                    yield from self._keep_left_out(run, event)
        if loaded is None:
            raise RuntimeError("loading ends with the data")
        return loaded.dataset

    def _prepare(
        self, dataset: Dataset, own: OwnData
    ) -> Generator[Loading | Warned, None, TrainingData | None]:
        """Prepare the data; None if the run was stopped or suspended meanwhile."""
        division = own.divide(dataset.classes)
        for notice in (own.notice, division.notice):
            if notice is not None:
                yield Warned(notice)
        for event in prepare(dataset, self._config, division.learned):
            if isinstance(event, TrainingData):
                return event
            yield event
            if self._should_suspend() or self._should_stop():
                break
        return None

    def _keep_left_out(self, run: Run, loaded: Loaded) -> Iterator[Warned]:
        if (left_out := loaded.left_out) is not None:
            text = left_out.to_json()
            yield from self._warnings(lambda: self._store.keep_left_out(run.id, text))

    def _make_training(
        self, data: TrainingData, checkpoint: Checkpoint | None, own: OwnData
    ) -> Training:
        model, self._warm_start = self._warm_start, None
        if checkpoint is None and model is None:
            model = self._load_warm_start()
        own.parent = None if model is None else model.info
        return Training(
            self._config,
            data,
            network=None if model is None else first_network(self._config, data.classes, model),
            checkpoint=checkpoint,
            should_stop=self._should_stop,
            validations_per_epoch=self._validations_per_epoch,
        )

    def _leave(self, run: Run, status: Status, notice: str | None = None) -> None:
        """Write the last events and the status. Only the first call counts. Never fails."""
        if self._is_left:
            return
        self._is_left = True
        level = logging.WARNING if status == "failed" else logging.INFO
        _LOGGER.log(level, "The run %r is %s.%s", run.name, status, f" {notice}" if notice else "")
        # If this cannot be written, the run counts as interrupted once no process holds it.
        with suppress(DigitpadError):
            self._write(run, durable=True)
        with suppress(DigitpadError):
            self._store.set_status(run.id, status, notice)

    def _keep(self, run: Run, event: Event) -> Iterator[Warned]:
        """Write events and checkpoints when they are due. What fails is tried again later."""
        if isinstance(event, BatchDone | Validated | EpochDone):
            self._unwritten.append(event)
        now = time.monotonic()
        if now < self._waits_until and not isinstance(event, Started | Finished):
            return
        if isinstance(event, Started):
            yield from self._warnings(lambda: self._store.set_steps(run.id, event.steps))
        elif isinstance(event, EpochDone) or (
            isinstance(event, BatchDone) and now - self._saved >= _CHECKPOINT_SECONDS
        ):
            yield from self._warnings(lambda: self._save(run))
        elif now - self._written >= _WRITE_SECONDS or isinstance(event, Finished):
            yield from self._warnings(lambda: self._write(run, durable=False))

    def _warnings(self, work: Callable[[], None]) -> Iterator[Warned]:
        """Do something without which training can continue; each error is reported once."""
        began = time.monotonic()
        try:
            work()
        except DigitpadError as error:
            # A backup, say, may lock the list for long. It delays the training by at most a tenth.
            self._waits_until = 11 * time.monotonic() - 10 * began
            if str(error) not in self._warned:
                self._warned.add(str(error))
                yield Warned(
                    DigitpadError(
                        "The training continues, but cannot be saved at present. {problem}",
                        problem=error,
                    )
                )

    def _write(self, run: Run, *, durable: bool) -> None:
        self._written = time.monotonic()
        if self._unwritten:
            self._store.add_events(run.id, self._unwritten, durable=durable)
            self._unwritten = []

    def _save(self, run: Run) -> None:
        self._saved = time.monotonic()
        # First the events, so that no checkpoint is without its history.
        self._write(run, durable=True)
        if self._training is not None:
            self._store.save_checkpoint(run.id, self._training.checkpoint().to_bytes())

    def _suspended(self, run: Run) -> Suspended:
        self._leave(run, "suspended")
        return Suspended(self._store.get(run.id))

    def _ended(
        self, run: Run, finished: Finished, data: TrainingData, own: OwnData, seconds: float
    ) -> ModelReady:
        if self._training is None:
            raise RuntimeError("the training has not started")
        # The user may have renamed it meanwhile.
        name = self._store.get(run.id).name
        origin = origin_of(self._models, self._config.warm_start, data) | own.origin
        origin |= {"run": name, "training_seconds": round(seconds, 1)}
        network = self._training.best_network()
        model = make_model(name, network, self._config, data, origin)
        path = self._store.model_path(run.id)
        model = save_checked(model, path)
        validation = model.info.metrics["validation"].values()
        accuracy = sum(metrics["accuracy"] for metrics in validation) / len(validation)
        comparison = own.look_after(network, accuracy)
        self._write(run, durable=True)
        notice = None if finished.notice is None else str(finished.notice)
        ended = (_STATUS[finished.outcome], notice, accuracy, finished.epoch or None)
        is_kept = finished.outcome == "stopped"
        run = self._store.finish(run.id, *ended, keeps_checkpoint=is_kept)
        self._is_left = True
        return ModelReady(run, path, model.info, comparison)
