"""What the views of the Inside page are shown, and the thread that works for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from handwriting import digit, moved
from inside_kit import every_model

from digitpad.app.inside.subject import Subject
from digitpad.app.services.background import Background
from digitpad.ink.drawing import Drawing
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognition import preprocess_drawing
from digitpad.recognition.recognizer import Recognizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from digitpad.app.inside.subject import InsideView
    from digitpad.recognition.model_file import Model


@pytest.fixture(scope="session")
def bundled() -> Model:
    return load_model(bundled_model_path())


@pytest.fixture(scope="session")
def inside(bundled: Model) -> Inside:
    return Inside(bundled)


@pytest.fixture(scope="session")
def insides() -> dict[str, Inside]:
    """Networks of chance of every kind."""
    return {name: Inside(model) for name, model in every_model().items()}


@pytest.fixture(scope="session")
def subject_of(bundled: Model, inside: Inside) -> Callable[..., Subject]:
    """A digit drawn by hand, read by the bundled model, for any network."""
    recognizer = Recognizer(bundled)

    def make(name: str = "7", network: Inside = inside) -> Subject:
        drawing = Drawing.of(moved(digit(name), -180, -300, 6))
        found = preprocess_drawing(drawing, as_one=True)
        glyphs = found.parts[0].stages.glyph[None]
        return Subject(network, found.with_predictions(recognizer.predict(glyphs)).parts[0])

    return make


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background(lambda: None)
    yield made
    made.shutdown()


@pytest.fixture
def happened() -> list[str]:
    """The events of the view that is shown."""
    return []


@pytest.fixture
def show_view(qtbot: QtBot, happened: list[str]) -> Callable[..., InsideView]:
    """Shows a view by itself, and notes its events."""

    def show(view: InsideView, width: int = 740, height: int = 430) -> InsideView:
        view.happened.connect(happened.append)
        view.resize(width, height)
        qtbot.addWidget(view)
        with qtbot.waitExposed(view):
            view.show()
        return view

    return show
