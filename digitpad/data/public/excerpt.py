"""The MNIST excerpt: real digits for training and evaluation without a download.

It is in the resources, with its source and its licence beside it. `python -m training.excerpt`
made it from MNIST's training file. It has a validation split and a test split of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from digitpad.data.catalog import CATALOG
from digitpad.data.dataset import DIGITS, choose, divided
from digitpad.data.forms.idx import IdxFiles
from digitpad.data.forms.layout import Part
from digitpad.data.readers import gather
from digitpad.paths import resources_dir

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from digitpad.data.dataset import Dataset
    from digitpad.data.progress import Loading

PARTS: tuple[Part, ...] = get_args(Part)


def excerpt_dir() -> Path:
    """The folder of the excerpt.

    Raises:
        DigitpadError: the installation is damaged.
    """
    return resources_dir() / "data" / "mnist-excerpt"


def part_names(part: Part) -> tuple[str, str]:
    """Names of the files with pictures and labels of a split, in MNIST's form."""
    return f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz"


def excerpt_files(part: Part) -> IdxFiles:
    """A reader of a split of the excerpt.

    Raises:
        DigitpadError: the installation is damaged.
    """
    folder = excerpt_dir()
    pictures, labels = (folder / name for name in part_names(part))
    return IdxFiles(
        pictures,
        labels,
        CATALOG["mnist-excerpt"].title,
        f"MNIST excerpt, {part} split",
        names_of_labels=DIGITS,
        classes=DIGITS,
    )


def read_excerpt(count: int | None, seed: int) -> Generator[Loading, None, Dataset]:
    """Read the training and the validation split of the excerpt into a dataset.

    Args:
        count: largest number of digits, at random, from both splits by their sizes; None for all.
        seed: of the random choice.

    Raises:
        DigitpadError: the installation is damaged, or the count is too small for both splits.
    """
    training = yield from gather(excerpt_files("train"), None, seed)
    validation = yield from gather(excerpt_files("validation"), None, seed)
    if count is not None:
        count, kept = divided(count, len(training), len(validation), len(DIGITS))
        training = training.take(choose(training.labels, count, seed))
        validation = validation.take(choose(validation.labels, kept, seed))
    return training.with_validation(validation)
