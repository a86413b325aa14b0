"""The main window: a frame around pages, of which it knows no more than `Page` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.widgets.controls import plain_text
from digitpad.app.widgets.layout import fill, plain_label, resize_on_screen
from digitpad.app.widgets.status import StatusLine
from digitpad.app.widgets.texts import NoticeBar
from digitpad.app.window_state import restore_geometry, save_geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QAction, QCloseEvent, QIcon
    from PySide6.QtWidgets import QMenu

    from digitpad.app.actions import AppActions


MenuName = Literal["file", "edit", "tools", "view"]
"""The menus to which a page can add actions."""


def _do_nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the window: a tab, an entry in the menu View, and a widget.

    Attributes:
        title: for both, translated, with an ampersand before its letter in the menu.
        key: shows the page, such as "Ctrl+1".
        make: makes the widget; called when the page is first shown, so that the start of the
            program does not wait for it. The widget gets the focus whenever the page is shown.
        tip: of the tab; empty for none.
        actions: of the page, in groups, for the menus that the window has.
        menus: whole menus of the page; they stand before the menu Help.
        shown: called when the page has come to the front.
        hidden: called when another page has come to the front.
    """

    title: str
    key: str
    make: Callable[[], QWidget]
    tip: str = ""
    actions: Mapping[MenuName, Sequence[Sequence[QAction]]] = field(default_factory=dict)
    menus: Sequence[QMenu] = ()
    shown: Callable[[], object] = _do_nothing
    hidden: Callable[[], object] = _do_nothing


class MainWindow(QMainWindow):
    """The window: menus, a tab for each page, notices, and the page in front.

    Args:
        actions: of the program.
        close_icon: for notices.
        state_path: a file that keeps the window's place and size.

    Attributes:
        actions_: of the program.
        notices: sentences for the user.
        status: says for a moment what has just been done.
        progress: a few words on the progress of a page that is not in front.

    Signals:
        first_painted: the window has been painted for the first time.
        blocked: a dialog has come in front of the window.
        activated: the user has come to the window from another one.
        closing: the window is being closed, and with it the program ends.
    """

    first_painted = Signal()
    blocked = Signal()
    activated = Signal()
    closing = Signal()
    _painted = Signal()

    def __init__(self, actions: AppActions, close_icon: QIcon, state_path: Path) -> None:
        super().__init__()
        self.actions_ = actions
        self._state_path = state_path
        self._pages: Sequence[Page] = ()
        self._widgets: dict[int, QWidget] = {}
        """Those that have been shown, by the number of their page."""
        self._front: Page | None = None
        self.setWindowTitle(self.tr("Digitpad"))
        self.notices = NoticeBar(close_icon)
        self.progress = plain_label(quiet=True)
        self.status = StatusLine()
        self.tabs = QTabBar()
        self._stack = QStackedWidget()
        self._arrange()
        actions.quit.triggered.connect(self.close)
        actions.full_screen.toggled.connect(self._show_full_screen)
        actions.about.triggered.connect(self._show_about)
        actions.page_chosen.connect(self.tabs.setCurrentIndex)
        self._painted.connect(self.first_painted, Qt.ConnectionType.QueuedConnection)
        if not restore_geometry(self, state_path):
            # Roomy, but not the whole screen.
            resize_on_screen(self, 1000, 720)

    def _arrange(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        # A click on a tab leaves the keys with the page.
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.setAccessibleName(self.tr("Pages"))
        top = fill(QHBoxLayout(), self.tabs, (self.status, 1), self.progress, spacing=16)
        body = QWidget()
        rows = (top, self.notices, (self._stack, 1))
        self._rows = fill(QVBoxLayout(body), *rows, spacing=8, margins=(14, 6, 14, 12))
        self.setCentralWidget(body)

    def set_pages(self, pages: Sequence[Page]) -> None:
        """Show these pages, at least one, the first of them in front; called once."""
        self._pages = pages
        self.actions_.fill(self.menuBar(), pages)
        for number, page in enumerate(pages):
            self.tabs.addTab(plain_text(page.title))
            self.tabs.setTabToolTip(number, page.tip)
        self._bring_to_front(0)
        self._widgets[0].installEventFilter(self)
        self.tabs.currentChanged.connect(self._bring_to_front)

    def show_page(self, page: Page) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentIndex(self._pages.index(page))

    def add_notice(self, notice: QWidget) -> None:
        """Show a notice of another kind below the tabs."""
        self._rows.insertWidget(1, notice)

    @Slot(int)
    def _bring_to_front(self, number: int) -> None:
        page, before = self._pages[number], self._front
        if number not in self._widgets:
            self._widgets[number] = page.make()
            self._stack.addWidget(self._widgets[number])
        self._front = page
        self._stack.setCurrentWidget(self._widgets[number])
        self.actions_.pages[number].setChecked(True)
        if before is not None:
            before.hidden()
        self._widgets[number].setFocus()
        page.shown()

    @Slot(bool)
    def _show_full_screen(self, full: bool) -> None:
        whole = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | whole if full else self.windowState() & ~whole)

    @Slot()
    def _show_about(self) -> None:
        # Imported when it is first wanted: the start does not wait for it.
        from digitpad.app.about_dialog import AboutDialog

        AboutDialog(self).open()

    def event(self, event: QEvent) -> bool:
        """A dialog in front takes pointer and keys away; the user comes and goes."""
        if event.type() == QEvent.Type.WindowBlocked:
            self.blocked.emit()
        elif event.type() == QEvent.Type.WindowActivate:
            self.activated.emit()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """The window manager can leave the full screen too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_.full_screen.setChecked(self.isFullScreen())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees the first painting of the first page, and says so when it is done."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # Queued: by then the painting has reached the screen.
            self._painted.emit()
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let everything be saved while it is there."""
        self.save_state()
        self.closing.emit()
        super().closeEvent(event)

    @Slot()
    def save_state(self) -> None:
        """Keep place and size for the next time."""
        save_geometry(bytes(self.saveGeometry().data()), self._state_path)
