"""Sets of symbols on the command line: their models are read like any other."""

import json
from dataclasses import replace

import pytest
from made_once import symbols_made_once
from runes import NAMES, rune, runes

from digitpad.ink.stroke_file import to_ndjson_line
from digitpad.learning.adaptation.symbol_sets import SymbolSets
from digitpad.paths import Profile
from digitpad.recognition.model_store import ModelStore, bundled_model_path
from digitpad.samples.store import SampleStore

__all__ = ["symbols_made_once"]

pytestmark = pytest.mark.usefixtures("symbols_made_once")


@pytest.fixture
def sets(profile):
    """With two drawings of each rune, and without their model."""
    of = Profile(profile)
    store = SampleStore(of.samples_path)
    sets = SymbolSets(store, ModelStore(of.models_dir, bundled_model_path()))
    sets.make("runes", NAMES)
    store.add(replace(one, id=0) for one in runes(2))
    return sets


@pytest.fixture
def drawings(tmp_path):
    path = tmp_path / "drawings.ndjson"
    lines = [to_ndjson_line(rune(name, 30), name) for name in NAMES]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_its_model_is_made_when_it_is_asked_for(digitpad_, sets, drawings):
    code, out, err = digitpad_(
        "classify", "--model", "runes", "--as-one", "--reject-below", "0", "--json", drawings
    )
    assert (code, err) == (0, "")
    found = [json.loads(line) for line in out.splitlines()]
    assert [one["text"] for one in found] == [*NAMES]
    assert sets.is_fresh("runes")


def test_models_tell_of_it(digitpad_, sets):
    sets.refresh("runes")
    code, out, err = digitpad_("model", "list")
    assert (code, err) == (0, "")
    assert "  runes     runes, 5 classes, own symbols runes\n" in out
    code, out, err = digitpad_("model", "info", "runes", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["origin"]["symbols"] == "runes"


def test_new_drawings_are_learned_before_it_is_evaluated(digitpad_, sets, profile, drawings):
    sets.refresh("runes")
    SampleStore(profile / "samples.sqlite").add([replace(one, id=0) for one in runes(1, first=20)])
    assert not sets.is_fresh("runes")
    code, _, err = digitpad_("evaluate", drawings, "--model", "runes", "--json")
    assert code == 0, err
    assert sets.is_fresh("runes")


def test_with_all_samples_its_model_goes(digitpad_, sets):
    sets.refresh("runes")
    code, _, _ = digitpad_("samples", "delete", "--everything", "--yes")
    assert code == 0
    code, out, _ = digitpad_("model", "list")
    assert "runes" not in out
