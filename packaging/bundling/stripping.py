"""Symbols that only a debugger or a linker reads are taken out of the largest libraries."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bundling.tocs import Toc

STRIPPED = (
    "PIL/_imaging.*",
    "PySide6/Qt/lib/libicu*",
    "libpython3*.so*",
    "python3*/lib-dynload/*",
    "safetensors/*.so",
    "torch/lib/libtorch_cpu.so",
    "torch/lib/libtorch_python.so",
)
"""Where it pays. Others are stripped already, or (numpy.libs, scipy.libs) were changed by a tool
after whose work `strip` has been known to break them."""


def stripped(binaries: Toc, folder: Path) -> Toc:
    """The same binaries, some of them from stripped copies.

    Args:
        binaries: as PyInstaller lists them.
        folder: for the copies; made where it is missing.

    Raises:
        subprocess.CalledProcessError: `strip` (binutils) refuses a file.
        FileNotFoundError: there is no `strip`.
    """
    return [
        (name, _strip(source, folder / name), kind)
        if kind == "BINARY" and any(fnmatchcase(name, pattern) for pattern in STRIPPED)
        else (name, source, kind)
        for name, source, kind in binaries
    ]


def _strip(source: str, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    # --strip-unneeded keeps what the dynamic linker needs.
    subprocess.run(["strip", "--strip-unneeded", "-o", str(target), source], check=True)
    return str(target)


def is_elf(path: Path) -> bool:
    """Whether a file is a program or a library."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def linked_names(file: str) -> list[str]:
    """File names of the shared libraries that a file is linked to; none where it is no ELF file."""
    if not is_elf(Path(file)):
        return []
    listing = subprocess.run(
        ["readelf", "--dynamic", "--wide", file], check=True, capture_output=True, text=True
    ).stdout
    return [
        line.partition("[")[2].rstrip("]") for line in listing.splitlines() if "(NEEDED)" in line
    ]
