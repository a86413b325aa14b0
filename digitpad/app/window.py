"""The main window: its pages, and what holds them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.pad.actions import PadActions
from digitpad.app.pad.controller import PadController
from digitpad.app.pad.page import PadPage
from digitpad.app.widgets.notice_bar import NoticeBar
from digitpad.app.widgets.theme import QuietLabel, choose_theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QCloseEvent

    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.settings_store import SettingsStore
    from digitpad.app.widgets.icons import Icons

_DRAW, _TRAIN = range(2)


class MainWindow(QMainWindow):
    """The window with its two pages: one to draw on, one to train in.

    Args:
        service: reads glyphs, once it is ready.
        keeper: the user's settings.
        icons: for actions and buttons.
        geometry_path: an ini file that keeps the window's place and size.
        make_train_page: called when that page is first wanted, which costs time and imports.

    Signals:
        first_painted: the window has been painted for the first time.
    """

    first_painted = Signal()
    _painted = Signal()

    def __init__(
        self,
        service: RecognitionService,
        keeper: SettingsStore,
        icons: Icons,
        geometry_path: Path,
        make_train_page: Callable[[MainWindow], QWidget],
    ) -> None:
        super().__init__()
        self._keeper = keeper
        self._geometry_path = geometry_path
        self._make_train_page = make_train_page
        self.train_page: QWidget | None = None
        self.setWindowTitle(self.tr("Digitpad"))
        self.notices = NoticeBar(icons.icon("close"))
        self.actions_ = PadActions(icons, self)
        self.pad = PadPage(self.actions_)
        self.pad_controller = PadController(self.pad, service, keeper, self.actions_, self)
        self.tabs = QTabBar()
        self.progress = QuietLabel("")
        self._pages = QStackedWidget()
        self._arrange()
        self._connect(service)
        self.actions_.themes[keeper.settings.theme].setChecked(True)
        choose_theme(keeper.settings.theme)
        self._restore_geometry()
        self._painted.connect(self.first_painted, Qt.ConnectionType.QueuedConnection)
        self.pad.canvas.installEventFilter(self)
        self.pad.canvas.setFocus()

    def _arrange(self) -> None:
        self.tabs.addTab(self.tr("Draw"))
        self.tabs.addTab(self.tr("Train"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        # A click on a tab leaves the keys with the page.
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.setAccessibleName(self.tr("Pages"))
        top = QHBoxLayout()
        top.addWidget(self.tabs)
        top.addStretch(1)
        top.addWidget(self.progress)
        self._pages.addWidget(self.pad)
        body = QWidget()
        self._rows = rows = QVBoxLayout(body)
        rows.setContentsMargins(14, 6, 14, 12)
        rows.setSpacing(8)
        rows.addLayout(top)
        rows.addWidget(self.notices)
        rows.addWidget(self._pages, 1)
        self.setCentralWidget(body)

    def _connect(self, service: RecognitionService) -> None:
        actions = self.actions_
        actions.quit.triggered.connect(self.close)
        actions.full_screen.toggled.connect(self._show_full_screen)
        actions.about.triggered.connect(self._show_about)
        actions.draw_page.triggered.connect(self.show_draw_page)
        actions.train_page.triggered.connect(self.show_train_page)
        for action in actions.themes.values():
            action.triggered.connect(self._on_theme)
        self.tabs.currentChanged.connect(self._on_tab)
        for source in (self.pad_controller.import_export, service, self._keeper):
            source.noticed.connect(self.notices.show_notice)
        # A picture that is dropped on another page is opened all the same.
        self.pad.document.replaced.connect(self.show_draw_page)
        self.pad_controller.import_export.settled.connect(self.notices.withdraw)
        service.failed.connect(self.notices.show_notice)

    def add_notice(self, notice: QWidget) -> None:
        """Show a notice of another kind below the tabs."""
        self._rows.insertWidget(1, notice)

    def offer_models(self, make_menu: Callable[[QWidget], QMenu]) -> None:
        """Show a menu of models in the bar, where Help stays last, and beside the model's name.

        Args:
            make_menu: called for both, since a button looks pressed as long as its menu is used.
        """
        bar = self.menuBar()
        bar.insertMenu(bar.actions()[-1], make_menu(self))
        self.pad.model_line.offer(make_menu(self))

    @Slot()
    def show_draw_page(self) -> None:
        """Bring the pad to the front."""
        self.tabs.setCurrentIndex(_DRAW)

    @Slot()
    def show_train_page(self) -> None:
        """Bring the page to the front in which networks are trained."""
        self.tabs.setCurrentIndex(_TRAIN)

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        if index == _TRAIN and self.train_page is None:
            self.train_page = self._make_train_page(self)
            self._pages.addWidget(self.train_page)
        self._pages.setCurrentIndex(index)
        self.pad_controller.set_shown(shown=index == _DRAW)
        self.progress.setVisible(index == _DRAW)
        actions = self.actions_
        (actions.draw_page if index == _DRAW else actions.train_page).setChecked(True)
        if self.train_page is not None and index == _TRAIN:
            self.train_page.setFocus()
        else:
            self.pad.canvas.setFocus()

    @Slot()
    def _on_theme(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        choose_theme(action.data())
        self._keeper.change(theme=action.data())

    @Slot(bool)
    def _show_full_screen(self, full: bool) -> None:
        state = self.windowState()
        screen = Qt.WindowState.WindowFullScreen
        self.setWindowState(state | screen if full else state & ~screen)

    @Slot()
    def _show_about(self) -> None:
        # Imported when it is first wanted: the start does not wait for it.
        from digitpad.app.about_dialog import AboutDialog

        AboutDialog(self).open()

    def event(self, event: QEvent) -> bool:
        """A dialog in front takes the pen away: the stroke ends before it."""
        if event.type() == QEvent.Type.WindowBlocked:
            self.pad.canvas.finish()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """The window manager can leave the full screen too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_.full_screen.setChecked(self.isFullScreen())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees the first painting of the canvas, and says so when it is done."""
        if watched is self.pad.canvas and event.type() == QEvent.Type.Paint:
            self.pad.canvas.removeEventFilter(self)
            # Queued: by then the painting has reached the screen.
            self._painted.emit()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """Roomy, but not the whole screen."""
        return QSize(1000, 720)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep place and size for the next time."""
        settings = QSettings(str(self._geometry_path), QSettings.Format.IniFormat)
        settings.setValue("geometry", self.saveGeometry())
        settings.sync()
        super().closeEvent(event)

    def _restore_geometry(self) -> None:
        settings = QSettings(str(self._geometry_path), QSettings.Format.IniFormat)
        geometry = settings.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            # At a large scale the screen has room for less.
            self.resize(self.sizeHint().boundedTo(self.screen().availableSize() * 0.9))
