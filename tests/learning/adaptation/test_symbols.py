"""Own symbols: read from a few drawings of each, without training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from runes import NAMES, beside, rune, runes
from sentences import raises_error

from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.learning.adaptation.symbols import Findings, symbol_model
from digitpad.learning.adaptation.teacher import Teacher
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.warm_start import first_network
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognition import preprocess_drawing
from digitpad.recognition.recognizer import Recognizer
from digitpad.samples.sample import Sample


@pytest.fixture(scope="module")
def bundled() -> Model:
    return load_model(bundled_model_path())


@pytest.fixture(scope="module")
def of_three(bundled) -> Model:
    """From three drawings of each."""
    return symbol_model(bundled, "runes", NAMES, runes(3))


WIDE = [(0, 0), (120, 400), (240, 0), (360, 400), (480, 0), (600, 400), (720, 0)]
"""A zigzag, which could be several digits that hang together."""


def read_on_the_pad(model: Model, drawing: Drawing) -> tuple[str, ...]:
    """The texts of the parts, divided as the pad divides the user's own symbols."""
    (found,) = recognize(
        [preprocess_drawing(drawing)],
        Recognizer(model).predict,
        model.info.calibration.reject_below,
        Memo(has_own_symbols=True),
    )
    return tuple(one.text for one in found.predictions)


def answers(model: Model, samples) -> list[str]:
    glyphs = np.stack([sample.glyph for sample in samples])
    return [one.text for one in Recognizer(model).predict(glyphs)]


def test_three_drawings_of_each_are_enough(of_three):
    others = runes(6, first=3)
    assert answers(of_three, others) == [sample.label for sample in others]


def test_most_other_drawings_are_not_rejected(of_three):
    glyphs = np.stack([sample.glyph for sample in runes(6, first=3)])
    predictions = Recognizer(of_three).predict(glyphs)
    assert np.mean([one.rejected for one in predictions]) <= 0.1


def test_the_same_drawings_give_the_same_model_whatever_is_beside_it(bundled, of_three):
    torch.manual_seed(3)
    np.random.seed(3)
    again = symbol_model(bundled, "runes", NAMES, runes(3))
    assert again.info == of_three.info
    states = again.network.state_dict(), of_three.network.state_dict()
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_the_features_are_the_parents_and_the_parent_stays_as_it_is(bundled, of_three):
    glyphs = torch.rand(2, 1, 28, 28)
    assert torch.equal(of_three.network.embed(glyphs), bundled.network.embed(glyphs))
    assert bundled.network.classifier.out_features == 10
    info = of_three.info
    assert (info.name, info.classes, info.symbols) == ("runes", NAMES, "runes")
    assert (info.parent, info.origin["lessons"]) == (bundled.info.name, 15)
    assert info.is_made_of_samples
    assert not bundled.info.is_made_of_samples


def test_its_file_is_read_like_any_other(of_three, tmp_path):
    path = tmp_path / "runes.safetensors"
    save_model(of_three, path)
    loaded = load_model(path)
    assert loaded.info == of_three.info
    others = runes(2, first=3)
    assert answers(loaded, others) == [sample.label for sample in others]


def test_made_of_its_own_model_it_is_the_same_and_names_the_same_parent(bundled, of_three):
    again = symbol_model(of_three, "runes", NAMES, runes(3))
    assert again.info == of_three.info
    assert torch.equal(again.network.classifier.weight, of_three.network.classifier.weight)


def test_a_class_without_a_drawing_is_never_answered(bundled):
    model = symbol_model(bundled, "runes", (*NAMES, "new"), runes(1))
    glyphs = np.random.default_rng(0).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    shares = Recognizer(model).probabilities(glyphs)[:, NAMES.index("gate") + 1]
    assert shares.max() == 0.0


@pytest.mark.parametrize("classes", [("a", "b"), ("a", "b", "c", "d")])
def test_without_any_drawing_everything_is_rejected(bundled, classes):
    model = symbol_model(bundled, "runes", classes, runes(1))
    assert model.info.origin["lessons"] == 0
    assert model.info.can_reject
    glyphs = np.stack([sample.glyph for sample in runes(1)])
    assert all(one.rejected for one in Recognizer(model).predict(glyphs))


def test_one_class_with_drawings_is_the_answer_to_all(bundled):
    model = symbol_model(bundled, "runes", NAMES, runes(2, names=("wave",)))
    assert set(answers(model, runes(1))) == {"wave"}


def test_many_drawings_take_no_more_work_than_some_and_pictures_are_learned_too(bundled):
    samples = [replace(one, id=0) for one in runes(20)]
    # As if they had been opened as pictures: what is redrawn is the glyph.
    pictures = [picture_of(one) for one in runes(3)]
    for drawn in (samples, pictures):
        model = symbol_model(bundled, "runes", NAMES, drawn)
        others = runes(2, first=40)
        assert answers(model, others) == [sample.label for sample in others]


def picture_of(sample):
    glyph = sample.glyph
    levels = np.kron(255 - glyph, np.ones((6, 6), np.uint8))
    pixels = np.dstack([levels] * 3 + [np.full_like(levels, 255)])
    return replace(sample, drawing=Drawing(picture=Picture(pixels)))


def test_an_ensemble_is_refused(bundled):
    ensemble = make_ensemble([bundled, bundled], "Both")
    with raises_error("An ensemble"):
        symbol_model(ensemble, "runes", NAMES, runes(1))


def test_the_teacher_makes_it_anew_of_all_samples(bundled, of_three):
    empty = symbol_model(bundled, "runes", NAMES, ())
    teacher = Teacher(empty)
    assert teacher.takes(runes(1)[0])
    assert not teacher.takes(replace(runes(1)[0], symbols=""))
    assert not teacher.takes(replace(runes(1)[0], label="house"))
    taught = teacher.teach(runes(3))
    assert taught.info == of_three.info
    assert torch.equal(taught.network.classifier.weight, of_three.network.classifier.weight)
    # Made of the same, it is still what it was.
    assert Teacher(taught).teach(runes(3)) is taught
    # Taken back, all of them.
    assert Teacher(taught).teach(()).info == empty.info


def test_a_lesson_against_all_others_is_noticed(bundled, of_three):
    slip = replace(runes(1, first=9)[0], label="gate", id=99)
    teacher = Teacher(of_three)
    assert teacher.contradicts(slip, [*runes(3), slip])
    right = replace(slip, label="triangle")
    assert not teacher.contradicts(right, [*runes(3), right])


def test_two_symbols_beside_each_other_are_read(of_three):
    for pair in (("triangle", "gate"), ("cross", "wave"), ("arrow", "arrow"), ("wave", "cross")):
        drawing = beside(*(rune(name, 20 + i) for i, name in enumerate(pair)))
        assert read_on_the_pad(of_three, drawing) == pair


@pytest.mark.parametrize("name", ["zigzag", "wave", "cross"])
def test_a_wide_symbol_is_read_as_one(bundled, name):
    sample = Sample.of("zigzag", Drawing.of([WIDE], width=60.0))
    samples = [replace(sample, symbols="runes", id=100), *runes(3, names=NAMES[:3])]
    model = symbol_model(bundled, "runes", (*NAMES[:3], "zigzag"), samples)
    drawing = sample.drawing if name == "zigzag" else rune(name, 20)
    assert read_on_the_pad(model, drawing) == (name,)


def test_what_a_set_cannot_read_at_all_is_not_divided(bundled):
    untaught = symbol_model(bundled, "runes", NAMES, ())
    assert len(read_on_the_pad(untaught, rune("wave", 20))) == 1
    assert len(read_on_the_pad(untaught, Drawing.of([WIDE], width=60.0))) == 1


def test_a_training_can_begin_with_either(bundled, of_three):
    config = TrainingConfig(architecture=bundled.info.architecture, options=bundled.info.options)
    glyphs = torch.rand(2, 1, 28, 28)
    for parent in (bundled, of_three):
        network = first_network(config, NAMES, parent).eval()
        assert torch.equal(network.embed(glyphs), bundled.network.embed(glyphs))
    assert torch.equal(network.classifier.weight, of_three.network.classifier.weight)


def test_what_was_found_before_changes_nothing(bundled):
    samples = runes(2)
    findings = Findings(bundled.network, bundled.info)
    for count in (3, len(samples)):
        known = symbol_model(bundled, "runes", NAMES, samples[:count], findings)
    anew = symbol_model(bundled, "runes", NAMES, samples)
    assert known.info == anew.info
    states = known.network.state_dict(), anew.network.state_dict()
    assert all(torch.equal(one, states[1][name]) for name, one in states[0].items())
