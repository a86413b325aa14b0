"""Names of classes: which are allowed, and which folder means which class of a model."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.recognition.model_info import MAX_NAME, checked_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_DIGIT_WORDS = {
    word: str(digit)
    for words in (
        "zero one two three four five six seven eight nine",
        "零 一 二 三 四 五 六 七 八 九",
        "〇",
    )
    for digit, word in enumerate(words.split())
}

_AROUND = re.compile(
    r"^(?:(?:digits?|class|classes|numbers?|num|no|label|folder|cls|数字)(?:[\s_.:#=-]+|(?=\d)))?"
    r"(.*?)(?:[\s_.-]+(?:digits?|class|numbers?|images?|samples?))?$",
    re.DOTALL,
)
"""Finds the name itself within names such as "digit_0", "class 3" and "Number-5"."""


def is_usable(name: str) -> bool:
    """Whether a class can have this name: printable, in one line, and not too long."""
    try:
        checked_class(name)
    except ValueError:
        return False
    return True


def unusable(source: object, name: str) -> DigitpadError:
    """The error for a class whose name is not allowed."""
    return DigitpadError(
        "{source} has a class with the name {name!r}: give it a name of 1 to {max_name} letters,"
        " digits and signs in one line.",
        source=source,
        name=name[:40],
        max_name=MAX_NAME,
    )


@dataclass(frozen=True, slots=True)
class ClassMatch:
    """What the names of class folders mean to a model.

    Attributes:
        taken: the class that each name stands for, without names that are classes themselves. It
            is empty unless every name stands for a class of its own.
        unknown: names that are no classes; empty unless `taken` is.
        missing: if there are unknown names, the classes that are no names.
    """

    taken: Mapping[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def match_classes(names: Iterable[str], classes: Sequence[str]) -> ClassMatch:
    """Find out which classes of a model the names of folders mean.

    A name means the class with the same name, or else the one with the same core. The core ignores
    case, leading zeros, surrounding spaces, words such as "digit" and "class", full-width forms of
    characters, and whether a digit is a word or a number.
    """
    every = sorted(set(names))
    cores = Counter(_core(name) for name in classes)
    by_core = {_core(name): name for name in classes if cores[_core(name)] == 1}
    known = set(classes)
    meant = {name: name if name in known else by_core.get(_core(name)) for name in every}
    found = [name for name in meant.values() if name is not None]
    if len(found) == len(every) == len(set(found)):
        # Listed in the order of the classes.
        meaning = {what: name for name, what in meant.items()}
        taken = {meaning[what]: what for what in classes if meaning.get(what, what) != what}
        return ClassMatch(taken, (), ())
    unknown = tuple(name for name in every if name not in known)
    missing = tuple(name for name in classes if name not in every)
    return ClassMatch({}, unknown, missing if unknown else ())


def is_digit_name(name: str) -> bool:
    """Whether a name means one of the ten digits: "7", "07", "seven", "digit_7"."""
    return len(_core(name)) == 1 and _core(name).isdecimal()


def _core(name: str) -> str:
    """The core of a name, in which two of its spellings agree."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    if (found := _AROUND.match(plain)) and found[1]:
        plain = found[1].strip() or plain
    plain = _DIGIT_WORDS.get(plain, plain)
    # int() reads the digits of every script, but not too many of them.
    return str(int(plain)) if plain.isdecimal() and len(plain) < 20 else plain
