"""``digitpad classify``: read drawings from files, one line for each."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from digitpad.commands.context import (
    BATCH,
    add_reading_options,
    existing_path,
    expanded_names,
    recognized,
    standard_input,
    torch_threads,
)
from digitpad.errors import DigitpadError
from digitpad.process.exit_codes import BAD_INPUT, SUCCESS
from digitpad.recognition.prediction import are_digits
from digitpad.storage.problems import os_errors
from digitpad.text import Plural, Sentence, probability

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from digitpad.commands.context import Context
    from digitpad.ink.drawing import Drawing
    from digitpad.ink.files.drawings import FileDrawing
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition
    from digitpad.recognition.recognizer import Recognizer

    _Prepare: TypeAlias = Callable[[Drawing], Recognition]
    """The preprocessing of a drawing."""

SUMMARY = "Read drawings: pictures, folders of pictures, or strokes as ndjson."

_STANDARD_INPUT = "-"

_PICTURES = 16
"""Pictures that go through the network together: with its stages, each takes megabytes, ..."""

_PICTURE_BYTES = 64 * 2**20
"""... and a large one more."""

EPILOG = """\
examples:
  digitpad classify seven.png photo.jpg
  digitpad classify scans/                      every picture in a folder and below
  digitpad classify drawings.ndjson.gz --json   strokes in Quick, Draw! form
  digitpad classify "*.png"                     where the shell does not fill in the names
  curl -s https://example.org/7.png | digitpad classify -
  digitpad classify --model mine seven.png
  digitpad classify --reject-below 0.99 scans/  reject whatever is a little unusual
  digitpad classify --as-one seven.png          read one digit, whatever it looks like
  digitpad classify --signs bill.png            read 12.50, -3 or 10:30 with their signs

The content of a file decides what it holds, and not its name. "-" is standard input, and a pipe
can be named like a file.

There is one line for each drawing: a sure answer as "7  99.8 %" or "2026  97.1 %", an unsure one
as "7, or 1?  70.0 %, 29.1 %". It is "not a digit" or "not a number" when the drawing is rejected,
because in one of its parts the two best classes have less than the threshold together. Several
lines of digits stand in one, as "2026 / 47". With --as-one every drawing is read as one symbol, and
a picture of more than one digit is rejected.

Dots and bars within a number are read with --signs only: the parts ".", ",", "-" and ":". Their
"probabilities" are those of these signs.

With --json the line is an object: "source" (the file as it was named), "key_id" (the id of the
drawing in an ndjson file, else null), "text" (what was read, where a wide gap is a space and a
further line a line break), "confidence" (the probability that all of it is right), "rejected" (true
when any part is taken for none of the classes), "probabilities" (one for each class; null unless
there is one part alone) and "parts", in the order of reading. Each part has "bounds" (left, top,
right and bottom, in the units of the strokes or in pixels), "text", "confidence", "rejected" and
"probabilities". Where a picture is rejected because it shows more than one digit, "reason" says so
in a sentence.

A file or a line of strokes that cannot be read is named on standard error, the others are still
read, and the exit code is 2.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a picture (PNG, JPEG, ...), a saved drawing (.svg), strokes (.ndjson, .ndjson.gz), a"
        " folder of these, a pattern such as *.png, or - for standard input",
    )
    add_reading_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(args: argparse.Namespace, context: Context) -> int:
    """Read every file; 2 where one of them could not be read, else 0.

    Raises:
        DigitpadError: the model cannot be used.
    """
    console = context.console
    recognizer: Recognizer | None = None
    failed = False
    done = 0
    console.progress(done, beside_results=False)
    with contextlib.ExitStack() as stack:
        for batch in _batches(_drawings(args.files, as_one=args.as_one, signs=args.signs)):
            if isinstance(batch, Sentence):
                console.say(str(batch))
                failed = failed or isinstance(batch, DigitpadError)
                continue
            if recognizer is None:
                # Only now, so that a mistyped file name is reported without waiting for torch.
                recognizer = context.recognizer(args.model)[0]
                # To share a batch out costs more than to work through it.
                stack.enter_context(torch_threads(1))
            prepared = [drawing.recognition for drawing in batch]
            recognitions = recognized(recognizer, prepared, args.reject_below)
            for drawing, recognition in zip(batch, recognitions, strict=True):
                if args.json:
                    console.json(_as_dict(drawing, recognition))
                else:
                    console.line(_as_text(drawing, recognition))
            console.flush()
            done += len(batch)
            console.progress(done, beside_results=False)
    return BAD_INPUT if failed else SUCCESS


@dataclass(frozen=True, slots=True, eq=False)
class _Drawing:
    """A drawing before a model is asked; the line is that of strokes in their file."""

    source: str
    key_id: str | None
    line: int | None
    recognition: Recognition


def _drawings(names: Sequence[str], *, as_one: bool, signs: bool) -> Iterator[_Drawing | Sentence]:
    """Every drawing, and in its place what is to be said, the error of every file that is bad."""
    from digitpad.recognition.recognition import preprocess_drawing

    prepare = partial(preprocess_drawing, as_one=as_one, signs=signs)
    for pattern in names:
        try:
            for name in expanded_names(pattern):
                yield from _named(name, prepare)
        except DigitpadError as error:
            yield error


def _named(name: str, prepare: _Prepare) -> Iterator[_Drawing | Sentence]:
    try:
        if name == _STANDARD_INPUT:
            from digitpad.ink.files.drawings import stream_drawings

            read = partial(stream_drawings, standard_input(), "Standard input")
            yield from _read(read, name, prepare)
            return
        path = existing_path(name)
        inside = _in_folder if path.is_dir() else _in_file
        yield from inside(path, name, prepare)
    except DigitpadError as error:
        yield error


def _in_folder(folder: Path, name: str, prepare: _Prepare) -> Iterator[_Drawing | Sentence]:
    from digitpad.data.forms.folders import is_foreign, pictures_in
    from digitpad.ink.files.kinds import STROKE_SUFFIXES

    is_empty = True
    passed: list[Path] = []
    for entry in pictures_in(folder):
        if is_foreign(entry) and not entry.name.lower().endswith(STROKE_SUFFIXES):
            passed.append(entry)
            continue
        is_empty = False
        try:
            yield from _in_file(entry, str(entry), prepare)
        except DigitpadError as error:
            yield error
    if is_empty:
        raise DigitpadError("The folder {name} holds no pictures.", name=name)
    if passed:
        yield Sentence(
            Plural(
                "{first} was passed over: by its name, it is no picture.",
                "{count} files in {name} were passed over, {first} for one: by their names, they"
                " are no pictures.",
                len(passed),
            ),
            count=len(passed),
            name=name,
            first=passed[0],
        )


def _in_file(path: Path, source: str, prepare: _Prepare) -> Iterator[_Drawing | Sentence]:
    from digitpad.ink.files.drawings import read_drawings, stream_drawings

    with os_errors("{source} cannot be read: {reason}.", source=source):
        if path.is_file():
            yield from _read(partial(read_drawings, path), source, prepare)
            return
        # A pipe, which somebody writes to, or a device.
        with path.open("rb") as stream:
            yield from _read(partial(stream_drawings, stream, source), source, prepare)


def _read(
    read: Callable[..., Iterator[FileDrawing]], source: str, prepare: _Prepare
) -> Iterator[_Drawing | Sentence]:
    first: DigitpadError | None = None
    bad = 0

    def skip(_: int, error: DigitpadError) -> None:
        nonlocal first, bad
        first, bad = first or error, bad + 1

    for one in read(skip=skip):
        try:
            recognition = prepare(one.drawing)
        except DigitpadError as error:
            raise DigitpadError("{source}: {error}", source=source, error=error) from error
        yield _Drawing(source, one.key_id, one.line, recognition)
    # One sentence for all: a file may have thousands of them.
    if first is not None:
        yield (
            first
            if bad == 1
            else DigitpadError(
                "{first} In all, {count} lines of it are no drawings.",
                first=first,
                count=bad,
            )
        )


def _batches(
    drawings: Iterator[_Drawing | Sentence],
) -> Iterator[list[_Drawing] | Sentence]:
    """Drawings by the batch, sentences one by one, all in their order."""
    batch: list[_Drawing] = []
    for drawing in drawings:
        if isinstance(drawing, _Drawing):
            batch.append(drawing)
            if not _is_full(batch):
                continue
        if batch:
            yield batch
            batch = []
        if isinstance(drawing, Sentence):
            yield drawing
    if batch:
        yield batch


def _is_full(batch: Sequence[_Drawing]) -> bool:
    pictures = [drawing.recognition.drawing.picture for drawing in batch]
    sizes = [picture.pixels.nbytes for picture in pictures if picture is not None]
    return len(batch) >= BATCH or len(sizes) >= _PICTURES or sum(sizes) >= _PICTURE_BYTES


_MORE_DIGITS = (
    "There is more than one digit in the picture: crop it to the one that you want read, or leave"
    " out --as-one."
)


def _as_dict(drawing: _Drawing, recognition: Recognition) -> dict[str, Any]:
    parts = [
        {"bounds": list(part.bounds), **_values(part.prediction)}
        for part in recognition.parts
        if part.prediction is not None
    ]
    reason = {"reason": _MORE_DIGITS} if recognition.has_more_digits else {}
    return {
        "source": drawing.source,
        "key_id": drawing.key_id,
        "text": recognition.text,
        "confidence": round(recognition.confidence, 6),
        "rejected": recognition.rejected,
        "probabilities": parts[0]["probabilities"] if len(parts) == 1 else None,
        "parts": parts,
        **reason,
    }


def _values(prediction: Prediction) -> dict[str, Any]:
    return {
        "text": prediction.text,
        "confidence": round(prediction.confidence, 6),
        "rejected": prediction.rejected,
        "probabilities": {
            name: round(probability, 6)
            for name, probability in zip(prediction.classes, prediction.probabilities, strict=True)
        },
    }


def _as_text(drawing: _Drawing, recognition: Recognition) -> str:
    place = drawing.source if drawing.line is None else f"{drawing.source}:{drawing.line}"
    if drawing.key_id is not None:
        place += f" ({drawing.key_id})"
    if recognition.has_more_digits:
        return f"{place}: more than one digit (crop the picture to the one that you want read)"
    return f"{place}: {_answer(recognition)}"


def _answer(recognition: Recognition) -> str:
    """The answer in words: sure, unsure, or rejected."""
    text, sure = _in_line(recognition.text), probability(recognition.confidence)
    if recognition.rejected:
        return f"{_nothing(recognition)} (closest is {text}  {sure})"
    if recognition.is_sure:
        return f"{text}  {sure}"
    seconds = [_second(one) for one in recognition.predictions]
    closeness = [share for share, _ in seconds]
    if not any(closeness):
        return f"{text}?  {sure}"
    place = closeness.index(max(closeness))
    texts = [one.text for one in recognition.predictions]
    texts[place] = seconds[place][1]
    other = recognition.text_of(texts)
    share = probability(recognition.confidence * closeness[place])
    return f"{text}, or {_in_line(other)}?  {sure}, {share}"


def _second(prediction: Prediction) -> tuple[float, str]:
    """The runner-up: its probability as a share of the best, 0 without one, and its name."""
    second = prediction.runner_up
    if second is None:
        return 0.0, ""
    return prediction.probabilities[second] / prediction.confidence, prediction.classes[second]


def _in_line(text: str) -> str:
    """A text in one line."""
    return text.replace("\n", " / ")


def _nothing(recognition: Recognition) -> str:
    symbols = [part.prediction for part in recognition.parts if not part.is_sign]
    if not all(one is None or are_digits(one.classes) for one in symbols):
        return "nothing the model knows"
    return "not a digit" if len(recognition.parts) == 1 else "not a number"
