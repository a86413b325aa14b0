"""What Digitpad says of itself, from the source tree and from a made-up bundle."""

import json
import platform
import re
import sys
from importlib import metadata

import pytest
from sentences import raises_error

from digitpad import about
from digitpad.data.catalog import CATALOG
from digitpad.data.public.excerpt import excerpt_dir
from digitpad.paths import resources_dir


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """The resources folder of a bundle."""
    monkeypatch.setattr(about, "resources_dir", lambda: tmp_path)
    (tmp_path / "licences").mkdir()
    return tmp_path


def write_index(bundle, *entries):
    (bundle / "licences" / "index.json").write_text(json.dumps(entries))


def test_versions_are_those_that_run():
    import torch
    from PySide6 import __version__ as pyside
    from PySide6.QtCore import qVersion

    assert about.versions() == {
        "Digitpad": metadata.version("digitpad"),
        "Python": platform.python_version(),
        "Qt": qVersion(),
        "PySide6": pyside,
        "torch": torch.__version__,
    }


def test_qt_need_not_be_loaded_to_know_its_version(monkeypatch):
    from PySide6.QtCore import qVersion

    monkeypatch.delitem(sys.modules, "PySide6.QtCore")
    assert about.versions()["Qt"] == qVersion()


def test_a_missing_library_is_said_to_be_missing(monkeypatch):
    def nowhere(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", nowhere)
    assert about.versions()["torch"] == "not installed"


def test_a_bundle_knows_its_commit(bundle):
    build = {
        "commit": "0123456789abcdef" * 2 + "01234567",
        "date": "2026-11-24",
        "kind": "X bundle",
    }
    (bundle / "build.json").write_text(json.dumps(build))
    assert about.build_sentence() == "X bundle of 2026-11-24, commit 0123456789ab"
    build["commit"] += "+changes"
    (bundle / "build.json").write_text(json.dumps(build))
    assert about.build_sentence().endswith("commit 0123456789ab+changes")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"commit": 1}'])
def test_a_damaged_build_is_no_error(bundle, text):
    (bundle / "build.json").write_text(text)
    assert about.build_sentence() == "bundle of unknown origin"


def test_without_a_bundle_it_is_the_source_tree():
    assert about.build_sentence() == "source tree"
    assert "Build: source tree" in about.summary().splitlines()


def test_a_bundle_lists_its_components_and_reads_their_texts(bundle):
    write_index(
        bundle,
        {"name": "a", "version": "1", "licence": "MIT", "texts": ["a.txt"]},
        {"name": "b", "version": "", "licence": "LGPL", "texts": ["b.txt", "LGPL-3.0.txt"]},
    )
    for name in ("a", "b", "LGPL-3.0"):
        (bundle / "licences" / f"{name}.txt").write_text(f"text of {name}\n")
    one, two = about.components()
    assert (one.title, one.licence, one.text()) == ("a 1", "MIT", "text of a\n")
    assert two.title == "b"
    assert two.text() == "b\n-\n\ntext of b\n\n\nLGPL-3.0\n--------\n\ntext of LGPL-3.0\n"


def test_a_text_that_is_gone_is_an_error_of_the_world(bundle):
    write_index(bundle, {"name": "a", "version": "1", "licence": "MIT", "texts": ["a.txt"]})
    (component,) = about.components()
    with raises_error(filename=str(bundle / "licences" / "a.txt")):
        component.text()


@pytest.mark.parametrize("text", ["", "{}x", '[{"name": "a"}]', "7"])
def test_a_damaged_list_is_an_error_of_the_world(bundle, text):
    (bundle / "licences" / "index.json").write_text(text)
    with raises_error("Digitpad's list of licences cannot be read"):
        about.components()


def test_the_source_tree_lists_what_is_required_and_nothing_else():
    names = {component.name.lower(): component for component in about.components()}
    assert {"digitpad", "numpy", "pillow", "scipy", "torch", "pyside6_essentials"} <= set(names)
    # For tests and checks alone.
    assert not {"pytest", "hypothesis", "ruff", "mypy"} & set(names)
    assert "MIT License" in names["digitpad"].text()
    assert "OpenBLAS" in names["numpy"].text()
    assert all(component.licence and component.text() for component in names.values())


def test_a_text_that_several_parts_share_stands_once():
    text = about.joined([("one", "same\n"), ("other", "else"), ("two", "same")])
    assert text == "one\ntwo\n---\n\nsame\n\n\nother\n-----\n\nelse\n"


def test_old_texts_are_read_too(tmp_path):
    path = tmp_path / "AUTHORS"
    path.write_bytes("José\r\n".encode("latin-1"))
    assert about.read_text(path) == "José\n"


def test_all_data_that_is_offered_for_download_is_credited():
    offered = {kind for kind, entry in CATALOG.items() if entry.download_bytes is not None}
    assert {kind for credit in about.DOWNLOADED for kind in credit.kinds} == offered


def test_data_that_is_shipped_is_credited_with_its_makers_and_its_licence():
    (credit,) = about.SHIPPED
    assert credit.kinds == ("mnist-excerpt",)
    beside = (excerpt_dir() / "README.md").read_text(encoding="utf-8")
    for name in ("LeCun", "Cortes", "Burges"):
        assert name in credit.sentence
        assert name in beside
    assert credit.licence == "CC BY-SA 3.0"
    assert "https://creativecommons.org/licenses/by-sa/3.0/" in beside


def test_all_data_on_the_model_card_is_credited():
    card = (resources_dir() / "models" / "bundled.md").read_text(encoding="utf-8")
    table = card.partition("licence |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([^|,]+?)(?:,[^|]*)? \|.*?([A-Z][\w .-]+) \|$", table, re.MULTILINE)
    assert len(rows) == 3
    credited = {credit.title: credit.licence for credit in about.DATA if credit.bundled}
    assert {title: licence.strip() for title, licence in rows} == {
        title: licence.removesuffix(" licence") for title, licence in credited.items()
    }
