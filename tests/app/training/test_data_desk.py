"""The look into the data follows the form's choice of data."""

import pytest

from digitpad.app.icons import Icons
from digitpad.app.services.data import DataService
from digitpad.app.training.data_desk import DataDesk
from digitpad.app.training.page import TrainPage
from digitpad.learning.config import DataChoice, TrainingConfig
from digitpad.learning.sets.catalog import describe
from digitpad.paths import resources_dir


@pytest.fixture
def page(qtbot, tmp_path):
    page = TrainPage(Icons(resources_dir() / "icons"))
    qtbot.addWidget(page)
    service = DataService(tmp_path)
    desk = DataDesk(page, service)
    yield page
    service.shutdown()
    desk.deleteLater()


@pytest.mark.parametrize("kind", ["synthetic", "qmnist", "mnist"])
def test_what_could_be_shown_is_what_the_form_has_chosen(page, kind):
    for each in ("synthetic", "qmnist", kind):
        page.form.set_config(TrainingConfig(data=DataChoice(each)))
    assert page.data.message.sentence.text() == describe(kind).sentence
    assert page.data.message.button.text().replace("&", "") == "Show the drawings"


def test_nothing_is_offered_while_a_place_is_missing(page):
    page.form.set_config(TrainingConfig(data=DataChoice("pictures", "/nowhere")))
    assert page.form.problem
    assert page.data.message.sentence.text() == page.form.problem
    assert page.data.message.button.isHidden()
