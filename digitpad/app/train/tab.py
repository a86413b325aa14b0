"""Everything that trains networks, built when its page is first opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digitpad.app.services.data import DataService
from digitpad.app.services.training import TrainingService
from digitpad.app.train.controller import TrainController
from digitpad.app.train.form.memory import FormMemory
from digitpad.app.train.page import TrainPage
from digitpad.data.public.presence import default_choice
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.runs.store import RunStore

if TYPE_CHECKING:
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.settings_store import SettingsStore
    from digitpad.app.train.actions import TrainActions
    from digitpad.app.widgets.icons import Icons
    from digitpad.paths import Profile
    from digitpad.recognition.model_store import ModelStore


class TrainTab:
    """The page, the services behind it, and the controller between them.

    Args:
        profile: where runs and datasets are.
        models: to start from, and where finished networks go.
        recognition: the pad's model.
        settings: of the user; they keep what the form shows.
        actions: of the menu.
        icons: for buttons.
    """

    def __init__(
        self,
        profile: Profile,
        models: ModelStore,
        recognition: RecognitionService,
        settings: SettingsStore,
        actions: TrainActions,
        icons: Icons,
    ) -> None:
        self.profile, self.recognition = profile, recognition
        runs = RunStore(profile.runs_dir)
        self.page = TrainPage(actions, icons)
        self._choose_data(profile)
        self.training = TrainingService(runs, models, profile.data_dir)
        self.data = DataService(profile.data_dir)
        self.controller = TrainController(
            self.page,
            self.training,
            self.data,
            recognition,
            runs,
            models,
            FormMemory(settings, PRESETS),
            profile.data_dir,
        )

    def _choose_data(self, profile: Profile) -> None:
        """Begin with data that is there: MNIST once it has been downloaded, else the excerpt."""
        if (config := self.page.form.config) is not None:
            choice = default_choice(profile.data_dir)
            self.page.form.set_config(replace(config, data=choice))

    def shutdown(self) -> None:
        """Suspend what is trained, stop what is loaded, and wait for both threads."""
        # What has something to save comes first: the end of the program has a limit.
        self.training.shutdown()
        self.data.shutdown()
