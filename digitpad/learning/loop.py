"""The training loop: a generator of events.

The caller that iterates drives it: not asking for the next event pauses the training, and closing
the generator stops it. Everything runs in the calling thread, with that thread's number of torch
threads.
"""

from __future__ import annotations

import copy
import math
import time
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import nn

from digitpad.data.dataset import OUTLIER
from digitpad.errors import DigitpadError
from digitpad.learning import divergence
from digitpad.learning.augmentation.augment import Pool
from digitpad.learning.checkpoint import BadCheckpointError, Checkpoint, Progress
from digitpad.learning.devices import RandomState, choose_device, freed_memory_kept
from digitpad.learning.events import BatchDone, EpochDone, Event, Finished, Started, Validated
from digitpad.learning.metrics import is_better, mean_metrics
from digitpad.learning.optim import (
    AveragedWeights,
    initialise,
    known_loss,
    loss_of,
    make_optimizer,
    restore_states,
    schedule,
    states_after_a_step,
    states_of,
)
from digitpad.learning.prepare import epoch_order
from digitpad.learning.validation import plain_loss, validate
from digitpad.recognition.layers import normalise
from digitpad.recognition.model_info import Normalisation
from digitpad.recognition.networks import build_network, parameter_count

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from torch import Tensor

    from digitpad.data.dataset import TrainingData
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.metrics import Metrics

VALIDATION_SIZE = 1000
"""Number of glyphs of each validation dataset for a validation within an epoch."""


def never() -> bool:
    """False: never stop or suspend."""
    return False


class Training:
    """One training; iterate over it once.

    The events are Started, BatchDone for each step, Validated now and then, EpochDone after each
    epoch, and Finished at the end.

    Args:
        config: the configuration.
        data: the data.
        normalisation: of the levels of glyphs; None for MNIST's.
        network: gives the first weights, and is copied; None for new weights.
        checkpoint: where to resume, with the same configuration and data. On the same device, with
            the same number of threads, the result is the same bit for bit as without interruption.
            On another kind of device it continues with other random numbers.
        should_stop: called once for each step; when it returns true, the training ends.
        validations_per_epoch: number of validations in an epoch, that at its end included; 0 and 1
            validate only at the end.

    Attributes:
        validation: the latest metrics, by validation dataset.

    Raises:
        DigitpadError: the data has no glyphs, the network or an option is unknown, the device does
            not exist, the checkpoint is of another training, or the training diverged (see
            `divergence`) before the first epoch had ended.
    """

    def __init__(
        self,
        config: TrainingConfig,
        data: TrainingData,
        *,
        normalisation: Normalisation | None = None,
        network: nn.Module | None = None,
        checkpoint: Checkpoint | None = None,
        should_stop: Callable[[], bool] = never,
        validations_per_epoch: int = 0,
    ) -> None:
        if data.epoch_size == 0:
            raise DigitpadError("There is nothing to train on: the data has no glyphs.")
        self._config = config
        self._data = data
        self._normalisation = normalisation or Normalisation()
        self._should_stop = should_stop
        self._device = choose_device(config.device)
        self._batches = math.ceil(data.epoch_size / config.batch_size)
        parts = validations_per_epoch
        within = {round(self._batches * part / parts) for part in range(1, parts)}
        self._validate_after = within - {0, self._batches}
        self._random = RandomState(self._device, config.seed)
        self._network = self._first_network(network)
        drops = (m for m in self._network.modules() if isinstance(m, nn.Dropout | nn.Dropout2d))
        self._drops = any(module.p for module in drops)
        self._has_outliers = any(bool((s.data.labels == OUTLIER).any()) for s in data.sources)
        self._optimizer = make_optimizer(self._network, config)
        self._average = (
            AveragedWeights(self._network, config.ema_steps) if config.ema_steps else None
        )
        self._progress = Progress()
        self._order = torch.empty(0, dtype=torch.int64)
        self._best: dict[str, Tensor] = {}
        self.validation: Mapping[str, Metrics] = {}
        if checkpoint is not None:
            self._restore(checkpoint)

    def __iter__(self) -> Generator[Event]:
        """Train; the events are those named at the class."""
        with freed_memory_kept():
            yield from self._events()

    def _events(self) -> Iterator[Event]:
        progress = self._progress
        yield Started(
            self._config.epochs,
            self._batches,
            parameter_count(self._network),
            self._device.type,
            progress.step,
            self._data.sources[0].passes,
            self._data.epoch_size,
        )
        # All glyphs are in one tensor, so an epoch is an order of indices.
        parts = [source.data.tensors() for source in self._data.sources]
        glyphs = torch.cat([part for part, _ in parts]).unsqueeze(1)
        labels = torch.cat([part for _, part in parts])
        pool = Pool(glyphs.to(self._device), self._config.augmentation)
        labels = labels.to(self._device)
        del glyphs, parts
        while self._progress.epoch <= self._config.epochs:
            # Checked before an epoch and not after one, as a checkpoint may lie between.
            patience = self._config.patience
            if patience and self._progress.epochs_without_improvement >= patience:
                yield Finished(self._progress.best_epoch, "stopped early")
                return
            if self._progress.batch == 0:
                # Before the order is drawn: a resumed training draws it again.
                if self._should_stop():
                    yield Finished(self._progress.best_epoch, "stopped")
                    return
                self._order = epoch_order(self._data, self._random.generator)
            self._network.train()
            while self._progress.batch < self._batches:
                # Before the next step, so that a checkpoint after the last one skips no validation.
                if self._progress.batch in self._validate_after:
                    validation = self._validate(VALIDATION_SIZE)
                    yield Validated(self._progress.step, self._progress.epoch, validation)
                if self._progress.batch and self._should_stop():
                    yield Finished(self._progress.best_epoch, "stopped")
                    return
                done = self._step(pool, labels)
                loss, classes = done.metrics["loss"], len(self._data.classes)
                problem = divergence.problem_of_step(loss, self._config, self._progress, classes)
                if problem is not None:
                    yield self._diverged(problem)
                    return
                yield done
            validation = self._validate()
            problem = divergence.problem_of_epoch(
                self.validation,
                self.network(),
                self._normalisation,
                self._config,
                self._data,
                self._progress,
            )
            if problem is not None:
                yield self._diverged(problem)
                return
            yield self._end_of_epoch(validation)
        yield Finished(self._progress.best_epoch, "completed")

    def network(self) -> nn.Module:
        """The network that is validated: with the EMA of the weights, if there is one.

        Further steps change it: call this between two events, and copy the network to keep it.
        """
        return self._network if self._average is None else self._average.network

    def best_network(self) -> nn.Module:
        """A copy with the weights of the best epoch, in evaluation mode, on the CPU.

        Before the first epoch has ended it has the present weights.
        """
        network = copy.deepcopy(self.network()).cpu()
        if self._best:
            network.load_state_dict(self._best)
        return network.eval()

    def checkpoint(self) -> Checkpoint:
        """The present state; call this between two events, in the thread that iterates."""
        tensors = {
            **_prefixed("network", self._network.state_dict()),
            **_prefixed("best", self._best),
            **_prefixed("average", self._average.network.state_dict() if self._average else {}),
            **_prefixed("random", self._random.state()),
            "order": self._order,
            **_prefixed("optimizer", states_of(self._optimizer)),
        }
        copies = {name: tensor.detach().to("cpu", copy=True) for name, tensor in tensors.items()}
        return Checkpoint(self._progress, {k: v.contiguous() for k, v in copies.items()})

    def _first_network(self, given: nn.Module | None) -> nn.Module:
        if given is not None:
            network = copy.deepcopy(given).requires_grad_(requires_grad=True)
        else:
            config = self._config
            with self._random.first_weights():
                classes = len(self._data.classes)
                network = build_network(config.architecture, classes, config.options)
                initialise(network, config.initialisation)
        return network.to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def _step(self, pool: Pool, labels: Tensor) -> BatchDone:
        began = time.perf_counter()
        config, progress = self._config, self._progress
        start = progress.batch * config.batch_size
        index = self._order[start : start + config.batch_size].to(self._device)
        total = self._batches * config.epochs
        rate, momentum = schedule(config, progress.step / total)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
            if "betas" in group:
                group["betas"] = (momentum, group["betas"][1])
            else:
                group["momentum"] = momentum
        levels = pool.take(index, self._random.device_generator)
        inputs = normalise(levels, self._normalisation)
        target = labels.index_select(0, index)
        reduced = config.precision == "bfloat16"
        with (
            self._random.dropout() if self._drops else nullcontext(),
            torch.autocast(self._device.type, torch.bfloat16) if reduced else nullcontext(),
        ):
            logits = self._network(inputs.contiguous(memory_format=torch.channels_last)).float()
        loss = loss_of(logits, target, config)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        if self._average is not None:
            self._average.update(progress.step)
        # Outliers have no class, so none of them can be correct.
        correct = int((logits.detach().argmax(dim=1) == target).sum())
        counted = len(target) - (int((target == OUTLIER).sum()) if self._has_outliers else 0)
        value = loss.item()
        if 0 < counted < len(target) and math.isfinite(value):
            # Without the part of outliers, so that losses can be compared.
            value = known_loss(logits.detach(), target, config)
        seconds = time.perf_counter() - began
        self._progress = progress = replace(
            progress,
            batch=progress.batch + 1,
            step=progress.step + 1,
            first_loss=progress.first_loss if progress.step else value,
            loss_sum=progress.loss_sum + value * counted,
            correct=progress.correct + correct,
            counted=progress.counted + counted,
            seconds=progress.seconds + seconds,
        )
        accuracy = correct / counted if counted else 0.0
        return BatchDone(
            progress.step,
            progress.epoch,
            {"loss": value, "accuracy": accuracy, "learning_rate": rate},
            len(index),
            seconds,
        )

    def _validate(self, size: int | None = None) -> dict[str, float]:
        """Validate on all validation data, or on `size` glyphs of each dataset; mean metrics."""
        self.validation = {
            name: validate(self.network(), part, self._normalisation, size)
            for name, part in self._data.validation.items()
        }
        return mean_metrics(self.validation)

    def _end_of_epoch(self, validation: Mapping[str, float]) -> EpochDone:
        progress, config = self._progress, self._config
        metric = validation[config.monitor]
        # Without validation data each epoch counts as the best one so far.
        is_best = (
            progress.best_epoch == 0
            or math.isnan(metric)
            or is_better(config.monitor, metric, progress.best_metric)
        )
        if is_best:
            self._best = {k: v.detach().clone() for k, v in self.network().state_dict().items()}
        rate, _ = schedule(config, (progress.step - 1) / (self._batches * config.epochs))
        self._progress = replace(
            Progress(progress.epoch + 1, step=progress.step, first_loss=progress.first_loss),
            best_epoch=progress.epoch if is_best else progress.best_epoch,
            best_metric=metric if is_best and not math.isnan(metric) else progress.best_metric,
            epochs_without_improvement=0 if is_best else progress.epochs_without_improvement + 1,
        )
        metrics = {
            "loss": progress.loss_sum / max(progress.counted, 1),
            "accuracy": progress.correct / progress.counted if progress.counted else 0.0,
            "learning_rate": rate,
            "plain_loss": plain_loss(
                self.network(), self._data.sources[0].data, self._normalisation, len(self._order)
            ),
        }
        return EpochDone(
            progress.step, progress.epoch, metrics, validation, progress.seconds, is_best
        )

    def _diverged(self, problem: DigitpadError) -> Finished:
        best = self._progress.best_epoch
        if not best:
            raise problem
        notice = DigitpadError(
            "{problem} The network of epoch {best} is kept.", problem=problem, best=best
        )
        return Finished(best, "diverged", notice)

    def _restore(self, checkpoint: Checkpoint) -> None:
        config, size = self._config, self._data.epoch_size
        checkpoint.check_progress(config.epochs, self._batches, config.batch_size, size)
        checkpoint.check_tensors(self._expected(checkpoint))
        checkpoint.check_values(sum(len(source.data) for source in self._data.sources))
        try:
            self._random.restore(checkpoint.part("random"))
        except RuntimeError:
            raise BadCheckpointError("The checkpoint has random states that are none.") from None
        self._network.load_state_dict(checkpoint.part("network"))
        if self._average is not None:
            self._average.network.load_state_dict(checkpoint.part("average"))
        self._best = {k: v.to(self._device) for k, v in checkpoint.part("best").items()}
        self._order = checkpoint.tensors["order"]
        restore_states(self._optimizer, checkpoint.part("optimizer"))
        self._progress = checkpoint.progress

    def _expected(self, checkpoint: Checkpoint) -> dict[str, tuple[torch.Size, torch.dtype]]:
        """Shapes and dtypes of the tensors of a checkpoint with this progress."""
        progress = checkpoint.progress
        weights = self._network.state_dict()
        states = states_after_a_step(self._optimizer) if progress.step else {}
        tensors = {
            **_prefixed("network", weights),
            **_prefixed("average", weights if self._average is not None else {}),
            **_prefixed("best", weights if progress.best_epoch else {}),
            **_prefixed("optimizer", states),
            **_prefixed("random", self._random.like(checkpoint.part("random"))),
        }
        expected = {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()}
        length = self._data.epoch_size if progress.step else 0
        return expected | {"order": (torch.Size([length]), torch.int64)}


def _prefixed(name: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{name}.{key}": tensor for key, tensor in tensors.items()}
