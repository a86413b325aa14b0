import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from digitpad.ink.drawing import Drawing
from training.study.mistakes import wall
from training.study.report import ReadDrawing

SVG = "{http://www.w3.org/2000/svg}"
SEVEN = Drawing.of([np.array([[0, 0], [50, 0], [20, 100]]), np.array([[10, 50], [40, 50]])])
READ = ReadDrawing(SEVEN, "anna-1", "anna", "7", "1", 0.876, False, None, rejected=False)


def cells(svg: str) -> list[ET.Element]:
    return [group for group in ET.fromstring(svg) if group.tag == f"{SVG}g"]


def words(element: ET.Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{SVG}text")]


def test_every_mistake_is_shown_with_what_was_read_of_it_and_nothing_else():
    svg = wall([READ, replace(READ, read="7"), replace(READ, rejected=True, writer="<ben>")])
    first, second = cells(svg)
    assert {tuple(words(first)), tuple(words(second))} == {
        ("7 → 1, 88%", "anna"),
        ("7 → 1, 88%", "<ben>"),
    }
    assert svg.count("stroke-dasharray") == 1
    assert "2 of 3 drawings are misread" in svg


def test_large_groups_have_headings_and_small_ones_stand_together():
    svg = wall([READ] * 4 + [replace(READ, true="4", read="9"), replace(READ, read="2")])
    headings = [text.text for text in ET.fromstring(svg).findall(f"{SVG}text")][1:]
    assert headings == ["7 read as 1: 4 drawings of 1 writer", "All others: 2"]
    assert [words(cell)[0] for cell in cells(svg)] == ["7 → 1, 88%"] * 4 + [
        "4 → 9, 88%",
        "7 → 2, 88%",
    ]


@pytest.mark.parametrize(
    "strokes",
    [
        [[[3.0, 4.0]]],
        [[[-1e6, 5.0], [1e6, 5.0]]],
        [[[0.0, 0.0], [1e-9, 0.0]], [[0.0, 0.0], [0.0, 3e-9]]],
    ],
)
def test_a_drawing_of_any_size_fits_its_cell(strokes):
    svg = wall([replace(READ, drawing=Drawing.of([np.array(points) for points in strokes]))])
    (cell,) = cells(svg)
    (box,) = cell.iter(f"{SVG}rect")
    (path,) = cell.iter(f"{SVG}path")
    numbers = path.attrib["d"].replace("M", " ").replace("L", " ").split()
    points = np.array(numbers, dtype=float).reshape(-1, 2)
    assert (points >= 5).all()
    assert (points <= [float(box.attrib["width"]) - 5, 0.7 * float(box.attrib["height"])]).all()
    assert len(list(cell.iter(f"{SVG}circle"))) == len(strokes)


def test_no_mistake_is_a_wall_too():
    svg = wall([replace(READ, read="7")])
    assert cells(svg) == []
    assert "0 of 1 drawings are misread" in svg
