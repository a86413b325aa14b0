"""One writer at a time is taught: what becomes a lesson, and what is counted."""

import numpy as np
import pytest
from teaching_kit import as_read, drawn, misread, seen, untaught

from digitpad.recognition.recognizer import Recognizer
from training.recipe.drawings import plain_glyphs
from training.teaching import simulate
from training.teaching.simulate import MOST_LESSONS, SLIPS, Beside, teach_writer


@pytest.fixture(scope="module")
def model():
    return untaught()


@pytest.fixture(scope="module")
def beside(model):
    others = as_read(model, drawn("anna", 10) + drawn("ben", 10))
    writers = np.array([one.writer for one in others])
    digits = seen(model, others)
    return Beside(digits, digits, writers, seen(model, drawn("none", 10)))


def test_who_is_read_right_gets_no_lesson(model, beside):
    theirs = as_read(model, drawn("cleo", 15))
    found = teach_writer(model, theirs, seen(model, theirs), beside)
    assert (found.writer, found.drawings, found.lessons) == ("cleo", 15, 0)
    assert found.errors == (0,)
    assert found.side is None
    assert found.seconds == ()
    assert found.flagged_right == 0


def test_what_is_misread_becomes_a_lesson_and_is_not_counted(model, beside, monkeypatch):
    theirs = as_read(model, drawn("cleo", 15))
    theirs[3], theirs[8] = misread(theirs[3]), misread(theirs[8])
    lessons = []
    teach = simulate.Teacher.teach

    def watched(teacher, samples):
        lessons.append([sample.label for sample in samples])
        return teach(teacher, samples)

    monkeypatch.setattr(simulate.Teacher, "teach", watched)
    found = teach_writer(model, theirs, seen(model, theirs), beside)
    assert lessons[0] == [theirs[3].word]
    assert lessons[1] == [theirs[3].word, theirs[8].word]
    assert len(lessons) == found.lessons + SLIPS
    assert len(found.errors) == found.lessons + 1
    assert len(found.seconds) == found.lessons
    # Neither of the two is among the drawings that are counted.
    assert found.errors[0] == 0
    assert found.side is not None


def test_there_are_never_more_lessons_than_five(model, beside):
    theirs = [misread(one) for one in as_read(model, drawn("cleo", 20))]
    found = teach_writer(model, theirs, seen(model, theirs), beside)
    assert found.lessons == MOST_LESSONS
    assert found.errors[0] == 20 - MOST_LESSONS
    assert len(found.errors) == MOST_LESSONS + 1


def test_the_digits_of_the_writer_are_none_of_other_people(model, beside, monkeypatch):
    theirs = as_read(model, drawn("anna", 15))
    theirs[0] = misread(theirs[0])
    asked = []
    monkeypatch.setattr(
        simulate, "_side", lambda _before, _after, others, _beside: asked.append(len(others.labels))
    )
    teach_writer(model, theirs, seen(model, theirs), beside)
    assert asked == [10]


def test_wrong_lessons_are_tried_alone(model, beside):
    theirs = as_read(model, drawn("cleo", 15))
    found = teach_writer(model, theirs, seen(model, theirs), beside)
    assert found.slips == SLIPS
    assert 0 <= found.flagged_wrong <= SLIPS
    assert all(0 <= cost <= 1 for cost in found.slip_costs)


def test_a_taught_model_is_asked_by_what_its_network_has_seen(model):
    theirs = as_read(model, drawn("cleo", 15))
    once = seen(model, theirs)
    lesson = simulate._sample(theirs[0], misread(theirs[0]).word, 1)
    taught = simulate.Teacher(model).teach([lesson])
    glyphs = plain_glyphs([one.drawing for one in theirs])
    for asked in (model, taught):
        expected = Recognizer(asked).probabilities(glyphs)
        assert once.probabilities(asked) == pytest.approx(expected, abs=1e-4)
    assert once.probabilities(taught)[0].argmax() == misread(theirs[0]).label


def test_some_of_what_was_seen_is_taken(model):
    theirs = as_read(model, drawn("cleo", 6))
    every = seen(model, theirs)
    some = every.take(np.array([4, 1]))
    assert some.labels.tolist() == [theirs[4].label, theirs[1].label]
    assert some.probabilities(model) == pytest.approx(every.probabilities(model)[[4, 1]])
