"""Which model teaches which writers: one that has learned from none of their strokes.

UNIPEN's large sites have a model each that was trained without them. Of the pen writers, those for
validation and for the test are met by no measured model. The others, and the people of UNIPEN's
small sites, are left out of one of two trainings of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.recipe.recipes import bundled, without_site, without_writers
from training.recipe.splits import (
    LARGE_SITES,
    PEN_WRITERS,
    TEST_WRITERS,
    VALIDATION_WRITERS,
    HeldOut,
    site_of,
)

if TYPE_CHECKING:
    from training.recipe.drawings import Labelled
    from training.recipe.recipes import Recipe

SMALL_SITES = frozenset({"art", "lou", "pri"})

NEVER_TRAINED = TEST_WRITERS | VALIDATION_WRITERS


@dataclass(frozen=True, slots=True)
class Fold:
    """Writers who are taught together with one model.

    Attributes:
        name: of the fold.
        recipe: of its model.
        held_out: what that model has not learned from.
        writers: pen writers of the fold.
        sites: sites of UNIPEN whose people belong to it.
    """

    name: str
    recipe: Recipe
    held_out: HeldOut
    writers: frozenset[str]
    sites: frozenset[str]

    def has(self, one: Labelled) -> bool:
        """Whether a drawing is of one of its writers."""
        return one.writer in self.writers or site_of(one.writer) in self.sites


def folds() -> tuple[Fold, ...]:
    """All folds: every writer is in one of them."""
    found = [
        Fold(
            f"site {site}",
            without_site(site),
            HeldOut(sites=frozenset({site})),
            frozenset(),
            frozenset({site}),
        )
        for site in LARGE_SITES
    ]
    found.append(Fold("never trained", bundled(), HeldOut(), NEVER_TRAINED, frozenset()))
    every = [f"tra{number:02}" for number in range(1, PEN_WRITERS + 1)]
    trained = [name for name in every if name not in NEVER_TRAINED]
    for number, sites in enumerate((SMALL_SITES, frozenset[str]())):
        writers = frozenset(trained[number::2])
        recipe, held_out = without_writers(f"teach-fold-{number}", writers, sites)
        found.append(Fold(f"pen {number + 1}", recipe, held_out, writers, sites))
    return tuple(found)
