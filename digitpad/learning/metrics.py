"""The metrics of a training: each is named here once, and computed in one other place.

What the table names is kept on disk, drawn as a curve and exported by itself. A metric of a step or
of an epoch is computed in `loop`, one of the validation data in `validation`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Metric:
    """What the program knows about a metric.

    Attributes:
        name: its key in the metrics of an event, and its column in a table.
        title: for people.
        form: how its values are written; a "percent" is a share in [0, 1].
        plot: the plot that its curves are in: one of its own where it is the metric's own name,
            else that of the metric named so.
        better: which of two values is the better one; None where neither is.
        of_steps: whether each step of a training has it.
        of_validation: whether the validation data has it.
        of_epochs: whether it is known at the end of an epoch alone.
        is_noisy: whether it goes up and down from step to step: it is smoothed then.
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
    # The loss of the steps has label smoothing, dropout and augmentation in it, which validation
    # has not: this one can be compared.
    Metric(
        "plain_loss", Marked("Loss on training drawings as they are"), "number", "loss", "lower",
        of_steps=False, of_validation=False, of_epochs=True, is_noisy=False,
    ),
)  # fmt: skip
"""Every metric, in the order of plots and columns."""


def is_better(name: str, value: float, than: float) -> bool:
    """Whether a value of the metric of this name is better than another one."""
    metric = next(metric for metric in METRICS if metric.name == name)
    return value < than if metric.better == "lower" else value > than


@dataclass(frozen=True, slots=True)
class Metrics:
    """A network evaluated on a dataset.

    Attributes:
        accuracy: share of the glyphs that got their own class, in [0, 1].
        loss: mean cross-entropy in nats, without label smoothing.
    """

    accuracy: float
    loss: float


def mean_metrics(datasets: Mapping[str, Metrics]) -> dict[str, float]:
    """Each metric by its name, every dataset counted alike; NaN without any dataset."""
    count = len(datasets)
    return {
        entry.name: sum(getattr(metrics, entry.name) for metrics in datasets.values()) / count
        if count
        else float("nan")
        for entry in fields(Metrics)
    }
