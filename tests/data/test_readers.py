import gzip
import json
import struct

import numpy as np
import pytest
from dataset_files import in_files_of
from PIL import Image
from sentences import raises_error
from shared_data import shared_folder

from digitpad.data.forms import idx
from digitpad.data.forms.folders import pictures_in
from digitpad.data.forms.mnist_folder import find_mnist
from digitpad.data.forms.user_files import PictureFolders, StrokeFile, picture_glyph
from digitpad.data.left_out import LeftOut
from digitpad.data.readers import open_reader
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.stroke_file import read_strokes

GLYPHS = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = [3, 1, 4, 1, 5, 9, 0]
COUNTS = "{pictures} says that it has {count} pictures, and {labels} that it has"
EARLY, LATE = "{path} is damaged: it ends too early", "{path} is damaged: it has more data"
PICTURES, NAMES = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
LINE = json.dumps({"word": "1", "key_id": "k", "drawing": [[[5, 6], [0, 90]]]})


def pictures(glyphs=GLYPHS, magic=2051, shape=None):
    count, rows, columns = shape or glyphs.shape
    return struct.pack(">4i", magic, count, rows, columns) + glyphs.tobytes()


def labels(values=LABELS, magic=2049, count=None):
    return struct.pack(">2i", magic, len(values) if count is None else count) + bytes(values)


def write_mnist(folder, images=None, names=None, *, prefix="t10k", packed=False):
    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in (
        ("images-idx3", pictures() if images is None else images),
        ("labels-idx1", labels() if names is None else names),
    ):
        name = f"{prefix}-{kind}-ubyte"
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)
    return folder


def write_picture(path, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((40, 40), 255, dtype=np.uint8)
    pixels[5 + seed : 35, 18:22] = 0
    Image.fromarray(pixels).save(path)
    return path


def everything(dataset, size=3):
    batches = list(dataset.batches(size))
    assert all(len(batch.glyphs) == len(batch) == size for batch in batches[:-1])
    assert np.concatenate([batch.places for batch in batches]).tolist() == [
        place for place, _ in enumerate(dataset.names())
    ]
    names = [name for batch in batches for name in batch.names]
    assert list(dataset.names()) == names
    return np.concatenate([batch.glyphs for batch in batches]), names


class TestMnist:
    @pytest.mark.parametrize("packed", [False, True])
    @pytest.mark.parametrize("place", [".", "MNIST/raw", "raw"])
    def test_glyphs_come_as_they_are(self, tmp_path, place, packed):
        write_mnist(tmp_path / place, packed=packed)
        dataset = open_reader(tmp_path)
        assert isinstance(dataset, idx.IdxFiles)
        assert dataset.count() == 7
        for _ in range(2):
            glyphs, words = everything(dataset)
            assert np.array_equal(glyphs, GLYPHS)
            assert words == [str(label) for label in LABELS]

    def test_the_names_of_other_programs_are_known(self, tmp_path):
        (tmp_path / "t10k-images.idx3-ubyte").write_bytes(pictures())
        (tmp_path / "t10k-labels.idx1-ubyte").write_bytes(labels())
        assert open_reader(tmp_path).count() == 7

    def test_the_split_chooses_the_files(self, tmp_path):
        write_mnist(tmp_path)
        write_mnist(tmp_path, pictures(GLYPHS[:2]), labels([8, 9]), prefix="train")
        assert everything(open_reader(tmp_path, "train"))[1] == ["8", "9"]
        assert open_reader(tmp_path, "test").count() == open_reader(tmp_path).count() == 7

    def test_a_split_that_is_not_there_is_named(self, tmp_path):
        write_mnist(tmp_path)
        with raises_error(
            "The file {prefix}{endings} (or its .gz) of the {split} split is missing in {where}.",
            prefix="train",
            endings="-images-idx3-ubyte",
            split="train",
        ):
            open_reader(tmp_path, "train")
        (tmp_path / "t10k-labels-idx1-ubyte").unlink()
        with raises_error(
            "The file {prefix}{endings} (or its .gz) of the {split} split is missing in {where}.",
            prefix="t10k",
            endings="-labels-idx1-ubyte",
            split="test",
        ):
            open_reader(tmp_path)

    @pytest.mark.parametrize(
        ("images", "names", "start", "fields"),
        [
            (b"", None, EARLY, {"path": PICTURES}),
            (pictures()[:10], None, EARLY, {"path": PICTURES}),
            (pictures()[:-1], None, EARLY, {"path": PICTURES}),
            (pictures() + b"\0", None, LATE, {"path": PICTURES}),
            (
                pictures(magic=2049),
                None,
                "{pictures} is not a file of MNIST pictures",
                {"pictures": PICTURES},
            ),
            (
                pictures(GLYPHS[:, :27]),
                None,
                "{pictures} has pictures of",
                {"rows": 27, "columns": 28},
            ),
            (pictures(shape=(-1, 28, 28)), None, COUNTS, {"count": -1, "label_count": 7}),
            (
                pictures(shape=(2**31 - 1, 28, 28)),
                labels(count=2**31 - 1),
                EARLY,
                {"path": PICTURES},
            ),
            (None, b"", EARLY, {"path": NAMES}),
            (None, labels()[:-1], EARLY, {"path": NAMES}),
            (None, labels() + b"\0", LATE, {"path": NAMES}),
            (None, labels(magic=2051), "{labels} is not a file of MNIST labels", {"labels": NAMES}),
            (None, labels(LABELS[:6]), COUNTS, {"count": 7, "label_count": 6}),
            (
                None,
                labels([0, 1, 2, 3, 4, 5, 10]),
                "{path} is damaged: it has the label",
                {"path": NAMES, "label": 10},
            ),
            (pictures(GLYPHS[:0]), labels([]), COUNTS, {"count": 0, "label_count": 0}),
        ],
    )
    @pytest.mark.parametrize("packed", [False, True])
    def test_damaged_files_are_refused(self, tmp_path, images, names, start, fields, packed):
        write_mnist(tmp_path, images, names, packed=packed)
        dataset = open_reader(tmp_path)
        with raises_error(start, **in_files_of(packed, fields)):
            everything(dataset)

    @pytest.mark.parametrize("cut", [0, 5, 30, 200, -4])
    def test_a_broken_gzip_is_refused(self, tmp_path, cut):
        write_mnist(tmp_path, packed=True)
        path = tmp_path / "t10k-images-idx3-ubyte.gz"
        path.write_bytes(path.read_bytes()[:cut])
        with raises_error("{path} is damaged", path=path):
            everything(open_reader(tmp_path))

    def test_the_wrong_checksum_of_a_gzip_is_refused(self, tmp_path):
        write_mnist(tmp_path, packed=True)
        path = tmp_path / "t10k-labels-idx1-ubyte.gz"
        content = bytearray(path.read_bytes())
        content[-6] ^= 1
        path.write_bytes(content)
        with raises_error("{path} is damaged or incomplete: ", path="t10k-labels-idx1-ubyte.gz"):
            everything(open_reader(tmp_path))

    def test_the_content_says_whether_it_is_packed(self, tmp_path):
        write_mnist(tmp_path, packed=True)
        (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(labels())
        (tmp_path / "t10k-images-idx3-ubyte.gz").rename(tmp_path / "t10k-images-idx3-ubyte")
        assert everything(open_reader(tmp_path))[1] == [str(label) for label in LABELS]

    def test_a_folder_in_the_place_of_a_file_is_no_file(self, tmp_path):
        write_mnist(tmp_path)
        (tmp_path / "t10k-labels-idx1-ubyte").unlink()
        (tmp_path / "t10k-labels-idx1-ubyte").mkdir()
        assert find_mnist(tmp_path / "nothing", "test") is None
        with raises_error(
            "The file {prefix}{endings} (or its .gz) of the {split} split is missing in {where}.",
            prefix="t10k",
            endings="-labels-idx1-ubyte",
            split="test",
        ):
            find_mnist(tmp_path, "test")

    def test_glyphs_can_be_written_to(self, tmp_path):
        batch = next(open_reader(write_mnist(tmp_path)).batches(2))
        assert batch.glyphs.flags.writeable


class TestPictureFolders:
    def test_a_folder_gives_its_name_to_its_pictures(self, tmp_path):
        paths = [
            write_picture(tmp_path / "1" / "b.png", 1),
            write_picture(tmp_path / "1" / "deep" / "c.jpg", 2),
            write_picture(tmp_path / "7" / "a.bmp", 3),
        ]
        (tmp_path / "1" / ".DS_Store").write_text("clutter")
        (tmp_path / "7" / "Thumbs.db").write_text("clutter")
        (tmp_path / "README.txt").write_text("beside the folders")
        dataset = open_reader(tmp_path)
        assert isinstance(dataset, PictureFolders)
        assert dataset.count() == 3
        glyphs, words = everything(dataset, 2)
        assert words == ["1", "1", "7"]
        assert np.array_equal(glyphs, np.stack([picture_glyph(path) for path in paths]))

    def test_what_is_no_picture_is_named(self, tmp_path):
        write_picture(tmp_path / "1" / "a.png")
        (tmp_path / "1" / "b.txt").write_text("no picture")
        with raises_error("{source} is not a picture that Digitpad reads: ", source="b.txt"):
            everything(open_reader(tmp_path))

    def test_a_picture_without_ink_is_named(self, tmp_path):
        path = write_picture(tmp_path / "1" / "white.png")
        Image.new("L", (30, 30), 255).save(path)
        with raises_error("{source}: ", source="white.png"):
            everything(open_reader(tmp_path))

    @pytest.mark.parametrize("folders", [[], ["1", "2"], [".hidden"]])
    def test_a_folder_without_pictures_is_no_data_set(self, tmp_path, folders):
        for name in folders:
            (tmp_path / name).mkdir()
        dataset = open_reader(tmp_path)
        with raises_error("{folder} is not a dataset: "):
            dataset.count()
        with raises_error("{folder} is not a dataset: "):
            everything(dataset)

    def test_a_link_to_a_folder_above_does_not_turn_in_circles(self, tmp_path):
        path = write_picture(tmp_path / "1" / "a.png")
        (tmp_path / "1" / "loop").symlink_to(tmp_path, target_is_directory=True)
        assert list(pictures_in(tmp_path)) == [path]


class TestStrokes:
    def test_strokes_go_the_pads_way(self, tmp_path):
        path = tmp_path / "strokes.ndjson"
        path.write_text(LINE + "\n" + LINE.replace('"1"', '"x"') + "\n")
        dataset = open_reader(path)
        assert isinstance(dataset, StrokeFile)
        assert dataset.count() == 2
        glyphs, words = everything(dataset, 1)
        assert words == ["1", "x"]
        expected = preprocess(next(read_strokes(path)).drawing).glyph
        assert np.array_equal(glyphs, np.stack([expected, expected]))
        drawn = preprocess(Drawing.of([[[5, 0], [6, 90]]])).glyph
        assert np.array_equal(expected, drawn)

    def test_a_gzipped_file_is_the_same(self, tmp_path):
        path = tmp_path / "Strokes.NDJSON.gz"
        path.write_bytes(gzip.compress(LINE.encode()))
        assert everything(open_reader(path))[1] == ["1"]

    def test_a_drawing_without_a_word_is_named(self, tmp_path):
        path = tmp_path / "strokes.ndjson"
        path.write_text(LINE + '\n{"drawing": [[[1], [2]]]}\n')
        with raises_error(
            'Line {line} of {path} has no "word" that says what it shows: ',
            line=2,
            path="strokes.ndjson",
        ):
            everything(open_reader(path))

    def test_a_damaged_line_ends_the_reading(self, tmp_path):
        path = tmp_path / "strokes.ndjson"
        path.write_text(LINE + "\n{\n")
        with raises_error(
            "Line {number} of {name} is not a drawing. ", number=2, name="strokes.ndjson"
        ):
            everything(open_reader(path))


def write_strokes(folder):
    path = folder / "strokes.ndjson"
    path.write_text("".join(LINE.replace("90", str(90 + 5 * i)) + "\n" for i in range(7)))
    return path


def write_pictures(folder):
    for i in range(7):
        write_picture(folder / str(i % 2) / f"{i}.png", i)
    return folder


@pytest.mark.parametrize("write", [write_mnist, write_pictures, write_strokes])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_some_drawings_are_the_same_as_among_all(tmp_path, write, size):
    reader = open_reader(write(tmp_path))
    glyphs, names = everything(reader)
    for chosen in ([], [0], [2, 3, 6], list(range(7))):
        batches = list(reader.batches(size, np.array(chosen, dtype=np.int64)))
        found = np.concatenate([batch.glyphs for batch in batches]) if batches else glyphs[:0]
        assert np.array_equal(found, glyphs[chosen])
        assert [name for batch in batches for name in batch.names] == [names[i] for i in chosen]
        assert [place for batch in batches for place in batch.places] == chosen


@pytest.mark.parametrize("write", [write_pictures, write_strokes])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_drawings_come_as_their_glyphs_do(tmp_path, write, size):
    reader = open_reader(write(tmp_path))
    found = list(reader.drawings(size, lambda drawing: preprocess(drawing).glyph))
    batches = list(reader.batches(size))
    for samples, batch in zip(found, batches, strict=True):
        assert len(samples) == len(batch)
        assert np.array_equal(samples.made, batch.glyphs)
        for name in ("names", "places", "origins"):
            assert list(getattr(samples, name)) == list(getattr(batch, name))


@pytest.mark.parametrize(
    ("write", "source"), [(write_pictures, "0.png"), (write_strokes, "Line 1 of ")]
)
def test_a_drawing_of_which_nothing_can_be_made_is_left_out(tmp_path, write, source):
    reader = open_reader(write(tmp_path))
    seen = []

    def make(drawing):
        seen.append(drawing)
        if len(seen) in (1, 3):
            raise DigitpadError("There is nothing in it.")
        return len(seen)

    left_out = LeftOut(tmp_path)
    made = [one for samples in reader.drawings(2, make, left_out) for one in samples.made]
    assert (made, left_out.count) == ([2, 4, 5, 6, 7], 2)
    assert source in left_out.to_dict()["first"][0]
    seen.clear()
    with raises_error("{source}: {error}", error="There is nothing in it."):
        list(reader.drawings(2, make))


@pytest.mark.data
class TestRealData:
    def test_mnist(self):
        dataset = open_reader(shared_folder() / "mnist")
        glyphs, words = everything(dataset, 500)
        assert dataset.count() == len(glyphs) == 10_000
        assert words[:4] == ["7", "2", "1", "0"]
        # The mean level of the test file.
        assert glyphs.mean() / 255 == pytest.approx(0.1325, abs=1e-4)

    def test_pen_strokes(self):
        batches = open_reader(shared_folder() / "pen" / "digits.ndjson.gz").batches(200)
        batch = next(batches)
        batches.close()
        assert set(batch.names) == set("0123456789")
        assert (batch.glyphs.reshape(200, -1).max(axis=1) >= 254).all()


def test_nothing_there_gives_a_sentence(tmp_path):
    with raises_error("There is no file or folder '{path}'.", path="nothing"):
        open_reader(tmp_path / "nothing")


def test_another_file_is_no_data_set(tmp_path):
    with raises_error("{path} is not a dataset: ", path="a.png"):
        open_reader(write_picture(tmp_path / "a.png"))


def test_only_mnist_has_splits(tmp_path):
    (tmp_path / "strokes.ndjson").write_text(LINE)
    with raises_error("{path} has no {split} split: ", path="strokes.ndjson", split="train"):
        open_reader(tmp_path / "strokes.ndjson", "train")
