"""Small files that claim or unpack to a lot, decoded where memory has a limit.

Run by `test_picture.py` in its own process. Prints a line a file: "refused: ..." or "read: ...".
"""

from __future__ import annotations

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
