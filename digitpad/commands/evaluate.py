"""``digitpad evaluate``: how well a model reads labelled drawings."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from digitpad.commands.context import (
    BATCH,
    add_reading_options,
    existing_path,
    recognized,
    torch_threads,
)
from digitpad.commands.evaluation_report import report
from digitpad.data.catalog import CATALOG
from digitpad.errors import DigitpadError
from digitpad.process.exit_codes import SUCCESS
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from digitpad.commands.console import Console
    from digitpad.commands.context import Context
    from digitpad.data.batches import Origin
    from digitpad.data.left_out import LeftOut
    from digitpad.data.readers import Reader
    from digitpad.recognition.evaluation import Evaluator
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition
    from digitpad.recognition.recognizer import Recognizer

T = TypeVar("T")

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

MNIST's glyphs and tables of pixels are taken as they are; pictures and strokes are read as on the
pad, numbers included, or with --as-one each as one symbol. Of a folder with parts (train/, test/)
the test part is read, or that of --split.

A drawing counts if its label (the folder's name, or "word" in an ndjson file) is a class of the
model, or is made of several: a number of digits ("2026"), a word of letters, with a space for a
wide gap or a further line ("2026 47"). With --signs it may have ".", ",", "-" and ":", too. All
other drawings are "others". Where the classes have several characters, a label is taken for as few
of them as can be. A drawing is rejected when in any of its parts the two best classes have less
than the threshold together, the model's own or that of --reject-below, or when its picture shows
more digits than were read.
Folders that are named a little otherwise ("00", "seven", "digit_7") are taken for the classes they
mean, if all of them mean one. What cannot be read is left out and named at the end.

--wrong FILE writes a line for each drawing of a class or number that was read as another, and for
each other drawing that was not rejected: source, line, key_id, label, text (all of it), confidence,
rejected; as CSV, or as JSON objects if FILE ends in .ndjson or .jsonl.

The accuracy on all drawings of this kind lies between the two shares below it, with 95 % confidence
(Wilson's score interval).

With --json the result is one object, with null where a value does not exist:
  count       drawings that count
  accuracy    share of them whose whole label is read, rejected or not
  nll         mean negative log-likelihood of the true class, in nats
  ece         expected calibration error, 15 equal bins of the confidence
  threshold   probability of the two best classes together below which a drawing is rejected
  rejected    share of the drawings that count that were rejected
  per_class   for each class: count, recall, precision, f1, rejected
  confusion   for each true class, for each predicted class: number of drawings, rejected or not
  others      count; auroc of the confidence against the digits; accepted (share not rejected)
  divided     number of drawings of one class that were read as several
  numbers     of labels of several classes, null if there are none: count; exact (share wholly
              right); digits_right (1 - edit distance / length, of all together); ece (of whole
              numbers); rejected; and how many of the wrong ones were read as more classes (split),
              as fewer (merged), or as others (misread)
  left_out    count of files or drawings that could not be read; first, sentences about some
Shares lie between 0 and 1. Numbers count in count, accuracy, rejected and numbers alone. A drawing
of one class that was read as several is wrong; it is in no column of the confusion, and in nll its
class has the probability that its parts leave to all other ways to divide it.
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
    add_reading_options(parser)
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
    from digitpad.ink.division.signs import SIGNS
    from digitpad.recognition.evaluation import Evaluator
    from digitpad.recognition.numbers import read_of

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
    evaluator = Evaluator(recognizer.info.classes, SIGNS if args.signs else ())
    taken = {} if names is None else _taken(names, evaluator, console, source)
    if args.split is None and (notice := reader.notice()) is not None:
        console.say(notice)
    console.progress(0, total)
    done = 0
    for batch in _batches(reader, left_out, recognizer, args):
        labels = [taken.get(label, label) for label in batch.names]
        evaluator.add(labels, batch.read)
        if wrong_file is not None:
            read = list(map(read_of, batch.read))
            wrong_file.add(batch.origins, labels, read, evaluator.counts)
        done += len(labels)
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
        for line in report(evaluation, threshold):
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


class _Batch(NamedTuple):
    """Samples with what was read of them: predictions of glyphs, or recognitions of drawings."""

    names: Sequence[str]
    origins: Sequence[Origin]
    read: Sequence[Prediction | Recognition]


def _batches(
    reader: Reader, left_out: LeftOut, recognizer: Recognizer, args: argparse.Namespace
) -> Iterator[_Batch]:
    from digitpad.data.forms.user_files import PictureFolders, StrokeFile
    from digitpad.recognition.recognition import preprocess_drawing

    if not isinstance(reader, PictureFolders | StrokeFile):
        for batch in reader.batches(BATCH, left_out=left_out):
            yield _Batch(
                batch.names, batch.origins, recognizer.predict(batch.glyphs, args.reject_below)
            )
        return
    prepare = partial(preprocess_drawing, as_one=args.as_one, signs=args.signs)
    if isinstance(reader, PictureFolders):
        # With its stages each takes megabytes. To share the glyphs of one out among cores costs
        # more than to work through them.
        drawings = _beside_the_network(reader.drawings(1, prepare, left_out), 1)
    else:
        drawings = _beside_the_network(reader.drawings(BATCH, prepare, left_out))
    for samples in drawings:
        read = recognized(recognizer, samples.made, args.reject_below)
        yield _Batch(samples.names, samples.origins, read)


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


def _beside_the_network(items: Iterator[T], threads: int | None = None) -> Iterator[T]:
    """The items, made on a thread beside those of the network: so many, or all others."""
    import torch

    from digitpad.data.readers import prefetched

    with torch_threads(threads or max(torch.get_num_threads() - 1, 1)):
        yield from prefetched(items)
