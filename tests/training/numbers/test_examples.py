"""Examples that teach the division."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from number_hands import drawn_hands

from digitpad.data.dataset import DIGITS, Dataset
from digitpad.data.synthetic.digits import synthetic_digits
from digitpad.ink.division.proposal import propose
from digitpad.ink.drawing import Drawing
from training.numbers import examples as module
from training.numbers.examples import EXAMPLES, Origin, Source
from training.numbers.fit import SOURCES

CROSS = Drawing.of([[(0, 0), (10, 10)], [(0, 10), (10, 0)], [(5, 0), (5, 10)]])
NOWHERE = Path("nowhere")


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Everything that needs data is made up; the parts of the split that were asked for."""
    ((glyphs, labels),) = synthetic_digits(30, 0)
    digits = Dataset(glyphs, labels, DIGITS)
    found: list[str] = []

    def hands(_, part):
        found.append(part)
        return drawn_hands(2, 2)

    def others(_, part):
        found.append(part)
        return [CROSS]

    def mnist(name):
        def read(_):
            found.append(name)
            return digits

        return read

    monkeypatch.setattr(module, "read_hands", hands)
    monkeypatch.setattr(module, "read_others", others)
    monkeypatch.setattr(module, "mnist_training", mnist("train"))
    monkeypatch.setattr(module, "mnist_validation", mnist("validation"))
    return found


@pytest.mark.parametrize("part", ["train", "validation"])
@pytest.mark.parametrize("kind", sorted(EXAMPLES.keys() - {"singles"}))
def test_each_kind_is_of_one_part_and_can_be_divided(asked, kind, part):
    (one,) = islice(EXAMPLES[kind](Origin(NOWHERE, part, 3)), 1)
    assert set(asked) == {part}
    assert one is not None
    proposal = propose(one.ink)
    assert proposal is not None
    owners = {owner for cluster in proposal.clusters for owner in one.owners(cluster).values()}
    assert owners <= {*range(len(one.texts)), None, -1}
    assert 0 in owners


def test_all_that_is_learned_from_is_for_training(asked):
    assert {source.kind for source in SOURCES} == EXAMPLES.keys()
    for source in SOURCES:
        if source.kind != "singles":
            assert next(source.examples(NOWHERE)) is not None
    assert set(asked) == {"train"}


def test_a_share_of_a_source_is_its_beginning(asked):
    source = Source("numbers", 5, 8)
    all_of_it = [one.texts for one in source.examples(NOWHERE)]
    half = [one.texts for one in source.examples(NOWHERE, 0.5)]
    assert len(all_of_it) == 8
    assert half == all_of_it[:4]
    assert asked


def test_what_is_begun_says_so(asked):
    for one in islice(EXAMPLES["begun"](Origin(NOWHERE, "train", 1)), 5):
        assert one is not None
        assert one.kind == "begun"
        assert None in one.texts
    assert asked
