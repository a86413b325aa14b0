"""Who has made the program, and which version it is, in the forms of Windows and macOS."""

from __future__ import annotations

import re

from bundling.failure import BuildError
from bundling.origins import CHECKOUT


def version_numbers(version: str) -> tuple[int, int, int, int]:
    """The four numbers that Windows takes a version for: ``0.2.0rc1`` is ``(0, 2, 0, 0)``.

    Raises:
        BuildError: it does not begin with a number.
    """
    release = re.match(r"\d+(\.\d+){0,3}", version)
    if release is None:
        raise BuildError(f"The version {version!r} does not begin with a number.")
    numbers = [int(part) for part in release[0].split(".")]
    first, second, third, fourth = numbers + [0] * (4 - len(numbers))
    return first, second, third, fourth


def copyright_line() -> str:
    """The line of the licence that says whose the program is."""
    return next(
        line
        for line in (CHECKOUT / "LICENSE").read_text(encoding="utf-8").splitlines()
        if line.startswith("Copyright")
    )


def publisher() -> str:
    """Whose the program is."""
    return copyright_line().split(maxsplit=3)[3]
