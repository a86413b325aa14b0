"""Which of the user's samples a training learns from, and how they are redrawn."""

from dataclasses import replace

import numpy as np
from sample_kit import picture_sample, sample
from sentences import check_sentence, raises_error

from digitpad.data.dataset import DIGITS, Dataset
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.prepare import prepare
from digitpad.learning.retraining.own_samples import as_dataset, divide, own_source


def samples(count, label="7", first=1):
    return [sample(label, number, id=number) for number in range(first, first + count)]


def numbers(found):
    return {one.id for one in found}


def done(work):
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def test_three_of_a_class_are_learned_from_and_the_fourth_is_held_out():
    for count in range(1, 5):
        learned, held_out, notice = divide(samples(count), DIGITS)
        assert numbers(learned) == set(range(1, min(count, 3) + 1))
        assert numbers(held_out) == ({4} if count == 4 else set())
        assert notice is None


def test_about_one_in_five_of_later_ones_is_held_out_and_each_class_has_one():
    many = [one for label in "0123456789" for one in samples(40, label, 1 + 40 * int(label))]
    _, held_out, _ = divide(many, DIGITS)
    assert 0.15 < len(held_out) / len(many) < 0.3
    assert {one.label for one in held_out} == set(DIGITS)


def test_what_was_held_out_once_always_is():
    every = samples(60)
    before: set[int] = set()
    learned_before: set[int] = set()
    for count in range(1, 61):
        learned, held_out, _ = divide(every[:count], DIGITS)
        assert before <= numbers(held_out)
        # What has been learned from is not tested later, either.
        assert learned_before <= numbers(learned)
        before, learned_before = numbers(held_out), numbers(learned)
    # Nor does it matter in which order they come.
    assert numbers(divide(every[::-1], DIGITS).held_out) == before


def test_other_samples_change_nothing():
    mine = samples(20)
    alone = numbers(divide(mine, DIGITS).held_out)
    together = divide([*mine, *samples(20, "3", 100)], DIGITS)
    assert {one.id for one in together.held_out if one.label == "7"} == alone


def test_labels_that_are_no_class_are_left_out_counted_and_named():
    several = [*samples(2), *samples(3, "x", 10), *samples(1, "y", 20)]
    learned, held_out, notice = divide(several, DIGITS)
    assert numbers(learned) == {1, 2}
    assert not held_out
    check_sentence(notice, "{count} of your samples are left out", count=4, labels="x, y")
    with raises_error("None of your samples is of a class", labels="x"):
        divide(samples(5, "x"), DIGITS)


def test_samples_are_redrawn_and_the_same_again():
    mine = [*samples(3), replace(picture_sample("1"), id=9)]
    source = done(own_source(mine, DIGITS, per_epoch=40, epochs=2, seed=5))
    assert source.size == 40
    glyphs = source.data.glyphs.reshape(4, 20, 28, 28)
    for one, versions in zip(mine, glyphs, strict=True):
        assert (versions[0] == one.glyph).all()
        different = len({version.tobytes() for version in versions})
        assert different == (20 if one.drawing.strokes else 1)
    assert source.data.labels.tolist() == [7] * 60 + [1] * 20
    again = done(own_source(mine, DIGITS, per_epoch=40, epochs=2, seed=5))
    assert (again.data.glyphs == source.data.glyphs).all()
    # The versions of one depend on no other.
    alone = done(own_source(mine[1:2], DIGITS, per_epoch=10, epochs=2, seed=5))
    assert (alone.data.glyphs == glyphs[1]).all()


def test_many_samples_are_seen_as_they_are():
    mine = [one for one in samples(4) for _ in range(1500)]
    source = done(own_source(mine, DIGITS, per_epoch=12_000, epochs=2, seed=0))
    assert (len(source.data), source.size) == (6000, 12_000)


def test_the_share_is_that_of_an_epoch():
    rest = Dataset(
        np.zeros((400, 28, 28), np.uint8), np.arange(400, dtype=np.int64) % 10, DIGITS, "Rest"
    )
    config = TrainingConfig(samples_share=0.25, validation_share=0.1)
    *_, data = prepare(rest, config, samples(6))
    own = data.sources[-1].size
    assert own / (own + data.sources[0].size) == 0.25
    assert set(data.validation) == {"Rest"}
    *_, without = prepare(rest, replace(config, samples_share=0.0), samples(6))
    assert len(without.sources) == 1


def test_glyphs_are_as_they_were_recognized():
    data = as_dataset(samples(3), DIGITS)
    assert (data.glyphs[1] == samples(3)[1].glyph).all()
    assert data.labels.tolist() == [7, 7, 7]
    assert len(as_dataset((), DIGITS)) == 0
