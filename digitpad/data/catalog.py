"""The kinds of data that can be chosen, described for people. Without torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping

DataKind = Literal[
    "mnist",
    "mnist-excerpt",
    "synthetic",
    "qmnist",
    "emnist-digits",
    "emnist-letters",
    "kmnist",
    "fashion-mnist",
    "usps",
    "pictures",
    "strokes",
    "csv",
]


@dataclass(frozen=True, slots=True)
class Place:
    """What the path of the user's own data names.

    Attributes:
        form: whether it names a folder or a file.
        title: the title of the setting.
        help: a sentence that says what must be there.
        missing: the error if no path is given; "" if none is needed.
    """

    form: Literal["folder", "file"]
    title: str
    help: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class DataEntry:
    """One kind of data.

    Attributes:
        title: its name for people.
        sentence: what it is, and where it comes from.
        download_bytes: about how many bytes its first use downloads; None for nothing.
        place: describes the path of the user's own files; None if no path can be given.
        classes: number of classes; None if it is known only once the data is loaded.
        has_validation: whether it comes with a validation split, which is then kept.
    """

    title: str
    sentence: str
    download_bytes: int | None = None
    place: Place | None = None
    classes: int | None = None
    has_validation: bool = False

    @property
    def needs_place(self) -> bool:
        """Whether a path must be given."""
        return self.place is not None and bool(self.place.missing)


CATALOG: Mapping[DataKind, DataEntry] = {
    "mnist": DataEntry(
        Marked("MNIST"),
        Marked(
            "60 000 digits written by census workers and students, the usual dataset to compare"
            " results on. 10 MB are downloaded once, or you choose a folder that has the files."
        ),
        9_912_422 + 28_881,
        Place(
            "folder",
            Marked("MNIST folder"),
            Marked("A folder with MNIST's files. If you choose none, they are downloaded."),
        ),
        classes=10,
    ),
    "mnist-excerpt": DataEntry(
        Marked("MNIST excerpt"),
        Marked(
            "12 000 digits of MNIST's training file, 1200 of each, that came with Digitpad: nothing"
            " is downloaded. The network learns from 9000 of them, 2000 are for validation, and"
            " 1000 are kept for a test."
        ),
        classes=10,
        has_validation=True,
    ),
    "synthetic": DataEntry(
        Marked("Synthetic digits"),
        Marked(
            "Digits that the computer draws in several styles of handwriting: as many as you like,"
            " without a download."
        ),
        classes=10,
    ),
    "qmnist": DataEntry(
        Marked("QMNIST"),
        Marked(
            "MNIST's 60 000 digits, reconstructed from the original forms. 10 MB are downloaded"
            " once."
        ),
        10_167_000,
        classes=10,
    ),
    "emnist-digits": DataEntry(
        Marked("EMNIST digits"),
        Marked(
            "240 000 digits from the same forms as MNIST's. 562 MB are downloaded once, for the"
            " letters as well."
        ),
        561_753_746,
        classes=10,
    ),
    "emnist-letters": DataEntry(
        Marked("EMNIST letters"),
        Marked(
            "124 800 letters from a to z, small and capital ones together. 562 MB are downloaded"
            " once, for the digits as well."
        ),
        561_753_746,
        classes=26,
    ),
    "kmnist": DataEntry(
        Marked("KMNIST"),
        Marked(
            "60 000 cursive Japanese characters in ten classes, from old books. 18 MB are"
            " downloaded once."
        ),
        18_165_135 + 29_497,
        classes=10,
    ),
    "fashion-mnist": DataEntry(
        Marked("Fashion-MNIST"),
        Marked(
            "60 000 pictures of clothes in ten classes, a harder dataset in MNIST's format. 26 MB"
            " are downloaded once."
        ),
        26_421_880 + 29_515,
        classes=10,
    ),
    "usps": DataEntry(
        Marked("USPS"),
        Marked(
            "7291 digits from envelopes, scanned by the United States Postal Service. 7 MB are"
            " downloaded once."
        ),
        6_579_000,
        classes=10,
    ),
    "pictures": DataEntry(
        Marked("Folder of pictures"),
        Marked(
            "Your own pictures: a folder with one folder for each class, named after the class."
        ),
        place=Place(
            "folder",
            Marked("Folder of pictures"),
            Marked("A folder with one folder of pictures for each class, named after the class."),
            Marked("Choose a folder of pictures to train on."),
        ),
    ),
    "strokes": DataEntry(
        Marked("File of strokes"),
        Marked(
            'Your own drawings as strokes, in the file format of Quick, Draw!: the "word" of each'
            " drawing is its class."
        ),
        place=Place(
            "file",
            Marked("File of strokes"),
            Marked("Drawings as pen strokes with their class: one JSON object per line (ndjson)."),
            Marked("Choose a file of strokes to train on."),
        ),
    ),
    "csv": DataEntry(
        Marked("Table of pixels (CSV)"),
        Marked(
            "MNIST in Kaggle's form, or your own drawings in that form: a line for each drawing,"
            " with its class and then its 784 levels."
        ),
        place=Place(
            "file",
            Marked("Table of pixels"),
            Marked("A table with a class and 28 x 28 levels from 0 to 255 in each line (.csv)."),
            Marked("Choose a table of pixels to train on."),
        ),
    ),
}
"""Every kind of data that a configuration can name."""
