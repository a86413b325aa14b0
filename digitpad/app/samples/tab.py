"""All of the Samples page but its actions, built when the page is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.app.samples.controller import SamplesController
from digitpad.app.samples.page import SamplesPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from digitpad.app.samples.actions import SamplesActions
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.paths import Profile


class SamplesTab:
    """The page, and the controller between it and the samples.

    Args:
        profile: has the file of the samples.
        teaching: keeps the samples.
        recognition: the pad's model.
        actions: those of the menu Samples.
        window: the parent of dialogs.
    """

    def __init__(
        self,
        profile: Profile,
        teaching: TeachingService,
        recognition: RecognitionService,
        actions: SamplesActions,
        window: QWidget,
    ) -> None:
        self.page = SamplesPage(actions)
        self.controller = SamplesController(
            self.page, actions, teaching, recognition, profile.samples_path.exists, window
        )
