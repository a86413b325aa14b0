"""Names of classes: which can be used, and which of a folder's are meant by which of a model's."""

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
"""What people write before and after the name itself: "digit_0", "class 3", "Number-5"."""


def is_usable(name: str) -> bool:
    """Whether a class can be called so: it can be written, is in one line, and not too long."""
    try:
        checked_class(name)
    except ValueError:
        return False
    return True


def unusable(source: object, name: str) -> DigitpadError:
    """What to raise of a class that cannot be called so."""
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
        taken: for each name that is not itself a class, the class that it is taken for. Either
            all names mean a class, and no two the same one, or this is empty.
        unknown: names that are no class; they are empty where `taken` is not.
        missing: classes that no name means, where there are unknown names.
    """

    taken: Mapping[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def match_classes(names: Iterable[str], classes: Sequence[str]) -> ClassMatch:
    """Find out which classes of a model the names of folders mean.

    A name means the class that it is, or else the one with the same core: without spaces around
    it, leading zeros, the words "digit" or "class", in any case and any width of its characters,
    a digit as a word or a number.
    """
    every = sorted(set(names))
    cores = Counter(_core(name) for name in classes)
    by_core = {_core(name): name for name in classes if cores[_core(name)] == 1}
    known = set(classes)
    meant = {name: name if name in known else by_core.get(_core(name)) for name in every}
    found = [name for name in meant.values() if name is not None]
    if len(found) == len(every) == len(set(found)):
        # In the order of the classes.
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
    """What two spellings of one name have in common."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    if (found := _AROUND.match(plain)) and found[1]:
        plain = found[1].strip() or plain
    plain = _DIGIT_WORDS.get(plain, plain)
    # int() takes the digits of every script, but not without end.
    return str(int(plain)) if plain.isdecimal() and len(plain) < 20 else plain
