"""The choice of the model that reads, in the real menu with models on disk."""

import pytest
from fakes import DIGITS, FakePredictor
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from digitpad.app.answer.model_line import ModelLine
from digitpad.app.answer.model_menu import ModelMenu
from digitpad.app.services.recognition import ActiveModel, RecognitionService
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.model_store import BUNDLED, ModelStore
from digitpad.recognition.networks import build_network

OPTIONS = {"widths": [4, 4, 4, 4]}


def model(title, architecture="padnet", options=OPTIONS):
    return Model(
        ModelInfo(title, architecture, DIGITS, options), build_network(architecture, 10, options)
    )


@pytest.fixture
def store(tmp_path):
    shipped = tmp_path / "shipped"
    one = model("Bundled model")
    save_model(one, shipped / "bundled.safetensors")
    save_model(make_ensemble([one] * 3, "Bundled ensemble"), shipped / "ensemble.safetensors")
    store = ModelStore(tmp_path / "models", shipped / "bundled.safetensors")
    store.add(model("Any", options={"widths": [1, 1, 1, 1]}), "Small & quick")
    return store


@pytest.fixture
def make_menu(qtbot, store):
    made = []

    def make(start=True, **kwargs):
        def find(name):
            return ActiveModel(FakePredictor(), name, name, DIGITS)

        service = RecognitionService(lambda: find(BUNDLED), lambda: None, find=find)
        if start:
            with qtbot.waitSignal(service.ready):
                service.start()
        parent = QWidget()
        qtbot.addWidget(parent)
        made.append((service, parent))
        return ModelMenu(store, service, parent, **kwargs), service

    yield make
    for service, _ in made:
        service.shutdown()


def entries(menu):
    menu.fill()
    return [(action.text(), action.isChecked()) for action in menu.actions()]


def test_every_model_is_named_with_what_it_costs(make_menu):
    menu, _ = make_menu()
    assert entries(menu) == [
        ("Bundled model", True),
        ("Bundled ensemble (3 networks, about 3 times as long)", False),
        ("Small && quick", False),
    ]
    tips = [action.toolTip() for action in menu.actions()]
    assert "about 3 times as long" in tips[1]
    assert "less time" in tips[2]


def test_before_a_model_is_loaded_none_is_marked_and_no_cost_is_known(make_menu):
    menu, _ = make_menu(start=False)
    assert entries(menu) == [
        ("Bundled model", False),
        ("Bundled ensemble (3 networks)", False),
        ("Small && quick", False),
    ]


def test_a_model_that_is_chosen_reads(qtbot, make_menu):
    menu, service = make_menu()
    for place, name in ((1, "ensemble"), (2, "Small & quick"), (0, BUNDLED)):
        menu.fill()
        with qtbot.waitSignal(service.model_chosen) as chosen:
            menu.actions()[place].trigger()
        assert chosen.args == [name]
        assert [checked for _, checked in entries(menu)].index(True) == place


def test_models_that_come_and_go_are_seen_when_the_menu_opens(make_menu, store):
    menu, _ = make_menu()
    assert len(entries(menu)) == 3
    store.add(model("New"), "New")
    assert ("New", False) in entries(menu)
    (store.folder / "New.safetensors").unlink()
    (store.folder / "Small & quick.safetensors").write_bytes(b"nothing")
    assert len(entries(menu)) == 2


def test_keys_for_symbols_work_before_the_menu_has_opened(make_menu):
    new = QAction("New symbols…")
    make_menu(symbol_actions=[new])
    assert new.associatedObjects()


def test_a_broken_installation_is_said_in_the_menu(make_menu, store):
    menu, _ = make_menu()
    store.bundled_path.write_bytes(b"nothing")
    menu.fill()
    (action,) = menu.actions()
    assert not action.isEnabled()
    assert "bundled.safetensors" in action.text()


def test_the_line_offers_the_menu_beside_the_models_name(qtbot, make_menu):
    menu, _ = make_menu()
    line = ModelLine()
    qtbot.addWidget(line)
    line.resize(300, 40)
    line.show()
    line.show_model("Bundled model", bundled=True)
    assert line.change.isHidden()
    line.offer(menu)
    assert not line.change.isHidden()
    assert line.button.isHidden()
    assert line.change.menu() is menu
    assert line.change.accessibleName() == "Choose another model"


def test_where_there_is_little_room_the_way_back_comes_first(qtbot, make_menu):
    menu, _ = make_menu()
    line = ModelLine()
    qtbot.addWidget(line)
    line.offer(menu)
    line.show_model("Bundled ensemble", bundled=False)
    line.show()
    for width, shown in ((420, True), (240, False), (420, True)):
        line.resize(width, 40)
        qtbot.waitUntil(lambda expected=shown: line.change.isVisible() == expected)
        assert line.button.isVisible()
