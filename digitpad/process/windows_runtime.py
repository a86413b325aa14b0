"""Microsoft's C++ runtime: the newest one, before anything brings an older one along.

Torch is compiled for version 14.40 or later. Where an older ``msvcp140.dll`` has been loaded its
first library fails to start (WinError 1114, https://github.com/pytorch/pytorch/issues/169429), and
the copy that comes first serves the whole process. Qt's packages bring a copy of their own, and the
window is there before torch. To import torch first would help as well, and take seconds.

This has not been run on Windows yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST = "msvcp140.dll"
_OTHERS = ("msvcp140_1.dll", "msvcp140_2.dll", "msvcp140_atomic_wait.dll", "concrt140.dll")
"""Parts that belong together, in the order in which they need each other."""

_PACKAGES = ("PySide6", "shiboken6")


def load_newest() -> None:
    """Load the newest C++ runtime that is there; only on Windows, before Qt and torch."""
    system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32")
    folder = newest([Path(sys.prefix), Path(sys.base_prefix), *_of_packages(), system])
    if folder is None:
        return  # whatever needs it says so
    for path in (folder / name for name in (_FIRST, *_OTHERS)):
        if path.is_file():
            with contextlib.suppress(OSError):
                ctypes.CDLL(str(path))


def newest(folders: Iterable[Path]) -> Path | None:
    """The folder that has the newest copy of the runtime, the first one of equals; None without."""
    found = [folder for folder in folders if (folder / _FIRST).is_file()]
    return max(found, key=lambda folder: _version(folder / _FIRST), default=None)


def _of_packages() -> list[Path]:
    specs = [importlib.util.find_spec(name) for name in _PACKAGES]
    return [
        Path(folder) for spec in specs if spec for folder in spec.submodule_search_locations or ()
    ]


def _version(path: Path) -> int:
    """The version in a file's resources, as one number; 0 where it has none."""
    library = ctypes.CDLL("version")
    size = library.GetFileVersionInfoSizeW(str(path), None)
    data = ctypes.create_string_buffer(max(size, 1))
    start, length = ctypes.c_void_p(), ctypes.c_uint()
    if (
        not size
        or not library.GetFileVersionInfoW(str(path), 0, size, data)
        or not library.VerQueryValueW(data, "\\", ctypes.byref(start), ctypes.byref(length))
    ):
        return 0
    # VS_FIXEDFILEINFO begins with a signature, its own version, and two halves of the file's.
    words = ctypes.cast(start, ctypes.POINTER(ctypes.c_uint32 * 4)).contents
    return int(words[2]) << 32 | int(words[3])
