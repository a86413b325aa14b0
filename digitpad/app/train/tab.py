"""All of the Train page but its actions, built when the page is first opened."""

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
    from digitpad.app.services.teaching import TeachingService
    from digitpad.app.settings_store import SettingsStore
    from digitpad.app.train.actions import TrainActions
    from digitpad.app.widgets.icons import Icons
    from digitpad.paths import Profile
    from digitpad.recognition.model_store import ModelStore


class TrainTab:
    """The page, the services behind it, and the controller between them.

    Args:
        profile: has the folders of runs and datasets.
        models: gives models for a warm start, and takes those that are published.
        recognition: the pad's model.
        teaching: knows the user's samples.
        settings: the user's, which keep what the form shows.
        actions: those of the menu Train.
        icons: for the buttons.
    """

    def __init__(
        self,
        profile: Profile,
        models: ModelStore,
        recognition: RecognitionService,
        teaching: TeachingService,
        settings: SettingsStore,
        actions: TrainActions,
        icons: Icons,
    ) -> None:
        self.profile, self.recognition = profile, recognition
        runs = RunStore(profile.runs_dir)
        self.page = TrainPage(actions, icons)
        self._choose_data(profile)
        self.training = TrainingService(runs, models, profile.data_dir, profile.samples_path)
        self.data = DataService(profile.data_dir)
        self.controller = TrainController(
            self.page,
            self.training,
            self.data,
            recognition,
            runs,
            models,
            FormMemory(settings, PRESETS),
            teaching,
            profile.data_dir,
        )

    def _choose_data(self, profile: Profile) -> None:
        """Choose MNIST if it has been downloaded, and the MNIST excerpt otherwise."""
        if (config := self.page.form.config) is not None:
            choice = default_choice(profile.data_dir)
            self.page.form.set_config(replace(config, data=choice))

    def shutdown(self) -> None:
        """Suspend the training, stop loading, and wait for both threads."""
        # The training has something to save, and there is a deadline: it comes first.
        self.training.shutdown()
        self.data.shutdown()
