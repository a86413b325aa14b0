import inspect
import json

import pytest

from digitpad.recognition.model_info import read_model_info
from training.bundled import MODELS, RECIPES
from training.recipe import recipes
from training.recipe.recipes import Recipe, bundled, first_cycle, second_cycle, shipped
from training.recipe.splits import LARGE_SITES
from training.study.sites import Site


def every_recipe() -> dict[str, Recipe]:
    """All that the module makes without being told of what."""
    made = (
        make()
        for _, make in inspect.getmembers(recipes, inspect.isfunction)
        if make.__module__ == recipes.__name__
        and not make.__name__.startswith("_")
        and not inspect.signature(make).parameters
    )
    return {recipe.name: recipe for recipe in made}


def test_every_recipe_is_made_by_the_command_or_begins_another_or_is_a_studys():
    known = every_recipe()
    names = [recipe.name for recipe in RECIPES]
    assert len(set(names)) == len(names)
    firsts = {recipe.first.name for recipe in known.values() if recipe.first}
    assert not firsts & set(names)
    # The command makes what is shipped of the best seed alone.
    assert set(known) == {*names, *firsts, "shipped", "study"}


def test_the_bundled_model_goes_through_three_cycles():
    third = bundled()
    assert third.first is not None
    assert third.first.first is not None
    assert third.first.first.first is None


@pytest.mark.parametrize(
    ("recipe", "kept"),
    [(first_cycle(), "first_config"), (second_cycle(), "second_config"), (shipped(), "config")],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_shipped_model_was_trained_with_the_settings_of_the_recipe(recipe, kept):
    origin = read_model_info(MODELS / "bundled.safetensors").origin
    settings = (
        "architecture",
        "epochs",
        "batch_size",
        "optimizer",
        "learning_rate",
        "weight_decay",
        "schedule",
        "label_smoothing",
        "outlier_weight",
        "initialisation",
    )
    trained = json.loads(origin[kept])
    now = json.loads(recipe.seeded(origin["seed"]).to_json())
    assert {name: trained[name] for name in settings} == {name: now[name] for name in settings}
    # Of older files, which do not name the share that is augmented: it was all.
    changes = {"augmented_share": 1.0} | trained["augmentation"]
    assert changes == now["augmentation"]


def test_networks_without_a_site_begin_like_the_bundled_model_and_are_named_after_the_site():
    for name in LARGE_SITES:
        recipe = Site(name).recipe()
        assert recipe.name == f"without-site-{name}"
        assert recipe.first is not None
        assert recipe.first.name == bundled().first.name
    assert len({Site(name).recipe().title for name in LARGE_SITES}) == len(LARGE_SITES)
