"""What all steps of a smoke test share: running programs, waiting, and ending with a sentence."""

from __future__ import annotations

import shutil
import signal
import subprocess
import textwrap
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

T = TypeVar("T")

POLL_SECONDS = 0.1


class SmokeError(Exception):
    """The bundle is not as it has to be, or cannot be tested here; the message is a sentence."""


def say(sentence: str) -> None:
    """Print what has been found to be right."""
    print(f"ok: {sentence}", flush=True)


def ensure(condition: object, sentence: str) -> None:
    """Go on where something is as it has to be.

    Raises:
        SmokeError: it is not; the sentence says so.
    """
    if not condition:
        raise SmokeError(sentence)


def let_programs_be_interrupted() -> None:
    """Let Ctrl-C end the programs that are started from now on.

    A shell without job control lets a command in its background ignore it, and all that this
    command starts would ignore it, too.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def run(
    command: Sequence[str | Path],
    *,
    codes: Sequence[int] = (0,),
    seconds: float = 120,
    environment: Mapping[str, str] | None = None,
    text: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end.

    Args:
        command: the program and its arguments.
        codes: exit codes that are right.
        seconds: that it may take.
        environment: all of its variables; without it, those of this process.
        text: for its standard input.

    Returns:
        The ended program with all it has printed.

    Raises:
        SmokeError: it is missing, takes too long, or ends with another code.
    """
    words = [str(word) for word in command]
    shown = textwrap.shorten(" ".join(words), 500)
    try:
        done = subprocess.run(
            words,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            env=environment,
            input="" if text is None else text,
        )
    except FileNotFoundError as error:
        raise SmokeError(f"{words[0]} is missing.") from error
    except subprocess.TimeoutExpired as error:
        raise SmokeError(f"This took more than {seconds:.0f} s: {shown}") from error
    if done.returncode not in codes:
        printed = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise SmokeError(f"This ended with code {done.returncode}: {shown}\n{printed}")
    return done


def wait_for(look: Callable[[], T | None], seconds: float, sentence: str) -> T:
    """Look again and again until something is there.

    Args:
        look: returns it, or None (or another false value) as long as it is not.
        seconds: to wait at most.
        sentence: says what did not come.

    Raises:
        SmokeError: it did not come in time.
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise SmokeError(f"{sentence} (Waited for {seconds:.0f} s.)")
        time.sleep(POLL_SECONDS)


def missing_tools(packages: Mapping[str, str]) -> str | None:
    """A sentence on programs that are not installed, or None.

    Args:
        packages: of Debian, by the name of the program.
    """
    missing = sorted(name for name in packages if shutil.which(name) is None)
    if not missing:
        return None
    wanted = " ".join(sorted({packages[name] for name in missing}))
    return (
        f"The smoke test needs {', '.join(missing)}. On Debian and Ubuntu:"
        f" apt-get install --no-install-recommends {wanted}"
    )
