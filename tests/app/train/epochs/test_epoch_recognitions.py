import itertools

from fakes import FakePredictor, prediction, recognition

from digitpad.app.services.training import EpochNetwork
from digitpad.app.train.epochs.recognitions import EpochRecognitions
from digitpad.ink.drawing import Drawing
from digitpad.recognition.recognition import Recognition

ON_PAD = recognition()


def network(epoch: int) -> EpochNetwork:
    predictor = FakePredictor()
    predictor.answer = prediction(best=epoch % 10)
    return EpochNetwork(epoch, predictor)


def test_every_network_reads_the_drawing_oldest_first(qtbot):
    answers = EpochRecognitions()
    answers.show_recognition(ON_PAD)
    with qtbot.waitSignal(answers.changed):
        for epoch in (1, 2, 3):
            answers.add(network(epoch))
    assert [(r.epoch, r.prediction.best) for r in answers.latest] == [(1, 1), (2, 2), (3, 3)]


def test_another_drawing_is_read_by_all_again_and_an_empty_pad_by_none(qtbot):
    answers = EpochRecognitions()
    one = network(1)
    answers.add(one)
    with qtbot.waitSignal(answers.changed, check_params_cb=lambda: len(answers.latest) == 1):
        answers.show_recognition(ON_PAD)
    with qtbot.waitSignal(answers.changed, check_params_cb=lambda: len(answers.latest) == 1):
        answers.show_recognition(recognition())
    assert len(one.predictor.glyphs) == 2
    with qtbot.waitSignal(answers.changed, check_params_cb=lambda: not answers.latest):
        answers.show_recognition(Recognition(Drawing()))


def test_a_long_training_keeps_a_few_networks_and_the_latest(qtbot):
    answers = EpochRecognitions()
    answers.show_recognition(ON_PAD)
    for epoch in range(1, 201):
        answers.add(network(epoch))
    qtbot.waitUntil(lambda: bool(answers.latest) and answers.latest[-1].epoch == 200)
    epochs = [answer.epoch for answer in answers.latest]
    assert len(epochs) <= 25
    assert epochs == sorted(epochs)
    steps = {b - a for a, b in itertools.pairwise(epochs[:-1])}
    assert len(steps) == 1


def test_another_training_begins_with_nothing(qtbot):
    answers = EpochRecognitions()
    answers.show_recognition(ON_PAD)
    with qtbot.waitSignal(answers.changed, check_params_cb=lambda: len(answers.latest) == 1):
        answers.add(network(1))
    with qtbot.waitSignal(answers.changed, check_params_cb=lambda: not answers.latest):
        answers.clear()
