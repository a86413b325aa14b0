"""The import contracts hold, and each of them can be broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
INTRUDERS = {
    "Arrows go one way": ("digitpad/ink", "digitpad.learning"),
    "No Qt outside the app": ("digitpad/storage", "PySide6.QtCore"),
    "No torch in ink": ("digitpad/ink", "torch"),
    "The window names no page": ("digitpad/app/widgets", "digitpad.app.pad.canvas.canvas"),
    "No torch in the window": ("digitpad/app/pad", "torch"),
}
"""A forbidden import for each contract, by how its name begins: a room, and what it must not
import."""


def names() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def verdicts(folder: Path) -> dict[str, str]:
    """KEPT or BROKEN, by the names of the contracts."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    found = dict(re.findall(r"(?m)^(.*) (KEPT|BROKEN)\b.*$", done.stdout))
    assert found, done.stdout + done.stderr
    assert (done.returncode == 0) == (set(found.values()) == {"KEPT"})
    return found


@pytest.fixture
def copy(tmp_path):
    """The sources with their contracts, to be changed."""
    for package in ("digitpad", "training"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept_and_can_be_broken(copy):
    contracts = names()
    assert verdicts(copy) == dict.fromkeys(contracts, "KEPT")
    rooms = {room for room, _ in INTRUDERS.values()}
    for room in rooms:
        imports = [module for place, module in INTRUDERS.values() if place == room]
        (copy / room / "intruder.py").write_text("".join(f"import {name}\n" for name in imports))
    assert verdicts(copy) == dict.fromkeys(contracts, "BROKEN")


def test_there_is_an_intruder_for_every_contract():
    assert [name for name in names() if not name.startswith(tuple(INTRUDERS))] == []
    assert len(names()) == len(INTRUDERS)
