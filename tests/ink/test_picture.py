from __future__ import annotations

import contextlib
import io
import os
import struct
import subprocess
import sys
import zlib
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, features
from sentences import check_sentence, raises_error
from shared_data import shared_file

from digitpad.errors import DigitpadError
from digitpad.ink.files.limits import MAX_MEMORY, MAX_SCANS, MAX_SIDE, PictureCancelled
from digitpad.ink.picture import Picture, decode_picture, read_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = ["PNG", "JPEG", "GIF", "BMP", "PPM", "TIFF"] + [
    name for name in ("WEBP", "AVIF") if features.check(name.lower())
]


def gradient() -> NDArray[np.uint8]:
    """Red to the right, green down: every transposition shows. uint8 (24, 32, 3)."""
    y, x = np.mgrid[0:24, 0:32]
    return np.stack((x * 8, y * 10, np.full_like(x, 40)), axis=2).astype(np.uint8)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def refusal(data: bytes) -> DigitpadError:
    with raises_error() as caught:
        decode_picture(data, "The picture seven")
    assert "The picture seven" in str(caught.value)
    return caught.value


def chunk(kind: bytes, data: bytes) -> bytes:
    """One part of a PNG file."""
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def png_header(width: int, height: int) -> bytes:
    """A PNG file that claims this size, grey, with a little data."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read_whatever_its_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "wrong.txt"
    path.write_bytes(encoded(Image.fromarray(gradient()), kind))
    pixels = read_picture(path).pixels
    assert pixels.shape == (24, 32, 4)
    assert (pixels[..., 3] == 255).all()
    # GIF has a palette, JPEG and the like lose a little.
    assert np.abs(pixels[..., :3].astype(int) - gradient()).mean() < 8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I", "F", "CMYK"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    # TIFF holds all of them; a white square on black.
    levels = np.zeros((20, 20), np.uint8)
    levels[5:15, 5:15] = 255
    image = Image.fromarray(levels)
    if mode == "I":
        image = Image.fromarray(levels.astype(np.int32) * 257)
    elif mode == "F":
        image = Image.fromarray(levels.astype(np.float32) / 255)
    else:
        image = image.convert(mode)
    pixels = decode_picture(encoded(image, "TIFF"), "it").pixels
    np.testing.assert_array_equal(pixels[..., 0], levels)
    np.testing.assert_array_equal(pixels[..., 2], levels)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_become_eight(kind: str) -> None:
    levels = np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16)
    pixels = decode_picture(encoded(Image.fromarray(levels), kind), "it").pixels
    np.testing.assert_array_equal(pixels[..., 1], levels // 257)


def white_square(white: int, kind: str = "<u2") -> NDArray[np.uint16]:
    """A white square on black, (20, 20)."""
    levels = np.zeros((20, 20), kind)
    levels[5:15, 5:15] = white
    return levels


@pytest.mark.parametrize("white", [255, 1023, 4095, 16383, 65535, 240, 4080])
@pytest.mark.parametrize("kind", ["<u2", ">u2"])
def test_levels_of_fewer_bits_in_sixteen_are_read(white: int, kind: str) -> None:
    image = Image.frombytes(
        "I;16" if kind == "<u2" else "I;16B", (20, 20), white_square(white, kind).tobytes()
    )
    pixels = decode_picture(encoded(image, "TIFF"), "it").pixels
    assert pixels[10, 10].min() > 235
    assert pixels[0, 0, :3].max() == 0


@pytest.mark.parametrize("white", [200, 255, 1000, 4095, 60_000])
@pytest.mark.parametrize(("channels", "kind"), [(2, "PNG"), *product((3, 4), ("PNG", "TIFF"))])
def test_colours_of_fewer_bits_in_sixteen_are_read(white: int, channels: int, kind: str) -> None:
    levels = np.repeat(white_square(white)[..., None], channels, axis=2)
    if channels != 3:
        levels[..., -1] = 65535
    data = png_file(levels) if kind == "PNG" else tiff_file(levels)
    pixels = decode_picture(data, "it").pixels
    assert pixels[10, 10].min() > 195
    assert pixels[0, 0, :3].max() == 0
    assert pixels[..., 3].min() == 255


def png_file(levels: NDArray[np.uint16]) -> bytes:
    """Levels of 16 bits, (h, w, 2 to 4), as PNG, which Pillow cannot write."""
    height, width, channels = levels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in levels)
    header = struct.pack(">IIBBBBB", width, height, 16, {2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )


def tiff_file(levels: NDArray[np.uint16], photometric: int = 2) -> bytes:
    """Levels of 16 bits, (h, w, channels), as TIFF, not packed."""
    height, width, channels = levels.shape
    bits = struct.pack(f"<{channels}H", *[16] * channels)
    data = levels.astype("<u2").tobytes()
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, channels, 16 if channels == 1 else 8),
        (259, 3, 1, 1), (262, 3, 1, photometric), (273, 4, 1, 8 + len(bits)),
        (277, 3, 1, channels), (278, 4, 1, height), (279, 4, 1, len(data)),
        *([(338, 3, 1, 2)] if channels == 4 else []),
    ]  # fmt: skip
    tags = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    start = struct.pack("<I", 8 + len(bits) + len(data))
    return b"II*\0" + start + bits + data + struct.pack("<H", len(entries)) + tags + bytes(4)


@pytest.mark.parametrize("bits", [1, 8, 16])
def test_a_scan_that_counts_from_white_is_turned_round(bits: int) -> None:
    if bits == 16:
        data = tiff_file(white_square(65535)[..., None], photometric=0)
    else:
        image = Image.fromarray(white_square(255).astype(np.uint8)).convert(
            "1" if bits < 8 else "L"
        )
        tag = struct.pack("<HHI", 262, 3, 1)
        whole = encoded(image, "TIFF")
        assert tag + b"\1" in whole
        data = whole.replace(tag + b"\1", tag + b"\0")
    pixels = decode_picture(data, "it").pixels
    assert pixels[0, 0].tolist() == [255] * 4
    assert pixels[10, 10].tolist() == [0, 0, 0, 255]


def test_colours_of_a_laboratory_are_read_by_their_lightness() -> None:
    light = Image.fromarray(white_square(255).astype(np.uint8))
    none = Image.new("L", light.size)
    pixels = decode_picture(encoded(Image.merge("LAB", (light, none, none)), "TIFF"), "it").pixels
    np.testing.assert_array_equal(pixels[..., 0], np.asarray(light))


@pytest.mark.data
@pytest.mark.parametrize("name", ["eight_bit_in_sixteen_3", "twelve_bit_3"])
def test_pictures_of_fewer_bits_have_paper_and_ink(name: str) -> None:
    pixels = read_picture(shared_file(f"field/06-sixteen-bit/{name}.png")).pixels
    assert pixels[..., :3].max() > 250
    assert pixels[..., :3].min() < 60


def test_floats_that_are_no_numbers_are_refused() -> None:
    levels = np.array([[0.0, np.nan], [1.0, np.inf]], np.float32)
    assert "not numbers" in str(refusal(encoded(Image.fromarray(levels), "TIFF")))


def test_transparency_is_kept() -> None:
    rgba = np.dstack((gradient(), np.tile(np.arange(32, dtype=np.uint8) * 8, (24, 1))))
    pixels = decode_picture(encoded(Image.fromarray(rgba)), "it").pixels
    np.testing.assert_array_equal(pixels, rgba)
    # One colour, or one of a palette, that stands for transparent.
    grey = Image.fromarray(np.array([[0, 7], [7, 255]], np.uint8))
    pixels = decode_picture(encoded(grey, transparency=7), "it").pixels
    assert pixels[..., 3].tolist() == [[255, 0], [0, 255]]
    palette = grey.convert("P")
    pixels = decode_picture(encoded(palette, "GIF", transparency=palette.getpixel((0, 0))), "it")
    assert pixels.pixels[0, 0, 3] == 0
    assert pixels.pixels[1, 1, 3] == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    upright = Image.fromarray(gradient())
    exif = Image.Exif()
    exif[0x0112] = orientation
    # What a camera held so stores: the inverse of what a viewer must do.
    inverse = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(inverse[orientation]) if orientation > 1 else upright
    pixels = decode_picture(encoded(stored, "PNG", exif=exif), "it").pixels
    np.testing.assert_array_equal(pixels[..., :3], gradient())


def test_damaged_exif_costs_only_the_orientation() -> None:
    data = encoded(Image.fromarray(gradient()), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert decode_picture(data, "it").pixels.shape == (24, 32, 4)


def test_the_first_frame_of_an_animation_is_read() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode_picture(data, "it").pixels[0, 0].tolist() == [255, 0, 0, 255]


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB")])
def test_large_pictures_are_reduced_by_their_mean(kind: str, mode: str) -> None:
    size = (2 * MAX_SIDE + 1, 90)
    # A colour of the web palette, which mode P takes as it is.
    image = Image.new("RGB", size)
    image.paste((255, 102, 0), (size[0] // 2, 0, *size))
    pixels = decode_picture(encoded(image.convert(mode), kind), "it").pixels
    assert max(pixels.shape) <= MAX_SIDE
    assert pixels.shape[1] >= MAX_SIDE / 2
    assert np.abs(pixels[:, -5:, :3].astype(int) - (255, 102, 0)).max() <= 3
    assert pixels[:, :5, :3].max() <= 3


def test_a_line_of_pixels_is_a_picture() -> None:
    assert decode_picture(encoded(Image.new("L", (1, 50_000))), "it").pixels.shape == (2000, 1, 4)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>404</body></html>",
        b"just text",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"II*\0\x08\0\0\0",
        b"\xff\xd8\xff",
        b"RIFF\x10\0\0\0WEBPVP8X",
        b"%PDF-1.7",
        b"\0" * 100,
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seven.png"
    path.write_bytes(content)
    with raises_error(source=str(path)):
        read_picture(path)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    empty.touch()
    for path, start in (
        (tmp_path, "{path} is a folder: "),
        (tmp_path / "none.png", "There is no file {path}: "),
        (tmp_path / "nul\0.png", "{path} could not be read: "),
    ):
        with raises_error(start, path=path):
            read_picture(path)
    with raises_error("{source} is empty: ", source=str(empty)):
        read_picture(empty)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.png"
    os.mkfifo(path)
    with raises_error("{path} is not an ordinary file: ", path=path):
        read_picture(path)


@pytest.mark.parametrize("kind", FORMATS)
def test_truncated_files_are_refused(kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    whole = encoded(Image.fromarray(noise), kind)
    for length in range(0, len(whole) * 9 // 10, max(len(whole) // 40, 1)):
        refusal(whole[:length])


@pytest.mark.parametrize(
    ("width", "height"),
    [(0, 0), (0, 5), (5, 0), (2**31 - 1, 2**31 - 1), (2**31, 1), (30_000, 30_000), (1, 2**30)],
)
def test_sizes_in_the_header_are_checked_before_decoding(width: int, height: int) -> None:
    sentence = str(refusal(png_header(width, height)))
    if width * height > MAX_MEMORY:
        assert "too large" in sentence or "damaged" in sentence or "not a picture" in sentence


def test_the_limit_is_named() -> None:
    error = refusal(png_header(30_000, 30_000))
    assert error.fields["most"] == MAX_MEMORY // 10**6
    assert "(30000 x 30000)" in str(error)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_has_a_limit_of_memory(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    image = Image.fromarray(np.tile(gradient(), (10, 10, 1)))
    options: list[dict[str, object]] = [{}]
    if kind == "WEBP":
        options = [{}, {"lossless": True}, {"exif": b"Exif\0\0MM"}]
    if kind == "JPEG":
        options = [{}, {"progressive": True}]
    monkeypatch.setattr("digitpad.ink.files.limits.MAX_MEMORY", 70_000)
    for chosen in options:
        error = refusal(encoded(image, kind, **chosen))
        check_sentence(error, "{source} is too large", width=320, height=240)


def jpeg_of_scans(count: int) -> bytes:
    """A JPEG file with its last scan so many times."""
    data = encoded(Image.fromarray(gradient()), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def test_a_jpeg_of_many_scans_is_refused() -> None:
    assert decode_picture(jpeg_of_scans(5), "it").pixels.shape == (24, 32, 4)
    refused = refusal(jpeg_of_scans(MAX_SCANS + 1))
    check_sentence(refused, "{source} is made of more than {most} scans", most=MAX_SCANS)
    # What follows the picture, a film perhaps, has no scans.
    data = encoded(Image.fromarray(gradient()), "JPEG") + b"\xff\xda" * 1000
    assert decode_picture(data, "it").pixels.shape == (24, 32, 4)
    # Nor has what is said of it, a picture of its own perhaps.
    said = b"\xff\xe1" + struct.pack(">H", 2002) + b"\xff\xda" * 1000
    assert decode_picture(data[:2] + said + data[2:], "it").pixels.shape == (24, 32, 4)
    # Even where it stands between the scans, and says that they are over.
    over = b"\xff\xfe" + struct.pack(">H", 4) + b"\xff\xd9"
    many = jpeg_of_scans(MAX_SCANS + 1)
    first = many.index(b"\xff\xda")
    refusal(many[:first] + over + many[first:])
    refusal(data[:2] + over * 10_000 + data[2:])


@pytest.mark.parametrize("packing", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "group4"])
def test_libraries_do_not_write_past_the_program(
    capfd: pytest.CaptureFixture[str], packing: str
) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 200), dtype=np.uint8))
    image = noise.convert("1") if packing == "group4" else noise
    data = bytearray(encoded(image, "TIFF", compression=packing))
    data[3000:3100] = b"\xff\x11" * 50
    with contextlib.suppress(DigitpadError):
        decode_picture(bytes(data), "it")
    assert capfd.readouterr() == ("", "")


@pytest.mark.data
def test_the_hostile_jpeg_is_refused() -> None:
    with raises_error("{source} is made of more than {most} scans"):
        read_picture(shared_file("hostile/progressive/p.jpg"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "PPM", "TIFF"])
def test_decoding_can_be_cancelled(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "noise"
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    path.write_bytes(encoded(Image.fromarray(noise), kind))
    answers = iter([False, False])
    with pytest.raises(PictureCancelled):
        read_picture(path, lambda: next(answers, True))
    assert read_picture(path, lambda: False).pixels.shape == (400, 400, 4)


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitpad.ink.files.limits.MAX_CPU_S", -1.0)
    monkeypatch.setattr("digitpad.ink.files.limits._READS_A_LOOK", 1)
    check_sentence(refusal(SAMPLES[0]), "{source} takes too long to decode")


SAMPLES = [encoded(Image.fromarray(gradient()), kind) for kind in FORMATS]
BOMBS = Path(__file__).parents[1] / "support" / "picture_bombs.py"
fuzz = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_sentence(data: bytes) -> None:
    sentence, picture = "", None
    try:
        picture = decode_picture(data, "The picture seven")
    except DigitpadError as error:
        sentence = str(error)
    assert (picture is None) == ("The picture seven" in sentence)


@given(st.binary(max_size=100))
@fuzz
def test_any_bytes_are_a_picture_or_a_sentence(data: bytes) -> None:
    read_or_sentence(data)


@given(st.sampled_from(SAMPLES), st.data())
@example(SAMPLES[0], None)
@fuzz
def test_any_damage_gives_a_picture_or_a_sentence(
    sample: bytes, data: st.DataObject | None
) -> None:
    damaged = bytearray(sample)
    if data is not None:
        for _ in range(data.draw(st.integers(1, 4))):
            # Headers are where damage hurts most.
            place = data.draw(st.integers(0, min(len(damaged), 80) - 1))
            damaged[place] = data.draw(st.integers(0, 255))
    read_or_sentence(bytes(damaged))


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
def test_bombs_are_refused_in_bounded_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(BOMBS)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 15
    # Pillow passes over texts and profiles that unpack to more than it takes, or refuses them.
    assert all("The bomb" in line for line in lines if line.startswith("refused"))
    read = [line for line in lines if line.startswith("read")]
    assert [line for line in read if "endless" not in line] == ["read: scan of a3 at 600 dpi"]


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((0, 5, 4), np.uint8),
        np.zeros((5, 5), np.uint8),
        np.zeros((5, 5, 3), np.uint8),
        np.zeros((5, 5, 4), np.float32),
    ],
)
def test_a_picture_has_rgba_pixels(pixels: NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match="must be uint8"):
        Picture(pixels)  # type: ignore[arg-type]


def test_a_picture_keeps_its_own_frozen_pixels() -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    picture = Picture(pixels)
    pixels[:] = 9
    assert not picture.pixels.any()
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0, 0] = 1
