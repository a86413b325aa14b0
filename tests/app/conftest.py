"""The program with a predictor that needs no network, and a window without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fakes import DIGITS, FakePredictor
from garbage import garbage_waits
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QWidget

from digitpad.app.actions import AppActions
from digitpad.app.application import Program
from digitpad.app.services.recognition import ActiveModel, RecognitionService
from digitpad.app.widgets.theme import choose_theme
from digitpad.app.window import MainWindow, Page
from digitpad.paths import Profile
from digitpad.settings import Settings, save_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

__all__ = ["garbage_waits"]


@pytest.fixture
def predictor() -> FakePredictor:
    return FakePredictor()


@pytest.fixture(autouse=True)
def light_theme(qapp) -> None:
    choose_theme("light")


@pytest.fixture
def make_program(
    qtbot: QtBot, tmp_path: Path, predictor: FakePredictor
) -> Iterator[Callable[..., Program]]:
    """The program with a predictor that needs no network."""
    programs = []

    def make(
        settings: Settings | None = None,
        load: Callable[[], ActiveModel] = lambda: ActiveModel(predictor, classes=DIGITS),
        size: tuple[int, int] = (900, 640),
        start: bool = True,
    ) -> Program:
        profile = Profile(tmp_path)
        save_settings(settings or Settings(theme="light"), profile.settings_path)
        service = RecognitionService(load, lambda: None, ActiveModel(classes=DIGITS))
        program = Program(profile, recognition=service)
        programs.append(program)
        window = program.window
        qtbot.addWidget(window)
        window.resize(*size)
        window.first_painted.disconnect(service.start)
        with qtbot.waitExposed(window):
            window.show()
        if start:
            with qtbot.waitSignal(service.ready):
                service.start()
        return program

    yield make
    for program in programs:
        program.shutdown()


@pytest.fixture
def program(make_program: Callable[..., Program]) -> Program:
    return make_program()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window with an empty page."""
    window = MainWindow(AppActions(), QIcon(), tmp_path / "window.json")
    qtbot.addWidget(window)
    window.set_pages([Page("&One", "Ctrl+1", QWidget)])
    with qtbot.waitSignal(window.first_painted):
        window.show()
    return window


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
