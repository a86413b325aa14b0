"""Datasets as people have brought them, where they are at hand."""

from __future__ import annotations

import json

import pytest
from shared_data import shared_file

pytestmark = pytest.mark.data


@pytest.fixture
def field():
    return shared_file("field")


@pytest.mark.parametrize(
    ("place", "count", "left_out", "said"),
    [
        ("09-hidden/data", 48, 0, ""),
        ("12-nested/data", 12, 0, "only the drawings in test are used"),
        ("12-nested/once", 18, 0, "has its class folders in trainingSet"),
        ("13-corrupt/data", 34, 2, "1/003.png, 2/005.png"),
        ("14-not-pictures/data", 36, 2, "0/labels.csv, 2/notes.txt"),
        ("15-blank-in-class/data", 36, 1, "1/blank.png"),
        ("16-class-names/padded", 24, 0, "taken for the classes 0, 1, 2, 3"),
        ("16-class-names/words", 24, 0, "taken for the classes 0, 1, 2, 3"),
        ("17-idx/gznamed_plain", 40, 0, ""),
        ("17-idx/csv/train.csv", 3, 0, ""),
        ("41-quickdraw/crlf_bom.ndjson", 2, 0, ""),
        ("41-quickdraw/last_line_cut.ndjson", 1, 1, "line 2"),
        ("../hostile/surrogate-class/train.ndjson", 50, 50, "line 2, line 4, line 6 and 47 more"),
    ],
)
def test_what_can_be_read_is_evaluated_on(digitpad_, field, place, count, left_out, said):
    code, out, err = digitpad_("evaluate", field / place, "--json")
    data = json.loads(out)
    assert (code, data["count"], data["left_out"]["count"]) == (0, count, left_out)
    assert said in err
    assert bool(err) == bool(said)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("17-idx/csv", "such as train.csv"),
        ("17-idx/csv/cat.bin", ".ndjson"),
        ("17-idx/csv/mnist.npz", ".csv"),
        ("17-idx/csv/full_numpy_bitmap_seven.npy", ".ndjson"),
        ("41-quickdraw/nulls.ndjson", "Line 1"),
    ],
)
def test_what_cannot_says_what_to_do(refused, field, place, said):
    assert said in refused("evaluate", field / place)


def test_a_word_that_cannot_be_written_is_refused_before_training(digitpad_, field):
    place = field / ".." / "hostile" / "surrogate-class" / "train.ndjson"
    code, out, err = digitpad_("train", "--data", place, "--epochs", "1")
    assert (code, out) == (2, "")
    assert "only the class '7'" in err
    assert "line 2, line 4, line 6 and 47 more" in err
