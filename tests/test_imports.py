"""The rooms without Qt are imported where Qt cannot be; ink also where torch cannot be."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import digitpad

IMPORT = """
import importlib, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(f"{{name}} is not to be imported here")

sys.meta_path.insert(0, Blocked())
for name in {modules!r}:
    importlib.import_module(name)
print(len(sys.modules))
"""


def modules(*rooms: str) -> list[str]:
    """Names of the modules of these rooms, found on disk and not by importing them."""
    root = Path(digitpad.__path__[0])
    names = [
        ".".join((root.name, *path.relative_to(root).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        for path in sorted(root.rglob("*.py"))
    ]
    return [name for name in names if any(f"{name}.".startswith(f"{room}.") for room in rooms)]


def import_without(blocked: set[str], names: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IMPORT.format(blocked=blocked, modules=names)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


QT = {"PySide6", "shiboken6"}
TORCH = {"torch", "torchvision", "safetensors"}
SMALL = [
    "digitpad.about",
    "digitpad.diagnostics.crash_file",
    "digitpad.diagnostics.reports",
    "digitpad.errors",
    "digitpad.paths",
    "digitpad.settings",
    "digitpad.cli",
]


def test_the_check_can_fail() -> None:
    done = import_without({"json"}, ["digitpad.ink.stroke_file"])
    assert done.returncode == 1
    assert "json is not to be imported here" in done.stderr


def test_rooms_are_imported_without_qt() -> None:
    rooms = [modules(f"digitpad.{room}") for room in ("recognition", "learning", "commands")]
    assert min(map(len, rooms)) > 2
    done = import_without(QT, list(itertools.chain(*rooms)))
    assert done.returncode == 0, done.stderr


def test_small_modules_are_imported_without_qt_or_torch() -> None:
    assert modules(*SMALL) == sorted(SMALL)
    done = import_without(QT | TORCH, SMALL)
    assert done.returncode == 0, done.stderr


def test_ink_is_imported_without_qt_torch_pillow_or_scipy() -> None:
    names = modules("digitpad.ink")
    assert "digitpad.ink.glyph" in names
    # Pillow and scipy are for pictures and imported when the first one is opened.
    done = import_without(QT | TORCH | {"PIL", "scipy"}, names)
    assert done.returncode == 0, done.stderr
