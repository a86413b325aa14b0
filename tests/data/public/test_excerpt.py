"""The MNIST excerpt: its splits, and that it is what its command takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sentences import raises_error
from shared_data import shared_folder

from digitpad.data.choice import DataChoice
from digitpad.data.loading import Loaded, load_data
from digitpad.data.public.excerpt import PARTS, excerpt_dir, excerpt_files, part_names


def loaded(count=None, seed=0):
    *_, last = load_data(DataChoice("mnist-excerpt", count=count), Path("nowhere"), seed)
    assert isinstance(last, Loaded)
    return last.dataset


def part(name):
    files = excerpt_files(name)
    return np.concatenate([batch.glyphs for batch in files.batches(5000)]), files.indices()


@pytest.mark.parametrize(("name", "each"), [("train", 900), ("validation", 200), ("test", 100)])
def test_a_part_has_as_many_of_each_digit(name, each):
    glyphs, labels = part(name)
    assert glyphs.shape == (10 * each, 28, 28)
    assert np.bincount(labels).tolist() == [each] * 10
    assert glyphs.reshape(len(glyphs), -1).max(axis=1).min() >= 250


def test_no_digit_is_in_two_parts():
    seen = [{glyph.tobytes() for glyph in part(name)[0]} for name in PARTS]
    assert sum(map(len, seen)) == len(set.union(*seen)) == 12_000


def test_it_is_about_two_megabytes_and_names_its_source_and_licence():
    assert sum(file.stat().st_size for file in excerpt_dir().iterdir()) < 2.1e6
    said = (excerpt_dir() / "README.md").read_text(encoding="utf-8")
    assert "python -m training.excerpt" in said
    assert "ShareAlike 3.0" in said


def test_the_validation_split_is_its_own_whatever_the_share_and_the_seed():
    dataset = loaded()
    expected = {glyph.tobytes() for glyph in part("validation")[0]}
    assert (dataset.title, len(dataset)) == ("MNIST excerpt", 11_000)
    for share, seed in ((0.1, 0), (0.5, 3)):
        training, validation = dataset.split(share, seed)
        assert {glyph.tobytes() for glyph in validation.glyphs} == expected
        assert training.counts() == (900,) * 10
    first, second = (dataset.split(0.1, seed)[0].labels for seed in (0, 1))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("count", [40, 500, 11_000, 50_000])
def test_fewer_of_them_keep_both_splits(count):
    dataset = loaded(count)
    assert len(dataset) == min(count, 11_000)
    training, validation = dataset.split(0.1, 0)
    assert min(training.counts()) >= 2
    assert min(validation.counts()) >= 1
    kept = {glyph.tobytes() for glyph in part("validation")[0]}
    assert {glyph.tobytes() for glyph in validation.glyphs} <= kept


def test_too_few_are_refused():
    with raises_error("{count} drawings are too few", count=39, needed=40):
        loaded(39)


@pytest.mark.data
def test_the_command_takes_the_same_digits_again(tmp_path):
    from training.excerpt import main

    assert main(["--data", str(shared_folder()), "--out", str(tmp_path)]) == 0
    for name in PARTS:
        glyphs, labels = part(name)
        files = excerpt_files(name)
        for path in part_names(name):
            assert (tmp_path / path).stat().st_size > 0
        pictures, marks = (tmp_path / path for path in part_names(name))
        again = replace(files, pictures=pictures, labels=marks)
        assert np.array_equal(again.indices(), labels)
        made = np.concatenate([batch.glyphs for batch in again.batches(5000)])
        assert np.array_equal(made, glyphs)
