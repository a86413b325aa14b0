"""The Debian package: what it puts where, how it follows an older one, and that all of it goes."""

from __future__ import annotations

import configparser
import contextlib
import os
import re
import shlex
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smoke.tools import SmokeError, ensure, run, say

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "digitpad"
APPLICATION_ID = "org.digitpad.Digitpad"
LIBRARY = Path("/usr/lib/digitpad")
MENU_ENTRY = Path(f"/usr/share/applications/{APPLICATION_ID}.desktop")
METAINFO = Path(f"/usr/share/metainfo/{APPLICATION_ID}.metainfo.xml")

_ICONS = Path("/usr/share/icons/hicolor")
_SHELF = ("/usr", "/etc", "/opt", "/var/lib/dpkg/info", "/var/lib/dpkg/alternatives")
"""Where packages have files."""
_LISTS = (
    "/usr/share/applications/mimeinfo.cache",
    "/usr/share/mime/packages",
    "/var/lib/dpkg/status",
)
"""Where other programs may note that there is one."""
_OF_THE_OLD = LIBRARY / "_internal" / "of_an_older_version.pyc"
_INSTALLING_SECONDS = 300


class MenuEntry(NamedTuple):
    """What a desktop shows in its menu, and what it starts.

    Attributes:
        program: found on the PATH.
        arguments: of the program.
        window_class: of the windows that belong to the entry.
    """

    program: Path
    arguments: tuple[str, ...]
    window_class: str


def inventory() -> dict[str, str]:
    """Everything that packages have put on this machine.

    Returns:
        The kind of each file and folder (and where a link points to) by its path.
    """
    return {path: _kind(path) for root in _SHELF for path in _below(root)}


def ensure_absent() -> None:
    """Make sure that the machine is fit for the test.

    Raises:
        SmokeError: Digitpad is installed: the test would remove it.
    """
    status = run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", PACKAGE], codes=(0, 1)
    )
    ensure(
        status.stdout.strip() in {"", "not-installed"},
        f"{PACKAGE} is installed on this machine, and the test would remove it:"
        f" dpkg --purge {PACKAGE} first.",
    )


def install(package: Path) -> None:
    """Install a package, and make sure that it is."""
    run(["dpkg", "--install", package], seconds=_INSTALLING_SECONDS)
    told = run(["dpkg-query", "--show", "--showformat=${Status} ${Version}", PACKAGE]).stdout
    version = field(package, "Version")
    ensure(told == f"install ok installed {version}", f"dpkg says of {PACKAGE}: {told}.")
    say(f"{package.name} is installed: version {version}")


def field(package: Path, name: str) -> str:
    """One field of the control file of a package."""
    return run(["dpkg-deb", "--field", package, name]).stdout.strip()


def make_older(package: Path, folder: Path) -> Path:
    """Make a small package of an older version, with a file that the newer one lacks.

    Args:
        package: the newer one; its scripts are taken over.
        folder: for the files and the package.
    """
    root = folder / "older"
    root.mkdir()
    run(["dpkg-deb", "--control", package, root / "DEBIAN"])
    (root / "DEBIAN" / "md5sums").unlink(missing_ok=True)
    control = root / "DEBIAN" / "control"
    text = control.read_text(encoding="utf-8")
    control.write_text(re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", text), encoding="utf-8")
    for path in (_OF_THE_OLD, LIBRARY / "digitpad", MENU_ENTRY):
        target = root / path.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("of an older version\n", encoding="utf-8")
    target = folder / "older.deb"
    run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", root, target])
    return target


def ensure_replaced(older: Path) -> None:
    """Make sure that nothing of an older package is left after the newer one was installed.

    Raises:
        SmokeError: something is.
    """
    new = set(run(["dpkg-query", "--listfiles", PACKAGE]).stdout.splitlines())
    old = contents(run(["dpkg-deb", "--contents", older]).stdout)
    left = [path for path in old if path not in new and os.path.lexists(path)]
    ensure(not left, f"The older version has left these files: {left[:10]}.")
    gone = len(old - new)
    say(f"it has replaced version {field(older, 'Version')}, and its {gone} other files are gone")


def contents(listing: str) -> set[str]:
    """Paths of all files and folders in what ``dpkg-deb --contents`` lists."""
    paths = (line.split(maxsplit=5)[5].partition(" -> ")[0] for line in listing.splitlines())
    return {f"/{path.removeprefix('./').rstrip('/')}" for path in paths} - {"/"}


def check_files() -> None:
    """Check the owners and the modes of all files, and their sums.

    Raises:
        SmokeError: a file is not as it has to be.
    """
    paths = run(["dpkg-query", "--listfiles", PACKAGE]).stdout.splitlines()
    for path in paths:
        state = os.lstat(path)
        ensure(state.st_uid == state.st_gid == 0, f"{path} does not belong to root.")
        if not stat.S_ISLNK(state.st_mode):
            ensure(not state.st_mode & 0o022, f"{path} can be written to by others than root.")
            ensure(not state.st_mode & 0o7000, f"{path} has a special mode.")
            ensure(state.st_mode & 0o444 == 0o444, f"{path} cannot be read by everybody.")
        elif not Path(path).exists():
            raise SmokeError(f"{path} points to nothing.")
    foreign = set(_below(str(LIBRARY))) - set(paths) - {str(LIBRARY)}
    ensure(not foreign, f"Files in {LIBRARY} are no package's: {sorted(foreign)[:10]}.")
    ensure_unchanged()
    say(f"all {len(paths)} files belong to root, and only root can write to them")


def ensure_unchanged() -> None:
    """Make sure that the files are as they were packed.

    Raises:
        SmokeError: one is another now.
    """
    changed = run(["dpkg", "--verify", PACKAGE]).stdout
    ensure(not changed, f"These files are not as they were packed:\n{changed[:2000]}")


def check_menu() -> MenuEntry:
    """Check what desktops and software centres read.

    Returns:
        The entry of the menu.

    Raises:
        SmokeError: it is not right.
    """
    run(["desktop-file-validate", MENU_ENTRY])
    run(["appstreamcli", "validate", "--no-net", METAINFO])
    entry = read_menu_entry(MENU_ENTRY.read_text(encoding="utf-8"))
    for side in (16, 32, 48, 128, 256):
        icon = _ICONS / f"{side}x{side}" / "apps" / f"{entry['Icon']}.png"
        ensure(icon.is_file(), f"There is no icon {icon}.")
        size = run(["identify", "-format", "%wx%h", icon]).stdout
        ensure(size == f"{side}x{side}", f"{icon} has {size} pixels.")
    drawing = _ICONS / "scalable" / "apps" / f"{entry['Icon']}.svg"
    ensure(drawing.is_file(), f"There is no icon {drawing}.")
    name, *arguments = command_of(entry["Exec"])
    program = shutil.which(name, path="/usr/bin")
    if program is None:
        raise SmokeError(f"The menu starts {name}, which is not in /usr/bin.")
    target = os.path.realpath(program)
    ensure(target == str(LIBRARY / "digitpad"), f"The menu starts {target}.")
    say(f"the menu starts {program}; its entry, its icons and the metainfo are valid")
    return MenuEntry(Path(program), tuple(arguments), entry.get("StartupWMClass", PACKAGE))


def read_menu_entry(text: str) -> dict[str, str]:
    """The main group of a ``.desktop`` file."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return dict(parser["Desktop Entry"])


def command_of(line: str) -> list[str]:
    """What an ``Exec`` line starts without any file: its fields for files fall away."""
    words = shlex.split(line)
    fields = {"%f", "%F", "%u", "%U", "%i", "%c", "%k"}
    return [word.replace("%%", "%") for word in words if word not in fields]


def purge(before: dict[str, str]) -> None:
    """Remove the package, and make sure that the machine is as it was.

    Args:
        before: the inventory before the package came.

    Raises:
        SmokeError: something has stayed, or has gone that was there before.
    """
    run(["dpkg", "--remove", PACKAGE], seconds=_INSTALLING_SECONDS)
    left = inventory().keys() - before.keys()
    ensure(not left, f"Removing it has left {len(left)} files: {sorted(left)[:10]}.")
    run(["dpkg", "--purge", PACKAGE], seconds=_INSTALLING_SECONDS)
    after = inventory()
    different = sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )
    ensure(not different, f"The test has changed {len(different)} files: {different[:10]}.")
    for path in _LISTS:
        for each in [Path(path), *(Path(path).iterdir() if Path(path).is_dir() else ())]:
            if each.is_file():
                told = re.search(rb"(?im)^.*digitpad.*$", each.read_bytes())
                ensure(told is None, f"{each} still names Digitpad.")
    say("it is removed, and all files of the machine are as they were")


def purge_quietly() -> None:
    """Remove what a failed test has left installed."""
    with contextlib.suppress(SmokeError):
        run(["dpkg", "--purge", "--force-remove-reinstreq", PACKAGE], seconds=_INSTALLING_SECONDS)


def _below(root: str) -> Iterator[str]:
    if not Path(root).is_dir():
        return
    yield root
    for folder, names, files in os.walk(root):
        for name in (*names, *files):
            yield os.path.join(folder, name)  # noqa: PTH118 - hundred thousands of them


def _kind(path: str) -> str:
    state = os.lstat(path)
    if stat.S_ISLNK(state.st_mode):
        return f"link to {os.readlink(path)}"  # noqa: PTH115 - as above
    if stat.S_ISDIR(state.st_mode):
        return f"folder {state.st_mode:o}"
    return f"file {state.st_mode:o}"
