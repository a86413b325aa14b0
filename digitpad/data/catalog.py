"""What there is to learn from, for people who choose. Free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping

DataKind = Literal[
    "mnist",
    "synthetic",
    "qmnist",
    "emnist-digits",
    "emnist-letters",
    "kmnist",
    "fashion-mnist",
    "usps",
    "pictures",
    "strokes",
]


@dataclass(frozen=True, slots=True)
class Place:
    """What a path names, where one may be given.

    Attributes:
        form: what must be there.
        title: what it is called.
        help: one sentence that says what lies there.
        missing: the sentence for who gives none; empty where none is needed.
    """

    form: Literal["folder", "file"]
    title: str
    help: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class DataEntry:
    """One kind of data.

    Attributes:
        title: what it is called.
        sentence: what it is, and where it comes from.
        download_bytes: about how much is downloaded at its first use; None where nothing is.
        place: of somebody's own files; None where no path may be given.
        classes: how many it has; None where only loading tells.
    """

    title: str
    sentence: str
    download_bytes: int | None = None
    place: Place | None = None
    classes: int | None = None

    @property
    def needs_place(self) -> bool:
        """Whether a path must be given."""
        return self.place is not None and bool(self.place.missing)


CATALOG: Mapping[DataKind, DataEntry] = {
    "mnist": DataEntry(
        Marked("MNIST"),
        Marked(
            "60 000 digits by clerks and pupils, the dataset that everybody compares with; 10 MB"
            " are downloaded once, or you choose a folder that has its files."
        ),
        9_912_422 + 28_881,
        Place(
            "folder",
            Marked("Folder of MNIST"),
            Marked("Where MNIST's files are already; without it they are downloaded."),
        ),
        classes=10,
    ),
    "synthetic": DataEntry(
        Marked("Synthetic digits"),
        Marked(
            "Digits that the computer draws in several styles of writing: as many as you like,"
            " without a download."
        ),
        classes=10,
    ),
    "qmnist": DataEntry(
        Marked("QMNIST"),
        Marked(
            "MNIST's 60 000 digits, reconstructed from the forms that they were written on; 10 MB"
            " are downloaded once."
        ),
        10_167_000,
        classes=10,
    ),
    "emnist-digits": DataEntry(
        Marked("EMNIST digits"),
        Marked(
            "240 000 digits from the same forms as MNIST's; 562 MB are downloaded once, and serve"
            " the letters as well."
        ),
        561_753_746,
        classes=10,
    ),
    "emnist-letters": DataEntry(
        Marked("EMNIST letters"),
        Marked(
            "124 800 letters from a to z, small and capital ones together; 562 MB are downloaded"
            " once, and serve the digits as well."
        ),
        561_753_746,
        classes=26,
    ),
    "kmnist": DataEntry(
        Marked("KMNIST"),
        Marked(
            "60 000 characters of cursive Japanese in ten classes, from old books; 18 MB are"
            " downloaded once."
        ),
        18_165_135 + 29_497,
        classes=10,
    ),
    "fashion-mnist": DataEntry(
        Marked("Fashion-MNIST"),
        Marked(
            "60 000 pictures of clothes in ten classes, a harder dataset in MNIST's form; 26 MB are"
            " downloaded once."
        ),
        26_421_880 + 29_515,
        classes=10,
    ),
    "usps": DataEntry(
        Marked("USPS"),
        Marked(
            "7291 digits from envelopes, scanned by the United States Postal Service; 7 MB are"
            " downloaded once."
        ),
        6_579_000,
        classes=10,
    ),
    "pictures": DataEntry(
        Marked("Folder of pictures"),
        Marked(
            "Your own pictures: a folder with one folder for each class, which gives the class its"
            " name."
        ),
        place=Place(
            "folder",
            Marked("Folder of pictures"),
            Marked("A folder with a folder of pictures for each class, named by the class."),
            Marked("Choose a folder of pictures to learn from."),
        ),
    ),
    "strokes": DataEntry(
        Marked("File of strokes"),
        Marked(
            "Your own drawings as strokes, in a file of the form of Quick, Draw!: the word of each"
            " drawing is its class."
        ),
        place=Place(
            "file",
            Marked("File of strokes"),
            Marked("Drawings as pen strokes with their class: one JSON object a line (ndjson)."),
            Marked("Choose a file of strokes to learn from."),
        ),
    ),
}
"""Every kind of data that a configuration can name."""
