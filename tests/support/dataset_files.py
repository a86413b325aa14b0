"""Small made-up sets in the right forms, and torchvision pointed at a server that has them."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from file_server import Server
    from numpy.typing import NDArray

RANDOM = np.random.default_rng(7)


def make_glyphs(count: int) -> NDArray[np.uint8]:
    return RANDOM.integers(0, 256, (count, 28, 28), dtype=np.uint8)


def make_labels(count: int, lowest: int = 0, classes: int = 10) -> NDArray[np.int64]:
    return RANDOM.permutation(np.arange(count) % classes + lowest)


def idx_pictures(glyphs: NDArray[np.uint8]) -> bytes:
    return struct.pack(">4i", 2051, *glyphs.shape) + glyphs.tobytes()


def idx_labels(labels: NDArray[np.int64]) -> bytes:
    return struct.pack(">2i", 2049, len(labels)) + labels.astype(np.uint8).tobytes()


def wide_labels(labels: NDArray[np.int64]) -> bytes:
    """As QMNIST has them: eight words a digit, the first of which is the class."""
    words = RANDOM.integers(0, 4000, (len(labels), 8))
    words[:, 0] = labels
    return struct.pack(">3i", 3074, len(labels), 8) + words.astype(">i4").tobytes()


def in_files_of(packed: bool, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of an error with the names that MNIST's files have when they are packed."""
    ends = ("-idx1-ubyte", "-idx3-ubyte") if packed else ()
    return {
        name: f"{value}.gz" if str(value).endswith(ends) else value
        for name, value in fields.items()
    }


def usps_lines(pictures: NDArray[np.float64], labels: NDArray[np.int64]) -> bytes:
    lines = [
        " ".join((str(label + 1), *(f"{i + 1}:{value:.4g}" for i, value in enumerate(picture))))
        for picture, label in zip(pictures.reshape(len(labels), -1).tolist(), labels, strict=True)
    ]
    return bz2.compress("\n".join([*lines, ""]).encode())


def emnist_archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"gzip/{name}.gz", gzip.compress(content))
    return made.getvalue()


def write_mnist(folder: Path, glyphs: NDArray[np.uint8], labels: NDArray[np.int64]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "train-images-idx3-ubyte").write_bytes(idx_pictures(glyphs))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx_labels(labels)))
    return folder


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def offer_in_mnists_form(
    patch: pytest.MonkeyPatch,
    server: Server,
    source: type,
    glyphs: NDArray[np.uint8],
    labels: NDArray[np.int64],
) -> None:
    """Let a class of torchvision's find its training files at the server; the others are not."""
    contents = {
        "train-images-idx3-ubyte.gz": gzip.compress(idx_pictures(glyphs)),
        "train-labels-idx1-ubyte.gz": gzip.compress(idx_labels(labels)),
    }
    resources = [(name, md5(content)) for name, content in contents.items()]
    resources += [(name.replace("train", "t10k"), "0" * 32) for name in contents]
    server.files |= {f"/good/{name}": content for name, content in contents.items()}
    patch.setattr(source, "mirrors", [server.url("/gone/"), server.url("/good/")])
    patch.setattr(source, "resources", resources)
