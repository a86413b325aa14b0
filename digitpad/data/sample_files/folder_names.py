"""Names of folders that every system takes, for classes of any name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from digitpad.data.forms.layout import part_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[^\x00-\x1f\x7f<>:\"/\\|?*.\s~$#@_%-][^\x00-\x1f\x7f<>:\"/\\|?*]*(?<![.\s])")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself."""

_MOST_BYTES = 100
_SPELT = 8
"""Longest name that is spelt by the numbers of its characters."""


def folder_names(classes: Iterable[str]) -> dict[str, str]:
    """A folder's name for each class: its own where that is one on every system.

    No two differ in case alone, or in how an accent is written.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    # Plain ones first: what is made must not take their place.
    for name in sorted(classes, key=lambda one: (not _is_plain(one), one)):
        chosen = name if _is_plain(name) and _core(name) not in taken else _spelt(name)
        while _core(chosen) in taken:
            chosen += "x"
        names[name] = chosen
        taken.add(_core(chosen))
    return names


def _is_plain(name: str) -> bool:
    return (
        _PLAIN.fullmatch(name) is not None
        and name.isprintable()
        and _DEVICES.fullmatch(name) is None
        # "test" would be taken for a part of a dataset.
        and part_of(name) is None
        and len(name.encode()) <= _MOST_BYTES
    )


def _core(name: str) -> str:
    """What a file system may not tell apart."""
    return unicodedata.normalize("NFKC", name).casefold()


def _spelt(name: str) -> str:
    if len(name) <= _SPELT:
        return "-".join(f"u{ord(character):04x}" for character in name)
    return f"u-{hashlib.sha256(name.encode()).hexdigest()[:24]}"
