"""The frame around the pages, with pages that are not the program's."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from digitpad.app.about_dialog import AboutDialog
from digitpad.app.actions import AppActions
from digitpad.app.window import MainWindow, Page


class FakePages:
    """Three pages that note what is asked of them."""

    def __init__(self):
        self.log = []
        self.actions = {name: QAction(name) for name in ("open", "find", "zoom")}
        self.menu = QMenu("&More")
        self.pages = [
            Page("&One", "Ctrl+1", lambda: self.make("one"), **self.noting("one")),
            Page(
                "&Two",
                "Ctrl+2",
                lambda: self.make("two"),
                tip="What two is for",
                actions={
                    "file": [[self.actions["open"]]],
                    "view": [[self.actions["find"]], [self.actions["zoom"]]],
                },
                menus=[self.menu],
                **self.noting("two"),
            ),
            Page("T&hree", "Ctrl+3", lambda: self.make("three")),
        ]

    def make(self, name):
        self.log.append(f"make {name}")
        return QPushButton(name)

    def noting(self, name):
        return {
            "shown": lambda: self.log.append(f"{name} shown"),
            "hidden": lambda: self.log.append(f"{name} hidden"),
        }


@pytest.fixture
def fakes():
    return FakePages()


@pytest.fixture
def plain(qtbot, tmp_path, fakes):
    window = MainWindow(AppActions(), QIcon(), tmp_path / "window.json")
    qtbot.addWidget(window)
    window.set_pages(fakes.pages)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    return window


def test_a_page_is_made_once_and_when_it_is_first_shown(plain, fakes):
    assert fakes.log == ["make one", "one shown"]
    plain.show_page(fakes.pages[1])
    plain.show_page(fakes.pages[0])
    plain.show_page(fakes.pages[0])
    plain.actions_.pages[1].trigger()
    assert fakes.log[2:] == [
        "make two",
        "one hidden",
        "two shown",
        "two hidden",
        "one shown",
        "one hidden",
        "two shown",
    ]


def test_tab_menu_and_key_show_the_same_page(qtbot, plain, fakes):
    assert [plain.tabs.tabText(number) for number in range(3)] == ["One", "Two", "Three"]
    assert plain.tabs.tabToolTip(1) == "What two is for"
    plain.activateWindow()
    qtbot.waitUntil(plain.isActiveWindow)
    for show in (
        lambda: plain.tabs.setCurrentIndex(1),
        plain.actions_.pages[1].trigger,
        lambda: QTest.keyClick(plain, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier),
    ):
        show()
        assert plain.tabs.currentIndex() == 1
        assert [action.isChecked() for action in plain.actions_.pages] == [False, True, False]
        assert plain.focusWidget().text() == "two"
        plain.show_page(fakes.pages[2])
        assert plain.focusWidget().text() == "three"


def test_the_actions_of_a_page_stand_in_the_menus_of_the_window(plain, fakes):
    menus = {
        action.text(): [a.text() for a in action.menu().actions()]
        for action in plain.menuBar().actions()
    }
    assert list(menus) == ["&File", "&View", "&More", "&Help"]
    assert menus["&File"] == ["open", "", "&Quit"]
    assert menus["&View"] == [
        *("&One", "&Two", "T&hree", "", "find", "", "zoom", ""),
        *("&Colours", "&Full screen"),
    ]
    with_keys = [action.toolTip() for action in plain.actions_.pages]
    assert with_keys == ["One (Ctrl+1)", "Two (Ctrl+2)", "Three (Ctrl+3)"]


def test_a_dialog_in_front_is_told(qtbot, plain):
    with qtbot.waitSignal(plain.blocked):
        plain.actions_.about.trigger()
    plain.findChild(AboutDialog).close()
