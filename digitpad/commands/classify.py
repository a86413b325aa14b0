"""``digitpad classify``: read drawings from files, one line for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from digitpad.commands.context import BATCH, add_model_options, existing_path
from digitpad.errors import DigitpadError
from digitpad.process.exit_codes import BAD_INPUT, SUCCESS
from digitpad.recognition.prediction import are_digits
from digitpad.text import probability

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from digitpad.commands.context import Context
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition
    from digitpad.recognition.recognizer import Recognizer

SUMMARY = "Read drawings: pictures, folders of pictures, or strokes as ndjson."

EPILOG = """\
examples:
  digitpad classify seven.png photo.jpg
  digitpad classify scans/                      every picture in a folder and below
  digitpad classify drawings.ndjson.gz --json   strokes in Quick, Draw! form
  digitpad classify --model mine seven.png
  digitpad classify --reject-below 0.99 scans/  reject whatever is a little unusual

There is one line for each drawing: a sure answer as "7  99.8 %", an unsure one as
"7, or 1?  70.0 %, 29.1 %", and "not a digit" when the drawing is rejected, because its two best
classes have less than the threshold together. A picture of more than one digit is rejected, too.

With --json the line is an object: "source" (the file as it was named), "key_id" (the id of the
drawing in an ndjson file, else null), "text" (the class read), "confidence" (its probability),
"rejected" (true when the drawing is taken for none of the classes) and
"probabilities" (one for each class). Where a picture is rejected because it shows more than one
digit, "reason" says so in a sentence.

A file that cannot be read is named on standard error, the others are still read, and the exit code
is 2.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a picture (PNG, JPEG, ...), strokes (.ndjson, .ndjson.gz), or a folder of these",
    )
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(args: argparse.Namespace, context: Context) -> int:
    """Read every file; 2 where one of them could not be read, else 0.

    Raises:
        DigitpadError: the model cannot be used.
    """
    from digitpad.recognition.recognition import recognize

    console = context.console
    recognizer: Recognizer | None = None
    failed = False
    done = 0
    console.progress(done, beside_results=False)
    for batch in _batches(_drawings(args.files)):
        if isinstance(batch, DigitpadError):
            console.say(str(batch))
            failed = True
            continue
        # Only now, so that a mistyped file name is reported without waiting for torch.
        recognizer = recognizer or context.recognizer(args.model)[0]
        predict = partial(recognizer.predict, reject_below=args.reject_below)
        recognitions = recognize([drawing.recognition for drawing in batch], predict)
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


def _drawings(files: Sequence[str]) -> Iterator[_Drawing | DigitpadError]:
    """Every drawing, and in its place the error of every file that cannot be read on."""
    for name in files:
        try:
            path = existing_path(name)
            yield from _in_folder(path, name) if path.is_dir() else _in_file(path, name)
        except DigitpadError as error:
            yield error


def _in_folder(folder: Path, name: str) -> Iterator[_Drawing | DigitpadError]:
    from digitpad.data.forms.folders import pictures_in

    entry = None
    for entry in pictures_in(folder):
        try:
            yield from _in_file(entry, str(entry))
        except DigitpadError as error:
            yield error
    if entry is None:
        raise DigitpadError("The folder {name} holds no pictures.", name=name)


def _in_file(path: Path, source: str) -> Iterator[_Drawing]:
    from digitpad.data.forms.content import is_stroke_file
    from digitpad.ink.drawing import Drawing
    from digitpad.ink.picture import read_picture
    from digitpad.ink.stroke_file import read_strokes
    from digitpad.recognition.recognition import preprocess_drawing

    if is_stroke_file(path):
        for record in read_strokes(path):
            recognition = preprocess_drawing(record.drawing)
            yield _Drawing(source, record.key_id, record.line, recognition)
        return
    picture = read_picture(path)
    try:
        recognition = preprocess_drawing(Drawing(picture=picture))
    except DigitpadError as error:
        raise DigitpadError("{source}: {error}", source=source, error=error) from error
    yield _Drawing(source, None, None, recognition)


def _batches(
    drawings: Iterator[_Drawing | DigitpadError],
) -> Iterator[list[_Drawing] | DigitpadError]:
    """Drawings by the batch, errors one by one, all in their order.

    A picture ends its batch: with its stages it takes megabytes, and its preprocessing takes far
    longer than its prediction.
    """
    batch: list[_Drawing] = []
    for drawing in drawings:
        if isinstance(drawing, _Drawing):
            batch.append(drawing)
            if drawing.line is not None and len(batch) < BATCH:
                continue
        if batch:
            yield batch
            batch = []
        if isinstance(drawing, DigitpadError):
            yield drawing
    if batch:
        yield batch


_MORE_DIGITS = "There is more than one digit in the picture: crop it to the one that you want read."


def _as_dict(drawing: _Drawing, recognition: Recognition) -> dict[str, Any]:
    (prediction,) = recognition.predictions
    reason = {"reason": _MORE_DIGITS} if recognition.has_more_digits else {}
    return {
        "source": drawing.source,
        "key_id": drawing.key_id,
        "text": recognition.text,
        "confidence": round(recognition.confidence, 6),
        "rejected": recognition.rejected,
        "probabilities": {
            name: round(probability, 6)
            for name, probability in zip(prediction.classes, prediction.probabilities, strict=True)
        },
        **reason,
    }


def _as_text(drawing: _Drawing, recognition: Recognition) -> str:
    (prediction,) = recognition.predictions
    place = drawing.source if drawing.line is None else f"{drawing.source}:{drawing.line}"
    if drawing.key_id is not None:
        place += f" ({drawing.key_id})"
    if recognition.has_more_digits:
        return f"{place}: more than one digit (crop the picture to the one that you want read)"
    return f"{place}: {_answer(prediction)}"


def _answer(prediction: Prediction) -> str:
    """The answer in words: sure, unsure, or rejected."""
    name, sure = prediction.text, probability(prediction.confidence)
    if prediction.rejected:
        none = "not a digit" if are_digits(prediction.classes) else "nothing the model knows"
        return f"{none} (closest is {name}  {sure})"
    if prediction.is_sure:
        return f"{name}  {sure}"
    second = prediction.runner_up
    if second is None:
        return f"{name}?  {sure}"
    other = probability(prediction.probabilities[second])
    return f"{name}, or {prediction.classes[second]}?  {sure}, {other}"
