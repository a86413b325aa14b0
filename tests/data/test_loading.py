from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import raises_error

from digitpad.data import loading
from digitpad.data.catalog import CATALOG, DataKind
from digitpad.data.choice import DataChoice
from digitpad.data.dataset import choose, index_names
from digitpad.data.loading import Loaded, Loading, load_data
from digitpad.data.synthetic.digits import synthetic_digits
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.fields import FIELDS

NOWHERE = Path("unused")


class TestSynthetic:
    def test_they_are_made_with_progress(self) -> None:
        *before, last = load_data(DataChoice("synthetic", count=230), NOWHERE, 4)
        assert isinstance(last, Loaded)
        assert last.dataset.title == "Synthetic digits"
        assert last.dataset.classes == tuple("0123456789")
        glyphs, labels = zip(*synthetic_digits(230, 4), strict=True)
        assert np.array_equal(last.dataset.glyphs, np.concatenate(glyphs))
        assert np.array_equal(last.dataset.labels, np.concatenate(labels))
        assert before
        for event in before:
            assert isinstance(event, Loading)
            assert (event.stage, event.total, event.unit) == ("drawing", 230, "drawings")

    def test_twenty_thousand_where_no_number_is_asked_for(self) -> None:
        events = load_data(DataChoice("synthetic"), NOWHERE, 0)
        first = next(events)
        assert isinstance(first, Loading)
        assert first.total == 20_000
        events.close()

    def test_more_than_the_memory_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: object, **options: object) -> None:
            raise MemoryError

        monkeypatch.setattr(loading.np, "empty", fail)
        with raises_error("There is not enough memory for {title}: ", title="Synthetic digits"):
            list(load_data(DataChoice("synthetic"), NOWHERE, 0))


def test_data_that_a_program_handed_over_has_no_place() -> None:
    with raises_error("This configuration was trained on data that a program provided "):
        list(load_data(None, NOWHERE, 0))


class TestCatalog:
    def test_every_kind_has_an_entry(self) -> None:
        assert set(CATALOG) == set(get_args(DataKind)) == set(FIELDS["data.kind"].choices or {})
        for kind in CATALOG:
            entry = CATALOG[kind]
            assert entry.title
            assert entry.sentence.endswith(".")

    def test_classes_are_known_where_nobody_brings_their_own(self) -> None:
        for kind in CATALOG:
            entry = CATALOG[kind]
            assert (entry.classes is None) == entry.needs_place

    def test_paths_are_asked_for_where_a_choice_needs_them(self) -> None:
        for kind in CATALOG:
            entry = CATALOG[kind]
            assert not entry.needs_place or entry.place
            if entry.needs_place:
                with pytest.raises(DigitpadError):
                    DataChoice(kind)
            else:
                DataChoice(kind)

    def test_it_is_free_of_torch(self) -> None:
        code = (
            "import sys, digitpad.data.catalog, digitpad.data.progress\n"
            "assert not {'torch', 'torchvision', 'numpy'} & set(sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr


class TestChoose:
    @given(
        st.lists(st.integers(0, 6), min_size=1, max_size=80),
        st.integers(14, 60),
        st.integers(0, 2**63 - 1),
    )
    def test_so_many_with_two_of_each_class(self, values: list[int], count: int, seed: int) -> None:
        labels = np.array(values)
        chosen = choose(labels, count, seed)
        assert len(chosen) == min(count, len(labels))
        assert (np.diff(chosen) > 0).all()
        for label in np.unique(labels):
            has = int((labels == label).sum())
            assert (labels[chosen] == label).sum() >= min(2, has)
        assert np.array_equal(chosen, choose(labels, count, seed))

    def test_none_takes_all_in_order(self) -> None:
        assert choose(np.array([3, 3, 1]), None, 0).tolist() == [0, 1, 2]

    def test_every_drawing_has_the_same_chance(self) -> None:
        labels = np.zeros(50, dtype=np.int64)
        taken = np.zeros(50, dtype=np.int64)
        for seed in range(1000):
            taken[choose(labels, 10, seed)] += 1
        # 200 expected; five standard deviations of a binomial are 63.
        assert taken.min() > 137
        assert taken.max() < 263

    def test_too_few_for_the_classes(self) -> None:
        labels = np.repeat(np.arange(26), 5)
        with raises_error(
            "{count} drawings are too few for {classes} classes: ", count=20, classes=26, needed=52
        ):
            choose(labels, 20, 0)


class TestClasses:
    def test_numbers_come_first_and_by_value(self) -> None:
        words = ["b", "10", "²", "9", "a", "٣", "010"]
        classes, labels = index_names(words * 2, "x")
        assert classes == ("٣", "9", "010", "10", "a", "b", "²")
        assert [classes[label] for label in labels] == words * 2

    def test_more_classes_than_a_model_takes(self) -> None:
        words = [str(i) for i in range(10_001)]
        with raises_error(
            "{source} has {count} classes: ", source="x", count=10001, max_classes=10000
        ):
            index_names(words * 2, "x")
