import ast
import pickle
import re
import subprocess
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path

import pytest
from sentences import PACKAGE, mark_names, marks, trees

from digitpad.errors import DigitpadError
from digitpad.text import Marked, Plural, Sentence, percent, probability

LUPDATE = Path(find_spec("PySide6").origin).with_name("lupdate")


def test_a_sentence_is_filled_in():
    said = Sentence("{n} of {share:.1%} {name!r}, {w:.2f}", n=3, share=0.995, name="a", w=1.234)
    assert str(said) == "3 of 99.5 % 'a', 1.23"
    assert str(Sentence('Like {"a": 1}.')) == 'Like {"a": 1}.'


def test_an_error_within_an_error_is_part_of_it():
    inner = DigitpadError("{path} is damaged.", path="x")
    error = DigitpadError("{error} Delete {folder}.", error=inner, folder="y")
    assert str(error) == "x is damaged. Delete y."
    assert isinstance(error, Exception)
    assert repr(error) == "DigitpadError('{error} Delete {folder}.')"


@pytest.mark.parametrize(("number", "text"), [(0, "0 models"), (1, "1 model"), (2, "2 models")])
def test_a_count_chooses_the_form(number, text):
    error = DigitpadError(Plural("{number} model", "{number} models", number), number=number)
    assert str(error) == text


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [(0.99996, 2, "99.99 %"), (0.996, 0, "99 %"), (1, 2, "100.00 %"), (0.99124, 2, "99.12 %")],
)
def test_a_hundred_per_cent_is_said_only_of_all(share, decimals, text):
    assert percent(share, decimals) == text


@pytest.mark.parametrize(("share", "text"), [(0.9, "90.0 %"), (1.0, "> 99.9 %")])
def test_no_network_is_quite_sure(share, text):
    assert probability(share) == text


def test_errors_and_texts_cross_between_processes():
    error = DigitpadError(Plural("{n} {of}.", "{n} {of}s.", 1), n=1, of=Marked("model"))
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == "1 model."
    assert (again.template.many, type(again.fields["of"])) == ("{n} {of}s.", Marked)


def test_shares_are_written_with_a_space():
    assert percent(0.9912, 2) == "99.12 %"
    assert percent(1.0) == "100 %"


def test_every_mark_has_literals_that_can_be_found_in_the_source():
    calls = list(marks())
    assert len(calls) > 100
    others = {place.partition(":")[0] for place, call in calls if not takes_literals(call)}
    assert others == set()


def test_the_window_has_a_form_for_each_count():
    # A field that is called like a number, and a word in the plural.
    counts = "count|total|number|rate|shown|classes|drawings|epochs|steps|networks|parameters|runs"
    counted = re.compile(rf"\{{(?:{counts})\}} [a-z-]+s\b")
    plain = [
        f"{path}:{node.lineno}: {node.value}"
        for path, tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", None) in {"tr", "translate"}
        for node in call.args
        if isinstance(node, ast.Constant) and counted.search(str(node.value))
    ]
    assert plain == []


def takes_literals(call):
    texts = call.args[: 2 if call.func.id == "Plural" else 1]
    return all(is_literal(text) or is_mark(text) for text in texts)


def is_literal(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_mark(node):
    """A mark, one out of a table, or what Qt has translated: all are found by themselves."""
    name, call, _ = ast.unparse(node).partition("(")
    marks = ("Plural", "Sentence", "self.", "translate")
    return name.startswith(marks) if call else name == "template"


@pytest.mark.slow
@pytest.mark.skipif(not LUPDATE.exists(), reason="PySide6's tools are not installed")
def test_qts_extractor_finds_every_mark(tmp_path):
    aliases = [*(f"QT_TR_NOOP+={name}" for name in sorted(mark_names())), "tr+=Plural"]
    lupdate = [LUPDATE, "-tr-function-alias", ",".join(aliases)]
    file = tmp_path / "all.ts"
    subprocess.run(
        [*lupdate, "-extensions", "py", PACKAGE, "-silent", "-ts", file],
        check=True,
        capture_output=True,
        timeout=120,
    )
    [context] = [c for c in ET.parse(file).iter("context") if not c.findtext("name")]
    found = {
        (message.findtext("source"), message.findtext("comment"), message.get("numerus"))
        for message in context.iter("message")
    }
    wanted = set()
    for _, call in marks():
        if call.func.id == "Plural":
            wanted.add((call.args[0].value, call.args[1].value, "yes"))
        elif is_literal(call.args[0]):
            wanted.add((call.args[0].value, None, None))
    assert wanted - found == set()
