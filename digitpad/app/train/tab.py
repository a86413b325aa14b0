"""Everything that trains networks, built when its page is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from digitpad.app.services.data import DataService
from digitpad.app.services.training import TrainingService
from digitpad.app.train.controller import TrainController
from digitpad.app.train.page import TrainPage
from digitpad.learning.runs.store import RunStore

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.widgets.icons import Icons
    from digitpad.app.window import MainWindow
    from digitpad.paths import Profile
    from digitpad.recognition.model_store import ModelStore


class _View(QScrollArea):
    """Shows the page. Who gives it the focus gives it to the button that starts or stops.

    A focus proxy would do so too, but takes the Tab key past the whole form.
    """

    def __init__(self, page: TrainPage) -> None:
        super().__init__()
        self._page = page
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass it on."""
        super().focusInEvent(event)
        self._page.controls.take_focus()


class TrainTab:
    """The page and the services behind it.

    Args:
        profile: where runs and data sets lie.
        models: to start from, and where finished networks go.
        recognition: the pad's model.
        icons: for buttons.

    Attributes:
        profile: where runs and data sets lie.
        recognition: the pad's model.
        page: the widgets.
        view: shows the page, with bars to scroll where the window is smaller than it.
        training: trains.
        data: loads data to look at.
    """

    def __init__(
        self,
        profile: Profile,
        models: ModelStore,
        recognition: RecognitionService,
        icons: Icons,
    ) -> None:
        self.profile = profile
        self.recognition = recognition
        runs = RunStore(profile.runs_dir)
        self.page = TrainPage(icons)
        self.view = _View(self.page)
        self.training = TrainingService(runs, models, profile.data_dir)
        self.data = DataService(profile.data_dir)
        self.desk = TrainController(self.page, self.training, self.data, recognition, runs, models)

    def attach(self, window: MainWindow) -> None:
        """Let the window show what is said, and the page know what is on the pad."""
        self.desk.noticed.connect(window.notices.show_notice)
        self.desk.progressed.connect(window.progress.setText)
        self.desk.pad_wanted.connect(window.show_draw_page)
        window.pad_controller.live.recognized.connect(self.desk.take_recognition)
        window.pad_controller.live.update_now()
        self.desk.start()

    def shutdown(self) -> None:
        """Put off what is trained, give up what is loaded, and wait for both."""
        self.data.shutdown()
        self.training.shutdown()
