"""The configuration of a training as a form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.train.form.editors import ChoiceEdit
from digitpad.app.train.form.fields import FieldEditor, HelpPane, Section, field_group, make_field
from digitpad.app.train.form.pickers import DataPicker, NetworkPicker
from digitpad.app.widgets.layout import fill, pause_timer
from digitpad.app.widgets.numbers import fixed, grouped
from digitpad.data.choice import DataChoice
from digitpad.fields import FieldInfo
from digitpad.learning.configuration.fields import FIELDS
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digitpad.app.train.form.pickers import Network
    from digitpad.app.widgets.icons import Icons
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.configuration.presets import Preset

_CUSTOM = ""
"""Stands for settings that are no preset's."""
_TYPING_MS = 350
"""A pause after which a path or a number is taken to be typed to its end."""

_BASICS = ("preset", "data.kind / data.path", "architecture / epochs learning_rate")
"""What matters to a beginner: groups of rows of settings, with a slash between two rows."""
_OF_THE_USER = ("device", "seed")
"""Settings that a preset leaves alone, as it does the data."""


class ConfigForm(QWidget):
    """Everything that can be set for a training: what matters most on top, the rest in sections.

    Args:
        presets: by name; the form begins with the first one.
        icons: for headings and warnings.

    Attributes:
        config: what is set; None while something is wrong.
        sections: what a beginner can leave alone.
        help_pane: what a setting does.

    Signals:
        changed: something has been edited or shown, and `config` may be another, or None.
        edited: the same, by the user.
        kind_chosen: the user has chosen another kind of data; its name. Before `edited`, so that
            the settings that belong to it can be shown.
        data_changed: `data` or the seed is another; not before typing pauses.
    """

    changed = Signal()
    edited = Signal()
    kind_chosen = Signal(str)
    data_changed = Signal()

    def __init__(self, presets: Mapping[str, Preset], icons: Icons) -> None:
        super().__init__()
        self._presets = presets
        # Holds what the form does not show.
        self._base = next(iter(presets.values())).config
        self._is_locked = False
        self.config: TrainingConfig | None = None
        self._known_data: tuple[DataChoice | None, int] | None = None
        self._typing = pause_timer(self, _TYPING_MS, self._announce_data)
        self._layout_done = pause_timer(self, 0, self._reveal_problem)
        self._make_fields(icons)
        self._arrange(icons)
        self._data.kind_chosen.connect(self.kind_chosen)
        for name, field in self._fields.items():
            field.edited.connect(self._on_preset if name == "preset" else self._on_edited)
        self.set_models(())
        self.set_config(self._base)
        # What it begins with is no change.
        self._announce_data()

    def _layout_of_sections(self) -> dict[str, str]:
        """The rows under each heading. What stands nowhere stays as it was last shown."""
        return {
            self.tr(
                "Data and first weights"
            ): "warm_start / data.count epoch_steps / initialisation",
            self.tr("Optimizer"): (
                "optimizer / batch_size momentum / schedule warm_up / step_epochs step_factor"
            ),
            self.tr("Regularisation"): (
                "weight_decay options.dropout / label_smoothing ema_steps"
                " / outlier_share outlier_weight"
            ),
            self.tr("Augmentation"): (
                "augmentation.rotation_degrees augmentation.translation_px"
                " / augmentation.scale augmentation.shear_degrees"
                " / augmentation.stroke_width augmentation.elastic_px"
                " / augmentation.augmented_share"
            ),
            self.tr(
                "Validation and stopping"
            ): "validation_share least_validation / patience monitor",
            self.tr("Device and seed"): "device / precision seed",
        }

    def _make_fields(self, icons: Icons) -> None:
        warning = icons.icon("warning")
        self._preset = ChoiceEdit({})
        explained = self.tr("Sets everything below at once, except data, device and seed.")
        info = FieldInfo(self.tr("Preset"), explained)
        self._preset_field = FieldEditor(info, self._preset, warning, self)
        # Typing makes the preset custom, and must not move what is typed into.
        sentences = [translated(preset.sentence) for preset in self._presets.values()]
        self._preset_field.note.make_room(sentences)
        self._data = DataPicker(warning, self)
        self._network = NetworkPicker(warning, self)
        own = {"preset": self._preset_field} | self._data.fields | self._network.fields
        placed = " ".join((*_BASICS, *self._layout_of_sections().values())).split()
        self._fields = {
            name: own[name] if name in own else make_field(name, warning, self)
            for name in placed
            if name != "/"
        }
        self._plain = [name for name in self._fields if name not in {*own, *_OF_THE_USER}]
        """Settings of a preset that are shown as they are, whatever the others are."""
        # Until somebody has looked what there is.
        self._fields["device"].set_choices({"auto": self.tr("Automatic")})

    def _arrange(self, icons: Icons) -> None:
        def rows(layout: str) -> list[list[FieldEditor]]:
            return [[self._fields[name] for name in row.split()] for row in layout.split("/")]

        layouts = self._layout_of_sections().items()
        self.sections = [Section(title, icons, rows(layout)) for title, layout in layouts]
        basics = [field_group(rows(layout)) for layout in _BASICS]
        parts = (*basics, *self.sections, None)
        content = QWidget()
        column = fill(QVBoxLayout(content), *parts, spacing=10, margins=(2, 2, 10, 8))
        column.insertSpacing(len(basics), 4)
        self._scroll = scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.help_pane = HelpPane()
        self.help_pane.explain(list(self._fields.values()))
        fill(QVBoxLayout(self), (scroll, 1), self.help_pane, spacing=0)
        self.setMinimumWidth(280)
        self.setAccessibleName(self.tr("Configuration"))

    @property
    def data(self) -> DataChoice | None:
        """Which drawings are chosen; None while that is wrong, whatever else is."""
        return self._data.choice

    @property
    def preset(self) -> str:
        """Name of the preset that the settings are; empty where they are none."""
        return self._preset.value()

    @property
    def seed(self) -> int | None:
        """What is drawn at random; None while that is wrong, whatever else is."""
        field = self._fields["seed"]
        return None if field.problem else field.value()

    @property
    def network(self) -> Network:
        """Architecture and options, also while something else is wrong."""
        chosen = self._network.read()
        return chosen["architecture"], chosen["options"]

    @property
    def classes(self) -> int | None:
        """How many the chosen data has; None where only loading tells."""
        return self._data.classes

    @property
    def problem(self) -> str:
        """The first sentence that says what is wrong; empty while nothing is."""
        return next((field.problem for field in self._fields.values() if field.problem), "")

    def show_problem(self) -> None:
        """Bring what is wrong into view, and the focus to it."""
        for section in self.sections:
            if section.problem:
                section.set_open(True)
        for field in self._fields.values():
            if field.problem:
                field.editor.setFocus()
                return

    def set_config(self, config: TrainingConfig) -> None:
        """Show a configuration, such as that of an old run.

        A device that this machine lacks becomes the automatic one, and data that a program handed
        over becomes the first kind; a model that is gone is a problem to be seen.
        """
        self._data.show_choice(config.data or DataChoice())
        for name in _OF_THE_USER:
            self._fields[name].set_value(getattr(config, name))
        self._show_recipe(config)

    def set_models(
        self, models: Sequence[tuple[str, str]], networks: Mapping[str, Network] | None = None
    ) -> None:
        """Offer models to start from, beside new weights.

        Args:
            models: their names and titles.
            networks: architecture and options of a model by its name, which the choice of the
                network follows, since its weights fit no other.
        """
        self._network.set_models(models, networks or {})
        self._update()

    def set_devices(self, devices: Sequence[str]) -> None:
        """Offer what this machine has, such as "cuda" and "cpu"; "auto" takes the first."""
        titles = FIELDS["device"].choices or {}
        offered = {name: titles.get(name, name) for name in devices}
        automatic = self.tr("Automatic ({device})").format(device=offered[devices[0]])
        if devices[0] == "cpu":
            automatic = self.tr("Automatic (processor)")
        self._fields["device"].set_choices({"auto": automatic} | offered)
        self._update()

    def show_cost(self, parameters: int, multiply_adds: int, assumed: int | None = None) -> None:
        """Say what the network costs: its trained values, and the work for one glyph.

        Where nobody knows yet how many classes there will be, so many are assumed, which is said.
        """
        own = Sentence(
            Plural("{count} parameter", "{count} parameters", parameters),
            count=self._count(parameters),
        )
        work = Sentence(
            Plural("{count} multiply-add", "{count} multiply-adds", multiply_adds),
            count=self._count(multiply_adds),
        )
        cost = Sentence("{parameters}, {multiply_adds}", parameters=own, multiply_adds=work)
        if assumed is not None:
            cost = Sentence("{cost}, with {classes} classes", cost=cost, classes=assumed)
        self.show_no_cost(translated(cost))

    def show_no_cost(self, sentence: str) -> None:
        """Say why there is no cost to show."""
        self._fields["architecture"].set_note(sentence)

    def set_locked(self, locked: bool) -> None:
        """While a training runs, its configuration can be read and not edited."""
        self._is_locked = locked
        for field in self._fields.values():
            field.editor.setEnabled(not locked)
        self._network.follow_start(locked=locked)

    def _count(self, count: int) -> str:
        if count < 1_000_000:
            return grouped(count)
        decimals = 1 if count < 100_000_000 else 0
        return self.tr("{count} million").format(count=fixed(count / 1e6, decimals))

    def _show_recipe(self, config: TrainingConfig) -> None:
        """Show everything but data, device and seed."""
        self._base = config
        for name in self._plain:
            part, _, own = name.rpartition(".")
            owner = getattr(config, part) if part else config
            self._fields[name].set_value(getattr(owner, own))
        self._network.show_config(config)
        self._update()

    @Slot()
    def _on_edited(self) -> None:
        self._update()
        self.edited.emit()
        self._layout_done.start()

    @Slot()
    def _reveal_problem(self) -> None:
        """What is wrong with what is being typed must not lie below the edge."""
        focus = QApplication.focusWidget()
        for field in self._fields.values():
            if field.problem and focus is not None and field.isAncestorOf(focus):
                self._scroll.ensureWidgetVisible(field.problem_line, 0, 8)

    @Slot()
    def _on_preset(self) -> None:
        preset = self._presets.get(self._preset.value())
        if preset is not None:
            self._show_recipe(preset.config)
            self.edited.emit()

    def _update(self) -> None:
        """Bring everything in line with what is set, and say that it may have changed."""
        fields, schedule = self._fields, self._fields["schedule"].value()
        fields["initialisation"].set_matters(not fields["warm_start"].value())
        fields["warm_up"].set_matters(schedule != "one-cycle")
        fields["step_epochs"].set_matters(schedule == "step")
        fields["step_factor"].set_matters(schedule == "step")
        for name in ("validation_share", "least_validation"):
            fields[name].set_matters(not self._data.has_validation)
        self._network.follow_start(locked=self._is_locked)
        for section in self.sections:
            section.show_problem()
        recipe, data = self._read_recipe(), self.data
        self.config = None
        if recipe is not None and data is not None and not self.problem:
            own = {name: fields[name].value() for name in _OF_THE_USER}
            self.config = replace(recipe, data=data, **own)
        self._show_preset(recipe)
        self.changed.emit()
        self._typing.start()

    def _read_recipe(self) -> TrainingConfig | None:
        """The part that a preset sets; None while something in it is wrong."""
        parts: dict[str, dict[str, Any]] = {"": self._network.read()}
        for name, field in self._fields.items():
            if name in self._data.fields or name in _OF_THE_USER:
                continue
            if field.problem:
                return None
            if name in self._plain:
                part, _, own = name.rpartition(".")
                parts.setdefault(part, {})[own] = field.value()
        recipe, plain = _recipe(self._base), parts.pop("")
        nested = {part: replace(getattr(recipe, part), **new) for part, new in parts.items()}
        return replace(recipe, **plain, **nested)

    def _show_preset(self, recipe: TrainingConfig | None) -> None:
        """Show which preset the settings are, or that they are none."""
        presets = self._presets.items()
        name = next((key for key, one in presets if _recipe(one.config) == recipe), _CUSTOM)
        titles = {key: preset.title for key, preset in presets}
        if name == _CUSTOM:
            titles[_CUSTOM] = self.tr("Custom")
        if name != self._preset.value() or self._preset.count() != len(titles):
            self._preset.set_choices(titles)
            self._preset.set_value(name)
        self._preset_field.set_note(
            self.tr("Your own settings.") if name == _CUSTOM else self._presets[name].sentence
        )

    @Slot()
    def _announce_data(self) -> None:
        self._typing.stop()
        now = (self.data, self._fields["seed"].value())
        if now != self._known_data:
            self._known_data = now
            self.data_changed.emit()


def _recipe(config: TrainingConfig) -> TrainingConfig:
    """The part of a configuration that a preset sets."""
    return replace(config, data=DataChoice(), device="auto", seed=0)
