"""Imports torch while the user draws in the window.

The import takes seconds on a slow machine. Left to itself it blocks all Python threads for the 0.2
to 0.4 seconds in which its largest library is loaded, and it cannot be stopped when the window is
closed meanwhile.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
import threading
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_LIBRARIES = ("libc10", "libtorch_cpu", "libtorch", "libtorch_python")
"""In the order in which they need each other."""


class ImportStopped(BaseException):
    """An import was stopped half way. No `Exception`: modules catch those around imports."""


class _StopFinder(MetaPathFinder):
    """Finds no module; stops the imports of one thread by raising `ImportStopped`."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._should_stop = should_stop
        self._thread = threading.get_ident()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Called by Python for each module that is not imported yet."""
        if threading.get_ident() == self._thread and self._should_stop():
            raise ImportStopped
        return None


@contextmanager
def stoppable_imports(should_stop: Callable[[], bool]) -> Iterator[None]:
    """Within this context, imports of this thread stop with `ImportStopped` when asked to.

    A module that was half imported cannot be imported again, so this is for a process that is about
    to end.
    """
    finder = _StopFinder(should_stop)
    # A new list each time: an import on another thread may be walking through the old one, would
    # skip a finder where one is removed, and find no module.
    sys.meta_path = [finder, *sys.meta_path]
    try:
        yield
    finally:
        sys.meta_path = [other for other in sys.meta_path if other is not finder]


def load_torch_libraries() -> None:
    """Load torch's libraries without blocking other threads, before torch is imported.

    An import blocks every other Python thread while it loads a library; a call by ctypes does not.
    On Windows torch loads its libraries by ctypes itself. Where a library is not found, the import
    loads it as usual.
    """
    spec = importlib.util.find_spec("torch")
    if os.name != "posix" or spec is None or spec.origin is None:
        return
    suffix = ".dylib" if sys.platform == "darwin" else ".so"
    folder = Path(spec.origin).parent / "lib"
    load = ctypes.CDLL(None).dlopen
    load.argtypes, load.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    for name in _LIBRARIES:
        path = folder / f"{name}{suffix}"
        if path.exists():
            load(os.fsencode(path), os.RTLD_LAZY)


def use_one_thread() -> None:
    """Let torch compute on the calling thread alone: a training needs the other cores.

    Torch keeps this setting for each calling thread.
    """
    import torch

    torch.set_num_threads(1)
