"""What the program says: errors by template and fields, and the texts that translators get."""

from __future__ import annotations

import ast
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import digitpad
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(digitpad.__file__).parent

MARKS = {"Marked", "Sentence", "DigitpadError", "DamagedDatabaseError", "_FormError"}
"""What is called with a text to translate; `Plural` takes two."""


@contextlib.contextmanager
def raises_error(start: str = "", **fields: object) -> Iterator[pytest.ExceptionInfo]:
    """Expect an error of the world.

    Args:
        start: how its template begins.
        fields: some of its fields, with their values.
    """
    with pytest.raises(DigitpadError) as caught:
        yield caught
    check_sentence(caught.value, start, **fields)


def check_sentence(said, start: str = "", **fields: object) -> None:
    """Check that something said is a whole sentence with these fields."""
    assert said.template.startswith(start)
    assert {name: said.fields.get(name) for name in fields} == fields
    assert str(said).endswith(".")


def marks() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the program that takes a text to translate, with its place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None)
                if name in MARKS or name == "Plural":
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node
