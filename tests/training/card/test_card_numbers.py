import json
import shutil
from dataclasses import asdict

import pytest

from digitpad.recognition.model_store import bundled_model_path
from training.bundled import RESULTS
from training.card.numbers import TARGETS, Target, main, numbers_section
from training.numbers.scores import Read, figures
from training.numbers.sets import SETS


def measured(**changes: object) -> dict:
    reads = [
        Read("2026", "2026", 0.999, False, True, 3.0, ("apart", "pen")),
        Read("10", "10", 0.99, False, True, 3.0, ("joined",)),
    ]
    found = asdict(figures(reads)) | changes
    return {
        "part": "test",
        "model": "Some model",
        "sets": dict.fromkeys(SETS, found),
        "settled": {"finished": 400, "changed": 1},
    }


def row(text: str, title: str) -> list[str]:
    """Cells of the first row with this title."""
    (line, *_) = [line for line in text.splitlines() if line.startswith(f"| {title} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_without_figures_there_is_no_section():
    assert numbers_section([]) == ""


def test_the_section_has_the_figures_of_every_set():
    text = numbers_section([measured()])
    for name, (title, _, _) in SETS.items():
        cells = row(text, title)
        assert cells[0] == "2"
        assert cells[2:4] == ["100.00%", "100.00%"]
        assert cells[-1] == ("yes" if name in TARGETS else "")
    assert "0.25%" in text
    assert "Some model, test data" in text
    assert row(text, "some joined into one stroke") == ["1", "100.00%"]


@pytest.mark.parametrize(
    ("target", "changes", "met"),
    [
        (Target(right=0.97), {"right": 0.97}, True),
        (Target(right=0.97), {"right": 0.969}, False),
        (Target(right=0.97), {"ece": 0.03}, False),
        (Target(refused=0.03), {"refused": 0.04}, False),
        (Target(of_true=0.985), {"of_true": 0.98}, False),
        (Target(lost=0.0003), {"right": 0.9948, "true_right": 0.995}, True),
        (Target(lost=0.0003), {"right": 0.9946, "true_right": 0.995}, False),
    ],
)
def test_targets_are_met_or_not(target, changes, met):
    (found, *_) = measured(**changes)["sets"].values()
    assert target.met(found) is met


def test_what_misses_its_target_is_marked():
    text = numbers_section([measured(right=0.5, of_true=0.5)])
    assert row(text, SETS["rows"][0])[-1] == "**no**"


def test_figures_are_put_into_the_results_and_the_card(tmp_path):
    results, file = tmp_path / "results.json", tmp_path / "numbers.json"
    shutil.copy(RESULTS, results)
    shutil.copy(bundled_model_path(), tmp_path / "bundled.safetensors")
    file.write_text(json.dumps(measured()), encoding="utf-8")
    plain = json.loads(file.read_text(encoding="utf-8"))
    assert main([str(file), "--results", str(results), "--models", str(tmp_path)]) == 0
    assert json.loads(results.read_text(encoding="utf-8"))["numbers"] == [plain]
    card = (tmp_path / "bundled.md").read_text(encoding="utf-8")
    assert numbers_section([measured()]) in card


def test_a_file_that_is_missing_is_an_error_of_the_world(tmp_path, capsys):
    results = tmp_path / "results.json"
    shutil.copy(RESULTS, results)
    assert main([str(tmp_path / "none.json"), "--results", str(results)]) == 2
    assert "none.json" in capsys.readouterr().err
