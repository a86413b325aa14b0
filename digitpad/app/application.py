"""The composition root: builds the objects of the program and hands them to each other."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import digitpad
from digitpad.app.answer.model_menu import ModelMenu
from digitpad.app.collector import Collector
from digitpad.app.diagnostics.crash_reporter import CrashReporter, tell
from digitpad.app.diagnostics.problems import Problems
from digitpad.app.diagnostics.qt_messages import QtMessages
from digitpad.app.i18n import install_translators, translated
from digitpad.app.services.recognition import recognition_service
from digitpad.app.settings_store import SettingsStore
from digitpad.app.signals import closed_by_signals
from digitpad.app.widgets.icons import Icons
from digitpad.app.window import MainWindow
from digitpad.diagnostics.crash_file import CrashFile
from digitpad.errors import DigitpadError
from digitpad.paths import resources_dir
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path
from digitpad.settings import load_settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from digitpad.app.train.tab import TrainTab
    from digitpad.paths import Profile


def create_application(name: str = "digitpad") -> QApplication:
    """Qt's application object, set up before and after it is made.

    Args:
        name: of the program, as on the command line.
    """
    application = QApplication([name])
    # Every point that a pen reports is wanted, not only the last one of a frame. Now and not
    # before, because the platform for X11 sets the first of these to true as it starts.
    for attribute in (
        Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents,
        Qt.ApplicationAttribute.AA_CompressTabletEvents,
    ):
        application.setAttribute(attribute, False)
    application.setApplicationName("digitpad")
    application.setApplicationDisplayName("Digitpad")
    application.setApplicationVersion(digitpad.__version__)
    application.setDesktopFileName("org.digitpad.Digitpad")
    return application


class Desk:
    """Everything that is on the screen and behind it, for one profile.

    Args:
        profile: where settings, models and the log lie.
        box: what processes before this one have left; without one nothing of it is told.

    Attributes:
        window: the main window, not shown yet.
        service: reads glyphs; starts to load when the window has been painted.

    Raises:
        DigitpadError: the program's own files are missing.
    """

    def __init__(self, profile: Profile, box: CrashFile | None = None) -> None:
        icons = Icons(resources_dir() / "icons")
        QApplication.setWindowIcon(icons.application_icon())
        self._profile = profile
        self._icons = icons
        loaded = load_settings(profile.settings_path)
        self._keeper = SettingsStore(loaded.settings, profile.settings_path)
        self._models = ModelStore(profile.models_dir, bundled_model_path())
        self.service = recognition_service(self._models, loaded.settings.active_model or BUNDLED)
        self._trainer: TrainTab | None = None
        self.window = MainWindow(
            self.service, self._keeper, icons, profile.window_path, self._make_train_page
        )
        self.window.offer_models(lambda parent: ModelMenu(self._models, self.service, parent))
        self.problems = Problems(self.window, profile, box or CrashFile(profile.reports_dir), icons)
        self.service.model_chosen.connect(self._keeper.use_model)
        if loaded.notice is not None:
            self.window.notices.show_notice(translated(loaded.notice))
        # First the window, then torch.
        self.window.first_painted.connect(self.service.start)

    @property
    def trainer(self) -> TrainTab | None:
        """What trains networks; None until its page was opened."""
        return self._trainer

    def _make_train_page(self, window: MainWindow) -> QWidget:
        # Only now: curves and databases cost the start of the program time.
        from digitpad.app.train.tab import TrainTab

        self._trainer = TrainTab(self._profile, self._models, self.service, self._icons)
        self._trainer.attach(window)
        return self._trainer.view

    def shutdown(self) -> None:
        """Stop what runs behind the window, and write what is not written yet."""
        self._keeper.shutdown()
        # First the service: the others may be waiting for torch, which it imports and gives up.
        self.service.shutdown()
        if self._trainer is not None:
            self._trainer.shutdown()


def run_app(profile: Profile, box: CrashFile) -> int:
    """Show the window and run until it is closed.

    Args:
        profile: where settings, models and the log lie.
        box: of this process, and what others have left there.

    Returns:
        The exit code of the process.

    Raises:
        DigitpadError: the program's own files are missing; it has been shown.
    """
    messages = QtMessages(profile, box)
    messages.install()
    application = create_application(sys.argv[0] or "digitpad")
    messages.display_found()
    crash = CrashReporter(profile, box)
    crash.install()
    collector = Collector()
    collector.start()
    try:
        install_translators(application, resources_dir() / "translations")
        desk = Desk(profile, box)
        try:
            desk.window.show()
            with closed_by_signals(application):
                return application.exec()
        finally:
            desk.shutdown()
    except DigitpadError as error:
        # Who has started it from a menu sees no standard error.
        tell(translated(error))
        raise
    except Exception as error:  # noqa: BLE001 - a bug that leaves no window to show it in
        return crash.end(error)
    finally:
        # The process is about to end: what torch keeps need not be searched for garbage, which
        # takes half of the time from the closed window to the prompt. Before Python may collect by
        # itself again, since curves do not outlive Qt's application.
        gc.freeze()
        collector.stop()
        crash.uninstall()
        messages.uninstall()
