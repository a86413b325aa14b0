"""Sets of symbols: what is in the stores of samples and models."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from made_once import symbols_made_once
from runes import NAMES, runes
from sentences import check_sentence, raises_error

from digitpad.learning.adaptation.symbol_sets import (
    MOST_CLASSES,
    SymbolSets,
    check_classes,
    classes_in,
    why_not_added,
)
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import ModelInfo, read_model_info
from digitpad.recognition.model_store import ModelStore
from digitpad.recognition.networks import build_network
from digitpad.recognition.recognizer import Recognizer
from digitpad.samples.store import SampleStore

__all__ = ["symbols_made_once"]

pytestmark = pytest.mark.usefixtures("symbols_made_once")

OPTIONS = {"widths": [4, 4, 4, 4]}


@pytest.fixture
def models(tmp_path):
    torch.manual_seed(0)
    info = ModelInfo("Shipped", "padnet", tuple("0123456789"), OPTIONS)
    path = tmp_path / "shipped" / "bundled.safetensors"
    save_model(Model(info, build_network("padnet", 10, OPTIONS).eval()), path)
    return ModelStore(tmp_path / "models", path)


@pytest.fixture
def samples(tmp_path):
    return SampleStore(tmp_path / "samples.sqlite")


@pytest.fixture
def sets(samples, models):
    return SymbolSets(samples, models)


@pytest.fixture
def made(sets, samples):
    """With the runes and two drawings of each."""
    sets.make("runes", NAMES)
    samples.add(replace(one, id=0) for one in runes(2))
    sets.refresh("runes")
    return sets


def info_of(models, name="runes"):
    return models.get(name).info


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("alpha beta", ["alpha", "beta"]),
        (" alpha,beta;  gamma\n delta\t", ["alpha", "beta", "gamma", "delta"]),
        ("火、水，木", ["火", "水", "木"]),
        (",", [","]),
        ("e\u0301", ["é"]),
        ("", []),
        (" ,, ", []),
    ],
)
def test_names_are_typed_one_by_one_or_pasted(text, names):
    assert classes_in(text) == names


def test_what_cannot_be_added_is_said():
    assert why_not_added("ᚠ", ["ᚢ"]) is None
    check_sentence(why_not_added("ᚠ", ["ᚢ", "ᚠ"]), "{name} is among", name="ᚠ")
    for name in ("", " ", "a\x00", "x" * 300, "\ud800"):
        check_sentence(why_not_added(name, []), "A symbol cannot", name=name)


def test_a_set_has_two_to_some_hundred_different_symbols():
    check_classes(("a", "b"))
    check_classes(tuple(map(str, range(MOST_CLASSES))))
    with raises_error("A set needs"):
        check_classes(("a",))
    with raises_error("These are", count=MOST_CLASSES + 1):
        check_classes(tuple(map(str, range(MOST_CLASSES + 1))))
    with raises_error("{name} is among", name="a"):
        check_classes(("a", "b", "a"))


def test_a_new_set_has_a_model_that_rejects_everything(sets, models):
    sets.make("runes", NAMES)
    assert sets.sets() == {"runes": NAMES}
    assert not sets.is_fresh("runes")
    sets.refresh("runes")
    assert sets.is_fresh("runes")
    info = info_of(models)
    assert (info.classes, info.symbols, info.parent) == (NAMES, "runes", "Shipped")
    assert info.calibration.reject_below == 1.0
    assert sets.counts("runes") == dict.fromkeys(NAMES, 0)


def test_the_model_is_made_anew_when_drawings_are_others(made, samples, models):
    assert made.is_fresh("runes")
    assert info_of(models).origin["lessons"] == 10
    assert made.counts("runes") == dict.fromkeys(NAMES, 2)
    before = models.get("runes").path.read_bytes()
    made.refresh("runes")
    assert models.get("runes").path.read_bytes() == before
    for change in (
        lambda: samples.add([replace(runes(1, first=5)[0], id=0)]),
        lambda: samples.relabel(1, "gate"),
        lambda: samples.delete([2]),
    ):
        change()
        assert not made.is_fresh("runes")
        made.refresh("runes")
        assert made.is_fresh("runes")


def test_other_drawings_change_nothing(made, samples):
    samples.add([replace(runes(1)[0], id=0, symbols=""), replace(runes(1)[1], id=0, symbols="x")])
    assert made.is_fresh("runes")


def test_a_model_that_was_deleted_is_made_anew(made, models):
    path = models.get("runes").path
    before = read_model_info(path)
    path.unlink()
    assert not made.is_fresh("runes")
    made.refresh("runes")
    assert read_model_info(path) == before


def test_a_damaged_model_is_put_aside_and_made_anew(made, models):
    path = models.get("runes").path
    path.write_bytes(b"damaged")
    made.refresh("runes")
    assert load_model(path).info.symbols == "runes"
    assert path.with_name(f"{path.name}.corrupt-1").read_bytes() == b"damaged"


def test_another_model_of_its_name_stays_and_is_said(sets, samples, models):
    model = load_model(models.bundled_path)
    samples.set_symbols("runes", NAMES)
    models.add(model, "runes")
    with raises_error("The set of symbols", name="runes", path="runes.safetensors"):
        sets.refresh("runes")
    assert info_of(models) == model.info
    sets.delete("runes", with_samples=True)
    assert info_of(models) == model.info


def test_a_trained_model_that_was_given_its_name_stays(made, models):
    info = info_of(models)
    trained = replace(info, origin={"symbols": "runes", "config": "{}"})
    models.add(Model(trained, load_model(models.get("runes").path).network), "runes", replace=True)
    assert made.is_fresh("runes")
    made.delete("runes", with_samples=False)
    assert info_of(models) == trained


@pytest.mark.parametrize("name", ["", "a/b", "bundled", "Runes", "x" * 300, ".."])
def test_a_name_that_cannot_be_used_is_refused(made, name):
    with raises_error():
        made.make(name, ("a", "b"))
    assert list(made.sets()) == ["runes"]


def test_a_name_from_a_strangers_file_leads_nowhere(sets, samples, tmp_path):
    samples.set_symbols("../shipped/bundled", ("a", "b"))
    with raises_error("The set of symbols", name="../shipped/bundled"):
        sets.refresh("../shipped/bundled")


def test_classes_come_and_go_and_their_drawings_stay(made, samples, models):
    fewer = (*NAMES[1:], "house")
    made.change("runes", fewer)
    assert not made.is_fresh("runes")
    made.refresh("runes")
    assert info_of(models).classes == fewer
    assert info_of(models).origin["lessons"] == 8
    assert made.counts("runes") == {**dict.fromkeys(NAMES[1:], 2), "house": 0}
    assert len(samples.list(symbols="runes")) == 10
    made.change("runes", NAMES)
    made.refresh("runes")
    assert info_of(models).origin["lessons"] == 10


def test_a_set_is_renamed_with_its_drawings_and_its_model(made, samples, models):
    made.change("runes", NAMES, new_name="My runes")
    assert made.sets() == {"My runes": NAMES}
    assert not (models.folder / "runes.safetensors").exists()
    made.refresh("My runes")
    assert info_of(models, "My runes").origin["lessons"] == 10
    assert {one.symbols for one in samples.list()} == {"My runes"}
    made.change("My runes", NAMES, new_name="my runes")
    assert made.sets() == {"my runes": NAMES}


def test_a_set_that_is_gone_or_a_name_that_is_taken_changes_nothing(made, samples, models):
    models.add(load_model(models.bundled_path), "mine")
    before = made.sets(), samples.list()
    with raises_error("There is no set", name="marks"):
        made.change("marks", NAMES, new_name="signs")
    with raises_error("There is a model", name="mine"):
        made.change("runes", NAMES, new_name="mine")
    with raises_error("A set needs"):
        made.change("runes", ("a",))
    assert (made.sets(), samples.list()) == before
    assert made.is_fresh("runes")


@pytest.mark.parametrize("with_samples", [False, True])
def test_a_set_is_deleted_with_its_model_and_its_drawings_if_that_is_wanted(
    made, samples, models, with_samples
):
    assert len(made.delete("runes", with_samples=with_samples)) == (10 if with_samples else 0)
    assert made.sets() == {}
    assert len(samples.list()) == (0 if with_samples else 10)
    assert [one.name for one in models.list()] == ["bundled"]
    # Made again, it has the drawings that were kept.
    made.make("runes", NAMES)
    assert sum(made.counts("runes").values()) == (0 if with_samples else 10)


def test_two_windows_see_the_same(made, tmp_path, models):
    other = SymbolSets(SampleStore(tmp_path / "samples.sqlite"), models)
    other.change("runes", (*NAMES, "house"))
    assert made.sets() == {"runes": (*NAMES, "house")}
    assert not made.is_fresh("runes")
    other.refresh("runes")
    assert made.is_fresh("runes")
    other.delete("runes", with_samples=True)
    made.refresh("runes")
    assert made.sets() == {}


def test_who_never_taught_anything_gets_no_file(sets, samples):
    assert sets.sets() == {}
    sets.refresh("runes")
    assert not samples.path.exists()


def test_it_needs_no_torch():
    code = "import digitpad.learning.adaptation.symbol_sets, sys; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_model_answers_by_its_drawings(made, models):
    predictions = Recognizer(load_model(models.get("runes").path)).predict(
        np.stack([one.glyph for one in runes(2)])
    )
    assert (
        np.mean([p.text == one.label for p, one in zip(predictions, runes(2), strict=True)]) > 0.8
    )


def test_the_model_of_somebody_elses_set_is_like_one_that_was_trained(made, models, samples):
    model = load_model(models.get("runes").path)
    assert made.owned(model) is model
    made.delete("runes", with_samples=True)
    foreign = made.owned(model)
    assert foreign.network is model.network
    assert (foreign.info.symbols, foreign.info.parent) == ("", "")
    assert foreign.info.classes == NAMES
    assert foreign.info.origin["lessons"] == 10
    bundled = load_model(models.bundled_path)
    assert made.owned(bundled) is bundled


def test_with_everything_the_models_go_too(made, models, samples):
    models.add(load_model(models.bundled_path), "mine")
    assert made.delete_everything() == 10
    assert [one.name for one in models.list()] == ["bundled", "mine"]
    assert (made.sets(), samples.list()) == ({}, ())
