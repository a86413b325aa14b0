"""Sets of symbols in the program, with real stores, models and threads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from made_once import symbols_made_once
from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget
from runes import NAMES, beside, rune, runes

from digitpad.app.answer.model_menu import ModelMenu
from digitpad.app.services.recognition import recognition_service
from digitpad.app.services.teaching import TeachingService
from digitpad.app.symbols.actions import SymbolActions
from digitpad.app.symbols.controller import ROUNDS, SymbolsController
from digitpad.ink.stroke_file import read_strokes
from digitpad.learning.adaptation.symbol_sets import SymbolSets
from digitpad.paths import Profile
from digitpad.recognition.model_file import load_model, save_model
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path
from digitpad.recognition.recognition import preprocess_drawing
from digitpad.samples.sample import Sample
from digitpad.samples.store import SampleStore

__all__ = ["symbols_made_once"]

pytestmark = pytest.mark.usefixtures("symbols_made_once")


class Kit(QObject):
    """What the program is made of, without its window."""

    def __init__(self, folder, name=BUNDLED, **kwargs):
        super().__init__()
        self.profile = Profile(folder)
        self.models = ModelStore(self.profile.models_dir, bundled_model_path())
        self.sets = SymbolSets(self.profile.samples_path, self.models)
        self.samples = SampleStore(self.profile.samples_path)
        self.recognition = recognition_service(self.models, name, self.sets)
        self.teaching = TeachingService(
            self.profile, self.recognition, models=self.models, **kwargs
        )
        self.window = QWidget()
        self.actions = SymbolActions()
        self.controller = SymbolsController(
            self.actions,
            self.teaching,
            self.recognition,
            self.models,
            folder / "symbols",
            QIcon(),
            self.window,
        )
        self.said, self.to_draw = [], []
        for source in (self.controller, self.recognition, self.teaching):
            source.noticed.connect(self.said.append)
        self.controller.reported.connect(self.said.append)
        self.controller.drawing_wanted.connect(self.to_draw.append)

    def close(self):
        self.recognition.shutdown()
        self.teaching.shutdown()

    @property
    def active(self):
        return self.recognition.active

    def answers(self, samples):
        predictions = self.active.predictor.predict(np.stack([one.glyph for one in samples]))
        return [one.text for one in predictions]

    def lessons(self):
        info = self.active.model.info
        return info.origin.get("lessons", 0)


@pytest.fixture
def make_kit(qtbot, tmp_path):
    made = []

    def make(*args, **kwargs):
        kit = Kit(tmp_path, *args, **kwargs)
        made.append(kit)
        qtbot.addWidget(kit.window)
        with qtbot.waitSignal(kit.recognition.ready):
            kit.recognition.start()
        return kit

    yield make
    for kit in made:
        kit.close()


@pytest.fixture
def kit(make_kit):
    return make_kit()


def open_dialog(qtbot, kit, action):
    action.trigger()
    qtbot.waitUntil(lambda: kit.controller.dialog is not None)
    return kit.controller.dialog


def make_set(qtbot, kit, name="runes", classes=NAMES):
    dialog = open_dialog(qtbot, kit, kit.actions.new)
    dialog.name.setText(name)
    dialog.field.setText(" ".join(classes))
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: kit.active.symbols == name)


def teach(qtbot, kit, samples):
    wanted = len(kit.samples.list()) + len(samples)
    kit.teaching.add([replace(one, id=0) for one in samples])
    qtbot.waitUntil(lambda: kit.lessons() == wanted)


def test_a_new_set_is_read_at_once_and_is_to_be_drawn(qtbot, kit):
    assert not kit.actions.change.isEnabled()
    make_set(qtbot, kit)
    assert kit.to_draw == [ROUNDS]
    assert (kit.active.name, kit.active.classes) == ("runes", NAMES)
    assert kit.actions.change.isEnabled()
    assert kit.controller.dialog is None
    assert [one.name for one in kit.models.list()] == ["bundled", "ensemble", "runes"]
    # Nothing is known of any of them.
    assert all(one.rejected for one in kit.active.predictor.predict(runes(1)[0].glyph[None].copy()))
    teach(qtbot, kit, runes(3))
    others = runes(4, first=3)
    assert (
        np.mean([a == one.label for a, one in zip(kit.answers(others), others, strict=True)]) > 0.8
    )
    assert kit.active.can_reject
    kit.actions.draw.trigger()
    assert kit.to_draw == [ROUNDS, ROUNDS]


def test_it_is_drawn_even_if_another_model_learns_a_lesson_meanwhile(qtbot, kit):
    dialog = open_dialog(qtbot, kit, kit.actions.new)
    dialog.name.setText("runes")
    dialog.field.setText(" ".join(NAMES))
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept_button.click()
    kit.recognition.model_changed.emit()
    qtbot.waitUntil(lambda: kit.to_draw == [ROUNDS])
    assert kit.active.symbols == "runes"


def test_a_correction_is_learned_and_taken_back(qtbot, kit):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(1))
    before = kit.active.model.network.classifier.weight.clone()
    sample = replace(Sample.of("gate", rune("gate", 7), origin="correction"), symbols="runes")
    with qtbot.waitSignal(kit.teaching.learned):
        kit.teaching.teach(lambda: [sample])
    assert kit.lessons() == len(NAMES) + 1
    with qtbot.waitSignals([kit.teaching.taken_back, kit.teaching.adaptation_changed]):
        kit.teaching.take_back()
    assert torch.equal(kit.active.model.network.classifier.weight, before)


def test_without_what_was_taught_a_set_would_be_nothing(qtbot, make_kit):
    kit = make_kit(used=False)
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(1))


def test_the_next_start_reads_the_set_with_all_its_drawings(qtbot, make_kit):
    first = make_kit()
    make_set(qtbot, first)
    teach(qtbot, first, runes(2))
    expected = first.answers(runes(3))
    first.close()
    again = make_kit("runes")
    assert again.lessons() == again.active.lessons == 10
    assert again.answers(runes(3)) == expected
    assert again.models.get("runes").info.origin["lessons"] == 10


def test_a_model_that_was_deleted_is_in_the_menu_and_made_anew(qtbot, kit):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(1))
    with qtbot.waitSignal(kit.recognition.model_changed):
        kit.recognition.use(BUNDLED)
    kit.models.get("runes").path.unlink()
    menu = ModelMenu(
        kit.models,
        kit.recognition,
        kit.window,
        sets=kit.sets,
        symbol_actions=kit.actions.every,
    )
    menu.fill()
    texts = [action.text() for action in menu.actions()]
    assert texts[2:4] == ["runes", ""]
    assert menu.actions()[4] is kit.actions.new
    menu.actions()[2].trigger()
    qtbot.waitUntil(lambda: kit.active.symbols == "runes")
    assert kit.lessons() == 5


def test_at_the_start_a_model_that_was_deleted_is_made_anew(qtbot, make_kit):
    first = make_kit()
    make_set(qtbot, first)
    first.close()
    first.models.get("runes").path.unlink()
    again = make_kit("runes")
    assert (again.active.symbols, again.active.notice) == ("runes", None)
    assert again.said == []


def test_symbols_come_and_go(qtbot, kit):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(2))
    dialog = open_dialog(qtbot, kit, kit.actions.change)
    assert dialog.classes == NAMES
    assert dialog.list.item(0).toolTip() == "triangle: 2 drawings"
    dialog.list.item(0).setSelected(True)
    dialog.remove()
    dialog.field.setText("house")
    dialog.accept_button.click()
    wanted = (*NAMES[1:], "house")
    qtbot.waitUntil(lambda: kit.active.classes == wanted)
    assert kit.lessons() == 8
    assert kit.controller.dialog is None
    assert len(kit.samples.list()) == 10
    # Nothing is asked for but after a new set.
    assert kit.to_draw == [ROUNDS]


def test_a_set_is_renamed(qtbot, kit):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(1))
    dialog = open_dialog(qtbot, kit, kit.actions.change)
    dialog.name.setText("My runes")
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: kit.active.symbols == "My runes")
    assert kit.lessons() == 5
    assert [one.name for one in kit.models.list()] == ["bundled", "ensemble", "My runes"]
    assert kit.said == []


@pytest.mark.parametrize(("button", "left"), [(0, 0), (1, 5)])
def test_a_set_is_deleted_and_its_drawings_are_asked_about(qtbot, kit, button, left):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(1))
    dialog = open_dialog(qtbot, kit, kit.actions.change)
    dialog.delete_button.click()
    question = kit.controller.question
    assert question.text().endswith("There are 5 drawings of them.")
    texts = ["Delete the &drawings, too", "&Keep the drawings"]
    found = {one.text(): one for one in question.buttons()}
    found[texts[button]].click()
    qtbot.waitUntil(lambda: "Deleted the symbols runes" in kit.said)
    qtbot.waitUntil(lambda: kit.active.name == BUNDLED)
    assert (kit.sets.sets(), len(kit.samples.list())) == ({}, left)
    assert [one.name for one in kit.models.list()] == ["bundled", "ensemble"]
    assert kit.controller.dialog is None
    assert kit.said == ["Deleted the symbols runes"]


def test_deleting_can_be_thought_over(qtbot, kit):
    make_set(qtbot, kit)
    dialog = open_dialog(qtbot, kit, kit.actions.change)
    dialog.delete_button.click()
    kit.controller.question.reject()
    assert kit.controller.question is None
    assert list(kit.sets.sets()) == ["runes"]
    assert kit.controller.dialog is dialog
    dialog.reject()


def test_names_that_are_taken_are_said(qtbot, kit):
    make_set(qtbot, kit)
    kit.models.add(load_model(kit.models.bundled_path), "mine")
    dialog = open_dialog(qtbot, kit, kit.actions.new)
    dialog.field.setText("a b")
    for name in ("", "RUNES", "mine", "a/b"):
        dialog.name.setText(name)
        dialog.accept_button.click()
        assert dialog.name_problem.text.endswith(".")
    assert list(kit.sets.sets()) == ["runes"]
    dialog.reject()


def test_what_cannot_be_saved_is_said_and_can_be_tried_again(qtbot, kit, monkeypatch):
    dialog = open_dialog(qtbot, kit, kit.actions.new)
    dialog.name.setText("runes")
    dialog.field.setText("a b")
    kit.profile.samples_path.mkdir()
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.problem.text != "")
    assert kit.controller.dialog is dialog
    assert dialog.classes == ("a", "b")
    kit.profile.samples_path.rmdir()
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: kit.active.symbols == "runes")


def test_a_training_gets_the_drawings_and_the_model(qtbot, kit):
    make_set(qtbot, kit)
    kit.actions.train.trigger()
    qtbot.waitUntil(lambda: kit.said != [])
    assert kit.said[0].startswith("A network needs drawings of at least two symbols")
    teach(qtbot, kit, runes(2, names=NAMES[:3]) + runes(1, names=NAMES[3:]))
    with qtbot.waitSignal(kit.controller.training_wanted) as wanted:
        kit.actions.train.trigger()
    file, name = wanted.args
    assert name == "runes"
    records = list(read_strokes(Path(file)))
    assert sorted({record.word for record in records}) == sorted(NAMES[:3])
    assert len(records) == 6
    # With the drawings, the copy goes.
    dialog = open_dialog(qtbot, kit, kit.actions.change)
    dialog.delete_button.click()
    next(b for b in kit.controller.question.buttons() if "drawings, too" in b.text()).click()
    qtbot.waitUntil(lambda: "Deleted the symbols runes" in kit.said)
    assert not Path(file).exists()


def test_another_windows_changes_are_seen(qtbot, kit):
    make_set(qtbot, kit)
    other = SymbolSets(SampleStore(kit.profile.samples_path), kit.models)
    other.change("runes", (*NAMES, "house"))
    kit.teaching.refresh()
    qtbot.waitUntil(lambda: kit.active.classes == (*NAMES, "house"))
    other.delete("runes", with_samples=True)
    kit.teaching.refresh()
    qtbot.waitUntil(lambda: kit.active.name == BUNDLED)
    assert [one.startswith("The symbols runes are no longer") for one in kit.said] == [True]


def test_with_everything_that_was_taught_the_models_go(qtbot, kit):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(1))
    kit.teaching.delete_everything()
    qtbot.waitUntil(lambda: kit.active.name == BUNDLED)
    assert [one.name for one in kit.models.list()] == ["bundled", "ensemble"]
    assert (kit.sets.sets(), kit.samples.list()) == ({}, ())


def test_the_model_of_somebody_elses_set_is_taught_like_any_other(qtbot, kit):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(3))
    kit.teaching.shutdown()
    other = kit.profile.root / "theirs.safetensors"
    save_model(kit.active.model, other)
    kit.sets.delete("runes", with_samples=True)
    kit.models.import_file(other, "theirs")
    with qtbot.waitSignal(kit.recognition.model_changed):
        kit.recognition.use("theirs")
    assert (kit.active.symbols, kit.active.classes) == ("", NAMES)
    assert not kit.actions.change.isEnabled()
    assert kit.answers(runes(3)) == [one.label for one in runes(3)]


def test_two_symbols_beside_each_other_are_a_text(qtbot, kit):
    make_set(qtbot, kit)
    teach(qtbot, kit, runes(3))
    drawing = beside(rune("gate", 30), rune("triangle", 31), gap=300.0)
    found = kit.recognition.recognize(preprocess_drawing(drawing))
    assert len(found.parts) == 2
    assert found.classes == NAMES
