"""The composition root: builds the objects of the program and hands them to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import digitpad
from digitpad.app.actions import AppActions
from digitpad.app.answer.model_menu import ModelMenu
from digitpad.app.diagnostics.problems import Problems
from digitpad.app.i18n import translated
from digitpad.app.inside.tab import InsideTab
from digitpad.app.pad.actions import PadActions
from digitpad.app.pad.controller import PadController
from digitpad.app.pad.files.drawing_store import DrawingStore
from digitpad.app.pad.files.formats import onto_pad
from digitpad.app.pad.page import PadPage
from digitpad.app.pad.teach_actions import TeachActions
from digitpad.app.samples.tab import SamplesTab
from digitpad.app.services.opening import OpeningService
from digitpad.app.services.recognition import recognition_service
from digitpad.app.services.teaching import TeachingService
from digitpad.app.settings_store import SettingsStore
from digitpad.app.symbols.actions import SymbolActions
from digitpad.app.symbols.controller import SymbolsController
from digitpad.app.train.actions import TrainActions
from digitpad.app.widgets.icons import Icons
from digitpad.app.widgets.style import outline_controls
from digitpad.app.widgets.theme import choose_theme
from digitpad.app.window import MainWindow, Page
from digitpad.app.window_state import avoid_settings_files
from digitpad.diagnostics.crash_file import CrashFile
from digitpad.learning.adaptation.symbol_sets import SymbolSets
from digitpad.paths import resources_dir
from digitpad.recognition.model_store import ModelStore, bundled_model_path
from digitpad.settings import load_settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.train.tab import TrainTab
    from digitpad.ink.drawing import Drawing
    from digitpad.paths import Profile
    from digitpad.settings import Theme


def create_application(name: str = "digitpad") -> QApplication:
    """Qt's application object, set up; the name is that of the program on the command line."""
    avoid_settings_files()
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
    outline_controls()
    return application


class Program(QObject):
    """Everything that is on the screen and behind it, for one profile.

    Args:
        profile: where settings, models and the log are.
        crash_file: what processes before this one have left; without one it is looked for in the
            profile.
        recognition: without one, the user's active model is asked.

    Attributes:
        recognition: asks the active model; starts to load when the window has been painted.
        teaching: keeps the user's samples, and teaches the active model.
        symbols: makes sets of the user's own symbols, by `symbol_actions`.
        opening: reads what is opened, pasted or dropped.
        window: the main window, not shown yet.
        pad: the page to draw on, with `pad_actions`, `teach_actions` and a `pad_controller`.
        train: what trains networks, with `train_actions`; None until its page is first opened.
        samples: the user's samples; its page is made when it is first opened.
        inside: shows how the active model reads the drawing; likewise.

    Raises:
        DigitpadError: the program's own files are missing.
    """

    def __init__(
        self,
        profile: Profile,
        crash_file: CrashFile | None = None,
        recognition: RecognitionService | None = None,
    ) -> None:
        super().__init__()
        self._profile = profile
        self._icons = icons = Icons(resources_dir() / "icons")
        QApplication.setWindowIcon(icons.application_icon())

        loaded = load_settings(profile.settings_path)
        self.settings = settings = SettingsStore(loaded.settings, profile.settings_path)
        self._models = ModelStore(profile.models_dir, bundled_model_path())
        self._sets = SymbolSets(profile.samples_path, self._models)
        self.recognition = recognition or recognition_service(
            self._models, loaded.settings.active_model, self._sets
        )
        self.teaching = TeachingService(
            profile, self.recognition, models=self._models, used=loaded.settings.adapted
        )

        self.opening = OpeningService()
        self.actions = AppActions(self)
        self.window = window = MainWindow(self.actions, icons.icon("close"), profile.window_path)
        self.pad_actions = PadActions(icons, self)
        self.teach_actions = TeachActions(icons, self)
        self.pad = PadPage(self.pad_actions, self.teach_actions)
        self.pad_controller = PadController(
            self.pad,
            self.recognition,
            settings,
            self.pad_actions,
            window,
            self.opening,
            self.teaching,
            self.teach_actions,
        )
        self.drawings = DrawingStore(
            self.pad.document,
            profile.drawings_dir,
            as_one=loaded.settings.as_one,
            signs=loaded.settings.signs,
        )
        self.train_actions = TrainActions(icons, self)
        self.train: TrainTab | None = None
        self.samples = SamplesTab(
            profile,
            self.teaching,
            self.recognition,
            settings,
            icons,
            (self.pad_actions.undo, self.pad_actions.redo),
            self.train_actions.retrain,
            window,
        )
        self.symbol_actions = SymbolActions(self)
        self.symbols = SymbolsController(
            self.symbol_actions,
            self.teaching,
            self.recognition,
            self._models,
            profile.adapted_dir,
            icons.icon("warning"),
            window,
        )
        self.inside = InsideTab(
            profile,
            self.pad,
            self.pad_controller,
            self.recognition,
            settings,
            icons,
            self.pad_actions,
            window,
        )
        self._draw_page = self._describe_draw_page()
        self._train_page = self._describe_train_page()
        window.set_pages([self._draw_page, self._train_page, self.samples.entry, self.inside.entry])
        box = crash_file or CrashFile(profile.reports_dir)
        self.problems = Problems(window, profile, box, icons.icon("close"))

        choose_theme(loaded.settings.theme)
        self.actions.themes[loaded.settings.theme].setChecked(True)
        if loaded.notice is not None:
            window.notices.show_notice(translated(loaded.notice))
        self._connect()

    def _describe_draw_page(self) -> Page:
        # One menu for the bar and one for the button, which looks pressed while its own is used.
        menu, menu_of_button = (
            ModelMenu(
                self._models,
                self.recognition,
                self.window,
                self.teach_actions.used,
                self._sets,
                self.symbol_actions.every,
            )
            for _ in range(2)
        )
        self.pad.model_line.offer(menu_of_button)
        return Page(
            self.tr("&Draw"),
            "Ctrl+1",
            lambda: self.pad,
            tip=self.tr("Draw, and see how the network reads it"),
            actions=self.pad_actions.groups_with(self.teach_actions.group),
            menus=[menu],
            shown=lambda: self.pad_controller.set_shown(shown=True),
            hidden=lambda: self.pad_controller.set_shown(shown=False),
        )

    def _describe_train_page(self) -> Page:
        return Page(
            self.tr("&Train"),
            "Ctrl+2",
            self._make_train_page,
            tip=self.tr("Train networks, and see how they learn"),
            menus=[self.train_actions.menu(self.window)],
            shown=lambda: self._on_train_shown(shown=True),
            hidden=lambda: self._on_train_shown(shown=False),
        )

    @Slot()
    def retrain_with_samples(self) -> None:
        """Bring the Train page to the front, ready to let the active model learn from samples."""
        self.show_train().controller.retrain_with_samples()

    @Slot(str, str)
    def _train_on_symbols(self, file: str, name: str) -> None:
        self.show_train().controller.train_on_symbols(file, name)

    def _on_train_shown(self, *, shown: bool) -> None:
        self.train_actions.set_shown(shown=shown)
        # The page shows the progress of a training itself.
        self.window.progress.setVisible(not shown)

    def _connect(self) -> None:
        window, transfer = self.window, self.pad_controller.import_export
        self.actions.theme_chosen.connect(self._on_theme)
        self.train_actions.retrain.triggered.connect(self.retrain_with_samples)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        # Another window may have been taught meanwhile.
        window.activated.connect(self.teaching.refresh)
        for source in (
            *(transfer, self.recognition, self.teaching, self.symbols),
            *(self.samples, self.settings, self.drawings, self.inside),
        ):
            source.noticed.connect(window.notices.show_notice)
        self.symbols.drawing_wanted.connect(self.samples.collect_each)
        self.symbols.training_wanted.connect(self._train_on_symbols)
        for reporter in (transfer, self.pad_controller, self.symbols, self.samples, self.inside):
            reporter.reported.connect(window.status.say)
        self.inside.training_wanted.connect(self.show_train)
        self.samples.pad_wanted.connect(self._put_on_pad)
        self.pad_controller.lessons.lessons_wanted.connect(self.samples.show_label)
        self.recognition.failed.connect(window.notices.show_notice)
        self.recognition.model_chosen.connect(lambda name: self.settings.change(active_model=name))
        transfer.settled.connect(window.notices.withdraw)
        self.pad.document.replaced.connect(self._show_replaced)
        # The stroke ends before the dialog opens.
        window.blocked.connect(self.pad.canvas.finish)
        window.closing.connect(self.save)
        self.drawings.prepared.connect(self.pad_controller.live.remember)
        # First the window, then what was on the pad, then torch.
        window.first_painted.connect(self._restore)
        window.first_painted.connect(self.recognition.start)

    @Slot()
    def let_dialog_quit(self) -> None:
        """A dialog in front keeps keys from the window, but for those that are its own as well."""
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.addAction(self.actions.quit)

    @Slot()
    def _restore(self) -> None:
        # Somebody may have begun already.
        self.pad.canvas.finish()
        self.drawings.restore()

    def _make_train_page(self) -> QWidget:
        # Only now: curves and databases cost the start of the program time.
        from digitpad.app.train.tab import TrainTab

        self.train = train = TrainTab(
            self._profile,
            self._models,
            self.recognition,
            self.teaching,
            self.settings,
            self.train_actions,
            self._icons,
        )
        train.controller.noticed.connect(self.window.notices.show_notice)
        train.controller.progressed.connect(self.window.progress.setText)
        train.controller.pad_wanted.connect(self.show_pad)
        self.pad_controller.part_shown.connect(train.controller.take_recognition)
        self.pad_controller.live.update_now()
        train.controller.start()
        return train.page

    @Slot(object)
    def _put_on_pad(self, drawing: Drawing) -> None:
        # The page follows: the pad's drawing has been replaced.
        self.pad.document.replace(onto_pad(drawing))

    @Slot()
    def show_pad(self) -> None:
        """Bring the page to the front on which one draws."""
        self.window.show_page(self._draw_page)

    @Slot()
    def _show_replaced(self) -> None:
        # A picture that is dropped on another page is opened all the same.
        if not self.inside.is_shown:
            self.show_pad()

    def show_train(self) -> TrainTab:
        """Bring the page to the front on which networks are trained, and return what is there."""
        self.window.show_page(self._train_page)
        if self.train is None:
            raise RuntimeError("the page has been shown without being made")
        return self.train

    @Slot(str)
    def _on_theme(self, theme: Theme) -> None:
        choose_theme(theme)
        self.settings.change(theme=theme)

    @Slot()
    def _follow_system(self) -> None:
        """The system has become dark or light: so do the colours that are the program's own."""
        if self.settings.settings.theme == "system":
            choose_theme("system")

    @Slot()
    def save(self) -> None:
        """Write what the user has and is not written yet."""
        self.pad.canvas.finish()
        self.samples.save()
        self.inside.save()
        self.settings.save_waiting()
        self.drawings.save_waiting()

    def shutdown(self) -> None:
        """Stop what runs behind the window, and write what is not written yet."""
        self.settings.save_waiting()
        self.drawings.shutdown()
        # First the service: the others may be waiting for torch, which it imports and gives up.
        self.recognition.shutdown()
        self.teaching.shutdown()
        self.opening.shutdown()
        self.inside.shutdown()
        if self.train is not None:
            self.train.shutdown()
