"""Importing torch behind a window that is being drawn in.

The import takes seconds on a slow machine, and by itself it has two bad manners: it holds the
interpreter for the 0.2 to 0.4 seconds in which its largest library is loaded, and nothing can
stop it when the window is closed meanwhile.
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
    """An import was given up half way. No `Exception`: modules catch those around imports."""


class _StopFinder(MetaPathFinder):
    """Finds nothing; gives up the imports of one thread as soon as it is told to."""

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
    """Within this context, imports of this thread end in `ImportStopped` once told to stop.

    What was half imported cannot be imported again: this is for a process that is about to end.
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
    """Load torch's libraries without holding the interpreter, so that the import finds them there.

    An import keeps every other thread waiting while it loads a library; a call of a foreign
    function does not. On Windows torch itself loads its libraries by such calls, and on any other
    system that differs the import does what it would have done.
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
