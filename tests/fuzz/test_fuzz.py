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
