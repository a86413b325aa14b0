"""The window with the pad and a predictor that needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fakes import DIGITS, FakePredictor
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget

from digitpad.app.actions import AppActions
from digitpad.app.pad.actions import PadActions
from digitpad.app.pad.controller import PadController
from digitpad.app.pad.page import PadPage
from digitpad.app.page import Page
from digitpad.app.services.recognition import ActiveModel, RecognitionService
from digitpad.app.settings_store import SettingsStore
from digitpad.app.widgets.icons import Icons
from digitpad.app.widgets.theme import choose_theme
from digitpad.app.window import MainWindow
from digitpad.paths import resources_dir
from digitpad.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


class PadActionsToo(AppActions):
    """The actions of the program and of the pad."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.pad = PadActions(icons, self)

    def __getattr__(self, name: str) -> object:
        return getattr(self.pad, name)

    @property
    def draw_page(self) -> QAction:
        return self.pages[0]

    @property
    def train_page(self) -> QAction:
        return self.pages[1]


class PadWindow(MainWindow):
    """The window with the pad and an empty page beside it."""

    def __init__(self, service: RecognitionService, settings: SettingsStore, path: Path) -> None:
        icons = Icons(resources_dir() / "icons")
        actions = PadActionsToo(icons)
        super().__init__(actions, icons.icon("close"), path)
        self.settings, self.service = settings, service
        self.pad = PadPage(actions.pad)
        self.pad_controller = PadController(self.pad, service, settings, actions.pad, self)
        self.set_pages(
            [
                Page(
                    "&Draw",
                    "Ctrl+1",
                    lambda: self.pad,
                    actions=actions.pad.groups,
                    shown=lambda: self.pad_controller.set_shown(shown=True),
                    hidden=lambda: self.pad_controller.set_shown(shown=False),
                ),
                Page("&Train", "Ctrl+2", QWidget),
            ]
        )
        self.blocked.connect(self.pad.canvas.finish)
        for source in (self.pad_controller.import_export, service, settings):
            source.noticed.connect(self.notices.show_notice)
        service.failed.connect(self.notices.show_notice)
        self.pad_controller.import_export.settled.connect(self.notices.withdraw)


@pytest.fixture
def predictor() -> FakePredictor:
    return FakePredictor()


@pytest.fixture(autouse=True)
def light_theme(qapp) -> None:
    choose_theme("light")


@pytest.fixture
def make_window(
    qtbot: QtBot, tmp_path: Path, predictor: FakePredictor
) -> Iterator[Callable[..., PadWindow]]:
    services = []

    def make(
        settings: Settings | None = None,
        load: Callable[[], ActiveModel] = lambda: ActiveModel(predictor, classes=DIGITS),
        size: tuple[int, int] = (900, 640),
        start: bool = True,
    ) -> PadWindow:
        service = RecognitionService(load, lambda: None, ActiveModel(classes=DIGITS))
        store = SettingsStore(settings or Settings(theme="light"), tmp_path / "settings.json")
        window = PadWindow(service, store, tmp_path / "window.ini")
        qtbot.addWidget(window)
        window.resize(*size)
        services.append((service, store))
        with qtbot.waitExposed(window):
            window.show()
        if start:
            with qtbot.waitSignal(service.ready):
                service.start()
        return window

    yield make
    for service, store in services:
        store.shutdown()
        service.shutdown()


@pytest.fixture
def window(make_window: Callable[..., PadWindow]) -> PadWindow:
    return make_window()


@pytest.fixture
def clipboard(qapp):
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture(autouse=True)
def no_wait_cursor(qapp) -> Iterator[None]:
    yield
    assert QGuiApplication.overrideCursor() is None
