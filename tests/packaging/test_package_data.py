"""The package holds more than modules: what they read goes where they go."""

import ast
from pathlib import Path

import pytest

from bundling.origins import Origins

CHECKOUT = Path(__file__).resolve().parents[2]
RESOURCES = {
    f"digitpad/{path.relative_to(CHECKOUT).as_posix()}"
    for folder in ("icons", "models", "division", "data", "formulas")
    for path in (CHECKOUT / "resources" / folder).rglob("*")
    if path.is_file()
}
TEXTS = {
    path.relative_to(CHECKOUT).as_posix()
    for path in (CHECKOUT / "digitpad").rglob("*")
    if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}
}


def test_there_are_templates():
    assert {
        "digitpad/data/synthetic/digit_habits.txt",
        "digitpad/data/synthetic/digit_templates.txt",
        "digitpad/data/synthetic/letter_templates.txt",
    } <= TEXTS


def test_they_are_in_the_bundle_beside_their_modules():
    spec = ast.parse((CHECKOUT / "packaging" / "digitpad.spec").read_bytes())
    calls = (node for node in ast.walk(spec) if isinstance(node, ast.Call))
    (call,) = (c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "Analysis")
    (datas,) = (keyword.value for keyword in call.keywords if keyword.arg == "datas")
    # The last one asks the packages of the build.
    own = ast.Expression(ast.List(datas.elts[:-1], ast.Load()))
    code = compile(ast.fix_missing_locations(own), "digitpad.spec", "eval")
    found_entries = eval(code, {"root": CHECKOUT, "str": str})
    entries = [entry for entry in found_entries if Path(entry[0]).is_file()]
    folders = [Path(source) for source, _ in found_entries if Path(source).is_dir()]
    assert {
        f"digitpad/{p.relative_to(CHECKOUT).as_posix()}"
        for f in folders
        for p in f.rglob("*")
        if p.is_file()
    } == RESOURCES
    found = {f"{folder}/{Path(source).name}" for source, folder in entries}
    assert {path.replace("\\", "/") for path in found} == TEXTS
    assert all(Path(source).is_file() for source, _ in entries)


def test_they_are_in_the_wheel():
    wheel = pytest.importorskip("hatchling.builders.wheel")
    files = wheel.WheelBuilder(str(CHECKOUT)).recurse_included_files()
    found = {Path(file.distribution_path).as_posix() for file in files}
    assert found >= TEXTS | RESOURCES


def test_their_licence_is_the_programs():
    (origin,) = Origins().of_all([str(CHECKOUT / path) for path in TEXTS])
    assert (origin.kind, origin.name) == ("distribution", "digitpad")
