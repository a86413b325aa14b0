"""A whole training, from a configuration to a model that the pad can use, kept on disk throughout.

A generator like the loop itself: whoever iterates drives it, in the calling thread. The window,
``digitpad train`` and the tests use the same one.
"""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch

from digitpad.data.dataset import Source, TrainingData
from digitpad.data.loading import Loaded, Loading, load_data
from digitpad.errors import DigitpadError
from digitpad.learning.checkpoint import Checkpoint
from digitpad.learning.devices import choose_device
from digitpad.learning.events import BatchDone, EpochDone, Event, Finished, Started
from digitpad.learning.history import row_of
from digitpad.learning.loop import Training, never
from digitpad.learning.result import make_model, save_checked
from digitpad.learning.runs.run import DataMark
from digitpad.learning.runs.run_events import Created, ModelReady, Suspended, Warned
from digitpad.learning.warm_start import first_network
from digitpad.recognition.model_file import load_model
from digitpad.recognition.networks import build_network

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from digitpad.data.dataset import Dataset
    from digitpad.learning.config import TrainingConfig
    from digitpad.learning.events import Outcome
    from digitpad.learning.history import Row
    from digitpad.learning.runs.run import Run, Status
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_store import ModelStore

SessionEvent: TypeAlias = Created | Loading | Loaded | Event | Warned | ModelReady | Suspended

_WRITE_SECONDS = 0.5
"""Between two writings of rows."""

_CHECKPOINT_SECONDS = 60.0
"""Between two checkpoints at most, however long an epoch is."""

_STATUS: dict[Outcome, Status] = {
    "completed": "completed",
    "stopped early": "completed",
    "stopped": "stopped",
    "diverged": "stopped",
}


def run_training(
    config: TrainingConfig,
    store: RunStore,
    models: ModelStore,
    data_folder: Path,
    *,
    name: str | None = None,
    resume: str | None = None,
    should_stop: Callable[[], bool] = never,
    should_suspend: Callable[[], bool] = never,
    checks_per_epoch: int = 5,
) -> Generator[SessionEvent]:
    """Train a network as a run of the store.

    The events are Created, Loading while the data comes, Loaded, those of the training, and in the
    end ModelReady, or Suspended; Warned where something could not be kept. Closing the generator,
    or the end of the process at any time, leaves a run that can be resumed from its last
    checkpoint: there is one after each epoch and each minute.

    Args:
        config: what to do; where a run is resumed, its own counts.
        store: where the run is kept.
        models: where the model to start from is found.
        data_folder: where data sets are kept.
        name: of a new run; None finds one.
        resume: id of the run to go on with; None begins a new one.
        should_stop: asked after each event; True ends the training, and its best network becomes
            the model. Before the first step it suspends.
        should_suspend: asked after each event; True writes a checkpoint and ends the session.
        checks_per_epoch: as `Training` takes it.

    Raises:
        DigitpadError: the configuration, the data or the model to start from cannot be used, the
            run cannot go on or is trained elsewhere, or something essential cannot be written. A
            run that was begun is then "failed", with the sentence as its notice.
    """
    if resume is None:
        _check(config, models)
        run = store.create(config, name)
    else:
        run = store.get(resume)
    with store.hold(run.id):
        run = store.get(run.id)
        if run.status in {"completed", "stopped"}:
            raise DigitpadError(
                "The run {run!r} has come to its end and cannot go on: begin a new one, with"
                " its model to start from if you like.",
                run=run.name,
            )
        session = _TrainingRun(run, store, should_stop, should_suspend)
        try:
            session.take_up()
            yield Created(store.get(run.id))
            yield from session.events(models, data_folder, checks_per_epoch)
        except DigitpadError as error:
            session.leave("failed", str(error))
            raise
        except Exception:
            session.leave("failed", "An error in Digitpad itself ended this training.")
            raise
        finally:
            session.leave("suspended")


class _TrainingRun:
    """One run while it is held.

    Args:
        run: as it was when it was taken up.
        store: where it is kept.
        should_stop: see `run_training`.
        should_suspend: see `run_training`.
    """

    def __init__(
        self,
        run: Run,
        store: RunStore,
        should_stop: Callable[[], bool],
        should_suspend: Callable[[], bool],
    ) -> None:
        self._run = run
        self._config = run.config
        self._store = store
        self._should_stop = should_stop
        self._should_suspend = should_suspend
        self._rows: list[Row] = []
        self._written = self._saved = time.monotonic()
        self._warned: set[str] = set()
        self._left = False
        self._checkpoint: Checkpoint | None = None

    def take_up(self) -> None:
        """Go back to the last checkpoint, or to the beginning.

        Raises:
            DigitpadError: the checkpoint cannot be read, or the run not be written.
        """
        run_id = self._run.id
        self._store.set_status(run_id, "running")
        content = self._store.load_checkpoint(run_id)
        if content is not None:
            path = self._store.checkpoint_path(run_id)
            self._checkpoint = Checkpoint.from_bytes(content, str(path))
        step = 0 if self._checkpoint is None else self._checkpoint.progress.step
        self._store.truncate(run_id, step)

    def events(
        self, models: ModelStore, data_folder: Path, checks_per_epoch: int
    ) -> Iterator[SessionEvent]:
        """Everything between Created and the end, with the end."""
        if (notice := self._store.take_notice()) is not None:
            yield Warned(notice)
        dataset = yield from self._load(data_folder)
        if dataset is None:
            yield self._suspended()
            return
        self._compare(dataset)
        title = dataset.title
        parts = dataset.split(self._config.validation_share, self._config.seed)
        data = TrainingData(dataset.classes, (Source(parts[0]),), {title: parts[1]})
        # The parts are copies: the whole would double the memory.
        del dataset
        training, step = self._training(data, models, checks_per_epoch)
        seconds = sum(row.seconds for row in self._store.history(self._run.id).batches)
        with closing(_generator(training)) as events:
            for event in events:
                if isinstance(event, BatchDone):
                    seconds += event.seconds
                    step = event.step
                yield from self._keep(event, training)
                yield event
                if isinstance(event, Finished):
                    # Who stops before the first step has no network to keep.
                    yield self._ended(event, data, title, seconds) if step else self._suspended()
                    return
                if self._should_suspend():
                    yield from self._warnings(lambda: self._save(training))
                    yield self._suspended()
                    return

    def _load(self, folder: Path) -> Generator[Loading | Loaded, None, Dataset | None]:
        """The data; None where somebody did not want to wait for it."""
        loaded: Loaded | None = None
        with closing(load_data(self._config.data, folder, self._config.seed)) as events:
            for event in events:
                yield event
                if self._should_suspend() or self._should_stop():
                    return None
                if isinstance(event, Loaded):
                    loaded = event
        if loaded is None:
            raise RuntimeError("loading ends with the data")
        return loaded.dataset

    def _training(
        self, data: TrainingData, models: ModelStore, checks_per_epoch: int
    ) -> tuple[Training, int]:
        """The training where it is to go on, and the steps that are behind it."""
        checkpoint, self._checkpoint = self._checkpoint, None
        network = None
        if checkpoint is None:
            model = _warm_start_model(self._config, models)
            network = None if model is None else first_network(self._config, data.classes, model)
        training = Training(
            self._config,
            data,
            network=network,
            checkpoint=checkpoint,
            should_stop=self._should_stop,
            checks_per_epoch=checks_per_epoch,
        )
        return training, 0 if checkpoint is None else checkpoint.progress.step

    def leave(self, status: Status, notice: str | None = None) -> None:
        """Write what is not yet written; the first call counts. Never fails."""
        if self._left:
            return
        self._left = True
        # Where this cannot be written, the run counts as interrupted as soon as nobody holds it.
        with suppress(DigitpadError):
            self._write(durable=True)
        with suppress(DigitpadError):
            self._store.set_status(self._run.id, status, notice)

    def _keep(self, event: Event, training: Training) -> Iterator[Warned]:
        """Write what an event has brought, where it is time to; what fails is tried again later."""
        row = row_of(event)
        if row is not None:
            self._rows.append(row)
        now = time.monotonic()
        if isinstance(event, Started):
            yield from self._warnings(lambda: self._store.set_steps(self._run.id, event.steps))
        elif isinstance(event, EpochDone) or (
            isinstance(event, BatchDone) and now - self._saved >= _CHECKPOINT_SECONDS
        ):
            yield from self._warnings(lambda: self._save(training))
        elif now - self._written >= _WRITE_SECONDS or isinstance(event, Finished):
            yield from self._warnings(lambda: self._write(durable=False))

    def _warnings(self, work: Callable[[], None]) -> Iterator[Warned]:
        """Do something whose failure the training survives; each sentence is told once."""
        try:
            work()
        except DigitpadError as error:
            if str(error) not in self._warned:
                self._warned.add(str(error))
                yield Warned(f"The training goes on, but cannot be kept at present. {error}")

    def _write(self, *, durable: bool) -> None:
        self._written = time.monotonic()
        if self._rows:
            self._store.add_rows(self._run.id, self._rows, durable=durable)
            self._rows = []

    def _save(self, training: Training) -> None:
        self._saved = time.monotonic()
        # First the rows, so that a checkpoint never stands without its past.
        self._write(durable=True)
        self._store.save_checkpoint(self._run.id, training.checkpoint().to_bytes())

    def _compare(self, dataset: Dataset) -> None:
        mark = _mark(dataset)
        known = self._run.data
        if known is None:
            self._store.set_data(self._run.id, mark)
        elif (known.classes, known.digest) != (mark.classes, mark.digest):
            raise DigitpadError(
                "The run {run!r} cannot go on, because its data has changed: it had"
                " {count} drawings of {classes} classes, and now"
                " {title} has {new_count} of {new_classes}, or others. Begin a new"
                " run.",
                run=self._run.name,
                count=known.count,
                classes=len(known.classes),
                title=known.title,
                new_count=mark.count,
                new_classes=len(mark.classes),
            )

    def _suspended(self) -> Suspended:
        self.leave("suspended")
        return Suspended(self._store.get(self._run.id))

    def _ended(
        self, finished: Finished, data: TrainingData, title: str, seconds: float
    ) -> ModelReady:
        run_id = self._run.id
        # Somebody may have renamed it meanwhile.
        name = self._store.get(run_id).name
        origin = {"run": name, "data": title, "training_seconds": round(seconds, 1)}
        model = make_model(name, finished.network, self._config, data, origin)
        path = self._store.model_path(run_id)
        model = save_checked(model, path)
        scores = model.info.metrics["validation"].values()
        accuracy = sum(score["accuracy"] for score in scores) / len(scores)
        self._write(durable=True)
        run = self._store.finish(
            run_id, _STATUS[finished.outcome], finished.notice, accuracy, finished.epoch or None
        )
        self._left = True
        return ModelReady(run, path, model.info)


def _check(config: TrainingConfig, models: ModelStore) -> None:
    """Refuse what can be refused before any data is loaded.

    Raises:
        DigitpadError: the network, the device or the model to start from cannot be used.
    """
    choose_device(config.device)
    # On the meta device it costs nothing.
    with torch.device("meta"):
        build_network(config.architecture, 2, config.options)
    model = _warm_start_model(config, models)
    if model is not None:
        first_network(config, model.info.classes, model)


def _warm_start_model(config: TrainingConfig, models: ModelStore) -> Model | None:
    return None if config.warm_start is None else load_model(models.find(config.warm_start))


def _generator(training: Training) -> Generator[Event]:
    yield from training


def _mark(dataset: Dataset) -> DataMark:
    digest = hashlib.sha256(json.dumps(dataset.classes).encode())
    for array in (dataset.glyphs, dataset.labels):
        digest.update(np.ascontiguousarray(array).data)
    return DataMark(dataset.title, dataset.classes, len(dataset), digest.hexdigest())
