"""Settings that depend on each other: those of the data, and those of the network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.train.form.editors import ChoiceEdit, PathEdit
from digitpad.app.train.form.fields import FieldEditor, make_field
from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.errors import DigitpadError
from digitpad.fields import FieldInfo
from digitpad.learning.configuration.fields import FIELDS
from digitpad.recognition.architectures import ARCHITECTURE_TITLES
from digitpad.recognition.model_store import BUNDLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QWidget

    from digitpad.data.catalog import DataKind
    from digitpad.learning.configuration.config import TrainingConfig

_NEW_WEIGHTS = ""

Network = tuple[str, "Mapping[str, Any]"]
"""An architecture and its options."""


class DataPicker(QObject):
    """The kind of data, the number of samples, and the path of the user's own data.

    Attributes:
        fields: by name; the form places them.

    Signals:
        kind_chosen: the user has chosen the kind with this name.
    """

    kind_chosen = Signal(str)

    def __init__(self, warning_icon: QIcon, parent: QWidget) -> None:
        super().__init__(parent)
        self._path_edit = PathEdit()
        self._kind = make_field("data.kind", warning_icon, parent)
        # The title and help depend on the kind; `_follow_kind` sets them.
        self._path = FieldEditor(
            FieldInfo("", ""),
            self._path_edit,
            warning_icon,
            parent,
            self._check_path,
            optional=True,
        )
        self._count = make_field("data.count", warning_icon, parent, self.tr("All"))
        self.fields = {"data.kind": self._kind, "data.path": self._path, "data.count": self._count}
        # Connected first, so that all others see the settings of the new kind.
        self._kind.edited.connect(self._on_kind)
        self._follow_kind()

    @property
    def choice(self) -> DataChoice | None:
        """The chosen data; None while one of its settings is wrong."""
        if any(field.problem for field in self.fields.values()):
            return None
        path = None if CATALOG[self._chosen].place is None else self._path.value()
        return DataChoice(self._chosen, path, self._count.value())

    @property
    def classes(self) -> int | None:
        """Number of classes of the chosen kind; None if it is known only once it is loaded."""
        return CATALOG[self._chosen].classes

    @property
    def has_validation(self) -> bool:
        """Whether the chosen kind comes with a validation split."""
        return CATALOG[self._chosen].has_validation

    def show_choice(self, choice: DataChoice) -> None:
        """Show a choice of data."""
        self._kind.set_value(choice.kind)
        self._path_edit.set_value(choice.path)
        self._count.set_value(choice.count)
        self._follow_kind()

    @Slot()
    def _on_kind(self) -> None:
        # The path and the number were those of another kind.
        self._path_edit.set_value(None)
        self._count.set_value(None)
        self._follow_kind()
        self.kind_chosen.emit(self._chosen)

    @property
    def _chosen(self) -> DataKind:
        return cast("DataKind", self._kind.value())

    def _follow_kind(self) -> None:
        entry = CATALOG[self._chosen]
        self._kind.set_note(entry.sentence)
        wanted, spared = self.tr("Choose or type"), self.tr("Downloaded when needed")
        text = wanted if entry.needs_place else spared
        self._path.set_matters(entry.place is not None)
        if (place := entry.place) is not None:
            self._path_edit.ask_for(text, folder=place.form == "folder")
            self._path.describe(FieldInfo(place.title, place.help))

    def _check_path(self, path: str | None) -> None:
        if path is None:
            # Raises an error if this kind needs a path.
            DataChoice(self._chosen, None)
            return
        try:
            exists, is_folder = Path(path).exists(), Path(path).is_dir()
        except (OSError, ValueError):  # too long, not permitted, a null character
            exists = is_folder = False
        place = CATALOG[self._chosen].place
        if place is not None and place.form == "folder":
            if not exists:
                raise DigitpadError("There is no such folder: check the path, or browse.")
            if not is_folder:
                raise DigitpadError("This is a file: choose the folder that contains it.")
        elif not exists:
            raise DigitpadError("There is no such file: check the path, or browse.")
        elif is_folder:
            raise DigitpadError("This is a folder: choose a file of drawings in it.")


class NetworkPicker(QObject):
    """The network to train, and its first weights.

    Attributes:
        fields: by name; the form places them.
    """

    def __init__(self, warning_icon: QIcon, parent: QWidget) -> None:
        super().__init__(parent)
        self._models: dict[str, str] = {}
        self._networks: Mapping[str, Network] = {}
        self._own = next(iter(ARCHITECTURE_TITLES))
        """The architecture that the user has chosen. That of a warm start overrules it."""
        self._shown: Network = (self._own, {})
        """The network of the last configuration shown: some of its options have no editor."""
        self._architecture = FieldEditor(
            FIELDS["architecture"], ChoiceEdit(ARCHITECTURE_TITLES), warning_icon, parent
        )
        self._architecture.edited.connect(self._on_own)
        text = self.tr(
            "Training starts with these weights. New ones know nothing yet; those of a model"
            " keep what it has learned."
        )
        start = FieldInfo(self.tr("Warm start"), text)
        self._start = FieldEditor(start, ChoiceEdit({}), warning_icon, parent, self._check_start)
        own = self.tr("Network's own")
        self._dropout = make_field("options.dropout", warning_icon, parent, own)
        self.fields = {
            "architecture": self._architecture,
            "warm_start": self._start,
            "options.dropout": self._dropout,
        }

    def show_config(self, config: TrainingConfig) -> None:
        """Show the network of a configuration."""
        self._own = config.architecture
        self._shown = (config.architecture, config.options)
        self._architecture.set_value(config.architecture)
        self._dropout.set_value(config.options.get("dropout"))
        self._offer_models(config.warm_start or _NEW_WEIGHTS)

    def set_models(
        self, models: Iterable[tuple[str, str]], networks: Mapping[str, Network]
    ) -> None:
        """Offer models for a warm start; see `ConfigForm.set_models`."""
        self._models = dict(models)
        self._networks = networks
        self._offer_models(str(self._start.editor.value()))

    def read(self) -> dict[str, Any]:
        """The fields of a TrainingConfig that are set here, by name."""
        architecture = self._architecture.value()
        owner, known = self._given or self._shown
        # The options belong to one architecture, but every architecture has dropout.
        options = dict(known) if owner == architecture else {}
        options.pop("dropout", None)
        if (dropout := self._dropout.value()) is not None:
            options["dropout"] = dropout
        warm_start = self._start.value() or None
        return {"architecture": architecture, "options": options, "warm_start": warm_start}

    def follow_start(self, *, locked: bool) -> None:
        """Show the network of the warm start, if any; else let the user choose, unless locked."""
        given, info = self._given, FIELDS["architecture"]
        if given is not None:
            sentence = self.tr(
                "The network of the model chosen for the warm start: its weights fit no other."
            )
            info = replace(info, help=sentence)
        self._architecture.set_value(self._own if given is None else given[0])
        self._architecture.describe(info)
        self._architecture.editor.setEnabled(given is None and not locked)

    @Slot()
    def _on_own(self) -> None:
        self._own = self._architecture.value()

    @property
    def _given(self) -> Network | None:
        """The network of the model chosen for the warm start; None for new or unknown ones."""
        return self._networks.get(self._start.value())

    def _offer_models(self, chosen: str) -> None:
        choices = {_NEW_WEIGHTS: self.tr("New weights")} | self._models
        choices.setdefault(chosen, Path(chosen).name)
        self._start.set_choices(choices)
        self._start.set_value(chosen)

    def _check_start(self, chosen: str) -> None:
        # The bundled model is always there.
        known = {_NEW_WEIGHTS, BUNDLED, *self._models}
        if chosen not in known and not Path(chosen).is_file():
            raise DigitpadError(
                "The model for the warm start no longer exists: choose another one, or new weights."
            )
