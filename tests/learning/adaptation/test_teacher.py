"""Single lessons change what is near to them, at once, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from handwriting import drawn, line
from sentences import raises_error

from digitpad.data.public.excerpt import excerpt_files
from digitpad.ink.drawing import Drawing
from digitpad.learning.adaptation.statistics import EXEMPLARS, class_statistics
from digitpad.learning.adaptation.teacher import MOST_LESSONS, Teacher, why_not_taught
from digitpad.recognition.adapted.taught import Taught
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.networks import ARCHITECTURES, build_network
from digitpad.recognition.recognizer import Recognizer
from digitpad.samples.pictures import of_glyph
from digitpad.samples.sample import Sample


@pytest.fixture(scope="module")
def bundled() -> Model:
    return load_model(bundled_model_path())


@pytest.fixture(scope="module")
def digits():
    """A thousand digits of MNIST and their labels."""
    files = excerpt_files("test")
    glyphs = np.concatenate([batch.glyphs for batch in files.batches(1000)])
    return glyphs[:1000], files.indices()[:1000]


@pytest.fixture
def lesson() -> Sample:
    """A 1 with a long flag, which the bundled model takes for a 7."""
    return replace(Sample.of("1", flagged_one()), id=1)


def flagged_one(shift: float = 0.0) -> Drawing:
    return drawn([line((shift - 12, shift + 20), (30, 0), (24 + shift, 100))])


def probabilities(model: Model, glyphs) -> np.ndarray:
    return Recognizer(model).probabilities(np.asarray(glyphs))


def test_one_lesson_is_learned_and_reaches_similar_drawings(bundled, lesson):
    similar = [flagged_one(shift) for shift in (-1, 1, 2)]
    glyphs = np.stack([Sample.of("1", drawing).glyph for drawing in similar])
    before = [one.text for one in Recognizer(bundled).predict(glyphs)]
    taught = Teacher(bundled).teach([lesson])
    after = [one.text for one in Recognizer(taught).predict(glyphs)]
    assert set(before) == {"7"}
    assert set(after) == {"1"}
    assert taught.info.parent == bundled.info.name
    assert taught.info.origin["lessons"] == 1


def test_what_does_not_look_like_it_stays(bundled, lesson, digits):
    glyphs, labels = digits
    taught = Teacher(bundled).teach([lesson])
    before, after = probabilities(bundled, glyphs), probabilities(taught, glyphs)
    lost = (before.argmax(1) == labels).mean() - (after.argmax(1) == labels).mean()
    assert lost <= 0.0025
    assert np.median(np.abs(after - before).max(axis=1)) < 0.001


def test_a_lesson_that_is_taken_back_leaves_nothing_behind(bundled, lesson, digits):
    glyphs = digits[0][:200]
    other = replace(Sample.of("4", Drawing.of([[[0, 0], [0, 5], [4, 5]], [[3, 2], [3, 9]]])), id=2)
    teacher = Teacher(bundled)
    none, one = (
        probabilities(teacher.teach([]), glyphs),
        probabilities(teacher.teach([lesson]), glyphs),
    )
    both = probabilities(teacher.teach([lesson, other]), glyphs)
    assert teacher.teach([]) is bundled
    assert not np.array_equal(one, both)
    np.testing.assert_array_equal(probabilities(teacher.teach([lesson]), glyphs), one)
    np.testing.assert_array_equal(probabilities(Teacher(bundled).teach([lesson]), glyphs), one)
    np.testing.assert_array_equal(probabilities(bundled, glyphs), none)


def test_the_file_answers_as_the_model(bundled, lesson, digits, tmp_path):
    taught = Teacher(bundled).teach([lesson])
    save_model(taught, tmp_path / "taught.safetensors")
    loaded = load_model(tmp_path / "taught.safetensors")
    assert loaded.info == taught.info
    glyphs = digits[0][:200]
    np.testing.assert_array_equal(probabilities(loaded, glyphs), probabilities(taught, glyphs))
    further = Teacher(loaded).teach([replace(lesson, label="7", id=5)])
    assert further.info.origin["lessons"] == 2
    assert further.info.parent == bundled.info.name
    assert isinstance(further.network, Taught)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_every_network_can_be_taught(architecture, lesson, digits):
    torch.manual_seed(0)
    network = build_network(architecture, 10, {}).eval()
    glyphs, labels = digits
    # Even of a network that has learned nothing; its right answers are by chance.
    statistics = class_statistics(
        network, ModelInfo("x", architecture, ()).normalisation, glyphs, labels
    )
    assert statistics is not None
    assert len(statistics.exemplars) <= EXEMPLARS
    model = Model(ModelInfo("x", architecture, tuple("0123456789")), network, statistics)
    taught = Teacher(model).teach([lesson])
    assert probabilities(taught, lesson.glyph[None].copy()).argmax() == 1


def test_a_network_of_huge_numbers_has_no_statistics(digits):
    network = build_network("quicknet", 10, {}).eval()
    with torch.no_grad():
        network.classifier.weight.mul_(0)
        next(network.parameters()).mul_(1e25)
    assert class_statistics(network, ModelInfo("x", "quicknet", ()).normalisation, *digits) is None


@pytest.mark.slow
def test_an_older_model_of_digits_takes_the_built_in_digits(bundled, lesson):
    older = replace(bundled, statistics=None)
    taught = Teacher(older).teach([lesson])
    assert probabilities(taught, lesson.glyph[None].copy()).argmax() == 1


def test_who_cannot_be_taught_says_why(bundled):
    ensemble = make_ensemble([bundled, bundled], "two")
    assert why_not_taught(ensemble.info) is not None
    with raises_error("An ensemble cannot be taught"):
        Teacher(ensemble)
    letters = replace(
        bundled, info=replace(bundled.info, classes=tuple("abcdefghij")), statistics=None
    )
    with raises_error("{name} cannot be taught", name=bundled.info.name):
        Teacher(letters)


def test_labels_of_other_classes_and_symbols_are_no_lessons(bundled, lesson):
    teacher = Teacher(bundled)
    assert teacher.takes(lesson)
    assert not teacher.takes(replace(lesson, label="x"))
    assert not teacher.takes(replace(lesson, symbols="runes"))
    assert teacher.teach([replace(lesson, label="x")]) is bundled


def test_a_clear_digit_with_another_label_is_a_slip(bundled, lesson, digits):
    teacher = Teacher(bundled)
    glyphs, labels = digits
    clear = probabilities(bundled, glyphs).max(axis=1).argsort()[-40:]
    wrong = [
        teacher.contradicts(_of_glyph(glyphs[place], str((labels[place] + 3) % 10)), [])
        for place in clear
    ]
    right = [
        teacher.contradicts(_of_glyph(glyphs[place], str(labels[place])), []) for place in clear
    ]
    assert np.mean(wrong) > 0.8
    assert not any(right)
    assert not teacher.contradicts(lesson, [])


def seven(shift: float = 0.0) -> Drawing:
    """A clear 7."""
    return drawn([line((shift, 0), (60 + shift, 0), (20 - shift, 100))])


@pytest.fixture
def slip() -> Sample:
    return replace(Sample.of("4", seven()), id=9, is_flagged=True)


def test_what_may_be_a_slip_is_learned_for_what_looks_just_like_it(bundled, lesson, slip, digits):
    assert Teacher(bundled).contradicts(slip, [])
    similar = digits[0][digits[1] == 7]
    careful = Teacher(bundled).teach([slip])
    trusting = Teacher(bundled).teach([replace(slip, is_flagged=False)])
    own = slip.glyph[None].copy()
    assert [
        one.text for model in (careful, trusting) for one in Recognizer(model).predict(own)
    ] == [
        "4",
        "4",
    ]
    before, after = probabilities(bundled, similar), probabilities(careful, similar)
    changed = np.abs(after - before).mean()
    assert changed < 0.3 * np.abs(probabilities(trusting, similar) - before).mean()
    # Another lesson is learned as ever.
    both = Teacher(bundled).teach([slip, lesson])
    assert probabilities(both, lesson.glyph[None].copy()).argmax() == 1
    assert probabilities(both, own).argmax() == 4
    assert careful.info.options["close"] == careful.network.close > 0
    assert "close" not in trusting.info.options


def test_a_second_lesson_that_agrees_makes_a_slip_a_habit(bundled, slip):
    second = replace(Sample.of("4", seven(2)), id=10)
    taught = Teacher(bundled).teach([slip, second])
    assert taught.network.close == 0
    # What comes in between does not matter.
    again = Teacher(bundled).teach([replace(slip, is_flagged=False), second])
    assert torch.equal(taught.network.get_buffer("effects"), again.network.get_buffer("effects"))


def test_a_model_with_slips_is_the_same_in_its_file_and_can_be_taught_further(
    bundled, lesson, slip, digits, tmp_path
):
    taught = Teacher(bundled).teach([lesson, slip])
    save_model(taught, tmp_path / "taught.safetensors")
    loaded = load_model(tmp_path / "taught.safetensors")
    expected = probabilities(taught, digits[0])
    np.testing.assert_array_equal(probabilities(loaded, digits[0]), expected)
    inside = Inside(loaded)
    found = inside.exact(digits[0][0])["probabilities"]
    np.testing.assert_allclose(found.ravel(), expected[0], atol=1e-5)
    clear = expected.max(axis=1).argmax()
    other = _of_glyph(digits[0][clear], str((digits[1][clear] + 3) % 10))
    other = replace(other, id=11, is_flagged=True)
    further = Teacher(loaded).teach([other, replace(lesson, label="7", id=12)])
    assert further.network.close == 2 * taught.network.close
    # What was learned first still is, where nothing later is near.
    assert probabilities(further, slip.glyph[None].copy()).argmax() == 4


def test_what_is_right_is_no_slip_however_clear(bundled, digits):
    teacher = Teacher(bundled)
    glyphs, labels = digits
    lessons = [
        _of_glyph(glyph, str(label)) for glyph, label in zip(glyphs[:60], labels[:60], strict=True)
    ]
    assert not any(one.is_flagged for one in teacher.judged(lessons))


def test_many_lessons_are_learned_in_bounded_time_and_space(bundled, digits):
    glyphs, labels = digits
    many = [
        replace(_of_glyph(glyph, str(label)), id=number + 1)
        for number, (glyph, label) in enumerate(zip(glyphs[:450], labels[:450], strict=True))
    ]
    taught = Teacher(bundled).teach(many)
    assert taught.info.origin["lessons"] == MOST_LESSONS
    assert len(taught.network.get_buffer("points")) <= MOST_LESSONS


def _of_glyph(glyph, label: str) -> Sample:
    return Sample(label, of_glyph(glyph), glyph, id=1)
