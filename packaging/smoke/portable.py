#!/usr/bin/env python3
"""Use a finished bundle on any system, without a mouse: its commands, and its window for a moment.

Needs nothing but Python and the program. It ends with code 1 and a sentence where something is not
as it has to be.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import signal
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

PACKAGING = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    # In the place of this folder, whose modules are not to be found without its name.
    sys.path[0] = str(PACKAGING)

from smoke.tools import (  # noqa: E402 - found only now
    SmokeError,
    ensure,
    let_programs_be_interrupted,
    run,
    say,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEVEN = PACKAGING.parent / "tests" / "seven.ndjson"
FOLDER_NAME = "Zoë Müller – 手"
"""As many people's folders are: with spaces and letters beyond ASCII."""

SIDE = 56
"""Of the pictures that are written here, in pixels."""

_COUNT, _EPOCHS = 2000, 1
_INTERRUPTED = 130
_WINDOW_SECONDS = (5, 10, 20, 40)
"""To wait for a window where nothing tells that it is there, try by try."""
_STATUS = Path("/proc")
"""Where Linux tells which signals a process catches."""
_CLOSING_SECONDS = 60


def main() -> int:
    """Run all steps; the exit code is 1 after a sentence of what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, required=True, help="the bundle's command line")
    parser.add_argument(
        "--from-source", action="store_true", help="it is no bundle, but an installed package"
    )
    arguments = parser.parse_args()
    let_programs_be_interrupted()
    try:
        program = arguments.program.absolute()
        ensure(program.is_file(), f"There is no program {program}.")
        with tempfile.TemporaryDirectory(prefix="digitpad-smoke-") as name:
            folder = Path(name) / FOLDER_NAME
            folder.mkdir()
            if not arguments.from_source:
                check_build([str(program)])
            check_commands([str(program)], folder)
            check_window(program, folder / "profile of the window")
    except SmokeError as error:
        print(f"smoke test: {error}", file=sys.stderr)
        return 1
    say("the program has passed")
    return 0


def check_build(program: Sequence[str]) -> None:
    """Make sure that the program knows which bundle it is, and has all licences with it.

    Args:
        program: the command line to which arguments are added.

    Raises:
        SmokeError: it does not.
    """
    told = run([*program, "--version"]).stdout
    build = next((line for line in told.splitlines() if line.startswith("build: ")), "")
    ensure("bundle" in build, f"The program does not say which bundle it is: {told[:500]}")
    licences = run([*program, "--licences"]).stdout.lower()
    for name in ("digitpad", "qt", "python", "torch", "numpy"):
        ensure(f"\n{name} " in f"\n{licences}", f"--licences does not name {name}.")
    say(f"{told.splitlines()[0]}, {build.removeprefix('build: ')}, with its licences")


def check_commands(program: Sequence[str], folder: Path, drawing: Path = SEVEN) -> None:
    """Use every command once, with a profile of its own.

    Args:
        program: the command line to which arguments are added.
        folder: where it may write; gets the profile and some pictures.
        drawing: a file with one drawing, a seven.

    Raises:
        SmokeError: a command does not do what it has to.
    """
    profile = folder / "profile"
    command = [*program, "--profile", str(profile)]
    answer = classified(command, drawing)
    ensure(answer["text"] == "7" and not answer["rejected"], f"A seven is read as {answer}.")
    say(f"classify reads a 7, sure to {answer['confidence']:.1%}")

    pictures = write_pictures(folder / "pictures – 手")
    told = json.loads(run([*command, "evaluate", pictures, "--json"]).stdout)
    ensure((told["count"], told["accuracy"]) == (3, 1), f"evaluate finds {told}.")
    say("evaluate reads the three pictures of a folder correctly")

    name = "smoke"
    settings = ("--data", "synthetic", "--count", str(_COUNT), "--epochs", str(_EPOCHS))
    run_ = json.loads(
        run(
            [*command, "train", *settings, "--save-as", name, "--use", "--json"], seconds=600
        ).stdout
    )
    ensure(
        run_["status"] == "completed" and 0 < run_["steps_done"] == run_["steps"],
        f"The training ended so: {run_}.",
    )
    ensure(run_["accuracy"] > 0.3, f"The network has learned nothing: {run_['accuracy']}.")
    say(f"train teaches a network, which reads {run_['accuracy']:.0%} of its validation data")

    lines = run([*command, "model", "list", "--json"]).stdout.splitlines()
    used = [model["name"] for model in map(json.loads, lines) if model["in_use"]]
    ensure(used == [name], f"The models in use are {used}, not {name}.")
    total = sum(classified(command, drawing)["probabilities"].values())
    ensure(abs(total - 1) < 1e-3, f"Its probabilities add up to {total}.")
    say("the trained network is in use and reads")

    for bad in (["classify", folder / "missing.png"], ["train", "--epochs", "few"]):
        done = run([*command, *bad], codes=(2,))
        ensure(
            not done.stdout
            and done.stderr.startswith("digitpad: ")
            and done.stderr.rstrip().endswith(".")
            and done.stderr.count("\n") == 1,
            f"Bad input is answered by: {done.stdout}{done.stderr}",
        )
    say("what cannot be used is told in a sentence, with code 2")
    ensure_no_errors(profile)


def classified(command: Sequence[str], drawing: Path) -> dict[str, Any]:
    """The answer to the one drawing of a file."""
    answer: dict[str, Any] = json.loads(run([*command, "classify", "--json", drawing]).stdout)
    return answer


def check_window(program: Path, profile: Path) -> None:
    """Open the window and close it.

    On Windows it is a real one, which is told to close. Elsewhere it is one that nobody sees, and
    what closes it is Ctrl-C.

    Args:
        program: the command line's file.
        profile: a new folder.

    Raises:
        SmokeError: the window does not open, or the program does not end with code 0.
    """
    if sys.platform == "win32":
        code = _open_and_close(program.with_name("digitpad-window.exe"), profile)
    else:
        for seconds in _WINDOW_SECONDS:
            code = _open_and_interrupt(program, profile, seconds)
            # Ctrl-C may have come before Qt's loop ran.
            if code != _INTERRUPTED:
                break
    ensure(code == 0, f"The window's program ended with code {code}.")
    # Written as the window closes.
    ensure((profile / "window.json").is_file(), "The window has not kept its place.")
    ensure_no_errors(profile)
    say("the window opens, and closes with code 0")


def ensure_no_errors(profile: Path) -> None:
    """Make sure that no error was logged.

    Raises:
        SmokeError: one was.
    """
    log = profile / "digitpad.log"
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    ensure(not text, f"Digitpad has met with errors: {text[-2000:]}")


def _open_and_interrupt(program: Path, profile: Path, seconds: float) -> int:
    with _started([program, "--profile", profile], QT_QPA_PLATFORM="offscreen") as process:
        if (_STATUS / "self" / "status").is_file():
            wait_for(
                lambda: process.poll() is not None or _closes_by_signals(process.pid),
                sum(_WINDOW_SECONDS),
                "No window appears.",
            )
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        ensure(
            process.poll() is None,
            f"The window's program ended by itself, with code {process.returncode}.",
        )
        process.send_signal(signal.SIGINT)
        return process.wait(_CLOSING_SECONDS)


def _closes_by_signals(process_id: int) -> bool:
    """Whether the window is there: only then does the program catch SIGTERM, to close it."""
    status = (_STATUS / str(process_id) / "status").read_text(encoding="utf-8")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def _open_and_close(program: Path, profile: Path) -> int:
    with _started([program, "--profile", profile]) as process:
        wait_for(
            lambda: process.poll() is not None or _tell_windows_to_close(process.pid),
            _WINDOW_SECONDS[-1],
            "No window appears.",
        )
        return process.wait(_CLOSING_SECONDS)


@contextlib.contextmanager
def _started(words: Sequence[str | Path], **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [str(word) for word in words], stdin=subprocess.DEVNULL, env=os.environ | variables
    )
    try:
        yield process
    except subprocess.TimeoutExpired:
        raise SmokeError("The program goes on after its window was told to close.") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _tell_windows_to_close(process_id: int) -> bool:
    """Close the visible windows of a process as their button does; False if there is none."""
    found = False
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        close_message = 0x0010
        user32 = ctypes.WinDLL("user32", use_last_error=True)

        @ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
        def look(window: int, _: int) -> bool:
            nonlocal found
            owner = wintypes.DWORD()
            user32.GetWindowThreadProcessId(wintypes.HWND(window), ctypes.byref(owner))
            if owner.value == process_id and user32.IsWindowVisible(wintypes.HWND(window)):
                user32.PostMessageW(wintypes.HWND(window), close_message, 0, 0)
                found = True
            return True

        user32.EnumWindows(look, 0)
    return found


def write_pictures(folder: Path) -> Path:
    """Write a labelled folder: one picture of a 0, a 1 and a 7 each, dark on light.

    Returns:
        The folder.
    """
    middle = SIDE / 2

    def zero(x: float, y: float) -> bool:
        return 16 < math.hypot((x - middle) / 0.7, y - middle) < 21

    def one(x: float, y: float) -> bool:
        return abs(x - middle) < 2.5 and 8 < y < 48

    def seven(x: float, y: float) -> bool:
        top = 10 < y < 15 and 14 < x < 42
        leg = 10 < y < 48 and abs(x - (42 - 0.5 * (y - 10))) < 3
        return top or leg

    for label, covered in (("0", zero), ("1", one), ("7", seven)):
        rows = [
            bytes(20 if covered(x + 0.5, y + 0.5) else 250 for x in range(SIDE))
            for y in range(SIDE)
        ]
        path = folder / label / "drawn.png"
        path.parent.mkdir(parents=True)
        path.write_bytes(_png(rows))
    return folder


def _png(rows: Sequence[bytes]) -> bytes:
    """A picture in shades of grey, one byte a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    size = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    lines = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


if __name__ == "__main__":
    sys.exit(main())
