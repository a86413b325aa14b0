"""What candidates are read as by the model and the rating network together."""

from __future__ import annotations

import numpy as np
import pytest
from handwriting import arc, moved

from digitpad.ink.division.proposal import Cluster, StrokeInk, propose
from digitpad.ink.drawing import Drawing
from digitpad.recognition.division import rating
from digitpad.recognition.division.best import _OF_CUT, judge
from digitpad.recognition.division.rating import SEEN, Rated
from digitpad.recognition.prediction import Prediction

DIGITS = tuple("0123456789")


def linked(*strokes: list[tuple[float, float]], cut: tuple[int, ...] = ()) -> Cluster:
    proposal = propose(StrokeInk(Drawing.of(list(strokes)).strokes))
    assert proposal is not None
    (cluster,) = proposal.clusters
    finer = cluster.cut(cut) if cut else cluster
    assert finer is not None
    return finer


@pytest.fixture
def noughts() -> Cluster:
    """Two noughts in one stroke, which is cut."""
    ring = arc(30, 50, 30, 50, -90, 280)
    return linked([point for one in (ring, *moved([ring], 110)) for point in one], cut=(0,))


@pytest.fixture
def bars() -> Cluster:
    """Two bars near each other."""
    return linked([(0.0, 0.0), (0.0, 100.0)], [(30.0, 0.0), (30.0, 100.0)])


@pytest.fixture
def read(monkeypatch):
    """What candidates are read as that the network takes for a nought, and the model for this."""

    def reader(cluster: Cluster, prediction: Prediction) -> list[Prediction]:
        count = len(cluster.candidates)
        digits = np.zeros((count, len(DIGITS) + 2))
        digits[:, 0] = 3.0
        said = Rated(np.zeros((count, 3)), digits)
        monkeypatch.setattr(rating, "ratings_of", lambda *_: said)
        symbols = [prediction] * sum(not one.is_ligature for one in cluster.candidates)
        worth, both = judge(cluster, symbols, np.zeros((count, SEEN), np.float32), 0.0)
        confidences = [one.confidence for one in both]
        assert np.allclose(np.exp(worth.read[: len(both)]), confidences)
        assert (worth.read[len(both) :] == 0.0).all()
        return both

    return reader


def eight(share: float = 0.82, classes: tuple[str, ...] = DIGITS, **more) -> Prediction:
    rest = (1.0 - share) / (len(classes) - 1)
    return Prediction(
        classes, tuple(share if i == 8 else rest for i in range(len(classes))), **more
    )


def is_whole(cluster: Cluster, number: int) -> bool:
    return len(cluster.candidates[number].members) == len(cluster.members)


def test_what_is_cut_out_is_read_by_both(noughts, read):
    told = np.exp([3.0] + [0.0] * 9)
    both = told ** _OF_CUT[1] * np.array(eight().probabilities) ** _OF_CUT[0]
    found = read(noughts, eight())
    assert len(found) > 2
    for i, one in enumerate(found):
        if is_whole(noughts, i):
            assert one == eight()
        else:
            assert one.text == "0"
            assert np.allclose(one.probabilities, both / both.sum())


def test_of_what_is_not_cut_the_model_knows_more(bars, read):
    assert {one.text for one in read(bars, eight())} == {"8"}
    # It has to be in doubt.
    first, second = (
        one.text for i, one in enumerate(read(bars, eight(0.2))) if not is_whole(bars, i)
    )
    assert (first, second) == ("0", "0")


def test_what_the_model_rejects_stays_rejected(noughts, read):
    assert all(one.rejected for one in read(noughts, eight(rejected=True)))
    assert not any(one.rejected for one in read(noughts, eight()))


def test_of_letters_the_network_tells_nothing(noughts, read):
    letters = tuple("ABCDEFGHIJ")
    found = read(noughts, eight(classes=letters))
    assert {one.text for one in found} == {"I"}
    # But a model that takes a digit for a letter may be told better.
    mixed = ("0", *letters)
    found = read(noughts, eight(classes=mixed))
    cut = [one for i, one in enumerate(found) if not is_whole(noughts, i)]
    assert {one.text for one in cut} == {"0"}
