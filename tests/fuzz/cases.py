"""What a case is, and what each reader gives: files that are right, and ways to spoil them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from .child import Outcome

Command: TypeAlias = Sequence[object] | Callable[[], object]
"""Arguments of ``digitpad``, or a function for what has no command."""


def fine(outcome: Outcome, command: Command) -> str | None:
    """What is wrong with an outcome: nothing more than with any other."""
    return None


@dataclass(frozen=True)
class Case:
    """Commands to run one after the other.

    Attributes:
        commands: each of them must end with a result or with a sentence.
        check: says what is wrong with an outcome beside that, or None.
    """

    commands: Sequence[Command]
    check: Callable[[Outcome, Command], str | None] = fine


@dataclass(frozen=True)
class Reader:
    """One part of the program that reads files of others.

    Attributes:
        make_bases: writes files that are right into a folder, once.
        make_case: gives a case, whose files it writes into a folder of its own.
        warm_up: a command that loads what cases need.
        cpu_seconds: what one case may take; a machine at its limit needs less than half.
    """

    make_bases: Callable[[Path], object]
    make_case: Callable[[Random, Path, Path], Case]
    warm_up: Callable[[Path], Command]
    cpu_seconds: int = 15


def first_words(items: Sequence[Any], limit: int = 5) -> str:
    """Some items for a message."""
    return ", ".join(map(str, items[:limit])) + (", ..." if len(items) > limit else "")
