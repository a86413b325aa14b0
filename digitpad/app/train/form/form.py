"""The form for the configuration of a training."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.train.form.editors import ChoiceEdit
from digitpad.app.train.form.fields import FieldEditor, HelpPane, Section, field_group, make_field
from digitpad.app.train.form.pickers import DataPicker, NetworkPicker
from digitpad.app.train.form.samples_picker import SamplesPicker
from digitpad.app.widgets.layout import fill, fill_scroll, pause_timer
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
"""Name of settings that belong to no preset."""

_TYPING_MS = 350
"""After a pause of so many milliseconds a path or a number counts as complete."""

_BASICS = ("preset", "data.kind / data.path", "architecture / epochs learning_rate")
"""Settings for beginners: groups of rows, with a slash between two rows."""

_OF_THE_USER = ("device", "seed")
"""Settings that no preset changes; nor does it change the data."""


class ConfigForm(QWidget):
    """All settings of a training: those for beginners on top, the others in sections below.

    Args:
        presets: by name. The form first shows the first one.
        icons: for headings and warnings.

    Attributes:
        config: the configuration; None while a setting is wrong.
        sections: the settings that a beginner can ignore.
        help_pane: explains one setting at a time.

    Signals:
        changed: a setting has been edited, shown or hidden, so `config` may have changed.
        edited: the user has changed a setting.
        kind_chosen: the user has chosen the kind of data with this name. It comes before
            `edited`, so that the last settings for this kind can be shown first.
        data_changed: `data` or the seed has changed, and typing has paused.
    """

    changed = Signal()
    edited = Signal()
    kind_chosen = Signal(str)
    data_changed = Signal()

    def __init__(self, presets: Mapping[str, Preset], icons: Icons) -> None:
        super().__init__()
        self._presets = presets
        # Also has the settings that the form does not show.
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
        # The first settings are no change.
        self._announce_data()

    def _layout_of_sections(self) -> dict[str, str]:
        """Rows of settings by heading. A setting without a place here keeps its last value."""
        return {
            self.tr(
                "Data and first weights"
            ): "warm_start / samples_share / data.count epoch_steps / initialisation",
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
            ): "validation_share least_validation / patience monitor / epoch_weights",
            self.tr("Device and seed"): "device / precision seed",
        }

    def _make_fields(self, icons: Icons) -> None:
        warning = icons.icon("warning")
        self._preset = ChoiceEdit({})
        explained = self.tr("Sets everything below at once, except data, device and seed.")
        info = FieldInfo(self.tr("Preset"), explained)
        self._preset_field = FieldEditor(info, self._preset, warning, self)
        # Room for each sentence: when typing makes the preset "Custom", nothing must move.
        sentences = [translated(preset.sentence) for preset in self._presets.values()]
        self._preset_field.note.make_room(sentences)
        self._data = DataPicker(warning, self)
        self._network = NetworkPicker(warning, self)
        self._samples = SamplesPicker(warning, self)
        own = {"preset": self._preset_field} | self._data.fields | self._network.fields
        found = own | self._samples.fields
        placed = " ".join((*_BASICS, *self._layout_of_sections().values())).split()
        self._fields = {
            name: found[name] if name in found else make_field(name, warning, self)
            for name in placed
            if name != "/"
        }
        self._plain = [name for name in self._fields if name not in {*own, *_OF_THE_USER}]
        """Settings of a preset that depend on no other setting."""
        # Until `set_devices` is called.
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
        fill_scroll(scroll, content)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.help_pane = HelpPane()
        self.help_pane.explain(list(self._fields.values()))
        fill(QVBoxLayout(self), (scroll, 1), self.help_pane, spacing=0)
        self.setMinimumWidth(280)
        self.setAccessibleName(self.tr("Configuration"))

    @property
    def data(self) -> DataChoice | None:
        """The chosen data; None while its settings are wrong. Other settings may be wrong."""
        return self._data.choice

    @property
    def preset(self) -> str:
        """Name of the preset that the settings match; "" if they match none."""
        return self._preset.value()

    @property
    def seed(self) -> int | None:
        """The seed; None while it is wrong. Other settings may be wrong."""
        field = self._fields["seed"]
        return None if field.problem else field.value()

    @property
    def has_samples(self) -> bool:
        """Whether the user has samples to learn from."""
        return self._samples.has_any

    @property
    def network(self) -> Network:
        """The architecture and its options. Other settings may be wrong."""
        chosen = self._network.read()
        return chosen["architecture"], chosen["options"]

    @property
    def classes(self) -> int | None:
        """Number of classes of the chosen data; None if it is known only once it is loaded."""
        return self._data.classes

    @property
    def problem(self) -> str:
        """A sentence for the first setting that is wrong; "" if none is."""
        return next((field.problem for field in self._fields.values() if field.problem), "")

    def show_problem(self) -> None:
        """Open the sections that have a wrong setting, and give the first one the focus."""
        for section in self.sections:
            if section.problem:
                section.set_open(True)
        for field in self._fields.values():
            if field.problem:
                field.editor.setFocus()
                return

    def show_setting(self, name: str) -> None:
        """Open the section that has a setting, and give the setting the focus."""
        field = self._fields[name]
        for section in self.sections:
            if section.isAncestorOf(field):
                section.set_open(True)
        field.receiver.setFocus()
        QTimer.singleShot(0, field, lambda: self._scroll.ensureWidgetVisible(field, 0, 8))

    def set_samples(self, counts: Mapping[str, int]) -> None:
        """Show how many samples of each class the user has."""
        self._samples.set_counts(counts)
        self._update()

    def set_config(self, config: TrainingConfig) -> None:
        """Show a configuration, such as that of an old run.

        A device that this machine lacks becomes "auto". Data that a program passed in memory
        becomes the first kind. A warm start from a model that is gone is shown as a problem.
        """
        self._data.show_choice(config.data or DataChoice())
        for name in _OF_THE_USER:
            self._fields[name].set_value(getattr(config, name))
        self._show_recipe(config)

    def set_models(
        self, models: Sequence[tuple[str, str]], networks: Mapping[str, Network] | None = None
    ) -> None:
        """Offer models for a warm start, beside new weights.

        Args:
            models: name and title of each.
            networks: architecture and options of models, by name. If such a model is chosen, its
                network is chosen, too: its weights fit no other.
        """
        self._network.set_models(models, networks or {})
        self._update()

    def set_devices(self, devices: Sequence[str]) -> None:
        """Offer the devices of this machine, such as "cuda" and "cpu"; "auto" means the first."""
        titles = FIELDS["device"].choices or {}
        offered = {name: titles.get(name, name) for name in devices}
        automatic = self.tr("Automatic ({device})").format(device=offered[devices[0]])
        if devices[0] == "cpu":
            automatic = self.tr("Automatic (processor)")
        self._fields["device"].set_choices({"auto": automatic} | offered)
        self._update()

    def show_cost(self, parameters: int, multiply_adds: int, assumed: int | None = None) -> None:
        """Show what the network costs.

        Args:
            parameters: number of its parameters.
            multiply_adds: number of its multiply-adds for one glyph.
            assumed: number of classes that was assumed for this, which the text then says; None if
                the number is known.
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
        """Show a sentence in place of the cost."""
        self._fields["architecture"].set_note(sentence)

    def set_locked(self, locked: bool) -> None:
        """Forbid or allow editing; during a training the form is locked."""
        self._is_locked = locked
        for field in self._fields.values():
            field.editor.setEnabled(not locked)
        self._network.follow_start(locked=locked)
        self._samples.follow(locked=locked)

    def _count(self, count: int) -> str:
        if count < 1_000_000:
            return grouped(count)
        decimals = 1 if count < 100_000_000 else 0
        return self.tr("{count} million").format(count=fixed(count / 1e6, decimals))

    def _show_recipe(self, config: TrainingConfig) -> None:
        """Show all settings of a configuration but data, device and seed."""
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
        """Scroll so that the problem of the setting that is being edited is in view."""
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
        """Show and hide settings as others require, find the configuration, emit `changed`."""
        fields, schedule = self._fields, self._fields["schedule"].value()
        fields["initialisation"].set_matters(not fields["warm_start"].value())
        fields["warm_up"].set_matters(schedule != "one-cycle")
        fields["step_epochs"].set_matters(schedule == "step")
        fields["step_factor"].set_matters(schedule == "step")
        for name in ("validation_share", "least_validation"):
            fields[name].set_matters(not self._data.has_validation)
        self._network.follow_start(locked=self._is_locked)
        self._samples.follow(locked=self._is_locked)
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
        """The settings that a preset has, as a configuration; None while one of them is wrong."""
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
        """Show which preset the settings match, or "Custom"."""
        # One that learns from samples is of no use without any.
        has_samples, every = self.has_samples, self._presets.items()
        presets = [pair for pair in every if has_samples or not pair[1].config.samples_share]
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
    """The configuration with data, device and seed as in a preset, for comparison."""
    return replace(config, data=DataChoice(), device="auto", seed=0)
