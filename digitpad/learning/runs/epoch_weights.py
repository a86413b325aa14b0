"""The weights that a network had after each epoch, kept beside its run as model files."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.learning.events import EpochDone, Started
from digitpad.learning.runs.run import Warned
from digitpad.recognition.model_file import Model, load_model, model_bytes
from digitpad.recognition.model_info import SUFFIX, ModelInfo, read_model_info
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import os_errors
from digitpad.text import Plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from torch import nn

    from digitpad.learning.checkpoint import Progress
    from digitpad.learning.events import Event
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore

_MEGABYTE = 10**6
_NAME = re.compile(rf"epoch-(\d{{5}}){re.escape(SUFFIX)}", re.ASCII)
_EPOCH = "epoch"
"""Names the number of the epoch in the description of a file."""


def chosen_epochs(epochs: Collection[int], best: int, room: int) -> set[int]:
    """Which epochs are kept: the first, the last, the best, and an even choice of the others.

    Every epoch is a multiple of 1, then of 2, 4, 8, ...: what is kept later was always kept before,
    so the choice depends on nothing but these numbers.

    Args:
        epochs: what there is, the newest one included; 0 is that before the first step.
        best: the best epoch so far.
        room: how many can be kept.
    """
    if not epochs or room < 1:
        return set()
    first, last = min(epochs), max(epochs)
    if room < 4:
        # In the order of what is missed most.
        order = dict.fromkeys((last, first, best if best in epochs else last))
        return set(list(order)[:room])
    step = 1
    # The three others are counted even where they are multiples: steps never get smaller.
    while last // step + 1 > room - 3:
        step *= 2
    return {epoch for epoch in epochs if epoch % step == 0 or epoch in {first, last, best}}


class EpochKeeper:
    """Keeps the weights of a training that is under way. The run must be held.

    Args:
        store: has the run.
        run: the run, whose configuration has the limit.
        classes: names of the classes.
        progress: where the training begins or is resumed. Weights of later epochs are removed: they
            are made again.
    """

    def __init__(
        self, store: RunStore, run: Run, classes: tuple[str, ...], progress: Progress
    ) -> None:
        config = run.config
        self._folder = store.epochs_path(run.id)
        self._limit = config.epoch_weights * _MEGABYTE
        self._info = ModelInfo(run.name, config.architecture, classes, dict(config.options))
        self._best = progress.best_epoch
        self._has_warned = False
        for epoch, path in _files(self._folder).items():
            if epoch >= progress.epoch or not self._limit:
                # What stays is written over, or left out.
                with suppress(DigitpadError):
                    _remove(path)

    def keep(self, event: Event, network: nn.Module) -> Iterator[Warned]:
        """Keep the weights at the start of the training, and at the end of each epoch.

        What cannot be written does not end a training: there is one warning.

        Args:
            event: of the training.
            network: the one that is validated, as it is now.
        """
        if isinstance(event, Started) and event.done == 0:
            epoch = 0
        elif isinstance(event, EpochDone):
            epoch = event.epoch
            self._best = epoch if event.is_best else self._best
        else:
            return
        try:
            if self._limit:
                self._write(epoch, network)
        except DigitpadError as error:
            if not self._has_warned:
                self._has_warned = True
                yield Warned(
                    DigitpadError(
                        "The training continues, but the weights of its epochs are not kept."
                        " {problem}",
                        problem=error,
                    )
                )

    def _write(self, epoch: int, network: nn.Module) -> None:
        info = replace(self._info, origin={"run": self._info.name, _EPOCH: epoch})
        content = model_bytes(Model(info, network))
        known = _files(self._folder)
        largest = max([len(content), *map(_size, known.values())])
        chosen = chosen_epochs({*known, epoch}, self._best, self._limit // largest)
        # First the others: there is never more than the limit allows, and a full disk gets room.
        for other, path in known.items():
            if other not in chosen:
                _remove(path)
        if epoch not in chosen:
            raise DigitpadError(
                "Those of one epoch take {size} MB, and the setting “Weights of epochs” allows"
                " {limit}: allow more.",
                size=-(-len(content) // _MEGABYTE),
                limit=self._limit // _MEGABYTE,
            )
        write_atomically(_path(self._folder, epoch), content)


class EpochWeights:
    """The weights of a run's epochs, as they lie on the disk.

    Files that are damaged, or are not of this run, are left out.

    Args:
        store: has the run.
        run: the run, which may be trained meanwhile.

    Attributes:
        epochs: those that can be loaded, ascending; 0 is the network before the first step.
        size: bytes of their files.
        limit: bytes that they may take; 0 if the run keeps none.
        notice: a sentence if there are none, or if some are left out; else None.
    """

    def __init__(self, store: RunStore, run: Run) -> None:
        self._folder = store.epochs_path(run.id)
        self._run = run
        self.limit = run.config.epoch_weights * _MEGABYTE
        files = _files(self._folder)
        self.epochs = tuple(epoch for epoch in files if self._is_of_run(epoch))
        self.size = sum(_size(files[epoch]) for epoch in self.epochs)
        self.notice: DigitpadError | None = None
        if odd := len(files) - len(self.epochs):
            self.notice = DigitpadError(
                Plural(
                    "The weights of one epoch of the run {run} cannot be read and are left out.",
                    "The weights of {count} epochs of the run {run} cannot be read and are left"
                    " out.",
                    odd,
                ),
                run=run.name,
                count=odd,
            )
        elif not files:
            self.notice = DigitpadError(
                "The run {run} has not kept the weights of its epochs: train another one, with the"
                " setting “Weights of epochs” above 0.",
                run=run.name,
            )

    def load(self, epoch: int) -> Model:
        """The network as it was after an epoch, without a calibration.

        Raises:
            DigitpadError: its file is gone, damaged, or not of this run.
        """
        model = load_model(_path(self._folder, epoch))
        if not self._is_same(model.info, epoch):
            raise DigitpadError(
                "The weights of epoch {epoch} are of another network than that of the run {run}.",
                epoch=epoch,
                run=self._run.name,
            )
        return model

    def _is_of_run(self, epoch: int) -> bool:
        with suppress(DigitpadError):
            return self._is_same(read_model_info(_path(self._folder, epoch)), epoch)
        return False

    def _is_same(self, info: ModelInfo, epoch: int) -> bool:
        config = self._run.config
        return (
            (info.architecture, info.options) == (config.architecture, dict(config.options))
            and info.classes == (self._run.classes or info.classes)
            and info.origin.get(_EPOCH) == epoch
        )


def _path(folder: Path, epoch: int) -> Path:
    return folder / f"epoch-{epoch:05}{SUFFIX}"


def _files(folder: Path) -> dict[int, Path]:
    """The files in a folder that are named as those of epochs are, by epoch, ascending."""
    found: dict[int, Path] = {}
    with suppress(OSError):
        for path in folder.iterdir():
            if (match := _NAME.fullmatch(path.name)) is not None:
                found[int(match[1])] = path
    return dict(sorted(found.items()))


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _remove(path: Path) -> None:
    """Remove a file.

    Raises:
        DigitpadError: it cannot be removed.
    """
    with os_errors("{path} could not be removed: {reason}. Delete it yourself.", path=path):
        path.unlink(missing_ok=True)
