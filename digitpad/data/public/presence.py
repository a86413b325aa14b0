"""Which datasets have been downloaded, and how much others would download. Without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from digitpad.data.catalog import DataKind

FILES: Mapping[DataKind, tuple[str, ...]] = {
    "mnist": (
        "MNIST/raw/train-images-idx3-ubyte.gz",
        "MNIST/raw/train-labels-idx1-ubyte.gz",
    ),
    "qmnist": (
        "QMNIST/raw/qmnist-train-images-idx3-ubyte.gz",
        "QMNIST/raw/qmnist-train-labels-idx2-int.gz",
    ),
    "emnist-digits": (
        "EMNIST/raw/gzip/emnist-digits-train-images-idx3-ubyte.gz",
        "EMNIST/raw/gzip/emnist-digits-train-labels-idx1-ubyte.gz",
    ),
    "emnist-letters": (
        "EMNIST/raw/gzip/emnist-letters-train-images-idx3-ubyte.gz",
        "EMNIST/raw/gzip/emnist-letters-train-labels-idx1-ubyte.gz",
    ),
    "kmnist": (
        "KMNIST/raw/train-images-idx3-ubyte.gz",
        "KMNIST/raw/train-labels-idx1-ubyte.gz",
    ),
    "fashion-mnist": (
        "FashionMNIST/raw/train-images-idx3-ubyte.gz",
        "FashionMNIST/raw/train-labels-idx1-ubyte.gz",
    ),
    "usps": ("USPS/usps.bz2",),
}
"""Paths of a dataset's files in the folder of datasets."""


def missing_bytes(choice: DataChoice | None, folder: Path) -> int:
    """About how many bytes would be downloaded to load the chosen data; 0 for nothing.

    Args:
        choice: the data; None for data that a program passed in memory.
        folder: the folder of downloaded datasets.
    """
    if choice is None or choice.path is not None:
        return 0
    size = CATALOG[choice.kind].download_bytes
    if size is None or all((folder / name).is_file() for name in FILES[choice.kind]):
        return 0
    return size


def default_choice(folder: Path) -> DataChoice:
    """The data if the user has not chosen any: MNIST if it is downloaded, else the MNIST excerpt.

    Args:
        folder: the folder of downloaded datasets.
    """
    mnist = DataChoice("mnist")
    return DataChoice("mnist-excerpt") if missing_bytes(mnist, folder) else mnist
