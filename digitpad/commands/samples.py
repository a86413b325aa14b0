"""``digitpad samples``: what the user has drawn and labelled."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad.commands.console import printable
from digitpad.commands.context import actions_of, existing_path, torch_threads
from digitpad.errors import DigitpadError, joined
from digitpad.process.exit_codes import SUCCESS
from digitpad.text import Plural, Sentence, probability

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from digitpad.commands.context import Context
    from digitpad.data.sample_files.exporting import Format
    from digitpad.learning.adaptation.teacher import Teacher
    from digitpad.samples.sample import Sample
    from digitpad.samples.store import SampleStore


SUMMARY = "List, export, import and delete what you have drawn and labelled."

EPILOG = """\
examples:
  digitpad samples list --label 7
  digitpad samples list --flagged --json
  digitpad samples export mine.ndjson           the strokes, as Quick, Draw! has them
  digitpad samples export mine/ --format idx    MNIST's files, which torchvision reads
  digitpad samples export mine/ --format folders
  digitpad samples import mine.ndjson pictures/
  digitpad samples delete 12 15
  digitpad samples delete --label 7 --yes

A sample is a drawing with its label: what you have corrected or confirmed, collected or imported.
What is imported is flagged where its label contradicts all that is known, up to 1,000 drawings at a
time. A flagged sample is learned only for what looks just like it, and no training learns from it.
With --json, list prints one object a line:
  id           its number
  label        what it is
  symbols      the set of your own symbols that the label belongs to, or ""
  origin       correction, confirmation, collected or imported
  flagged      whether it contradicts what is known, and so may be a slip
  created      date and time
  kind         strokes or picture
  answer       what a model said of it: text, confidence, rejected, model; or null
"""

_FORMATS = ("ndjson", "idx", "folders")
_STROKES = (".ndjson", ".jsonl")


def add_arguments(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Declare the actions and what they take.

    Args:
        parser: of the command.
        common: the options that every command has.
    """
    action = actions_of(parser, common)
    entry = action("list", _list, "list all samples, or some of them, the oldest first")
    entry.set_defaults(list=True)
    _add_filters(entry)
    entry.add_argument("--json", action="store_true", help="one JSON object per line")
    entry = action("export", _export, "write samples as files that other programs read")
    entry.add_argument(
        "target", metavar="TARGET", help="an .ndjson file for strokes, else a folder; may be new"
    )
    entry.add_argument(
        "--format",
        choices=_FORMATS,
        help="ndjson: strokes; idx: MNIST's four files; folders: a folder of PNG files for each"
        " class; default: by the ending of TARGET",
    )
    _add_filters(entry)
    entry.add_argument("--force", action="store_true", help="replace an earlier export")
    entry = action("import", _import, "add labelled drawings to the samples")
    entry.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="an .ndjson file of strokes, a table of pixels (.csv), a folder of MNIST's files, or"
        " one with a folder of pictures for each class",
    )
    entry.add_argument(
        "--symbols", metavar="SET", default="", help="their labels belong to your own set SET"
    )
    entry = action("delete", _delete, "delete samples for good")
    entry.add_argument("ids", nargs="*", metavar="ID", help="number of a sample, see list")
    entry.add_argument(
        "--everything",
        action="store_true",
        help="delete all samples and all sets of your own symbols, and what was taught with them",
    )
    _add_filters(entry)
    entry.add_argument("--yes", action="store_true", help="do not ask")


def _add_filters(entry: argparse.ArgumentParser) -> None:
    entry.add_argument("--label", metavar="L", help="only those with this label")
    entry.add_argument(
        "--symbols", metavar="SET", help="only those of this set of your own symbols"
    )
    entry.add_argument("--flagged", action="store_true", help="only those that may be slips")


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what was asked.

    Raises:
        DigitpadError: the samples or a file cannot be read or written, or nothing is there to do.
    """
    from digitpad.samples.store import SampleStore

    store = SampleStore(context.profile.samples_path)
    try:
        args.act(args, context, store)
    except DigitpadError as error:
        # What cannot be done leaves one sentence, and the damage may explain it.
        if (notice := store.take_notice()) is not None:
            raise joined(error, notice) from error
        raise
    if (notice := store.take_notice()) is not None:
        context.console.say(notice)
    return SUCCESS


def _list(args: argparse.Namespace, context: Context, store: SampleStore) -> None:
    samples = _chosen(args, store.list())
    if args.json:
        for sample in samples:
            context.console.json(_as_dict(sample))
        return
    width = max((len(str(sample.id)) for sample in samples), default=0)
    for sample in samples:
        context.console.line(f"{sample.id:>{width}}  {_summary(sample)}")


def _export(args: argparse.Namespace, context: Context, store: SampleStore) -> None:
    form = _form(args)
    samples = _chosen(args, store.list())
    own = 0
    if args.symbols is None:
        # Elsewhere nothing would tell them from digits.
        own = sum(bool(sample.symbols) for sample in samples)
        samples = tuple(sample for sample in samples if not sample.symbols)
    if not samples and (_is_filtered(args) or own):
        raise _none_chosen()
    from digitpad.data.sample_files.exporting import export_samples

    done = export_samples(samples, Path(args.target), form, replace=args.force)
    context.console.line(str(done.sentence()))
    if own:
        context.console.say(
            Sentence(
                Plural(
                    "One sample of your own symbols is left out: --symbols SET exports those of a"
                    " set.",
                    "{count} samples of your own symbols are left out: --symbols SET exports those"
                    " of a set.",
                    own,
                ),
                count=own,
            )
        )
    if (notice := done.notice()) is not None:
        context.console.say(notice)


def _import(args: argparse.Namespace, context: Context, store: SampleStore) -> None:
    paths = [existing_path(text) for text in args.paths]
    from digitpad.data.sample_files.importing import import_samples

    def progress(count: int) -> None:
        context.console.progress(count, what="reading")

    judge = _judge(context)
    for path in paths:
        done = import_samples(
            store,
            path,
            symbols=args.symbols,
            progress=progress,
            judge=None if args.symbols else judge,
        )
        context.console.end_progress()
        context.console.line(str(done.sentence()))
        for notice in done.notices():
            context.console.say(notice)


def _judge(context: Context) -> Callable[[Sample, Sequence[Sample]], bool]:
    """What tells whether a sample contradicts the model in use and others; it is loaded if asked.

    A model that cannot be loaded or taught contradicts nothing.
    """

    @cache
    def teacher() -> Teacher | None:
        from digitpad.learning.adaptation.teacher import Teacher

        with suppress(DigitpadError):
            return Teacher(context.model(None)[1])
        return None

    def judge(sample: Sample, others: Sequence[Sample]) -> bool:
        found = teacher()
        if found is None:
            return False
        with torch_threads(1):
            return found.contradicts(sample, others)

    return judge


def _delete(args: argparse.Namespace, context: Context, store: SampleStore) -> None:
    ways = bool(args.ids) + args.everything + _is_filtered(args)
    if ways != 1:
        raise DigitpadError(
            "Say which samples to delete: their numbers, or one or more of --label, --symbols and"
            " --flagged, or --everything."
        )
    if args.everything:
        from digitpad.learning.adaptation.forgetting import forget_everything
        from digitpad.learning.runs.store import RunStore

        count = len(store.list())
        _check(args, count, everything=True)
        runs = RunStore(context.profile.runs_dir)
        adapted_dir = context.profile.adapted_dir
        _say_deleted(context, forget_everything(store, context.store(), runs, adapted_dir))
        return
    if args.ids:
        numbers = _numbers(args.ids, store)
    else:
        numbers = [sample.id for sample in _chosen(args, store.list())]
        if not numbers:
            raise _none_chosen()
    _check(args, len(numbers))
    store.delete(numbers)
    _say_deleted(context, len(numbers))


def _say_deleted(context: Context, count: int) -> None:
    context.console.line(
        str(
            Sentence(
                Plural("One sample was deleted.", "{count} samples were deleted.", count),
                count=count,
            )
        )
    )


def _numbers(texts: Sequence[str], store: SampleStore) -> list[int]:
    """The numbers of samples that are there, each once."""
    there = store.numbers()
    numbers = []
    for text in dict.fromkeys(texts):
        # int() reads more than numbers of samples.
        if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) in there):
            raise DigitpadError(
                "There is no sample {number}: digitpad samples list shows their numbers.",
                number=text,
            )
        numbers.append(int(text))
    return list(dict.fromkeys(numbers))


def _check(args: argparse.Namespace, count: int, *, everything: bool = False) -> None:
    """Ask on a terminal whether to go on.

    Raises:
        DigitpadError: no, or there is nobody to ask.
    """
    if args.yes:
        return
    if sys.stdin is None or not sys.stdin.isatty() or sys.stderr is None:
        raise DigitpadError(
            "Deleted samples do not come back: add --yes to delete {count}.", count=count
        )
    what = Sentence(
        Plural(
            "One sample and all sets of your own symbols will be deleted for good.",
            "{count} samples and all sets of your own symbols will be deleted for good.",
            count,
        )
        if everything
        else Plural(
            "One sample will be deleted for good.",
            "{count} samples will be deleted for good.",
            count,
        ),
        count=count,
    )
    # Standard output is for results.
    print(f"digitpad: {what} Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise DigitpadError("Nothing was deleted.")


def _form(args: argparse.Namespace) -> Format:
    if not args.target:
        raise DigitpadError("The samples need a name to be exported to: name a file or a folder.")
    suffix = Path(args.target).suffix.lower()
    if args.format is not None:
        form: Format = args.format
        return form
    if suffix in _STROKES:
        return "ndjson"
    raise DigitpadError(
        "The name {target!r} does not say how to write the samples: let it end in .ndjson, or add"
        " --format idx or --format folders.",
        target=args.target,
    )


def _is_filtered(args: argparse.Namespace) -> bool:
    return args.label is not None or args.symbols is not None or args.flagged


def _chosen(args: argparse.Namespace, samples: Sequence[Sample]) -> tuple[Sample, ...]:
    return tuple(
        sample
        for sample in samples
        if (args.label is None or sample.label == args.label)
        and (args.symbols is None or sample.symbols == args.symbols)
        and (sample.is_flagged or not args.flagged)
    )


def _none_chosen() -> DigitpadError:
    return DigitpadError("There is no such sample: digitpad samples list shows all.")


def _summary(sample: Sample) -> str:
    parts = [sample.label]
    if sample.symbols:
        parts[0] += f" of {sample.symbols}"
    parts += [sample.origin, f"{sample.created.astimezone():%Y-%m-%d %H:%M}"]
    if (answer := sample.answer) is not None:
        said = "rejected" if answer.rejected else f"read as {answer.text}"
        parts.append(f"{said} ({probability(answer.confidence)}) by {answer.model}")
    if sample.drawing.picture is not None:
        parts.append("a picture")
    if sample.is_flagged:
        parts.append("may be a slip")
    return printable(", ".join(parts))


def _as_dict(sample: Sample) -> dict[str, Any]:
    answer = sample.answer
    return {
        "id": sample.id,
        "label": sample.label,
        "symbols": sample.symbols,
        "origin": sample.origin,
        "flagged": sample.is_flagged,
        "created": sample.created.isoformat(),
        "kind": "picture" if sample.drawing.strokes == () else "strokes",
        "answer": None
        if answer is None
        else {
            "text": answer.text,
            "confidence": answer.confidence,
            "rejected": answer.rejected,
            "model": answer.model,
        },
    }
