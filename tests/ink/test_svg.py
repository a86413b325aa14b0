from __future__ import annotations

import base64
import io
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from ink_strategies import drawings
from PIL import Image

from digitpad.ink.curve import bezier_segments
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.picture import Picture
from digitpad.ink.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"


def view_box(root: ET.Element) -> list[float]:
    return [float(value) for value in root.attrib["viewBox"].split()]


def numbers(path: str) -> list[float]:
    return [float(value) for value in path.replace("M", " ").replace("C", " ").split()]


def test_a_stroke_is_one_path_through_its_points() -> None:
    points = np.array([(0.0, 0.0), (100.0, 0.0), (50.0, 200.0)])
    root = ET.fromstring(to_svg(Drawing((Stroke.of(points, width=20),))))
    assert root.tag == SVG + "svg"
    (group,) = root
    assert group.attrib == {
        "fill": "none",
        "stroke": "#000",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    (path,) = group
    assert path.attrib["stroke-width"] == "20"
    segments = bezier_segments(points)
    expected = np.concatenate((segments[0, 0], segments[:, 1:].ravel()))
    np.testing.assert_allclose(numbers(path.attrib["d"]), expected, atol=1e-3)


@given(drawings())
@settings(deadline=None)
def test_any_drawing_is_valid_svg_that_holds_its_ink(drawing: Drawing) -> None:
    root = ET.fromstring(to_svg(drawing))
    left, top, width, height = view_box(root)
    assert float(root.attrib["width"]) == width > 0
    assert float(root.attrib["height"]) == height > 0
    for stroke in drawing.strokes:
        radius = stroke.widths.max() / 2
        for edge, size, values in ((left, width, 0), (top, height, 1)):
            assert edge <= stroke.points[:, values].min() - 0.9 * radius
            assert edge + size >= stroke.points[:, values].max() + 0.9 * radius


def test_a_dot_is_a_circle() -> None:
    root = ET.fromstring(to_svg(Drawing.of([[(3, 4), (3, 4)]], width=6)))
    (circle,) = root.iter(SVG + "circle")
    assert [circle.attrib[key] for key in ("cx", "cy", "r")] == ["3", "4", "3"]


def test_pressure_varies_the_width_in_small_steps() -> None:
    stroke = Stroke.of([(0, 0), (0, 0), (50, 10), (100, 0)], [0.2, 0.9, 0.6, 1.0], width=10)
    root = ET.fromstring(to_svg(Drawing((stroke,))))
    paths = list(root.iter(SVG + "path"))
    widths = np.array([float(path.attrib["stroke-width"]) for path in paths])
    assert 4.0 < widths[0] < 4.5  # of the first point's pressure, 0.2
    assert widths[-1] > 9.4
    assert (np.abs(np.diff(widths)) <= 1.0).all()
    # The pieces follow each other without a gap.
    ends = np.array([numbers(path.attrib["d"])[-2:] for path in paths])
    starts = np.array([numbers(path.attrib["d"])[:2] for path in paths])
    np.testing.assert_allclose(ends[:-1], starts[1:], atol=1e-3)
    np.testing.assert_allclose(ends[-1], (100, 0), atol=1e-3)


def test_a_picture_is_embedded() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    root = ET.fromstring(to_svg(Drawing(picture=Picture(pixels))))
    assert view_box(root) == [0, 0, 7, 5]
    (image,) = root.iter(SVG + "image")
    uri = image.attrib["{http://www.w3.org/1999/xlink}href"]
    kind, data = uri.split(",")
    assert kind == "data:image/png;base64"
    decoded = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))
    np.testing.assert_array_equal(decoded, pixels)


def test_nothing_has_no_svg() -> None:
    with pytest.raises(ValueError, match="empty"):
        to_svg(Drawing())
