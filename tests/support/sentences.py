"""What the program says: errors by template and fields, and the texts that translators get."""

from __future__ import annotations

import ast
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import digitpad
from digitpad.errors import DigitpadError
from digitpad.text import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(digitpad.__file__).parent


@contextlib.contextmanager
def raises_error(start: str = "", **fields: object) -> Iterator[pytest.ExceptionInfo]:
    """Expect an error of the world.

    Args:
        start: how its template begins.
        fields: some of its fields, with their values; a path may be given by its name alone, and
            a sentence by its template.
    """
    with pytest.raises(DigitpadError) as caught:
        yield caught
    check_sentence(caught.value, start, **fields)


def check_sentence(said, start: str = "", **fields: object) -> None:
    """Check that something said is a whole sentence with these fields."""
    assert said.template.startswith(start)
    found = {name: said.fields.get(name) for name in fields}
    for name, value in found.items():
        if isinstance(value, Sentence):
            found[name] = value.template
        elif value != fields[name] and isinstance(value, Path | str):
            found[name] = str(value) if "/" in str(fields[name]) else Path(value).name
    assert found == fields
    assert str(said).endswith(".")


def trees() -> Iterator[tuple[Path, ast.AST]]:
    """All modules of the program, parsed."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def mark_names() -> set[str]:
    """What is called with a text to translate: the marks, and every class of errors."""
    names = {"Marked", "Sentence", "os_errors"}
    classes = [
        (node.name, {ast.unparse(base) for base in node.bases})
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    while found := {name for name, bases in classes if bases & names} - names:
        names |= found
    return names


def marks() -> Iterator[tuple[str, ast.Call]]:
    """Every call with a text to translate, with its place; a `Plural` has two of them."""
    names = mark_names() | {"Plural"}
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names:
                yield f"{path}:{node.lineno}", node
