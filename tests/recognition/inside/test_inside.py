"""Layers and cells of every network: shapes, sums and receptive fields, against the network."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from inside_kit import MODELS, every_model, glyph_of_chance

from digitpad.recognition.inside.cell import explain
from digitpad.recognition.inside.cell_kinds import (
    Convolved,
    Moved,
    Pooled,
    Silenced,
    Softmaxed,
    Weighted,
    WithLessons,
)
from digitpad.recognition.inside.fields import Cell, Region, receptive_fields
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.inside.layers import GLYPH, PROBABILITIES
from digitpad.recognition.recognizer import Recognizer

if TYPE_CHECKING:
    from digitpad.recognition.model_file import Model


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return every_model()


@pytest.fixture(scope="module")
def insides(models) -> dict[str, Inside]:
    return {name: Inside(model) for name, model in models.items()}


@pytest.mark.parametrize("name", MODELS)
def test_the_last_layer_is_what_the_pad_answers(name, models, insides) -> None:
    glyphs = np.stack([glyph_of_chance(seed) for seed in range(4)])
    pad = Recognizer(models[name]).probabilities(glyphs)
    members = [Inside(models[name], number) for number in range(insides[name].members)]
    exact = [
        np.mean([one.exact(glyph)[PROBABILITIES] for one in members], axis=0) for glyph in glyphs
    ]
    quick = [
        np.mean([one.outputs(glyph)[PROBABILITIES] for one in members], axis=0) for glyph in glyphs
    ]
    if name == "ensemble":  # its own temperature comes after the mean
        log = np.log(np.array(exact)) / models[name].info.calibration.temperature
        exact = np.exp(log) / np.exp(log).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(pad, exact, rtol=1e-4)
    np.testing.assert_allclose(pad, quick, rtol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_every_layer_has_the_shape_and_the_inputs_that_it_says(name, insides) -> None:
    inside = insides[name]
    values = inside.exact(glyph_of_chance(1))
    assert [layer.name for layer in inside.layers] == list(values)
    known: set[str] = set()
    for layer in inside.layers:
        assert values[layer.name].shape == layer.shape
        assert values[layer.name].dtype == np.float64
        assert known.issuperset(layer.inputs)
        known.add(layer.name)
    assert inside.layers[0].name == GLYPH
    assert inside.layers[-1].name == PROBABILITIES


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_each_shown_sum_is_the_cell_of_an_exact_pass(name, insides, data) -> None:
    inside = insides[name]
    values = inside.exact(glyph_of_chance(data.draw(st.integers(0, 1000))))
    for layer in inside.layers:
        place = tuple(data.draw(st.integers(0, size - 1)) for size in layer.shape)
        found = explain(inside, values, Cell(layer.name, place))
        assert found.value == pytest.approx(values[layer.name][place], rel=0, abs=1e-9)
        if isinstance(found, Convolved | Weighted):
            assert found.products.sum() + found.bias == pytest.approx(found.value, abs=1e-9)
        if isinstance(found, WithLessons):
            assert found.taken + found.products.sum() == pytest.approx(found.value, abs=1e-9)
        if isinstance(found, Softmaxed):
            share = found.powers[place[0]] / found.powers.sum()
            assert share == pytest.approx(found.value, abs=1e-12)
        if isinstance(found, Pooled):
            assert found.winner is not None
            assert found.values[found.winner] == found.values.max()
        if isinstance(found, Moved):
            assert values[found.source.layer][found.source.place] == found.value
        if isinstance(found, Weighted) and found.maps is not None:
            maps = values[found.maps]
            np.testing.assert_array_equal(maps[tuple(found.places.T)], found.features)
            assert found.contributions(maps.shape).sum() == pytest.approx(found.products.sum())


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_a_cell_depends_on_its_receptive_field_alone(name, insides, data) -> None:
    inside = insides[name]
    glyph = glyph_of_chance(data.draw(st.integers(0, 1000)))
    before = inside.exact(glyph)
    for layer in inside.layers[1:]:
        place = tuple(data.draw(st.integers(0, size - 1)) for size in layer.shape)
        seen = receptive_fields(inside, Cell(layer.name, place))[GLYPH]
        outside = glyph.copy()
        outside[:] = 255 - outside
        rows, columns = np.ix_(list(seen.rows), list(seen.columns))
        outside[rows, columns] = glyph[rows, columns]
        assert inside.exact(outside)[layer.name][place] == pytest.approx(
            before[layer.name][place], abs=1e-9
        )


@pytest.mark.parametrize("name", ["surenet", "quicknet", "tutorial-convnet"])
def test_the_border_of_a_receptive_field_belongs_to_it(name, insides) -> None:
    # The gradient of the cell says which pixels count at all.
    inside = insides[name]
    layer = next(layer for layer in inside.layers if layer.name == "conv2")
    place = (1, 4, 3)
    seen = receptive_fields(inside, Cell("conv2", place))[GLYPH]
    network = inside.network.double()
    try:
        glyph = torch.rand(1, 1, 28, 28, dtype=torch.float64, requires_grad=True)
        network.layer_outputs(glyph, ["conv2"])["conv2"][(0, *place)].backward()
    finally:
        network.float()
    assert glyph.grad is not None
    rows, columns = np.nonzero(glyph.grad[0, 0].numpy())
    assert (min(rows), max(rows)) == (seen.rows[0], seen.rows[-1])
    assert (min(columns), max(columns)) == (seen.columns[0], seen.columns[-1])
    assert layer.has_maps


def test_a_silent_channel_gives_nothing_and_is_back_with_the_next_pass(insides) -> None:
    inside, glyph = insides["surenet"], glyph_of_chance(3)
    silent = frozenset({("relu1", 2), ("pool1", 5)})
    values = inside.exact(glyph, silent)
    assert not values["relu1"][2].any()
    assert not values["pool1"][5].any()
    assert values["relu1"][3].any()
    found = explain(inside, values, Cell("relu1", (2, 3, 3)), silent)
    assert isinstance(found, Silenced)
    probabilities = inside.probabilities(glyph[None], silent)[0]
    np.testing.assert_allclose(probabilities, values[PROBABILITIES], rtol=1e-4)
    assert not np.allclose(probabilities, inside.probabilities(glyph[None])[0], rtol=1e-4)
    np.testing.assert_array_equal(
        inside.exact(glyph)["relu1"], inside.exact(glyph, frozenset())["relu1"]
    )


def test_the_network_of_the_model_is_not_changed(models) -> None:
    model = models["padnet"]
    before = {name: tensor.clone() for name, tensor in model.network.state_dict().items()}
    inside = Inside(model)
    explain(inside, inside.exact(glyph_of_chance(5)), Cell("fc1", (3,)))
    inside.outputs(glyph_of_chance(5), frozenset({("conv1", 0)}))
    after = model.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert next(iter(after.values())).dtype == torch.float32


@pytest.mark.parametrize("place", [(48, 0, 0), (0, 14, 0), (0,), (-1, 0, 0)])
def test_a_cell_that_is_not_there_is_an_error(insides, place) -> None:
    inside = insides["surenet"]
    values = inside.exact(glyph_of_chance(0))
    with pytest.raises(IndexError):
        explain(inside, values, Cell("conv1", place))
    with pytest.raises(IndexError):
        receptive_fields(inside, Cell("conv1", place))
    with pytest.raises(KeyError):
        explain(inside, values, Cell("conv99", (0, 0, 0)))


def test_regions_join_and_contain() -> None:
    first, second = Region(range(2), range(1, 3), range(5)), Region(range(4, 5), range(2), range(7))
    joined = first.joined(second)
    assert joined == Region(range(5), range(3), range(7))
    for place in itertools.product(range(2), range(1, 3), range(5)):
        assert first.contains(place)
        assert joined.contains(place)
    assert not first.contains((2, 1, 0))
    assert Region(range(3)).contains((2,))
