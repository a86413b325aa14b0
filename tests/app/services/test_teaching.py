"""Teaching on its thread, with the bundled model."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from fakes import SEVEN
from training_run_kit import suspended_run

from digitpad.app.services.lessons import Lessons, OvertakenError
from digitpad.app.services.recognition import recognition_service
from digitpad.app.services.teaching import TeachingService
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.preprocessing import preprocess
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.runs.store import RunStore
from digitpad.paths import Profile
from digitpad.recognition.model_file import load_model, save_model
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
        teaching.bring_back()
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


def test_what_is_undone_of_the_samples_is_no_lesson(qtbot, teaching):
    with qtbot.waitSignal(teaching.changed):
        teaching.add([lesson("2", ONE)])
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson("1")])
    with qtbot.waitSignal(teaching.changed):
        teaching.undo()
    assert [one.label for one in teaching.samples] == ["1"]
    assert not teaching.can_undo
    teaching.undo()
    assert teaching.can_take_back
    with qtbot.waitSignals([teaching.taken_back, teaching.changed]):
        teaching.take_back()
    with qtbot.waitSignal(teaching.changed):
        teaching.redo()
    assert [one.label for one in teaching.samples] == ["2"]
    assert not teaching.can_redo
    with qtbot.waitSignal(teaching.learned):
        teaching.bring_back()
    assert [one.label for one in teaching.samples] == ["2", "1"]


def test_many_samples_are_labelled_at_one_blow_or_not_at_all(qtbot, teaching, monkeypatch):
    with qtbot.waitSignal(teaching.changed):
        teaching.add([lesson("1"), lesson("2", ONE), lesson("4", CROSS)])
    store, written = teaching._lessons.store, []
    write = store._database.write

    def count(work):
        written.append(work)
        return write(work)

    monkeypatch.setattr(store._database, "write", count)
    for change in (
        lambda: teaching.relabel([1, 2, 3], "5"),
        lambda: teaching.flag([1, 2, 3], flagged=True),
        teaching.undo,
        teaching.undo,
    ):
        written.clear()
        with qtbot.waitSignal(teaching.changed):
            change()
        assert len(written) == 1
    assert [one.label for one in teaching.samples] == ["1", "2", "4"]


def test_the_window_is_not_held_up(qtbot, teaching):
    threads = set()

    def make():
        threads.add(threading.get_ident())
        return [lesson()]

    with qtbot.waitSignal(teaching.learned):
        teaching.teach(make)
    assert threading.get_ident() not in threads


def test_an_ensemble_keeps_the_sample_and_says_why_it_learns_nothing(qtbot, make_teaching, profile):
    teaching = make_teaching("ensemble")
    before = answers(teaching)
    with qtbot.waitSignal(teaching.learned) as learned:
        teaching.teach(lambda: [lesson()])
    assert isinstance(learned.args[0].reason, DigitpadError)
    assert teaching.reason is learned.args[0].reason
    assert not learned.args[0].is_taught
    assert answers(teaching) == before
    assert len(SampleStore(profile.samples_path).list()) == 1
    assert not profile.adapted_dir.exists()


def test_another_model_is_taught_by_the_same_samples(qtbot, teaching):
    recognition = teaching._recognition
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson()])
    taught = answers(teaching)
    with qtbot.waitSignal(recognition.model_chosen):
        recognition.use("ensemble")
    assert teaching.adapted is None
    assert recognition.active.lessons == 0
    qtbot.waitUntil(lambda: teaching.reason is not None)
    with qtbot.waitSignal(recognition.model_chosen):
        recognition.use(BUNDLED)
    qtbot.waitUntil(lambda: teaching.adapted is not None)
    assert answers(teaching) == taught


def test_a_deleted_parent_loses_nothing(qtbot, make_teaching, profile):
    bundled = load_model(bundled_model_path())
    ModelStore(profile.models_dir, bundled_model_path()).add(bundled, "mine")
    first = make_teaching("mine")
    with qtbot.waitSignal(first.learned):
        first.teach(lambda: [lesson()])
    first.shutdown()
    assert (profile.adapted_dir / "mine.safetensors").exists()
    (profile.models_dir / "mine.safetensors").unlink()
    again = make_teaching("mine")
    assert again._recognition.active.name == BUNDLED
    qtbot.waitUntil(lambda: again.adapted is not None)
    assert [one.label for one in again.samples] == ["1"]


@pytest.mark.parametrize("damage", ["other samples", "damaged", "other parent"])
def test_an_adapted_model_that_does_not_belong_is_made_again(
    qtbot, make_teaching, profile, damage, caplog
):
    first = make_teaching()
    with qtbot.waitSignal(first.learned):
        first.teach(lambda: [lesson()])
    first.shutdown()
    taught = answers(first)
    path = profile.adapted_dir / "bundled.safetensors"
    if damage == "damaged":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "other parent":
        model = load_model(path)
        origin = {**model.info.origin, "taught_from": "another"}
        save_model(replace(model, info=replace(model.info, origin=origin)), path)
    else:
        SampleStore(profile.samples_path).add([lesson("2", ONE)])
        SampleStore(profile.samples_path).delete([1])
    again = make_teaching()
    qtbot.waitUntil(lambda: again.adapted is not None)
    again.shutdown()
    assert (answers(again) == taught) is (damage != "other samples")
    assert again._worker._lessons._pupil is not None
    assert bool(caplog.records) is (damage == "damaged")
    # It is kept for the next time.
    third = make_teaching()
    qtbot.waitUntil(lambda: third.adapted is not None)
    assert third._worker._lessons._pupil is None
    assert answers(third) == answers(again)


def test_an_adapted_model_is_written_only_where_it_has_changed(qtbot, make_teaching, profile):
    first = make_teaching()
    with qtbot.waitSignal(first.learned):
        first.teach(lambda: [lesson()])
    first.shutdown()
    path = profile.adapted_dir / "bundled.safetensors"
    stamp = path.stat().st_mtime_ns
    again = make_teaching()
    qtbot.waitUntil(lambda: again.adapted is not None)
    again.shutdown()
    assert path.stat().st_mtime_ns == stamp


def test_without_lessons_no_adapted_model_is_kept(qtbot, teaching, profile):
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson()])
    with qtbot.waitSignal(teaching.changed):
        teaching.delete_everything()
    teaching.shutdown()
    assert not list(profile.adapted_dir.iterdir())


def test_what_cannot_be_written_is_a_sentence_and_can_be_tried_again(qtbot, teaching, profile):
    before = answers(teaching)
    profile.samples_path.mkdir(parents=True)
    with qtbot.waitSignal(teaching.noticed):
        teaching.teach(lambda: [lesson()])
    assert answers(teaching) == before
    assert not teaching.can_undo
    assert not teaching.can_take_back
    profile.samples_path.rmdir()
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson()])
    assert answers(teaching) != before


def test_an_undo_that_fails_can_be_tried_again(qtbot, teaching, profile, monkeypatch):
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson()])

    def fail(*_):
        raise DigitpadError("The disk is full.")

    monkeypatch.setattr(teaching._lessons.store, "delete", fail)
    with qtbot.waitSignals([teaching.noticed, teaching.history_changed]):
        teaching.take_back()
    qtbot.waitUntil(lambda: teaching.can_take_back)
    monkeypatch.undo()
    with qtbot.waitSignal(teaching.taken_back):
        teaching.take_back()


def test_a_bug_in_a_lesson_leaves_the_thread_alive(qtbot, teaching):
    def make():
        raise RuntimeError("a bug")

    with qtbot.captureExceptions() as found:
        teaching.teach(make)
        # The bug is known before the window's thread has heard of its end.
        qtbot.waitUntil(lambda: bool(found) and not teaching.can_take_back)
    with qtbot.waitSignal(teaching.learned):
        teaching.teach(lambda: [lesson()])


def test_work_with_the_store_is_noticed(qtbot, teaching):
    done = []
    with qtbot.waitSignals([teaching.changed, teaching.adaptation_changed]):
        teaching.run(lambda store: store.add([lesson()]), done.append)
    assert [one.label for one in done[0]] == ["1"]
    assert teaching.adapted is not None


def test_the_teacher_looks_at_older_lessons_while_nothing_happens(qtbot, make_teaching):
    first = make_teaching()
    with qtbot.waitSignal(first.learned):
        first.teach(lambda: [lesson()])
    first.shutdown()
    again = make_teaching()
    qtbot.waitUntil(lambda: again.adapted is not None)
    assert again._lessons._pupil is None
    # The thread is busy until the program closes: who is faster must not matter.
    busy = threading.Event()
    again.run(lambda _: busy.wait(60))
    again._warm_up.timeout.emit()
    again._worker.closing.set()
    busy.set()
    again.shutdown()
    assert again._lessons._pupil is None, "nobody waits for it at the end"
    third = make_teaching()
    qtbot.waitUntil(lambda: third.adapted is not None)
    third._warm_up.timeout.emit()
    qtbot.waitUntil(lambda: third._lessons._pupil is not None)


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


def test_what_others_bring_is_judged_on_the_thread(qtbot, teaching):
    judge, found = teaching.judge(), []
    teaching.run(lambda _: [judge(lesson(label), []) for label in "47"], found.extend)
    qtbot.waitUntil(lambda: bool(found), timeout=60_000)
    assert found == [True, False]


def test_a_lesson_that_was_meant_is_learned_in_full(qtbot, teaching):
    with qtbot.waitSignal(teaching.learned) as learned:
        teaching.teach(lambda: [lesson("4")])
    (sample,) = learned.args[0].samples
    assert sample.is_flagged
    before = answers(teaching)
    with qtbot.waitSignal(teaching.adaptation_changed):
        teaching.confirm([sample.id])
    assert not teaching.samples[0].is_flagged
    assert answers(teaching) != before
    assert not teaching.can_undo
    with qtbot.waitSignals([teaching.taken_back, teaching.changed]):
        teaching.take_back()
    with qtbot.waitSignal(teaching.learned):
        teaching.bring_back()
    assert not teaching.samples[0].is_flagged


def test_a_lesson_does_not_wait_until_all_others_are_learned(teaching):
    """What is being learned is given up where there is something more important, and is kept."""
    chosen = teaching._recognition.chosen
    lessons = Lessons(teaching._lessons._path, teaching._lessons.kept.folder)
    lessons.add([lesson("1"), lesson("2", ONE), lesson("4", CROSS)])
    asked = []

    def is_over():
        asked.append(len(asked))
        return len(asked) > 2

    with pytest.raises(OvertakenError):
        lessons.adaptation(chosen, is_over)
    assert len(asked) == 3
    assert not lessons.contradicts(chosen, lesson("4"), is_over=lambda: True)
    whole = lessons.adaptation(chosen).adapted.model.network
    other = Lessons(teaching._lessons._path, teaching._lessons.kept.folder)
    other.refresh()
    again = other.adaptation(chosen).adapted.model.network
    assert torch.equal(whole.get_buffer("effects"), again.get_buffer("effects"))
