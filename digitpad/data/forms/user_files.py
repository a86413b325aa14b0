"""Readers of the user's own samples: folders of pictures, and files of strokes.

A folder of pictures is a class and gives it its name. A file of strokes has the form of Quick,
Draw!, and the "word" of each drawing is its class. All become glyphs exactly as on the pad.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from digitpad.data.batches import Origin, batches_of, samples_of
from digitpad.data.class_names import is_usable, unusable
from digitpad.data.forms.content import TABLE_SUFFIXES
from digitpad.data.forms.folders import entries_of, is_foreign, pictures_in
from digitpad.data.forms.layout import Layout, find_layout
from digitpad.data.forms.line_file import LineFile
from digitpad.data.left_out import LeftOut, leave_out
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.files.kinds import STROKE_SUFFIXES
from digitpad.ink.picture import read_picture
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.stroke_file import read_strokes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.data.batches import Batch, Samples
    from digitpad.data.forms.layout import Part
    from digitpad.ink.stroke_file import StrokeRecord

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class PictureFolders:
    """A reader of a folder with a folder of pictures for each class.

    Attributes:
        source: see `digitpad.data.readers.Reader`.
        layout: where the class folders are.
        classes: see `Reader`; folders of other classes are left out.
    """

    source: Path
    layout: Layout
    classes: tuple[str, ...] | None = None
    piece: ClassVar[int] = 1

    @property
    def title(self) -> str:
        """See `Reader`."""
        return f"Folder {self.source.resolve().name}"

    @property
    def description(self) -> str:
        """See `Reader`."""
        part = self.layout.part
        return "class-named folders of pictures" + ("" if part is None else f", {part} split")

    def notice(self) -> DigitpadError | None:
        """See `Reader`."""
        if self.layout.part is None:
            return None
        layout = self.layout
        taken, others = ", ".join(layout.taken), ", ".join(layout.others)
        if layout.validated:
            validated = ", ".join(layout.validated)
            if not others:
                return DigitpadError(
                    "{source} is divided into parts: the drawings in {taken} are trained on, and"
                    " those in {validated} are the validation split.",
                    source=self.source,
                    taken=taken,
                    validated=validated,
                )
            return DigitpadError(
                "{source} is divided into parts: the drawings in {taken} are trained on, those in"
                " {validated} are the validation split, and those in {others} are left aside.",
                source=self.source,
                taken=taken,
                validated=validated,
                others=others,
            )
        if not others:
            return DigitpadError(
                "{source} has its class folders in {taken}.", source=self.source, taken=taken
            )
        return DigitpadError(
            "{source} is divided into parts: only the drawings in {taken} are used, and those in"
            " {others} are left aside.",
            source=self.source,
            taken=taken,
            others=others,
        )

    def validation(self, classes: tuple[str, ...] | None = None) -> PictureFolders | None:
        """The reader of the validation part; None if there is none.

        Args:
            classes: folders of other classes are left out; None takes all.
        """
        layout = self.layout
        if not layout.validating:
            return None
        part = Layout(layout.validating, "validation", layout.validated)
        return PictureFolders(self.source, part, classes)

    def count(self) -> int:
        """See `Reader`."""
        return sum(1 for _ in self.names(LeftOut(self.source)))

    def names(self, left_out: LeftOut | None = None) -> Iterator[str]:
        """See `Reader`. No picture is opened."""
        for name, _, _ in self._pictures(left_out):
            yield name

    def batches(
        self,
        size: int,
        chosen: NDArray[np.int64] | None = None,
        left_out: LeftOut | None = None,
    ) -> Iterator[Batch]:
        """See `Reader`. Only the chosen pictures are opened."""
        failed = partial(self._failed, left_out)
        return batches_of(self._pictures(left_out), picture_glyph, size, chosen, failed)

    def drawings(
        self, size: int, make: Callable[[Drawing], V], left_out: LeftOut | None = None
    ) -> Iterator[Samples[V]]:
        """See `digitpad.data.readers.DrawingReader`."""

        def made(path: Path) -> V:
            return _made(make, Drawing(picture=read_picture(path)), str(path))

        failed = partial(self._failed, left_out)
        return samples_of(self._pictures(left_out), made, size, None, failed)

    def _failed(self, left_out: LeftOut | None, origin: Origin, error: DigitpadError) -> None:
        self._leave_out(left_out, origin.file, error)

    def _pictures(self, left_out: LeftOut | None) -> Iterator[tuple[str, Origin, Path]]:
        """The class, the origin and the path of each file that may be a picture.

        Raises:
            DigitpadError: the name of a class is not allowed, or there is no picture.
        """
        empty = True
        for folder in self.layout.folders:
            if self.classes is not None and folder.name not in self.classes:
                name = folder.path.relative_to(self.source).as_posix()
                leave_out(left_out, name, _no_class(folder.path), is_foreign=True)
                continue
            # A folder that has only texts is no class.
            texts: list[Path] | None = []
            for path in pictures_in(folder.path, partial(self._leave_out, left_out)):
                if texts is not None and is_foreign(path):
                    texts.append(path)
                    continue
                if not is_usable(folder.name):
                    raise unusable(self.source, folder.name)
                empty = False
                for before in texts or ():
                    yield folder.name, Origin(before), before
                texts = None
                yield folder.name, Origin(path), path
            for path in texts or ():
                self._leave_out(left_out, path, _no_picture(path))
        if empty and self.classes is not None:
            raise DigitpadError(
                "The validation split of {source}, in {folders}, has none of the classes that are"
                " trained on: give its folders the same names.",
                source=self.source,
                folders=", ".join(self.layout.taken),
            )
        if empty:
            raise _no_dataset(self.source)

    def _leave_out(self, left_out: LeftOut | None, path: Path, error: DigitpadError) -> None:
        name = Origin(path).name_in(self.source)
        leave_out(left_out, name, error, is_foreign=is_foreign(path))


def find_pictures(
    source: Path, wanted: Sequence[Part] = ("train",), *, is_strict: bool = False
) -> PictureFolders:
    """Make the reader of a folder of pictures; arguments and errors are those of `find_layout`."""
    return PictureFolders(source, find_layout(source, wanted, is_strict=is_strict))


@dataclass(frozen=True, slots=True)
class StrokeFile(LineFile["StrokeRecord"]):
    """A reader of an ndjson file of strokes."""

    piece: ClassVar[int] = 1
    description: ClassVar[str] = "strokes"

    @property
    def title(self) -> str:
        """See `Reader`."""
        return f"Strokes {self.source.name}"

    def notice(self) -> None:
        """See `Reader`."""

    def drawings(
        self, size: int, make: Callable[[Drawing], V], left_out: LeftOut | None = None
    ) -> Iterator[Samples[V]]:
        """See `digitpad.data.readers.DrawingReader`."""

        def made(record: StrokeRecord) -> V:
            return _made(make, record.drawing, f"Line {record.line} of {self.source}")

        failed = partial(self._failed, left_out)
        return samples_of(self._drawings(left_out), made, size, None, failed)

    def _glyph(self, drawing: StrokeRecord) -> NDArray[np.uint8]:
        return drawing_glyph(drawing.drawing, f"Line {drawing.line} of {self.source}")

    def _drawings(self, left_out: LeftOut | None) -> Iterator[tuple[str, Origin, StrokeRecord]]:
        skip = partial(self._leave_out, left_out)
        for record in read_strokes(self.source, None if left_out is None else skip):
            if record.word is None:
                skip(
                    record.line,
                    DigitpadError(
                        'Line {line} of {path} has no "word" that says what it shows: give every'
                        " drawing one.",
                        line=record.line,
                        path=self.source,
                    ),
                )
            elif not is_usable(record.word):
                skip(record.line, unusable(f"Line {record.line} of {self.source}", record.word))
            else:
                origin = Origin(self.source, record.line, record.key_id, record.is_flagged)
                yield record.word, origin, record


def drawing_glyph(drawing: Drawing, source: str) -> NDArray[np.uint8]:
    """Make the glyph of a drawing, uint8 (28, 28).

    Args:
        drawing: strokes or a picture, not empty.
        source: names the drawing in errors.

    Raises:
        DigitpadError: there is no ink.
    """
    return _made(preprocess, drawing, source).glyph


def picture_glyph(path: Path) -> NDArray[np.uint8]:
    """Read a picture and make its glyph, uint8 (28, 28).

    Raises:
        DigitpadError: the file is no picture, or it shows no ink.
    """
    return drawing_glyph(Drawing(picture=read_picture(path)), str(path))


def _made(make: Callable[[Drawing], V], drawing: Drawing, source: str) -> V:
    """What is made of a drawing; an error names where that came from."""
    try:
        return make(drawing)
    except DigitpadError as error:
        raise DigitpadError("{source}: {error}", source=source, error=error) from error


def _no_dataset(folder: Path) -> DigitpadError:
    """The error for a folder without class folders; it depends on what is there instead."""
    _, files = entries_of(folder)
    suffixes = STROKE_SUFFIXES + TABLE_SUFFIXES
    if file := next((path for path in files if path.name.lower().endswith(suffixes)), None):
        return DigitpadError(
            "{folder} is not a dataset: choose a file in it, such as {file}.",
            folder=folder,
            file=file.name,
        )
    if not all(map(is_foreign, files)):
        return DigitpadError(
            "{folder} is not a dataset: it has files, but no class-named folders of pictures that"
            " say what each one shows. Put the pictures of each class into a folder of their own.",
            folder=folder,
        )
    return DigitpadError(
        "{folder} is not a dataset: it has neither MNIST's files nor class-named folders with"
        " pictures.",
        folder=folder,
    )


def _no_class(folder: Path) -> DigitpadError:
    return DigitpadError(
        "{folder} is none of the classes that are trained on: rename it, or add drawings of that"
        " class to train on.",
        folder=folder,
    )


def _no_picture(path: Path) -> DigitpadError:
    return DigitpadError("{path} is not a picture, by its name.", path=path)
