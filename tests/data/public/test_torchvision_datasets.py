from __future__ import annotations

import errno
import gzip
import os
import shutil
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from dataset_files import (
    emnist_archive,
    idx_labels,
    idx_pictures,
    make_glyphs,
    make_labels,
    md5,
    offer_in_mnists_form,
    usps_lines,
    wide_labels,
)
from file_server import stall, status
from sentences import check_sentence, raises_error
from shared_data import shared_folder

from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.data.loading import Loaded, Loading, load_data
from digitpad.data.public import torchvision_datasets
from digitpad.data.public.torchvision_datasets import usps_glyph
from digitpad.data.public.torchvision_import import datasets
from digitpad.data.remote.download import Patience, download
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from file_server import Server

    from digitpad.data.catalog import DataKind
    from digitpad.data.dataset import Dataset
    from digitpad.data.remote.download import RemoteFile

QUICK = Patience(stall_s=30.0, attempts=1, pause_s=0.01)
LASTING = Patience(stall_s=600.0)
GLYPHS = make_glyphs(60)
LABELS = make_labels(60)
DIGITS = tuple("0123456789")
JAPANESE = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchvision_datasets, "download", partial(download, patience=QUICK))


def load(choice: DataChoice, folder: Path, seed: int = 0) -> tuple[Dataset, list[Loading]]:
    *before, last = load_data(choice, folder, seed)
    assert isinstance(last, Loaded)
    assert len(last.dataset.classes) == CATALOG[choice.kind].classes
    events = [event for event in before if isinstance(event, Loading)]
    assert len(events) == len(before)
    assert all(event.total is None or 0 <= event.done <= event.total for event in events)
    return last.dataset, events


def check_same(dataset: Dataset, glyphs: object, labels: object) -> None:
    assert np.array_equal(dataset.glyphs, glyphs)  # type: ignore[arg-type]
    assert np.array_equal(dataset.labels, labels)  # type: ignore[arg-type]


class TestMnistsForm:
    @pytest.mark.parametrize(
        ("kind", "source", "title", "classes"),
        [
            ("mnist", datasets.MNIST, "MNIST", DIGITS),
            ("kmnist", datasets.KMNIST, "KMNIST", JAPANESE),
            ("fashion-mnist", datasets.FashionMNIST, "Fashion-MNIST", None),
        ],
    )
    def test_a_set_is_downloaded_once_and_read(
        self,
        server: Server,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        kind: DataKind,
        source: Any,
        title: str,
        classes: tuple[str, ...] | None,
    ) -> None:
        offer_in_mnists_form(monkeypatch, server, source, GLYPHS, LABELS)
        dataset, events = load(DataChoice(kind), tmp_path)
        check_same(dataset, GLYPHS, LABELS)
        assert dataset.title == title
        assert dataset.classes == (classes or tuple(source.classes))
        assert {"downloading", "reading"} <= {event.stage for event in events}
        asked = [path for path, _ in server.requests]
        # The second address is asked after the first; the files of the test digits never.
        names = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
        assert asked == [f"/{place}/{name}" for name in names for place in ("gone", "good")]
        load(DataChoice(kind), tmp_path)
        assert len(server.requests) == len(asked)
        # torchvision itself finds them there.
        raw = tmp_path / source.__name__ / "raw"
        assert {path.name for path in raw.iterdir()} == {*names, "download.lock"}

    def test_some_of_them(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer_in_mnists_form(monkeypatch, server, datasets.MNIST, GLYPHS, LABELS)
        some, _ = load(DataChoice("mnist", count=25), tmp_path, seed=1)
        assert len(some) == 25
        assert min(some.counts()) >= 2
        whole = {glyph.tobytes(): label for glyph, label in zip(GLYPHS, LABELS, strict=True)}
        for glyph, label in zip(some.glyphs, some.labels.tolist(), strict=True):
            assert whole[glyph.tobytes()] == label
        again, _ = load(DataChoice("mnist", count=25), tmp_path, seed=1)
        check_same(again, some.glyphs, some.labels)
        other, _ = load(DataChoice("mnist", count=25), tmp_path, seed=2)
        assert not np.array_equal(other.glyphs, some.glyphs)

    def test_damaged_and_swapped_files_are_mended(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer_in_mnists_form(monkeypatch, server, datasets.MNIST, GLYPHS, LABELS)
        load(DataChoice("mnist"), tmp_path)
        raw = tmp_path / "MNIST" / "raw"
        pictures, labels = raw / "train-images-idx3-ubyte.gz", raw / "train-labels-idx1-ubyte.gz"
        content = pictures.read_bytes()
        pictures.write_bytes(labels.read_bytes())
        labels.write_bytes(content)
        check_same(load(DataChoice("mnist"), tmp_path)[0], GLYPHS, LABELS)
        pictures.write_bytes(content[:100])
        check_same(load(DataChoice("mnist"), tmp_path)[0], GLYPHS, LABELS)

    def test_without_a_network_other_data_is_left(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer_in_mnists_form(monkeypatch, server, datasets.MNIST, GLYPHS, LABELS)
        server.files.clear()
        with raises_error("{title} could not be downloaded. {reasons}", title="MNIST"):
            load(DataChoice("mnist"), tmp_path)
        dataset, _ = load(DataChoice("synthetic", count=20), tmp_path)
        assert dataset.counts() == (2,) * 10

    def test_closing_ends_a_stalled_download(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer_in_mnists_form(monkeypatch, server, datasets.MNIST, GLYPHS, LABELS)
        server.answers["/good/train-images-idx3-ubyte.gz"] = [stall(1000)]
        monkeypatch.setattr(torchvision_datasets, "download", partial(download, patience=LASTING))
        events = load_data(DataChoice("mnist"), tmp_path, 0)
        for event in events:
            if isinstance(event, Loading) and event.done >= 1000:
                break
        events.close()
        part = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte.gz.part"
        assert part.stat().st_size == 1000
        del server.answers["/good/train-images-idx3-ubyte.gz"]
        check_same(load(DataChoice("mnist"), tmp_path)[0], GLYPHS, LABELS)

    def test_labels_out_of_range(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer_in_mnists_form(monkeypatch, server, datasets.KMNIST, GLYPHS, LABELS + 1)
        with raises_error(
            "{path} is damaged: ", path="train-labels-idx1-ubyte.gz", label=10, first=0, highest=9
        ):
            load(DataChoice("kmnist"), tmp_path)

    def test_qmnist(self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        contents = {
            "/qmnist-train-images-idx3-ubyte.gz": gzip.compress(idx_pictures(GLYPHS)),
            "/qmnist-train-labels-idx2-int.gz": gzip.compress(wide_labels(LABELS)),
        }
        server.files |= contents
        train = [(server.url(path), md5(content)) for path, content in contents.items()]
        monkeypatch.setitem(datasets.QMNIST.resources, "train", train)
        dataset, _ = load(DataChoice("qmnist"), tmp_path)
        check_same(dataset, GLYPHS, LABELS)
        assert (dataset.title, dataset.classes) == ("QMNIST", DIGITS)
        # torchvision reads the same from the same files, once they are unpacked.
        for packed in (tmp_path / "QMNIST" / "raw").glob("*.gz"):
            packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
        theirs = datasets.QMNIST(tmp_path, what="train")
        check_same(dataset, theirs.data.numpy(), theirs.targets[:, 0].numpy())


class TestEmnist:
    LETTERS = make_labels(130, lowest=1, classes=26)
    LETTER_GLYPHS = make_glyphs(130)

    @pytest.fixture
    def archive(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> bytes:
        made = emnist_archive(
            {
                "emnist-digits-train-images-idx3-ubyte": idx_pictures(GLYPHS),
                "emnist-digits-train-labels-idx1-ubyte": idx_labels(LABELS),
                "emnist-letters-train-images-idx3-ubyte": idx_pictures(self.LETTER_GLYPHS),
                "emnist-letters-train-labels-idx1-ubyte": idx_labels(self.LETTERS),
                "emnist-letters-test-labels-idx1-ubyte": b"never read",
            }
        )
        self.offer(server, monkeypatch, made)
        return made

    def offer(self, server: Server, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
        server.files["/gzip.zip"] = content
        monkeypatch.setattr(datasets.EMNIST, "url", server.url("/gzip.zip"))
        monkeypatch.setattr(datasets.EMNIST, "md5", md5(content))

    @pytest.mark.usefixtures("archive")
    def test_letters_and_digits_come_out_of_one_archive(
        self, server: Server, tmp_path: Path
    ) -> None:
        letters, events = load(DataChoice("emnist-letters"), tmp_path)
        assert letters.title == "EMNIST letters"
        assert letters.classes == tuple("abcdefghijklmnopqrstuvwxyz")
        # They are stored with rows and columns swapped.
        check_same(letters, self.LETTER_GLYPHS.transpose(0, 2, 1), self.LETTERS - 1)
        assert {"downloading", "unpacking", "reading"} <= {event.stage for event in events}
        digits, _ = load(DataChoice("emnist-digits"), tmp_path)
        assert (digits.title, digits.classes) == ("EMNIST digits", DIGITS)
        check_same(digits, GLYPHS.transpose(0, 2, 1), LABELS)
        assert len(server.requests) == 1
        # Neither the archive nor anything that is not read is left.
        names = {path.name for path in (tmp_path / "EMNIST" / "raw").rglob("*") if path.is_file()}
        assert {name for name in names if not name.endswith(".lock")} == {
            f"emnist-{split}-train-{part}.gz"
            for split in ("digits", "letters")
            for part in ("images-idx3-ubyte", "labels-idx1-ubyte")
        }

    @pytest.mark.usefixtures("archive")
    def test_torchvision_reads_the_same(self, tmp_path: Path) -> None:
        letters, _ = load(DataChoice("emnist-letters"), tmp_path)
        raw = tmp_path / "EMNIST" / "raw"
        for packed in (raw / "gzip").iterdir():
            (raw / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
        theirs = datasets.EMNIST(tmp_path, "letters", train=True)
        check_same(letters, theirs.data.numpy().transpose(0, 2, 1), theirs.targets.numpy() - 1)
        assert letters.classes == tuple(theirs.classes[1:])

    @pytest.mark.usefixtures("archive")
    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        load(DataChoice("emnist-letters"), tmp_path)
        raw = tmp_path / "EMNIST" / "raw"
        path = raw / "gzip" / "emnist-letters-train-images-idx3-ubyte.gz"
        path.write_bytes(path.read_bytes()[:-20])
        with raises_error("{error} Delete the folder {raw}", raw=raw) as caught:
            load(DataChoice("emnist-letters"), tmp_path)
        check_sentence(caught.value.fields["error"], "{path} is damaged", path=path)
        shutil.rmtree(raw)
        load(DataChoice("emnist-letters"), tmp_path)

    def test_the_label_of_no_letter(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        names = [f"emnist-{split}-train-" for split in ("digits", "letters")]
        files = {f"{name}images-idx3-ubyte": idx_pictures(GLYPHS) for name in names}
        files |= {f"{name}labels-idx1-ubyte": idx_labels(LABELS) for name in names}
        self.offer(server, monkeypatch, emnist_archive(files))
        with raises_error("{error} Delete the folder {raw}") as caught:
            load(DataChoice("emnist-letters"), tmp_path)
        error = caught.value.fields["error"]
        check_sentence(error, "{path} is damaged: it has the label", label=0, first=1, highest=26)

    def test_another_archive(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for content in (b"no archive", emnist_archive({"something": b"else"})):
            self.offer(server, monkeypatch, content)
            with raises_error(
                "{path} is not the archive of {title}: ", path="gzip.zip", title="EMNIST digits"
            ):
                load(DataChoice("emnist-digits"), tmp_path)

    @pytest.mark.usefixtures("archive")
    def test_a_full_disk_while_unpacking(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def write_all(file: object, data: bytes) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            patch.setattr(torchvision_datasets, "write_all", write_all)
            with raises_error(
                "The disk is full: ", path="emnist-digits-train-images-idx3-ubyte.gz.part"
            ):
                load(DataChoice("emnist-digits"), tmp_path)
        check_same(
            load(DataChoice("emnist-digits"), tmp_path)[0], GLYPHS.transpose(0, 2, 1), LABELS
        )
        # The archive had been kept.
        assert len(server.requests) == 1


class TestUsps:
    def offer(self, server: Server, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
        server.files["/usps.bz2"] = content
        entry = [server.url("/usps.bz2"), "usps.bz2", md5(content)]
        monkeypatch.setitem(datasets.USPS.split_list, "train", entry)

    def test_digits_take_mnists_form(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pictures = np.full((60, 16, 16), -1.0)
        pictures[:, :, 7:9] = 0.9
        pictures[:, :3, 5:7] = 0.4
        self.offer(server, monkeypatch, usps_lines(pictures, LABELS))
        dataset, _ = load(DataChoice("usps"), tmp_path)
        assert (dataset.title, dataset.classes) == ("USPS", DIGITS)
        assert np.array_equal(dataset.labels, LABELS)
        some, _ = load(DataChoice("usps", count=30), tmp_path)
        assert len(some) == 30
        assert len(server.requests) == 1

    def test_the_ink_fills_the_box_around_its_centre(self) -> None:
        picture = np.zeros((16, 16), dtype=np.uint8)
        picture[1:15, 6:9] = 200
        picture[1:4, 3:6] = 120
        # Fainter than what counts as ink.
        picture[15, 15] = 20
        glyph = usps_glyph(picture)
        rows, columns = np.nonzero(glyph)
        assert rows.max() - rows.min() == 19
        assert columns.max() - columns.min() < 12
        assert glyph.max() == 255
        mass = glyph / glyph.sum()
        assert abs(mass.sum(axis=1) @ np.arange(28) - 14) <= 0.5
        assert abs(mass.sum(axis=0) @ np.arange(28) - 14) <= 0.5

    def test_an_empty_picture_stays_empty(self) -> None:
        assert not usps_glyph(np.zeros((16, 16), dtype=np.uint8)).any()

    @pytest.mark.parametrize("content", [b"no bz2", usps_lines(np.zeros((1, 16, 15)), LABELS[:1])])
    def test_a_file_in_another_form(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
    ) -> None:
        self.offer(server, monkeypatch, content)
        with raises_error("{path} is damaged: ", path="usps.bz2"):
            load(DataChoice("usps"), tmp_path)

    def test_labels_out_of_range(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.offer(server, monkeypatch, usps_lines(np.zeros((2, 16, 16)), np.array([3, 10])))
        with raises_error("{path} is damaged: its labels are not those", path="usps.bz2"):
            load(DataChoice("usps"), tmp_path)

    def test_a_server_without_it(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.offer(server, monkeypatch, b"never sent")
        server.answers["/usps.bz2"] = [status(404)]
        with raises_error("{title} could not be downloaded. {reasons}", title="USPS") as caught:
            load(DataChoice("usps"), tmp_path)
        check_sentence(caught.value.fields["reasons"], "{host} answers", status="404 Not Found")


def test_every_set_has_addresses_and_hashes() -> None:
    for kind, source in torchvision_datasets._IN_MNISTS_FORM.items():
        files = torchvision_datasets._remote_files(kind, source)
        assert ["images" in file.name for file in files] == [True, False]
        for file in files:
            assert file.urls
            assert all(url.startswith("http") and url.endswith(file.name) for url in file.urls)
            assert len(file.md5) == 32


@pytest.mark.slow
def test_torchvision_is_imported_beside_any_torch() -> None:
    code = (
        "from digitpad.data.public.torchvision_import import datasets\n"
        "import torchvision\n"
        "print(datasets.MNIST.__name__, torchvision.__version__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("MNIST 0.")
    assert not done.stderr


@pytest.mark.data
def test_real_mnist_is_what_torchvision_reads(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for path in (shared_folder() / "mnist" / "MNIST" / "raw").glob("*.gz"):
        shutil.copy(path, raw)
        (raw / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    # Nothing is downloaded: the files are those whose hashes torchvision knows.
    dataset, events = load(DataChoice("mnist"), tmp_path)
    theirs = datasets.MNIST(tmp_path, train=True)
    check_same(dataset, theirs.data.numpy(), theirs.targets.numpy())
    assert "downloading" not in {event.stage for event in events}
    chosen, _ = load(DataChoice("mnist", path=str(tmp_path)), tmp_path / "unused")
    assert chosen.title == "MNIST"
    check_same(chosen, theirs.data.numpy(), theirs.targets.numpy())


def test_no_dataset_is_asked_for_without_encryption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def download(file: RemoteFile, *_: object) -> Iterator[Loading]:
        asked.extend(file.urls)
        raise DigitpadError("There is no network.")
        yield

    monkeypatch.setattr(torchvision_datasets, "download", download)
    kinds = [kind for kind, entry in CATALOG.items() if entry.download_bytes]
    assert len(kinds) > 5
    for kind in kinds:
        with pytest.raises(DigitpadError):
            list(torchvision_datasets.read_torchvision_dataset(kind, tmp_path, None, 0))
    assert len(asked) >= len(kinds)
    assert [url for url in asked if not url.startswith("https://")] == []
