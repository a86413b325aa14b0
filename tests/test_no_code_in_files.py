"""No file that the program reads can make it run code: nothing that could is called anywhere."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import digitpad

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(digitpad.__file__).parents[1]
FOLDERS = ("digitpad", "training")

MODULES = {
    *("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "jsonpickle"),
    *("marshal", "shelve", "dbm", "yaml", "plistlib", "code", "codeop", "runpy"),
    *("scipy.io", "pandas", "h5py", "logging.config", "torch.hub", "torch.package"),
}
"""What reads files that can name functions to call, or runs text."""

NAMES = {"eval", "exec", "compile", "__import__", "execfile"}

ATTRIBUTES = {
    *("loadmat", "read_pickle", "unsafe_load", "full_load", "load_state_dict_from_url"),
    *("jit.load", "hub.load", "builtins.eval", "builtins.exec"),
}

SAFE_WITH = {"torch.load": ("weights_only", True), "np.load": ("allow_pickle", False)}
"""What is safe when it says so, whatever the libraries' defaults are."""

TORCHVISION = {"USPS"}
"""Datasets that torchvision may read itself: of these it reads text. Some others it unpickles."""


def full_name(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""


def dangers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Lines, and what is called there that no file may reach."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if any(".".join(parts[:end]) in MODULES for end in range(1, len(parts) + 1)):
                yield node.lineno, name
        if isinstance(node, ast.ImportFrom):
            # Under another name it would not be found.
            yield from (
                (node.lineno, alias.name)
                for alias in node.names
                if alias.name == "QSettings" and alias.asname is not None
            )
        if not isinstance(node, ast.Call):
            continue
        name = full_name(node.func)
        # PySide6 unpickles values of an ini file that say that they are Python's.
        if name.rpartition(".")[2] == "QSettings":
            yield node.lineno, name
        if name in NAMES or any(name == end or name.endswith(f".{end}") for end in ATTRIBUTES):
            yield node.lineno, name
        if name in {"numpy.load", "np.load", "torch.load"}:
            keyword, value = SAFE_WITH[name.replace("numpy", "np")]
            given = {one.arg: one.value for one in node.keywords}
            found = given.get(keyword)
            if not isinstance(found, ast.Constant) or found.value is not value:
                yield node.lineno, name
        # Classes begin with a capital letter.
        owner, _, last = name.rpartition(".")
        if owner.endswith("datasets") and last[:1].isupper() and last not in TORCHVISION:
            yield node.lineno, name
        for one in node.keywords:
            is_on = not (isinstance(one.value, ast.Constant) and one.value.value is False)
            if one.arg == "allow_pickle" and is_on:
                yield node.lineno, "allow_pickle"


def test_no_file_can_run_code():
    found, count = [], 0
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            count += 1
            tree = ast.parse(path.read_text(encoding="utf-8"))
            place = path.relative_to(ROOT)
            found += [f"{place}:{line} {what}" for line, what in dangers(tree)]
    assert count > 100
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from pickle import loads",
        "import yaml as y",
        "from logging import config",
        "from scipy import io",
        "import scipy.io.matlab",
        "eval(text)",
        "exec(text)",
        "builtins = __import__('builtins')",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "torch.load(path, weights_only=is_trusted)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "numpy.load(path, mmap_mode='r')",
        "np.save(path, x, allow_pickle=is_on)",
        "torch.jit.load(path)",
        "from PySide6.QtCore import QObject, QSettings as Kept",
        "kept = QSettings(path, QSettings.Format.IniFormat)",
        "QtCore.QSettings(path)",
        "datasets.CIFAR10(folder)",
        "def f():\n    import shelve",
        "from torch.hub import load",
    ],
)
def test_what_is_looked_for_is_found(text):
    assert list(dangers(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "torch.load(path, weights_only=True)",
        "np.load(path, allow_pickle=False)",
        "network.eval()",
        "json.load(file)",
        "from torch import compile as compiled",
        "re.compile('x')",
        "datasets.USPS(folder, train=True)",
        "application.exec()",
        "QSettings.setPath(QSettings.Format.NativeFormat, scope, os.devnull)",
    ],
)
def test_what_is_safe_is_not_found(text):
    assert not list(dangers(ast.parse(text)))
