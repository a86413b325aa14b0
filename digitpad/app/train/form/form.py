"""The configuration of a training as a form."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from digitpad.app.train.form.data_picker import DataPicker
from digitpad.app.train.form.editors import ChoiceEdit
from digitpad.app.train.form.field import FieldEditor, choice_field, number_field
from digitpad.app.train.form.help_pane import HelpPane
from digitpad.app.train.form.network_picker import NetworkPicker
from digitpad.app.train.form.sections import FieldGroup, Section
from digitpad.app.widgets.numbers import grouped
from digitpad.data.choice import DataChoice
from digitpad.fields import FieldInfo
from digitpad.learning.config import Augmentation, TrainingConfig
from digitpad.learning.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digitpad.app.widgets.icons import Icons
    from digitpad.learning.presets import Preset

_CUSTOM = ""
"""Stands for settings that are no preset's."""
_TYPING_MS = 350
"""A pause after which a path or a number is taken to be typed to its end."""
_AUGMENTATION = tuple(f"augmentation.{field.name}" for field in fields(Augmentation))
_PLAIN = tuple(
    field.name
    for field in fields(TrainingConfig)
    # No data that can be chosen in the window has outliers.
    if field.name in FIELDS
    and field.name not in {"architecture", "initialisation", "outlier_weight"}
)
"""The settings of a TrainingConfig that are shown as they are and depend on no other."""

_OF_THE_USER = ("device", "seed")
"""Settings that a preset leaves alone, as it does the data."""


class ConfigForm(QWidget):
    """Everything that a training can be told: what matters most on top, the rest in sections.

    Args:
        presets: by name; the form begins with the first one.
        icons: for headings and warnings.

    Attributes:
        sections: what a beginner can leave alone.

    Signals:
        changed: something has been edited or shown, and `config` may be another, or None.
        data_changed: `data` or the seed is another; not before typing pauses.
    """

    changed = Signal()
    data_changed = Signal()

    def __init__(
        self, presets: Mapping[str, Preset], icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presets = presets
        # Holds what the form does not show.
        self._base = next(iter(presets.values())).config
        self._is_locked = False
        self._config: TrainingConfig | None = None
        self._told_data: tuple[DataChoice | None, int] | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._tell_data)
        self._layout_done = QTimer(self)
        self._layout_done.setSingleShot(True)
        self._layout_done.timeout.connect(self._reveal_problem)
        warning = icons.icon("warning")
        self._picker = DataPicker(warning)
        self._network = NetworkPicker(warning, self)
        self._cells = {
            name: choice_field(name, warning)
            if FIELDS[name].choices
            else number_field(name, warning)
            for name in (*_PLAIN, *_AUGMENTATION)
        }
        self._cells["data.count"] = number_field("data.count", warning, self.tr("All"))
        # Until somebody has looked what there is.
        self._cells["device"].set_choices({"auto": self.tr("Automatic")})
        self._cells |= self._network.cells
        self._preset = ChoiceEdit({})
        self._custom_sentence = self.tr("Settings of your own.")
        self._preset_cell = FieldEditor(
            FieldInfo(
                self.tr("Preset"),
                self.tr("Sets everything below at once, but for data, device and seed."),
            ),
            self._preset,
            warning,
        )
        # Typing makes the preset custom, and must not move what is typed into.
        self._preset_cell.make_room(preset.sentence for preset in presets.values())
        self._groups: list[FieldGroup] = []
        self.sections: list[Section] = []
        self.help_pane = HelpPane()
        self._arrange(icons)
        self._connect()
        self.set_models(())
        self.set_config(self._base)
        # What it begins with is no change.
        self._tell_data()

    def _arrange(self, icons: Icons) -> None:
        cells = self._cells
        top = FieldGroup()
        top.add_row(self._preset_cell)
        bottom = FieldGroup()
        bottom.add_row(cells["architecture"])
        bottom.add_row(cells["epochs"], cells["learning_rate"])
        self._groups += [top, self._picker, bottom]
        rows: Mapping[str, tuple[tuple[str, ...], ...]] = {
            self.tr("Data and first weights"): (
                ("warm_start",),
                ("data.count", "initialisation"),
            ),
            self.tr("Optimizer"): (
                ("optimizer",),
                ("batch_size", "momentum"),
                ("schedule", "warm_up"),
                ("step_epochs", "step_factor"),
            ),
            self.tr("Regularisation"): (
                ("weight_decay", "options.dropout"),
                ("label_smoothing", "ema_steps"),
            ),
            self.tr("Augmentation"): (
                _AUGMENTATION[:2],
                _AUGMENTATION[2:4],
                _AUGMENTATION[4:6],
                _AUGMENTATION[6:],
            ),
            self.tr("Validation and stopping"): (("validation_share", "patience"), ("monitor",)),
            self.tr("Device and seed"): (("device",), ("precision", "seed")),
        }
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2, 2, 10, 8)
        column.setSpacing(10)
        for group in self._groups:
            column.addWidget(group)
        column.addSpacing(4)
        for title, names in rows.items():
            section = Section(title, icons)
            for row in names:
                section.group.add_row(*(cells[name] for name in row))
            self.sections.append(section)
            self._groups.append(section.group)
            column.addWidget(section)
        column.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.help_pane.make_room(cell.info for cell in self._all_cells())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.help_pane)
        self.setMinimumWidth(280)
        self.setAccessibleName(self.tr("Configuration"))

    def _connect(self) -> None:
        for cell in self._all_cells():
            cell.hovered.connect(self.help_pane.set_hovered)
            cell.focused.connect(self.help_pane.set_focused)
            if cell is not self._preset_cell:
                cell.edited.connect(self._on_edited)
        self._preset_cell.edited.connect(self._on_preset)

    def _all_cells(self) -> list[FieldEditor]:
        return [cell for group in self._groups for cell in group.cells]

    @property
    def config(self) -> TrainingConfig | None:
        """What is set; None while something is wrong."""
        return self._config

    @property
    def data(self) -> DataChoice | None:
        """Which drawings are chosen; None while that is wrong, whatever else is."""
        count = self._cells["data.count"]
        return None if count.problem else self._picker.choice(count.value())

    @property
    def seed(self) -> int | None:
        """What is drawn at random; None while that is wrong, whatever else is."""
        cell = self._cells["seed"]
        return None if cell.problem else cell.value()

    @property
    def problem(self) -> str:
        """The first sentence that says what is wrong; empty while nothing is."""
        return next((group.problem for group in self._groups if group.problem), "")

    def show_problem(self) -> None:
        """Bring what is wrong into view, and the focus to it."""
        for section in self.sections:
            if section.group.problem:
                section.set_open(True)
        for cell in self._all_cells():
            if cell.problem:
                cell.editor.setFocus()
                return

    def set_config(self, config: TrainingConfig) -> None:
        """Show a configuration, such as that of an old run.

        A device that this machine lacks becomes the automatic one, and data that a program handed
        over becomes the first kind; a model that is gone is a problem to be seen.
        """
        data = config.data or DataChoice()
        self._picker.set_choice(data)
        self._cells["data.count"].set_value(data.count)
        for name in _OF_THE_USER:
            self._cells[name].set_value(getattr(config, name))
        self._show_recipe(config)

    def set_models(
        self,
        models: Sequence[tuple[str, str]],
        networks: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None,
    ) -> None:
        """Offer models to start from, beside new weights.

        Args:
            models: their names and titles.
            networks: architecture and options of a model by its name, which the choice of the
                network follows, since its weights fit no other.
        """
        self._network.set_models(models, networks or {})
        self._update()

    def set_devices(self, devices: Sequence[str], automatic: str) -> None:
        """Offer what this machine has.

        Args:
            devices: such as "cuda" and "cpu".
            automatic: the one of them that "auto" takes.
        """
        titles = FIELDS["device"].choices or {}
        chosen = (
            self.tr("Automatic (processor)")
            if automatic == "cpu"
            else self.tr("Automatic ({device})").format(device=titles.get(automatic, automatic))
        )
        offered = {name: titles.get(name, name) for name in devices}
        self._cells["device"].set_choices({"auto": chosen} | offered)
        self._update()

    def show_cost(self, parameters: int, multiply_adds: int) -> None:
        """Say what the network costs: its trained values, and the work for one glyph."""
        self._cells["architecture"].set_note(
            self.tr("{parameters} parameters, {multiply_adds} multiply-adds").format(
                parameters=self._count(parameters), multiply_adds=self._count(multiply_adds)
            )
        )

    def show_no_cost(self, sentence: str) -> None:
        """Say why there is no cost to show."""
        self._cells["architecture"].set_note(sentence)

    def set_locked(self, locked: bool) -> None:
        """While a training runs, its configuration can be read and not edited."""
        self._is_locked = locked
        for cell in self._all_cells():
            cell.editor.setEnabled(not locked)
        self._network.follow_start(locked=locked)

    def _count(self, count: int) -> str:
        if count < 1_000_000:
            return grouped(count)
        return self.tr("{count} million").format(
            count=QLocale().toString(count / 1e6, "f", 1 if count < 100_000_000 else 0)
        )

    def _show_recipe(self, config: TrainingConfig) -> None:
        """Show everything but data, device and seed."""
        self._base = config
        for name in _PLAIN:
            if name not in _OF_THE_USER:
                self._cells[name].set_value(getattr(config, name))
        for name in _AUGMENTATION:
            self._cells[name].set_value(getattr(config.augmentation, name.partition(".")[2]))
        self._network.show_config(config)
        self._update()

    @Slot()
    def _on_edited(self) -> None:
        self._update()
        self._layout_done.start()

    @Slot()
    def _reveal_problem(self) -> None:
        """What is wrong with what is being typed must not lie below the edge."""
        focus = QApplication.focusWidget()
        for cell in self._all_cells():
            if cell.problem and focus is not None and cell.isAncestorOf(focus):
                self._scroll.ensureWidgetVisible(cell.problem_line, 0, 8)

    @Slot()
    def _on_preset(self) -> None:
        preset = self._presets.get(self._preset.value())
        if preset is not None:
            self._show_recipe(preset.config)

    def _update(self) -> None:
        """Bring everything in line with what is set, and tell of it."""
        cells = self._cells
        has_steps = cells["schedule"].value() == "step"
        cells["warm_up"].set_matters(cells["schedule"].value() != "one-cycle")
        cells["step_epochs"].set_matters(has_steps)
        cells["step_factor"].set_matters(has_steps)
        self._network.follow_start(locked=self._is_locked)
        for section in self.sections:
            section.show_problem()
        self._config = self._read()
        self._show_preset()
        self.changed.emit()
        self._typing.start()

    def _read(self) -> TrainingConfig | None:
        recipe, data = self._read_recipe(), self.data
        if recipe is None or data is None or self.problem:
            return None
        return replace(
            recipe, data=data, **{name: self._cells[name].value() for name in _OF_THE_USER}
        )

    def _read_recipe(self) -> TrainingConfig | None:
        """The part that a preset sets; None while something in it is wrong."""
        cells = {name: cell for name, cell in self._cells.items() if name not in _OF_THE_USER}
        if any(cell.problem for name, cell in cells.items() if name != "data.count"):
            return None
        plain: dict[str, Any] = {name: cells[name].value() for name in _PLAIN if name in cells}
        augmentation = Augmentation(
            **{name.partition(".")[2]: cells[name].value() for name in _AUGMENTATION}
        )
        recipe = _recipe(self._base)
        return replace(recipe, augmentation=augmentation, **self._network.read(), **plain)

    def _show_preset(self) -> None:
        """Show which preset the settings are, or that they are none."""
        recipe = self._read_recipe()
        name = next(
            (key for key, preset in self._presets.items() if _recipe(preset.config) == recipe),
            _CUSTOM,
        )
        titles = {key: preset.title for key, preset in self._presets.items()}
        if name == _CUSTOM:
            titles[_CUSTOM] = self.tr("Custom")
        if name != self._preset.value() or self._preset.count() != len(titles):
            self._preset.set_choices(titles)
            self._preset.set_value(name)
        self._preset_cell.set_note(
            self._custom_sentence if name == _CUSTOM else self._presets[name].sentence
        )

    @Slot()
    def _tell_data(self) -> None:
        self._typing.stop()
        now = (self.data, self._cells["seed"].value())
        if now != self._told_data:
            self._told_data = now
            self.data_changed.emit()


def _recipe(config: TrainingConfig) -> TrainingConfig:
    """The part of a configuration that a preset sets."""
    return replace(config, data=DataChoice(), device="auto", seed=0)
