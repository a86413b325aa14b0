"""The surroundings of the process, made fit for a program that is installed and has no console."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SCARCE = 8 * 2**30
"""Bytes of address space, of which torch alone takes about one and a half."""


def settle() -> None:
    """Set up streams, folder, variables and runtime; before any library is imported."""
    for name in ("stdout", "stderr"):
        # Libraries write to them without asking whether a windowed program has any.
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open
            setattr(sys, name, nowhere)
    try:
        Path.cwd()
    except FileNotFoundError:
        # The present folder has been deleted. Torch's mathematics would end the process, as it
        # finds none of its parts then.
        os.chdir("/")
    # While it is imported, torch's compiler makes a folder for what it will compile, among the
    # system's temporary files and with a name that all programs share. Nothing is compiled here,
    # and a folder that exists is left alone.
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(Path(__file__).resolve().parents[1]))
    limit = address_space()
    if limit is not None and limit < _SCARCE:
        # Each thread wants address space for a stack of its own, and where there is none left the
        # library of threads ends the process without a word of ours.
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[name] = "1"
    if sys.platform == "win32":
        from digitpad.process.windows_runtime import load_newest

        load_newest()
    if getattr(sys, "frozen", False):
        _give_back_search_paths()


def address_space() -> int | None:
    """Bytes of address space that the process may have; None where there is no limit."""
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _give_back_search_paths() -> None:
    """Take a bundle's folders out of the variables that programs started from here inherit.

    A file manager, say, would load the bundle's libraries instead of the system's. The bundle
    itself needs none of these variables: the loader of shared libraries has read its own when the
    process began, and Qt finds its plugins beside its libraries.
    """
    if sys.platform == "linux":
        before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
        os.environ.pop("LD_LIBRARY_PATH", None)
        if before is not None:
            os.environ["LD_LIBRARY_PATH"] = before
    if sys.platform != "win32":
        for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
            os.environ.pop(name, None)
