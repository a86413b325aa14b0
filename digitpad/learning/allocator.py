"""Memory that is freed after one step of a training and needed again in the next."""

from __future__ import annotations

import ctypes
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Parameters of mallopt(3), by their numbers in glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """From here on the C library keeps freed blocks, however large, for the next ones.

    The feature maps of a batch are megabytes each. Left alone, glibc gives such blocks back to the
    system at once, and the system fills them with zeros page by page when they are asked for
    again, which takes a fifth of a step. At the end of the context what is free is given back
    once: glibc cannot say what its settings were before, so they stay. Elsewhere than on glibc
    nothing happens.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "gnu_get_libc_version"):
        yield
        return
    library.mallopt(_MMAP_THRESHOLD, 2**30)
    library.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    library.mallopt(_TOP_PAD, 2**26)
    try:
        yield
    finally:
        library.malloc_trim(0)
