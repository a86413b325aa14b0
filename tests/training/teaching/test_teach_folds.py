"""Every writer is taught by one model, which has learned from none of their drawings."""

from collections import Counter

from digitpad.ink.drawing import Drawing
from training.recipe.drawings import Labelled
from training.recipe.splits import LARGE_SITES, PEN_WRITERS
from training.teaching.folds import SMALL_SITES, folds

WRITERS = [
    *(f"tra{number:02}" for number in range(1, PEN_WRITERS + 1)),
    *(f"{site}/7" for site in (*LARGE_SITES, *SMALL_SITES)),
]


def test_every_writer_is_in_one_fold():
    counts = Counter(
        writer
        for fold in folds()
        for writer in WRITERS
        if fold.has(Labelled(Drawing(), 0, writer, "0", ""))
    )
    assert counts == Counter(WRITERS)


def test_the_model_of_a_fold_has_not_learned_from_its_writers():
    for fold in folds():
        held_out = fold.held_out
        assert fold.writers <= held_out.writers
        assert fold.sites <= held_out.sites


def test_every_fold_has_a_model_of_its_own():
    names = [fold.recipe.name for fold in folds()]
    assert len(set(names)) == len(names)
