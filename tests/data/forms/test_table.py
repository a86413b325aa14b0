"""Tables of pixels, and what a data file is by its content."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from dataset_files import idx_labels, make_glyphs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sentences import check_sentence, raises_error

from digitpad.data.choice import DataChoice
from digitpad.data.forms.content import count_lines, form_of
from digitpad.data.forms.table import PixelTable
from digitpad.data.left_out import LeftOut
from digitpad.data.loading import Loaded, load_data
from digitpad.data.readers import open_reader
from digitpad.errors import DigitpadError

GLYPHS = make_glyphs(12)
LABELS = [str(i % 3) for i in range(12)]
TITLES = ",".join(("label", *(f"pixel{i}" for i in range(784))))
ROWS = [
    ",".join((label, *map(str, glyph.ravel().tolist())))
    for label, glyph in zip(LABELS, GLYPHS, strict=True)
]


def write(folder: Path, lines: list[str], name: str = "train.csv") -> Path:
    path = folder / name
    content = "\n".join([*lines, ""]).encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def read(path: Path) -> tuple[np.ndarray, list[str]]:
    reader = open_reader(path)
    assert isinstance(reader, PixelTable)
    batches = list(reader.batches(5))
    names = [name for batch in batches for name in batch.names]
    assert list(reader.names()) == names
    return np.concatenate([batch.glyphs for batch in batches]), names


MNIST_IN_CSV = ",".join(("label", *(f"{y}x{x}" for y in range(1, 29) for x in range(1, 29))))


@pytest.mark.parametrize("titles", [[TITLES], [], [MNIST_IN_CSV]])
@pytest.mark.parametrize("name", ["train.csv", "train.csv.gz", "mnist.txt", "x.gz", "data"])
def test_kaggles_form(tmp_path: Path, titles: list[str], name: str) -> None:
    path = write(tmp_path, titles + ROWS, name)
    glyphs, names = read(path)
    assert np.array_equal(glyphs, GLYPHS)
    assert names == LABELS
    assert open_reader(path).count() == len(titles) + 12


def as_floats(row: str) -> str:
    label, *levels = row.split(",")
    return ",".join([f"{label}.0", *(f"{level}.0" for level in levels)])


def as_shares(row: str) -> str:
    label, *levels = row.split(",")
    return ",".join([label, *(repr(int(level) / 255) for level in levels)])


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.replace(",", ";"),
        lambda row: row.replace(",", "\t"),
        lambda row: row.replace(",", ", "),
        lambda row: row + "\r",
        lambda row: ",".join(f'"{cell}"' for cell in row.split(",")),
        as_floats,
        as_shares,
    ],
)
@pytest.mark.parametrize("titles", [[TITLES], []])
def test_other_hands(tmp_path: Path, change, titles: list[str]) -> None:
    separated = [change(titles[0]) if "." not in change(ROWS[0]) else titles[0]] if titles else []
    glyphs, names = read(write(tmp_path, separated + list(map(change, ROWS))))
    assert np.array_equal(glyphs, GLYPHS)
    assert names == LABELS


def test_the_class_may_be_last(tmp_path: Path) -> None:
    # As OpenML's mnist_784 has it.
    titles = ",".join((*(f"pixel{i}" for i in range(1, 785)), "class"))
    rows = [",".join((*row.split(",")[1:], row.split(",")[0])) for row in ROWS]
    glyphs, names = read(write(tmp_path, [titles, *rows]))
    assert np.array_equal(glyphs, GLYPHS)
    assert names == LABELS


def test_numbers_of_lines_are_no_pixels(tmp_path: Path) -> None:
    # As pandas writes a table unless it is told not to.
    rows = [f"{i},{row}" for i, row in enumerate(ROWS)]
    glyphs, names = read(write(tmp_path, [f",{TITLES}", *rows]))
    assert np.array_equal(glyphs, GLYPHS)
    assert names == LABELS


def test_emnists_tables_lie_on_their_side(tmp_path: Path) -> None:
    path = write(tmp_path, ROWS, "emnist-digits-train.csv")
    glyphs, _ = read(path)
    assert np.array_equal(glyphs, GLYPHS.transpose(0, 2, 1))
    check_sentence(open_reader(path).notice(), "{source} is named like EMNIST")


DAMAGED = [
    ROWS[0].replace(",", ",x", 1),
    ROWS[0].rsplit(",", 1)[0],
    ROWS[0] + ",7",
    ROWS[0].rsplit(",", 1)[0] + ",256",
    ROWS[0].rsplit(",", 1)[0] + ",-1",
    ROWS[0].rsplit(",", 1)[0] + ",nan",
    ROWS[0].rsplit(",", 1)[0] + ",",
    "," + ROWS[0].partition(",")[2],
    "\x01" + ROWS[0],
    "no row",
]


@pytest.mark.parametrize("line", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_line_is_left_out(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, [TITLES, *ROWS[:3], line, *ROWS[3:]])
    *_, loaded = load_data(DataChoice("csv", str(path)), Path("unused"), 0)
    assert isinstance(loaded, Loaded)
    assert np.array_equal(loaded.dataset.glyphs, GLYPHS)
    assert loaded.dataset.classes == ("0", "1", "2")
    (notice,) = loaded.notices
    check_sentence(notice, "{count} file or drawing", count=1, names="line 5")
    left_out = LeftOut(path)
    places = [place for b in open_reader(path).batches(4, None, left_out) for place in b.places]
    assert len(places) == 12


@pytest.mark.parametrize(
    ("lines", "start"),
    [
        ([row.partition(",")[2] for row in ROWS], "{source} has no classes"),
        ([TITLES.partition(",")[2]], "{source} is not a table of pixels"),
        (["a,b,c", "1,2,3"], "{source} is not a table of pixels"),
        (["1,2,3"], "{source} is not a table of pixels"),
        (["x" * 200_000], "{source} is not a table of pixels"),
        ([""], "There is no drawing in {name}"),
        ([TITLES], "{source} has no class"),
        ([TITLES, *DAMAGED[:3]], "More than half of {source} is damaged"),
    ],
)
def test_what_is_no_table(tmp_path: Path, lines: list[str], start: str) -> None:
    path = write(tmp_path, lines)
    with raises_error(start):
        list(load_data(DataChoice("csv", str(path)), Path("unused"), 0))


def packed_as_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.png"), b"")
    return made.getvalue()


def packed_as_tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.png"))
    return made.getvalue()


def saved_by_numpy() -> bytes:
    made = io.BytesIO()
    np.save(made, GLYPHS)
    return made.getvalue()


STROKES = (json.dumps({"word": "7", "drawing": [[[1, 2], [3, 4]]]}) + "\n").encode()


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.ndjson", STROKES, "strokes"),
        ("a.jsonl", STROKES, "strokes"),
        ("a.jsonl.gz", gzip.compress(STROKES, mtime=0), "strokes"),
        ("a.gz", gzip.compress(STROKES, mtime=0), "strokes"),
        ("a.gz", STROKES, "strokes"),
        ("a.json", b"\xef\xbb\xbf\n " + STROKES, "strokes"),
        ("a", STROKES, "strokes"),
        ("a.ndjson", b"anything", "strokes"),
        ("a.csv", b"a,b", "table"),
        ("a.txt", ROWS[0].encode(), "table"),
        ("a.gz", idx_labels(np.arange(9)), "idx"),
        ("a.gz", gzip.compress(idx_labels(np.arange(9)), mtime=0), "idx"),
        ("mnist.npz", packed_as_zip(), "arrays"),
        ("a.npy", saved_by_numpy(), "arrays"),
        ("a.zip", packed_as_zip(), "archive"),
        ("a.tar.gz", gzip.compress(packed_as_tar(), mtime=0), "archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", "archive"),
        ("cat.bin", bytes(30), "binary strokes"),
        ("a.gz", b"\x1f\x8b\x08broken", "unknown"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "unknown"),
        ("a", b"", "unknown"),
    ],
)
def test_what_a_file_holds(tmp_path: Path, name: str, content: bytes, form: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert form_of(path) == form
    if form not in {"strokes", "table"}:
        with raises_error("{path} ", path=name):
            open_reader(path)


def test_counting_lines(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content, lines in ((b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"\n\n", 2)):
        path.write_bytes(content)
        assert count_lines(path) == lines
        path.write_bytes(gzip.compress(content))
        assert count_lines(path) == lines


@given(st.binary(max_size=400), st.integers(0, 2**31))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_change_gives_drawings_or_a_sentence(tmp_path: Path, junk: bytes, place: int) -> None:
    whole = "\n".join([TITLES, *ROWS[:4]]).encode()
    place %= len(whole)
    path = tmp_path / "train.csv"
    for content in (whole[:place] + junk + whole[place + len(junk) :], whole[:place] + junk, junk):
        path.write_bytes(content)
        reader, left_out = PixelTable(path), LeftOut(path)
        try:
            names = list(reader.names(left_out))
            batches = list(reader.batches(3, None, left_out))
        except DigitpadError:
            continue
        places = [place for batch in batches for place in batch.places.tolist()]
        # A place that is not read was left out.
        assert len(places) == sum(map(len, batches))
        assert set(places) <= set(range(len(names)))
        assert all(
            names[at] == name for b in batches for at, name in zip(b.places, b.names, strict=True)
        )
