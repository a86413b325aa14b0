"""Writes samples as files that other programs read: strokes, MNIST's files, folders of pictures."""

from __future__ import annotations

import json
import shutil
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from digitpad.data.dataset import DIGITS, in_order
from digitpad.data.forms.class_file import CLASS_FILE, classes_of_folders
from digitpad.data.forms.idx import LABELS, PICTURES
from digitpad.data.sample_files.folder_names import folder_names
from digitpad.errors import DigitpadError
from digitpad.ink.stroke_file import to_ndjson_line
from digitpad.samples.pictures import png
from digitpad.storage.atomic import write_atomically
from digitpad.storage.leftovers import TEMPORARY
from digitpad.storage.problems import os_errors
from digitpad.text import Plural, Sentence, writable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from digitpad.samples.sample import Sample

Format = Literal["ndjson", "idx", "folders"]
"""A file of strokes; MNIST's four files; a folder of PNG files for each class."""

FORMATS: tuple[Format, ...] = get_args(Format)

_RAW = Path("MNIST", "raw")
"""Where torchvision looks for MNIST's files (https://pytorch.org/vision, `datasets.MNIST`)."""

_MOST_NUMBERS = 256
"""A label in MNIST's files is one byte."""

_EVERY = 5
"""One sample in so many of a class is in the test files, for torchvision wants both splits."""


class Exported(NamedTuple):
    """What was exported.

    Attributes:
        path: the file or the folder.
        written: number of samples in it.
        without_strokes: number of samples that are not in it, since they are pictures.
    """

    path: Path
    written: int
    without_strokes: int = 0

    def sentence(self) -> Sentence:
        """What was done."""
        return Sentence(
            Plural(
                "One sample has been exported to {path}.",
                "{count} samples have been exported to {path}.",
                self.written,
            ),
            count=self.written,
            path=self.path,
        )

    def notice(self) -> DigitpadError | None:
        """What is not in it; None if everything is."""
        if not self.without_strokes:
            return None
        return DigitpadError(
            Plural(
                "One sample is a picture and has no strokes: it is left out. The other formats"
                " hold it, too.",
                "{count} samples are pictures and have no strokes: they are left out. The other"
                " formats hold them, too.",
                self.without_strokes,
            ),
            count=self.without_strokes,
        )


def export_samples(
    samples: Sequence[Sample], target: Path, form: Format, *, replace: bool = False
) -> Exported:
    """Write samples into a file or a folder, all or none.

    Args:
        samples: at least one.
        target: a file for "ndjson", else a folder; it is made where it is missing.
        form: how they are written. What is no stroke is written as glyphs, white ink on black.
        replace: whether an earlier export there is replaced.

    Raises:
        DigitpadError: there is nothing to export, the target is taken, there are too many classes,
            or the disk does not take it.
    """
    if not samples:
        raise DigitpadError("There are no samples to export: draw some, and say what they are.")
    if form == "ndjson":
        return _write_strokes(samples, target, replace=replace)
    if target.exists() and not target.is_dir():
        raise DigitpadError("{path} is not a folder: choose another name.", path=target)
    write = _write_idx if form == "idx" else _write_folders
    is_new = not target.exists()
    try:
        return write(samples, target, replace=replace)
    except BaseException:
        # A part of an export would look like a whole one.
        if is_new:
            shutil.rmtree(target, ignore_errors=True)
        raise


def _write_strokes(samples: Sequence[Sample], target: Path, *, replace: bool) -> Exported:
    drawn = [sample for sample in samples if sample.drawing.strokes]
    if not drawn:
        raise DigitpadError(
            "None of the samples has strokes, since all are pictures: choose another format."
        )
    if target.exists() and not replace:
        raise _taken(target)
    lines = (
        to_ndjson_line(
            one.drawing, one.label, str(one.id) if one.id else None, is_flagged=one.is_flagged
        )
        for one in drawn
    )
    write_atomically(target, "".join(lines))
    return Exported(target, len(drawn), len(samples) - len(drawn))


def _write_idx(samples: Sequence[Sample], target: Path, *, replace: bool) -> Exported:
    labels = {sample.label for sample in samples}
    classes = DIGITS if labels <= set(DIGITS) else in_order(labels)
    if len(classes) > _MOST_NUMBERS:
        raise DigitpadError(
            "The samples have {count} classes, and MNIST's files take {most} at most: choose"
            " another format.",
            count=len(classes),
            most=_MOST_NUMBERS,
        )
    numbers = {name: number for number, name in enumerate(classes)}
    tests = _tests(samples)
    folder = target / _RAW
    splits = {
        split: [one for one, is_test in zip(samples, tests, strict=True) if is_test is wanted]
        # One sample alone is both.
        or samples
        for split, wanted in (("train", False), ("t10k", True))
    }
    files: dict[str, bytes] = {}
    for name, some in splits.items():
        glyphs = np.stack([one.glyph for one in some])
        indices = bytes(numbers[one.label] for one in some)
        header = struct.pack(">4i", PICTURES, *glyphs.shape)
        files[f"{name}-images-idx3-ubyte"] = header + glyphs.tobytes()
        files[f"{name}-labels-idx1-ubyte"] = struct.pack(">2i", LABELS, len(some)) + indices
    if not replace:
        for file in (*files, CLASS_FILE):
            if (folder / file).exists():
                raise _taken(folder / file)
    if classes != DIGITS:
        files[CLASS_FILE] = json.dumps(classes).encode()
    with _writing(folder):
        (folder / CLASS_FILE).unlink(missing_ok=True)
    for file, content in files.items():
        write_atomically(folder / file, content)
    return Exported(target, len(samples))


def _tests(samples: Sequence[Sample]) -> list[bool]:
    """Which samples are in the test files: every fifth of its class, or else the last of all."""
    seen: dict[str, int] = {}
    tests = []
    for sample in samples:
        seen[sample.label] = seen.get(sample.label, 0) + 1
        tests.append(seen[sample.label] % _EVERY == 0)
    if len(samples) > 1 and not any(tests):
        tests[-1] = True
    return tests


def _write_folders(samples: Sequence[Sample], target: Path, *, replace: bool) -> Exported:
    with _writing(target):
        is_taken = target.exists() and any(target.iterdir())
    before = classes_of_folders(target)
    if is_taken and not (before and replace):
        raise _taken(target) if before else _not_empty(target)
    names = folder_names({writable(sample.label) for sample in samples})
    with _writing(target):
        target.mkdir(parents=True, exist_ok=True)
    with _writing(target), tempfile.TemporaryDirectory(dir=target, prefix=TEMPORARY) as place:
        for number, sample in enumerate(samples, 1):
            folder = Path(place, names[writable(sample.label)])
            folder.mkdir(exist_ok=True)
            (folder / f"{sample.id or number}.png").write_bytes(png(sample.glyph))
        # The names come from a file: none leads out of the folder.
        for folder in [path for path in target.iterdir() if path.name in before]:
            _remove_pictures(folder)
        for folder in Path(place).iterdir():
            _move_into(folder, target / folder.name)
        classes = {name: label for label, name in names.items()}
        write_atomically(target / CLASS_FILE, json.dumps(classes, indent=1))
    return Exported(target, len(samples))


def _remove_pictures(folder: Path) -> None:
    """Remove what an earlier export has written into a class folder, and nothing else."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in folder.glob("*.png"):
        if path.stem.isdecimal():
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def _move_into(folder: Path, target: Path) -> None:
    if target.is_dir():
        for path in folder.iterdir():
            path.replace(target / path.name)
    else:
        shutil.move(folder, target)


def _writing(path: Path) -> AbstractContextManager[None]:
    return os_errors(
        "{path} could not be written: {reason}. Check the disk and the folder's permissions.",
        path=path,
    )


def _taken(path: Path) -> DigitpadError:
    return DigitpadError(
        "{path} exists already: choose another name, or replace it with --force.", path=path
    )


def _not_empty(path: Path) -> DigitpadError:
    return DigitpadError("The folder {path} has other files in it: choose a new folder.", path=path)
