from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from sentences import raises_error
from shared_data import shared_file

from digitpad.ink.drawing import Drawing
from digitpad.ink.files.drawings import parse_drawings, read_drawings, stream_drawings
from digitpad.ink.files.kinds import (
    PICTURE_FORMATS,
    PICTURE_SUFFIXES,
    STROKE_SUFFIXES,
    kind_of,
)
from digitpad.ink.picture import decode_picture
from digitpad.ink.stroke_file import to_ndjson_line
from digitpad.ink.svg import to_svg

if TYPE_CHECKING:
    from pathlib import Path

SEVEN = Drawing.of([[[10, 10], [60, 10], [30, 100]]])
LINE = to_ndjson_line(SEVEN, key_id="a").encode()


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((8, 8), 200, np.uint8)).save(file, kind)
    return file.getvalue()


CONTENTS = {
    "png": picture(),
    "jpeg": picture("JPEG"),
    "svg": to_svg(SEVEN).encode(),
    "strokes": LINE,
    "strokes with a mark": b"\xef\xbb\xbf" + LINE,
    "empty lines": b"\n\r\n" + LINE,
    "packed strokes": gzip.compress(LINE),
}


@pytest.mark.parametrize(
    "name", ["x", "x.png", "x.ndjson", "x.jsonl", "x.svg", "x.ndjson.gz", "x.jsonl.gz", "x.txt"]
)
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_content_and_not_its_name_decides(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    for found in (
        list(read_drawings(tmp_path / name)),
        list(stream_drawings(io.BufferedReader(io.BytesIO(content)), name)),
    ):
        assert len(found) == 1
        is_picture = content.startswith((b"\x89", b"\xff"))
        assert (found[0].drawing.picture is not None) == is_picture
        assert (found[0].line is None) == (is_picture or content.startswith(b"<?xml"))


def test_content_that_says_nothing_is_told_by_its_name() -> None:
    assert {kind_of(b"", f"x{suffix.upper()}") for suffix in STROKE_SUFFIXES} == {"strokes"}
    assert {kind_of(b"7", f"x{suffix}") for suffix in PICTURE_SUFFIXES} == {"picture"}
    assert kind_of(b"", "x.svg") == "svg"
    assert kind_of(b"\xff\xfe\x00", "x") == "picture"


def test_every_format_has_its_usual_endings() -> None:
    Image.init()
    usual = {
        suffix for suffix, kind in Image.registered_extensions().items() if kind in PICTURE_FORMATS
    }
    # Of animations, floats and icons nobody brings any.
    assert usual - {".avifs", ".pfm"} <= set(PICTURE_SUFFIXES)


@pytest.mark.data
def test_what_a_browser_calls_jfif_is_read() -> None:
    (found,) = read_drawings(shared_file("field/65-jfif-hidden/chrome_saved.jfif"))
    assert found.drawing.picture is not None


def box(brand: bytes, *others: bytes) -> bytes:
    content = b"ftyp" + brand + bytes(4) + b"".join(others)
    return (4 + len(content)).to_bytes(4, "big") + content


@pytest.mark.parametrize(
    "head",
    [box(b"heic"), box(b"mif1", b"heic"), box(b"heix", b"mif1"), box(b"msf1", b"hevc")],
)
def test_heic_is_refused_with_the_way_to_a_jpeg(head: bytes) -> None:
    with raises_error("{source} is a HEIC photo", source="IMG_1.HEIC"):
        decode_picture(head + bytes(1000), "IMG_1.HEIC")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"gimp xcf v011", "a GIMP document"),
        (b"\xff\x0a", "a JPEG XL picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
        (b"\xff\x4f\xff\x51\0", "a JPEG 2000 picture"),
        (b"PK\3\4\x14\0", "an office document or a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an office document"),
        (b"II*\0\x10\0\0\0CR\2\0", "a camera's raw file"),
        (b"IIU\0\x18\0", "a camera's raw file"),
        (b"FUJIFILMCCD-RAW 0201", "a camera's raw file"),
        (box(b"crx ", b"isom"), "a camera's raw file"),
        (box(b"qt  "), "a video"),
        (box(b"isom", b"mp42"), "a video"),
        (b"\0\0\1\0\1\0", "an icon"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf  <html>", "a web page"),
    ],
)
def test_files_of_other_programs_are_called_by_their_name(head: bytes, words: str) -> None:
    for name in ("it", "it.png", "it.ndjson"):
        with raises_error("{source} is {kind}, which Digitpad does not read", kind=words):
            list(parse_drawings(head + bytes(100), name))


def test_raw_files_that_begin_as_tiff_are_told_by_their_name() -> None:
    with raises_error("{source} is {kind}", kind="a camera's raw file"):
        decode_picture(b"MM\0*\0\0\0\x08" + bytes(100), "DSC_1.NEF")


def test_an_avif_of_any_brand_is_no_heic() -> None:
    for head in (box(b"avif", b"mif1"), box(b"mif1", b"avif", b"miaf")):
        with raises_error("{source} is not a picture that Digitpad reads"):
            decode_picture(head + bytes(100), "it")


def test_a_stream_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitpad.ink.files.drawings.MAX_FILE_BYTES", 1000)
    with raises_error("{name} has more than {megabytes} MB"):
        list(stream_drawings(io.BufferedReader(io.BytesIO(bytes(2000))), "-"))
