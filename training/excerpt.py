"""Take the excerpt of MNIST that Digitpad ships: `python -m training.excerpt --data DIR`.

All of it is of MNIST's training file, whose test file stays unread: the same number of each digit,
chosen at random with a fixed seed, in the file's own order. The digits to validate and to test with
are of its last part, which the bundled model has not learned from either.
"""

from __future__ import annotations

import argparse
import gzip
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.forms.idx import LABELS, PICTURES
from digitpad.data.public.excerpt import PARTS, excerpt_dir, part_names
from digitpad.errors import DigitpadError
from training.recipe.data import MNIST_VALIDATION, mnist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from digitpad.data.forms.layout import Part

OF_EACH_DIGIT: Mapping[Part, int] = {"train": 900, "validation": 200, "test": 100}
"""Digits that a part takes of each class."""

_SEED = 1998


def main(arguments: list[str] | None = None) -> int:
    """Write the files; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.excerpt", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/")
    parser.add_argument("--out", type=Path, default=excerpt_dir(), help="where the files go")
    chosen = parser.parse_args(arguments)
    try:
        whole = mnist(chosen.data, "train")
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    chosen.out.mkdir(parents=True, exist_ok=True)
    for part, places in places_of_parts(whole.labels).items():
        for name, content in zip(part_names(part), _files(whole.take(places)), strict=True):
            # Without a date, so that the same digits make the same file.
            (chosen.out / name).write_bytes(gzip.compress(content, 9, mtime=0))
    return 0


def places_of_parts(labels: NDArray[np.int64]) -> dict[Part, NDArray[np.int64]]:
    """Which digits of MNIST's training file each part takes: rising places, int64 (n,)."""
    random = np.random.default_rng(_SEED)
    first = len(labels) - MNIST_VALIDATION
    taken: dict[Part, list[NDArray[np.int64]]] = {part: [] for part in PARTS}
    for digit in range(10):
        places = np.flatnonzero(labels == digit)
        early, late = (
            random.permutation(some)
            for some in np.split(places, [int(np.searchsorted(places, first))])
        )
        taken["train"].append(early[: OF_EACH_DIGIT["train"]])
        stop = OF_EACH_DIGIT["validation"]
        taken["validation"].append(late[:stop])
        taken["test"].append(late[stop : stop + OF_EACH_DIGIT["test"]])
    return {part: np.sort(np.concatenate(some)) for part, some in taken.items()}


def _files(digits: Dataset) -> tuple[bytes, bytes]:
    """Pictures and labels in MNIST's form."""
    count = len(digits)
    pictures = struct.pack(">4i", PICTURES, count, 28, 28) + digits.glyphs.tobytes()
    return pictures, struct.pack(">2i", LABELS, count) + digits.labels.astype(np.uint8).tobytes()


if __name__ == "__main__":
    sys.exit(main())
