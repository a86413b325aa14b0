"""Of which candidates the model is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from handwriting import along, arc, moved

from digitpad.ink.division.cuts import cuts
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.recognition.division import rating
from digitpad.recognition.division import recognize as module
from digitpad.recognition.division.best import Worth
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition, preprocess_drawing

RING = arc(30, 50, 30, 50, -90, 280)

NOUGHTS = Stroke.of(along(RING, *moved([RING], 80)))
"""Two in one stroke."""

ONE = Stroke.of([(300.0, 0.0), (300.0, 100.0)])


class Model:
    """Takes every glyph for a nought."""

    def __init__(self, classes: str = "0123456789", share: float = 0.55) -> None:
        self.classes = tuple(classes)
        self.share = share
        self.asked = 0
        self.memo = Memo()

    def predict(self, glyphs) -> list[Prediction]:
        self.asked += len(glyphs)
        rest = (1.0 - self.share) / 9
        return [Prediction(self.classes, (self.share, *(rest,) * 9))] * len(glyphs)

    def read(self, *strokes: Stroke, most: int | None = None, is_open: bool = False) -> Recognition:
        asked = preprocess_drawing(Drawing(strokes))
        (found,) = recognize([asked], self.predict, 0.0, self.memo, most, is_open=is_open)
        return found


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def no_symbol(monkeypatch):
    """What the rating network finds to be no symbol, as a share."""

    def told(share: float) -> None:
        monkeypatch.setattr(rating, "no_symbol", lambda looks: np.full(len(looks), share))

    return told


def sections_are_best(cluster, predictions, *_):
    """As `judge`: each section of a stroke is worth more than anything else."""
    worth = np.array(
        [20.0 * (len(one.members) == 1 and not one.is_ligature) for one in cluster.candidates]
    )
    return Worth(worth, worth, np.zeros(len(worth))), predictions


def test_what_is_no_symbol_for_the_network_is_not_asked_for(model, no_symbol):
    no_symbol(0.0)
    model.read(NOUGHTS)
    every = model.asked
    other = Model()
    no_symbol(1.0)
    other.read(NOUGHTS)
    assert 1 <= other.asked < every


def test_a_model_of_letters_is_asked_for_everything(no_symbol):
    no_symbol(0.0)
    digits, letters = Model(), Model("OABCDEFGHI")
    digits.read(NOUGHTS)
    no_symbol(1.0)
    letters.read(NOUGHTS)
    assert letters.asked == digits.asked


def test_the_model_is_asked_for_what_is_in_the_best_division(model, no_symbol, monkeypatch):
    monkeypatch.setattr(module, "judge", sections_are_best)
    no_symbol(1.0)
    found = model.read(NOUGHTS)
    assert len(found.parts) == len(cuts(NOUGHTS)) + 1
    assert all(one.probabilities[0] == 0.55 and not one.rejected for one in found.predictions)
    # The other one is all its ink.
    assert model.asked == len(found.parts) + 1


def test_what_is_known_already_changes_nothing(model, no_symbol, monkeypatch):
    fresh = model.read(NOUGHTS)
    other = Model()
    with monkeypatch.context() as patched:
        patched.setattr(rating, "no_symbol", lambda looks: np.zeros(len(looks)))
        other.read(NOUGHTS)
    assert other.asked > model.asked
    other.memo.divided.clear()
    again = other.read(NOUGHTS)
    assert again.text == fresh.text == "00"
    # Sums are not made in the same order.
    assert again.confidence == pytest.approx(fresh.confidence, rel=1e-12)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_few_at_a_time_lead_to_the_same(model, most):
    whole = Model().read(NOUGHTS, ONE)
    for _ in range(40):
        before = model.asked
        found = model.read(NOUGHTS, ONE, most=most)
        assert model.asked - before <= most
        if found.is_complete:
            break
    assert found.is_complete
    assert (found.text, found.confidence) == (whole.text, whole.confidence)


def test_a_stroke_that_is_still_drawn_is_not_cut(model):
    open_one = model.read(NOUGHTS, is_open=True)
    assert open_one.is_complete
    assert len(open_one.parts) == 1
    # And that is not remembered: the same ink may have been finished meanwhile.
    assert model.read(NOUGHTS).text == "00"
    assert model.read(NOUGHTS, is_open=True).text == "00"


@pytest.mark.parametrize("apart", [55, 65, 80, 95])
@pytest.mark.parametrize("share", [0.55, 0.8, 0.92])
def test_that_it_was_read_while_it_was_drawn_changes_nothing(apart, share):
    noughts = Stroke.of(along(RING, *moved([RING], apart)))
    closed, other = Model(share=share), Model(share=share)
    fresh = closed.read(noughts)
    other.read(noughts, is_open=True)
    again = other.read(noughts)
    assert again.text == fresh.text
    assert again.confidence == pytest.approx(fresh.confidence, rel=1e-12)


def test_whole_and_in_sections_the_same_ink_is_another_view():
    proposal = preprocess_drawing(Drawing((NOUGHTS,))).proposal
    assert proposal is not None
    (whole,) = proposal.clusters
    cut = whole.cut((0,))
    assert cut is not None
    views = {
        view.key: view.shown()
        for cluster in (whole, cut)
        for view in cluster.views
        if len(view.own) == len(cluster.members)
    }
    assert len(views) == 2
    one, other = views.values()
    assert (one != other).any()


def test_what_is_finished_stays_cut_while_the_next_stroke_is_drawn(model):
    beside = Stroke.of([(155.0, 0.0), (155.0, 100.0)])
    drawing = preprocess_drawing(Drawing((NOUGHTS, beside)))
    assert drawing.proposal is not None
    assert len(drawing.proposal.clusters) == 1
    assert len(model.read(NOUGHTS, beside, is_open=True).parts) == 3
