"""Teaching on its thread, with the bundled model."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from fakes import SEVEN
from training_run_kit import suspended_run

from digitpad.app.services.recognition import recognition_service
from digitpad.app.services.teaching import TeachingService
from digitpad.ink.drawing import Drawing
from digitpad.ink.preprocessing import preprocess
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.runs.store import RunStore
from digitpad.paths import Profile
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path
from digitpad.samples.sample import Sample
from digitpad.samples.store import SampleStore

ONE = Drawing.of([[[-200, -100], [0, -300], [0, 300]]])
CROSS = Drawing.of([[[-200, -200], [200, 200]], [[-200, 200], [200, -200]]])
GLYPHS = np.stack([preprocess(one).glyph for one in (SEVEN, ONE, CROSS)])


@pytest.fixture
def profile(tmp_path):
    return Profile(tmp_path)


@pytest.fixture
def make_teaching(qtbot, profile):
    """A program's recognition and teaching, ready."""
    made = []

    def make(name=BUNDLED, **kwargs):
        recognition = recognition_service(
            ModelStore(profile.models_dir, bundled_model_path()), name
        )
        teaching = TeachingService(profile, recognition, **kwargs)
        made.extend([recognition, teaching])
        with qtbot.waitSignal(recognition.ready, timeout=60_000):
            recognition.start()
        return teaching

    yield make
    for service in made:
        service.shutdown()


@pytest.fixture
def teaching(make_teaching):
    return make_teaching()


def lesson(label="1", drawing=SEVEN):
    return Sample.of(label, drawing, origin="correction")


def answers(teaching):
    return [one.probabilities for one in teaching._recognition.active.predictor.predict(GLYPHS)]


def test_a_lesson_changes_the_answers_and_taking_it_back_restores_them(qtbot, teaching, profile):
    before = answers(teaching)
    with qtbot.waitSignal(teaching.learned) as learned:
        teaching.teach(lambda: [lesson()])
    assert [one.label for one in SampleStore(profile.samples_path).list()] == ["1"]
    assert learned.args[0].count == 1
    during = answers(teaching)
    assert during[0] != before[0]
    assert np.argmax(during[0]) == 1
    assert teaching._recognition.active.lessons == 1
    with qtbot.waitSignals([teaching.taken_back, teaching.adaptation_changed]):
        teaching.take_back()
    assert answers(teaching) == before
    assert not SampleStore(profile.samples_path).list()
    with qtbot.waitSignal(teaching.adaptation_changed):
        teaching.redo()
    assert answers(teaching) == during


def test_what_is_asked_for_is_written_before_the_end(teaching, profile):
    for label, drawing in zip("123", (SEVEN, ONE, CROSS), strict=True):
        teaching.teach(lambda label=label, drawing=drawing: [lesson(label, drawing)])
    teaching.shutdown()
    assert [one.label for one in SampleStore(profile.samples_path).list()] == ["1", "2", "3"]


def test_nothing_is_made_where_nothing_was_taught(qtbot, teaching, profile):
    teaching.refresh()
    teaching.shutdown()
    assert not profile.samples_path.exists()
    assert not profile.adapted_dir.exists()


def test_the_next_start_finds_the_adapted_model(qtbot, make_teaching, profile):
    first = make_teaching()
    with qtbot.waitSignal(first.learned):
        first.teach(lambda: [lesson()])
    first.shutdown()
    assert (profile.adapted_dir / "bundled.safetensors").exists()
    again = make_teaching()
    qtbot.waitUntil(lambda: again.adapted is not None)
    assert again._worker._lessons._pupil is None
    assert answers(again) == answers(first)


def test_another_window_is_noticed(qtbot, teaching, profile):
    before = answers(teaching)
    SampleStore(profile.samples_path).add([lesson()])
    with qtbot.waitSignals([teaching.changed, teaching.adaptation_changed]):
        teaching.refresh()
    assert answers(teaching) != before
    assert [one.label for one in teaching.samples] == ["1"]


def test_the_model_itself_is_used_where_that_is_wanted(qtbot, teaching):
    before = answers(teaching)
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson()])
    during = answers(teaching)
    teaching.set_used(False)
    assert answers(teaching) == before
    teaching.set_used(True)
    assert answers(teaching) == during


def test_edits_are_undone_and_done_again(qtbot, teaching):
    with qtbot.waitSignal(teaching.changed):
        teaching.add([lesson("1"), lesson("2", ONE)])
    with qtbot.waitSignal(teaching.changed):
        teaching.relabel([2], "3")
    with qtbot.waitSignal(teaching.changed):
        teaching.delete([1])
    assert [one.label for one in teaching.samples] == ["3"]
    for labels in (["1", "3"], ["1", "2"], []):
        with qtbot.waitSignal(teaching.changed):
            teaching.undo()
        assert [one.label for one in teaching.samples] == labels
    for labels in (["1", "2"], ["1", "3"], ["3"]):
        with qtbot.waitSignal(teaching.changed):
            teaching.redo()
        assert [one.label for one in teaching.samples] == labels


def test_the_window_is_not_held_up(qtbot, teaching):
    threads = set()

    def make():
        threads.add(threading.get_ident())
        return [lesson()]

    with qtbot.waitSignal(teaching.learned):
        teaching.teach(make)
    assert threading.get_ident() not in threads


def test_everything_that_is_deleted_is_deleted_in_suspended_trainings_too(qtbot, teaching, profile):
    runs = RunStore(profile.runs_dir)
    run = suspended_run(runs, TrainingConfig(samples_share=0.2))
    copy = SampleStore(runs.samples_path(run.id))
    copy.add([lesson()])
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson()])
    with qtbot.waitSignal(teaching.changed):
        teaching.delete_everything()
    assert teaching.samples == ()
    assert not copy.path.exists()
