"""What a choice of data still has to download."""

import pytest

from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.data.to_download import bytes_to_download, default_choice

DOWNLOADED = [kind for kind, entry in CATALOG.items() if entry.download_bytes]


@pytest.mark.parametrize("kind", DOWNLOADED)
def test_all_of_it_at_first_and_nothing_when_it_is_there(kind, tmp_path):
    choice = DataChoice(kind)
    assert bytes_to_download(choice, tmp_path) == CATALOG[kind].download_bytes
    for name in CATALOG[kind].files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert bytes_to_download(choice, tmp_path) == 0


def test_what_has_come_already_does_not_count(tmp_path):
    part = tmp_path / "EMNIST/raw/gzip.zip.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(1_000_000))
    whole = CATALOG["emnist-letters"].download_bytes
    assert bytes_to_download(DataChoice("emnist-letters"), tmp_path) == whole - 1_000_000


def test_ones_own_files_are_not_downloaded(tmp_path):
    assert bytes_to_download(DataChoice("mnist", str(tmp_path)), tmp_path) == 0
    assert bytes_to_download(DataChoice("pictures", str(tmp_path)), tmp_path) == 0
    assert bytes_to_download(DataChoice("synthetic"), tmp_path) == 0


@pytest.mark.parametrize("kind", DOWNLOADED)
def test_the_files_are_where_they_are_downloaded_to(kind):
    from digitpad.data import torchvision_datasets
    from digitpad.data.torchvision_import import datasets

    names = set(CATALOG[kind].files)
    if kind == "usps":
        assert names == {f"USPS/{datasets.USPS.split_list['train'][1]}"}
    elif kind.startswith("emnist"):
        split = kind.removeprefix("emnist-")
        parts = torchvision_datasets._EMNIST_PARTS
        own = {torchvision_datasets._emnist_name(split, part) for part in parts}
        assert names == {f"EMNIST/raw/gzip/{name}" for name in own}
        archive = datasets.EMNIST.url.rpartition("/")[2]
        assert CATALOG[kind].archive == f"EMNIST/raw/{archive}"
    else:
        source = torchvision_datasets._IN_MNISTS_FORM[kind]
        remote = torchvision_datasets._remote_files(kind, source)
        assert names == {f"{source.__name__}/raw/{file.name}" for file in remote}


@pytest.mark.parametrize("kind", ["mnist", "mnist-excerpt"])
def test_mnist_is_preferred_to_its_excerpt_once_it_is_there(tmp_path, kind):
    for name in CATALOG["mnist"].files if kind == "mnist" else ():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert default_choice(tmp_path) == DataChoice(kind)
