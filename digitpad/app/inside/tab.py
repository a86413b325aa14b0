"""The Inside page in the window; all of it but its actions is built when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.inside.actions import InsideActions
from digitpad.app.window import Page

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from digitpad.app.inside.chapters.panel import ChapterPanel
    from digitpad.app.inside.controller import InsideController
    from digitpad.app.inside.page import InsidePage
    from digitpad.app.inside.subject import InsideView
    from digitpad.app.pad.actions import PadActions
    from digitpad.app.pad.controller import PadController
    from digitpad.app.pad.page import PadPage
    from digitpad.app.services.background import Background
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.settings_store import SettingsStore
    from digitpad.app.widgets.icons import Icons
    from digitpad.app.window import MainWindow
    from digitpad.ink.drawing import Stroke
    from digitpad.paths import Profile
    from digitpad.recognition.inside.smallest_change import Change


class InsideTab(QObject):
    """The page, its actions, and the controller between the page and the pad's model.

    Args:
        profile: has the training runs.
        pad: the Draw page, whose drawing is shown.
        pad_controller: recognizes it.
        recognition: the pad's model.
        settings: the user's.
        icons: for menus and buttons.
        pad_actions: some of them belong to the page in front.
        window: shows the page.

    Attributes:
        actions: in the menu Inside.
        entry: describes the page to the window.
        page: None until it is first opened.
        controller: likewise.
        chapters: None until the guided tour is first wanted.

    Signals:
        reported: what has been done, in a few words.
        noticed: a sentence for the user.
        training_wanted: the user wants to train a network.
    """

    reported = Signal(str)
    noticed = Signal(str)
    training_wanted = Signal()

    def __init__(
        self,
        profile: Profile,
        pad: PadPage,
        pad_controller: PadController,
        recognition: RecognitionService,
        settings: SettingsStore,
        icons: Icons,
        pad_actions: PadActions,
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._profile, self._settings, self._window = profile, settings, window
        self._pad, self._pad_controller, self._recognition = pad, pad_controller, recognition
        self._icons = icons
        self._background: Background | None = None
        self.actions = InsideActions(icons, pad_actions, self)
        self.page: InsidePage | None = None
        self.controller: InsideController | None = None
        self.chapters: ChapterPanel | None = None
        self.entry = Page(
            self.tr("&Inside"),
            "Ctrl+4",
            self._make,
            tip=self.tr("See how the network works on your own drawing"),
            menus=[self.actions.menu(window)],
            shown=lambda: self._on_shown(shown=True),
            hidden=lambda: self._on_shown(shown=False),
        )

    @property
    def is_shown(self) -> bool:
        """Whether the page is in front; it shows what is on the pad, too."""
        return self.page is not None and self.page.isVisible()

    @property
    def is_busy(self) -> bool:
        """Whether something is being computed for the page."""
        return self._background is not None and self._background.is_busy

    def show(self) -> InsideController:
        """Bring the page to the front."""
        self._window.show_page(self.entry)
        if self.controller is None:
            raise RuntimeError("the page has been shown without being made")
        return self.controller

    @Slot()
    def save(self) -> None:
        """Take the stroke that is being drawn, if there is one."""
        if self.page is not None:
            self.page.canvas.finish()

    def shutdown(self) -> None:
        """Stop what runs behind the page."""
        if self._background is not None:
            self._background.shutdown()

    def _make(self) -> QWidget:
        # Only now: the start of the program does not wait for it.
        from digitpad.app.inside.controller import InsideController
        from digitpad.app.inside.export import InsideExport
        from digitpad.app.inside.page import InsidePage
        from digitpad.app.services.background import Background
        from digitpad.app.services.torch_import import use_one_thread

        self._background = Background(use_one_thread, self)
        self.page = page = InsidePage(self._pad.document, self.actions)
        self.controller = controller = InsideController(
            page,
            self.actions,
            self._pad.document,
            self._pad_controller.live,
            self._pad_controller.choice,
            self._recognition,
            [self._layers, self._loss, self._matters, self._through],
        )
        self.export = export = InsideExport(
            lambda: controller.view, lambda: controller.subject, self._window
        )
        export.noticed.connect(self.noticed)
        export.reported.connect(self.reported)
        self.actions.picture.triggered.connect(export.choose_picture)
        self.actions.table.triggered.connect(export.choose_table)
        self.actions.chapters.toggled.connect(self._show_chapters)
        controller.happened.connect(self._on_happened)
        self._pad_controller.part_shown.connect(controller.take)
        self._window.blocked.connect(page.canvas.finish)
        return page

    @Slot(bool)
    def _show_chapters(self, shown: bool) -> None:
        if self.page is None or self.controller is None:
            return
        if not shown:
            self.page.show_chapters(None)
            return
        if self.chapters is None:
            from digitpad.app.inside.chapters.panel import ChapterPanel

            done = self._settings.settings.chapters
            self.chapters = panel = ChapterPanel(done, self._icons.icon("close"))
            panel.view_wanted.connect(self.controller.show_layer)
            panel.was_done.connect(self._on_done)
            panel.closed.connect(self.actions.chapters.toggle)
        self.page.show_chapters(self.chapters)
        self.chapters.resume()

    @Slot(str)
    def _on_happened(self, event: str) -> None:
        if self.chapters is not None:
            self.chapters.take(event)

    @Slot(str)
    def _on_done(self, name: str) -> None:
        self._settings.change(chapters=(*self._settings.settings.chapters, name))

    def _layers(self) -> InsideView:
        from digitpad.app.inside.layers.view import LayersView

        return LayersView(self._ready_background())

    def _loss(self) -> InsideView:
        from digitpad.app.inside.loss.view import LossView

        return LossView(self._ready_background())

    def _through(self) -> InsideView:
        from digitpad.app.inside.through.view import ThroughView
        from digitpad.learning.runs.store import RunStore

        store = RunStore(self._profile.runs_dir)
        view = ThroughView(self._ready_background(), store, self._profile.samples_path)
        view.training_wanted.connect(self.training_wanted)
        return view

    def _matters(self) -> InsideView:
        from digitpad.app.inside.matters.view import MattersView

        view = MattersView(self._ready_background())
        view.change_wanted.connect(self._on_change_wanted)
        return view

    @Slot(object, object)
    def _on_change_wanted(self, change: Change, ink: tuple[Stroke, ...]) -> None:
        from digitpad.app.inside.matters.finding import changed_drawing

        document = self._pad.document
        document.replace(changed_drawing(document.drawing, ink, change))

    def _ready_background(self) -> Background:
        if self._background is None:
            raise RuntimeError("a view has been shown before its page")
        return self._background

    def _on_shown(self, *, shown: bool) -> None:
        if self.page is None or self.controller is None:
            return
        self.page.canvas.pen_width = self._settings.settings.pen_width
        self.controller.set_shown(shown=shown)
        if not shown:
            self._pad_controller.live.follow(self._pad.canvas)
