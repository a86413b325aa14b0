"""Imports torchvision; no other module does.

If torch was built for the CPU alone, and torchvision for GPUs, torchvision's compiled operators
cannot load, and its import fails (``operator torchvision::nms does not exist``). Datasets need no
operators, so those are only declared here, without an implementation.
"""

from __future__ import annotations

import importlib.util
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import torch
from torch.library import Library

_OPERATORS = ("nms", "qnms")
_SCHEMA = "{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def _declare_missing_operators() -> Library | None:
    """Declare the operators if the compiled ones cannot load; they last as long as the result."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None or _operators_load(Path(spec.origin).parent):
        return None
    library = Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for name in _OPERATORS:
        library.define(_SCHEMA.format(name=name))  # type: ignore[no-untyped-call]
    return library


def _operators_load(folder: Path) -> bool:
    for path in (folder / f"_C{suffix}" for suffix in EXTENSION_SUFFIXES):
        if path.is_file():
            try:
                torch.ops.load_library(str(path))  # type: ignore[no-untyped-call]
            except OSError:
                return False
            return True
    return False


# At the import of this module, which Python does only once, also for several threads.
_library = _declare_missing_operators()

from torchvision import datasets  # noqa: E402

__all__ = ["datasets"]
