"""MNIST's files as 7-Zip, Windows and browsers leave them."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from dataset_files import idx_labels, idx_pictures, make_glyphs, make_labels
from sentences import raises_error

from digitpad.data.forms.mnist_folder import find_mnist
from digitpad.data.readers import open_reader

if TYPE_CHECKING:
    from pathlib import Path

GLYPHS = make_glyphs(20)
LABELS = make_labels(20)
CONTENT = {"images": idx_pictures(GLYPHS), "labels": idx_labels(LABELS)}


def write(path: Path, kind: str, *, packed: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = CONTENT[kind]
    path.write_bytes(gzip.compress(content) if packed else content)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz"),
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("t10k-images.idx3-ubyte.gz", "t10k-labels.idx1-ubyte.gz"),
        (
            "t10k-images-idx3-ubyte/t10k-images.idx3-ubyte",
            "t10k-labels-idx1-ubyte/t10k-labels.idx1-ubyte",
        ),
        ("t10k-images-idx3-ubyte.gz/t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz/data"),
        ("t10k-images-idx3-ubyte (1).gz", "t10k-labels-idx1-ubyte(2)"),
        ("T10K-IMAGES-IDX3-UBYTE", "t10k_labels_idx1_ubyte"),
        ("test-images.idx", "test-labels.idx"),
        ("raw/t10k-images-idx3-ubyte", "raw/t10k-labels-idx1-ubyte"),
        ("a/b/t10k-images-idx3-ubyte", "a/b/t10k-labels-idx1-ubyte"),
    ],
)
def test_they_are_found_and_told_by_content(
    tmp_path: Path, images: str, labels: str, packed: bool
) -> None:
    write(tmp_path / images, "images", packed=packed)
    write(tmp_path / labels, "labels", packed=packed)
    (batch,) = open_reader(tmp_path).batches(100)
    assert np.array_equal(batch.glyphs, GLYPHS)
    assert list(batch.names) == [str(label) for label in LABELS]
    assert batch.origins[3].line == 4


def test_a_right_file_is_preferred_to_a_damaged_one(tmp_path: Path) -> None:
    write(tmp_path / "t10k-images-idx3-ubyte.gz", "images", packed=True)
    write(tmp_path / "t10k-labels-idx1-ubyte.gz", "labels", packed=True)
    # An interrupted unpacking leaves an empty file.
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(b"")
    files = find_mnist(tmp_path, "test")
    assert files is not None
    assert files.pictures.suffix == ".gz"


def test_folders_of_pictures_of_that_name_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "train_images" / "0").mkdir(parents=True)
    (tmp_path / "train_images" / "0" / "a.png").write_bytes(b"")
    assert find_mnist(tmp_path, "train") is None


def test_a_file_itself_says_to_name_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "t10k-images-idx3-ubyte", "images", packed=True)
    with raises_error("{path} is one of MNIST's files", path="t10k-images-idx3-ubyte"):
        open_reader(tmp_path / "t10k-images-idx3-ubyte")


class TestClaims:
    MANY = 2**31 - 1

    @pytest.mark.parametrize("claimed", [MANY, 10**8, 60_000])
    @pytest.mark.parametrize("packed", [False, True])
    def test_counts_beyond_the_files_are_refused_before_anything_is_read(
        self, tmp_path: Path, claimed: int, packed: bool
    ) -> None:
        # The labels hold all that they claim; the pictures cannot.
        labels = struct.pack(">2i", 2049, claimed) + bytes(min(claimed, 2**24))
        pictures = struct.pack(">4i", 2051, claimed, 28, 28) + bytes(10_000)
        pack = gzip.compress if packed else bytes
        (tmp_path / "t10k-images-idx3-ubyte").write_bytes(pack(pictures))
        (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(pack(labels))
        reader = open_reader(tmp_path)
        tracemalloc.start()
        try:
            with raises_error(
                "{path} is damaged: it ends too early", path="t10k-images-idx3-ubyte"
            ):
                list(reader.names())
            assert tracemalloc.get_traced_memory()[1] < 2**21
        finally:
            tracemalloc.stop()

    def test_a_bomb_of_labels_is_not_unpacked(self, tmp_path: Path) -> None:
        write(tmp_path / "t10k-images-idx3-ubyte", "images")
        bomb = CONTENT["labels"] + bytes(2**26)
        (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(gzip.compress(bomb, 1))
        tracemalloc.start()
        try:
            with raises_error("{path} is damaged: it has more data after its last entry"):
                list(open_reader(tmp_path).names())
            assert tracemalloc.get_traced_memory()[1] < 2**21
        finally:
            tracemalloc.stop()

    def test_counts_that_do_not_agree(self, tmp_path: Path) -> None:
        write(tmp_path / "t10k-images-idx3-ubyte", "images")
        (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(idx_labels(LABELS[:5]))
        with raises_error("{pictures} says that it has", count=20, label_count=5):
            list(open_reader(tmp_path).names())
