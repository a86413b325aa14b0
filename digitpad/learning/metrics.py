"""The metrics of a training: each is named here once, and computed in one other place.

All metrics in the table are kept on disk, drawn as curves and exported without further code. Those
of steps and epochs are computed in `loop`, those of validation data in `validation`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a training.

    Attributes:
        name: its key in the metrics of an event, and its column in an exported table.
        title: its name for people.
        form: how its values are written; those of "percent" are shares in [0, 1].
        plot: the name of the metric whose plot has its curves; its own name for a plot of its own.
        better: whether lower or higher values are better; None if neither is.
        of_steps: whether each step has it.
        of_validation: whether validations have it.
        of_epochs: whether it is only found at the end of an epoch.
        is_noisy: whether it varies from step to step, so that its curve is smoothed.
    """

    name: str
    title: str
    form: Literal["number", "percent"]
    plot: str
    better: Literal["lower", "higher"] | None
    of_steps: bool = True
    of_validation: bool = True
    of_epochs: bool = False
    is_noisy: bool = True


METRICS = (
    Metric("loss", Marked("Loss"), "number", "loss", "lower"),
    Metric("accuracy", Marked("Accuracy"), "percent", "accuracy", "higher"),
    Metric(
        "learning_rate", Marked("Learning rate"), "number", "learning_rate", None,
        of_validation=False, is_noisy=False,
    ),
    # Unlike the loss of steps, this one is without label smoothing, dropout and augmentation, so it
    # can be compared with that of validation.
    Metric(
        "plain_loss", Marked("Loss on training drawings as they are"), "number", "loss", "lower",
        of_steps=False, of_validation=False, of_epochs=True, is_noisy=False,
    ),
)  # fmt: skip
"""Every metric, in the order of plots and columns."""


def is_better(name: str, value: float, than: float) -> bool:
    """Whether a value of a metric is better than another one.

    Args:
        name: of a metric for which lower or higher values are better.
        value: the one value.
        than: the other value.
    """
    metric = next(metric for metric in METRICS if metric.name == name)
    return value < than if metric.better == "lower" else value > than


@dataclass(frozen=True, slots=True)
class Metrics:
    """Metrics of a network on a dataset.

    Attributes:
        accuracy: share of the glyphs whose predicted class is right, in [0, 1].
        loss: mean cross-entropy in nats, without label smoothing.
    """

    accuracy: float
    loss: float


def mean_metrics(datasets: Mapping[str, Metrics]) -> dict[str, float]:
    """Means of the metrics over datasets, which count alike; NaN if there are none."""
    count = len(datasets)
    return {
        entry.name: sum(getattr(metrics, entry.name) for metrics in datasets.values()) / count
        if count
        else float("nan")
        for entry in fields(Metrics)
    }
