"""What kind of classes a model has, so that sentences can name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from digitpad.recognition.prediction import are_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

ClassKind = Literal["digits", "letters", "characters", "others"]
"""Characters are digits and letters."""


def kind_of(classes: Sequence[str]) -> ClassKind:
    """The kind of these classes; "digits" if there are none yet."""
    if are_digits(classes):
        return "digits"
    letters = [name for name in classes if _is_letter(name)]
    if len(letters) == len(classes):
        return "letters"
    others = [name for name in classes if not _is_letter(name)]
    return "characters" if letters and are_digits(others) else "others"


def knows_all(classes: Sequence[str]) -> bool:
    """Whether the classes are all of their kind: ten digits, or nearly a whole alphabet.

    Only then is a drawing that is none of them "no digit" or "no letter".
    """
    digits = sum(name.isdecimal() for name in classes)
    letters = {name.lower() for name in classes if _is_letter(name)}
    return {
        "digits": digits == 10,
        "letters": len(letters) >= 24,
        "characters": digits == 10 and len(letters) >= 24,
        "others": False,
    }[kind_of(classes)]


def _is_letter(name: str) -> bool:
    # Chinese characters, say, are no letters: they have no capitals.
    return len(name) == 1 and name.lower() != name.upper()
