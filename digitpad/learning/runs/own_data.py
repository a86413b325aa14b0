"""The user's samples in a run: its own copy of them, and what the training has changed."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from digitpad.data.class_names import match_classes
from digitpad.errors import DigitpadError
from digitpad.learning.retraining.comparison import Comparison, Tally
from digitpad.learning.retraining.own_samples import Division, as_dataset, divide
from digitpad.learning.validation import validate
from digitpad.recognition.model_info import Normalisation, read_model_info
from digitpad.samples.store import SampleStore
from digitpad.text import Plural

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from digitpad.data.dataset import Dataset, TrainingData
    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.recognition.model_store import ModelStore
    from digitpad.samples.sample import Sample

_LOGGER = logging.getLogger(__name__)


class Found(NamedTuple):
    """The user's samples that a new run learns from.

    Attributes:
        samples: at least one, none of them flagged.
        notice: says how many are left out because they are flagged; None if none are.
    """

    samples: tuple[Sample, ...] = ()
    notice: DigitpadError | None = None


def find_samples(path: Path | None, model: Model | None) -> Found:
    """The user's samples that a training can learn from: those that are no probable slips.

    Args:
        path: the file of the user's samples; None if there is none.
        model: of the warm start. If it knows a set of symbols of the user's own, their samples are
            learned from.

    Raises:
        DigitpadError: there are none, or they cannot be read.
    """
    symbols = "" if model is None else model.info.symbols
    every = () if path is None else SampleStore(path).list(symbols=symbols)
    samples = tuple(sample for sample in every if not sample.is_flagged)
    if every and not samples:
        raise DigitpadError(
            "All of your samples are flagged as possible slips, and none is learned from: take the"
            " flag off those whose labels are right, or train with a share of 0 of your samples."
        )
    if not samples:
        raise DigitpadError(
            "You have no samples to learn from yet: correct or confirm what the pad reads, or train"
            " with a share of 0 of your samples."
        )
    count = len(every) - len(samples)
    notice = DigitpadError(
        Plural(
            "{count} of your samples is left out, because it is flagged as a possible slip: take"
            " the flag off if its label is right.",
            "{count} of your samples are left out, because they are flagged as possible slips: take"
            " the flag off those whose labels are right.",
            count,
        ),
        count=count,
    )
    return Found(samples, notice if count else None)


def origin_of(models: ModelStore, warm_start: str | None, data: TrainingData) -> dict[str, object]:
    """What a trained model says of its data, and of the set of symbols that it reads as before.

    Args:
        models: have the model of the warm start.
        warm_start: its name or file; None for new weights.
        data: of the training; it has one validation dataset.
    """
    (title,) = data.validation
    with suppress(DigitpadError):
        if warm_start is not None:
            info = read_model_info(models.find(warm_start))
            if info.symbols and set(data.classes) <= set(info.classes):
                return {"data": title, "symbols": info.symbols}
    return {"data": title}


class OwnData:
    """The user's samples in one run.

    A run learns from the samples as they were when it began, of which it has a copy until it has
    ended: so it can be resumed bit for bit.

    Args:
        store: has the run.
        run: the run.

    Attributes:
        samples: all of them; empty if the run is to learn from none.
        notice: says which were left out when the run began; None if none were.
        parent: the model of the warm start; None for new weights, and while it is not known.
    """

    def __init__(self, store: RunStore, run: Run) -> None:
        self._store, self._run = store, run
        self._copy = SampleStore(store.samples_path(run.id))
        self._held_out: Dataset | None = None
        self.samples: tuple[Sample, ...] = ()
        self.notice: DigitpadError | None = None
        self.parent: ModelInfo | None = None

    def keep(self, found: Found) -> None:
        """Let a new run learn from these samples, if there are any.

        Raises:
            DigitpadError: they cannot be written.
        """
        if found.samples:
            # They keep their numbers.
            self.samples = self._copy.add(found.samples)
            self.notice = found.notice

    def read(self) -> bool:
        """Read the samples of a run that is resumed; false if they were never kept.

        Raises:
            DigitpadError: they cannot be read, or are gone.
        """
        if self._copy.path.exists():
            self.samples = self._copy.list()
        if not self.samples and self._run.data is not None:
            raise DigitpadError(
                "The run {run!r} cannot be resumed, because its copy of your samples is gone: begin"
                " a new run.",
                run=self._run.name,
            )
        return bool(self.samples)

    @property
    def origin(self) -> dict[str, object]:
        """What a model that learned from them says of it."""
        if not self.samples:
            return {}
        symbols = self.samples[0].symbols
        return {"samples": len(self.samples)} | ({"symbols": symbols} if symbols else {})

    def divide(self, classes: tuple[str, ...]) -> Division:
        """Divide them for data with these classes; raises as `divide` does."""
        if not self.samples:
            return Division((), (), None)
        found = divide(self.samples, classes)
        if found.held_out:
            self._held_out = as_dataset(found.held_out, classes)
        return found

    def look_before(self, network: nn.Module, data: TrainingData) -> None:
        """Find how well the network of the warm start reads, and keep it.

        Where the model of the warm start lacks a class of the data there is nothing to compare.

        Args:
            network: with the weights of the warm start, before the first step.
            data: of the training; it has one validation dataset.

        Raises:
            DigitpadError: it cannot be written.
        """
        if not self.samples or self.parent is None:
            return
        classes = self.parent.classes
        known = {*match_classes(data.classes, classes).taken, *classes}
        if not known.issuperset(data.classes):
            return
        ((title, validation),) = data.validation.items()
        own = self._held_out
        found = Comparison(
            self._run.config.warm_start or self.parent.name,
            None if own is None else Tally("", len(own), _right(network, own)),
            Tally(title, len(validation), _right(network, validation)),
        )
        self._store.keep_comparison(self._run.id, found)

    def look_after(self, network: nn.Module, accuracy: float) -> Comparison | None:
        """Complete the comparison with the trained network, and keep it.

        Args:
            network: the trained network.
            accuracy: of it on the validation data.

        Returns:
            The comparison; None if nothing is known of the time before.
        """
        before = self._store.comparison(self._run.id) if self.samples else None
        if before is None:
            return None
        everybody, own = before.everybody, before.own
        if own is not None and self._held_out is not None:
            own = replace(own, after=_right(network, self._held_out))
        after = round(accuracy * everybody.count)
        found = replace(before, own=own, everybody=replace(everybody, after=after))
        try:
            self._store.keep_comparison(self._run.id, found)
        except DigitpadError as error:
            # The model itself has been written.
            _LOGGER.warning("%s", error)
        return found


def _right(network: nn.Module, data: Dataset) -> int:
    """How many drawings, at least one, a network reads right."""
    return round(validate(network, data, Normalisation()).accuracy * len(data))
