"""The course of a training: the events that a run keeps, that curves are drawn of and exported."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from digitpad.learning.events import BatchDone, EpochDone, Row, Validated
from digitpad.learning.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class History:
    """What has happened in a training so far. It only grows.

    Args:
        rows: events in the order of their steps.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._rows: list[Row] = list(rows)

    def extend(self, rows: Iterable[Row]) -> None:
        """Add later events."""
        self._rows.extend(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def since(self, count: int) -> Sequence[Row]:
        """All events but the first `count`."""
        return self._rows[count:]

    @property
    def batches(self) -> list[BatchDone]:
        """The steps."""
        return [row for row in self._rows if isinstance(row, BatchDone)]

    @property
    def validations(self) -> list[Validated]:
        """What was validated within epochs."""
        return [row for row in self._rows if isinstance(row, Validated)]

    @property
    def epochs(self) -> list[EpochDone]:
        """The epochs that have ended."""
        return [row for row in self._rows if isinstance(row, EpochDone)]

    @property
    def best(self) -> EpochDone | None:
        """The best epoch; None before the first has ended."""
        return next((row for row in reversed(self.epochs) if row.is_best), None)

    def to_csv(self) -> str:
        """One line a step, as RFC 4180 has it; validation metrics stand where they were taken."""
        of_steps = [metric.name for metric in METRICS if metric.of_steps]
        of_validation = [metric.name for metric in METRICS if metric.of_validation]
        validation: dict[int, Mapping[str, float]] = {}
        for row in self._rows:
            # An epoch ends with all validation data: it counts more than a part at the same step.
            if isinstance(row, EpochDone) or (
                isinstance(row, Validated) and row.step not in validation
            ):
                validation[row.step] = row.validation
        text = io.StringIO()
        writer = csv.writer(text)
        validated_names = (f"validation_{name}" for name in of_validation)
        writer.writerow(["step", "epoch", *of_steps, "glyphs", "seconds", *validated_names])
        nothing: Mapping[str, float] = {}
        for row in self._rows:
            if isinstance(row, BatchDone):
                taken = validation.get(row.step, nothing)
                metrics = (row.metrics.get(name, "") for name in of_steps)
                validated = (taken.get(name, "") for name in of_validation)
                writer.writerow(
                    [row.step, row.epoch, *metrics, row.glyphs, row.seconds, *validated]
                )
        return text.getvalue()
