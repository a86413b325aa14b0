"""The window with a predictor that needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fakes import DIGITS, FakePredictor
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

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


@pytest.fixture
def predictor() -> FakePredictor:
    return FakePredictor()


@pytest.fixture(autouse=True)
def light_theme(qapp) -> None:
    choose_theme("light")


@pytest.fixture
def make_window(
    qtbot: QtBot, tmp_path: Path, predictor: FakePredictor
) -> Iterator[Callable[..., MainWindow]]:
    services = []

    def make(
        settings: Settings | None = None,
        load: Callable[[], ActiveModel] = lambda: ActiveModel(predictor, classes=DIGITS),
        size: tuple[int, int] = (900, 640),
        start: bool = True,
    ) -> MainWindow:
        service = RecognitionService(load, lambda: None, ActiveModel(classes=DIGITS))
        keeper = SettingsStore(settings or Settings(theme="light"), tmp_path / "settings.json")
        icons = Icons(resources_dir() / "icons")
        window = MainWindow(
            service, keeper, icons, tmp_path / "window.ini", lambda window: QWidget()
        )
        window.service = service
        qtbot.addWidget(window)
        window.resize(*size)
        services.append((service, keeper))
        with qtbot.waitExposed(window):
            window.show()
        if start:
            with qtbot.waitSignal(service.ready):
                service.start()
        return window

    yield make
    for service, keeper in services:
        keeper.shutdown()
        service.shutdown()


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
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
