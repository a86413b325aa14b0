"""``digitpad teach``: a model that has learned from labelled drawings, at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from digitpad.commands.console import printable
from digitpad.commands.context import existing_path, torch_threads
from digitpad.errors import DigitpadError
from digitpad.process.exit_codes import SUCCESS
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from digitpad.commands.context import Context
    from digitpad.learning.adaptation.teacher import Teacher
    from digitpad.samples.sample import Sample

SUMMARY = "Teach a model labelled drawings, as corrections on the pad do."

EPILOG = """\
examples:
  digitpad teach mine.ndjson --out mine.safetensors
  digitpad teach corrections/ --out mine.safetensors --model letters
  digitpad evaluate others.ndjson --model mine.safetensors
  digitpad model import mine.safetensors        then the pad can use it, too

LESSONS is an .ndjson file of strokes ("word" is the label), a table of pixels (.csv), a folder of
MNIST's files, or one with a folder of pictures for each class. Each drawing is one lesson, and they
are learned in their order; a lesson changes what is read of drawings that look like it, and nothing
else. Neither the user's samples nor the models of the profile are touched.

The model that is written names its parent, and has all that it needs of it. A lesson that
contradicts what the model and the lessons before it know is named. It is learned for what looks
just like it alone, unless another lesson agrees with it.
"""

_LISTED = 10
"""Lessons that are named in a sentence."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the lessons and the options."""
    parser.add_argument("lessons", metavar="LESSONS", help="a file or a folder, see below")
    parser.add_argument(
        "--out", required=True, metavar="MODEL", help="the model file that is written"
    )
    parser.add_argument(
        "--model",
        metavar="M",
        help="name of the model to teach, or a model file; default: the model in use",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace MODEL even if it was not made by lessons"
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Teach, and write the adapted model.

    Raises:
        DigitpadError: the lessons or the model cannot be read, none of the lessons is one for this
            model, the model cannot be taught, or the file cannot be written.
    """
    path = existing_path(args.lessons)
    target = _target(args)
    _, parent = context.model(args.model)
    from digitpad.learning.adaptation.teacher import MOST_LESSONS, Teacher
    from digitpad.recognition.model_file import save_model

    with torch_threads(1):
        teacher = Teacher(parent)
        lessons, others = _lessons(path, teacher, context)
        lessons = teacher.judged(lessons)
        adapted = teacher.teach(lessons)
    save_model(adapted, target)
    context.console.line(printable(str(_learned(lessons[-MOST_LESSONS:], target))))
    for notice in _notices(lessons, others, MOST_LESSONS):
        context.console.say(notice)
    return SUCCESS


def _target(args: argparse.Namespace) -> Path:
    from digitpad.recognition.architectures import TAUGHT
    from digitpad.recognition.model_info import read_model_info

    if not args.out:
        raise DigitpadError("The adapted model needs a name: name a file with --out.")
    target = Path(args.out)
    if target.is_dir():
        raise DigitpadError(
            "{path} is a folder: name the model file that is to be written.", path=target
        )
    if target.exists() and not args.force:
        try:
            made_by_lessons = read_model_info(target).architecture == TAUGHT
        except DigitpadError:
            made_by_lessons = False
        if not made_by_lessons:
            raise DigitpadError(
                "{path} exists already, and was not made by lessons: choose another file, or"
                " replace it with --force.",
                path=target,
            )
    return target


def _lessons(path: Path, teacher: Teacher, context: Context) -> tuple[list[Sample], int]:
    """The lessons for this model, and how many drawings there have labels of no class of it."""
    from digitpad.data.left_out import LeftOut
    from digitpad.data.sample_files.importing import read_samples

    left_out = LeftOut(path)
    lessons: list[Sample] = []
    others = 0
    symbols = teacher.parent.info.symbols
    for sample in read_samples(path, left_out, symbols=symbols):
        # Their numbers tell them from each other.
        if teacher.takes(sample):
            lessons.append(replace(sample, id=len(lessons) + 1))
        else:
            others += 1
    left_out.check(len(lessons) + others)
    if (notice := left_out.notice()) is not None:
        context.console.say(notice)
    if not lessons:
        raise DigitpadError(
            "None of the labels in {path} is a class of the model {model!r}: it reads {classes}.",
            path=path,
            model=teacher.parent.info.name,
            classes=", ".join(teacher.parent.info.classes[:_LISTED]),
        )
    return lessons, others


def _learned(lessons: Sequence[Sample], target: Path) -> Sentence:
    return Sentence(
        Plural(
            "Learned from one lesson: {path} has the adapted model.",
            "Learned from {count} lessons: {path} has the adapted model.",
            len(lessons),
        ),
        count=len(lessons),
        path=target,
    )


def _notices(lessons: Sequence[Sample], others: int, most: int) -> list[Sentence]:
    found = []
    if others:
        found.append(
            Sentence(
                Plural(
                    "One drawing has a label that is no class of the model, and was left out.",
                    "{count} drawings have labels that are no classes of the model, and were left"
                    " out.",
                    others,
                ),
                count=others,
            )
        )
    if len(lessons) > most:
        found.append(
            Sentence(
                "Of {count} lessons the last {most} were learned: train a network on more.",
                count=len(lessons),
                most=most,
            )
        )
    flagged = [number for number, lesson in enumerate(lessons, 1) if lesson.is_flagged]
    if flagged:
        named = ", ".join(f"{one} ({lessons[one - 1].label})" for one in flagged[:_LISTED])
        found.append(
            Sentence(
                Plural(
                    "One lesson contradicts what is known, and may be a slip: {named}.",
                    "{count} lessons contradict what is known, and may be slips: {named}.",
                    len(flagged),
                ),
                count=len(flagged),
                named=printable(named),
            )
        )
    return found
