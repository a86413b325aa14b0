"""A program with some samples, its Samples page in front."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from handwriting import digit, drawn

from digitpad.paths import Profile
from digitpad.samples.sample import Answer, Sample
from digitpad.samples.store import SampleStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from digitpad.app.application import Program


def make_samples() -> list[Sample]:
    """Six samples: of 4, 7 and 9; two misread, one of them flagged; one collected."""

    def one(label: str, answer: str | None, **fields: object) -> Sample:
        said = None if answer is None else Answer(answer, 0.9, rejected=False, model="bundled")
        sample = Sample.of(label, drawn(digit(label)), origin="correction")
        return replace(sample, answer=said, **fields)

    return [
        one("4", "4", origin="confirmation"),
        one("4", "9"),
        one("7", "7", origin="confirmation"),
        one("7", "1", is_flagged=True),
        one("9", None, origin="collected"),
        one("9", "9", origin="confirmation"),
    ]


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    return SampleStore(Profile(tmp_path).samples_path)


@pytest.fixture
def taught(qtbot, store, make_program: Callable[..., Program]) -> Program:
    """The program with `make_samples` in its profile, and the page in front."""
    store.add(make_samples())
    program = make_program(size=(1000, 720))
    program.samples.show()
    qtbot.waitUntil(lambda: len(program.samples.page.wall.samples) == 6)
    return program
