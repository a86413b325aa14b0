"""``digitpad evaluate``: how well a model reads labelled drawings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digitpad.commands.console import printable
from digitpad.commands.context import BATCH, add_model_options, existing_path, torch_threads
from digitpad.process.exit_codes import SUCCESS
from digitpad.recognition.prediction import are_digits
from digitpad.recognition.uncertainty import wilson_interval
from digitpad.text import percent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from digitpad.commands.context import Context
    from digitpad.data.readers import Reader
    from digitpad.data.user_files import Batch
    from digitpad.recognition.evaluation import Evaluation

_MAX_COLUMNS = 40
"""A confusion matrix with more classes fits no screen: its largest entries are listed instead."""

_MOST_FREQUENT = 20
"""Pairs of classes in that list."""

SUMMARY = "Evaluate how well a model reads labelled drawings."

EPILOG = """\
examples:
  digitpad evaluate MNIST/raw                   MNIST's test files, raw or gzipped
  digitpad evaluate MNIST/raw --split train
  digitpad evaluate mnist-excerpt               the test digits of the built-in MNIST excerpt
  digitpad evaluate scans/                      scans/0/a.png, scans/0/b.png, scans/1/c.png, ...
  digitpad evaluate pen.ndjson.gz --model mine --json
  digitpad evaluate letters.ndjson --reject-below 0.99

MNIST's glyphs are taken as they are; pictures and strokes become glyphs as on the pad.

A drawing counts if its label (the folder's name, or "word" in an ndjson file) is a class of the
model, or a number of its digits; all other drawings are "others". A drawing is rejected when its
two best classes have less than the threshold together, the model's own or that of --reject-below.

The accuracy on all drawings of this kind lies between the two shares below it, with 95 % confidence
(Wilson's score interval).

With --json the result is one object, with null where a value does not exist:
  count       drawings that count
  accuracy    share of them whose whole label is predicted, rejected or not
  nll         mean negative log-likelihood of the true class, in nats
  ece         expected calibration error, 15 equal bins of the confidence
  threshold   probability of the two best classes together below which a drawing is rejected
  rejected    share of the drawings that count that were rejected
  per_class   for each class: count, recall, precision, f1, rejected
  confusion   for each true class, for each predicted class: number of drawings, rejected or not
  others      count; auroc of the confidence against the digits; accepted (share not rejected)
Shares lie between 0 and 1. A number of several digits counts in count, accuracy and rejected
alone.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "data",
        metavar="DATA",
        help="a folder of MNIST's files, a folder of class-named folders of pictures, strokes"
        " (.ndjson, .ndjson.gz), or mnist-excerpt",
    )
    parser.add_argument(
        "--split",
        choices=("train", "validation", "test"),
        help="which of MNIST's files, or which part of the excerpt, to read (default: test)",
    )
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="the metrics as one JSON object")


def run(args: argparse.Namespace, context: Context) -> int:
    """Print the metrics.

    Raises:
        DigitpadError: the data or the model cannot be read; nothing has then been printed.
    """
    from digitpad.data.readers import open_reader
    from digitpad.data.user_files import StrokeFile
    from digitpad.recognition.evaluation import Evaluator

    reader = _excerpt(args) or open_reader(existing_path(args.data), args.split)
    total = reader.count()
    recognizer, name = context.recognizer(args.model)
    threshold = args.reject_below
    if threshold is None:
        threshold = recognizer.info.calibration.reject_below
    evaluator = Evaluator(recognizer.info.classes)
    batches = reader.batches(BATCH)
    if isinstance(reader, StrokeFile):
        # Making a glyph of strokes costs about as much as its prediction: one core for each.
        batches = _beside_the_network(batches)
    done = 0
    context.console.progress(done, total)
    for glyphs, labels in batches:
        evaluator.add(labels, recognizer.predict(glyphs, threshold))
        done += len(labels)
        context.console.progress(done, total)
    context.console.end_progress()
    evaluation = evaluator.result()
    if args.json:
        context.console.line(json.dumps({**evaluation.to_dict(), "threshold": threshold}))
        return SUCCESS
    context.console.line(f"{name} on {args.data} ({reader.description})")
    context.console.line("")
    for line in _report(evaluation, threshold):
        context.console.line(line)
    return SUCCESS


def _excerpt(args: argparse.Namespace) -> Reader | None:
    """A part of the MNIST excerpt, where that is asked for."""
    if args.data != "mnist-excerpt":
        return None
    from digitpad.data.excerpt import excerpt_files

    return excerpt_files(args.split or "test")


def _beside_the_network(batches: Iterator[Batch]) -> Iterator[Batch]:
    import torch

    from digitpad.data.readers import prefetched

    with torch_threads(max(torch.get_num_threads() - 1, 1)):
        yield from prefetched(batches)


def _report(evaluation: Evaluation, threshold: float) -> Iterator[str]:
    """An evaluation as lines for people."""
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
    names, values = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    for name, value in rows:
        yield f"{name:<{names}}  {value:>{values}}"


def _range(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Where the accuracy on all such drawings lies: a few drawings say little of it."""
    if evaluation.accuracy is not None:
        correct = round(evaluation.accuracy * evaluation.count)
        low, high = wilson_interval(correct, evaluation.count)
        yield "  of all such drawings, at least", _percent(low)
        yield "  of all such drawings, at most", _percent(high)


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
