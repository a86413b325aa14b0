"""``digitpad evaluate``: how well a model reads labelled drawings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from digitpad.commands.console import printable
from digitpad.commands.context import BATCH, add_model_options, existing_path, torch_threads
from digitpad.data.catalog import CATALOG
from digitpad.errors import DigitpadError
from digitpad.process.exit_codes import SUCCESS
from digitpad.recognition.prediction import are_digits
from digitpad.recognition.uncertainty import wilson_interval
from digitpad.text import Plural, Sentence, percent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from digitpad.commands.console import Console
    from digitpad.commands.context import Context
    from digitpad.data.batches import Batch
    from digitpad.data.left_out import LeftOut
    from digitpad.data.readers import Reader
    from digitpad.recognition.evaluation import Evaluation, Evaluator

_MAX_COLUMNS = 40
"""A confusion matrix with more classes fits no screen: its largest entries are listed instead."""

_MOST_FREQUENT = 20
"""Pairs of classes in that list."""

_PICTURES = 16
"""Pictures of a batch."""

_LISTED = 12
"""Names in a sentence."""

_FIRST = 10
"""Sentences about what was left out, in the JSON."""

SUMMARY = "Evaluate how well a model reads labelled drawings."

EPILOG = """\
examples:
  digitpad evaluate MNIST/raw                   MNIST's test files, raw or gzipped
  digitpad evaluate MNIST/raw --split train
  digitpad evaluate mnist-excerpt               the test digits of the built-in MNIST excerpt
  digitpad evaluate scans/                      scans/0/a.png, scans/0/b.png, scans/1/c.png, ...
  digitpad evaluate pen.ndjson.gz --model mine --json
  digitpad evaluate letters.ndjson --reject-below 0.99
  digitpad evaluate train.csv                   a table of pixels, as Kaggle has MNIST
  digitpad evaluate scans/ --wrong wrong.csv    also writes which drawings were wrong

MNIST's glyphs and tables of pixels are taken as they are; pictures and strokes become glyphs as on
the pad. Of a folder with parts (train/, test/) the test part is read, or that of --split.

A drawing counts if its label (the folder's name, or "word" in an ndjson file) is a class of the
model, or a number of its digits; all other drawings are "others". A drawing is rejected when its
two best classes have less than the threshold together, the model's own or that of --reject-below.
Folders that are named a little otherwise ("00", "seven", "digit_7") are taken for the classes they
mean, if all of them mean one. What cannot be read is left out and named at the end.

--wrong FILE writes a line for each drawing of a class or number that was predicted as another, and
for each other drawing that was not rejected: source, line, key_id, label, text, confidence,
rejected; as CSV, or as JSON objects if FILE ends in .ndjson or .jsonl.

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
  left_out    count of files or drawings that could not be read; first, sentences about some
Shares lie between 0 and 1. A number of several digits counts in count, accuracy and rejected
alone.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "data",
        metavar="DATA",
        help="a folder of MNIST's files, a folder of class-named folders of pictures, strokes"
        " (.ndjson, .jsonl), or a table of pixels (.csv), gzipped or not; or mnist-excerpt",
    )
    parser.add_argument(
        "--split",
        choices=("train", "validation", "test"),
        help="which of MNIST's files, which part of a divided folder, or which split of the excerpt"
        " to read (default: test)",
    )
    parser.add_argument(
        "--wrong", metavar="FILE", help="write which drawings were wrong (.csv, .ndjson)"
    )
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="the metrics as one JSON object")


def run(args: argparse.Namespace, context: Context) -> int:
    """Print the metrics.

    Raises:
        DigitpadError: the data or the model cannot be read, or FILE cannot be written; nothing has
            then been printed.
    """
    from digitpad.commands.wrong_file import WrongFile
    from digitpad.data.forms.user_files import PictureFolders
    from digitpad.data.left_out import LeftOut
    from digitpad.data.readers import open_reader
    from digitpad.recognition.evaluation import Evaluator

    console = context.console
    excerpt = _excerpt(args)
    source = existing_path(args.data) if excerpt is None else excerpt.source
    # Before the work begins.
    wrong_file = None if args.wrong is None else WrongFile(Path(args.wrong), source)
    reader = excerpt or open_reader(source, args.split)
    left_out = LeftOut(source)
    names = Counter(reader.names(left_out)) if isinstance(reader, PictureFolders) else None
    total = (
        names.total() if names is not None else reader.count() if console.is_on_terminal else None
    )
    recognizer, name = context.recognizer(args.model)
    threshold = args.reject_below
    if threshold is None:
        threshold = recognizer.info.calibration.reject_below
    evaluator = Evaluator(recognizer.info.classes)
    taken = {} if names is None else _taken(names, evaluator, console, source)
    if args.split is None and (notice := reader.notice()) is not None:
        console.say(notice)
    console.progress(0, total)
    done = 0
    for batch in _batches(reader, left_out):
        labels = [taken.get(label, label) for label in batch.names]
        predictions = recognizer.predict(batch.glyphs, threshold)
        evaluator.add(labels, predictions)
        if wrong_file is not None:
            wrong_file.add(batch.origins, labels, predictions, evaluator.counts)
        done += len(batch)
        console.progress(done, total)
    console.end_progress()
    left_out.check(done)
    if wrong_file is not None:
        wrong_file.write()
    evaluation = evaluator.result()
    if args.json:
        values = {"threshold": threshold, "left_out": left_out.to_dict(_FIRST)}
        console.json({**evaluation.to_dict(), **values})
    else:
        console.line(f"{name} on {args.data} ({reader.description})")
        console.line("")
        for line in _report(evaluation, threshold):
            console.line(line)
    if names is None and not evaluation.count:
        console.say(
            Sentence(
                "No drawing in {source} shows a class of the model, so that there is no accuracy:"
                " the classes are {classes}.",
                source=source,
                classes=_list(evaluation.classes),
            )
        )
    if (notice := left_out.notice()) is not None:
        console.say(notice)
    return SUCCESS


def _excerpt(args: argparse.Namespace) -> Reader | None:
    """A part of the MNIST excerpt, where that is asked for."""
    if args.data != "mnist-excerpt":
        if args.data in CATALOG and not Path(args.data).exists():
            raise DigitpadError(
                "{name} is a dataset to train on, and there is no file or folder of that name: give"
                " the folder with its files, or mnist-excerpt, which came with Digitpad.",
                name=args.data,
            )
        return None
    from digitpad.data.public.excerpt import excerpt_files

    return excerpt_files(args.split or "test")


def _batches(reader: Reader, left_out: LeftOut) -> Iterator[Batch]:
    from digitpad.data.forms.user_files import PictureFolders, StrokeFile

    if isinstance(reader, PictureFolders):
        # A glyph of a picture takes far longer than its prediction, and somebody may wait.
        return reader.batches(_PICTURES, left_out=left_out)
    batches = reader.batches(BATCH, left_out=left_out)
    if isinstance(reader, StrokeFile):
        # Making a glyph of strokes costs about as much as its prediction: one core for each.
        return _beside_the_network(batches)
    return batches


def _taken(
    names: Iterable[str], evaluator: Evaluator, console: Console, source: Path
) -> Mapping[str, str]:
    """Which classes the names of folders are taken for, where they are others; says so."""
    from digitpad.data.class_names import match_classes

    match = match_classes(names, evaluator.classes)
    if match.taken:
        console.say(
            Sentence(
                "The folders {names} in {source} are taken for the classes {classes}.",
                names=_list(list(match.taken)),
                source=source,
                classes=_list(list(match.taken.values())),
            )
        )
    # Numbers count, but a digit with noughts before it was not meant as one.
    unknown = [name for name in match.unknown if not evaluator.counts(name) or name[0] == "0"]
    if unknown and match.missing:
        console.say(
            Sentence(
                Plural(
                    "{source} has folders that are no class of the model, so that their drawings"
                    " count as others: {names}. The class {missing} has no folder.",
                    "{source} has folders that are no class of the model, so that their drawings"
                    " count as others: {names}. The classes {missing} have no folder.",
                    len(match.missing),
                ),
                source=source,
                names=_list(unknown),
                missing=_list(match.missing),
            )
        )
    elif unknown:
        console.say(
            Sentence(
                "{source} has folders that are no class of the model, so that their drawings count"
                " as others: {names}.",
                source=source,
                names=_list(unknown),
            )
        )
    return match.taken


def _list(names: Sequence[str]) -> str:
    return ", ".join([*names[:_LISTED], *["…"] * (len(names) > _LISTED)])


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
