import json
import shutil
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from training.bundled import RESULTS
from training.card.curve import curve_svg
from training.card.teaching import CURVE, ROWS, Row, curve, main, teaching_section
from training.teaching.measure import ERRORS_LEFT, PART


def measured(**changes: float) -> dict:
    """Figures that reach every target."""
    found = {row.key: row.least if row.least is not None else row.most or 0 for row in ROWS}
    return {PART: "validation", ERRORS_LEFT: [40, 20, 12, 10, 9, 8], **found, **changes}


def cells(text: str, title: str) -> list[str]:
    """Cells of the only row with this title."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {title} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_without_figures_the_card_says_nothing_of_teaching():
    assert teaching_section(None) == ""


def test_the_section_shows_every_figure_and_whether_its_target_is_met():
    text = teaching_section(measured(**{"MNIST, worst": -0.2512, "other writers, mean": -0.0004}))
    wanted = sum(row.least is not None or row.most is not None for row in ROWS)
    assert text.count("| yes |") == wanted - 1
    assert text.count("| **no** |") == 1
    assert "| −0.251 points | ≥ −0.25 points | **no** |" in text
    assert cells(text, "Other people's digits, accuracy, change") == [
        "0.000 points",
        "≥ −0.05 points",
        "yes",
    ]
    assert cells(text, "Writers") == ["150", "≥ 150", "yes"]
    assert f"]({CURVE})" in text
    assert "MNIST's validation digits" in " ".join(text.split())
    assert "{" not in text


@pytest.mark.parametrize(
    ("row", "value", "met"),
    [
        (Row("x", "", least=45.0), 45.0 - 1e-12, "yes"),
        (Row("x", "", least=45.0), 44.9, "**no**"),
        (Row("x", "", most=0), 0, "yes"),
        (Row("x", "", most=0.3), 0.31, "**no**"),
        (Row("x", ""), 1e9, ""),
    ],
)
def test_a_target_of_teaching_is_met_or_not(row, value, met):
    assert row.met({"x": value}) == met


def test_the_directions_that_the_section_names_are_those_of_the_model():
    statistics = load_model(bundled_model_path()).statistics
    directions = [count for _, count in statistics.describer.sizes]
    told = " ".join(teaching_section(measured()).split())
    first, middle, last = directions
    assert f"{first} of the first activation" in told
    assert f"{middle} of the last pooling; {last} of the features" in told


def test_the_curve_falls_as_the_errors_do(qapp):
    text = curve_svg([40, 20, 8], {1: 0.55})
    root = ET.fromstring(text)
    heights = [float(node.get("cy")) for node in root.iter() if node.get("class") == "point"]
    top, half, low = heights
    assert (low - top) / (half - top) == pytest.approx((1 - 0.2) / (1 - 0.5))
    shown = [node.text for node in root.iter() if node.get("class") in ("share", "count named")]
    assert shown == ["≤ 55 %", "50 %", "20 %"]
    assert QSvgRenderer(QByteArray(text.encode())).isValid()


def test_figures_of_a_benchmark_are_put_into_the_card_with_their_curve(tmp_path):
    results, file = tmp_path / "results.json", tmp_path / "benchmark.json"
    shutil.copy(RESULTS, results)
    shutil.copy(bundled_model_path(), tmp_path / "bundled.safetensors")
    file.write_text(json.dumps({"machine": {}, "teach": measured()}), encoding="utf-8")
    assert main([str(file), "--results", str(results), "--models", str(tmp_path)]) == 0
    assert json.loads(results.read_text(encoding="utf-8"))["teaching"] == measured()
    card = (tmp_path / "bundled.md").read_text(encoding="utf-8")
    assert teaching_section(measured()) in card
    assert (tmp_path / CURVE).read_text(encoding="utf-8") == curve(measured())


@pytest.mark.parametrize(
    "content", [None, "{", "{}", '{"teach": {"writers": 3}}', "[1]", '{"teach": 1}']
)
def test_a_file_without_figures_of_teaching_is_an_error_of_the_world(tmp_path, capsys, content):
    results, file = tmp_path / "results.json", tmp_path / "spoilt.json"
    shutil.copy(RESULTS, results)
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert main([str(file), "--results", str(results), "--models", str(tmp_path)]) == 2
    assert "spoilt.json" in capsys.readouterr().err
    assert results.read_bytes() == RESULTS.read_bytes()
