"""Runs cases in child processes, a new one after each that dies, and gathers what went wrong."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import RawIOBase

ROOT = Path(__file__).parents[2]

READER_NAMES = (
    *("model", "strokes", "picture", "table", "idx"),
    *("sqlite", "run", "checkpoint", "epochs", "comparison", "settings", "window"),
    *("samples", "import"),
)
"""Those of `readers.READERS`, which need the whole program to be loaded."""

MOST_FAILURES = 40
"""A child that has met as many ends: more of the same would tell nothing new."""

PATIENCE_SECONDS = 300
"""Without a word for so long, a child hangs: its processor time is limited to far less."""


@dataclass(frozen=True)
class Failure:
    """A case that did not end as it should.

    Attributes:
        reader: whose file was spoilt.
        seed: of the campaign.
        number: of the case.
        problem: what was wrong.
        kept: a folder with the files of the case.
    """

    reader: str
    seed: int
    number: int
    problem: str
    kept: Path

    def __str__(self) -> str:
        return (
            f"{self.reader}, case {self.number}: {self.problem}\n  files: {self.kept}\n  again:"
            f" python -m tests.fuzz --reader {self.reader} --seed {self.seed} --only {self.number}"
        )


def run_cases(reader: str, seed: int, numbers: range, folder: Path) -> list[Failure]:
    """Run some cases.

    Args:
        reader: one of `READERS`.
        seed: each case follows from it and its number alone.
        numbers: of the cases.
        folder: for everything that is written; the files of failures stay there.

    Raises:
        RuntimeError: a child cannot even begin its first case.
    """
    failures: list[Failure] = []
    folder.mkdir(parents=True, exist_ok=True)
    # Those of another version of the program, perhaps.
    shutil.rmtree(folder / "bases", ignore_errors=True)
    first = numbers.start
    while first < numbers.stop and len(failures) < MOST_FAILURES:
        first = _child(reader, seed, range(first, numbers.stop), folder, failures)
    return failures


def _child(reader: str, seed: int, numbers: range, folder: Path, failures: list[Failure]) -> int:
    """Run cases in one child; the number of the first one that it has not run."""

    def fail(number: int, problem: str) -> None:
        kept = folder / f"failed-{number}"
        if number == begun:
            # Its child could not do it any more.
            shutil.rmtree(kept, ignore_errors=True)
            (folder / "case").rename(kept)
        failures.append(Failure(reader, seed, number, problem, kept))

    begun, done, hangs = None, numbers.start, False
    reading, writing = os.pipe()
    arguments = (reader, seed, numbers.start, numbers.stop, str(folder), writing)
    program = f"from tests.fuzz import child; child.main(*{arguments!r})"
    log = folder / "child.log"
    with log.open("wb") as output, os.fdopen(reading, "rb", buffering=0) as lines:
        process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-c", program],
            cwd=ROOT,
            env=os.environ | _ENVIRONMENT | {"HOME": str(folder / "home")},
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        os.close(writing)
        try:
            while len(failures) < MOST_FAILURES and (line := _next(lines)) is not None:
                said = json.loads(line)
                if "begun" in said:
                    begun = said["begun"]
                else:
                    begun, done = None, said["ended"] + 1
                    if said["problem"] is not None:
                        fail(said["ended"], said["problem"])
            if len(failures) >= MOST_FAILURES:
                return numbers.stop
            process.wait(PATIENCE_SECONDS)
        except (TimeoutError, subprocess.TimeoutExpired):
            hangs = True
        finally:
            process.kill()
            process.wait()
    if begun is not None:
        fail(begun, "hangs" if hangs else f"died ({_end(process.returncode)}): {_tail(folder)}")
        return begun + 1
    if done < numbers.stop:
        raise RuntimeError(f"the child ended early: {log.read_text(errors='replace')[-3000:]}")
    return done


_ENVIRONMENT = {
    "PYTHONPATH": str(ROOT / "tests" / "support"),
    "QT_QPA_PLATFORM": "offscreen",
    # Small tensors on many threads only wait for each other.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def _next(lines: RawIOBase) -> bytes | None:
    ready, _, _ = select.select([lines], [], [], PATIENCE_SECONDS)
    if not ready:
        raise TimeoutError
    return lines.readline() or None


def _end(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _tail(folder: Path) -> str:
    found = [folder / name for name in ("child.log", "stderr")]
    return " ".join(path.read_text(errors="replace")[-1500:] for path in found if path.exists())
