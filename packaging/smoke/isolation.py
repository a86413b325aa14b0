"""A corner of this machine that holds nothing for the bundle to lean on, and is closed to writing.

It is a mount and a network namespace of its own: no network, no Python, no checkout, every disk
read-only but for one home folder. What runs in it is a user whom nobody knows, with an environment
of a few variables.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smoke.tools import SmokeError, ensure, run, say, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

HOME_NAME = "Zoë Müller – 手"
"""The user's folder, as many people's are: with spaces and letters beyond ASCII."""

TOOLS = ("sh", "bash", "touch", "cat", "true", "find")
"""All that the PATH holds beside Digitpad: for the proofs below, not for the program."""

# Where Pythons and other things of the build machine may lie, besides the system's own folders.
_OTHER_FOLDERS = ("/root", "/home", "/opt", "/usr/local", "/srv", "/mnt", "/media")
_PYTHON_FOLDERS = ("/usr/lib/python3*", "/usr/lib/pypy*")
_PYTHON_FILES = (
    "/usr/bin/python[23]*",
    "/usr/bin/pypy*",
    "/usr/lib/*/libpython*",
    "/usr/lib/libpython*",
)
_UNWRITABLE = ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/usr/lib/digitpad")

_KERNEL_FILESYSTEMS = frozenset(
    (
        *("autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts"),
        *("efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs", "proc", "pstore", "rpc_pipefs"),
        *("securityfs", "selinuxfs", "sysfs", "tracefs"),
    )
)
"""No places for files."""

_FIRST_USER = 61_000
"""Ids from here on are hardly given to anybody."""


class Isolation:
    """The namespaces, for as long as the context lasts.

    Args:
        folder: an empty folder that everybody may enter; the home lies in it.
        checkout: hidden, with all that has been built in it.

    Attributes:
        home: the user's folder, the only place where the user can write.
        user: the id of a user who does not exist otherwise.
        given: files and folders in the home that are not the program's.
    """

    def __init__(self, folder: Path, checkout: Path) -> None:
        self.home = folder / HOME_NAME
        self.user = _unknown_user()
        self._path = folder / "bin"
        self._checkout = checkout
        self.given: set[Path] = set()
        self._holder: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.home.mkdir(mode=0o700)
        os.chown(self.home, self.user, self.user)
        self.make_folder("runtime").chmod(0o700)
        self._path.mkdir()
        for tool in TOOLS:
            (self._path / tool).symlink_to(_located(tool))
        (self._path / "digitpad").symlink_to("/usr/bin/digitpad")
        holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL
        )
        self._holder = holder
        try:
            wait_for(
                lambda: holder.poll() is not None or _is_apart(holder.pid),
                60,
                "A namespace could not be made.",
            )
            ensure(holder.poll() is None, "A namespace could not be made: run this as root.")
            self._hide()
            self._close()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        stages: TracebackType | None,
    ) -> None:
        for pid in self._processes():
            # Processes that a failed step has left.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        if self._holder is not None:
            # The mounts go with the last process that sees them.
            self._holder.kill()
            self._holder.wait()

    @property
    def profile(self) -> Path:
        """The program's own folder in the home."""
        return self.home / ".local" / "share" / "digitpad"

    @property
    def log(self) -> str:
        """What the program has noted of its errors; empty while there was none."""
        path = self.profile / "digitpad.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def command(
        self,
        words: Iterable[str | Path],
        *,
        folder: str | Path = "/",
        **variables: str,
    ) -> list[str]:
        """A command line that runs another one in here.

        Args:
            words: a program of the PATH in here, or a file, and its arguments.
            folder: to run it in; the first one cannot be written to.
            variables: of the environment, beside the few that there are.
        """
        variables = {
            "HOME": str(self.home),
            "PATH": str(self._path),
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(self.home / "runtime"),
        } | variables
        return [
            *self._enter(),
            *("setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"),
            *("--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"),
            *("env", "--ignore-environment", f"--chdir={folder}"),
            *(f"{name}={value}" for name, value in variables.items()),
            *(str(word) for word in words),
        ]

    def give(self, source: Path, name: str) -> Path:
        """Put a copy of a file into the home; returns its path there."""
        target = self.home / name
        shutil.copyfile(source, target)
        os.chown(target, self.user, self.user)
        self.given.add(target)
        return target

    def make_folder(self, name: str) -> Path:
        """Make a folder in the home that the user can write to; returns its path."""
        folder = self.home / name
        folder.mkdir()
        os.chown(folder, self.user, self.user)
        self.given.add(folder)
        return folder

    def _enter(self) -> list[str]:
        holder = self._holder
        if holder is None:
            raise TypeError("the isolation is not entered")
        return ["nsenter", f"--target={holder.pid}", "--mount", "--net"]

    def _mount(self, *arguments: str | Path) -> None:
        run([*self._enter(), "mount", *arguments])

    def _hide(self) -> None:
        # Its own mount, so that it does not close with the rest.
        self._mount("--bind", self.home, self.home)
        # Some of these point into folders that are hidden next.
        for path in {os.path.realpath(path) for path in _matching(_PYTHON_FILES)}:
            self._mount("--bind", "/dev/null", path)
        prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix} - {"/usr", "/"}
        folders: set[str | Path] = {
            self._checkout,
            *prefixes,
            *_OTHER_FOLDERS,
            *_matching(_PYTHON_FOLDERS),
        }
        for folder in _outermost(folders):
            ensure(
                not self.home.is_relative_to(folder),
                f"The smoke test works in {self.home.parent}, which it has to hide: set TMPDIR.",
            )
            self._mount("-t", "tmpfs", "-o", "mode=755,size=4k", "hidden", folder)

    def _close(self) -> None:
        for point, kind, _ in self._mounts():
            if kind not in _KERNEL_FILESYSTEMS and point != str(self.home):
                self._mount("-o", "remount,bind,ro", point)

    def _mounts(self) -> list[tuple[str, str, bool]]:
        """Mount points with the kind of file system, and whether they can be written to."""
        holder = self._holder
        if holder is None:
            raise TypeError("the isolation is not entered")
        return parse_mounts(Path(f"/proc/{holder.pid}/mountinfo").read_text(encoding="utf-8"))

    def _processes(self) -> list[int]:
        """What runs as the user."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                text = (process / "status").read_text(encoding="utf-8", errors="replace")
                if f"\nUid:\t{self.user}\t" in text:
                    found.append(int(process.name))
        return found

    def ensure_nothing_runs(self) -> None:
        """Make sure that no process was left behind.

        Raises:
            SmokeError: one was.
        """
        ensure(not self._processes(), "A process of Digitpad was left behind.")
        say("no process was left behind")

    def prove(self) -> None:
        """Show that the walls hold.

        Raises:
            SmokeError: one of them does not.
        """
        self._prove_user()
        self._prove_no_python()
        self._prove_no_writing()
        self._prove_no_network()

    def _prove_user(self) -> None:
        # The shell, since programs that tell who one is would have to be on the PATH.
        told = run(self.command(["cat", "/proc/self/status"])).stdout
        wanted = {"Uid": str(self.user), "CapEff": "0" * 16, "NoNewPrivs": "1"}
        for name, value in wanted.items():
            ensure(
                re.search(rf"^{name}:\s+{value}\b", told, re.MULTILINE),
                f"The user in the namespace has another {name} than {value}.",
            )
        say(f"the user is {self.user}, unknown and without any capability")

    def _prove_no_python(self) -> None:
        for name in ("python3", "python", Path(sys.executable).name):
            run(self.command(["sh", "-c", f"command -v {name}"]), codes=(1, 127))
        real = os.path.realpath(sys.executable)
        for path in (sys.executable, real, "/usr/bin/python3"):
            run(self.command(["sh", "-c", '"$0" -c 0', path]), codes=(126, 127))
        run(self.command(["sh", "-c", 'test -e "$0"', self._checkout / "README.md"]), codes=(1,))
        say("no Python can be run, and the checkout cannot be seen")

    def _prove_no_writing(self) -> None:
        open_ = [
            point
            for point, kind, writable in self._mounts()
            if writable and kind not in _KERNEL_FILESYSTEMS
        ]
        ensure(open_ == [str(self.home)], f"These places can be written to: {open_}.")
        for folder in _UNWRITABLE:
            if Path(folder).is_dir():
                run(self.command(["touch", f"{folder}/try"]), codes=(1,))
        run(self.command(["touch", self.home / "try"]))
        (self.home / "try").unlink()
        say(f"nothing can be written but in {self.home}")

    def _prove_no_network(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            connect = ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{server.getsockname()[1]}"]
            run(connect)
            run(self.command(connect), codes=(1,))
        devices = run(self.command(["cat", "/proc/net/dev"])).stdout
        ensure(
            re.findall(r"^\s*(\S+):", devices, re.MULTILINE) == ["lo"],
            "There is a network in the namespace.",
        )
        say("no network: not even this machine can be reached")


def parse_mounts(mountinfo: str) -> list[tuple[str, str, bool]]:
    """Read ``/proc/self/mountinfo``.

    Returns:
        For each mount that can be reached, in the kernel's order: its place, the kind of file
        system, and whether it can be written to.
    """
    mounts: list[tuple[str, str, bool]] = []
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, _, super_options) = before.split(), after.split()[:3]
        # Spaces, tabs, line feeds and backslashes are written as octal numbers.
        point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[4])
        writable = "rw" in fields[5].split(",") and "rw" in super_options.split(",")
        # What was mounted earlier at this place or below it is covered now.
        mounts = [mount for mount in mounts if not Path(mount[0]).is_relative_to(point)]
        mounts.append((point, kind, writable))
    return mounts


def _matching(patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from Path("/").glob(pattern.removeprefix("/"))


def _outermost(folders: Iterable[str | Path]) -> Sequence[str]:
    """The folders there are, without those that lie in others of them."""
    found: list[str] = []
    for folder in sorted({os.path.realpath(each) for each in folders if Path(each).is_dir()}):
        if not any(Path(folder).is_relative_to(other) for other in found):
            found.append(folder)
    return found


def _located(tool: str) -> str:
    path = shutil.which(tool, path="/usr/bin:/bin")
    if path is None:
        raise SmokeError(f"{tool} is missing in /usr/bin.")
    return path


def _is_apart(pid: int) -> bool:
    own, other = (Path(f"/proc/{each}/ns/mnt").readlink() for each in ("self", pid))
    return own != other


def _unknown_user() -> int:
    import pwd

    known = {entry.pw_uid for entry in pwd.getpwall()}
    return next(uid for uid in range(_FIRST_USER, 65_000) if uid not in known)
