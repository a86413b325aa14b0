#!/usr/bin/env python3
"""Use the finished bundle on Linux: install, open, draw, train, close, and remove it again.

Run as root on a machine that Digitpad is not installed on (a container will do where it may make
namespaces); needs Python and the programs of `PACKAGES`. It ends with code 1 and a sentence where
something is not as it has to be, and leaves nothing behind but the pictures.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGING.parent
if __name__ == "__main__":
    # In the place of this folder, whose modules are not to be found without its name.
    sys.path[0] = str(PACKAGING)

from smoke import archive, console, installing, libraries, portable, window  # noqa: E402
from smoke.display import Display  # noqa: E402
from smoke.isolation import Isolation  # noqa: E402
from smoke.tools import (  # noqa: E402
    SmokeError,
    ensure,
    let_programs_be_interrupted,
    missing_tools,
    say,
)

PACKAGES = {
    "Xvfb": "xvfb",
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
    "identify": "imagemagick",
    "import": "imagemagick",
    "ldd": "libc-bin",
    "nsenter": "util-linux",
    "readelf": "binutils",
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "xclip": "xclip",
    "xdotool": "xdotool",
    "xz": "xz-utils",
}
"""Packages of Debian by the programs that are needed."""


def main() -> int:
    """Run all steps; the exit code is 1 after a sentence of what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deb", type=Path, required=True, help="the Debian package")
    parser.add_argument("--tar", type=Path, required=True, help="the archive")
    parser.add_argument(
        "--artifacts", type=Path, required=True, help="folder for pictures of the window"
    )
    parser.add_argument(
        "--previous", type=Path, help="an older package to begin with, instead of a made-up one"
    )
    arguments = parser.parse_args()
    # Whoever ends it wants the machine back as it was.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    let_programs_be_interrupted()
    try:
        ensure(os.geteuid() == 0, "The smoke test installs a package: run it as root.")
        missing = missing_tools(PACKAGES)
        ensure(missing is None, str(missing))
        for path in (arguments.deb, arguments.tar, arguments.previous):
            ensure(path is None or path.is_file(), f"There is no file {path}.")
        arguments.artifacts.mkdir(parents=True, exist_ok=True)
        installing.ensure_absent()
        _test(arguments.deb, arguments.tar, arguments.artifacts, arguments.previous)
    except SmokeError as error:
        print(f"smoke test: {error}", file=sys.stderr)
        return 1
    say("the bundle has passed")
    return 0


def _test(package: Path, archive_: Path, artifacts: Path, previous: Path | None) -> None:
    before = installing.inventory()
    with tempfile.TemporaryDirectory(prefix="digitpad-smoke-") as name:
        folder = Path(name)
        # The user who has to pass is not its owner.
        folder.chmod(0o755)
        try:
            older = previous or installing.make_older(package, folder)
            installing.install(older)
            installing.install(package)
            installing.ensure_replaced(older)
            installing.check_files()
            entry = installing.check_menu()
            moved = archive.unpack(archive_, folder)
            with Isolation(folder, CHECKOUT) as isolation:
                isolation.prove()
                libraries.check(installing.LIBRARY, isolation, installing.field(package, "Depends"))
                console.check(isolation)
                _use_window(isolation, entry, artifacts)
                archive.check(moved, isolation)
                isolation.ensure_nothing_runs()
                _check_home(isolation)
            installing.ensure_unchanged()
            installing.purge(before)
        except BaseException:
            installing.purge_quietly()
            raise


def _use_window(isolation: Isolation, entry: installing.MenuEntry, artifacts: Path) -> None:
    seven = window.read_strokes(portable.SEVEN)
    with Display() as display:
        printed = artifacts / "window.txt"
        with window.opened(display, isolation, entry, printed) as session:
            say(f"the menu's entry opens the window “{display.title(session.window)}”")
            window.draw(session, seven)
            read = window.answer(session)
            window.photograph(session, artifacts / "draw.png")
            ensure(read == "7", f"A drawn 7 is read as {read}.")
            say("a 7 drawn with the mouse is read")
            trained = window.train(session, isolation)
            window.photograph(session, artifacts / "train.png")
            say(f"a network is trained in the window: {trained}")
            window.use(session)
            window.clear(session)
            window.draw(session, seven)
            read = window.answer(session)
            window.photograph(session, artifacts / "trained.png")
            ensure(read == "7", f"The trained network reads a drawn 7 as {read}.")
            say("it is put to work and reads the 7, too")
            window.close(session)
        with window.opened(display, isolation, entry, printed, LANG="C") as session:
            window.draw(session, seven)
            read = window.answer(session)
            window.photograph(session, artifacts / "again.png")
            ensure(read == "7", f"Opened again, the window reads a drawn 7 as {read}.")
            say("opened again, with LANG=C, it reads the 7 with the trained network")
            window.close(session, window.OF_THE_LOCALE)
    console.check_in_use(isolation, trained)


def _check_home(isolation: Isolation) -> None:
    ensure(not isolation.log, f"Digitpad has met with errors:\n{isolation.log[-4000:]}")
    # What a process that was killed by a fault of its own leaves for the next one.
    left = [path.name for path in isolation.profile.rglob("*.report")]
    ensure(not left, f"Processes of Digitpad have left reports: {left}.")
    outside = [
        str(path.relative_to(isolation.home))
        for path in isolation.home.rglob("*")
        if path.is_file()
        and not any(map(path.is_relative_to, (isolation.profile, *isolation.given)))
    ]
    ensure(not outside, f"Files were written beside the profile: {outside[:20]}.")
    say("all that was written lies in the user's profile, and no error was logged")


if __name__ == "__main__":
    sys.exit(main())
