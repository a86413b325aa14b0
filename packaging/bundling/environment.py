"""The virtual environment that a bundle is built in: exact versions, and a torch without CUDA."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

from bundling.failure import BuildError

if TYPE_CHECKING:
    from pathlib import Path


def python_of(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(folder: Path, checkout: Path) -> Path:
    """Make the environment, or take up one with the same requirements, and install Digitpad.

    Args:
        folder: of the environment.
        checkout: what is bundled.

    Returns:
        The environment's interpreter.

    Raises:
        BuildError: packages cannot be had, or torch came with CUDA.
    """
    requirements = checkout / "packaging" / "requirements.txt"
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    python = python_of(folder)
    if not stamp.exists() or stamp.read_text() != wanted:
        if folder.exists():
            shutil.rmtree(folder)
        venv.create(folder, with_pip=True)
        _pip(python, "install", "--requirement", str(requirements))
        _refuse_cuda(python)
        stamp.write_text(wanted)
    # A wheel of its own, so that the bundle has Digitpad's metadata, and no trace of the checkout.
    _pip(python, "install", "--no-deps", "--force-reinstall", "--no-build-isolation", str(checkout))
    return python


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, check=False).returncode != 0:
        raise BuildError("pip could not install what the bundle is built from; see above.")


def _refuse_cuda(python: Path) -> None:
    # One of torch's own files says so, which is faster than an import.
    code = "from torch.version import cuda; raise SystemExit(cuda is not None)"
    if subprocess.run([str(python), "-c", code], check=False).returncode != 0:
        raise BuildError(
            "The torch that pip found is built for CUDA and several gigabytes large. Let pip find"
            " the build for CPUs: set PIP_EXTRA_INDEX_URL to the index that PyTorch's page names"
            " for it, and start again."
        )
