"""Downloads and reads the datasets of torchvision, by its addresses, hashes and classes.

Only the training files are downloaded and read, never those of the test splits. Files are put where
torchvision puts them. Those in MNIST's form are read by `IdxFiles` from the packed files whose hash
has just been checked: torchvision would unpack them, and trust what it finds there the next time.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.data.catalog import CATALOG
from digitpad.data.dataset import DIGITS, Dataset, choose
from digitpad.data.forms.idx import IdxFiles
from digitpad.data.progress import Loading, Ticker
from digitpad.data.public.torchvision_import import datasets
from digitpad.data.readers import gather
from digitpad.data.remote.download import PIECE, RemoteFile, acquire, download, secure, write_all
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD, place
from digitpad.ink.photo.preprocessing import box_ink
from digitpad.storage.folders import make_private
from digitpad.storage.problems import disk_errors

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.catalog import DataKind

_IN_MNISTS_FORM = {
    "mnist": datasets.MNIST,
    "fashion-mnist": datasets.FashionMNIST,
    "kmnist": datasets.KMNIST,
    "qmnist": datasets.QMNIST,
}
_EMNIST_SPLITS = {"emnist-digits": "digits", "emnist-letters": "letters"}
_EMNIST_PARTS = ("images-idx3-ubyte", "labels-idx1-ubyte")

_FAINT = 0.1
"""Pixels of USPS with less ink than this share do not count for the bounds of a digit."""


def read_torchvision_dataset(
    kind: DataKind, folder: Path, count: int | None, seed: int
) -> Generator[Loading, None, Dataset]:
    """Read the training split of a dataset, and download it first if it is not there.

    Args:
        kind: a dataset of torchvision's.
        folder: the folder of downloaded datasets.
        count: largest number of samples, chosen at random; None for all.
        seed: of the random choice.

    Raises:
        DigitpadError: the dataset cannot be downloaded, written or read.
    """
    if kind == "usps":
        return (yield from _read_usps(folder / "USPS", count, seed))
    if kind in _EMNIST_SPLITS:
        raw = folder / "EMNIST" / "raw"
        files = yield from _emnist_files(raw, kind)
        try:
            return (yield from gather(files, count, seed))
        except DigitpadError as error:
            raise DigitpadError(
                "{error} Delete the folder {raw}, and the dataset is downloaded again.",
                error=error,
                raw=raw,
            ) from error
    source = _IN_MNISTS_FORM[kind]
    remote = _remote_files(kind, source)
    raw = folder / source.__name__ / "raw"
    yield from _download_all(remote, raw, kind)
    classes = DIGITS if kind in {"mnist", "qmnist"} else tuple(source.classes)
    pictures, labels = (raw / file.name for file in remote)
    files = IdxFiles(
        pictures, labels, CATALOG[kind].title, names_of_labels=classes, classes=classes
    )
    return (yield from gather(files, count, seed))


def _remote_files(kind: DataKind, source: Any) -> list[RemoteFile]:
    """The files with pictures and with labels of the training split, in this order."""
    most = _most_bytes(kind)
    if kind == "qmnist":
        return [
            RemoteFile(url.rpartition("/")[2], (secure(url),), md5, most)
            for url, md5 in source.resources["train"]
        ]
    return [
        RemoteFile(name, tuple(secure(f"{mirror}{name}") for mirror in source.mirrors), md5, most)
        for name, md5 in source.resources
        if name.startswith("train-")
    ]


def _most_bytes(kind: DataKind) -> int:
    # The sizes in the catalog may be rounded.
    return 2 * (CATALOG[kind].download_bytes or 0)


def _download_all(files: Sequence[RemoteFile], folder: Path, kind: DataKind) -> Generator[Loading]:
    """Download files, with their common progress."""
    entry = CATALOG[kind]
    total = entry.download_bytes or 0
    before = 0
    for file in files:
        for loading in download(file, folder, entry.title):
            if loading.stage != "downloading":
                yield loading
                continue
            done = before + loading.done
            yield Loading("downloading", done, max(total, done), "bytes")
        before += (folder / file.name).stat().st_size


def _emnist_files(raw: Path, kind: DataKind) -> Generator[Loading, None, IdxFiles]:
    """Unpack the two files of a split from the archive of all EMNIST datasets."""
    split, folder = _EMNIST_SPLITS[kind], raw / "gzip"
    pictures, labels = (folder / _emnist_name(split, part) for part in _EMNIST_PARTS)
    if not (pictures.is_file() and labels.is_file()):
        with disk_errors(raw):
            make_private(raw)
            lock = yield from acquire(raw / "unpack.lock", "unpacking")
        try:
            # Another program may have unpacked them meanwhile.
            if not (pictures.is_file() and labels.is_file()):
                yield from _unpack_emnist(raw, folder, kind)
        finally:
            lock.release()
    # Labels of letters begin at 1; torchvision calls the class 0 "N/A".
    first = 1 if split == "letters" else 0
    classes = tuple(datasets.EMNIST.classes_split_dict[split][first:])
    title = CATALOG[kind].title
    return IdxFiles(
        pictures,
        labels,
        title,
        names_of_labels=classes,
        first=first,
        classes=classes,
        is_transposed=True,
    )


def _unpack_emnist(raw: Path, folder: Path, kind: DataKind) -> Generator[Loading]:
    source = datasets.EMNIST
    name = source.url.rpartition("/")[2]
    archive = RemoteFile(name, (secure(source.url),), source.md5, _most_bytes(kind))
    yield from _download_all([archive], raw, kind)
    path = raw / name
    try:
        with zipfile.ZipFile(path) as opened:
            for split in _EMNIST_SPLITS.values():
                for part in _EMNIST_PARTS:
                    member = _emnist_name(split, part)
                    yield from _unpack(opened, f"gzip/{member}", folder / member)
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
        raise DigitpadError(
            "{path} is not the archive of {title}: {error}.",
            path=path,
            title=CATALOG[kind].title,
            error=error,
        ) from error
    # Nothing else of the archive is ever read.
    with disk_errors(path):
        path.unlink()


def _emnist_name(split: str, part: str) -> str:
    return f"emnist-{split}-train-{part}.gz"


def _unpack(archive: zipfile.ZipFile, member: str, target: Path) -> Generator[Loading]:
    """Unpack a file. It gets its name once it is complete and its checksum is right."""
    info = archive.getinfo(member)
    part = target.with_name(f"{target.name}.part")
    ticker = Ticker()
    done = 0
    with disk_errors(part):
        make_private(target.parent)
        with archive.open(info) as packed, part.open("wb", buffering=0) as file:
            while data := packed.read(PIECE):
                write_all(file, data)
                done += len(data)
                if ticker.is_due():
                    yield Loading("unpacking", done, info.file_size, "bytes")
            os.fsync(file.fileno())
        part.replace(target)


def _read_usps(folder: Path, count: int | None, seed: int) -> Generator[Loading, None, Dataset]:
    url, name, md5 = datasets.USPS.split_list["train"]
    path = folder / name
    yield from _download_all(
        [RemoteFile(name, (secure(url),), md5, _most_bytes("usps"))], folder, "usps"
    )
    try:
        source = datasets.USPS(folder, train=True, download=False)
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise DigitpadError("{path} is damaged: {error}.", path=path, error=error) from error
    labels = np.array(source.targets, dtype=np.int64)
    if len(labels) == 0 or labels.min() < 0 or labels.max() > 9:
        raise DigitpadError("{path} is damaged: its labels are not those of ten digits.", path=path)
    chosen = choose(labels, count, seed)
    glyphs = np.empty((len(chosen), FIELD, FIELD), dtype=np.uint8)
    ticker = Ticker()
    for done, index in enumerate(chosen.tolist()):
        if ticker.is_due():
            yield Loading("reading", done, len(chosen), "drawings")
        glyphs[done] = usps_glyph(source.data[index])
    return Dataset(glyphs, labels[chosen], DIGITS, CATALOG["usps"].title)


def usps_glyph(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make a glyph by MNIST's rule from a picture of USPS, whose digits fill all 16x16 pixels.

    Args:
        picture: uint8 (16, 16), ink 255 on 0.

    Returns:
        uint8 (28, 28); all 0 if there is no ink.
    """
    ink = picture.astype(np.float32) / 255.0
    seen = ink > _FAINT
    if not seen.any():
        return np.zeros((FIELD, FIELD), dtype=np.uint8)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return place(box_ink(cropped)).glyph
