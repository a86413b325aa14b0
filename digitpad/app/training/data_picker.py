"""Which drawings to learn from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot

from digitpad.app.training.field_cell import FieldCell
from digitpad.app.training.field_editors import ChoiceEdit, PathEdit
from digitpad.app.training.field_group import FieldGroup
from digitpad.errors import DigitpadError
from digitpad.learning.config import DataChoice, DataKind
from digitpad.learning.fields import FIELDS, FieldInfo, check_value

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QWidget


class DataPicker(FieldGroup):
    """The kind of data, and the path of what the user has brought.

    Args:
        warning_icon: for what is wrong.

    Signals:
        edited: by the user.
    """

    edited = Signal()

    def __init__(self, warning_icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        info = FIELDS["data.kind"]
        titles = {name: title for name, title in (info.choices or {}).items() if name != "recipe"}
        self._kind = FieldCell(
            info, ChoiceEdit(titles), warning_icon, lambda value: check_value("data.kind", value)
        )
        self._path_edit = PathEdit()
        self._paths = {
            "mnist": FieldInfo(
                self.tr("Folder of MNIST"),
                self.tr("Where MNIST's four files lie already; without it they are downloaded."),
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
        self._path = FieldCell(
            self._paths["mnist"], self._path_edit, warning_icon, self._check_path, optional=True
        )
        self.add_row(self._kind)
        self.add_row(self._path)
        self._kind.edited.connect(self._on_kind)
        self._path.edited.connect(self.edited)
        self._follow_kind()

    def choice(self, count: int | None) -> DataChoice | None:
        """What is chosen; None while the path will not do.

        Args:
            count: at most so many drawings.
        """
        kind = self._kind.value()
        path = self._path.value() if kind in self._paths else None
        if self.problem:
            return None
        return DataChoice(cast("DataKind", kind), path, count)

    def set_choice(self, choice: DataChoice) -> None:
        """Show a choice. Data that had no name becomes the first kind."""
        self._kind.set_value(choice.kind)
        self._path_edit.set_value(choice.path)
        self._follow_kind()

    @Slot()
    def _on_kind(self) -> None:
        # The path of the kind before is not one of this kind.
        self._path_edit.set_value(None)
        self._follow_kind()
        self.edited.emit()

    def _follow_kind(self) -> None:
        kind = self._kind.value()
        placeholder = (
            self.tr("Downloaded by itself") if kind == "mnist" else self.tr("Choose or type")
        )
        self._path_edit.ask_for(placeholder, folder=kind != "strokes")
        self._path.set_matters(kind in self._paths)
        if kind in self._paths:
            self._path.describe(self._paths[kind])

    def _check_path(self, path: str | None) -> None:
        kind = self._kind.value()
        if path is None:
            if kind != "mnist":
                # Refuses it with a sentence.
                DataChoice(cast("DataKind", kind), None)
            return
        place = Path(path)
        try:
            exists, is_folder = place.exists(), place.is_dir()
        except (OSError, ValueError):  # too long, not permitted, a null character
            exists = is_folder = False
        if kind == "strokes":
            if not exists:
                raise DigitpadError(self.tr("There is no such file: check the path, or browse."))
            if is_folder:
                raise DigitpadError(self.tr("This is a folder: choose a file of strokes in it."))
        elif not exists:
            raise DigitpadError(self.tr("There is no such folder: check the path, or browse."))
        elif not is_folder:
            raise DigitpadError(self.tr("This is a file: choose the folder that it lies in."))
