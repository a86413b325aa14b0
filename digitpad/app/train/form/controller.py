"""The controller of the form: it offers models and devices, and finds what a network costs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.data.choice import DataChoice
from digitpad.data.dataset import DIGITS
from digitpad.data.public.presence import default_choice, missing_bytes
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.retraining.model_data import data_of
from digitpad.recognition.architectures import ENSEMBLE, trained_network
from digitpad.recognition.model_store import BUNDLED

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.app.train.form.form import ConfigForm
    from digitpad.app.train.form.memory import FormMemory
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_store import ModelStore

_MOST_DIGITS = 20_000
"""Of MNIST, in a training with the user's samples that is to take a minute or two."""

_CLASSES = 10
"""Number of classes assumed for data whose number is known only once it is loaded."""


class FormController(QObject):
    """Keeps the form up to date, and remembers what was set in it.

    Args:
        form: the form. It first shows the settings in `memory`.
        memory: the settings that the form showed last.
        models: the store of models, which are offered for a warm start.
        runs: the store of runs, whose networks are offered for a warm start.
        teaching: knows the user's samples.
        data_dir: the folder of the datasets.
        recognition: the pad's model. Once it is ready, torch is imported, and devices and costs
            can be found.
        parent: the parent object.

    Signals:
        noticed: a sentence for the user.
        to_download: about how many bytes a start will download; 0 for none.
    """

    noticed = Signal(str)
    to_download = Signal(object)

    def __init__(
        self,
        form: ConfigForm,
        memory: FormMemory,
        models: ModelStore,
        runs: RunStore,
        teaching: TeachingService,
        data_dir: Path,
        recognition: RecognitionService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._memory = memory
        self._data_dir = data_dir
        self._models = models
        self._runs = runs
        self._teaching = teaching
        self._recognition = recognition
        self._shown_cost: tuple[str, str, int | None] | None = None
        """Architecture, options and known number of classes for which the form shows the cost."""
        if (last := memory.last) is not None:
            form.set_config(last)
        form.changed.connect(self._show_cost)
        form.changed.connect(self.show_download)
        form.kind_chosen.connect(self._recall)
        form.edited.connect(self.keep)
        teaching.changed.connect(self._count_samples)
        self._count_samples()
        recognition.ready.connect(self._on_ready)
        if recognition.is_ready:
            self._on_ready()

    def refresh(self) -> None:
        """Offer the models and runs that there are now, and the user's samples."""
        self._teaching.refresh()
        try:
            # A warm start takes the weights of one network.
            models = [m for m in self._models.list() if m.info.architecture != ENSEMBLE]
            runs = self._runs.list()
        except DigitpadError:
            return  # reported where the lists themselves are shown
        offered = [(model.name, model.info.name) for model in models]
        networks = {m.name: trained_network(m.info) for m in models}
        known = {title for _, title in offered} | set(networks)
        for run in runs:
            # A published run is among the models already.
            if run.has_model and run.name not in known:
                path = str(self._runs.model_path(run.id))
                offered.append((path, run.name))
                networks[path] = (run.config.architecture, dict(run.config.options))
        self._form.set_models(offered, networks)

    @Slot()
    def _count_samples(self) -> None:
        # Those of a set of symbols of one's own are for its own model, and slips are for none.
        samples = (one for one in self._teaching.samples if not (one.symbols or one.is_flagged))
        self._form.set_samples(Counter(one.label for one in samples))

    def show_retraining(self) -> bool:
        """Show the settings with which the active model learns from the user's samples.

        Returns:
            Whether they are shown; if not, the user is told why.
        """
        self.refresh()
        chosen = self._recognition.chosen
        problem = ""
        if not self._recognition.is_ready:
            # Nor have the samples been read.
            problem = self._recognition.problem or self.tr(
                "Digitpad is still getting ready: try again in a moment."
            )
        elif chosen.symbols:
            problem = self.tr(
                "{name} reads your own symbols, and learns them from your samples alone: choose"
                " another model in the Model menu first."
            ).format(name=chosen.title)
        elif not self._form.has_samples:
            problem = self.tr(
                "You have no samples to learn from yet: correct or confirm what the pad reads."
            )
        if problem:
            self.noticed.emit(problem)
            return False
        config = PRESETS["samples"].config
        try:
            config = self._of_model(config, chosen.name)
        except DigitpadError as error:
            self.noticed.emit(translated(error))
        self._form.set_config(config)
        self.keep()
        return True

    def show_symbols(self, file: str, name: str) -> bool:
        """Show the settings with which a network is trained on drawings of the user's symbols.

        Args:
            file: of the drawings.
            name: of the model that knows the symbols, for the warm start.

        Returns:
            Whether they are shown; if not, the user is told why.
        """
        self.refresh()
        try:
            info = self._models.get(name).info
        except DigitpadError as error:
            self.noticed.emit(translated(error))
            return False
        architecture, options = trained_network(info)
        network = replace(PRESETS["few"].config, architecture=architecture, options=options)
        self._form.set_config(replace(network, data=DataChoice("strokes", file), warm_start=name))
        self.keep()
        return True

    def _of_model(self, config: TrainingConfig, name: str) -> TrainingConfig:
        """The configuration with the network of a model, and with the data that it knows.

        Raises:
            DigitpadError: there is no such model, or it is damaged.
        """
        info = self._models.get(name).info
        if info.architecture == ENSEMBLE:
            self.noticed.emit(
                self.tr(
                    "{name} is an ensemble, which is not trained as a whole: the training begins"
                    " with the bundled model."
                ).format(name=name)
            )
            info, name = self._models.get(BUNDLED).info, BUNDLED
        data = default_choice(self._data_dir)
        if info.classes != DIGITS:
            data = data_of(info) or data
        elif data.kind == "mnist":
            # So many are seen in about a minute.
            data = replace(data, count=_MOST_DIGITS)
        architecture, options = trained_network(info)
        network = replace(config, architecture=architecture, options=options)
        return replace(network, data=data, warm_start=name)

    @Slot()
    def keep(self) -> None:
        """Remember what the form shows, to show it again at the next start."""
        if self._form.config is not None:
            self._memory.keep(self._form.config, self._form.preset)

    @Slot(str)
    def _recall(self, kind: str) -> None:
        if (known := self._memory.of(kind)) is not None:
            self._form.set_config(known)

    @Slot()
    def show_download(self) -> None:
        """Emit how much a start would download for the chosen data."""
        self.to_download.emit(missing_bytes(self._form.data, self._data_dir))

    @Slot()
    def _on_ready(self) -> None:
        from digitpad.learning.devices import available_devices

        self._form.set_devices(available_devices())
        self._show_cost()

    @Slot()
    def _show_cost(self) -> None:
        if not self._recognition.is_ready:
            return
        # Also while there is no configuration, such as when the path of the data is missing.
        (architecture, options), known = self._form.network, self._form.classes
        classes = known or _CLASSES
        wanted = (architecture, str(options), known)
        if wanted == self._shown_cost:
            return
        from digitpad.recognition.networks import build_network, multiply_adds, parameter_count

        try:
            # Not on the meta device: its first use imports modules for seconds.
            network = build_network(architecture, classes, options)
            assumed = classes if known is None else None
            self._form.show_cost(parameter_count(network), multiply_adds(network), assumed)
        except DigitpadError as error:
            self._form.show_no_cost(translated(error))
        self._shown_cost = wanted
