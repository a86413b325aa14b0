"""What the tests of the view beside the pad share."""

import pytest
from fakes import DIGITS

from digitpad.app.answer.view import AnswerView


@pytest.fixture
def view(qtbot):
    view = AnswerView()
    qtbot.addWidget(view)
    view.resize(340, 600)
    view.bars.show_classes(DIGITS)
    view.show_ready()
    with qtbot.waitExposed(view):
        view.show()
    return view
