"""What this Digitpad is: its build, and the versions that it runs with. Free of Qt and torch."""

from __future__ import annotations

import json
import platform
import sys
from importlib import metadata
from pathlib import Path

import digitpad
from digitpad.errors import DigitpadError
from digitpad.paths import resources_dir

_MISSING = "not installed"


def versions() -> dict[str, str]:
    """Digitpad's own version, and those of what it runs with, by name; never imports any of it."""
    return {
        "Digitpad": digitpad.__version__,
        "Python": platform.python_version(),
        "Qt": _qt_version(),
        "PySide6": _version("PySide6-Essentials"),
        "torch": _version("torch"),
    }


def build_sentence() -> str:
    """Where this copy comes from, as "Linux bundle of 2026-11-24, commit 0123456789ab"."""
    try:
        resources = resources_dir()
        text = (resources / "build.json").read_text(encoding="utf-8")
    except DigitpadError:
        return "damaged installation"
    except OSError:
        # Only bundles have the file.
        inside = resources.parent == Path(digitpad.__file__).resolve().parent
        return "Python package" if inside else "source tree"
    try:
        build = json.loads(text)
        commit, plus, changes = build["commit"].partition("+")
        return f"{build['kind']} of {build['date']}, commit {commit[:12]}{plus}{changes}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "bundle of unknown origin"


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return _MISSING


def _qt_version() -> str:
    core = sys.modules.get("PySide6.QtCore")
    if core is not None:
        version: str = core.qVersion()
        return version
    # The wheel holds the Qt that it is named after; a fourth number counts the wheel's own changes.
    version = _version("PySide6-Essentials")
    return version if version == _MISSING else ".".join(version.split(".")[:3])
