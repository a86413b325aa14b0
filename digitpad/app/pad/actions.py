"""Everything that can be done with the pad, as actions for menus, buttons and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from digitpad.settings import THEMES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from digitpad.app.widgets.icons import Icons

    Keys = QKeySequence | QKeySequence.StandardKey | Qt.Key | None


class PadActions(QObject):
    """The window's actions; who connects them says what they do.

    Args:
        icons: by the name of the action.
        window: gets the menus; its actions work wherever in it the focus is.
    """

    def __init__(self, icons: Icons, window: QMainWindow) -> None:
        super().__init__(window)
        self._icons = icons
        keys = QKeySequence.StandardKey
        add = self._action
        self.open = add("open", self.tr("&Open…"), keys.Open)
        self.save = add("save", self.tr("&Save as…"), keys.Save)
        self.quit = add("", self.tr("&Quit"), keys.Quit, "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.undo = add("undo", self.tr("&Undo"), keys.Undo)
        self.redo = add("redo", self.tr("&Redo"), keys.Redo)
        self.copy = add("copy", self.tr("&Copy picture"), keys.Copy)
        self.copy_answer = add("", self.tr("Copy &answer"), QKeySequence("Ctrl+Shift+C"))
        self.paste = add("paste", self.tr("&Paste"), keys.Paste)
        self.clear = add("clear", self.tr("C&lear"), Qt.Key.Key_Escape)
        self.steps = add("steps", self.tr("&How it got there"), QKeySequence("Ctrl+I"))
        self.steps.setCheckable(True)
        self.full_screen = add("", self.tr("&Full screen"), keys.FullScreen, "F11")
        self.full_screen.setCheckable(True)
        self.pen = add("pen", self.tr("&Pen"), Qt.Key.Key_P)
        self.eraser = add("eraser", self.tr("&Eraser"), Qt.Key.Key_E)
        self.eraser.setToolTip(
            self.tr("{eraser}; the right mouse button erases too").format(
                eraser=self.eraser.toolTip()
            )
        )
        tools = QActionGroup(self)
        for tool in (self.pen, self.eraser):
            tool.setCheckable(True)
            tools.addAction(tool)
        self.pen.setChecked(True)
        self.thinner = add("", self.tr("&Thinner pen"), Qt.Key.Key_BracketLeft)
        self.thicker = add("", self.tr("Th&icker pen"), Qt.Key.Key_BracketRight)
        self.doubt = add("", self.tr("When in &doubt…"), QKeySequence("Ctrl+D"))
        self.draw_page = add("", self.tr("&Draw"), QKeySequence("Ctrl+1"))
        self.train_page = add("", self.tr("&Train"), QKeySequence("Ctrl+2"))
        pages = QActionGroup(self)
        for page in (self.draw_page, self.train_page):
            page.setCheckable(True)
            pages.addAction(page)
        self.draw_page.setChecked(True)
        self.problems = add("", self.tr("&Problem reports…"), None)
        self.about = add("", self.tr("&About Digitpad"), None)
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.themes = self._theme_actions()
        self.always = (
            self.open,
            self.paste,
            self.steps,
            self.pen,
            self.eraser,
            self.thinner,
            self.thicker,
            self.doubt,
        )
        """What can be done whenever the pad is in front, whatever is on it."""
        self._fill_menus(window)

    def _action(self, icon: str, text: str, keys: Keys, otherwise: str = "") -> QAction:
        """An action; `otherwise` is its key on systems that have no standard key for it."""
        action = QAction(text, self)
        if icon:
            action.setIcon(self._icons.icon(icon))
        if isinstance(keys, QKeySequence.StandardKey):
            # All of a system's keys for it, as it has two for redo.
            action.setShortcuts(QKeySequence.keyBindings(keys) or [QKeySequence(otherwise)])
        elif keys is not None:
            action.setShortcut(QKeySequence(keys))
        plain = text.replace("&", "").rstrip("…")
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{plain} ({shortcut})" if shortcut else plain)
        return action

    def _theme_actions(self) -> dict[str, QAction]:
        texts = {
            "system": self.tr("As the &system"),
            "light": self.tr("&Light"),
            "dark": self.tr("&Dark"),
        }
        group = QActionGroup(self)
        actions: dict[str, QAction] = {}
        for theme in THEMES:
            action = self._action("", texts[theme], None)
            action.setCheckable(True)
            action.setData(theme)
            group.addAction(action)
            actions[theme] = action
        return actions

    def _fill_menus(self, window: QMainWindow) -> None:
        bar = window.menuBar()
        menu = bar.addMenu(self.tr("&File"))
        menu.addActions([self.open, self.save])
        menu.addSeparator()
        menu.addAction(self.quit)
        menu = bar.addMenu(self.tr("&Edit"))
        menu.addActions([self.undo, self.redo])
        menu.addSeparator()
        menu.addActions([self.copy, self.copy_answer, self.paste])
        menu.addSeparator()
        menu.addAction(self.clear)
        menu = bar.addMenu(self.tr("&Tools"))
        menu.addActions([self.pen, self.eraser])
        menu.addSeparator()
        menu.addActions([self.thinner, self.thicker])
        menu.addSeparator()
        menu.addAction(self.doubt)
        menu = bar.addMenu(self.tr("&View"))
        menu.addActions([self.draw_page, self.train_page])
        menu.addSeparator()
        menu.addAction(self.steps)
        menu.addSeparator()
        menu.addMenu(self.tr("&Colours")).addActions(list(self.themes.values()))
        menu.addAction(self.full_screen)
        bar.addMenu(self.tr("&Help")).addActions([self.problems, self.about])
