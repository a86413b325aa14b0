"""Reads files of labelled drawings as samples, in every form that a dataset may have."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, get_args

from digitpad.data.forms.layout import Part
from digitpad.data.forms.mnist_folder import find_mnist
from digitpad.data.forms.user_files import PictureFolders, StrokeFile, find_pictures
from digitpad.data.left_out import LeftOut, leave_out
from digitpad.data.progress import Ticker
from digitpad.data.readers import open_file
from digitpad.errors import DigitpadError
from digitpad.samples.pictures import of_glyph
from digitpad.samples.sample import Sample
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from digitpad.data.forms.idx import Split
    from digitpad.data.readers import Reader
    from digitpad.ink.drawing import Drawing
    from digitpad.samples.store import SampleStore

MOST = 10_000
"""Samples that are imported at once. They are meant to be the user's own: what is larger is a
dataset, and is trained on as it lies."""

MOST_JUDGED = 1000
"""Samples of an import in which slips are looked for: each takes some hundredths of a second."""

_PARTS: tuple[Part, ...] = get_args(Part)


class Imported(NamedTuple):
    """What was imported.

    Attributes:
        samples: those that were added.
        known: number of drawings that were samples already, with the same label.
        left_out: what could not be read.
        is_cut: whether there are more than `MOST`, of which the first were taken.
        path: the file or the folder.
        is_judged: whether slips were looked for; they are not in more than `MOST_JUDGED` drawings.
    """

    samples: tuple[Sample, ...]
    known: int
    left_out: LeftOut
    is_cut: bool
    path: Path
    is_judged: bool = True

    def sentence(self) -> Sentence:
        """What was done."""
        added = Sentence(
            Plural(
                "One sample has been imported from {path}.",
                "{count} samples have been imported from {path}.",
                len(self.samples),
            ),
            count=len(self.samples),
            path=self.path,
        )
        if not self.known:
            return added
        known = Sentence(
            Plural(
                "One drawing there is a sample already, and is not imported again.",
                "{count} drawings there are samples already, and are not imported again.",
                self.known,
            ),
            count=self.known,
        )
        return Sentence("{added} {known}", added=added, known=known)

    def notices(self) -> tuple[DigitpadError, ...]:
        """What was not imported, and why."""
        notices = []
        if self.is_cut:
            notices.append(
                DigitpadError(
                    "{path} has more than {most} drawings, of which the first were imported: to"
                    " learn from all, train a network on it.",
                    path=self.path,
                    most=MOST,
                )
            )
        if (notice := self.left_out.notice()) is not None:
            notices.append(notice)
        if count := sum(sample.is_flagged for sample in self.samples):
            notices.append(
                DigitpadError(
                    Plural(
                        "{count} of them contradicts what is known, and is flagged: its label may"
                        " be a slip.",
                        "{count} of them contradict what is known, and are flagged: their labels"
                        " may be slips.",
                        count,
                    ),
                    count=count,
                )
            )
        if not self.is_judged:
            notices.append(
                DigitpadError(
                    "No slips were looked for, since there are more than {most} drawings.",
                    most=MOST_JUDGED,
                )
            )
        return tuple(notices)


def import_samples(
    store: SampleStore,
    path: Path,
    *,
    symbols: str = "",
    progress: Callable[[int], None] | None = None,
    judge: Callable[[Sample, Sequence[Sample]], bool] | None = None,
) -> Imported:
    """Add the drawings of a file or a folder to the samples, all or none.

    Drawings that are samples already, with the same label, are passed over.

    Args:
        store: of the samples.
        path: an .ndjson file of strokes, a table of pixels, MNIST's files in a folder, or a folder
            with a folder of pictures for each class.
        symbols: the user's own set of symbols that the labels belong to; it is made, or gets more
            classes, as they need it.
        progress: called now and then with the number of drawings that were read. What it raises
            ends the import, and nothing is added.
        judge: says whether a sample contradicts what is known, and these others; None: nobody does.

    Raises:
        DigitpadError: it is nothing of these, most of it cannot be read, or the samples cannot be
            written.
    """
    left_out = LeftOut(path)
    before = store.list(symbols=symbols)
    known = {key for sample in before for key in _keys(sample)}
    samples: list[Sample] = []
    repeated = 0
    is_cut = False
    ticker = Ticker()
    for sample in read_samples(path, left_out, symbols=symbols):
        keys = set(_keys(sample))
        if keys & known:
            repeated += 1
        elif len(samples) == MOST:
            is_cut = True
            break
        else:
            known |= keys
            samples.append(sample)
        if progress is not None and ticker.is_due():
            progress(len(samples) + repeated)
    left_out.check(len(samples) + repeated)
    is_judged = judge is None or len(samples) <= MOST_JUDGED
    if judge is not None and is_judged:
        for place, sample in enumerate(samples):
            if not sample.is_flagged and judge(sample, (*before, *samples[:place])):
                samples[place] = replace(sample, is_flagged=True)
            if progress is not None and ticker.is_due():
                progress(place)
    if symbols:
        were = store.symbol_sets().get(symbols, ())
        classes = tuple(dict.fromkeys((*were, *(sample.label for sample in samples))))
        if classes != were:
            store.set_symbols(symbols, classes)
    return Imported(store.add(samples), repeated, left_out, is_cut, path, is_judged)


def read_samples(path: Path, left_out: LeftOut, *, symbols: str = "") -> Iterator[Sample]:
    """The labelled drawings of a file or a folder, in their order, one at a time.

    Args:
        path: see `import_samples`.
        left_out: gets what cannot be read.
        symbols: see `import_samples`.

    Raises:
        DigitpadError: it is nothing that has labelled drawings.
    """
    for reader in _readers(path):
        yield from _samples(reader, symbols, left_out)


def _keys(sample: Sample) -> Iterator[object]:
    """What two samples have in common that are the same."""
    yield sample.label, sample.glyph.tobytes()
    if sample.drawing.strokes:
        yield sample.label, sample.drawing.strokes


def _readers(path: Path) -> Iterator[Reader]:
    """A reader for each part of a dataset."""
    if not path.exists():
        raise DigitpadError("There is no file or folder '{path}'.", path=path)
    if not path.is_dir():
        yield open_file(path)
        return
    splits: tuple[Split, ...] = ("train", "test")
    found = [files for split in splits if (files := find_mnist(path, split)) is not None]
    yield from found
    if found:
        return
    first = find_pictures(path, _PARTS)
    yield first
    for part in _PARTS:
        if first.layout.part not in {None, part}:
            with suppress(DigitpadError):
                yield find_pictures(path, (part,), is_strict=True)


def _samples(reader: Reader, symbols: str, left_out: LeftOut) -> Iterator[Sample]:
    if isinstance(reader, PictureFolders | StrokeFile):

        def made(drawing: Drawing) -> Sample:
            return Sample.of("", drawing, origin="imported")

        for batch in reader.drawings(reader.piece, made, left_out):
            for name, sample, origin in zip(batch.names, batch.made, batch.origins, strict=True):
                yield replace(sample, label=name, symbols=symbols, is_flagged=origin.is_flagged)
        return
    for glyphs in reader.batches(reader.piece, None, left_out):
        for name, glyph, origin in zip(glyphs.names, glyphs.glyphs, glyphs.origins, strict=True):
            if not glyph.any():
                leave_out(left_out, origin.name_in(reader.source), _no_ink(reader, origin.line))
                continue
            yield Sample(name, of_glyph(glyph), glyph, origin="imported", symbols=symbols)


def _no_ink(reader: Reader, line: int | None) -> DigitpadError:
    return DigitpadError(
        "Drawing {number} of {source} has no ink.", number=line, source=reader.source
    )
