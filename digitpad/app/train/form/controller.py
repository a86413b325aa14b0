"""What the form learns from the rest of the program: models, devices, what a network costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.data.public.presence import missing_bytes
from digitpad.errors import DigitpadError
from digitpad.recognition.architectures import ENSEMBLE

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.train.form.form import ConfigForm
    from digitpad.app.train.form.memory import FormMemory
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_store import ModelStore

_CLASSES = 10
"""Of data whose classes only loading tells."""


class FormController(QObject):
    """Keeps the form up to date, and what was set in it.

    A training may start from the models of one store and from the networks of the runs in the
    other; once the recognition is ready, torch can be asked.

    Args:
        form: begins with what it showed last.
        memory: of what that was.
        models: to start from.
        runs: to start from.
        data_dir: where datasets are kept.
        recognition: the pad's model.
        parent: as usual.

    Signals:
        to_download: about how many bytes a start will download; 0 for none.
    """

    to_download = Signal(object)

    def __init__(
        self,
        form: ConfigForm,
        memory: FormMemory,
        models: ModelStore,
        runs: RunStore,
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
        self._recognition = recognition
        self._shown_cost: tuple[str, str, int | None] | None = None
        """Of this architecture with these options and so many classes."""
        if (last := memory.last) is not None:
            form.set_config(last)
        form.changed.connect(self._show_cost)
        form.changed.connect(self.show_download)
        form.kind_chosen.connect(self._recall)
        form.edited.connect(self.keep)
        recognition.ready.connect(self._on_ready)
        if recognition.is_ready:
            self._on_ready()

    def refresh(self) -> None:
        """Look again which models there are."""
        try:
            # A training starts from one network.
            models = [m for m in self._models.list() if m.info.architecture != ENSEMBLE]
            runs = self._runs.list()
        except DigitpadError:
            return  # shown where the lists are opened
        offered = [(model.name, model.info.name) for model in models]
        networks = {m.name: (m.info.architecture, m.info.options) for m in models}
        known = {title for _, title in offered} | set(networks)
        for run in runs:
            # One that was given to the pad is a model already.
            if run.has_model and run.name not in known:
                path = str(self._runs.model_path(run.id))
                offered.append((path, run.name))
                networks[path] = (run.config.architecture, dict(run.config.options))
        self._form.set_models(offered, networks)

    @Slot()
    def keep(self) -> None:
        """What the form shows is what it is to show next time."""
        if self._form.config is not None:
            self._memory.keep(self._form.config, self._form.preset)

    @Slot(str)
    def _recall(self, kind: str) -> None:
        if (known := self._memory.of(kind)) is not None:
            self._form.set_config(known)

    @Slot()
    def show_download(self) -> None:
        """Look again whether the chosen data is there."""
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
        # Of what is chosen now, also while there is no configuration yet: the data may be missing.
        (architecture, options), known = self._form.network, self._form.classes
        classes = known or _CLASSES
        wanted = (architecture, str(options), known)
        if wanted == self._shown_cost:
            return
        from digitpad.recognition.networks import build_network, multiply_adds, parameter_count

        try:
            # Not on the meta device, whose first use imports for seconds.
            network = build_network(architecture, classes, options)
            assumed = classes if known is None else None
            self._form.show_cost(parameter_count(network), multiply_adds(network), assumed)
        except DigitpadError as error:
            self._form.show_no_cost(translated(error))
        self._shown_cost = wanted
