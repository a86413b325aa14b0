"""Loads the chosen data into memory."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.catalog import CATALOG
from digitpad.data.dataset import DIGITS, Dataset, divided
from digitpad.data.forms.folders import check_folder
from digitpad.data.forms.mnist_folder import find_mnist
from digitpad.data.forms.user_files import PictureFolders, find_pictures
from digitpad.data.left_out import LeftOut
from digitpad.data.progress import Loading, Ticker
from digitpad.data.public.excerpt import read_excerpt
from digitpad.data.readers import gather, open_file
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Generator

    from digitpad.data.choice import DataChoice
    from digitpad.data.readers import Reader

__all__ = ["Loaded", "Loading", "load_data"]

_SYNTHETIC_COUNT = 20_000
"""Number of synthetic digits if none is chosen."""

_SYNTHETIC_BATCH = 50

# SHA-256 of all labels, one byte each: they identify the two files, whatever their names.
_TRAIN_LABELS = "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"
_TEST_LABELS = "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The last event: the data is loaded.

    Attributes:
        dataset: has at least two classes, and no outliers.
        notices: what the user should know, such as which part was taken and what was left out.
        left_out: what could not be read of the user's own data; None for other data.
    """

    dataset: Dataset
    notices: tuple[DigitpadError, ...] = ()
    left_out: LeftOut | None = None


def load_data(choice: DataChoice | None, folder: Path, seed: int) -> Generator[Loading | Loaded]:
    """Load the chosen data into memory.

    All work is done in the thread that iterates. Closing the generator stops it at once, and what
    was downloaded is kept for the next time.

    Args:
        choice: the data. The same choice and seed give the same samples in the same order. None
            stands for data that a program passed in memory, which cannot be loaded.
        folder: the folder of downloaded datasets, laid out as torchvision does it.
        seed: of the random choice of samples, and of synthetic digits.

    Yields:
        Loading events, about every 100 ms or more often, even if a server stalls; then Loaded.

    Raises:
        DigitpadError: the data cannot be loaded, is damaged, or is not fit for training.
    """
    if choice is None:
        raise DigitpadError(
            "This configuration was trained on data that a program provided and that cannot be"
            " loaded again: choose other data."
        )
    try:
        if choice.path is not None and CATALOG[choice.kind].place is not None:
            yield (yield from _load_own(choice, choice.path, seed))
        else:
            yield Loaded((yield from _load(choice, folder, seed)))
    except MemoryError:
        raise DigitpadError(
            "There is not enough memory for {title}: choose a smaller number of drawings.",
            title=CATALOG[choice.kind].title,
        ) from None


def _load(choice: DataChoice, folder: Path, seed: int) -> Generator[Loading, None, Dataset]:
    if choice.kind == "synthetic":
        return (yield from _draw(choice.count or _SYNTHETIC_COUNT, seed))
    if choice.kind == "mnist-excerpt":
        return (yield from read_excerpt(choice.count, seed))
    # torchvision takes seconds to import.
    yield Loading("checking", 0, None, "bytes")
    from digitpad.data.public.torchvision_datasets import read_torchvision_dataset

    return (yield from read_torchvision_dataset(choice.kind, folder, choice.count, seed))


def _load_own(choice: DataChoice, place: str, seed: int) -> Generator[Loading, None, Loaded]:
    reader = _reader(choice, place)
    left_out = LeftOut(reader.source)
    if isinstance(reader, PictureFolders) and (part := reader.validation()) is not None:
        dataset = yield from _load_parts(reader, part, choice.count, seed, left_out)
    else:
        dataset = yield from gather(reader, choice.count, seed, left_out)
    notices = (reader.notice(), left_out.notice())
    return Loaded(dataset, tuple(filter(None, notices)), left_out)


def _load_parts(
    reader: PictureFolders,
    part: PictureFolders,
    count: int | None,
    seed: int,
    left_out: LeftOut,
) -> Generator[Loading, None, Dataset]:
    """Read the training and the validation part of a folder into a dataset."""
    kept = None
    if count is not None:
        classes = len({folder.name for folder in reader.layout.folders})
        count, kept = divided(count, reader.count(), part.count(), classes)
    training = yield from gather(reader, count, seed, left_out)
    part = replace(part, classes=training.classes)
    validation = yield from gather(part, kept, seed, left_out)
    return training.with_validation(validation)


def _reader(choice: DataChoice, place: str) -> Reader:
    """The reader of the user's own folder or file."""
    if "\0" in place:
        raise DigitpadError("{path!r} is not the name of a file or folder.", path=place)
    path = Path(os.path.expanduser(place))  # noqa: PTH111 - never fails
    if choice.kind in {"strokes", "csv"}:
        return open_file(path)
    check_folder(path)
    if choice.kind == "pictures":
        pictures = find_pictures(path)
        if pictures.layout.folders or find_mnist(path, "train") is None:
            return pictures
    return _mnist_folder(path)


def _mnist_folder(folder: Path) -> Reader:
    """The reader of the training split in a folder with MNIST's files, or others in their form.

    Nothing is written there, and the files of the test split are not opened.

    Raises:
        DigitpadError: there are no such files, or they are damaged or swapped.
    """
    files = find_mnist(folder, "train")
    if files is None:
        raise DigitpadError(
            "{folder} has no MNIST files: choose the folder with train-images-idx3-ubyte and"
            " train-labels-idx1-ubyte (or their .gz), or let them be downloaded.",
            folder=folder,
        )
    known = hashlib.sha256(files.indices().tobytes()).hexdigest()
    if known == _TEST_LABELS:
        raise DigitpadError(
            "{labels} has the labels of MNIST's test digits, which are for evaluation, not for"
            " training. The training and test files have been swapped: put each one in its place.",
            labels=files.labels,
        )
    return replace(files, title="MNIST") if known == _TRAIN_LABELS else files


def _draw(count: int, seed: int) -> Generator[Loading, None, Dataset]:
    from digitpad.data.synthetic.digits import synthetic_digits

    glyphs = np.empty((count, FIELD, FIELD), dtype=np.uint8)
    labels = np.empty(count, dtype=np.int64)
    ticker = Ticker()
    done = 0
    for some, theirs in synthetic_digits(count, seed, _SYNTHETIC_BATCH):
        glyphs[done : done + len(some)] = some
        labels[done : done + len(some)] = theirs
        done += len(some)
        if ticker.is_due():
            yield Loading("drawing", done, count, "drawings")
    return Dataset(glyphs, labels, DIGITS, CATALOG["synthetic"].title)
