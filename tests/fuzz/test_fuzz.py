"""Spoilt files of each reader; README.md in this folder says how to repeat a failure."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from .campaign import READER_NAMES, run_cases

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux holds a process to its limits of memory and time"
)


def test_every_reader_is_tried() -> None:
    from .readers import READERS

    assert set(READERS) == {*READER_NAMES, "faulty"}


@pytest.mark.slow
def test_every_fault_is_seen_and_belongs_to_its_case(tmp_path: Path) -> None:
    failures = run_cases("faulty", 0, range(7), tmp_path)
    assert [failure.number for failure in failures] == [1, 2, 3, 4, 5]
    crash, bug, loop, memory, words = (failure.problem for failure in failures)
    assert "SIGABRT" in crash
    assert "ValueError: deliberately" in bug
    assert "SIGXCPU" in loop
    assert "MemoryError" in memory
    assert "libsomething" in words
    assert all(failure.kept.is_dir() for failure in failures)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READER_NAMES)
def test_spoilt_files_end_with_a_result_or_a_sentence(reader: str, tmp_path: Path) -> None:
    _check(reader, 0, 35, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("reader", READER_NAMES)
def test_many_spoilt_files_end_with_a_result_or_a_sentence(reader: str, tmp_path: Path) -> None:
    # Other ones every night, unless somebody wants to see those of a night again.
    seed = int(os.environ.get("DIGITPAD_FUZZ_SEED", date.today().toordinal()))
    _check(reader, seed, 2000, tmp_path)


def _check(reader: str, seed: int, cases: int, folder: Path) -> None:
    print(f"reader {reader}, seed {seed}, {cases} cases")
    failures = run_cases(reader, seed, range(cases), folder)
    assert not failures, "\n".join(map(str, failures))
