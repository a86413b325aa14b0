"""One process that runs many cases, each of them through the program's real entry points.

Started by `campaign.py`. On the pipe that it is given it writes a line of JSON before each case
and one after it, so that a crash or a hang can be told from the case before.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import sys
import traceback
import warnings
from pathlib import Path
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING

from digitpad.process import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TextIO

MEMORY_BYTES = 2**30
"""What one case may take beside what was there before."""


def main(reader_name: str, seed: int, first: int, last: int, folder: str, pipe: int) -> None:
    """Run the cases from `first` up to `last`, without it."""
    environment.settle()
    with os.fdopen(pipe, "w", encoding="utf-8") as report:
        _run(reader_name, seed, range(first, last), Path(folder), report)


def _run(reader_name: str, seed: int, numbers: range, folder: Path, report: TextIO) -> None:
    def tell(**values: Any) -> None:
        report.write(json.dumps(values) + "\n")
        report.flush()

    from .readers import READERS

    reader = READERS[reader_name]
    bases = folder / "bases"
    if not (bases / "ready").exists():
        shutil.rmtree(bases, ignore_errors=True)
        bases.mkdir(parents=True)
        reader.make_bases(bases)
        (bases / "ready").touch()
    # All that the cases need is loaded: no library counts as the first one's own.
    _capture(reader.warm_up(bases), folder)
    for number in numbers:
        place = folder / "case"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        tell(begun=number)
        _limit_memory()
        _limit_time(reader.cpu_seconds)
        case = reader.make_case(Random(f"{reader_name} {seed} {number}"), bases, place)
        problem = None
        for command in case.commands:
            outcome = _capture(command, folder)
            problem = _problem(outcome, command) or case.check(outcome, command)
            if problem is not None:
                problem = f"{_words(command)}: {problem}"
                shutil.rmtree(folder / f"failed-{number}", ignore_errors=True)
                place.rename(folder / f"failed-{number}")
                break
        tell(ended=number, problem=problem)


class Outcome:
    """How a command ended.

    Attributes:
        code: exit code.
        output: all that came on standard output, native code's too.
        error: likewise on standard error.
    """

    def __init__(self, code: int, output: str, error: str) -> None:
        self.code, self.output, self.error = code, output, error


def _capture(command: Any, folder: Path) -> Outcome:
    paths = folder / "stdout", folder / "stderr"
    with _redirected(*paths):
        code = _code(command)
    texts = [path.read_text(encoding="utf-8", errors="surrogateescape") for path in paths]
    return Outcome(code, *texts)


def _code(command: Any) -> int:
    if callable(command):
        try:
            command()
        except Exception:  # noqa: BLE001 - reported like one of the program's own
            traceback.print_exc()
            return 1
        return 0
    from digitpad import cli

    # As in a fresh process, each case may be warned of the same.
    for module in list(sys.modules.values()):
        if isinstance(module, ModuleType):
            vars(module).pop("__warningregistry__", None)
    warnings.resetwarnings()
    warnings.simplefilter("default", UserWarning)
    try:
        return cli.run([str(argument) for argument in command])
    except BaseException:  # noqa: BLE001 - nothing may get through the command line
        traceback.print_exc()
        return -1


@contextlib.contextmanager
def _redirected(*paths: Path) -> Iterator[None]:
    """Standard output and error into files, below Python: native code writes there, too."""
    streams = sys.stdout, sys.stderr
    kept = [os.dup(number) for number in (1, 2)]
    for stream in streams:
        stream.flush()
    for number, path in enumerate(paths, 1):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, number)
        os.close(opened)
    try:
        yield
    finally:
        for number, stream in enumerate(streams, 1):
            stream.flush()
            os.dup2(kept[number - 1], number)
            os.close(kept[number - 1])


def _problem(outcome: Outcome, command: Any) -> str | None:
    """What is wrong with the way in which a command ended, whatever it was."""
    lines = outcome.error.splitlines()
    if outcome.code not in {0, 2}:
        return f"exit code {outcome.code}: {outcome.error[-3000:]}"
    if any(not line.startswith("digitpad: ") or not line.endswith(".") for line in lines):
        return f"standard error has more than sentences: {outcome.error[-3000:]!r}"
    if outcome.code == 2 and len(lines) != 1:
        return f"exit code 2 with {len(lines)} sentences: {outcome.error[-3000:]!r}"
    if not callable(command) and "--json" in command:
        for line in outcome.output.splitlines():
            try:
                json.loads(line, parse_constant=_refuse)
            except ValueError:
                return f"no JSON: {line[:500]!r}"
    return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _limit_time(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _words(command: Any) -> str:
    return getattr(command, "__name__", None) or " ".join(map(str, command))
