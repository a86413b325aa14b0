"""Which drawings to learn from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Slot

from digitpad.app.train.form.editors import ChoiceEdit, PathEdit
from digitpad.app.train.form.field import FieldEditor
from digitpad.app.train.form.sections import FieldGroup
from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.errors import DigitpadError
from digitpad.fields import FieldInfo
from digitpad.learning.fields import FIELDS

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QWidget

    from digitpad.data.catalog import DataEntry, DataKind


class DataPicker(FieldGroup):
    """The kind of data, and the path of what the user has brought.

    Args:
        warning_icon: for what is wrong.
    """

    def __init__(self, warning_icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles: dict[str, str] = {kind: entry.title for kind, entry in CATALOG.items()}
        self._kind = FieldEditor(FIELDS["data.kind"], ChoiceEdit(titles), warning_icon)
        self._path_edit = PathEdit()
        self._places: dict[str, FieldInfo] = {
            "mnist": FieldInfo(
                self.tr("Folder of MNIST"),
                self.tr("Where MNIST's files lie already; without it they are downloaded."),
            ),
            "pictures": FieldInfo(
                self.tr("Folder of pictures"),
                self.tr("A folder with a folder of pictures for each class, named by the class."),
            ),
            "strokes": FieldInfo(
                self.tr("File of strokes"),
                self.tr("Drawings as pen strokes with their class, an ndjson object a line."),
            ),
        }
        self._path = FieldEditor(
            self._places["mnist"], self._path_edit, warning_icon, self._check_path, optional=True
        )
        self.add_row(self._kind)
        self.add_row(self._path)
        # Before anybody else hears of it.
        self._kind.edited.connect(self._on_kind)
        self._follow_kind()

    def choice(self, count: int | None) -> DataChoice | None:
        """What is chosen; None while the path will not do.

        Args:
            count: at most so many drawings.
        """
        if self.problem:
            return None
        path = None if self._entry.place is None else self._path.value()
        return DataChoice(self._chosen, path, count)

    def set_choice(self, choice: DataChoice) -> None:
        """Show a choice."""
        self._kind.set_value(choice.kind)
        self._path_edit.set_value(choice.path)
        self._follow_kind()

    @Slot()
    def _on_kind(self) -> None:
        # The path of the kind before is not one of this kind.
        self._path_edit.set_value(None)
        self._follow_kind()

    @property
    def _chosen(self) -> DataKind:
        return cast("DataKind", self._kind.value())

    @property
    def _entry(self) -> DataEntry:
        return CATALOG[self._chosen]

    def _follow_kind(self) -> None:
        entry = self._entry
        self._kind.set_note(entry.sentence)
        self._path_edit.ask_for(
            self.tr("Choose or type") if entry.needs_place else self.tr("Downloaded when needed"),
            folder=entry.place == "folder",
        )
        self._path.set_matters(entry.place is not None)
        if entry.place is not None:
            self._path.describe(self._places[self._chosen])

    def _check_path(self, path: str | None) -> None:
        if path is None:
            # Refuses it with a sentence where one is needed.
            DataChoice(self._chosen, None)
            return
        place = Path(path)
        try:
            exists, is_folder = place.exists(), place.is_dir()
        except (OSError, ValueError):  # too long, not permitted, a null character
            exists = is_folder = False
        if self._entry.place == "file":
            if not exists:
                raise DigitpadError(self.tr("There is no such file: check the path, or browse."))
            if is_folder:
                raise DigitpadError(self.tr("This is a folder: choose a file of strokes in it."))
        elif not exists:
            raise DigitpadError(self.tr("There is no such folder: check the path, or browse."))
        elif not is_folder:
            raise DigitpadError(self.tr("This is a file: choose the folder that it lies in."))
