"""The Samples page in the window; all of it but its actions is built when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.samples.actions import SamplesActions
from digitpad.app.window import Page

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from digitpad.app.samples.controller import SamplesController
    from digitpad.app.samples.page import SamplesPage
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.services.teaching import TeachingService
    from digitpad.app.settings_store import SettingsStore
    from digitpad.app.widgets.icons import Icons
    from digitpad.app.window import MainWindow
    from digitpad.paths import Profile


class SamplesTab(QObject):
    """The page, its actions, and the controller between the page and the samples.

    Args:
        profile: has the file of the samples.
        teaching: keeps the samples.
        recognition: the pad's model.
        settings: the user's.
        icons: for menus and buttons.
        edit: undo and redo, which belong to the page in front.
        retrain: trains with the samples, on another page.
        window: shows the page.

    Attributes:
        actions: in the menu Samples.
        entry: describes the page to the window.
        page: None until it is first opened.
        controller: likewise.

    Signals:
        reported: what has been done, in a few words.
        noticed: a sentence for the user.
        pad_wanted: this `Drawing` shall be put on the pad.
    """

    reported = Signal(str)
    noticed = Signal(str)
    pad_wanted = Signal(object)

    def __init__(
        self,
        profile: Profile,
        teaching: TeachingService,
        recognition: RecognitionService,
        settings: SettingsStore,
        icons: Icons,
        edit: tuple[QAction, QAction],
        retrain: QAction,
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._profile, self._settings, self._window = profile, settings, window
        self._teaching, self._recognition = teaching, recognition
        self.actions = SamplesActions(icons, *edit, self)
        self.page: SamplesPage | None = None
        self.controller: SamplesController | None = None
        self.entry = Page(
            self.tr("S&amples"),
            "Ctrl+3",
            self._make,
            tip=self.tr("See, correct and collect what you have taught"),
            menus=[self.actions.menu(window, retrain)],
            shown=lambda: self._on_shown(shown=True),
            hidden=lambda: self._on_shown(shown=False),
        )

    def show(self) -> SamplesController:
        """Bring the page to the front."""
        self._window.show_page(self.entry)
        if self.controller is None:
            raise RuntimeError("the page has been shown without being made")
        return self.controller

    @Slot(str)
    def show_label(self, label: str) -> None:
        """Show the samples with this label of the active model's; "" shows all."""
        controller = self.show()
        if label:
            controller.show_label(label, self._recognition.active.symbols)
        else:
            controller.show_all()

    @Slot(int)
    def collect_each(self, count: int) -> None:
        """Ask for so many drawings of each class of the active model."""
        self.show().collect_each(count)

    @Slot()
    def save(self) -> None:
        """Take the drawing that is being asked for, if there is one."""
        if self.controller is not None:
            self.controller.save()

    def _make(self) -> QWidget:
        from digitpad.app.samples.controller import SamplesController
        from digitpad.app.samples.page import SamplesPage

        self.page = page = SamplesPage(self.actions)
        self.controller = controller = SamplesController(
            page,
            self.actions,
            self._teaching,
            self._recognition,
            self._profile.samples_path.exists,
            self._window,
        )
        controller.reported.connect(self.reported)
        controller.noticed.connect(self.noticed)
        controller.pad_wanted.connect(self.pad_wanted)
        # The stroke ends before the dialog opens.
        self._window.blocked.connect(page.collect.canvas.finish)
        return page

    def _on_shown(self, *, shown: bool) -> None:
        if self.page is not None and self.controller is not None:
            self.page.collect.canvas.pen_width = self._settings.settings.pen_width
            self.controller.set_shown(shown=shown)
