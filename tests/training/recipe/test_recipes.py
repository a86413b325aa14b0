import inspect

from training.bundled import RECIPES
from training.recipe import recipes
from training.recipe.recipes import Recipe, bundled
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


def test_networks_without_a_site_begin_like_the_bundled_model_and_are_named_after_the_site():
    for name in LARGE_SITES:
        recipe = Site(name).recipe()
        assert recipe.name == f"without-site-{name}"
        assert recipe.first is not None
        assert recipe.first.name == bundled().first.name
    assert len({Site(name).recipe().title for name in LARGE_SITES}) == len(LARGE_SITES)
