"""An evaluation as ``digitpad evaluate`` shows it to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.commands.console import printable
from digitpad.recognition.prediction import are_digits
from digitpad.recognition.uncertainty import wilson_interval
from digitpad.text import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digitpad.recognition.evaluation import Evaluation

_MAX_COLUMNS = 40
"""A confusion matrix with more classes fits no screen: its largest entries are listed instead."""

_MOST_FREQUENT = 20
"""Pairs of classes in that list."""


def report(evaluation: Evaluation, threshold: float) -> Iterator[str]:
    """Its lines."""
    yield from _totals(evaluation, threshold)
    if evaluation.confusion.any() or evaluation.others.count:
        yield ""
        yield from _by_class(evaluation)
    if evaluation.confusion.any():
        yield ""
        if len(evaluation.classes) <= _MAX_COLUMNS:
            yield from _matrix(evaluation)
        else:
            yield from _confusions(evaluation)


def _totals(evaluation: Evaluation, threshold: float) -> Iterator[str]:
    others = evaluation.others
    rows = [
        ("drawings", str(evaluation.count)),
        ("accuracy", _percent(evaluation.accuracy)),
        *_range(evaluation),
        ("negative log-likelihood", _number(evaluation.nll)),
        ("expected calibration error", _percent(evaluation.ece)),
        ("threshold of the best two", _percent(threshold)),
        ("rejected", _percent(evaluation.rejected)),
    ]
    if others.count:
        accepted = others.accepted
        rows += [
            ("other drawings", str(others.count)),
            ("  AUROC of the confidence", _number(others.auroc)),
            ("  rejected", _percent(None if accepted is None else 1.0 - accepted)),
            (
                "  taken for a digit" if are_digits(evaluation.classes) else "  taken for a class",
                _percent(accepted),
            ),
        ]
    rows += _numbers(evaluation)
    names, values = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    for name, value in rows:
        yield f"{name:<{names}}  {value:>{values}}"


def _numbers(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """How numbers were read, and how often a digit for one, where there is something to say."""
    numbers, is_numeric = evaluation.numbers, are_digits(evaluation.classes)
    if evaluation.divided:
        yield (
            "digits read as several" if is_numeric else "symbols read as several",
            str(evaluation.divided),
        )
    if not numbers.count:
        return
    yield "numbers" if is_numeric else "words", str(numbers.count)
    yield "  wholly right", _percent(numbers.exact)
    yield "  digits right" if is_numeric else "  symbols right", _percent(numbers.digits_right)
    yield "  expected calibration error", _percent(numbers.ece)
    yield "  rejected", _percent(numbers.rejected)
    yield "  wrong with more parts", str(numbers.split)
    yield "  wrong with fewer parts", str(numbers.merged)
    yield "  wrong in other ways", str(numbers.misread)


def _range(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Where the accuracy on all such drawings lies: a few drawings say little of it."""
    if evaluation.accuracy is not None:
        correct = round(evaluation.accuracy * evaluation.count)
        low, high = wilson_interval(correct, evaluation.count)
        yield "  at least, of all", _percent(low)
        yield "  at most, of all", _percent(high)


def _by_class(evaluation: Evaluation) -> Iterator[str]:
    header = ["class", "drawings", "recall", "precision", "F1", "rejected"]
    has_others = evaluation.others.count > 0
    rows: list[Sequence[str]] = [[*header, "others taken for it"] if has_others else header]
    for name, metrics, others in zip(
        evaluation.classes, evaluation.per_class, evaluation.others.accepted_as, strict=True
    ):
        shares = (metrics.recall, metrics.precision, metrics.f1, metrics.rejected)
        row = [printable(name), str(metrics.count), *map(_percent, shares)]
        # Which of the classes draw in what is none of them.
        rows.append([*row, str(others)] if has_others else row)
    yield from _table(rows)


def _matrix(evaluation: Evaluation) -> Iterator[str]:
    yield "confusion matrix (a row is the true class, a column the predicted class)"
    names = [printable(name) for name in evaluation.classes]
    rows: list[Sequence[str]] = [("", *names)]
    rows += [
        # A dot for nought lets the mistakes stand out.
        (name, *(str(count) if count else "." for count in row))
        for name, row in zip(names, evaluation.confusion.tolist(), strict=True)
    ]
    yield from _table(rows)


def _confusions(evaluation: Evaluation) -> Iterator[str]:
    mistakes = [
        (count, printable(evaluation.classes[true]), printable(evaluation.classes[read]))
        for true, row in enumerate(evaluation.confusion.tolist())
        for read, count in enumerate(row)
        if count and true != read
    ]
    mistakes.sort(key=lambda mistake: -mistake[0])
    yield f"most frequent mistakes ({len(mistakes)} kinds in all)"
    rows: list[Sequence[str]] = [("true", "predicted", "drawings")]
    rows += [(true, read, str(count)) for count, true, read in mistakes[:_MOST_FREQUENT]]
    yield from _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{text:>{width}}" for text, width in zip(row, widths, strict=True))


def _percent(share: float | None) -> str:
    return "-" if share is None else percent(share, 2)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
