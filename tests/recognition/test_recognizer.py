import numpy as np
import pytest
import torch

from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import Calibration, ModelInfo, Normalisation
from digitpad.recognition.networks import ARCHITECTURES, build_network
from digitpad.recognition.prediction import Prediction, are_digits
from digitpad.recognition.recognizer import Recognizer

CLASSES = tuple("0123456789")


def model(architecture="padnet", calibration=None) -> Model:
    torch.manual_seed(0)
    network = build_network(architecture, 10, {})
    # Statistics that are not the identity, so that folding them wrongly would show.
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.3, 0.3)
    info = ModelInfo(
        "test",
        architecture,
        CLASSES,
        normalisation=Normalisation(0.2, 0.5),
        calibration=calibration or Calibration(),
    )
    return Model(info, network.eval())


@pytest.fixture(scope="module")
def glyphs() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_probabilities_are_the_softmax_of_the_plain_network(architecture, glyphs):
    chosen = model(architecture)
    levels = (torch.from_numpy(glyphs).unsqueeze(1).float() / 255 - 0.2) / 0.5
    with torch.inference_mode():
        expected = chosen.network(levels).double().softmax(dim=1).numpy()
    got = Recognizer(chosen).probabilities(glyphs)
    assert got.dtype == np.float64
    assert np.allclose(got, expected, atol=1e-5)
    assert np.allclose(got.sum(axis=1), 1)


def test_the_model_itself_is_not_changed(glyphs):
    chosen = model()
    before = {k: v.clone() for k, v in chosen.network.state_dict().items()}
    Recognizer(chosen).predict(glyphs)
    after = chosen.network.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[k], after[k]) for k in before)


def test_one_at_a_time_is_the_same_as_all_at_once(glyphs):
    recognizer = Recognizer(model())
    single = np.concatenate([recognizer.probabilities(glyph[None]) for glyph in glyphs])
    assert np.allclose(single, recognizer.probabilities(glyphs), atol=1e-6)


def test_temperature_softens_without_changing_the_order(glyphs):
    plain = Recognizer(model()).probabilities(glyphs)
    soft = Recognizer(model(calibration=Calibration(temperature=4.0))).probabilities(glyphs)
    assert (soft.max(axis=1) < plain.max(axis=1)).all()
    assert np.array_equal(soft.argsort(axis=1), plain.argsort(axis=1))


def test_a_drawing_is_refused_exactly_below_the_threshold(glyphs):
    held = np.sort(Recognizer(model()).probabilities(glyphs), axis=1)[:, -2:].sum(axis=1)
    threshold = float(np.median(held))
    predictions = Recognizer(model(calibration=Calibration(1.0, threshold))).predict(glyphs)
    assert [p.rejected for p in predictions] == [share < threshold for share in held]
    assert any(p.rejected for p in predictions)


def test_whoever_asks_may_name_another_threshold(glyphs):
    strict = Recognizer(model(calibration=Calibration(1.0, 1.0)))
    assert all(p.rejected for p in strict.predict(glyphs))
    assert not any(p.rejected for p in strict.predict(glyphs, reject_below=0.0))


def test_no_glyphs_give_no_predictions():
    assert Recognizer(model()).predict(np.empty((0, 28, 28), dtype=np.uint8)) == []


def test_a_prediction_names_its_best_class_and_a_close_runner_up():
    sure = Prediction(("a", "b", "c"), (0.05, 0.9, 0.05))
    assert (sure.text, sure.confidence, sure.is_sure, sure.runner_up) == ("b", 0.9, True, None)
    close = Prediction(("a", "b", "c"), (0.3, 0.1, 0.6))
    assert (close.text, close.is_sure, close.runner_up) == ("c", False, 0)


def test_doubt_that_many_classes_share_names_none_of_them():
    shared = Prediction(tuple("0123456789"), (0.73, *[0.03] * 9))
    assert not shared.is_sure
    assert shared.runner_up is None


def test_what_lies_between_two_classes_is_in_doubt_and_what_lies_between_many_is_refused():
    between = Prediction(("a", "b", "c", "d"), (0.5, 0.01, 0.47, 0.02)).rejected_below(0.9)
    assert (between.text, between.runner_up, between.rejected) == ("a", 2, False)
    assert between.best_two == pytest.approx(0.97)
    assert Prediction(("a", "b", "c", "d"), (0.5, 0.2, 0.1, 0.2)).rejected_below(0.9).rejected


def test_of_two_classes_or_one_the_best_counts_alone():
    assert Prediction(("a", "b"), (0.6, 0.4)).best_two == 0.6
    assert Prediction(("a",), (1.0,)).best_two == 1.0


def test_a_prediction_can_be_refused_by_another_threshold():
    answer = Prediction(("a", "b"), (0.6, 0.4))
    assert not answer.rejected_below(0.6).rejected
    assert answer.rejected_below(0.61).rejected
    assert not answer.rejected_below(0.61).rejected_below(0.0).rejected


@pytest.mark.parametrize(
    ("classes", "digits"),
    [(CLASSES, True), (("7", "1"), True), (("10", "11"), False), (("0", "a"), False)],
)
def test_which_classes_are_digits(classes, digits):
    assert are_digits(classes) is digits


def test_where_numbers_overflow_all_classes_are_alike():
    network = build_network("padnet", 10, {"widths": [2, 2, 2, 2]}).eval()
    network.features[0].weight.data.fill_(3e38)
    recognizer = Recognizer(Model(ModelInfo("x", "padnet", tuple("0123456789")), network))
    glyphs = np.zeros((2, 28, 28), np.uint8)
    glyphs[1, 5:20, 10:14] = 255
    empty, inked = recognizer.predict(glyphs)
    assert inked.probabilities == (0.1,) * 10
    assert sum(empty.probabilities) == pytest.approx(1)
    assert recognizer.predict(glyphs, 0.5)[1].rejected
