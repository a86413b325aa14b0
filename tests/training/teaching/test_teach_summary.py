"""The figures of all writers together, and the command that finds them."""

import json

import pytest

from digitpad.errors import DigitpadError
from training import benchmark
from training.card import teaching as card
from training.teaching import __main__ as command
from training.teaching.measure import ERRORS_LEFT, PART, measure, summary
from training.teaching.simulate import Side, Taught


def taught(*errors: int, **values) -> Taught:
    lessons = len(errors) - 1
    found = {
        "writer": "anna",
        "drawings": 40,
        "lessons": lessons,
        "errors": errors,
        "side": Side(-0.001, 0.002, -0.003, 0.004, 0.005) if lessons else None,
        "seconds": (0.1,) * lessons,
        "flagged_right": 0,
        "flagged_wrong": 2,
        "slips": 3,
        "slip_costs": (0.01, 0.002, 0.0),
    }
    return Taught(**(found | values))


def test_errors_are_summed_over_the_writers_who_have_some_left():
    found = summary([taught(4, 2, 1), taught(6, 3, 3, 2, 1, 0), taught(0, 1), taught(0)])
    assert (found["writers"], found["writers with errors left"], found["lessons"]) == (4, 2, 8)
    # Who needed two lessons has the last number from then on.
    assert found[ERRORS_LEFT] == [10, 5, 4, 3, 2, 1]
    assert found["fewer after one, %"] == pytest.approx(50)
    assert found["fewer after five, %"] == pytest.approx(90)


def test_a_writer_who_gets_worse_counts_even_without_errors_before():
    found = summary([taught(0, 1), taught(2, 2, 3), taught(1, 2, 4), taught(3, 0)])
    assert (found["writers worse by one"], found["writers worse by more"]) == (2, 1)


def test_what_happens_elsewhere_is_said_in_points():
    worse = Side(-0.003, -0.004, -0.005, 0.0, 0.001)
    found = summary([taught(2, 1), taught(2, 1, side=worse), taught(0)])
    assert (found["MNIST, mean"], found["MNIST, worst"]) == pytest.approx((-0.2, -0.3))
    assert (found["other writers, mean"], found["other writers, worst"]) == pytest.approx(
        (-0.1, -0.4)
    )
    assert found["AUROC, mean"] == pytest.approx(-0.004)
    assert found["digits refused, mean"] == pytest.approx(0.2)
    assert found["calibration error, mean"] == pytest.approx(0.3)


def test_flags_and_costs_of_slips_and_times_are_counted():
    found = summary([taught(2, 1, flagged_right=1, seconds=(0.3,)), taught(2, 1, 0, 0)])
    assert found["flagged right lessons, %"] == pytest.approx(100 / 4)
    assert found["flagged wrong lessons, %"] == pytest.approx(100 * 4 / 6)
    assert found["cost of a wrong lesson, own digits"] == pytest.approx(1.0)
    assert found["cost of a wrong lesson, other writers"] == pytest.approx(0.2)
    assert (found["a lesson, median ms"], found["a lesson, longest ms"]) == pytest.approx(
        (100, 300)
    )


def test_the_part_of_the_benchmark_needs_data():
    assert benchmark.PARTS["teach"] is measure
    with pytest.raises(DigitpadError):
        measure(None)


def test_the_card_knows_every_figure(tmp_path, monkeypatch, capsys):
    asked = []

    def found(data, part):
        asked.append((data, part))
        symbols = {
            "writers with own symbols": 9,
            "ten own symbols from three drawings, %": 95.0,
            "worst of the sets, %": 90.0,
        }
        return {PART: part, **summary([taught(2, 1)]), **symbols}

    monkeypatch.setattr(command, "measure", found)
    file = tmp_path / "teaching.json"
    options = ["--data", str(tmp_path), "--part", "test", "--json", str(file)]
    assert command.main(options) == 0
    assert asked == [(tmp_path, "test")]
    assert "fewer after one, %" in capsys.readouterr().out
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert {row.key for row in card.ROWS} <= figures.keys()
    assert "MNIST's test digits" in " ".join(card.teaching_section(figures).split())


def test_data_that_is_missing_is_an_error_of_the_world(tmp_path, capsys):
    assert command.main(["--data", str(tmp_path)]) == 2
    assert "digits.ndjson.gz" in capsys.readouterr().err
