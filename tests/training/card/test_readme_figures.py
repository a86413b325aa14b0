"""What README.md says about the bundled model is what its card says."""

import re
from pathlib import Path

import pytest

from training.bundled import MODELS

README = Path(__file__).parents[3] / "README.md"
WORDS = {"three": 3.0, "a": 1.0, "one": 1.0}


def costs():
    """Parameters, multiply-adds, milliseconds and relative time of the networks in the card."""
    card = (MODELS / "bundled.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| the bundled (model|ensemble) \|(.+)\|$", card, re.M)
    return {name: [float(value.replace(",", "")) for value in row.split("|")] for name, row in rows}


def section(title):
    return README.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.fixture
def text():
    # One line, without code, and without addresses.
    shown = re.sub(r"```.*?```|\]\(.*?\)", "", section("The model"), flags=re.S)
    return " ".join(shown.split())


def test_the_number_of_parameters(text):
    (thousands,) = re.findall(r"([\d.]+) thousand parameters", text)
    assert float(thousands) == round(costs()["model"][0] / 1000)


def test_the_time_of_a_glyph(text):
    (limit,) = re.findall(r"less than (\w+) milliseconds?", text)
    assert costs()["model"][2] < WORDS[limit]


def test_the_time_of_an_ensemble(text):
    ((networks, times),) = re.findall(r"with (\w+) networks it takes (\w+) times as long", text)
    assert round(costs()["ensemble"][0] / costs()["model"][0]) == WORDS[networks]
    assert round(costs()["ensemble"][3]) == WORDS[times]


def test_no_other_figure_is_said(text):
    # Each figure there has its test above.
    assert len(re.findall(r"\d[\d.,]*", text)) == 1
