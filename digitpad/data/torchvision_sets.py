"""The sets that torchvision knows: their addresses, hashes, places, classes, and reading them.

Only training files are downloaded and read; those of the test digits are never touched. Files lie
where torchvision itself would put them, and what it says of them holds here. MNIST's form is read
by `digitpad.data.idx`, from the packed files whose hash has just been checked: torchvision
would unpack them beside it first, and trust what it finds there the next time.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.data.catalog import describe
from digitpad.data.drawings import DIGITS, Drawings, choose
from digitpad.data.idx import MnistFiles, mnist_labels
from digitpad.data.idx_reading import read_glyphs
from digitpad.data.progress import Loading, Ticker
from digitpad.data.remote.download import RemoteFile, download
from digitpad.data.remote.folder_lock import acquire
from digitpad.data.remote.partfile import disk_errors, write_all
from digitpad.data.torchvision_import import datasets
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD, place
from digitpad.ink.photo.preprocessing import box_ink

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.catalog import DataKind
    from digitpad.data.remote.download import Patience

_IN_MNISTS_FORM = {
    "mnist": datasets.MNIST,
    "fashion-mnist": datasets.FashionMNIST,
    "kmnist": datasets.KMNIST,
    "qmnist": datasets.QMNIST,
}
_EMNIST_SPLITS = {"emnist-digits": "digits", "emnist-letters": "letters"}
_EMNIST_PARTS = ("images-idx3-ubyte", "labels-idx1-ubyte")

_PIECE = 2**20

_FAINT = 0.1
"""Share of full ink below which a pixel of USPS does not count for the bounds of its digit."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What the files of a set in MNIST's form mean.

    Attributes:
        classes: names, in the order of the labels.
        first: the lowest label.
        transposed: whether rows and columns are swapped.
    """

    classes: tuple[str, ...]
    first: int = 0
    transposed: bool = False


def read_torchvision_set(
    kind: DataKind, folder: Path, count: int | None, seed: int, patience: Patience
) -> Generator[Loading, None, Drawings]:
    """The training drawings of a set, downloaded where they are not there yet.

    Args:
        kind: a set that torchvision knows.
        folder: where sets are kept.
        count: at most so many, at random; None takes all.
        seed: of the choice.
        patience: with slow servers.

    Raises:
        DigitpadError: the set cannot be downloaded, written or read.
    """
    title = describe(kind).title
    if kind == "usps":
        return (yield from _read_usps(folder / "USPS", title, count, seed, patience))
    if kind in _EMNIST_SPLITS:
        split = _EMNIST_SPLITS[kind]
        raw = folder / "EMNIST" / "raw"
        files = yield from _emnist_files(raw, split, title, patience)
        names = datasets.EMNIST.classes_split_dict[split]
        # There is no letter 0, which torchvision calls "N/A".
        first = 1 if split == "letters" else 0
        form = _Form(tuple(names[first:]), first, transposed=True)
        try:
            return (yield from _read_idx(files, form, title, count, seed))
        except DigitpadError as error:
            raise DigitpadError(
                "{error} Delete the folder {raw}, and the set is downloaded again.",
                error=error,
                raw=raw,
            ) from error
    source = _IN_MNISTS_FORM[kind]
    remote = _remote_files(kind, source)
    raw = folder / source.__name__ / "raw"
    yield from _download_all(remote, raw, kind, title, patience)
    files = MnistFiles(*(raw / file.name for file in remote))
    named_by_digit = kind in {"mnist", "qmnist"}
    form = _Form(DIGITS if named_by_digit else tuple(source.classes))
    return (yield from _read_idx(files, form, title, count, seed))


def _remote_files(kind: DataKind, source: Any) -> list[RemoteFile]:
    """Pictures and labels of the training digits, in this order."""
    most = _most_bytes(kind)
    if kind == "qmnist":
        return [
            RemoteFile(url.rpartition("/")[2], (url,), md5, most)
            for url, md5 in source.resources["train"]
        ]
    return [
        RemoteFile(name, tuple(f"{mirror}{name}" for mirror in source.mirrors), md5, most)
        for name, md5 in source.resources
        if name.startswith("train-")
    ]


def _most_bytes(kind: DataKind) -> int:
    # The sizes in the catalog may be rounded.
    return 2 * (describe(kind).download_bytes or 0)


def _download_all(
    files: Sequence[RemoteFile], folder: Path, kind: DataKind, title: str, patience: Patience
) -> Generator[Loading]:
    """Download files with the progress of all of them together."""
    total = describe(kind).download_bytes or 0
    before = 0
    for file in files:
        for loading in download(file, folder, title, patience):
            if loading.stage != "downloading":
                yield loading
                continue
            done = before + loading.done
            yield Loading("downloading", done, max(total, done), "bytes")
        before += (folder / file.name).stat().st_size


def _read_idx(
    files: MnistFiles, form: _Form, title: str, count: int | None, seed: int
) -> Generator[Loading, None, Drawings]:
    highest = form.first + len(form.classes) - 1
    labels = mnist_labels(files, highest) - form.first
    if labels.min() < 0:
        raise DigitpadError(
            "{labels} is damaged: it has the label {min}, and its"
            " labels go from {first} to {highest}.",
            labels=files.labels,
            min=labels.min() + form.first,
            first=form.first,
            highest=highest,
        )
    chosen = choose(labels, count, seed)
    glyphs = yield from read_glyphs(files, highest, len(labels), chosen)
    if form.transposed:
        glyphs = np.ascontiguousarray(glyphs.transpose(0, 2, 1))
    return Drawings(title, form.classes, glyphs, labels[chosen])


def _emnist_files(
    raw: Path, split: str, title: str, patience: Patience
) -> Generator[Loading, None, MnistFiles]:
    """The two packed files of a split, out of the archive that holds all of EMNIST."""
    folder = raw / "gzip"
    files = MnistFiles(*(folder / _emnist_name(split, part) for part in _EMNIST_PARTS))
    if files.pictures.is_file() and files.labels.is_file():
        return files
    with disk_errors(raw):
        raw.mkdir(parents=True, exist_ok=True)
    lock = yield from acquire(raw / "unpack.lock", "unpacking")
    try:
        # Another program may have unpacked them meanwhile.
        if not (files.pictures.is_file() and files.labels.is_file()):
            yield from _unpack_emnist(raw, folder, title, patience)
    finally:
        lock.release()
    return files


def _unpack_emnist(raw: Path, folder: Path, title: str, patience: Patience) -> Generator[Loading]:
    source = datasets.EMNIST
    name = source.url.rpartition("/")[2]
    archive = RemoteFile(name, (source.url,), source.md5, _most_bytes("emnist-digits"))
    yield from _download_all([archive], raw, "emnist-digits", title, patience)
    path = raw / name
    try:
        with zipfile.ZipFile(path) as opened:
            for split in _EMNIST_SPLITS.values():
                for part in _EMNIST_PARTS:
                    member = _emnist_name(split, part)
                    yield from _unpack(opened, f"gzip/{member}", folder / member)
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
        raise DigitpadError(
            "{path} is not the archive of {title}: {error}.", path=path, title=title, error=error
        ) from error
    # The training files of digits and letters are all that is ever read of it.
    with disk_errors(path):
        path.unlink()


def _emnist_name(split: str, part: str) -> str:
    return f"emnist-{split}-train-{part}.gz"


def _unpack(archive: zipfile.ZipFile, member: str, target: Path) -> Generator[Loading]:
    """Unpack one file; it has its name when it is whole and its checksum is right."""
    info = archive.getinfo(member)
    part = target.with_name(f"{target.name}.part")
    ticker = Ticker()
    done = 0
    with disk_errors(part):
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as packed, part.open("wb", buffering=0) as file:
            while data := packed.read(_PIECE):
                write_all(file, data)
                done += len(data)
                if ticker.is_due():
                    yield Loading("unpacking", done, info.file_size, "bytes")
            os.fsync(file.fileno())
        part.replace(target)


def _read_usps(
    folder: Path, title: str, count: int | None, seed: int, patience: Patience
) -> Generator[Loading, None, Drawings]:
    url, name, md5 = datasets.USPS.split_list["train"]
    file = RemoteFile(name, (url,), md5, _most_bytes("usps"))
    yield from _download_all([file], folder, "usps", title, patience)
    try:
        source = datasets.USPS(folder, train=True, download=False)
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise DigitpadError(
            "{folder} is damaged: {error}.", folder=folder / name, error=error
        ) from error
    labels = np.array(source.targets, dtype=np.int64)
    if len(labels) == 0 or labels.min() < 0 or labels.max() > 9:
        raise DigitpadError(
            "{folder} is damaged: its labels are not those of ten digits.", folder=folder / name
        )
    chosen = choose(labels, count, seed)
    glyphs = np.empty((len(chosen), FIELD, FIELD), dtype=np.uint8)
    ticker = Ticker()
    for done, index in enumerate(chosen.tolist()):
        if ticker.is_due():
            yield Loading("reading", done, len(chosen), "drawings")
        glyphs[done] = usps_glyph(source.data[index])
    return Drawings(title, DIGITS, glyphs, labels[chosen])


def usps_glyph(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture of USPS, which fills its 16x16 pixels, by MNIST's rule.

    Args:
        picture: uint8 (16, 16), ink 255 on 0.

    Returns:
        uint8 (28, 28); all 0 where there is no ink.
    """
    ink = picture.astype(np.float32) / 255.0
    seen = ink > _FAINT
    if not seen.any():
        return np.zeros((FIELD, FIELD), dtype=np.uint8)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return place(box_ink(cropped)).glyph
