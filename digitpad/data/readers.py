"""Labelled drawings on disk, read as glyphs a batch at a time, or gathered into a dataset.

There is a reader for each form: MNIST's files, folders of pictures, files of strokes. Nothing is
kept while they read, so a million drawings need no more memory than a thousand.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import numpy as np

from digitpad.data.dataset import Dataset, choose, index_names
from digitpad.data.idx import find_mnist
from digitpad.data.progress import Loading, Ticker
from digitpad.data.user_files import PictureFolders, StrokeFile, is_stroke_file
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.idx import Split
    from digitpad.data.user_files import Batch

T = TypeVar("T")


class Reader(Protocol):
    """Labelled drawings that can be read from the start any number of times."""

    @property
    def source(self) -> Path:
        """Names the files in errors."""

    @property
    def title(self) -> str:
        """What the dataset is called."""

    @property
    def description(self) -> str:
        """What form this is, for a person."""

    @property
    def piece(self) -> int:
        """Drawings that are read within some milliseconds."""

    @property
    def classes(self) -> tuple[str, ...] | None:
        """Names of the classes in their order; None where they come from the drawings."""

    def count(self) -> int | None:
        """Number of drawings, where it can be known without reading them all."""

    def names(self) -> Iterator[str]:
        """What each drawing is said to show; costs far less than their glyphs.

        Raises:
            DigitpadError: one of them cannot be read.
        """

    def batches(self, size: int, chosen: NDArray[np.int64] | None = None) -> Iterator[Batch]:
        """The drawings in their own order.

        Args:
            size: drawings that make a batch, at least 1.
            chosen: int64 (k,), rising places of the drawings that are wanted; None wants all.

        Yields:
            Glyphs, uint8 (n, 28, 28), and what each is said to show, n names: n is `size` but for
            the last batch, or the number of those that are wanted.

        Raises:
            DigitpadError: one of them cannot be read.
        """


def open_reader(path: Path, split: Split | Literal["validation"] | None = None) -> Reader:
    """Recognise the form of labelled drawings.

    Args:
        path: a folder or an ndjson file of strokes.
        split: of MNIST's files; None is the test split.

    Raises:
        DigitpadError: there is nothing there, it is in none of the forms, or a split is asked of
            drawings that have none.
    """
    if split == "validation":
        raise DigitpadError("{path} has no validation split: the MNIST excerpt has.", path=path)
    if path.is_dir():
        files = find_mnist(path, split or "test")
        if files is not None:
            return files
        reader: Reader = PictureFolders(path)
    elif not path.exists():
        raise DigitpadError("There is no file or folder '{path}'.", path=path)
    elif is_stroke_file(path):
        reader = StrokeFile(path)
    else:
        raise DigitpadError(
            "{path} is not a dataset: name a folder of MNIST's files, a folder of class-named"
            " folders of pictures, or an .ndjson file of strokes.",
            path=path,
        )
    if split is not None:
        raise DigitpadError(
            "{path} has no {split} split: only MNIST's folders have splits.", path=path, split=split
        )
    return reader


def gather(reader: Reader, count: int | None, seed: int) -> Generator[Loading, None, Dataset]:
    """Read all drawings into memory, or some of them.

    Args:
        reader: read twice, so that nothing is drawn of what is not taken, and nothing kept but
            names before it is known how much that is.
        count: at most so many, at random; None takes all.
        seed: of the choice.

    Raises:
        DigitpadError: a drawing cannot be read, or a class is missing or too small.
    """
    ticker = Ticker()
    names: list[str] = []
    for name in reader.names():
        names.append(name)
        if ticker.is_due():
            yield Loading("checking", len(names), None, "drawings")
    classes, labels = index_names(names, reader.source, reader.classes)
    chosen = choose(labels, count, seed)
    glyphs = np.empty((len(chosen), FIELD, FIELD), dtype=np.uint8)
    ticker, done = Ticker(), 0
    for some, _ in reader.batches(reader.piece, chosen):
        if ticker.is_due():
            yield Loading("reading", done, len(chosen), "drawings")
        glyphs[done : done + len(some)] = some
        done += len(some)
    if done < len(chosen):
        raise DigitpadError(
            "{source} was changed while it was being read: try again.", source=reader.source
        )
    return Dataset(glyphs, labels[chosen], classes, reader.title)


def prefetched(items: Iterator[T], ahead: int = 2) -> Iterator[T]:
    """The same items, made on a thread of their own while the network reads the last ones.

    A network spends its time outside Python's interpreter lock, so the thread that makes glyphs
    has the interpreter to itself meanwhile, and one core is busy with each.

    Args:
        items: used by that thread alone until it is exhausted or the result is closed. Closing
            waits for the item that is being made, so none should take long.
        ahead: how many items may be ready, which bounds the memory; at least 1.

    Raises:
        Exception: what `items` raises, after all that came before it.
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
