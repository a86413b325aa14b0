"""``digitpad evaluate``: how well a model reads labelled drawings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digitpad.commands.console import printable
from digitpad.commands.context import BATCH, add_threshold, existing_path
from digitpad.process.exit_codes import SUCCESS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from digitpad.commands.context import Context
    from digitpad.data.user_files import Batch

SUMMARY = "Evaluate how well a model reads labelled drawings."

EPILOG = """\
examples:
  digitpad evaluate MNIST/raw                   MNIST's test files, raw or gzipped
  digitpad evaluate MNIST/raw --split train
  digitpad evaluate scans/                      scans/0/a.png, scans/0/b.png, scans/1/c.png, ...
  digitpad evaluate pen.ndjson.gz --model mine --json
  digitpad evaluate letters.ndjson --refuse-below 0.99

MNIST's glyphs are taken as they are; pictures and strokes become glyphs as on the pad.

A drawing counts if its label (the folder's name, or "word" in an ndjson file) is a class of the
model, or a number of its digits; all other drawings are "others". A drawing is rejected where its
two best classes have less than the threshold together, the model's own or that of --refuse-below.

With --json the result is one object, with null where there is nothing to say:
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
        help="a folder of MNIST's files, a folder of class-named folders of pictures, or strokes"
        " (.ndjson, .ndjson.gz)",
    )
    parser.add_argument(
        "--model",
        metavar="M",
        help="name of a model, or a model file; without it the model in use (see digitpad model)",
    )
    parser.add_argument(
        "--split", choices=("train", "test"), help="which of MNIST's files to read (test)"
    )
    add_threshold(parser)
    parser.add_argument("--json", action="store_true", help="the metrics as one JSON object")


def run(args: argparse.Namespace, context: Context) -> int:
    """Print the metrics.

    Raises:
        DigitpadError: the data or the model cannot be read; nothing has then been printed.
    """
    from digitpad.commands.report import report
    from digitpad.data.readers import open_reader
    from digitpad.data.user_files import StrokeFile
    from digitpad.recognition.evaluation import Evaluator

    reader = open_reader(existing_path(args.data), args.split)
    total = reader.count()
    recognizer, name = context.recognizer(args.model)
    threshold = args.refuse_below
    if threshold is None:
        threshold = recognizer.info.calibration.reject_below
    evaluator = Evaluator(recognizer.info.classes)
    batches = reader.batches(BATCH)
    if isinstance(reader, StrokeFile):
        # Making a glyph of strokes costs about as much as its prediction: one core for each.
        batches = _beside_the_network(batches)
    with context.console.progress(total) as advance:
        for glyphs, labels in batches:
            evaluator.add(labels, recognizer.predict(glyphs, threshold))
            advance(len(labels))
    evaluation = evaluator.result()
    if args.json:
        context.console.line(json.dumps({**evaluation.to_dict(), "threshold": threshold}))
        return SUCCESS
    context.console.line(printable(f"{name} on {args.data} ({reader.description})"))
    context.console.line("")
    for line in report(evaluation, threshold):
        context.console.line(line)
    return SUCCESS


def _beside_the_network(batches: Iterator[Batch]) -> Iterator[Batch]:
    import torch

    from digitpad.data.readers import prefetched

    threads = torch.get_num_threads()
    torch.set_num_threads(max(threads - 1, 1))
    try:
        yield from prefetched(batches)
    finally:
        torch.set_num_threads(threads)
