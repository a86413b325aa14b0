from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from digitpad.recognition.uncertainty import Bin
from training.card.reliability import calibration_error, reliability_svg, wilson

BINS = [Bin(0, 0.0, 0.0), Bin(10, 0.5, 0.6), Bin(90, 0.95, 0.9)]


def test_the_diagram_is_an_svg_with_every_bin(qapp):
    text = reliability_svg({"One <kind>": BINS, "Another": BINS})
    root = ET.fromstring(text)
    bars = [node for node in root.iter() if node.get("class") == "bar"]
    assert len(bars) == 4
    assert float(bars[0].get("height")) / 300 == pytest.approx(0.6)
    assert text.count("100 drawings, calibration error 5.50%") == 2
    assert QSvgRenderer(QByteArray(text.encode())).isValid()


def test_the_calibration_error_weighs_bins_by_their_drawings():
    assert calibration_error(BINS) == pytest.approx(0.1 * 0.1 + 0.9 * 0.05)
    assert calibration_error([]) == 0.0


def test_a_small_bin_says_little():
    low, high = wilson(1.0, 1)
    assert (round(low, 2), high) == (0.21, 1.0)
    low, high = wilson(0.9, 10_000)
    assert 0.893 < low < 0.9 < high < 0.907
