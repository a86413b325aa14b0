"""Small files that claim or unpack to a lot, decoded where memory has a limit.

Run by `test_picture.py` in its own process. Prints a line a file: "refused: ..." or "read: ...".
"""

from __future__ import annotations

import io
import resource
import struct
import zlib
from pathlib import Path

from PIL import Image

from digitpad.errors import DigitpadError
from digitpad.ink.picture import decode_picture

MEGABYTE = 2**20
LIMIT = 768 * MEGABYTE


def chunk(kind: bytes, data: bytes) -> bytes:
    """One part of a PNG file."""
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def png(width: int, height: int, *extra: bytes, bits: int = 8, colour: int = 2) -> bytes:
    """A PNG file that claims this size, and has 20 MB of black."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(20 * MEGABYTE), 9))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), *extra, pixels, chunk(b"IEND", b""))
    )


def bmp(width: int, height: int) -> bytes:
    """The header of a BMP file."""
    return (
        b"BM"
        + struct.pack("<IHHI", 60, 0, 0, 54)
        + struct.pack("<IIIHHIIIIII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    )


def gif(side: int) -> bytes:
    """A GIF file with a frame of this size and hardly any data."""
    screen = struct.pack("<HH", side, side) + bytes(3)
    frame = b"," + bytes(4) + struct.pack("<HH", side, side) + b"\0"
    return b"GIF89a" + screen + frame + b"\2\1\0\0;"


def tiff(side: int) -> bytes:
    """A TIFF file of one strip that lies outside of it."""
    tags = {256: side, 257: side, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: side, 279: 2**31}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


def webp() -> bytes:
    """The header of a WebP file with the largest canvas there is."""
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + b"\xff\xff\0" * 2
    return b"RIFF" + struct.pack("<I", 4 + len(canvas)) + b"WEBP" + canvas


def rle_bmp(side: int) -> bytes:
    """A BMP file of coded runs that has hardly any of them, and moves on by the largest steps."""
    moves = b"\0\2\xff\xff" * 100_000
    return (
        b"BM"
        + struct.pack("<IHHI", 54 + 1024 + len(moves), 0, 0, 54 + 1024)
        + struct.pack("<IIIHHIIIIII", 40, side, side, 1, 8, 1, len(moves), 0, 0, 256, 0)
        + bytes(1024)
        + moves
    )


def tiff_of_tags() -> bytes:
    """A TIFF file of as many tags as there can be, each of which claims all of the file."""
    tags = {256: (4, 1, 9), 257: (4, 1, 9), 258: (4, 1, 8), 259: (4, 1, 1), 262: (4, 1, 1)}
    tags |= dict.fromkeys(range(300, 65000), (1, 700000, 8))
    entries = b"".join(struct.pack("<HHII", tag, *value) for tag, value in tags.items())
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


def exif_of_tags() -> bytes:
    """The same as what a JPEG file says of itself, in as many pieces as it takes."""
    exif = tiff_of_tags()
    pieces = [exif[at : at + 60_000] for at in range(0, len(exif), 60_000)]
    file = io.BytesIO()
    Image.new("L", (9, 9)).save(file, "JPEG")
    data = file.getvalue()
    said = b"".join(
        b"\xff\xe1" + struct.pack(">H", 8 + len(piece)) + b"Exif\0\0" + piece for piece in pieces
    )
    return data[:2] + said + data[2:]


def avif_grid() -> bytes:
    """An AVIF file whose picture claims to be made of tiles, 65 535 pixels wide and high."""
    file = io.BytesIO()
    Image.new("L", (64, 64)).save(file, "AVIF")
    size = b"ispe" + bytes(4) + struct.pack(">II", 64, 64)
    return file.getvalue().replace(size, size[:8] + struct.pack(">II", 65_535, 65_535))


def scan(width: int, height: int) -> bytes:
    """A whole PNG file of white paper in colour."""
    row = b"\0" + b"\xff" * (3 * width)
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b""))
    )


def bombs() -> dict[str, bytes]:
    """The files by name."""
    zeros = b"a\0\0" + zlib.compress(bytes(100 * MEGABYTE), 9)
    return {
        "png of too many pixels": png(50_000, 50_000),
        "png of as many pixels as are decoded": png(8192, 8192, bits=16, colour=6),
        "png with endless text": png(9, 9, chunk(b"zTXt", zeros)),
        "png with an endless profile": png(9, 9, chunk(b"iCCP", zeros)),
        "bmp": bmp(60_000, 60_000),
        "ppm": b"P6 60000 60000 255\n",
        "gif": gif(65_535),
        "tiff": tiff(65_000),
        "webp": webp(),
        "png of one bit": png(60_000, 60_000, bits=1, colour=0),
        "coded bmp": rle_bmp(20_000),
        "tiff with endless tags": tiff_of_tags(),
        "jpeg with endless tags": exif_of_tags(),
        "avif grid": avif_grid(),
        "scan of a3 at 600 dpi": scan(9921, 14_031),
    }


def main() -> None:
    """Decode each with little more memory than the process has already."""
    files = bombs()
    Image.init()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + LIMIT
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for name, data in files.items():
        try:
            decode_picture(data, "The bomb")
        except DigitpadError as error:
            print("refused:", name, "-", error)
        else:
            print("read:", name)


if __name__ == "__main__":
    main()
