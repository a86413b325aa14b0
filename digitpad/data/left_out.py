"""What of a dataset could not be read: left out, counted and named, while the reading continues."""

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
"""Sentences that are kept; the others are only counted."""

_MOST = 1_000_000
"""More is refused, which bounds the memory: a small packed file can hold damage without end."""

_NAMED = 3
"""Names in the sentence for a person."""

_LONGEST = 60
"""Characters of a name in that sentence."""


class LeftOut:
    """Gathers what is left out of one dataset.

    Each thing counts once, however often a reader comes by. What is foreign, as a text file
    among pictures, is left out as well, and does not make a dataset a damaged one.

    Args:
        source: the dataset, for sentences.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._known: set[str] = set()
        self._names: list[str] = []
        self._reasons: list[DigitpadError] = []
        self.damaged = 0

    @property
    def count(self) -> int:
        """How much is left out."""
        return len(self._known)

    def add(self, name: str, reason: DigitpadError, *, is_foreign: bool = False) -> None:
        """Leave something out.

        Args:
            name: what it is called within the dataset: a path below its folder, or "line 4".
            reason: what is wrong with it.
            is_foreign: whether it never was meant to be a drawing.

        Raises:
            DigitpadError: too much is left out already.
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
        """Refuse a dataset of which most is damaged.

        Args:
            read: drawings that could be read.
            damaged: drawings that could not be read beside them; None takes all.

        Raises:
            DigitpadError: nothing could be read, or less than what could not.
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
        """What to say when the reading is over; None where nothing was left out."""
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
        """Within this context an error is raised together with the notice, which may explain it."""
        try:
            yield
        except DigitpadError as problem:
            if (notice := self.notice()) is None:
                raise
            raise DigitpadError("{problem} {notice}", problem=problem, notice=notice) from problem

    def to_dict(self, most: int = _KEPT) -> dict[str, Any]:
        """As plain values: the count, and the first sentences."""
        return {"count": self.count, "first": [str(reason) for reason in self._reasons[:most]]}

    def to_json(self) -> str:
        """As a file to be kept, in ASCII, whatever bytes names have; "" where there is nothing."""
        return "" if not self.count else json.dumps(self.to_dict(), indent=2) + "\n"


def leave_out(
    left_out: LeftOut | None, name: str, reason: DigitpadError, *, is_foreign: bool = False
) -> None:
    """Leave something out, or refuse it where nobody gathers what is left out.

    Raises:
        DigitpadError: the reason, where `left_out` is None.
    """
    if left_out is None:
        raise reason
    left_out.add(name, reason, is_foreign=is_foreign)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 3 :]}"
