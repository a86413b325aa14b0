"""Shared libraries: what the bundle takes from the system, and whether its package says so."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bundling.stripping import is_elf, linked_names
from smoke.tools import ensure, run, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from smoke.isolation import Isolation

SYSTEM_LIBRARIES = frozenset(
    (
        # The C library, which every program takes from the system, and what belongs to it.
        *("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libdl.so.2", "libm.so.6"),
        *("libpthread.so.0", "libresolv.so.2", "librt.so.1", "libutil.so.1"),
        # The compilers' libraries, on whose newer versions the system's drivers rely.
        *("libgcc_s.so.1", "libstdc++.so.6", "libatomic.so.1"),
        # Drivers of the machine lie behind these.
        *("libEGL.so.1", "libGL.so.1", "libGLX.so.0", "libOpenGL.so.0"),
        # Window system, fonts and messages: files of the system fit its own libraries.
        *("libX11.so.6", "libX11-xcb.so.1", "libxcb.so.1", "libxkbcommon.so.0"),
        *("libxkbcommon-x11.so.0", "libwayland-client.so.0", "libwayland-cursor.so.0"),
        *("libwayland-egl.so.1", "libfontconfig.so.1", "libfreetype.so.6", "libdbus-1.so.3"),
    )
)
"""Libraries that may be missing in the bundle: what is linked to another one would not start."""


def check(tree: Path, isolation: Isolation, depends: str) -> None:
    """Look up every library that a file of the bundle is linked to.

    Args:
        tree: the program's folder, installed as a package.
        isolation: where it is looked up, without any library of a Python there.
        depends: what the package says it needs, as dpkg writes it.

    Raises:
        SmokeError: one cannot be found, is none of the system's, or is not asked for.
    """
    files = [path for path in tree.rglob("*") if not path.is_symlink() and is_elf(path)]
    own = {path.name for path in tree.rglob("*.so*")}
    needed = {name for file in files for name in linked_names(str(file))}
    foreign = needed - own - SYSTEM_LIBRARIES
    ensure(not foreign, f"The bundle lacks these libraries: {sorted(foreign)}.")
    # As the loader of the program sets it.
    told = run(
        isolation.command(["/usr/bin/ldd", *files], LD_LIBRARY_PATH=str(tree / "_internal")),
        # Some are no dynamic libraries.
        codes=(0, 1),
        seconds=300,
    ).stdout
    lost, found = resolved(told)
    ensure(not lost, f"These libraries are not found: {sorted(lost)}.")
    taken = {name: path for name, path in found.items() if name in needed - own}
    packages = {_package(path) for path in taken.values()}
    missing = sorted(packages - {"libc6", "libc6-dev"} - named(depends))
    ensure(not missing, f"The package does not depend on {missing}, whose libraries it uses.")
    say(f"{len(files)} binaries find all libraries; the system's are {', '.join(sorted(taken))}")


def resolved(printed: str) -> tuple[set[str], Mapping[str, str]]:
    """What ldd prints: the names that it did not find, and the paths of the others."""
    lost = set(re.findall(r"(?m)^\s+(\S+) => not found", printed))
    found = dict(re.findall(r"(?m)^\s+(\S+) => (/.*) \(0x", printed))
    return lost, found


def named(depends: str) -> set[str]:
    """All packages in a field of a control file."""
    parts: Iterable[str] = re.split(r"[,|]", depends)
    return {part.strip().partition(" ")[0].partition(":")[0] for part in parts}


def _package(path: str) -> str:
    real = os.path.realpath(path)
    # Some packages still name their files by the folder that is now a link.
    for name in (real, real.removeprefix("/usr"), path, f"/usr{path}"):
        told = run(["dpkg-query", "--search", name], codes=(0, 1)).stdout
        if told:
            return told.partition(":")[0]
    return path
