"""A reader with every fault that a case may show: the campaign's own test."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from .cases import Case, Reader

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random


def _well() -> None:
    pass


def _crash() -> None:
    os.abort()


def _bug() -> None:
    raise ValueError("deliberately")


def _loop() -> None:
    while True:
        pass


def _memory() -> None:
    bytearray(2**32)


def _words() -> None:
    print("libsomething: warning", file=sys.stderr)


FAULTS = (_well, _crash, _bug, _loop, _memory, _words, _well)


def _case(random: Random, bases: Path, place: Path) -> Case:
    number = int((bases / "next").read_text())
    (bases / "next").write_text(str(number + 1))
    return Case([FAULTS[number]])


FAULTY = Reader(
    lambda bases: (bases / "next").write_text("0"), _case, lambda bases: _well, cpu_seconds=1
)
