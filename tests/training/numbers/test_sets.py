from itertools import islice

import numpy as np
import pytest
from number_hands import drawn_hands
from shared_data import shared_folder

from digitpad.data.dataset import DIGITS, Dataset
from digitpad.data.synthetic.digits import synthetic_digits
from digitpad.ink.drawing import Drawing
from digitpad.recognition.model_store import bundled_model_path
from training.numbers import sets as module
from training.numbers.measure import main
from training.numbers.sets import REAL_SITES, SETS, cases

CROSS = Drawing.of([[(0, 0), (10, 10)], [(0, 10), (10, 0)], [(5, 0), (5, 10)]])
MADE_UP = ("composed", "around", "photos", "rows", "mnist")


@pytest.fixture
def made_up(monkeypatch) -> None:
    """Everything that needs no strokes of people."""
    ((glyphs, labels),) = synthetic_digits(30, 0)
    monkeypatch.setattr(module, "read_hands", lambda *_: drawn_hands(2, 2))
    monkeypatch.setattr(module, "read_others", lambda *_: [CROSS])
    monkeypatch.setattr(module, "_mnist", lambda *_: Dataset(glyphs, labels, DIGITS))


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("name", MADE_UP)
def test_every_set_is_always_the_same(tmp_path, name):
    first, again = (list(cases(tmp_path, "validation", name, 4)) for _ in range(2))
    assert [one.text for one in first] == [one.text for one in again]
    assert all(
        np.array_equal(one.glyphs, other.glyphs) for one, other in zip(first, again, strict=True)
    )
    other = list(cases(tmp_path, "test", name, 4))
    assert [one.text for one in first] != [one.text for one in other]


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("name", MADE_UP)
def test_there_is_a_glyph_for_every_digit(tmp_path, name):
    for case in cases(tmp_path, "validation", name, 6):
        if case.text is not None:
            assert len(case.glyphs) == len("".join(case.text.split()))


@pytest.mark.usefixtures("made_up")
def test_the_command_prints_and_writes_figures(tmp_path, capsys):
    file = tmp_path / "figures.json"
    arguments = ["--data", str(tmp_path), "--sets", "composed", "rows", "--count", "2"]
    arguments += ["--settled", "1", "--json", str(file), str(bundled_model_path())]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "validation data" in printed
    assert all(SETS[name][0] in printed for name in ("composed", "rows"))
    assert '"composed"' in file.read_text(encoding="utf-8")


def test_a_folder_without_data_is_an_error_of_the_world(tmp_path, capsys):
    assert main(["--data", str(tmp_path), str(bundled_model_path())]) == 2
    assert capsys.readouterr().err


def test_real_numbers_for_the_test_are_not_those_that_are_chosen_by():
    assert not REAL_SITES["validation"] & REAL_SITES["test"]


@pytest.mark.data
def test_the_real_numbers_are_split_by_site():
    folder = shared_folder()
    chosen = list(cases(folder, "validation", "real"))
    assert len(chosen) == 81
    assert {case.traits for case in chosen} == {("ape",)}
    assert all(case.text.isdecimal() for case in chosen)


@pytest.mark.data
@pytest.mark.parametrize("name", ["pen", "unipen"])
def test_single_digits_are_of_the_people_held_out(name):
    folder = shared_folder()
    first = list(islice(cases(folder, "validation", name), 20))
    assert all(len(case.text) == 1 and case.glyphs.shape == (1, 28, 28) for case in first)
