"""Reads labelled samples from disk, batch by batch or into a dataset.

There is a reader for each form: MNIST's files, folders of pictures, files of strokes, and tables of
pixels. Readers keep nothing, so that a million samples need no more memory than a thousand.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from digitpad.data.dataset import Dataset, check_counts, choose, index_names
from digitpad.data.forms.content import form_of
from digitpad.data.forms.layout import no_such_split
from digitpad.data.forms.mnist_folder import find_mnist
from digitpad.data.forms.table import PixelTable
from digitpad.data.forms.user_files import StrokeFile, find_pictures
from digitpad.data.left_out import LeftOut
from digitpad.data.progress import Loading, Ticker
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.storage.packed import check_file

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.batches import Batch, Samples
    from digitpad.data.forms.layout import Part
    from digitpad.ink.drawing import Drawing

T = TypeVar("T")


class Reader(Protocol):
    """A dataset on disk that can be read several times, each time from its start."""

    @property
    def source(self) -> Path:
        """The folder or file; it names the dataset in errors."""

    @property
    def title(self) -> str:
        """The name of the dataset for people."""

    @property
    def description(self) -> str:
        """The form of the dataset for people, such as "strokes"."""

    @property
    def piece(self) -> int:
        """Number of samples that can be read in some milliseconds."""

    @property
    def classes(self) -> tuple[str, ...] | None:
        """Names of the classes in order; None if the samples' labels make them."""

    def notice(self) -> DigitpadError | None:
        """What the user should know of it, such as which part is read; None for nothing."""

    def count(self) -> int | None:
        """About how many samples there are; None if finding out would take too long."""

    def names(self, left_out: LeftOut | None = None) -> Iterator[str]:
        """The label of each sample, as a name; much faster than reading the glyphs.

        Args:
            left_out: gets what cannot be read.

        Raises:
            DigitpadError: a sample cannot be read and `left_out` is None, or no sample can.
        """

    def batches(
        self,
        size: int,
        chosen: NDArray[np.int64] | None = None,
        left_out: LeftOut | None = None,
    ) -> Iterator[Batch]:
        """The samples in the order of `names`.

        Args:
            size: number of samples in a batch, at least 1.
            chosen: int64 (k,), ascending places of the wanted samples in that order; None for all.
            left_out: gets what cannot be read.

        Yields:
            A batch for every `size` samples, and one for the rest. Samples that are not wanted or
            are left out are missing in it.

        Raises:
            DigitpadError: a sample cannot be read and `left_out` is None, or no sample can.
        """


class DrawingReader(Reader, Protocol):
    """A dataset of drawings, which are more than their glyphs."""

    def drawings(
        self, size: int, make: Callable[[Drawing], T], left_out: LeftOut | None = None
    ) -> Iterator[Samples[T]]:
        """What is made of each drawing, in the order of `names`.

        Args:
            size: number of samples in a batch, at least 1.
            make: makes it; a `DigitpadError` that it raises is the reason to leave the drawing out.
            left_out: gets what cannot be read.

        Yields:
            See `batches`.

        Raises:
            DigitpadError: a sample cannot be read and `left_out` is None, or no sample can.
        """


def open_reader(path: Path, split: Part | None = None) -> Reader:
    """Make the reader of a dataset for evaluation.

    Args:
        path: a folder or a file.
        split: of MNIST's files or of a folder with parts; None for the test split, or for all
            samples if there are no splits.

    Raises:
        DigitpadError: there is nothing there, its form is not known, or it does not have this
            split.
    """
    if path.is_dir():
        if split == "validation":
            return find_pictures(path, (split,), is_strict=True)
        files = find_mnist(path, split or "test")
        if files is not None:
            return files
        if split is not None:
            return find_pictures(path, (split,), is_strict=True)
        return find_pictures(path, ("test", "validation", "train"))
    if not path.exists():
        raise DigitpadError("There is no file or folder '{path}'.", path=path)
    reader = open_file(path)
    if split is not None:
        raise no_such_split(path, split)
    return reader


def open_file(path: Path) -> Reader:
    """Make the reader of a file of samples. Its content decides its form.

    Raises:
        DigitpadError: it is no file, or its form is not known.
    """
    check_file(path)
    form = form_of(path)
    if form == "strokes":
        return StrokeFile(path)
    if form == "table":
        return PixelTable(path)
    if form == "idx":
        raise DigitpadError(
            "{path} is one of MNIST's files, which are read together: name their folder.", path=path
        )
    if form == "archive":
        raise DigitpadError("{path} is an archive: unpack it, and name what was in it.", path=path)
    if form == "arrays":
        raise DigitpadError(
            "{path} holds NumPy arrays, which Digitpad does not read: use MNIST's own four files,"
            " a table of pixels (.csv), or the .ndjson file of Quick, Draw!.",
            path=path,
        )
    if form == "binary strokes":
        raise DigitpadError(
            "{path} is a binary file, as Quick, Draw! has them beside its .ndjson files: download"
            " the .ndjson file of the same class.",
            path=path,
        )
    raise DigitpadError(
        "{path} is not a dataset: name a folder of MNIST's files, a folder of class-named"
        " folders of pictures, an .ndjson file of strokes, or a table of pixels (.csv).",
        path=path,
    )


def gather(
    reader: Reader, count: int | None, seed: int, left_out: LeftOut | None = None
) -> Generator[Loading, None, Dataset]:
    """Read all samples of a dataset, or some, into memory.

    What cannot be read is left out. If only some samples are taken, others replace those, of the
    same class if possible.

    Args:
        reader: read twice: first the labels, then the glyphs of the samples that are taken.
        count: largest number of samples, chosen at random; None for all.
        seed: of the random choice.
        left_out: gets what cannot be read.

    Yields:
        Loading events.

    Returns:
        The dataset.

    Raises:
        DigitpadError: less than half can be read, or a class is missing or too small.
    """
    left_out = LeftOut(reader.source) if left_out is None else left_out
    earlier = left_out.damaged
    ticker = Ticker()
    names: list[str] = []
    for name in reader.names(left_out):
        names.append(name)
        if ticker.is_due():
            yield Loading("checking", len(names), None, "drawings")
    left_out.check(len(names), left_out.damaged - earlier)
    with left_out.explained():
        classes, labels = index_names(names, reader.source, reader.classes)
    wanted = choose(labels, count, seed)
    size, before = len(wanted), left_out.damaged
    generator = np.random.default_rng(seed)
    is_free = np.ones(len(labels), dtype=bool)
    parts: list[tuple[NDArray[np.uint8], NDArray[np.int64]]] = []
    while len(wanted):
        is_free[wanted] = False
        glyphs, places = yield from _read(reader, wanted, left_out)
        parts.append((glyphs, places))
        failed = np.setdiff1d(wanted, places)
        wanted = _others_like(labels[failed], labels, is_free, generator)
    glyphs, places = parts[0]
    if len(parts) > 1:
        places = np.concatenate([them for _, them in parts])
        order = np.argsort(places)
        glyphs = np.concatenate([some for some, _ in parts])[order]
        places = places[order]
    left_out.check(len(places), left_out.damaged - before)
    if len(places) < size and reader.classes is None:
        with left_out.explained():
            check_counts(classes, labels[places], reader.source)
    return Dataset(glyphs, labels[places], classes, reader.title)


def _read(
    reader: Reader, wanted: NDArray[np.int64], left_out: LeftOut
) -> Generator[Loading, None, tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    """Read the glyphs at some places; with the places of those that could be read."""
    glyphs = np.empty((len(wanted), FIELD, FIELD), dtype=np.uint8)
    places = np.empty(len(wanted), dtype=np.int64)
    ticker, done, before = Ticker(), 0, left_out.count
    for batch in reader.batches(reader.piece, wanted, left_out):
        if ticker.is_due():
            yield Loading("reading", done, len(wanted), "drawings")
        glyphs[done : done + len(batch)] = batch.glyphs
        places[done : done + len(batch)] = batch.places
        done += len(batch)
    if done + left_out.count - before < len(wanted):
        raise DigitpadError(
            "{source} was changed while it was being read: try again.", source=reader.source
        )
    return glyphs[:done], places[:done]


def _others_like(
    missing: NDArray[np.int64],
    labels: NDArray[np.int64],
    is_free: NDArray[np.bool_],
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    """Places of as many free samples, of the same classes as far as possible."""
    free = generator.permutation(np.flatnonzero(is_free))
    chosen = np.zeros(len(free), dtype=bool)
    for label, number in zip(*np.unique(missing, return_counts=True), strict=True):
        chosen[np.flatnonzero(labels[free] == label)[:number]] = True
    others = np.flatnonzero(~chosen)[: len(missing) - int(chosen.sum())]
    chosen[others] = True
    return np.sort(free[chosen])


def prefetched(items: Iterator[T], ahead: int = 2) -> Iterator[T]:
    """Give the same items, but make the next ones on a thread while the last is being used.

    A network computes without Python's interpreter lock. Meanwhile the thread can make glyphs, so
    that two cores are busy.

    Args:
        items: used by that thread alone until they end or the result is closed. Closing waits for
            the item that is being made, so none should take long.
        ahead: largest number of items that are made in advance, at least 1.

    Raises:
        Exception: whatever `items` raises, after the items before it.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="digitpad-glyphs") as executor:
        ready: deque[Future[T]] = deque(executor.submit(next, items) for _ in range(ahead))
        try:
            while True:
                try:
                    item = ready.popleft().result()
                except StopIteration:
                    return
                ready.append(executor.submit(next, items))
                yield item
        finally:
            executor.shutdown(cancel_futures=True)
