"""What can be done wherever one is in the window, and the menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from digitpad.app.widgets.controls import make_action
from digitpad.settings import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtWidgets import QMenuBar

    from digitpad.app.window import MenuName, Page
    from digitpad.settings import Theme


class AppActions(QObject):
    """The actions of the whole program; those of a page belong to the page.

    Attributes:
        pages: shows each page, in the order of the pages; empty before `fill`.

    Signals:
        theme_chosen: by the user; a `Theme`.
        page_chosen: by the user; the number of the page, from 0.
    """

    theme_chosen = Signal(str)
    page_chosen = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        keys = QKeySequence.StandardKey
        self.quit = make_action(self, self.tr("&Quit"), keys.Quit, otherwise="Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        # In menus that are open, too.
        self.quit.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        self.full_screen = make_action(
            self, self.tr("&Full screen"), keys.FullScreen, otherwise="F11", checkable=True
        )
        self.problems = make_action(self, self.tr("&Problem reports…"))
        self.about = make_action(self, self.tr("&About Digitpad"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        titles: dict[Theme, str] = {
            "system": self.tr("Follow the &system"),
            "light": self.tr("&Light"),
            "dark": self.tr("&Dark"),
        }
        self.themes = {theme: make_action(self, titles[theme], checkable=True) for theme in THEMES}
        group = QActionGroup(self)
        for theme, action in self.themes.items():
            action.setData(theme)
            group.addAction(action)
        group.triggered.connect(lambda action: self.theme_chosen.emit(action.data()))
        self.pages: list[QAction] = []
        self._page_group = QActionGroup(self)
        self._page_group.triggered.connect(
            lambda action: self.page_chosen.emit(self.pages.index(action))
        )

    def fill(self, bar: QMenuBar, pages: Sequence[Page]) -> None:
        """Fill a menu bar with the actions of the program and of its pages."""
        for page in pages:
            action = make_action(self, page.title, page.key, checkable=True)
            self._page_group.addAction(action)
            self.pages.append(action)

        def of_pages(name: MenuName) -> list[Sequence[QAction]]:
            return [group for page in pages for group in page.actions.get(name, ())]

        _add_menu(bar, self.tr("&File"), [*of_pages("file"), [self.quit]])
        _add_menu(bar, self.tr("&Edit"), of_pages("edit"))
        _add_menu(bar, self.tr("&Tools"), of_pages("tools"))
        colours = QMenu(self.tr("&Colours"), bar)
        colours.addActions(list(self.themes.values()))
        looks = [colours.menuAction(), self.full_screen]
        _add_menu(bar, self.tr("&View"), [self.pages, *of_pages("view"), looks])
        for menu in (menu for page in pages for menu in page.menus):
            bar.addMenu(menu)
        _add_menu(bar, self.tr("&Help"), [[self.problems, self.about]])


def _add_menu(bar: QMenuBar, title: str, groups: Iterable[Sequence[QAction]]) -> None:
    """Add a menu with a line between groups of actions; none where there are no actions."""
    groups = [group for group in groups if group]
    if not groups:
        return
    menu = bar.addMenu(title)
    for number, group in enumerate(groups):
        if number:
            menu.addSeparator()
        menu.addActions(list(group))
