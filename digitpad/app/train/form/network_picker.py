"""Which network to train, and which weights it begins with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from digitpad.app.train.form.editors import ChoiceEdit
from digitpad.app.train.form.field import FieldEditor, choice_field, number_field
from digitpad.errors import DigitpadError
from digitpad.fields import FieldInfo
from digitpad.learning.fields import FIELDS
from digitpad.recognition.architectures import ARCHITECTURE_TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QIcon

    from digitpad.learning.config import TrainingConfig

_NEW_WEIGHTS = ""


class NetworkPicker(QObject):
    """The settings of the network, which depend on each other.

    Args:
        warning_icon: for what is wrong.
        parent: as usual.

    Attributes:
        cells: by name, for whoever lays them out.
    """

    def __init__(self, warning_icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models: dict[str, str] = {}
        self._networks: Mapping[str, tuple[str, Mapping[str, Any]]] = {}
        self._own = next(iter(ARCHITECTURE_TITLES))
        """What the user has chosen, which a model to start from overrules."""
        self._shown_options: tuple[str, Mapping[str, Any]] = (self._own, {})
        """Options of the network that was last shown, some of which have no editor."""
        self._architecture = FieldEditor(
            FIELDS["architecture"], ChoiceEdit(ARCHITECTURE_TITLES), warning_icon
        )
        self._architecture.edited.connect(self._on_own)
        self._start = FieldEditor(
            FieldInfo(
                self.tr("Start from"),
                self.tr(
                    "New weights know nothing yet; those of a model go on from what it has learned."
                ),
            ),
            ChoiceEdit({}),
            warning_icon,
            self._check_start,
        )
        self._dropout = number_field("options.dropout", warning_icon, self.tr("Network's own"))
        self._initialisation = choice_field("initialisation", warning_icon)
        self.cells = {
            "architecture": self._architecture,
            "warm_start": self._start,
            "options.dropout": self._dropout,
            "initialisation": self._initialisation,
        }

    def show_config(self, config: TrainingConfig) -> None:
        """Show the network of a configuration."""
        self._own = config.architecture
        self._shown_options = (config.architecture, config.options)
        self._architecture.set_value(config.architecture)
        self._dropout.set_value(config.options.get("dropout"))
        self._initialisation.set_value(config.initialisation)
        self._offer_models(config.warm_start or _NEW_WEIGHTS)

    def set_models(
        self,
        models: Sequence[tuple[str, str]],
        networks: Mapping[str, tuple[str, Mapping[str, Any]]],
    ) -> None:
        """Offer models to start from.

        Args:
            models: names and titles.
            networks: architecture and options of a model by its name. Its weights fit no other
                network, so the choice of one follows it.
        """
        self._models = dict(models)
        self._networks = networks
        self._offer_models(str(self._start.editor.value()))

    def read(self) -> dict[str, Any]:
        """The fields of a TrainingConfig that are set here."""
        architecture = self._architecture.value()
        owner, known = self._given() or self._shown_options
        # Another network has its own options, but dropout stays as it is set.
        options = dict(known) if owner == architecture else {}
        options.pop("dropout", None)
        if (dropout := self._dropout.value()) is not None:
            options["dropout"] = dropout
        return {
            "architecture": architecture,
            "options": options,
            "warm_start": self._start.value() or None,
            "initialisation": self._initialisation.value(),
        }

    def follow_start(self, *, locked: bool) -> None:
        """Bring network and initialisation in line with what training starts from.

        Args:
            locked: whether nothing may be edited.
        """
        given = self._given()
        info = FIELDS["architecture"]
        if given is not None:
            sentence = self.tr(
                "The network of the model that training starts from: its weights fit no other."
            )
            info = replace(info, help=sentence)
        self._architecture.set_value(self._own if given is None else given[0])
        self._architecture.describe(info)
        self._architecture.editor.setEnabled(given is None and not locked)
        self._initialisation.set_matters(self._start.value() == _NEW_WEIGHTS)

    @Slot()
    def _on_own(self) -> None:
        self._own = self._architecture.value()

    def _given(self) -> tuple[str, Mapping[str, Any]] | None:
        """The network that the weights belong to, where it is known."""
        return self._networks.get(self._start.value())

    def _offer_models(self, chosen: str) -> None:
        choices = {_NEW_WEIGHTS: self.tr("New weights")} | self._models
        if chosen not in choices:
            choices[chosen] = Path(chosen).name
        self._start.set_choices(choices)
        self._start.set_value(chosen)

    def _check_start(self, chosen: str) -> None:
        if chosen != _NEW_WEIGHTS and chosen not in self._models and not Path(chosen).is_file():
            raise DigitpadError(
                self.tr("The model that it started from is gone: choose another start.")
            )
