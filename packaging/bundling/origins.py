"""Where the files of a bundle come from: a Python package, Python itself, or Debian."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import canonicalize_name

from bundling.failure import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable

CHECKOUT = Path(__file__).resolve().parents[2]


class Part(NamedTuple):
    """Files inside a package that are a component of their own.

    Attributes:
        pattern: for `fnmatch`, of paths below ``site-packages``.
        component: a key of `bundling.licences.KNOWN`.
    """

    pattern: str
    component: str


PARTS = (
    Part("PySide6/Qt/*", "Qt"),
    # Windows has no folder for Qt alone.
    Part("PySide6/Qt6*.dll", "Qt"),
    Part("PySide6/plugins/*", "Qt"),
    Part("PySide6/translations/*", "Qt"),
    Part("torch/lib/libgomp*", "GCC runtime libraries"),
    Part("torch/lib/libiomp5*", "Intel oneAPI libraries"),
    Part("*/msvcp140*.dll", "Microsoft Visual C++ runtime"),
    Part("*/vcruntime140*.dll", "Microsoft Visual C++ runtime"),
    Part("*/concrt140*.dll", "Microsoft Visual C++ runtime"),
)
"""Looked up before the package that a file was installed with."""

_WINDOWS_RUNTIME = re.compile(r"(api-ms-win-.*|ucrtbase|(msvcp|vcruntime|concrt)140.*)\.dll")


class Origin(NamedTuple):
    """What a file belongs to.

    Attributes:
        kind: "distribution" (of Python), "debian" (a binary package) or "known" (by name).
        name: of that.
    """

    kind: str
    name: str


class Origins:
    """Knows the origin of every file of this machine that may get into a bundle.

    Args:
        search: folders with distributions; those of this interpreter where None.
    """

    def __init__(self, search: list[str] | None = None) -> None:
        found = metadata.distributions() if search is None else metadata.distributions(path=search)
        self._owners: dict[str, Origin] = {}
        self._roots: set[str] = set()
        for distribution in found:
            root = Path(os.path.realpath(str(distribution.locate_file(""))))
            self._roots.add(str(root))
            name = canonicalize_name(distribution.name)
            for file in distribution.files or ():
                # Programs are listed with dots: ../../../bin/tqdm.
                path = os.path.normpath(root / file)
                self._owners.setdefault(path, Origin("distribution", name))
        self._stdlib = os.path.realpath(sysconfig.get_path("stdlib"))
        self._python = os.path.realpath(sys.base_prefix)

    def of_all(self, sources: Iterable[str]) -> dict[Origin, list[str]]:
        """All origins of some files, each with its files.

        Args:
            sources: paths of files.

        Raises:
            BuildError: nobody knows where some of them come from.
        """
        found: dict[Origin, list[str]] = {}
        unknown = []
        for source in sorted(set(sources)):
            origin = self._of(source)
            if origin is None:
                unknown.append(source)
            else:
                found.setdefault(origin, []).append(source)
        if unknown and sys.platform == "linux":
            packages = debian_packages(unknown)
            for source in unknown:
                if source in packages:
                    found.setdefault(Origin("debian", packages[source]), []).append(source)
            unknown = [source for source in unknown if source not in packages]
        if unknown:
            raise BuildError(
                f"Nobody knows whose these files are, or under which licence they may be passed on:"
                f" {', '.join(unknown)}. Leave them out (bundling/slimming.py), or name their"
                " component (bundling/origins.py)."
            )
        return found

    def _of(self, source: str) -> Origin | None:
        given = Path(source)
        # The folder resolved, the file not: a link belongs to who made the link.
        path = str(Path(os.path.realpath(given.parent), given.name))
        for candidate in (path, os.path.realpath(source)):
            if candidate in self._owners:
                return self._part(candidate) or self._owners[candidate]
        if _inside(path, self._stdlib) and not any(_inside(path, root) for root in self._roots):
            return Origin("known", "Python")
        if any(
            _inside(path, str(CHECKOUT / folder))
            for folder in ("digitpad", "resources", "packaging")
        ):
            return Origin("distribution", "digitpad")
        if sys.platform == "win32" and _WINDOWS_RUNTIME.fullmatch(Path(path).name.lower()):
            return Origin("known", "Microsoft Visual C++ runtime")
        # A Python of the system shares its prefix with everything else.
        ours = self._python not in {"/", "/usr"} and _inside(path, self._python)
        if ours and not any(_inside(path, root) for root in self._roots):
            return Origin("known", "Python")
        return None

    def _part(self, path: str) -> Origin | None:
        for root in self._roots:
            if _inside(path, root):
                relative = Path(os.path.relpath(path, root)).as_posix()
                for part in PARTS:
                    if fnmatchcase(relative, part.pattern):
                        return Origin("known", part.component)
        return None


def debian_packages(sources: Iterable[str]) -> dict[str, str]:
    """The Debian packages that files were installed by.

    Returns:
        Binary packages, as ``libx11-6``, by path; files of no package are missing. Empty where
        there is no dpkg.
    """
    spellings: dict[str, str] = {}
    for source in sources:
        real = os.path.realpath(source)
        # Since /lib became a link, packages may still list their files there.
        for spelling in (source, real, real.removeprefix("/usr"), f"/usr{real}"):
            spellings[spelling] = source
    try:
        done = subprocess.run(
            ["dpkg", "-S", *spellings],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"LC_ALL": "C"},
        )
    except FileNotFoundError:
        return {}
    found = {}
    for row in done.stdout.splitlines():
        packages, _, path = row.partition(": ")
        if path in spellings:
            found[spellings[path]] = packages.split(",")[0].partition(":")[0]
    return found


def _inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
