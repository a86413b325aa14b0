from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from dataset_files import (
    idx_labels,
    idx_pictures,
    in_files_of,
    make_glyphs,
    make_labels,
    write_mnist,
)
from PIL import Image, ImageDraw
from sentences import check_sentence, raises_error

from digitpad.data import left_out, loading
from digitpad.data.choice import DataChoice
from digitpad.data.dataset import divided
from digitpad.data.forms import user_files
from digitpad.data.forms.user_files import StrokeFile, picture_glyph
from digitpad.data.loading import Loaded, Loading, load_data
from digitpad.data.readers import gather
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.preprocessing import preprocess
from digitpad.learning.runs.data_mark import mark_of

if TYPE_CHECKING:
    from digitpad.data.catalog import DataKind
    from digitpad.data.dataset import Dataset

GLYPHS = make_glyphs(60)
LABELS = make_labels(60)
DIGITS = tuple("0123456789")
EARLY, LATE = "{path} is damaged: it ends too early", "{path} is damaged: it has more data"
PICTURES, NAMES = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def load(kind: DataKind, path: Path, count: int | None = None, seed: int = 0) -> Dataset:
    *before, last = load_data(DataChoice(kind, str(path), count), Path("unused"), seed)
    assert isinstance(last, Loaded)
    assert all(isinstance(event, Loading) for event in before)
    assert not Path("unused").exists()
    return last.dataset


def listing(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


class TestMnistFolder:
    @pytest.mark.parametrize("place", [".", "MNIST/raw", "raw"])
    def test_its_training_digits_are_read_and_nothing_is_written(
        self, tmp_path: Path, place: str
    ) -> None:
        folder = tmp_path / "ours"
        write_mnist(folder / place, GLYPHS, LABELS)
        # Not even opened.
        (folder / place / "t10k-images-idx3-ubyte").write_bytes(b"damaged")
        (folder / place / "t10k-labels-idx1-ubyte").write_bytes(b"damaged")
        before = listing(folder)
        dataset = load("mnist", folder)
        assert np.array_equal(dataset.glyphs, GLYPHS)
        assert np.array_equal(dataset.labels, LABELS)
        assert (dataset.classes, dataset.title) == (DIGITS, "Folder ours")
        assert listing(folder) == before

    def test_mnist_itself_is_known_by_its_labels(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_mnist(tmp_path, GLYPHS, LABELS)
        known = hashlib.sha256(LABELS.astype(np.uint8).tobytes()).hexdigest()
        monkeypatch.setattr(loading, "_TRAIN_LABELS", known)
        assert load("mnist", tmp_path).title == "MNIST"

    def test_test_digits_under_the_name_of_training_digits(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_mnist(tmp_path, GLYPHS, LABELS)
        known = hashlib.sha256(LABELS.astype(np.uint8).tobytes()).hexdigest()
        monkeypatch.setattr(loading, "_TEST_LABELS", known)
        with raises_error(
            "{labels} has the labels of MNIST's test digits,", labels="train-labels-idx1-ubyte.gz"
        ):
            load("mnist", tmp_path)

    def test_some_of_them(self, tmp_path: Path) -> None:
        dataset = load("mnist", write_mnist(tmp_path, GLYPHS, LABELS), count=20)
        assert dataset.counts() == (2,) * 10

    def test_a_folder_with_some_digits_has_these_classes(self, tmp_path: Path) -> None:
        write_mnist(tmp_path, GLYPHS[:6], np.array([7, 3, 9, 9, 7, 3]))
        dataset = load("mnist", tmp_path)
        assert dataset.classes == ("3", "7", "9")
        assert dataset.labels.tolist() == [1, 0, 2, 2, 1, 0]

    @pytest.mark.parametrize(
        ("pictures", "labels", "start", "fields"),
        [
            (idx_pictures(GLYPHS)[:-1], idx_labels(LABELS), EARLY, {"path": PICTURES}),
            (idx_pictures(GLYPHS), idx_labels(LABELS)[:-1], EARLY, {"path": NAMES}),
            (
                idx_labels(LABELS),
                idx_pictures(GLYPHS),
                "{pictures} is not a file of MNIST pictures",
                {"pictures": PICTURES},
            ),
            (
                idx_pictures(GLYPHS),
                idx_pictures(GLYPHS),
                "{labels} is not a file of MNIST labels",
                {"labels": NAMES},
            ),
            (
                idx_pictures(GLYPHS),
                idx_labels(LABELS[:50]),
                "{pictures} says that it has",
                {"count": 60, "label_count": 50},
            ),
            (
                idx_pictures(GLYPHS),
                idx_labels(LABELS + 1),
                "{path} is damaged: it has the label",
                {"label": 10, "first": 0, "highest": 9},
            ),
            (idx_pictures(GLYPHS) + b"?", idx_labels(LABELS), LATE, {"path": PICTURES}),
            (idx_pictures(GLYPHS), idx_labels(LABELS) + b"?", LATE, {"path": NAMES}),
            (
                idx_pictures(GLYPHS),
                idx_labels(0 * LABELS),
                "{source} has only the class",
                {"name": "0"},
            ),
            (
                idx_pictures(GLYPHS),
                idx_labels(np.arange(60) // 59),
                "{source} has too few drawings of",
                {"name": "1", "count": 1},
            ),
        ],
    )
    @pytest.mark.parametrize("packed", [False, True])
    def test_damaged_and_swapped_files(
        self,
        tmp_path: Path,
        pictures: bytes,
        labels: bytes,
        start: str,
        fields: dict[str, object],
        packed: bool,
    ) -> None:
        for name, content in (("images-idx3", pictures), ("labels-idx1", labels)):
            path = tmp_path / f"train-{name}-ubyte"
            if packed:
                path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content))
            else:
                path.write_bytes(content)
        with raises_error(start, **in_files_of(packed, fields)):
            load("mnist", tmp_path)

    def test_half_of_the_files(self, tmp_path: Path) -> None:
        write_mnist(tmp_path, GLYPHS, LABELS)
        (tmp_path / "train-images-idx3-ubyte").unlink()
        with raises_error(
            "The file {prefix}{endings} (or its .gz) of the {split} split is missing in {where}.",
            prefix="train",
            endings="-images-idx3-ubyte",
            split="train",
        ):
            load("mnist", tmp_path)

    def test_no_files(self, tmp_path: Path) -> None:
        with raises_error("{folder} has no MNIST files: "):
            load("mnist", tmp_path)


def write_picture(path: Path, column: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((40, 60), 255, dtype=np.uint8)
    pixels[5:35, 10 + column : 16 + column] = 0
    pixels[5:11, 10 : 20 + column] = 0
    Image.fromarray(pixels).save(path)
    return path


class TestPictures:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for word in ("10", "9", "b", "a"):
            for column in range(3):
                write_picture(tmp_path / "photos" / word / f"{column}.png", 5 * column)
        return tmp_path / "photos"

    def test_classes_are_the_folders_in_order(self, folder: Path) -> None:
        dataset = load("pictures", folder)
        assert dataset.title == "Folder photos"
        assert dataset.classes == ("9", "10", "a", "b")
        assert dataset.counts() == (3, 3, 3, 3)
        first = dataset.glyphs[dataset.labels == 0]
        expected = [picture_glyph(folder / "9" / f"{column}.png") for column in range(3)]
        assert np.array_equal(first, expected)
        # It can be parted as it comes.
        assert len(dataset.split(0.3, 0)[1]) == 4

    def test_only_what_is_taken_is_opened(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for column in range(10):
            write_picture(folder / "a" / f"more{column}.png", column)
        opened = []

        def record(path: Path) -> object:
            opened.append(path)
            return picture_glyph(path)

        monkeypatch.setattr(user_files, "picture_glyph", record)
        dataset = load("pictures", folder, count=20)
        assert len(opened) == len(set(opened)) == len(dataset) == 20
        assert min(dataset.counts()) >= 2

    @pytest.mark.parametrize("count", [None, 20])
    def test_what_cannot_be_read_is_left_out(self, folder: Path, count: int | None) -> None:
        for column in range(10):
            write_picture(folder / "9" / f"more{column}.png", column)
        before = load("pictures", folder)
        (folder / "b" / "notes.txt").write_text("no picture")
        (folder / "9" / "0.png").write_bytes((folder / "9" / "1.png").read_bytes()[:100])
        (folder / "9" / "2.png").write_bytes(b"")
        Image.new("L", (40, 40), 255).save(folder / "b" / "blank.png")
        *_, loaded = load_data(DataChoice("pictures", str(folder), count), Path("unused"), 1)
        assert isinstance(loaded, Loaded)
        # Where only some are taken, others stand in for those that cannot be read.
        assert len(loaded.dataset) == (len(before) - 2 if count is None else count)
        assert loaded.dataset.classes == before.classes
        known = {glyph.tobytes() for glyph in before.glyphs}
        assert {glyph.tobytes() for glyph in loaded.dataset.glyphs} <= known
        if count is None:
            (notice,) = loaded.notices
            check_sentence(notice, "{count} files or drawings in {source} could ", count=4, more=1)
            assert notice.fields["names"] == "9/0.png, 9/2.png, b/blank.png"
            assert loaded.left_out is not None
            assert json.loads(loaded.left_out.to_json())["count"] == 4

    def test_a_class_that_is_damaged_throughout_is_named(self, folder: Path) -> None:
        for column in range(3):
            (folder / "b" / f"{column}.png").write_bytes(b"")
        with raises_error("{problem} {notice}") as caught:
            load("pictures", folder)
        assert isinstance(caught.value.fields["problem"], DigitpadError)
        check_sentence(
            caught.value.fields["problem"], "{source} has too few drawings", name="b", count=0
        )

    def test_more_than_half_damaged(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*.png"))[:7]:
            path.write_bytes(b"damaged")
        with raises_error("More than half of {source} is damaged", damaged=7, read=5):
            load("pictures", folder)

    def test_texts_beside_pictures_are_no_damage(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*.png")):
            path.with_suffix(".txt").write_text("what an annotation tool leaves")
            path.with_suffix(".json").write_text("{}")
        (folder / "notes").mkdir()
        (folder / "notes" / "README.md").write_text("about the pictures")
        assert load("pictures", folder).counts() == (3, 3, 3, 3)

    def test_nothing_can_be_read(self, folder: Path) -> None:
        for path in folder.rglob("*.png"):
            path.write_bytes(b"damaged")
        with raises_error("Nothing in {source} can be read ", source="photos"):
            load("pictures", folder)

    def test_mnists_files_are_read_under_this_choice_too(self, tmp_path: Path) -> None:
        write_mnist(tmp_path, GLYPHS, LABELS)
        assert np.array_equal(load("pictures", tmp_path).glyphs, GLYPHS)

    def test_loading_can_be_given_up_at_any_time(self, folder: Path) -> None:
        threads = threading.active_count()
        events = load_data(DataChoice("pictures", str(folder)), Path("unused"), 0)
        assert isinstance(next(events), Loading)
        events.close()
        assert threading.active_count() == threads

    def test_one_class(self, tmp_path: Path) -> None:
        write_picture(tmp_path / "only" / "1.png")
        with raises_error("{source} has only the class {name!r}: ", name="only"):
            load("pictures", tmp_path)

    def test_one_picture_of_a_class(self, folder: Path) -> None:
        write_picture(folder / "c" / "1.png")
        with raises_error(
            "{source} has too few drawings of {name!r}: ", source="photos", name="c", count=1
        ):
            load("pictures", folder)

    def test_no_class(self, tmp_path: Path) -> None:
        write_picture(tmp_path / "1.png")
        with raises_error("{folder} is not a dataset: it has files, but no class-named"):
            load("pictures", tmp_path)
        (tmp_path / "1.png").unlink()
        (tmp_path / "empty").mkdir()
        with raises_error("{folder} is not a dataset: "):
            load("pictures", tmp_path)

    def test_a_name_too_long_for_a_model(self, folder: Path) -> None:
        write_picture(folder / ("x" * 201) / "1.png")
        with raises_error(
            "{source} has a class with the name {name!r}: ", source="photos", max_name=200
        ):
            load("pictures", folder)


def line(word: str | None, column: int = 0) -> str:
    record: dict[str, object] = {"drawing": [[[5, 6 + column], [0, 90]], [[0, 40], [40, 44]]]}
    if word is not None:
        record["word"] = word
    return json.dumps(record) + "\n"


class TestStrokes:
    WORDS = ("cat", "2", "10", "cat", "2", "10", "2")

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        made = tmp_path / "drawn.ndjson"
        made.write_text("".join(line(word, 3 * i) for i, word in enumerate(self.WORDS)))
        return made

    def test_classes_are_the_words_in_order(self, path: Path) -> None:
        dataset = load("strokes", path)
        assert dataset.title == "Strokes drawn.ndjson"
        assert dataset.classes == ("2", "10", "cat")
        assert dataset.labels.tolist() == [2, 0, 1, 2, 0, 1, 0]
        drawing = Drawing.of([np.array([[5, 0], [9, 90.0]]), np.array([[0, 40], [40, 44.0]])])
        assert np.array_equal(dataset.glyphs[1], preprocess(drawing).glyph)

    def test_a_packed_file(self, path: Path) -> None:
        packed = path.with_name("drawn.ndjson.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        assert len(load("strokes", packed)) == 7

    def test_some_of_them(self, path: Path) -> None:
        path.write_text("".join(line(word, i) for i, word in enumerate(self.WORDS * 5)))
        every = load("strokes", path)
        whole = zip(every.glyphs, every.labels.tolist(), strict=True)
        known = {(glyph.tobytes(), label) for glyph, label in whole}
        some = load("strokes", path, count=20)
        assert len(some) == 20
        taken = zip(some.glyphs, some.labels.tolist(), strict=True)
        assert all((glyph.tobytes(), label) in known for glyph, label in taken)

    @pytest.mark.parametrize(
        ("content", "start", "fields"),
        [
            (line("1") + line(None) * 2, "More than half of {source} is damaged", {"read": 1}),
            (line(None), "Nothing in {source} can be read ", {"source": "x.ndjson"}),
            (line("1") * 3, "{source} has only the class", {"name": "1"}),
            (
                line("1") * 2 + line("2"),
                "{source} has too few drawings of",
                {"name": "2", "count": 1},
            ),
            (line("1") * 2 + line(" ") * 2, "{problem} {notice}", {}),
            (line("1") * 2 + line("\ud800") * 2, "{problem} {notice}", {}),
            ("", "There is no drawing in {name}", {"name": "x.ndjson"}),
            ("no drawing", "Line {number} of {name} is not a drawing", {"number": 1}),
        ],
    )
    def test_files_that_cannot_be_learned_from(
        self, tmp_path: Path, content: str, start: str, fields: dict[str, object]
    ) -> None:
        (tmp_path / "x.ndjson").write_text(content)
        with raises_error(start, **fields):
            load("strokes", tmp_path / "x.ndjson")

    def test_damage_without_end_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(left_out, "_MOST", 100)
        path = tmp_path / "x.ndjson.gz"
        path.write_bytes(gzip.compress((line("1") * 200 + "{\n" * 300).encode()))
        with raises_error("More than {most} files or drawings in {source} ", most=100):
            load("strokes", path)

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with raises_error("{path} is not a file: "):
            load("strokes", tmp_path)

    def test_a_file_that_shrinks_meanwhile(self, path: Path) -> None:
        events = gather(StrokeFile(path), None, 0)
        # It is told of the first drawing at once, before the others are read.
        next(events)
        path.write_text(line("2"))
        with raises_error("{source} was changed while it was being read: ", source="drawn.ndjson"):
            list(events)


@pytest.mark.parametrize("kind", ["mnist", "pictures", "strokes"])
@pytest.mark.parametrize("name", ["gone", "x" * 5000, "a\0b"])
def test_places_that_are_not_there(tmp_path: Path, kind: DataKind, name: str) -> None:
    with pytest.raises(DigitpadError):
        load(kind, tmp_path / name)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everywhere"
)
@pytest.mark.parametrize("kind", ["mnist", "pictures", "strokes"])
@pytest.mark.parametrize("mode", [0, 0o200, 0o400])
def test_places_that_cannot_be_read(tmp_path: Path, kind: DataKind, mode: int) -> None:
    place = tmp_path / "closed"
    if kind == "strokes":
        place.write_text(line("1"))
        mode &= ~0o400
    else:
        write_mnist(place, GLYPHS, LABELS)
    place.chmod(mode)
    try:
        with raises_error() as caught:
            load(kind, place)
        assert "read" in caught.value.template
    finally:
        place.chmod(0o700)


class TestValidationPart:
    """Of a folder with parts, the one named val is what a training is validated on."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        for part, first, count in (("train", 0, 20), ("val", 100, 10), ("test", 200, 2)):
            for name in ("a", "b"):
                (tmp_path / part / name).mkdir(parents=True)
                for number in range(first, first + count):
                    picture = Image.new("L", (30, 30), 255)
                    points = np.random.default_rng([number, name == "a"]).integers(2, 28, 8)
                    ImageDraw.Draw(picture).line(points.tolist(), fill=0, width=2)
                    picture.save(tmp_path / part / name / f"{number}.png")
        return tmp_path

    @pytest.mark.parametrize("count", [None, 30, 500])
    def test_it_is_the_validation_split(self, root: Path, count: int | None) -> None:
        whole = {glyph.tobytes() for glyph in load("pictures", root / "val").glyphs}
        for share, seed in ((0.1, 0), (0.5, 3)):
            dataset = load("pictures", root, count, seed)
            assert len(dataset) == (60 if count is None else min(count, 60))
            training, validation = dataset.split(share, seed)
            assert {glyph.tobytes() for glyph in validation.glyphs} <= whole
            assert len(validation) == (20 if count != 30 else 10)
            assert not whole & {glyph.tobytes() for glyph in training.glyphs}

    def test_too_few_for_both_are_refused(self) -> None:
        with raises_error("{count} drawings are too few", count=7, needed=8):
            divided(7, 40, 20, 2)

    def test_a_class_that_is_not_trained_on_is_left_out_by_name(self, root: Path) -> None:
        (root / "test" / "a").rename(root / "val" / "c")
        *_, last = load_data(DataChoice("pictures", str(root)), Path("unused"), 0)
        assert isinstance(last, Loaded)
        assert last.dataset.classes == ("a", "b")
        assert last.left_out is not None
        assert last.left_out.count == 1
        check_sentence(last.notices[1], names="val/c")

    def test_drawings_that_change_sides_are_other_data(self, root: Path) -> None:
        before = mark_of(load("pictures", root)).digest
        dataset = load("pictures", root)
        assert dataset.validation is not None
        dataset.validation[:] = dataset.validation[::-1].copy()
        assert mark_of(dataset).digest != before
        assert mark_of(load("pictures", root)).digest == before


@pytest.mark.parametrize("kind", ["strokes", "csv"])
def test_what_can_be_unpacked_of_a_damaged_file_is_read(tmp_path: Path, kind: DataKind) -> None:
    generator = np.random.default_rng(1)
    rows = []
    for number in range(400):
        label = number % 2
        if kind == "strokes":
            points = generator.integers(0, 255, (2, 8)).tolist()
            rows.append(json.dumps({"word": str(label), "drawing": [points]}))
        else:
            rows.append(",".join(map(str, [label, *generator.integers(0, 255, 784).tolist()])))
    packed = gzip.compress("\n".join(rows).encode())
    path = tmp_path / ("some.ndjson.gz" if kind == "strokes" else "some.csv.gz")
    damaged = bytearray(packed)
    damaged[len(damaged) * 3 // 4] ^= 0x55
    for content in (packed[: len(packed) * 3 // 4], packed[:-4], bytes(damaged)):
        path.write_bytes(content)
        *_, last = load_data(DataChoice(kind, str(path)), Path("unused"), 0)
        assert isinstance(last, Loaded)
        assert 200 < len(last.dataset) < 400 + (content == packed[:-4])
        assert last.left_out is not None
        assert last.left_out.damaged >= 1
        assert "could not be unpacked" in " ".join(last.left_out.to_dict()["first"])
    path.write_bytes(packed[:12])
    with raises_error():
        load(kind, path)


def test_a_line_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    line = '{"word": "%d", "drawing": [[[0, 9], [0, %d]]]}\n'
    long = '{"word": "1", "drawing": [[[' + "1, " * (3 * 2**20) + "1], [1]]]}\n"
    path = tmp_path / "some.ndjson"
    path.write_text("".join(line % (n % 2, n) for n in range(6)) + long + line % (1, 5))
    *_, last = load_data(DataChoice("strokes", str(path)), Path("unused"), 0)
    assert isinstance(last, Loaded)
    assert len(last.dataset) == 7
    check_sentence(last.notices[0], names="line 7")
