"""What kind of file somebody brings: its first bytes decide, its name only where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.text import Marked

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    Kind: TypeAlias = Literal["picture", "strokes", "svg"]

HEAD_BYTES = 1024
"""So much of a file's beginning says what it is."""

# What cameras, scanners, screenshots and browsers make. Pillow has readers for formats that nobody
# brings, and each is a way in for a hostile file. By Pillow's names, with the usual endings.
# JPEG's reader takes MPO, the files of some cameras, as well.
PICTURE_FORMATS = {
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp", ".mpo"),
    "GIF": (".gif",),
    "BMP": (".bmp", ".dib"),
    "DIB": (),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
}
PICTURE_SUFFIXES = tuple(suffix for suffixes in PICTURE_FORMATS.values() for suffix in suffixes)
SVG_SUFFIXES = (".svg",)
STROKE_SUFFIXES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")

_BOM = b"\xef\xbb\xbf"

_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+",
    b"P1", b"P2", b"P3", b"P4", b"P5", b"P6",
)  # fmt: skip

_FOREIGN = (
    (b"IIU\0", Marked("a camera's raw file")),
    (b"IIRO", Marked("a camera's raw file")),
    (b"IIRS", Marked("a camera's raw file")),
    (b"FUJIFILMCCD-RAW", Marked("a camera's raw file")),
    (b"8BPS", Marked("a Photoshop document")),
    (b"8BPB", Marked("a Photoshop document")),
    (b"gimp xcf", Marked("a GIMP document")),
    (b"%PDF", Marked("a PDF document")),
    (b"%!PS", Marked("a PostScript document")),
    (b"\xc5\xd0\xd3\xc6", Marked("a PostScript document")),
    (b"\xff\x0a", Marked("a JPEG XL picture")),
    (b"\0\0\0\x0cJXL ", Marked("a JPEG XL picture")),
    (b"\0\0\0\x0cjP  ", Marked("a JPEG 2000 picture")),
    (b"\xff\x4f\xff\x51", Marked("a JPEG 2000 picture")),
    (b"PK\3\4", Marked("an office document or a ZIP archive")),
    (b"Rar!", Marked("an archive")),
    (b"7z\xbc\xaf", Marked("an archive")),
    (b"\xd0\xcf\x11\xe0", Marked("an office document")),
    (b"{\\rtf", Marked("a text document")),
    (b"\0\0\1\0", Marked("an icon")),
    (b"AT&TFORM", Marked("a DjVu document")),
    (b"\x1a\x45\xdf\xa3", Marked("a video")),
)

_RAW_SUFFIXES = (".nef", ".nrw", ".arw", ".sr2", ".dng", ".pef", ".cr2", ".cr3", ".rw2", ".raf")

_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
_AVIF = (b"avif", b"avis")


def kind_of(head: bytes, name: str) -> Kind:
    """What a file is to be read as.

    Args:
        head: its first bytes, at most `HEAD_BYTES`, not unpacked.
        name: its name, which decides where they say nothing.
    """
    text = head.removeprefix(_BOM).lstrip()
    lower = name.lower()
    if head.startswith(_PICTURES) or foreign_kind(head, "") is not None:
        return "picture"
    # What is packed is strokes; a packed SVG is refused by its first line.
    if text.startswith(b"{") or head.startswith(b"\x1f\x8b"):
        return "strokes"
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!")) and b"<svg" in text):
        return "svg"
    if lower.endswith(STROKE_SUFFIXES):
        return "strokes"
    return "svg" if lower.endswith(SVG_SUFFIXES) else "picture"


def check_is_own(head: bytes, source: str) -> None:
    """Refuse what other programs' files begin with, and say how to get a picture from them.

    Raises:
        DigitpadError: it is such a file.
    """
    kind = foreign_kind(head, source)
    if kind == "HEIC":
        # A library would read it: pillow-heif. Its wheels bring libx265, which is under the GPL,
        # and libheif and libde265 under the LGPL, 27 MB in all, three times the size of Pillow.
        raise DigitpadError(
            "{source} is a HEIC photo, which Digitpad does not read. Send or export it as JPEG and"
            " open that: from an iPhone or a Mac choose JPEG (or Most Compatible in Settings,"
            " Camera, Formats); on Windows open it in Photos and save a copy as JPEG.",
            source=source,
        )
    if kind is not None:
        raise DigitpadError(
            "{source} is {kind}, which Digitpad does not read. Open it in a program that does, save"
            " the picture as JPEG or PNG there, and open that.",
            source=source,
            kind=kind,
        )


def foreign_kind(head: bytes, name: str) -> str | None:
    """What kind of file of other programs it is, in words; "HEIC" for those; None for no known.

    The name is asked for raw files of cameras alone, many of which begin as TIFF files do.
    """
    if head[4:8] == b"ftyp":
        return _media_kind(head)
    if head.startswith(b"II*\0") and head[8:10] == b"CR":
        return Marked("a camera's raw file")
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            return kind
    text = head.removeprefix(_BOM).lstrip()[:100].lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return Marked("a web page")
    if name.lower().endswith(_RAW_SUFFIXES) and head.startswith((b"II*\0", b"MM\0*")):
        return Marked("a camera's raw file")
    return None


def _media_kind(head: bytes) -> str | None:
    """By the brands in the box that ISO's media files begin with (ISO/IEC 14496-12)."""
    length = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)) - 3, 4))}
    if brands.intersection(_AVIF):
        return None
    if brands.intersection(_HEIC):
        return "HEIC"
    return Marked("a camera's raw file") if head[8:12] == b"crx " else Marked("a video")
