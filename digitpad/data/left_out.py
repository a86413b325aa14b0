"""Counts and names what of a dataset cannot be read and is left out."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from digitpad.errors import DigitpadError
from digitpad.text import Plural

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEPT = 1000
"""Largest number of names and reasons that are kept. More are only counted."""

_MOST = 1_000_000
"""With more than this the dataset is refused: a small packed file can hold endless damage."""

_NAMED = 3
"""Number of names in the notice."""

_LONGEST = 60
"""Largest number of characters of a name in the notice."""


class LeftOut:
    """Collects what is left out of a dataset.

    Each name counts once, even if the dataset is read several times. Foreign files, such as texts
    among pictures, are left out as well, but are no damage.

    Args:
        source: names the dataset in sentences.

    Attributes:
        damaged: number of samples that are damaged.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._known: set[str] = set()
        self._names: list[str] = []
        self._reasons: list[DigitpadError] = []
        self.damaged = 0

    @property
    def count(self) -> int:
        """Number of files or samples left out."""
        return len(self._known)

    def add(self, name: str, reason: DigitpadError, *, is_foreign: bool = False) -> None:
        """Leave something out.

        Args:
            name: its name within the dataset: a path below the folder, or "line 4".
            reason: what is wrong with it.
            is_foreign: whether it was never meant to be a sample.

        Raises:
            DigitpadError: too much has been left out.
        """
        if name in self._known:
            return
        if len(self._known) >= _MOST:
            raise DigitpadError(
                "More than {most} files or drawings in {source} cannot be read. The first problem:"
                " {reason}",
                most=_MOST,
                source=self._source,
                reason=self._reasons[0],
            )
        self._known.add(name)
        self.damaged += not is_foreign
        if len(self._reasons) < _KEPT:
            self._names.append(name)
            self._reasons.append(reason)

    def check(self, read: int, damaged: int | None = None) -> None:
        """Check that most of the dataset could be read.

        Args:
            read: number of samples that could be read.
            damaged: number of samples that could not; None for all that were left out as damaged.

        Raises:
            DigitpadError: nothing could be read, or more is damaged than could be read.
        """
        damaged = self.damaged if damaged is None else damaged
        if not self._reasons or (read and damaged <= read):
            return
        if not read:
            raise DigitpadError(
                "Nothing in {source} can be read as a labelled drawing. The first problem:"
                " {reason}",
                source=self._source,
                reason=self._reasons[0],
            )
        raise DigitpadError(
            "More than half of {source} is damaged: {damaged} drawings cannot be read, and {read}"
            " can. The first problem: {reason}",
            source=self._source,
            damaged=damaged,
            read=read,
            reason=self._reasons[0],
        )

    def notice(self) -> DigitpadError | None:
        """A sentence about what was left out; None if nothing was."""
        if not self._reasons:
            return None
        names = ", ".join(map(_short, self._names[:_NAMED]))
        more = self.count - _NAMED
        if more > 0:
            return DigitpadError(
                "{count} files or drawings in {source} could not be read and are left out:"
                " {names} and {more} more. The first problem: {reason}",
                count=self.count,
                source=self._source,
                names=names,
                more=more,
                reason=self._reasons[0],
            )
        return DigitpadError(
            Plural(
                "{count} file or drawing in {source} could not be read and is left out: {names}."
                " {reason}",
                "{count} files or drawings in {source} could not be read and are left out:"
                " {names}. The first problem: {reason}",
                self.count,
            ),
            count=self.count,
            source=self._source,
            names=names,
            reason=self._reasons[0],
        )

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Within this context the notice is added to errors, since it may explain them."""
        try:
            yield
        except DigitpadError as problem:
            if (notice := self.notice()) is None:
                raise
            raise DigitpadError("{problem} {notice}", problem=problem, notice=notice) from problem

    def to_dict(self, most: int = _KEPT) -> dict[str, Any]:
        """Plain values for JSON: the count, and the first reasons."""
        return {"count": self.count, "first": [str(reason) for reason in self._reasons[:most]]}

    def to_json(self) -> str:
        """Content of the file left-out.json, in ASCII; "" if nothing was left out."""
        return "" if not self.count else json.dumps(self.to_dict(), indent=2) + "\n"


def leave_out(
    left_out: LeftOut | None, name: str, reason: DigitpadError, *, is_foreign: bool = False
) -> None:
    """Leave something out as `LeftOut.add` does, or raise the reason if `left_out` is None.

    Raises:
        DigitpadError: the reason, or too much has been left out.
    """
    if left_out is None:
        raise reason
    left_out.add(name, reason, is_foreign=is_foreign)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 3 :]}"
