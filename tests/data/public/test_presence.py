"""What would be downloaded, and what is trained on where nobody has chosen."""

from __future__ import annotations

import pytest

from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.data.public.presence import FILES, default_choice, missing_bytes
from digitpad.data.public.torchvision_import import datasets


def put(folder, kind):
    for name in FILES[kind]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


@pytest.mark.parametrize("kind", sorted(CATALOG))
def test_the_size_is_known_before_a_download(tmp_path, kind):
    entry = CATALOG[kind]
    choice = DataChoice(kind, "somewhere" if entry.needs_place else None)
    assert missing_bytes(choice, tmp_path) == (entry.download_bytes or 0)
    assert (kind in FILES) == (entry.download_bytes is not None)
    if kind in FILES:
        put(tmp_path, kind)
        assert missing_bytes(choice, tmp_path) == 0


def test_a_folder_of_ones_own_is_not_downloaded(tmp_path):
    assert missing_bytes(DataChoice("mnist", str(tmp_path)), tmp_path / "empty") == 0
    assert missing_bytes(None, tmp_path) == 0


def test_the_names_are_those_of_torchvision():
    for kind, source in {
        "mnist": "MNIST",
        "kmnist": "KMNIST",
        "fashion-mnist": "FashionMNIST",
    }.items():
        listed = [n for n, _ in getattr(datasets, source).resources if n.startswith("train-")]
        assert list(FILES[kind]) == [f"{source}/raw/{name}" for name in listed]
    names = [url.rpartition("/")[2] for url, _ in datasets.QMNIST.resources["train"]]
    assert list(FILES["qmnist"]) == [f"QMNIST/raw/{name}" for name in names]
    assert FILES["usps"] == (f"USPS/{datasets.USPS.split_list['train'][1]}",)


def test_mnist_is_preferred_to_its_excerpt_once_it_is_there(tmp_path):
    assert default_choice(tmp_path) == DataChoice("mnist-excerpt")
    put(tmp_path, "mnist")
    assert default_choice(tmp_path) == DataChoice("mnist")
